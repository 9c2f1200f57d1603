package report

import "slices"

// trace is who answered the SYNs to one target whose time to live was limited.
type trace struct {
	target string
	at     []string
	hops   []Hop
}

// traceTo gathers the trace to an address:port.
func (f *facts) traceTo(target string) trace {
	t := trace{target: target}
	for i, h := range f.Hops {
		if h.Target == target {
			t.at, t.hops = append(t.at, pointer("hops", i)), append(t.hops, h)
		}
	}
	return t
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
func (f *facts) shared(router string) bool {
	return router != "" && slices.ContainsFunc(f.toReferences(), func(t trace) bool {
		return slices.ContainsFunc(t.hops, func(h Hop) bool { return h.Answer == HopExpired && h.Address == router })
	})
}

// companions are the traces to other ports of the attempt's address.
func (a attempt) companions() []trace {
	var out []trace
	ats, connects := a.f.tries(TaskClosedPort)
	for i := range ats {
		if c := connects[i]; hostOf(c.Address) == hostOf(a.address()) {
			if t := a.f.traceTo(c.Address); len(t.hops) > 0 {
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
//   - The way to another port of the same host goes on where this one ends, to a router
//     that is on an independent target's way as well: a filter for the port.
//   - Or it ends behind the very first router, where the way to an independent target
//     goes on: no acquirer stands in the shop. Or where that one ends as well, while name
//     servers beyond it are heard: a filter for what is not DNS.
//
// Routers say that a time to live ended before they filter, so that the last one that
// answered may be the one that drops.
func (a attempt) endsBeforeEdge() []string {
	t := a.f.traceTo(a.address())
	k := t.last()
	if k == 0 || t.end() != 0 || !t.silent(k+1) {
		return nil
	}
	for _, c := range a.companions() {
		if a.f.shared(c.router(k + 1)) {
			return slices.Concat(t.at, c.at)
		}
	}
	if k == 1 && t.router(1) == a.gatewayUsed() && a.f.Site.Profile != ProfilePrivateAPN {
		for _, r := range a.f.toReferences() {
			switch {
			case r.router(1) != t.router(1):
			case r.end() > 2 && r.router(2) != "",
				r.end() == 0 && r.last() == 1 && r.silent(2) && a.f.namesBeyond():
				return slices.Concat(t.at, r.at)
			}
		}
	}
	return nil
}

// namesBeyond reports whether a name server beyond the gateway was heard.
func (f *facts) namesBeyond() bool {
	return slices.ContainsFunc(f.Lookups, func(l Lookup) bool {
		return !unheard(l.Failure) && !l.Failure.Is(FailCancelled, FailNotPermitted, FailAccess) && !loopbackAddress(l.Resolver) && f.wayOf(l.Resolver).gateway != ""
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
		return t.at
	case !a.refused():
		return nil
	}
	for _, r := range a.f.toReferences() { // whoever is asked, the same place refuses
		if r.refusedAt(d) && slices.Equal(r.routers(d), t.routers(d)) {
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

// darkTogether returns the observations that show that after the attempt nothing
// answered any more, wherever it stands, and the router at which all ways end ("" when
// that is not known). ok is false as soon as anything was heard.
func (a attempt) darkTogether() (because []string, router string, ok bool) {
	reached, silent := a.f.references()
	if len(reached) > 0 || len(silent) == 0 {
		return nil, "", false
	}
	for _, kind := range []TaskKind{TaskClosedPort, TaskSecond} {
		for _, b := range slices.Concat(a.f.again[kind], a.f.bare(kind)) {
			if b.connect != nil && b.connect.heard() {
				return nil, "", false
			}
		}
	}
	for _, l := range a.f.Lookups {
		if a.f.kinds[l.Task] == TaskIndependent && !unheard(l.Failure) {
			return nil, "", false
		}
	}
	t := a.f.traceTo(a.address())
	if t.end() != 0 {
		return nil, "", false
	}
	because = slices.Concat(silent, t.at)
	for _, r := range a.f.toReferences() {
		if k := t.last(); k > 0 && r.last() == k && r.router(k) == t.router(k) && r.end() == 0 {
			return slices.Concat(because, r.at), t.router(k), true
		}
	}
	networks := map[string]bool{}
	for _, c := range a.f.bare(TaskReference) {
		networks[network(c.address())] = true
	}
	return because, "", len(networks) >= 2
}

// bare are the handshakes of a kind of follow-up that does not go further.
func (f *facts) bare(kind TaskKind) []attempt {
	var out []attempt
	ats, connects := f.tries(kind)
	for i, c := range connects {
		out = append(out, attempt{f: f, endpoint: f.endpoint(c.Endpoint), task: c.Task, connect: c, connectAt: ats[i]})
	}
	return out
}
