package fleet

import (
	"cmp"
	"slices"
	"time"

	"posprobe/report"
)

// SummaryVersion is the version of a Summary's form; it rises only on a breaking change.
const SummaryVersion = 1

// Summary is what the reports of a fleet say.
type Summary struct {
	Schema int `json:"schema"`
	// From and Until are the time that was looked at, to ten minutes.
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	Lines Lines     `json:"lines"`
	// Terminals were heard at all; Bad of them were bad at some time within the look.
	Terminals int64 `json:"terminals"`
	Bad       int64 `json:"bad"`
	// Groups are terminals that were bad together, and why: the largest first, at most
	// 200, and how many more there are.
	Groups     report.List[Group] `json:"groups"`
	MoreGroups int64              `json:"more_groups"`
	// Shops are terminals that are bad by themselves, the latest first; at most 1000.
	Shops     report.List[Shop] `json:"shops"`
	MoreShops int64             `json:"more_shops"`
	// Causes are the codes that reports named, the most frequent first.
	Causes report.List[Cause] `json:"causes"`
}

// Group is terminals that were bad together.
type Group struct {
	Kind Kind `json:"kind"`
	// Endpoint and Provider are what they share, "" for nothing.
	Endpoint string `json:"endpoint"`
	Provider string `json:"provider"`
	// Since is when the first of them was bad, Until when the last was; Now is true when
	// it is so at the end of what was read.
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
	Now   bool      `json:"now"`
	// Terminals were bad; Others is how many were good at the same time at what they
	// share, at most.
	Terminals int64 `json:"terminals"`
	Others    int64 `json:"others"`
	// Planned is true when most of their reports fall into an announced absence.
	Planned bool                `json:"planned"`
	Codes   report.List[Count]  `json:"codes"`
	Names   report.List[string] `json:"names"` // the first ones by name
}

// Shop is a terminal that is bad by itself.
type Shop struct {
	Terminal string        `json:"terminal"`
	Code     report.Code   `json:"code"`
	Domain   report.Domain `json:"domain"`
	Since    time.Time     `json:"since"`
	Until    time.Time     `json:"until"`
	Now      bool          `json:"now"`
	// Own is true when its own report lays it on the device or the shop's network.
	// Otherwise EndpointWorks other terminals reach its endpoint, and ProviderWorks others
	// have its provider; 0 of the latter: the provider cannot be excluded.
	Own           bool  `json:"own"`
	EndpointWorks int64 `json:"endpoint_works"`
	ProviderWorks int64 `json:"provider_works"`
}

// Count is how many terminals had a code, "" for those whose reports could not tell.
type Count struct {
	Code      report.Code `json:"code"`
	Terminals int64       `json:"terminals"`
}

// Cause is a code, who has it, and what they share.
type Cause struct {
	Code      report.Code `json:"code"`
	Terminals int64       `json:"terminals"`
	Now       int64       `json:"now"` // of them, at the end of what was read
	Since     time.Time   `json:"since"`
	// Shared are versions, models and regions whose terminals have it far more often.
	Shared report.List[Share] `json:"shared"`
}

// Share is a group in which a cause is frequent: With of its All terminals have it, and
// WithElse of the AllElse others.
type Share struct {
	By       string `json:"by"` // as in "version 1.2.3", "model X", "region R"
	With     int64  `json:"with"`
	All      int64  `json:"all"`
	WithElse int64  `json:"with_else"`
	AllElse  int64  `json:"all_else"`
}

// Bounds of a summary.
const (
	maxGroups = 200
	maxShops  = 1000
	maxCodes  = 5
	maxCauses = 200
	maxShared = 5
)

// Summary weighs what was added. It may be called again after more was added.
func (f *Fleet) Summary() Summary {
	last := f.newest - f.newest%slot
	first := max(last-minute(f.options.Last/time.Minute), 0)
	first -= first % slot
	s := Summary{Schema: SummaryVersion, Lines: f.lines, Terminals: int64(len(f.terminals))}
	if f.newest == 0 {
		return s
	}
	s.From, s.Until = first.time(), (last + slot).time()
	for i := range f.terminals {
		for j := range f.terminals[i].runs {
			r := &f.terminals[i].runs[j]
			r.told, r.worksEndpoint, r.worksProvider = 0, 0, 0
		}
	}
	g := gathering{f: f, end: last, open: map[about]*group{}}
	for at := first; at <= last; at += slot {
		if m := f.weigh(at); m != nil {
			g.slot(m, at)
		}
	}
	s.Groups, s.MoreGroups = g.groups()
	s.Shops, s.MoreShops, s.Bad = f.shops(first, last)
	s.Causes = f.causes(first, last)
	return s
}

// shops lists the terminals that are bad by themselves, and counts all that are bad.
func (f *Fleet) shops(first, last minute) (out []Shop, more, bad int64) {
	for i := range f.terminals {
		t := &f.terminals[i]
		was := false
		var found *Shop
		for j := range t.runs {
			r := &t.runs[j]
			if !r.sick || r.to < first {
				continue
			}
			was = true
			if r.told&(toldShared|toldPath) != 0 || r.told&toldShop == 0 {
				continue
			}
			n := Shop{Terminal: t.name, Code: report.Code(f.codes.text[r.code]), Domain: domains[r.domain], Since: r.from.time(), Until: r.to.time(),
				Now: r.to+r.hold() >= last && t.at(last).run == j, Own: r.local,
				EndpointWorks: int64(r.worksEndpoint), ProviderWorks: int64(r.worksProvider)}
			if found != nil && found.Code == n.Code {
				n.Since = found.Since
			}
			found = &n
		}
		if was {
			bad++
		}
		if found != nil && (f.options.Terminal == "" || f.options.Terminal == t.name) {
			out = append(out, *found)
		}
	}
	slices.SortFunc(out, func(a, b Shop) int {
		return cmp.Or(b.Until.Compare(a.Until), cmp.Compare(a.Terminal, b.Terminal))
	})
	if len(out) > maxShops {
		more = int64(len(out) - maxShops)
		out = out[:maxShops]
	}
	return out, more, bad
}
