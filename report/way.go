package report

import (
	"net/netip"
	"slices"
)

// way is how packets leave the device towards an address: over which link, through
// which gateway ("" when the address is on the link itself). The zero value is no way.
type way struct{ link, gateway string }

// wayOf is the way that the route list gives for an address (with or without port):
// its own network, else the default route with the smallest metric. A connection knows
// its own (attempt.way).
func (f *facts) wayOf(address string) way {
	ip, ok := parseIP(address)
	if !ok {
		return way{}
	}
	for _, a := range f.Addresses {
		if p, err := netip.ParsePrefix(a.Prefix); err == nil && p.Contains(ip) {
			return way{link: a.Link}
		}
	}
	best := -1
	for i, r := range f.Routes {
		p, err := netip.ParsePrefix(r.Destination)
		if err == nil && p.Bits() == 0 && p.Addr().Is4() == ip.Is4() && (best < 0 || r.Metric < f.Routes[best].Metric) {
			best = i
		}
	}
	if best < 0 {
		return way{}
	}
	return way{f.Routes[best].Link, f.Routes[best].Gateway}
}

// parseIP reads an address with or without port.
func parseIP(address string) (netip.Addr, bool) {
	if ap, err := netip.ParseAddrPort(address); err == nil {
		return ap.Addr().Unmap().WithZone(""), true
	}
	ip, err := netip.ParseAddr(address)
	return ip.Unmap().WithZone(""), err == nil
}

// loopbackAddress reports whether address (with or without port) is the device itself.
func loopbackAddress(address string) bool {
	ip, ok := parseIP(address)
	return ok && ip.IsLoopback()
}

// way is the kernel's own route for the attempt; zero when it had none.
func (a attempt) way() way {
	if a.connect == nil || a.unrouted() {
		return way{}
	}
	return way{a.connect.Link, a.connect.Gateway}
}

// unheard reports whether a failure is one of hearing nothing: a fault on the way can
// cause it. What is itself an answer (a refusal, a reset, an alert, a wrong reply)
// arrived, and no fault on the way explains it.
func unheard(fail *Failure) bool {
	return fail.Is(FailDeadline, FailKernelTimeout, FailNetUnreach, FailHostUnreach, FailNetDown, FailNoAddress)
}

// lostOn returns the pointers of the failed observations that went a way of which on
// is true, and that a fault on that way can cause.
func (f *facts) lostOn(on func(way) bool) []string {
	var out []string
	for i, l := range f.lookups() {
		if unheard(l.Failure) && !loopbackAddress(l.Resolver) && on(f.wayOf(l.Resolver)) {
			out = append(out, pointer("lookups", i))
		}
	}
	for i, p := range f.Pings {
		if unheard(p.Failure) && !loopbackAddress(p.Address) && on(f.pingWay(p)) {
			out = append(out, pointer("pings", i))
		}
	}
	for _, a := range f.attempts {
		if _, fail, at, _ := a.failed(); unheard(fail) && !a.loopback() && on(a.way()) {
			out = append(out, at)
		}
	}
	return out
}

// pingWay is the way of a ping: that of a connection to the same address or through
// the same gateway, where there was one.
func (f *facts) pingWay(p Ping) way {
	for _, a := range f.attempts {
		if a.connect == nil {
			continue
		}
		if w := a.way(); a.ip().String() == p.Address || w.gateway == p.Address && w.gateway != "" {
			return w
		}
	}
	if p.Target == PingGateway {
		for _, r := range f.Routes {
			if r.Gateway == p.Address {
				return way{r.Link, r.Gateway}
			}
		}
	}
	return f.wayOf(p.Address)
}

// heardOn reports whether anything came back on a way of which on is true: an answer
// of any kind, a refusal as much as a reply.
func (f *facts) heardOn(on func(way) bool) bool {
	for _, l := range f.lookups() {
		if !unheard(l.Failure) && !l.Failure.Is(FailCancelled, FailNotPermitted, FailAccess) && !loopbackAddress(l.Resolver) && on(f.wayOf(l.Resolver)) {
			return true
		}
	}
	for _, p := range f.Pings {
		if p.Received > 0 && on(f.pingWay(p)) {
			return true
		}
	}
	for _, a := range f.attempts {
		if a.loopback() || !on(a.way()) || a.connect == nil {
			continue
		}
		_, fail, _, _ := a.failed()
		if a.connect.Failure == nil || !unheard(fail) && !fail.Is(FailCancelled, FailNotPermitted, FailAccess, FailNoPorts, FailNoDescriptor, FailNoBuffers) {
			return true
		}
	}
	return slices.ContainsFunc(f.handshakes(TaskReference), func(r attempt) bool { return r.connect.heard() && on(r.way()) })
}

// over is a condition for a link, through one for a gateway, nowhere for no way.
func over(link string) func(way) bool       { return func(w way) bool { return w.link == link } }
func through(gateway string) func(way) bool { return func(w way) bool { return w.gateway == gateway } }
func nowhere(w way) bool                    { return w == way{} }

// stoppers are the observations that kept each endpoint from working: what a fault has
// to explain to be the headline. An endpoint that works has none.
func (f *facts) stoppers() []string {
	var out []string
	for _, e := range f.Site.Endpoints {
		if f.anyOK(e.Address) {
			continue
		}
		for _, a := range f.attempts {
			if a.endpoint.Address != e.Address {
				continue
			}
			if _, fail, at, _ := a.failed(); fail != nil {
				out = append(out, at)
			} else if a.signOn != nil {
				out = append(out, a.signOnAt)
			} else if a.tls != nil {
				out = append(out, a.tlsAt)
			}
		}
		for i, t := range f.Tasks {
			if t.Endpoint == e.Address && t.Kind == TaskExchange && t.Outcome == OutcomeNotAsked {
				out = append(out, pointer("tasks", i))
			}
		}
		if !slices.ContainsFunc(f.attempts, func(a attempt) bool { return a.endpoint.Address == e.Address }) {
			for i, l := range f.lookups() {
				if l.Name == e.Host() && l.Failure != nil {
					out = append(out, pointer("lookups", i))
				}
			}
		}
	}
	return out
}
