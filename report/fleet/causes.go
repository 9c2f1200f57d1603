package fleet

import (
	"cmp"
	"maps"
	"slices"

	"posprobe/report"
)

// What it takes for a cause to be shared by a version, a model or a region: Few
// terminals, and so many percent of them; of the others, at least Crowd, a tenth of that
// share at most.
const (
	sharePercent = 20
	shareFactor  = 10
)

// patient is who has a cause.
type patient struct {
	terminals, now int64
	since          minute
	by             map[int32]int64 // by version, model, region
}

// causes are the codes of all reports that fall into the look.
func (f *Fleet) causes(first, last minute) (out []Cause) {
	found := map[int32]*patient{}
	size := map[int32]int64{}
	for i := range f.terminals {
		t := &f.terminals[i]
		groups := [...]int32{t.version, t.model, t.region}
		for _, g := range groups {
			size[g]++
		}
		mine := map[int32]bool{}
		for j := range t.runs {
			r := &t.runs[j]
			if !r.sick || r.to < first {
				continue
			}
			p := found[r.code]
			if p == nil {
				p = &patient{since: r.from, by: map[int32]int64{}}
				found[r.code] = p
			}
			p.since = min(p.since, r.from)
			if !mine[r.code] {
				mine[r.code] = true
				p.terminals++
				for _, g := range groups {
					p.by[g]++
				}
			}
		}
		if n := t.at(last); n.run >= 0 && mine[t.runs[n.run].code] {
			found[t.runs[n.run].code].now++
		}
	}
	all := int64(len(f.terminals))
	for code, p := range found {
		c := Cause{Code: report.Code(f.codes.text[code]), Terminals: p.terminals, Now: p.now, Since: p.since.time()}
		for _, g := range slices.Sorted(maps.Keys(p.by)) {
			s := Share{By: f.groups.text[g], With: p.by[g], All: size[g], WithElse: p.terminals - p.by[g], AllElse: all - size[g]}
			if g != 0 && s.stands() && len(c.Shared) < maxShared {
				c.Shared = append(c.Shared, s)
			}
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Cause) int {
		return cmp.Or(cmp.Compare(b.Terminals, a.Terminals), cmp.Compare(a.Code, b.Code))
	})
	return out[:min(len(out), maxCauses)]
}

// stands reports whether the difference is more than chance.
func (s Share) stands() bool {
	return s.With >= Few && s.AllElse >= Crowd && s.With*100 >= s.All*sharePercent &&
		s.WithElse*s.All*shareFactor <= s.With*s.AllElse
}
