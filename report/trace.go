package report

import "slices"

// trace is who answered the SYNs to one target whose time to live was limited.
type trace struct {
	target string
	at     []string
	hops   []Hop
}

// maxTTL is the greatest time to live that a packet can have (RFC 791 section 3.1).
const maxTTL = 255

// traceTo is the trace to an address:port.
func (f *facts) traceTo(target string) trace { return f.traces[target] }

// indexTraces gathers the hops by target, and the routers on the way to references.
func (f *facts) indexTraces() {
	f.traces, f.sharedRouters = map[string]trace{}, map[string]bool{}
	for i, h := range f.Hops {
		if h.TTL < 1 || h.TTL > maxTTL {
			continue
		}
		t := f.traces[h.Target]
		t.target, t.at, t.hops = h.Target, append(t.at, pointer("hops", i)), append(t.hops, h)
		f.traces[h.Target] = t
		if h.Answer == HopExpired && slices.Contains(f.Site.References, h.Target) {
			f.sharedRouters[h.Address] = true
		}
	}
}

// router is who said that the time to live ended there, "" when nobody did.
func (t trace) router(ttl int64) string {
	for _, h := range t.hops {
		if h.TTL == ttl && h.Answer == HopExpired {
			return h.Address
		}
	}
	return ""
}

// last is the greatest time to live that ended at a router, 0 when none did.
func (t trace) last() int64 {
	var out int64
	for _, h := range t.hops {
		if h.Answer == HopExpired {
			out = max(out, h.TTL)
		}
	}
	return out
}

// end is the smallest time to live with which the target itself was heard, 0 when it
// never was.
func (t trace) end() int64 {
	var out int64
	for _, h := range t.hops {
		if (h.Answer == HopConnected || h.Answer == HopRefused) && (out == 0 || h.TTL < out) {
			out = h.TTL
		}
	}
	return out
}

// refusedAt reports whether the target, or somebody in its name, refuses first with this
// time to live.
func (t trace) refusedAt(ttl int64) bool {
	return t.end() == ttl && slices.ContainsFunc(t.hops, func(h Hop) bool { return h.TTL == ttl && h.Answer == HopRefused })
}

// routers are those that answered with a smaller time to live.
func (t trace) routers(ttl int64) []string {
	var out []string
	for i := int64(1); i < ttl; i++ {
		out = append(out, t.router(i))
	}
	return out
}

// silent reports whether a SYN with this time to live was sent and nobody answered.
func (t trace) silent(ttl int64) bool {
	return slices.ContainsFunc(t.hops, func(h Hop) bool { return h.TTL == ttl && h.Answer == HopSilent })
}

// toReferences are the traces to independent targets.
func (f *facts) toReferences() []trace {
	var out []trace
	for _, r := range f.Site.References {
		if t := f.traceTo(r); len(t.hops) > 0 {
			out = append(out, t)
		}
	}
	return out
}

// shared reports whether a router also stands on the way to an independent target: then
// it is not the acquirer's.
func (f *facts) shared(router string) bool { return router != "" && f.sharedRouters[router] }

// companions are the traces to other ports of the attempt's address.
func (a attempt) companions() []trace {
	var out []trace
	for _, c := range a.f.handshakes(TaskClosedPort) {
		if hostOf(c.address()) == hostOf(a.address()) {
			if t := a.f.traceTo(c.address()); len(t.hops) > 0 {
				out = append(out, t)
			}
		}
	}
	return out
}

