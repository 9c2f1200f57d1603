package probe

import (
	"net/netip"
	"slices"

	"posprobe/report"
)

// rules say which addresses out of DNS answers may be contacted. Answers come from
// whoever controls a resolver or the way to it: none of them shall make a payment
// terminal knock at its own services, at its neighbours on the link, or at hosts that
// the site does not expect. Literal addresses and the hosts file are the site's own
// word and not held against them.
type rules struct {
	loopback bool           // the name stands for this device
	own      []string       // the device's own addresses
	expected []netip.Prefix // what the site expects
	any      bool           // it states no expectation
}

func newRules(e *report.Evidence, req *Request, name string) rules {
	r := rules{loopback: name == "localhost", any: len(req.Site.ExpectAddresses) == 0}
	for _, a := range e.Addresses {
		r.own = append(r.own, addressOf(a.Prefix))
	}
	for _, s := range req.Site.ExpectAddresses {
		if p, err := netip.ParsePrefix(s); err == nil {
			r.expected = append(r.expected, p)
		}
	}
	return r
}

// Addresses that are no host elsewhere, beyond those that netip names: this network
// (RFC 1122 section 3.2.1.3), and the reserved ones with the limited broadcast (RFC 1112
// section 4, RFC 919 section 7).
var noHosts = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("240.0.0.0/4")}

// allow reports whether an address may be contacted. ip is no IPv4-mapped one.
func (r rules) allow(ip netip.Addr) bool {
	contains := func(p netip.Prefix) bool { return p.Contains(ip) }
	switch {
	case ip.IsLoopback():
		return r.loopback
	case ip.IsUnspecified(), ip.IsMulticast(), ip.IsLinkLocalUnicast(), slices.ContainsFunc(noHosts, contains):
		return false
	case slices.Contains(r.own, ip.String()):
		return false
	}
	return r.any || slices.ContainsFunc(r.expected, contains)
}
