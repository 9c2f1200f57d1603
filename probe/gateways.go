package probe

import (
	"cmp"
	"net/netip"
	"slices"

	"posprobe/report"
)

// gatewayOn is a gateway on a link. IPv6 gateways are known by link-local addresses,
// which mean nothing without the link.
type gatewayOn struct{ address, link string }

// gatewaysUsed are the gateways that the round's own tasks go through: those that the
// kernel named for connections, and those that the routing table gives for the
// addresses that are asked. Pure.
func gatewaysUsed(e *report.Evidence, req *Request) []gatewayOn {
	var out []gatewayOn
	add := func(address, link string) {
		if address != "" {
			out = appendOnce(out, gatewayOn{address, link})
		}
	}
	for _, c := range e.Connects {
		if !isFollowUp(c.Task) { // another link's gateway says nothing of the terminal's way
			add(c.Gateway, c.Link)
		}
	}
	for _, ip := range destinations(e, req) {
		if r, ok := routeFor(e.Routes, ip); ok {
			add(r.Gateway, r.Link)
		}
	}
	return out
}

// destinations are the addresses beyond the device that this round asks: the endpoints',
// and the resolvers' where a name needs them. Of a resolver on this very device only the
// name servers behind it lead beyond: where they are not known, the default route's way
// stands for theirs.
func destinations(e *report.Evidence, req *Request) []netip.Addr {
	var out []netip.Addr
	if len(endpointNames(req)) > 0 {
		for _, r := range e.Resolvers {
			if ap, err := netip.ParseAddrPort(r.Address); err == nil {
				out = append(out, ap.Addr())
			}
		}
		if len(out) > 0 && !slices.ContainsFunc(out, func(ip netip.Addr) bool { return !ip.IsLoopback() }) {
			out = append(out, netip.IPv4Unspecified())
		}
	}
	for _, endpoint := range req.Endpoints {
		host, _, err := endpoint.split()
		if err != nil {
			continue
		}
		for _, c := range candidates(e, req, host) {
			if c.why == "" {
				out = append(out, c.ip)
			}
		}
	}
	return slices.DeleteFunc(out, netip.Addr.IsLoopback)
}

// routeFor picks the route that the main table gives for an address: the longest
// prefix, then the smallest metric. Policy routing may decide otherwise; what the
// kernel decided stands in each Connect.
func routeFor(routes []report.Route, ip netip.Addr) (report.Route, bool) {
	var fit []report.Route
	bits := func(r report.Route) int {
		prefix, err := netip.ParsePrefix(r.Destination)
		if err != nil || !prefix.Contains(ip.Unmap().WithZone("")) {
			return -1
		}
		return prefix.Bits()
	}
	for _, r := range routes {
		if bits(r) >= 0 {
			fit = append(fit, r)
		}
	}
	if len(fit) == 0 {
		return report.Route{}, false
	}
	return slices.MinFunc(fit, func(a, b report.Route) int {
		return cmp.Or(-cmp.Compare(bits(a), bits(b)), cmp.Compare(a.Metric, b.Metric))
	}), true
}

// addressOf is the address of a prefix, "" for text that is none.
func addressOf(prefix string) string {
	p, err := netip.ParsePrefix(prefix)
	if err != nil {
		return ""
	}
	return p.Addr().String()
}
