//go:build linux

package lab

import (
	"math"
	"slices"

	"posprobe/report"
)

// Class groups outcomes whose times and volumes are comparable.
type Class string

// The classes. An outcome of a fault is a black hole when no connection came about and
// some attempt ran out of time, a silent host when a connection came about and a reply
// did not come in time, else a plain fault.
const (
	ClassHealthy   Class = "healthy"
	ClassFault     Class = "fault"
	ClassSilent    Class = "silent host"
	ClassBlackHole Class = "black hole"
	// ClassFaults are all faults together.
	ClassFaults Class = "all faults"
)

// classes lists every Class in the order of a table.
var classes = []Class{ClassHealthy, ClassFault, ClassSilent, ClassBlackHole, ClassFaults}

// classOf is an outcome's class: by the truth whether it is healthy, else by what was
// seen.
func classOf(o Outcome) Class {
	if o.Scenario.Kind == KindHealthy || o.Scenario.Kind == KindOdd {
		return ClassHealthy
	}
	late := func(f *report.Failure) bool { return f.Is(report.FailDeadline, report.FailKernelTimeout) }
	connected, lost, silent := false, false, false
	e := o.Report.Evidence
	for _, c := range e.Connects {
		if c.Endpoint != "" { // a reference's is not the acquirer's
			connected = connected || c.Failure == nil
			lost = lost || late(c.Failure)
		}
	}
	for _, l := range e.Lookups {
		lost = lost || late(l.Failure)
	}
	for _, h := range e.TLS {
		silent = silent || late(h.Failure)
	}
	for _, s := range e.SignOns {
		silent = silent || late(s.Failure)
	}
	switch {
	case silent:
		return ClassSilent
	case lost && !connected:
		return ClassBlackHole
	}
	return ClassFault
}

// Spread describes a set of numbers. P95 is the smallest of them that is no smaller than
// 95 % of them (nearest rank).
type Spread struct {
	N                int
	Median, P95, Max float64
}

// spreadOf describes numbers, of which there is at least one.
func spreadOf(numbers []float64) Spread {
	slices.Sort(numbers)
	rank := func(p float64) float64 { return numbers[max(0, int(math.Ceil(p*float64(len(numbers))))-1)] }
	return Spread{len(numbers), rank(0.5), rank(0.95), numbers[len(numbers)-1]}
}

// spreads describes duration and volume of the outcomes in each class.
func spreads(outcomes []Outcome) (took, packets, bytes map[Class]Spread) {
	describe := func(number func(Outcome) float64) map[Class]Spread {
		numbers := map[Class][]float64{}
		for _, o := range outcomes {
			c := classOf(o)
			numbers[c] = append(numbers[c], number(o))
			if c != ClassHealthy {
				numbers[ClassFaults] = append(numbers[ClassFaults], number(o))
			}
		}
		out := map[Class]Spread{}
		for c, n := range numbers {
			out[c] = spreadOf(n)
		}
		return out
	}
	return describe(func(o Outcome) float64 { return o.Took.Seconds() }),
		describe(func(o Outcome) float64 { return float64(o.Packets) }),
		describe(func(o Outcome) float64 { return float64(o.Bytes) })
}
