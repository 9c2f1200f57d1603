package fleet

import (
	"cmp"
	"maps"
	"slices"

	"posprobe/report"
)

// about is what a group has in common.
type about struct {
	kind Kind
	pair pair
}

// group is a Group in the making.
type group struct {
	about
	first, last minute // slots
	since       minute
	others      int32
	members     map[int32]*run // of each terminal
}

// gathering puts the findings of the slots together.
type gathering struct {
	f    *Fleet
	end  minute // the last slot
	open map[about]*group
	done []*group
}

// bridge is how many minutes a group may be unseen and is still the same.
const bridge = 3 * slot

// slot takes over what was found in the slot at s.
func (g *gathering) slot(m *moment, s minute) {
	for i := range g.f.terminals {
		t := &g.f.terminals[i]
		n := t.at(s)
		if n.run < 0 {
			continue
		}
		r := &t.runs[n.run]
		switch {
		case r.local:
			r.told |= toldShop
			continue
		case n.bad == 0: // nothing to compare
			continue
		}
		if kind, p := m.shared(t, n); kind != "" {
			if kind == KindPath {
				r.told |= toldPath
			} else {
				r.told |= toldShared
			}
			g.join(m, about{kind, p}, int32(i), r, s)
			continue
		}
		endpoint, provider := m.alone(t, n)
		if endpoint > 0 {
			r.told |= toldShop
			r.worksEndpoint, r.worksProvider = max(r.worksEndpoint, endpoint), max(r.worksProvider, provider)
			continue
		}
		first := int32(0)
		t.each(n.bad, func(e int32) {
			if first == 0 {
				first = e
			}
		})
		g.join(m, about{KindUnknown, pair{0, first}}, int32(i), r, s)
	}
}

// join puts a terminal into the group that it belongs to in the slot at s.
func (g *gathering) join(m *moment, a about, terminal int32, r *run, s minute) {
	o := g.open[a]
	if o != nil && s-o.last > bridge {
		g.done = append(g.done, o)
		o = nil
	}
	if o == nil {
		o = &group{about: a, first: s, since: s + slot - 1, members: map[int32]*run{}}
		g.open[a] = o
	}
	o.last = s
	o.members[terminal] = r
	if r.from >= o.first-slot { // who was bad before is no measure of when it began
		o.since = min(o.since, r.from)
	}
	o.others = max(o.others, m.works(a.pair))
}

// works is how many are good at what a group shares.
func (m *moment) works(p pair) int32 {
	var t *tally
	switch {
	case p[0] == 0:
		t = m.columns[p[1]]
	case p[1] == 0:
		t = m.rows[p[0]]
	default:
		t = m.cells[p]
	}
	if t == nil {
		return 0
	}
	return t.good
}

// settled lets go of members that other slots told more of: in the first minutes of an
// outage not all have seen it yet. It reports whether none is left.
func (o *group) settled() bool {
	known := toldShared
	switch o.kind {
	case KindAcquirer, KindProvider:
		return false
	case KindUnknown:
		known |= toldPath
	}
	maps.DeleteFunc(o.members, func(_ int32, r *run) bool { return r.told&known != 0 })
	return len(o.members) == 0
}

// groups are the groups, the largest first.
func (g *gathering) groups() (out []Group, more int64) {
	all := slices.DeleteFunc(slices.AppendSeq(g.done, maps.Values(g.open)), (*group).settled)
	if name := g.f.options.Terminal; name != "" {
		i, known := g.f.number[name]
		all = slices.DeleteFunc(all, func(o *group) bool {
			_, member := o.members[i]
			return !known || !member
		})
	}
	slices.SortFunc(all, func(a, b *group) int {
		return cmp.Or(len(b.members)-len(a.members), cmp.Compare(b.last, a.last), cmp.Compare(a.kind, b.kind),
			cmp.Compare(a.pair[0], b.pair[0]), cmp.Compare(a.pair[1], b.pair[1]), cmp.Compare(a.first, b.first))
	})
	// What could not be told of one or two terminals at a time comes last: it is no group.
	slices.SortStableFunc(all, func(a, b *group) int { return rank(a.kind) - rank(b.kind) })
	for _, o := range all[:min(len(all), maxGroups)] {
		v := Group{Kind: o.kind, Endpoint: g.f.endpoints.text[o.pair[1]], Provider: g.f.providers.text[o.pair[0]],
			Since: o.since.time(), Until: min(o.last+slot, g.f.newest).time(), Now: o.last >= g.end-slot,
			Terminals: int64(len(o.members)), Others: int64(o.others)}
		planned := 0
		codes := map[int32]int64{}
		for i, r := range o.members {
			codes[r.code]++
			if r.planned {
				planned++
			}
			v.Names = append(v.Names, g.f.terminals[i].name)
		}
		v.Planned = 2*planned > len(o.members)
		for code, n := range codes {
			v.Codes = append(v.Codes, Count{report.Code(g.f.codes.text[code]), n})
		}
		slices.SortFunc(v.Codes, func(a, b Count) int {
			return cmp.Or(cmp.Compare(b.Terminals, a.Terminals), cmp.Compare(a.Code, b.Code))
		})
		v.Codes = v.Codes[:min(len(v.Codes), maxCodes)]
		slices.Sort(v.Names)
		v.Names = v.Names[:min(len(v.Names), g.f.options.Names)]
		out = append(out, v)
	}
	return out, int64(max(len(all)-maxGroups, 0))
}

func rank(k Kind) int {
	if k == KindUnknown {
		return 1
	}
	return 0
}
