package render

import (
	"net/netip"
	"slices"
	"strconv"

	"posprobe/report"
)

// resolvers are the name servers, when names are used at all.
func (v *view) resolvers() []hop {
	ev := &v.r.Evidence
	var list []string
	add := func(address string) {
		if !slices.Contains(list, address) && len(list) < maxHops {
			list = append(list, address)
		}
	}
	named := slices.ContainsFunc(ev.Site.Endpoints, func(e report.Endpoint) bool {
		_, err := netip.ParseAddr(e.Host())
		return err != nil && e.Host() != ""
	})
	if !named && len(ev.Lookups) == 0 {
		return nil
	}
	for _, r := range ev.Resolvers {
		add(r.Address)
	}
	for _, l := range ev.Lookups {
		add(l.Resolver)
	}
	var hops []hop
	for i, e := range ev.Hosts {
		if i < maxHops {
			hops = append(hops, hop{place: placeResolver, subjects: []string{e.Name},
				parts: []string{v.say(lHostsFile, short(e.Name), short(e.Address))}})
		}
	}
	for _, address := range list {
		hops = append(hops, v.resolver(address))
	}
	if len(list) == 0 {
		m, why := v.unasked(report.TaskResolvers)
		if v.looked(report.TaskResolvers) {
			why = v.say(lNoResolver)
		}
		hops = append(hops, hop{place: placeResolver, mark: m, parts: []string{why}})
	}
	return hops
}

// resolver is one name server: it works when one of its answers gives an address.
func (v *view) resolver(address string) hop {
	h := hop{place: placeResolver, subjects: []string{address}, mark: markUnseen, parts: []string{short(address)}}
	ok, slow := false, false
	var given []string
	var failed *report.Lookup
	for i := range v.r.Evidence.Lookups {
		l := &v.r.Evidence.Lookups[i]
		switch {
		case l.Resolver != address:
			continue
		case l.Failure != nil:
			h.failed = append(h.failed, pointer("lookups", i))
			// A missing AAAA is usual; another failure says more.
			if failed == nil || failed.Failure.Type == report.FailNoData {
				failed = l
			}
		default:
			ok = true
			for _, a := range l.Answers {
				if s := short(a.Address); len(given) <= maxResources && !slices.Contains(given, s) {
					given = append(given, s)
				}
			}
			limit := v.r.Evidence.Site.Limits.ResolveMs
			slow = slow || limit > 0 && l.ElapsedMs > limit
		}
	}
	if len(given) > maxResources {
		given[maxResources] = "..."
	}
	switch {
	case slow:
		h.mark, h.parts = markSlow, append(h.parts, v.say(lAnswersSlowly))
	case ok && len(given) == 0:
		h.mark, h.parts = markOK, append(h.parts, v.say(lAnswers))
	case ok:
		h.mark = markOK
	case failed != nil:
		h.mark = markFailed
		h.parts = append(h.parts, v.failure(failed.Failure, failed.ElapsedMs))
	default:
		m, why := v.unasked(report.TaskLookup)
		h.mark, h.parts = m, append(h.parts, why)
	}
	if ok {
		h.failed = nil
		if len(given) > 0 {
			h.parts = append(h.parts, v.say(lGives, v.names(given)))
		}
	}
	return h
}

// beyond is the network past the gateway: seen only by what passed through it.
func (v *view) beyond() hop {
	ev := &v.r.Evidence
	h := hop{place: placeBeyond, mark: markUnseen}
	if slices.ContainsFunc(ev.Connects, func(c report.Connect) bool { return c.Failure == nil }) {
		h.mark, h.parts, h.broken = markOK, []string{v.say(lEdgeReached)}, v.say(lEdgeNoData)
	} else if len(ev.Connects) == 0 {
		h.parts = []string{v.say(lEdgeNotTried)}
	} else {
		h.parts = []string{v.say(lEdgeNotReached)}
	}
	var far *report.Hop
	for i := range ev.Hops {
		if x := &ev.Hops[i]; x.Answer == report.HopExpired && x.Endpoint != "" && (far == nil || x.TTL > far.TTL) {
			far = x
		}
	}
	if far != nil {
		h.parts = append(h.parts, v.say(lLastRouter, short(far.Address), far.TTL))
	}
	for _, p := range ev.Pings {
		if p.Target == report.PingEndpoint && p.Received > 0 {
			h.parts = append(h.parts, v.say(lPingBeyond, p.Received, p.Sent))
			break
		}
	}
	return h
}

// pointer is the RFC 6901 pointer to an entry of a list of the evidence.
func pointer(list string, i int) string { return "/evidence/" + list + "/" + strconv.Itoa(i) }
