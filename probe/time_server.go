package probe

import (
	"context"
	"errors"
	"net"
	"time"

	"posprobe/report"
)

const (
	// timeLimit bounds the whole exchange with a time server, timeAgain is when it is asked
	// once more: a datagram can get lost.
	timeLimit = 2 * time.Second
	timeAgain = 1 * time.Second
	// maxStray is how many datagrams are passed over that answer nothing.
	maxStray = 16
)

// timeServer asks the site's time server what time it is.
func (r *round) timeServer(ctx context.Context, a *asking, t task) *report.Failure {
	address, f := r.hostAddress(ctx, a, t, t.Target)
	if f != nil {
		return f
	}
	t.target = address.Addr()
	if ok, f := r.mayAsk(ctx, a, t, report.OpConnect); !ok {
		return f
	}
	limit := t.within(timeLimit)
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	conn, err := r.sys.Datagram(within, address)
	if err != nil {
		return failureIn(ctx, report.OpConnect, err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	c := timeClient{conn: conn, wall: r.sys.Now, until: now().Add(limit)}
	wall, offset, err := c.ask()
	if err != nil {
		f := failureIn(ctx, report.OpRead, err)
		if errors.Is(err, errUnsure) && !f.Is(report.FailCancelled) {
			f.Type = report.FailUnexpected
		}
		return f
	}
	a.sawClock(report.Clock{Source: report.ClockServer, Wall: wall, OffsetMs: new(ms(offset))})
	return nil
}

// timeClient is one exchange with a time server.
type timeClient struct {
	conn  net.Conn // connected: the kernel lets nothing through from anybody else
	wall  func() time.Time
	until time.Time
	asked []timeQuestion
	stray int
}

// ask asks, and once more if no answer came by then. It returns the device's wall clock
// when the answer came, and the server's minus that.
func (c *timeClient) ask() (wall time.Time, offset time.Duration, err error) {
	first := now().Add(timeAgain)
	if first.After(c.until) {
		first = c.until
	}
	for _, until := range []time.Time{first, c.until} {
		q := askTime(c.wall())
		c.asked = append(c.asked, q)
		if err := c.conn.SetDeadline(until); err != nil {
			return time.Time{}, 0, err
		}
		if _, err := c.conn.Write(q.packet()); err != nil {
			return time.Time{}, 0, err
		}
		wall, offset, err = c.answer()
		if classify(err) != report.FailDeadline || !now().Before(c.until) {
			return wall, offset, err
		}
	}
	return wall, offset, err
}

// answer waits for an answer to one of the questions.
func (c *timeClient) answer() (wall time.Time, offset time.Duration, err error) {
	buf := make([]byte, 1<<10) // what follows the header is not looked at
	for ; c.stray < maxStray; c.stray++ {
		n, err := c.conn.Read(buf)
		if err != nil {
			return time.Time{}, 0, err
		}
		for _, q := range c.asked {
			if q.answers(buf[:n]) {
				elapsed := now().Sub(q.at)
				offset, err := q.offset(buf[:n], elapsed)
				return q.sent.Add(elapsed), offset, err
			}
		}
	}
	return time.Time{}, 0, errMalformed
}
