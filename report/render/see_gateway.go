package render

import (
	"cmp"
	"slices"

	"posprobe/report"
)

// gateways are the next routers on the way, as the neighbour table and pings show
// them. A gateway that does not answer pings is not at fault for that.
func (v *view) gateways() []hop {
	ev := &v.r.Evidence
	var list []string
	add := func(address string) {
		if address != "" && !slices.Contains(list, address) && len(list) < maxHops {
			list = append(list, address)
		}
	}
	for _, c := range ev.Connects {
		add(c.Gateway)
	}
	routed := false
	for _, r := range ev.Routes {
		if isDefault(r) {
			routed = true
			if !v.wayKnown() {
				add(r.Gateway)
			}
		}
	}
	if v.wayKnown() && v.ownHost() {
		return nil
	}
	var hops []hop
	for _, address := range list {
		// A second router that nothing went through says nothing.
		if h := v.gateway(address); len(list) == 1 || h.mark != markUntested {
			hops = append(hops, h)
		}
	}
	if len(hops) == 0 && len(list) > 0 {
		hops = append(hops, v.gateway(list[0]))
	}
	if len(hops) > 0 {
		return hops
	}
	h := hop{place: placeGateway}
	h.mark, _ = v.unasked(report.TaskRoutes)
	switch {
	case routed: // a dialled link: the other end is the gateway
		h.mark, h.parts = markOK, []string{v.say(lNoGatewayNeeded)}
	case v.looked(report.TaskRoutes):
		h.parts = []string{v.say(lNoDefaultRoute)}
	default:
		_, why := v.unasked(report.TaskRoutes)
		h.parts = []string{why}
	}
	return []hop{h}
}

// ownHost reports whether nothing but the terminal itself was connected to.
func (v *view) ownHost() bool {
	return !slices.ContainsFunc(v.r.Evidence.Connects, func(c report.Connect) bool {
		return !slices.ContainsFunc(v.r.Evidence.Links, func(l report.Link) bool {
			return l.Name == c.Link && l.Kind == report.LinkLoopback
		})
	})
}

// gateway is one router: does it answer on the local network?
func (v *view) gateway(address string) hop {
	ev := &v.r.Evidence
	h := hop{place: placeGateway, subjects: []string{address}, mark: markUnseen, parts: []string{short(address)}}
	used := slices.IndexFunc(ev.Connects, func(c report.Connect) bool { return c.Gateway == address })
	if used >= 0 {
		h.via = ev.Connects[used].Link
	}
	entry := ""
	if v.looked(report.TaskNeighbors) {
		entry = "none"
	}
	if i := slices.IndexFunc(ev.Neighbors, func(n report.Neighbor) bool { return n.Address == address }); i >= 0 {
		entry, h.via = ev.Neighbors[i].State, cmp.Or(ev.Neighbors[i].Link, h.via)
		if entry == "failed" || entry == "incomplete" {
			h.mark, h.failed = markFailed, []string{pointer("neighbors", i)}
			h.parts = append(h.parts, neighborWords.in(v.lang, entry))
			return h // that it does not answer pings either says nothing more
		}
	}
	pings, answered := v.gatewayPings(address)
	passed := slices.ContainsFunc(ev.Connects, func(c report.Connect) bool { return c.Gateway == address && c.Failure == nil })
	switch {
	case entry == "none" && used < 0 && !answered:
		h.mark, h.parts = markUntested, append(h.parts, v.say(lNotUsed))
		return h
	case entry != "" && entry != "none", answered, passed:
		h.mark = markOK
	}
	if entry != "" {
		h.parts = append(h.parts, neighborWords.in(v.lang, entry))
	}
	h.parts = append(h.parts, pings...)
	return h
}

// gatewayPings tell how a router answered pings.
func (v *view) gatewayPings(address string) (words []string, answered bool) {
	for _, p := range v.r.Evidence.Pings {
		switch {
		case p.Address != address || p.Sent == 0 || len(words) == maxHops:
		case p.Received == 0:
			words = append(words, v.say(lPingSilent))
		default:
			words, answered = append(words, v.say(lPingAnswered, p.Received, p.Sent)), true
		}
	}
	return words, answered
}
