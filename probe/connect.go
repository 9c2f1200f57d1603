package probe

import (
	"context"
	"net"
	"slices"
	"time"

	"posprobe/report"
)

// keepaliveEvery is both the idle time and the interval of TCP keepalives: they show
// whether the path still lives while a reply is being waited for. keepaliveCount is
// the most that Linux allows (MAX_TCP_KEEPCNT), so that they never end a connection.
const (
	keepaliveEvery = time.Second
	keepaliveCount = 127
)

// connect opens the connection and records how that went.
func (x *exchange) connect(ctx context.Context) *report.Failure {
	began := now()
	c := report.Connect{Endpoint: x.to.Address, Address: x.task.address.String()}
	if to := x.r.sys.Lists.RouteTo; to != nil {
		if way, err := to(x.task.address.Addr()); err == nil {
			c.Link, c.Gateway, c.Source = way.Link, way.Gateway, way.Source
			x.source = way.Source
		}
	}
	conn, elapsed, err := x.dial(ctx)
	c.ElapsedMs = ms(elapsed)
	c.Failure = failureIn(ctx, report.OpConnect, err)
	if c.Failure.Is(report.FailNoAddress) && c.Source != "" {
		// There is an address to connect from: it is the ports that ran out.
		c.Failure.Type = report.FailNoPorts
	}
	c.ICMP = x.ownErrors(x.tap.icmp())
	if err == nil {
		x.tap.connected()
		x.wire = &wire{Conn: conn}
		x.conn = x.wire
	}
	c.TCP = x.snapshot(c.Failure)
	x.a.saw(began, func(e *report.Evidence, head report.Observation) {
		c.Observation = head
		e.Connects = append(e.Connects, c)
	})
	return c.Failure
}

func (x *exchange) dial(ctx context.Context) (net.Conn, time.Duration, error) {
	dialer := &net.Dialer{KeepAlive: -1, Control: x.tap.control}
	dialer.SetMultipathTCP(false) // the payment application speaks plain TCP
	within, cancel := context.WithTimeout(ctx, x.r.req.Connect)
	defer cancel()
	began := now()
	conn, err := x.r.sys.Dial(within, dialer, x.task.address)
	elapsed := now().Sub(began)
	if err != nil {
		return nil, elapsed, err
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		err := tcp.SetKeepAliveConfig(net.KeepAliveConfig{
			Enable: true, Idle: keepaliveEvery, Interval: keepaliveEvery, Count: keepaliveCount,
		})
		if err == nil {
			x.keepalive = new(ms(keepaliveEvery))
		}
	}
	return conn, elapsed, nil
}

// ownErrors marks the errors that this device sent itself: the kernel gave up on a
// neighbour.
func (x *exchange) ownErrors(errors []report.ICMPError) []report.ICMPError {
	if len(errors) == 0 {
		return nil
	}
	var own []string
	if x.source != "" {
		own = append(own, x.source)
	}
	x.r.rec.view(func(e *report.Evidence) {
		for _, a := range e.Addresses {
			own = append(own, addressOf(a.Prefix))
		}
	})
	for i := range errors {
		errors[i].Own = slices.Contains(own, errors[i].From)
	}
	return errors
}
