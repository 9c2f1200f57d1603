package report

import (
	"net/netip"
	"slices"
)

// The ICMP errors that rules read, by family (RFC 792, RFC 1812 section 5.2.7.1,
// RFC 4443 section 3).

// icmpNoRoute: net or host unreachable; RFC 4443 no route or address unreachable.
func icmpNoRoute(a attempt, e ICMPError) bool {
	if a.ip().Is4() {
		return e.Type == 3 && (e.Code == 0 || e.Code == 1 || e.Code == 5 || e.Code == 6 || e.Code == 7)
	}
	return e.Type == 1 && (e.Code == 0 || e.Code == 2 || e.Code == 3)
}

// icmpNeighbor: host unreachable; RFC 4443 address unreachable. The last router sends it
// when the host itself does not answer on its network.
func icmpNeighbor(a attempt, e ICMPError) bool {
	if a.ip().Is4() {
		return e.Type == 3 && e.Code == 1
	}
	return e.Type == 1 && e.Code == 3
}

// icmpProhibited: administratively prohibited, or a port unreachable that a filter
// sends in the host's place (its sender tells).
func icmpProhibited(a attempt, e ICMPError) bool {
	if a.ip().Is4() {
		return e.Type == 3 && (e.Code == 9 || e.Code == 10 || e.Code == 13 || e.Code == 2 || e.Code == 3)
	}
	return e.Type == 1 && (e.Code == 1 || e.Code == 4 || e.Code == 5 || e.Code == 6)
}

// icmpExpired: time to live exceeded in transit.
func icmpExpired(a attempt, e ICMPError) bool {
	if a.ip().Is4() {
		return e.Type == 11 && e.Code == 0
	}
	return e.Type == 3 && e.Code == 0
}

// icmpRow is a row for an ICMP error of a kind, sent by the attempt's own gateway or
// by a router beyond it.
func icmpRow(code Code, layer Layer, party Party, byGateway bool, kind func(attempt, ICMPError) bool, title, advice Text) Row {
	return Row{
		Code: code, Kind: KindFault, Layer: layer, Domain: DomainNetwork, Party: party,
		MaskedBy: slices.Concat(noLocal, []Code{"device.hosts_stale"}), Wants: []Question{AskReference, AskTrace},
		Source: "RFC 792 / RFC 4443 error in the socket's error queue, with its sender (IP_RECVERR, ip(7))",
		Title:  title, Advice: advice,
		test: func(f *facts) []sighting {
			return f.withICMP(byGateway, func(a attempt, e ICMPError) (Confidence, bool) {
				switch {
				case !kind(a, e):
					return Possible, false
				case byGateway: // the first router speaks for itself: it stands in the shop
					return Proven, true
				case icmpNeighbor(a, e): // the host is off, or a router before it
					return Possible, true
				case !a.f.shared(e.From): // it may stand at the acquirer's own edge
					return Possible, true
				case icmpNoRoute(a, e): // the acquirer's edge may have gone, and its routes with it
					return Possible, true
				}
				return Likely, true
			})
		},
	}
}

// withICMP finds failed connects with an ICMP error from the gateway, or from a router
// beyond it, for which judge has a confidence.
func (f *facts) withICMP(byGateway bool, judge func(attempt, ICMPError) (Confidence, bool)) []sighting {
	var out []sighting
	for _, a := range f.attempts {
		if a.connect == nil || a.connect.Failure == nil {
			continue
		}
		for _, e := range a.connect.ICMP {
			from, err := netip.ParseAddr(e.From)
			if err != nil || e.Own || from.Unmap() == a.ip() || (e.From == a.connect.Gateway) != byGateway {
				continue
			}
			if c, ok := judge(a, e); ok {
				out = append(out, sighting{resource: e.From, confidence: c, because: []string{a.connectAt}, explains: []string{a.connectAt}})
				break
			}
		}
	}
	return out
}
