package report

import (
	"net/netip"
	"slices"
)

// Who was asked besides the acquirer, and what it says when nobody is heard.

// handshakes are those of a kind of follow-up, without what came after them.
func (f *facts) handshakes(kind TaskKind) []attempt {
	var out []attempt
	for i := range f.Connects {
		if c := &f.Connects[i]; f.kinds[c.Task] == kind {
			out = append(out, attempt{f: f, endpoint: f.endpoint(c.Endpoint), task: c.Task, connect: c, connectAt: pointer("connects", i)})
		}
	}
	return out
}

// heard reports whether a handshake got any answer from its target.
func (c *Connect) heard() bool {
	return c.Failure == nil || c.Failure.Is(FailRefused, FailReset) && len(c.ICMP) == 0
}

// answered reports whether a name server said anything.
func (l Lookup) answered() bool { return l.Failure == nil || l.RCode != "" }

// witness reports whether somebody beyond the gateway, an address and port, was ever heard:
// in an earlier round, or in this one before anything was asked again. Only then does it
// say something that it is silent: a reference may be dead, and a network may let nobody
// out but the acquirer's packets, all along.
func (f *facts) witness(address string) bool {
	if slices.Contains(f.Memory.Resolvers, address) || slices.Contains(f.Memory.References, address) {
		return true
	}
	for _, l := range f.lookups() {
		if l.Resolver == address && l.answered() {
			return true
		}
	}
	return false
}

// unknownReferences reports whether a reference is stated that was never heard.
func (f *facts) unknownReferences() bool {
	return slices.ContainsFunc(f.Site.References, func(r string) bool { return !f.witness(r) })
}

// gatewayAnswered returns the observations that show that a gateway was heard by IP in
// this round, nil without any. Its neighbour entry does not: it may speak of the time
// before (RFC 4861 section 7.3.3, ReachableTime).
func (f *facts) gatewayAnswered(gateway string) []string {
	var out []string
	for i, p := range f.Pings {
		if p.Address == gateway && p.Received > 0 {
			out = append(out, pointer("pings", i))
		}
	}
	for i, h := range f.Hops {
		if h.Address == gateway && h.Answer == HopExpired {
			out = append(out, pointer("hops", i))
		}
	}
	return out
}

// silentBeyond gathers the destinations beyond the gateway that failed without an
// answer: how many kinds of them there are (name servers and references that were heard
// before, the acquirer), and their observations. It returns nothing if anything beyond
// the gateway answered.
func (f *facts) silentBeyond() (kinds int, at []string) {
	var names, acquirer, references bool
	for i, l := range f.Lookups {
		switch {
		case loopbackAddress(l.Resolver) || f.onLink(l.Resolver):
			continue
		case !l.Failure.Is(FailDeadline, FailKernelTimeout):
			return 0, nil
		}
		at = append(at, pointer("lookups", i))
		// On a private network name servers need not answer.
		names = names || f.witness(l.Resolver) && f.Site.Profile != ProfilePrivateAPN
	}
	for _, p := range f.Pings {
		if p.Target == PingEndpoint && p.Received > 0 {
			return 0, nil
		}
	}
	for _, p := range f.Portals {
		if p.Status != 0 {
			return 0, nil
		}
	}
	for _, a := range slices.Concat(f.attempts, f.handshakes(TaskReference), f.handshakes(TaskClosedPort), f.handshakes(TaskSecond)) {
		switch {
		case a.loopback() || f.onLink(a.address()):
			continue
		case !a.unanswered():
			return 0, nil
		}
		at = append(at, a.connectAt)
		references = references || a.endpoint.Address == "" && f.witness(a.address())
		acquirer = acquirer || a.endpoint.Address != ""
	}
	for _, kind := range []bool{names, acquirer, references} {
		if kind {
			kinds++
		}
	}
	return kinds, at
}

// darkTogether returns the observations that show that after the attempt nobody answered
// any more, wherever they stand; nil as soon as anybody was heard.
func (a attempt) darkTogether() []string {
	because := a.f.silentReferences()
	t := a.f.traceTo(a.address())
	if because == nil || t.end() != 0 {
		return nil
	}
	for _, b := range slices.Concat(a.f.handshakes(TaskClosedPort), a.f.handshakes(TaskSecond)) {
		if b.connect.heard() {
			return nil
		}
	}
	names := false
	for _, l := range a.f.Lookups {
		if !a.f.followsUp(l.Task) {
			continue // before
		}
		if !unheard(l.Failure) {
			return nil
		}
		names = names || a.f.witness(l.Resolver)
	}
	because = slices.Concat(because, t.at)
	for _, r := range a.f.toReferences() {
		if k := t.last(); names && k > 0 && r.last() == k && r.router(k) == t.router(k) && r.end() == 0 {
			return slices.Concat(because, r.at)
		}
	}
	networks := map[string]bool{}
	for _, r := range a.f.handshakes(TaskReference) {
		if a.f.witness(r.address()) {
			networks[network(r.address())] = true
		}
	}
	if len(networks) < 2 { // one may be down for itself
		return nil
	}
	return because
}

// silentReferences are the independent targets that did not answer, by nobody's word; nil
// where one did.
func (f *facts) silentReferences() []string {
	var out []string
	for _, r := range f.handshakes(TaskReference) {
		if r.connect.heard() {
			return nil
		}
		if unheard(r.connect.Failure) {
			out = append(out, r.connectAt)
		}
	}
	return out
}

// network is the /24 or /48 that an address:port lies in: two addresses of one such
// network share their way and fail together.
func network(address string) string {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return address
	}
	ip, bits := ap.Addr().Unmap(), 48
	if ip.Is4() {
		bits = 24
	}
	p, _ := ip.Prefix(bits)
	return p.String()
}