// endsBeforeEdge returns the observations that show that the way to the attempt's port
// ends before it leaves the part that it shares with the ways to others: what is lost
// there, the acquirer has no part in.
//
// The way to another port of the same host goes on where this one ends, to a router that
// is on an independent target's way as well: a filter for the port. A way that merely ends
// early says nothing: tunnels hide their routers.
//
// Routers say that a time to live ended before they filter, so that the last one that
// answered may be the one that drops. They also limit how often they say so (RFC 1812
// section 4.3.2.8): it must go on by two steps, and the router of the first never have
// kept silent at first.
func (a attempt) endsBeforeEdge() []string {
	t := a.f.traceTo(a.address())
	k := t.last()
	if k == 0 || t.end() != 0 || !t.silent(k+1) || !t.silent(k+2) {
		return nil
	}
	for _, c := range a.companions() {
		goesOn := c.router(k+2) != "" || c.end() >= k+2
		if next := c.router(k + 1); goesOn && a.f.shared(next) && a.f.prompt(next) {
			return slices.Concat(t.at, c.at)
		}
	}
	return nil
}

// sentAgainMs is when a SYN that nobody answered is sent again (RFC 6298 section 2.1: after
// 1 s), less what a timer may be early.
const sentAgainMs = 900

// prompt reports whether a router answered every time at the first try.
func (f *facts) prompt(router string) bool {
	return !slices.ContainsFunc(f.Hops, func(h Hop) bool {
		return h.Address == router && (h.RTTMs == nil || *h.RTTMs >= sentAgainMs)
	})
}

func (a attempt) gatewayUsed() string {
	if a.connect == nil {
		return ""
	}
	return a.connect.Gateway
}

// answeredNear returns the observations that show that what answers in the host's name
// stands where the way is still shared with others: the first router itself; or, by
// refusing, a place that packets to another port of the host pass.
func (a attempt) answeredNear() []string {
	t := a.f.traceTo(a.address())
	d := t.end()
	switch {
	case d == 0 || a.gatewayUsed() == "" || a.loopback():
		return nil
	case d == 1:
		// A router that sets the time to live anew makes everything seem one hop away.
		for _, r := range a.f.toReferences() {
			if r.end() > 1 {
				return slices.Concat(t.at, r.at)
			}
		}
		return nil
	case !a.refused():
		return nil
	}
	for _, r := range a.f.toReferences() { // whoever is asked, the same place refuses, and did not always
		if r.refusedAt(d) && t.router(d-1) != "" && slices.Equal(r.routers(d), t.routers(d)) && a.f.witness(r.target) {
			return slices.Concat(t.at, r.at)
		}
	}
	for _, c := range a.companions() {
		if a.f.shared(c.router(d)) {
			return slices.Concat(t.at, c.at)
		}
	}
	return nil
}

// answeredBeyond returns the observations that show that what answers in the host's
// name stands beyond the point where the way parts from the one to an independent
// target.
func (a attempt) answeredBeyond() []string {
	t := a.f.traceTo(a.address())
	d := t.end()
	for _, r := range a.f.toReferences() {
		if r.end() == 0 {
			continue
		}
		for ttl := int64(1); ttl < d; ttl++ {
			parted := r.router(ttl) != "" || r.end() <= ttl // a hop that kept silent says nothing
			if router := t.router(ttl); parted && router != "" && router != a.gatewayUsed() && !a.f.shared(router) {
				return slices.Concat(t.at, r.at)
			}
		}
	}
	return nil
}

// fromHost returns the observations that show that what takes the connection is no
// accelerator of the access (RFC 3135), which answers for everybody whose packets pass it:
// it stands beyond the point where the ways part, or farther away than an independent
// target; or from the same distance another port of the host is refused, which a device
// that takes every connection before it has one of its own does not do.
func (a attempt) fromHost() []string {
	if at := a.answeredBeyond(); at != nil {
		return at
	}
	t := a.f.traceTo(a.address())
	d := t.end()
	if d < 2 { // it seems to be the first router, as everything does behind one that renews the time to live
		return nil
	}
	for _, r := range a.f.toReferences() {
		if e := r.end(); e > 1 && e < d {
			return slices.Concat(t.at, r.at)
		}
	}
	for _, c := range a.companions() {
		if c.refusedAt(d) {
			return slices.Concat(t.at, c.at)
		}
	}
	return nil
}
