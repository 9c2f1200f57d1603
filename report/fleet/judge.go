package fleet

import (
	"slices"
	"strings"

	"posprobe/report"
)

// Kind is what terminals that are bad together have in common.
type Kind string

// The kinds: see the package comment for what it takes.
const (
	KindAcquirer Kind = "acquirer"
	KindProvider Kind = "provider"
	KindPath     Kind = "path"
	KindShop     Kind = "shop"
	KindUnknown  Kind = "unknown"
)

// Kinds lists every Kind.
func Kinds() []Kind { return []Kind{KindAcquirer, KindProvider, KindPath, KindShop, KindUnknown} }

// access reports whether a cause lies between the shop and the provider's edge, or in
// its name servers.
func access(code string) bool {
	return strings.HasPrefix(code, "network.access.") || strings.HasPrefix(code, "network.dns.")
}

// pair is of a provider and an endpoint, 0 for any.
type pair [2]int32

// judge finds what is shared.
func (m *moment) judge() {
	for e, c := range m.columns {
		if c.dark() && m.endpoint(e, *c) {
			m.verdict[pair{0, e}] = KindAcquirer
		}
	}
	for p, r := range m.rows {
		if m.provider(p, *r) {
			m.verdict[pair{p, 0}] = KindProvider
		}
	}
	for k, c := range m.cells {
		if m.fair(k[0], *c) && m.verdict[pair{k[0], 0}] == "" && m.columns[k[1]].less(*c).works() {
			m.verdict[k] = KindPath
		}
	}
}

// endpoint reports whether an endpoint that is bad for most is so by itself.
func (m *moment) endpoint(e int32, c tally) bool {
	var carrying, bad [providerKinds]int32
	for k, cell := range m.cells {
		switch {
		case k[1] != e:
		case cell.works():
			return false // somebody's terminals reach it
		case cell.bad >= 2 && most(cell.bad, cell.heard()) && m.carries(k[0], e):
			// Two signs of one kind are two providers, or two regions of one.
			kind := kindOf(m.f.providers.text[k[0]])
			carrying[kind]++
			bad[kind] += cell.bad
		}
	}
	own := m.says[pair{0, e}]
	hostward := most(own.host, own.all)
	known := false
	for kind, n := range carrying {
		known = known || n > 0
		if bad[kind] >= Few && (n >= 2 || hostward) {
			return true
		}
	}
	others := m.elsewhere(0, e)
	return !known && c.bad >= Crowd && others.good >= Crowd && others.works() && hostward
}

// carries reports whether a provider carries what does not go to an endpoint: to other
// endpoints, or the reports themselves.
func (m *moment) carries(p, e int32) bool {
	return m.elsewhere(p, e).works() || m.carried[p] >= Witnesses && m.rows[p].works()
}

// elsewhere counts what goes to other endpoints than e, by provider p or, when that is 0,
// by all. That they are bad does not count where one shop has both: main and backup are
// often lost together.
func (m *moment) elsewhere(p, e int32) (sum tally) {
	count := func(other int32, t tally) {
		if other == e {
			return
		}
		if m.f.together[[2]int32{e, other}] {
			t.bad = 0
		}
		sum.add(t)
	}
	if p == 0 {
		for other, t := range m.columns {
			count(other, *t)
		}
		return sum
	}
	for _, other := range m.reached[p] {
		count(other, *m.cells[pair{p, other}])
	}
	return sum
}

// fair reports whether a provider's terminals are dark, seen that not every terminal's
// provider is known.
func (m *moment) fair(p int32, t tally) bool {
	known := m.known[kindOf(m.f.providers.text[p])]
	if t.bad < Few || known == 0 || known*100 < m.good*Known {
		return false
	}
	// Of the good ones as many more may be its own as there are good ones of no known provider.
	good := (t.good + t.presumed) * m.good / known
	return most(t.bad, t.bad+good)
}

// provider reports whether a provider is bad by itself.
func (m *moment) provider(p int32, row tally) bool {
	if !m.fair(p, row) {
		return false
	}
	var lost []int32
	elsewhere := false
	for _, e := range m.reached[p] {
		if c := m.cells[pair{p, e}]; c.bad >= 2 && most(c.bad, c.heard()) {
			lost = append(lost, e)
			elsewhere = elsewhere || m.columns[e].less(*c).works()
		}
	}
	several := slices.ContainsFunc(lost, func(e int32) bool {
		return slices.ContainsFunc(lost, func(o int32) bool { return o != e && !m.f.together[[2]int32{e, o}] })
	})
	own := m.says[pair{p, 0}]
	return elsewhere && (several || most(own.access, own.all))
}

// shared is what a bad terminal shares with others, by what its own report says first.
func (m *moment) shared(t *terminal, n now) (Kind, pair) {
	order := []Kind{KindAcquirer, KindProvider, KindPath}
	if domains[t.runs[n.run].domain] == report.DomainNetwork {
		order = []Kind{KindProvider, KindPath, KindAcquirer}
	}
	for _, kind := range order {
		found := pair{}
		t.each(n.bad, func(e int32) {
			for _, k := range candidates(kind, t, e) {
				if m.verdict[k] == kind && found == (pair{}) {
					found = k
				}
			}
		})
		if found != (pair{}) {
			return kind, found
		}
	}
	return "", pair{}
}

func candidates(kind Kind, t *terminal, e int32) (out []pair) {
	if kind == KindAcquirer {
		return []pair{{0, e}}
	}
	for _, p := range t.providers {
		if kind == KindProvider {
			e = 0
		}
		out = append(out, pair{p, e})
	}
	return out
}

// alone counts the witnesses that a bad terminal's endpoints, and its provider, work for
// others; 0 where they may not.
func (m *moment) alone(t *terminal, n now) (endpoint, provider int32) {
	first := true
	t.each(n.bad, func(e int32) {
		c := m.columns[e].less(tally{bad: 1})
		if !c.works() {
			c.good = 0
		}
		if first || c.good < endpoint {
			endpoint, first = c.good, false
		}
	})
	for _, p := range t.providers {
		if c := m.rows[p].less(tally{bad: 1}); c.works() {
			provider = max(provider, c.good)
		}
	}
	return endpoint, provider
}
