package probe

import (
	"net/netip"

	"posprobe/report"
)

const (
	// headersTCP are those of IPv4 and TCP with timestamps (RFC 7323); a SYN has 8 bytes
	// more, and what is received around a hole up to 28 (RFC 2018 section 3).
	headersTCP  = 20 + 20 + 12
	moreInSYN   = 8
	moreAtHoles = 28
	// segment is the longest one on Ethernet without its headers.
	segment = 1460
	// leaving is what follows the last reading of a connection's counters: both ends, their
	// acknowledgements, and that of the reply; one of them twice.
	leaving = 6
	// orphaned is how often the kernel sends again what was not acknowledged when its
	// program let go of it (ip-sysctl: tcp_orphan_retries).
	orphaned = 8
	// closingTLS are the alerts that end TLS on both sides, and tickets what a server sends
	// after its handshake for resumption (RFC 8446 section 4.6.1).
	closingTLS = 2 * 85
	tickets    = 1200
	// answerTLS is a server's part of the handshake where nothing counted it: a chain of
	// three certificates.
	answerTLS = 5000 + 8*packet
)

// connection is what the evidence has of one connection.
type connection struct {
	six  bool
	last *report.TCP // the last reading of its counters
	// failed: it did not come about. errors are the ICMP errors that it met.
	failed bool
	errors int64
	tls    *report.Handshake
	sign   *report.SignOn
}

// spentTCP is what all connections of a round moved.
func spentTCP(e *report.Evidence) int64 {
	type key struct{ task, address string }
	all := map[key]*connection{}
	of := func(task, address string, t *report.TCP) *connection {
		k := key{task, address}
		c := all[k]
		if c == nil {
			a, err := netip.ParseAddrPort(address)
			c = &connection{six: err == nil && a.Addr().Unmap().Is6()}
			all[k] = c
		}
		if t != nil {
			c.last = t
		}
		return c
	}
	for i := range e.Connects {
		x := &e.Connects[i]
		c := of(x.Task, x.Address, x.TCP)
		c.failed, c.errors = x.Failure != nil, int64(len(x.ICMP))
	}
	for i := range e.TLS {
		x := &e.TLS[i]
		c := of(x.Task, x.Address, x.TCP)
		c.tls = x
		if x.Ending != nil {
			of(x.Task, x.Address, x.Ending.TCP)
		}
	}
	for i := range e.SignOns {
		x := &e.SignOns[i]
		c := of(x.Task, x.Address, x.TCP)
		c.sign = x
		if x.Ending != nil {
			of(x.Task, x.Address, x.Ending.TCP)
		}
	}
	var sum int64
	for _, c := range all {
		sum += c.spent()
	}
	return sum
}

// spent is what the connection moved, what follows the last reading of its counters
// included.
func (c *connection) spent() int64 {
	sum := c.errors * errorPacket
	t := c.last
	if t == nil || t.SegsOut == nil || t.SegsIn == nil || t.BytesReceived == nil {
		return sum + c.uncounted()
	}
	header := int64(headersTCP)
	if c.six {
		header += headersIPv6
	}
	again, holes, unsent := counted0(t.TotalRetrans), counted0(t.RcvOooPack), counted0(t.OutQueue)
	sent := counted0(t.BytesAcked) + unsent
	if again+holes+counted0(t.Lost) > 0 {
		header += moreAtHoles
	}
	segments := counted0(t.SegsOut) + counted0(t.SegsIn)
	if c.failed { // a late answer to the SYN, and the reset that answers it
		return sum + (segments+2)*(header+moreInSYN)
	}
	sum += (segments+leaving)*header + (2+again)*moreInSYN + sent + counted0(t.BytesReceived)
	// What was sent again, and what came although there was a hole before it.
	sum += (again + holes) * min(segment, max(sent, counted0(t.BytesReceived)))
	if again+holes > 0 { // then the peer may have sent again too what was here already
		sum += c.repeated(t)
	}
	if unsent > 0 { // until it was given up
		sum += orphaned * (header + min(unsent, segment))
	}
	if c.tls != nil {
		sum += closingTLS
		if c.sign == nil {
			sum += tickets
		}
	}
	return sum
}

// repeated bounds what of the received segments can have been a repetition: those beyond
// the ones that the data needs.
func (c *connection) repeated(t *report.TCP) int64 {
	in := counted0(t.BytesReceived)
	return max(0, counted0(t.DataSegsIn)-in/segment-1) * min(segment, in)
}

// uncounted is what the connection can have cost at the most where nothing counted it.
func (c *connection) uncounted() int64 {
	sum := int64(priceHandshake)
	if c.failed {
		return sum
	}
	if h := c.tls; h != nil {
		sum += (1+orphaned)*(h.HelloBytes+packet) + answerTLS + closingTLS + tickets
	}
	if s := c.sign; s != nil {
		sum += (1+orphaned)*(s.RequestBytes+packet) + 2*s.ReplyBytes + 8*packet
		if s.HTTPBodyBytes != nil {
			sum += maxLate + 2**s.HTTPBodyBytes
		}
		sum += int64(s.WaitMs/ms(keepaliveEvery)) * 2 * packet
	}
	return sum
}

// counted0 is a counter, 0 where the kernel has none.
func counted0(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}
