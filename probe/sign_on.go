package probe

import (
	"context"
	"io"
	"time"

	"posprobe/probe/signon"
	"posprobe/report"
)

// signOn sends the configured message and waits for the reply.
func (x *exchange) signOn(ctx context.Context) *report.Failure {
	began := now()
	d := x.to.Dialect
	s := report.SignOn{
		Endpoint: x.to.Address, Address: x.task.address.String(),
		Protocol: d.Protocol(), Fingerprint: d.Fingerprint(), MessageType: d.MessageType(),
		KeepaliveMs: x.keepalive,
	}
	wait := x.wait(x.r.req.Reply, followUpReply)
	s.WaitMs = ms(wait)
	reply, f := x.converse(ctx, d, &s, wait)
	s.ElapsedMs = ms(now().Sub(began))
	wall := x.r.sys.Now()
	s.Failure = f
	s.ReplyBytes = int64(reply.Bytes)
	s.ReplyType, s.ResponseCode = reply.MessageType, reply.ResponseCode
	s.Requirement, s.HostTime, s.HostText = reply.Requirement, reply.HostTime, reply.HostText
	if reply.Status != 0 {
		s.HTTPStatus, s.HTTPBodyBytes = new(int64(reply.Status)), new(int64(reply.Body))
	}
	s.TCP = x.snapshot(f)
	if (f.Is(report.FailDeadline) || f.Is(report.FailCutShort) && x.wire.late) && x.task.early == "" {
		s.Ending = x.ending(ctx, f.Is(report.FailDeadline))
	}
	x.a.saw(began, func(e *report.Evidence, head report.Observation) {
		s.Observation = head
		e.SignOns = append(e.SignOns, s)
	})
	if f == nil {
		x.hostClock(reply.HostTime, wall, s.TCP)
	}
	return f
}

// converse is the exchange of bytes itself.
func (x *exchange) converse(ctx context.Context, d signon.Dialect, s *report.SignOn, wait time.Duration) (signon.Reply, *report.Failure) {
	if !x.maySend(d) {
		return signon.Reply{}, &report.Failure{
			Operation: report.OpWrite, Type: report.FailUntrusted, Detail: "not sent: the peer's certificate failed verification",
		}
	}
	if err := x.wire.limit(wait); err != nil {
		return signon.Reply{}, failureIn(ctx, report.OpWrite, err)
	}
	line := &counted{ReadWriter: x.conn}
	defer func() { s.RequestBytes = line.out }()
	if request := d.Request(); len(request) > 0 {
		if _, err := line.Write(request); err != nil {
			return signon.Reply{}, x.talkFailure(ctx, report.OpWrite, x.lastWord(err))
		}
		if x.task.early == report.StepSignOn && d.EndsWithRequest() {
			x.closeWrite()
		}
	}
	reply, err := d.ReadReply(line)
	switch {
	case line.failed != nil:
		// A further step, or the answer to a poll, did not get through.
		return reply, x.talkFailure(ctx, report.OpWrite, x.lastWord(line.failed))
	case err != nil:
		return reply, x.talkFailure(ctx, report.OpRead, err)
	}
	return reply, nil
}

// counted is a connection that counts what is sent and keeps the error that ended it.
type counted struct {
	io.ReadWriter
	out    int64
	failed error
}

// Write sends p.
func (c *counted) Write(p []byte) (int, error) {
	n, err := c.ReadWriter.Write(p)
	c.out += int64(n)
	c.failed = err
	return n, err
}

// lastWord looks, after a failed write over TLS, for the alert that the peer may have
// sent before it closed; it says more than the reset that followed.
func (x *exchange) lastWord(err error) error {
	if !x.wantedCertificate {
		return err
	}
	if _, readErr := x.conn.Read(make([]byte, 1)); readErr != nil {
		if _, ok := alertOf(readErr); ok {
			return readErr
		}
	}
	return err
}

// talkFailure names a failure after the handshake. A TLS 1.3 server judges the client's
// certificate only then (RFC 8446 section 4.4.2.4): its alert is still about the
// handshake.
func (x *exchange) talkFailure(ctx context.Context, op report.Operation, err error) *report.Failure {
	f := failureIn(ctx, op, err)
	if x.wantedCertificate && refusedCertificate(err) && !f.Is(report.FailCancelled) {
		f.Operation, f.Type = report.OpTLSHandshake, report.FailClientCert
	}
	return f
}

// hostClock compares the host's time in a reply with the device's.
func (x *exchange) hostClock(hostTime string, wall time.Time, tcp *report.TCP) {
	var rtt time.Duration
	if tcp != nil && tcp.RTTMs != nil {
		rtt = time.Duration(*tcp.RTTMs * float64(time.Millisecond))
	}
	offset, ok := hostOffset(hostTime, wall, rtt, x.r.req.Zone)
	if !ok {
		return
	}
	x.a.sawClock(report.Clock{
		Source: report.ClockReply, Wall: wall, Endpoint: x.to.Address, OffsetMs: new(ms(offset)),
	})
}
