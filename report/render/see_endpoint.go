package render

import (
	"slices"

	"posprobe/report"
)

// endpoints are the stretches at the acquirer: for each configured endpoint, and each
// address tried, how far the exchange went.
func (v *view) endpoints() []stretch {
	list := slices.Clone(v.r.Evidence.Site.Endpoints)
	if len(list) == 0 { // a report that does not say what its site expects
		for _, c := range v.r.Evidence.Connects {
			if len(list) <= maxHops && !slices.ContainsFunc(list, func(e report.Endpoint) bool { return e.Address == c.Endpoint }) {
				list = append(list, report.Endpoint{Address: c.Endpoint})
			}
		}
	}
	var out []stretch
	for i, e := range list {
		if i == maxHops {
			out = append(out, stretch{title: v.say(lMore, len(list)-i)})
			break
		}
		title := v.say(lAcquirer, short(e.Address))
		switch {
		case len(list) == 1:
		case i == 0:
			title += v.bracketed(v.say(lMain))
		default:
			title += v.bracketed(v.say(lBackup))
		}
		out = append(out, stretch{title: title, hops: v.endpoint(e)})
	}
	return out
}

// endpoint is one endpoint: TCP, TLS and sign-on at each of its addresses. A step that
// was reached at no address gets one line that says why.
func (v *view) endpoint(e report.Endpoint) []hop {
	ev := &v.r.Evidence
	var addresses []string
	known := map[string]bool{}
	add := func(endpoint, address string) {
		// Follow-ups may try another port of the address: no step of this exchange.
		other := report.Endpoint{Address: address}
		if endpoint == e.Address && (e.Port() == 0 || other.Port() == e.Port()) && !known[address] {
			known[address] = true
			addresses = append(addresses, address)
		}
	}
	for _, c := range ev.Connects {
		add(c.Endpoint, c.Address)
	}
	for _, t := range ev.TLS {
		add(t.Endpoint, t.Address)
	}
	for _, s := range ev.SignOns {
		add(s.Endpoint, s.Address)
	}
	var hops []hop
	for i, address := range addresses {
		if i == maxHops {
			hops = append(hops, hop{place: placeTCP, mark: markUntested, parts: []string{v.say(lMore, len(addresses)-i)}})
			break
		}
		for _, see := range []func(endpoint, address string) (hop, bool){v.tcp, v.tls, v.signOn} {
			if h, seen := see(e.Address, address); seen {
				h.subjects = []string{e.Address, address}
				hops = append(hops, h)
			}
		}
	}
	return append(hops, v.unreached(e, hops)...)
}

// unreached are the steps of e that no hop shows, each with why.
func (v *view) unreached(e report.Endpoint, hops []hop) []hop {
	var out []hop
	open := len(hops) == 0 // the step below was passed, or there is none
	for _, step := range []struct {
		place  place
		wanted bool
	}{
		{placeTCP, true},
		{placeTLS, e.TLS || e.Goal == report.StepTLS},
		{placeSignOn, e.Goal == report.StepSignOn},
	} {
		if !step.wanted {
			continue
		}
		shown, passed := false, false
		for _, h := range hops {
			if h.place == step.place {
				shown, passed = true, passed || h.mark == markOK || h.mark == markSlow
			}
		}
		if !shown {
			h := hop{place: step.place, subjects: []string{e.Address}, mark: markUntested, parts: []string{v.say(lStepBefore)}}
			if step.place == placeSignOn {
				h.name = v.say(unsent(e.Protocol))
			}
			if open {
				m, why := v.unaskedStep(e, len(hops) > 0)
				h.mark, h.parts = m, []string{why}
			}
			out = append(out, h)
		}
		open = passed
	}
	return out
}

// unaskedStep says why the next step of an endpoint was not asked.
func (v *view) unaskedStep(e report.Endpoint, begun bool) (mark, string) {
	for _, t := range v.r.Evidence.Tasks {
		if t.Kind == report.TaskExchange && t.Endpoint == e.Address && t.Outcome != report.OutcomeAnswered &&
			t.Reason != report.ReasonTooMany && !(begun && t.Outcome == report.OutcomeFailed) {
			return v.task(t)
		}
	}
	if begun {
		return markUntested, v.say(lNotThisRound)
	}
	return markUnseen, v.say(lNotSeen)
}
