package probe

import (
	"cmp"
	"context"
	"net"
	"time"

	"posprobe/report"
)

// exchange is one connection to one address of an endpoint, from the SYN to the FIN.
type exchange struct {
	r    *round
	a    *asking
	task task
	to   Endpoint

	tap  *tap     // the socket as the kernel knows it
	ear  *ear     // the peer's packets, nil where nobody listens
	wire *wire    // the TCP connection, nil before it stands
	conn net.Conn // what messages travel on: wire, or TLS over it

	source    string // our address, "" if unknown
	keepalive *float64
	// wantedCertificate: the peer asked for a certificate and got none.
	wantedCertificate bool
	// problems are what is wrong with the peer's certificates.
	problems []report.CertificateProblem
}

// exchange connects, speaks TLS if configured, and signs on if a message is
// configured. Each step leaves its own observation; the first failure ends it.
func (r *round) exchange(ctx context.Context, a *asking, t task) *report.Failure {
	if ok, f := r.mayAsk(ctx, a, t, report.OpConnect); !ok {
		return f
	}
	if t.link != "" {
		if err := r.chooseUplink(&t); err != nil {
			a.notAsked(cmp.Or(whyNotAsked(err), report.ReasonUnsupported))
			return failureIn(ctx, report.OpConnect, err)
		}
	}
	x := &exchange{r: r, a: a, task: t, to: r.req.Endpoints[t.endpoint], tap: newTap()}
	// The copy must go before the connection: as long as it is open, closing the
	// connection sends no FIN.
	defer x.close()
	defer x.tap.close()
	defer x.abandon()
	if t.Kind == report.TaskSecond {
		x.ear = r.listen(t.address)
		defer x.ear.close()
	}
	if f := x.connect(ctx); f != nil {
		return f
	}
	// From here on the interruption of the round ends every read and write.
	defer context.AfterFunc(ctx, func() { x.wire.Conn.Close() })()
	if x.to.TLS != nil {
		if x.lateFor(leastTime) {
			return errNoTime
		}
		if f := x.handshake(ctx); f != nil {
			return f
		}
	}
	if d := x.to.Dialect; d == nil || d.KeysComeBack() && !t.keys {
		return nil
	}
	if x.lateFor(leastTime) {
		return errNoTime
	}
	return x.signOn(ctx)
}

// The most that a follow-up waits for a connection, and for what comes after it.
const (
	followUpConnect = 2500 * time.Millisecond
	followUpReply   = 3 * time.Second
)

// errNoTime ends a follow-up before a step that it has no time for.
var errNoTime = &report.Failure{Operation: report.OpWrite, Type: report.FailDeadline, Detail: "not sent: no time was left"}

// wait is how long a step may take: as configured, or less in a follow-up, which also
// needs time for its ending.
func (x *exchange) wait(configured, most time.Duration) time.Duration {
	if x.task.until.IsZero() {
		return configured
	}
	return max(0, x.task.within(min(configured, most)+followUpEnding)-followUpEnding)
}

// lateFor reports whether a step can no longer be given as much time.
func (x *exchange) lateFor(d time.Duration) bool { return x.wait(d, d) < d }

func (x *exchange) close() {
	if x.conn != nil {
		x.conn.Close()
	}
}

// abandon has the connection reset if something that was sent is not acknowledged yet:
// there is nobody to take leave of in order, and the kernel would send it again for a
// minute and more, a hundred times where a router says each time that the host cannot be
// reached (RFC 6069).
func (x *exchange) abandon() {
	if t := x.tap.info(); t == nil || t.OutQueue == nil || *t.OutQueue == 0 || x.wire == nil {
		return
	}
	if c, ok := x.wire.Conn.(*net.TCPConn); ok {
		_ = c.SetLinger(0)
	}
}

// snapshot is the kernel's view of the connection now. At our own deadline, after
// which nothing but the ending is done with the socket, it includes the pending soft
// error, which reading clears.
func (x *exchange) snapshot(f *report.Failure) *report.TCP {
	t := x.tap.info()
	if t != nil && f.Is(report.FailDeadline) {
		t.SoftError = x.tap.softError()
	}
	if t != nil {
		t.SYNACKTTL, t.ResetTTL = x.ear.heard(x.tap.localPort())
	}
	return t
}
