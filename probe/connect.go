package probe

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"syscall"
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
	if way, ok := x.way(); ok {
		c.Link, c.Gateway, c.Source = way.Link, way.Gateway, way.Source
		x.source = way.Source
	}
	conn, elapsed, err := x.dial(ctx)
	c.ElapsedMs = ms(elapsed)
	c.Failure = failureIn(ctx, report.OpConnect, err)
	if c.Failure.Is(report.FailNoAddress) && c.Source != "" {
		// There is an address to connect from: it is the ports that ran out.
		c.Failure.Type = report.FailNoPorts
	}
	c.ICMP = x.r.ownErrors(x.source, x.tap.icmp())
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

// way is the route that the connection takes.
func (x *exchange) way() (Way, bool) {
	if x.task.link != "" {
		var way Way
		x.r.rec.view(func(e *report.Evidence) { way = wayOver(e, x.task.link, x.task.address.Addr()) })
		return way, true
	}
	return x.r.wayTo(x.task.address.Addr())
}

// wayTo asks the kernel.
func (r *round) wayTo(ip netip.Addr) (Way, bool) {
	if r.sys.Lists.RouteTo == nil {
		return Way{}, false
	}
	way, err := r.sys.Lists.RouteTo(ip)
	return way, err == nil
}

func (x *exchange) dial(ctx context.Context) (net.Conn, time.Duration, error) {
	dialer := &net.Dialer{KeepAlive: -1, Control: x.control}
	dialer.SetMultipathTCP(false) // the payment application speaks plain TCP
	if x.task.from.IsValid() {
		dialer.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(x.task.from, 0))
	}
	within, cancel := context.WithTimeout(ctx, x.wait(x.r.req.Connect, followUpConnect))
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

// control is net.Dialer.Control.
func (x *exchange) control(network, address string, c syscall.RawConn) error {
	if x.task.mss > 0 {
		if err := limitSegments(c, x.task.mss); err != nil {
			return err
		}
	}
	if x.task.link != "" && !x.task.from.IsValid() {
		if err := bindTo(c, x.task.link); err != nil {
			return err
		}
	}
	return x.tap.control(network, address, c)
}

// ownErrors marks the errors that this device sent itself: the kernel gave up on a
// neighbour. source is the address that it sends from, "" if unknown.
func (r *round) ownErrors(source string, errors []report.ICMPError) []report.ICMPError {
	if len(errors) == 0 {
		return nil
	}
	var own []string
	if source != "" {
		own = append(own, source)
	}
	r.rec.view(func(e *report.Evidence) {
		for _, a := range e.Addresses {
			own = append(own, addressOf(a.Prefix))
		}
	})
	for i := range errors {
		errors[i].Own = slices.Contains(own, errors[i].From)
	}
	return errors
}
