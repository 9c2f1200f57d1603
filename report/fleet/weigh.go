package fleet

import "posprobe/report"

// What it takes to say something; see the package comment for how.
const (
	// Few is how many terminals must be bad together: fewer may be so by chance.
	Few = 5
	// Most is the share of them, in percent, that has to be bad, or to agree.
	Most = 80
	// Witnesses is how many good terminals show that something works.
	Witnesses = 3
	// Crowd is how many stand for a provider that is not known.
	Crowd = 20
	// Known is the share of the good terminals, in percent, whose provider has to be
	// known before one is blamed: it is known of those that report, and the bad ones do.
	Known = 50
)

// tally counts terminals in a slot.
type tally struct{ bad, good, presumed int32 }

func (t *tally) add(o tally) {
	t.bad, t.good, t.presumed = t.bad+o.bad, t.good+o.good, t.presumed+o.presumed
}

func (t tally) less(o tally) tally {
	return tally{t.bad - o.bad, t.good - o.good, t.presumed - o.presumed}
}

// heard is how many terminals it counts.
func (t tally) heard() int32 { return t.bad + t.good + t.presumed }

// most reports whether part is Most of the whole.
func most(part, whole int32) bool { return part > 0 && part*100 >= whole*Most }

// dark reports whether it is bad for most of enough terminals, those presumed good
// counted against it. works reports whether it is good for most of enough.
func (t tally) dark() bool  { return t.bad >= Few && most(t.bad, t.heard()) }
func (t tally) works() bool { return t.good >= Witnesses && most(t.good, t.good+t.bad) }

// opinion counts what the reports of bad terminals say, each by its own evidence.
type opinion struct{ all, host, access int32 }

// moment is how all terminals are in one slot.
type moment struct {
	f *Fleet
	// cells are by provider and endpoint; columns by endpoint, rows by provider. A
	// terminal is bad in a row when it reaches nothing.
	cells   map[pair]*tally
	columns map[int32]*tally
	rows    map[int32]*tally
	reached map[int32][]int32 // the endpoints of a provider's cells
	// carried counts by provider the bad terminals whose report got through at once.
	carried map[int32]int32
	says    map[pair]opinion // by provider, or 0, and endpoint, or 0
	all     tally
	// good counts the terminals that reach something; known those of them whose provider is known.
	good    int32
	known   [providerKinds]int32
	verdict map[pair]Kind // of a provider, or 0, and an endpoint, or 0
}

func entry(m map[int32]*tally, k int32) *tally {
	if m[k] == nil {
		m[k] = &tally{}
	}
	return m[k]
}

// weigh looks at all terminals in the slot that begins at s; nil where none is bad.
func (f *Fleet) weigh(s minute) *moment {
	m := &moment{f: f, cells: map[pair]*tally{}, columns: map[int32]*tally{}, rows: map[int32]*tally{},
		reached: map[int32][]int32{}, carried: map[int32]int32{}, says: map[pair]opinion{}, verdict: map[pair]Kind{}}
	for i := range f.terminals {
		t := &f.terminals[i]
		if n := t.at(s); n.heard || n.presumed {
			m.count(t, n)
		}
	}
	if m.all.bad == 0 {
		return nil
	}
	m.judge()
	return m
}

func (m *moment) count(t *terminal, n now) {
	row := tally{}
	switch {
	case n.presumed:
		row.presumed = 1
	case n.good != 0 || n.carried:
		row.good = 1
	case n.bad != 0:
		row.bad = 1
	}
	if n.bad != 0 {
		m.all.bad++
	} else {
		m.all.add(row)
	}
	m.good += row.good
	seen := [providerKinds]bool{}
	for _, p := range t.providers {
		entry(m.rows, p).add(row)
		if n.carried && n.bad != 0 {
			m.carried[p]++
		}
		if k := kindOf(m.f.providers.text[p]); row.good > 0 && !seen[k] {
			seen[k] = true
			m.known[k]++
		}
	}
	m.place(t, n.bad, tally{bad: 1})
	if n.presumed {
		m.place(t, n.good, tally{presumed: 1})
	} else {
		m.place(t, n.good, tally{good: 1})
	}
	if n.run >= 0 && n.bad != 0 {
		m.ask(t, n)
	}
}

// place counts a terminal at endpoints.
func (m *moment) place(t *terminal, set uint8, what tally) {
	t.each(set, func(e int32) {
		entry(m.columns, e).add(what)
		for _, p := range t.providers {
			k := pair{p, e}
			if m.cells[k] == nil {
				m.cells[k] = &tally{}
				m.reached[p] = append(m.reached[p], e)
			}
			m.cells[k].add(what)
		}
	})
}

// ask counts what a bad terminal's own report says.
func (m *moment) ask(t *terminal, n now) {
	r := &t.runs[n.run]
	note := func(p, e int32) {
		k := pair{p, e}
		o := m.says[k]
		o.all++
		switch domains[r.domain] {
		case report.DomainHost, report.DomainAccount:
			o.host++
		case report.DomainNetwork:
			if access(m.f.codes.text[r.code]) {
				o.access++
			}
		}
		m.says[k] = o
	}
	t.each(n.bad, func(e int32) {
		note(0, e)
		for _, p := range t.providers {
			note(p, e)
		}
	})
	for _, p := range t.providers {
		note(p, 0)
	}
}
