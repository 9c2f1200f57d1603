package probe

import (
	"bytes"
	"context"
	"io"
	"net"
	"time"

	"posprobe/report"
)

// How long the end of a connection is listened for, and how much of what still comes.
const (
	endingWait     = time.Second
	followUpEnding = 500 * time.Millisecond
	maxLate        = 4 << 10
	drainStep      = 512
)

// ending closes our side of a connection whose time ran out, as whoever gives up does,
// and listens on for a moment; asked says that a reply was due. It returns nil where that
// cannot be done, and in a round that was interrupted.
func (x *exchange) ending(ctx context.Context, asked bool) *report.Ending {
	if ctx.Err() != nil {
		return nil
	}
	wait := endingWait
	if !x.task.until.IsZero() {
		wait = max(x.task.within(followUpEnding), lastMoment)
	}
	out := &report.Ending{WaitMs: ms(wait)}
	began := now()
	// crypto/tls gives its last word five seconds of its own.
	stop := time.AfterFunc(wait, func() { x.wire.SetDeadline(now()) })
	defer stop.Stop()
	if err := x.wire.limit(wait); err != nil {
		return nil
	}
	x.closeWrite()
	late := make([]byte, 0, maxLate+drainStep)
	out.How = x.drain(wait-now().Sub(began), out, &late)
	if d := x.to.Dialect; asked && d != nil {
		reply, err := d.ReadReply(listening{bytes.NewReader(late)})
		// Of a long HTTP answer it is us who stopped reading.
		tooLong := reply.Status != 0 && out.LateBytes >= maxLate && classify(err) == report.FailCutShort
		out.Replied = err == nil || tooLong
	}
	clear(late) // keys may come back in a reply
	out.ElapsedMs = ms(now().Sub(began))
	out.TCP = x.snapshot(nil)
	if ctx.Err() != nil {
		return nil
	}
	return out
}

// closeWrite sends our end: that of TLS, where it is spoken (RFC 8446 section 6.1), and
// that of the connection.
func (x *exchange) closeWrite() {
	if over, ok := x.conn.(interface{ CloseWrite() error }); ok {
		_ = over.CloseWrite() // a connection that takes nothing more ends below
	}
	x.wire.closeWrite()
}

// lastMoment is what an ending has at the least.
const lastMoment = 100 * time.Millisecond

// drain reads to the peer's end of the connection. What TLS carries is counted inside;
// where TLS has ended or gives up, the bytes under it are read on and not counted: they
// are an end's own, as in an alert.
func (x *exchange) drain(wait time.Duration, out *report.Ending, late *[]byte) report.EndingHow {
	if x.wire.limit(max(wait, lastMoment)) != nil {
		return report.EndingReset // the descriptor is in order: only the connection can be over
	}
	buf := make([]byte, drainStep)
	for from := x.conn; ; {
		n, err := from.Read(buf)
		if from == x.conn {
			out.LateBytes += int64(n)
			*late = append(*late, buf[:n]...)
		}
		clear(buf[:n])
		switch {
		case err == nil && out.LateBytes < maxLate:
		case err == nil, timedOut(err):
			return report.EndingSilent
		case classify(err) == report.FailReset:
			return report.EndingReset
		case from != net.Conn(x.wire):
			from = x.wire
		default:
			return report.EndingClosed
		}
	}
}

// listening reads what came, and says nothing more to a peer whose time was up.
type listening struct{ io.Reader }

// Write pretends that p was sent.
func (listening) Write(p []byte) (int, error) { return len(p), nil }
