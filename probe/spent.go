package probe

import (
	"net/netip"

	"posprobe/probe/signon"
	"posprobe/report"
)

// Headers of packets, in bytes: IPv4 and TCP with timestamps (RFC 7323), and what IPv6
// has more.
const (
	headers     = 20 + 20 + 12
	headersIPv6 = 20
	// leaving is what follows the last reading of a connection's counters: both ends, and
	// their acknowledgements.
	leaving = 4
	// A question over UDP with its answer, an echo with its answer, the error that ends a
	// SYN on its way: with the headers.
	spentLookup = 2*28 + 60 + 200
	spentEcho   = 2 * 84
	spentHop    = 60 + 56
	// webAnswer is the longest HTTP answer that is read, and its headers.
	webAnswer = (8+64)<<10 + 52*packet
	// spentClaim is one ARP probe and its answer (RFC 826: 28 bytes on Ethernet).
	spentClaim = 2 * 46
)

// Spent is how many bytes of IP packets, both ways, a round moved: for TCP by the kernel's
// own counters (TCP_INFO), for the rest by what such packets have at the most usually.
// Where a system gives no counters it is the most that the exchange can have cost.
func Spent(e report.Evidence) int64 {
	var sum int64
	for _, l := range e.Lookups {
		sum += spentLookup
		if l.Transport == "tcp" {
			sum += priceHandshake + ednsSize
		}
	}
	for _, p := range e.Pings {
		sum += p.Sent * spentEcho
	}
	for _, c := range e.Claims {
		sum += c.Probes * spentClaim
	}
	for _, h := range e.Hops {
		sum += spentHop
		if h.Answer == report.HopSilent {
			sum += spentHop // it was sent twice
		}
	}
	for _, p := range e.Portals {
		if p.Failure == nil || p.Status != 0 {
			sum += priceHandshake/2 + 600 + p.BodyBytes
		}
	}
	type connection struct{ task, address string }
	last := map[connection]*report.TCP{}
	note := func(task, address string, t *report.TCP) {
		if t != nil {
			last[connection{task, address}] = t
		}
	}
	requests := map[connection]int64{}
	for i := range e.Connects {
		c := &e.Connects[i]
		note(c.Task, c.Address, c.TCP)
		if c.TCP == nil {
			sum += priceHandshake / 2
		}
	}
	for i := range e.TLS {
		h := &e.TLS[i]
		note(h.Task, h.Address, h.TCP)
		requests[connection{h.Task, h.Address}] = h.HelloBytes
		if h.Ending != nil {
			note(h.Task, h.Address, h.Ending.TCP)
		}
	}
	for i := range e.SignOns {
		s := &e.SignOns[i]
		note(s.Task, s.Address, s.TCP)
		requests[connection{s.Task, s.Address}] = s.RequestBytes
		if s.Ending != nil {
			note(s.Task, s.Address, s.Ending.TCP)
		}
	}
	for c, t := range last {
		sum += spentOn(c.address, t, requests[c])
	}
	return sum
}

// spentOn is what one connection moved.
func spentOn(address string, t *report.TCP, request int64) int64 {
	packet := int64(headers)
	if a, err := netip.ParseAddrPort(address); err == nil && a.Addr().Unmap().Is6() {
		packet += headersIPv6
	}
	count := func(p *int64) int64 {
		if p == nil {
			return 0
		}
		return *p
	}
	if t.SegsOut == nil || t.SegsIn == nil {
		return priceHandshake + request + 2048
	}
	return (count(t.SegsOut)+count(t.SegsIn)+leaving)*packet +
		count(t.BytesAcked) + count(t.BytesReceived) + count(t.OutQueue) + count(t.TotalRetrans)*request
}

// Price is the most that a round with this request costs, follow-ups not included, in
// bytes of IP packets both ways.
func Price(req Request) int64 {
	req = req.withDefaults()
	const (
		addresses = 2 // of a name, as a rule
		resolvers = 3
		pings     = 2 * 3 * spentEcho
	)
	sum := int64(pings)
	for _, e := range req.Endpoints {
		n := int64(addresses)
		host, _, err := e.split()
		if err == nil {
			if _, err := netip.ParseAddr(host); err == nil {
				n = 1
			} else {
				sum += resolvers * 2 * priceLookup
			}
		}
		if d := e.Dialect; d != nil && d.Protocol() == signon.ProtocolHTTP {
			sum += n * webAnswer
		}
		sum += n * int64(priceExchange(e))
	}
	return sum
}
