package probe

import (
	"net/netip"

	"posprobe/probe/signon"
	"posprobe/report"
)

// What was sent and received besides TCP, in bytes of IP packets. No kernel counts it for
// one program, so it is what such packets hold at the most.
const (
	// headersUDP are those of IPv4 and UDP; headersIPv6 is what IPv6 has more.
	headersUDP  = 20 + 8
	headersIPv6 = 20
	// lookupHead is a DNS header (RFC 1035 section 4.1.1), the end of a question, and an
	// EDNS record (RFC 6891 section 6.1.2).
	lookupHead = 12 + 6 + 11
	// lookupAnswer is an address in an answer, its name compressed. lookupRest is what may
	// stand beside the addresses and is not kept: aliases, authorities, signatures.
	lookupAnswer = 28
	lookupRest   = 600
	// lookupTCP is what an answer has that did not fit into a datagram.
	lookupTCP = 2 * ednsSize
	// spentEcho is an echo with its answer or with the error in its place.
	spentEcho = 2 * 84
	// spentClaim is one ARP probe and its answer (RFC 826: 28 bytes on Ethernet).
	spentClaim = 2 * 46
	// spentTime is a question to a time server with its answer, both once more.
	spentTime = 4 * (headersUDP + headersIPv6 + sntpSize)
	// spentPortal is a connection for a page, with the request. Where the page is longer
	// than what is read of it, a server may have sent its first ten segments by then (RFC
	// 6928) and, for their acknowledgements, ten more.
	spentPortal  = priceHandshake + 400 + 12*packet
	portalAtOnce = 20 * (segment + packet)
	// webAnswer is the longest HTTP answer that is read, and its headers.
	webAnswer = (8+64)<<10 + 52*packet
)

// Spent is how many bytes of IP packets, both ways, a round moved, and never less: for TCP
// by the kernel's own counters of our connections (TCP_INFO), which no other program's
// packets are in, and with what may follow their last reading; for the rest, and where a
// system gives no counters, by what such an exchange can have cost.
func Spent(e report.Evidence) int64 {
	var sum int64
	for i := range e.Lookups {
		sum += spentLookup(&e.Lookups[i])
	}
	for _, p := range e.Pings {
		sum += p.Sent * spentEcho
	}
	for _, c := range e.Claims {
		sum += c.Probes * spentClaim
	}
	for _, t := range e.Tasks {
		if t.Outcome == report.OutcomeNotAsked {
			continue
		}
		switch t.Kind {
		case report.TaskTime:
			sum += spentTime
		case report.TaskTrace:
			sum += spentTrace(e.Hops, t)
		}
	}
	for _, p := range e.Portals {
		sum += spentPortal
		switch {
		case p.BodyBytes >= maxPortalBody:
			sum += portalAtOnce
		case p.Status != 0:
			sum += maxPortalHead + p.BodyBytes
		}
	}
	return sum + spentTCP(&e)
}

// spentLookup is a question over UDP with its answer, twice where the first one was not
// answered soon (lookup.go, twice), and over TCP where the answer was cut off.
func spentLookup(l *report.Lookup) int64 {
	question := int64(headersUDP + lookupHead + len(l.Name))
	answer := question + lookupRest + lookupAnswer*int64(len(l.Answers))
	for _, x := range l.ExtendedErrors {
		answer += int64(6 + len(x.Text))
	}
	answer = min(answer, headersUDP+ednsSize)
	if l.RCode == "" && !l.Truncated {
		answer = errorPacket // none came, but perhaps an ICMP error
	}
	sum := question + answer
	if l.RCode == "" || l.ElapsedMs >= ms(leastTime)/2 { // no follow-up has less time, nor waits shorter
		sum *= 2
	}
	if r, err := netip.ParseAddrPort(l.Resolver); err == nil && r.Addr().Unmap().Is6() {
		sum += 4 * headersIPv6
	}
	if l.Transport == "tcp" {
		sum += priceHandshake + question + lookupTCP + 6*packet
	}
	return sum
}

// spentTrace is what the SYNs of a trace and their answers cost, also of those that are
// not in the evidence: silent ones beyond the last answer, and the ones that had left when
// the path's end was found.
func spentTrace(hops []report.Hop, t report.Task) int64 {
	const (
		silent    = 2 * packet
		rejected  = 2*packet + errorPacket
		connected = priceHandshake / 2
	)
	var sum, known, last int64
	var end *report.Hop
	for i := range hops {
		h := &hops[i]
		if h.Task != t.ID {
			continue
		}
		known, last = known+1, max(last, h.TTL)
		switch h.Answer {
		case report.HopSilent:
			sum += silent
		case report.HopConnected:
			sum, end = sum+connected, h
		case report.HopExpired:
			sum += rejected
		default:
			sum, end = sum+rejected, h
		}
	}
	most := int64(hopsAtOnce)
	if last >= hopsAtOnce-1 {
		most = maxHops
	}
	if end == nil {
		return sum + (most-known)*silent
	}
	beyond := most - end.TTL
	if end.RTTMs != nil {
		beyond = min(beyond, 1+int64(*end.RTTMs/ms(minPace)))
	}
	return sum + max(0, beyond)*connected
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
