package fleet

import (
	"slices"
	"time"
)

// minute counts the minutes since 1970.
type minute int32

func minuteOf(t time.Time) minute {
	m := t.Unix() / 60
	if m < 0 || m > 1<<30 {
		return 0
	}
	return minute(m)
}

func (m minute) time() time.Time { return time.Unix(int64(m)*60, 0).UTC() }

// slot is ten minutes in which terminals are compared.
const slot minute = 10

// How long a state holds after it was last heard, in minutes: see the package comment.
const (
	holdBad  minute = 20
	holdOpen minute = 70
	presume  minute = 120
)

// terminal is what is kept of a terminal: under 2 kB.
type terminal struct {
	name      string
	endpoints []int32 // numbers of its endpoints, at most maxEndpoints
	providers []int32 // of the signs of its provider
	version   int32
	model     int32
	region    int32
	runs      []run // in the order of their beginning
}

// maxRuns is how many stretches of time are kept of a terminal; the oldest go.
const maxRuns = 48

// run is a stretch of time through which a terminal was in one state.
type run struct {
	from, to minute
	// bad and good are its endpoints, a bit each, by their place in terminal.endpoints.
	bad, good uint8
	code      int32 // 0 in good runs
	domain    uint8 // index of domains
	sick      bool  // the verdict was not healthy
	local     bool
	planned   bool
	carried   bool
	open      bool // within an incident that was not over
	told      told8
	// works are witnesses: other terminals at its endpoints, and at its provider.
	worksEndpoint, worksProvider int32
}

// told8 is what the slots of a run were found to be.
type told8 uint8

const (
	toldShared told8 = 1 << iota // by its endpoint or its provider
	toldPath
	toldShop
)

// same reports whether two runs say the same and may become one.
func (r *run) same(o *run) bool {
	return r.sick == o.sick && r.code == o.code && r.bad == o.bad && r.good == o.good && r.domain == o.domain &&
		r.planned == o.planned && r.carried == o.carried
}

// add puts a run where it belongs in time, and joins it with its like; it reports whether
// another one had to go.
func (t *terminal) add(n run) (dropped bool) {
	for i := 0; i < len(t.runs); i++ {
		if o := &t.runs[i]; o.same(&n) && n.from <= o.to+holdBad && o.from <= n.to+holdBad && !t.parted(o, &n) {
			n.from, n.to, n.open = min(n.from, o.from), max(n.to, o.to), n.open || o.open
			t.runs = slices.Delete(t.runs, i, i+1)
			i = -1 // what is longer now may reach others
		}
	}
	at, _ := slices.BinarySearchFunc(t.runs, n.from, func(r run, from minute) int { return int(r.from) - int(from) })
	t.runs = slices.Insert(t.runs, at, n)
	if len(t.runs) > maxRuns {
		t.runs = slices.Delete(t.runs, 0, 1)
		return true
	}
	return false
}

// parted reports whether something else stands between two runs, so that they are two.
func (t *terminal) parted(a, b *run) bool {
	if a.from > b.from {
		a, b = b, a
	}
	return a.to < b.from && slices.ContainsFunc(t.runs, func(r run) bool {
		return r.sick != a.sick && r.from > a.to && r.to < b.from
	})
}

// now is a terminal's state in a slot.
type now struct {
	heard, presumed bool
	bad, good       uint8 // as in run; of a presumed one, good
	carried         bool
	run             int // the index of the bad run, -1 without one
}

// at is the state in the slot that begins at s.
func (t *terminal) at(s minute) now {
	n := now{run: -1}
	end := s + slot - 1
	last, lastGood := -1, -1 // what ended latest before the slot
	for i := range t.runs {
		r := &t.runs[i]
		switch {
		case r.from > end:
		case r.to >= s:
			n.heard = true
			n.bad, n.good, n.carried = n.bad|r.bad, n.good|r.good, n.carried || r.carried
			if r.sick {
				n.run = i
			}
		default:
			if last < 0 || r.to >= t.runs[last].to {
				last = i
			}
			if !r.sick && (lastGood < 0 || r.to > t.runs[lastGood].to) {
				lastGood = i
			}
		}
	}
	if !n.heard && last >= 0 {
		r := &t.runs[last]
		switch {
		case r.sick && s-r.to <= r.hold():
			n.heard, n.run, n.bad, n.good, n.carried = true, last, r.bad, r.good, r.carried
		case lastGood == last && s-r.to <= presume:
			n.presumed, n.good = true, r.good
		}
	}
	n.good &^= n.bad
	return n
}

// hold is how long a bad run holds beyond its end.
func (r *run) hold() minute {
	if r.open {
		return holdOpen
	}
	return holdBad
}
