//go:build linux

package lab

import (
	"slices"

	"posprobe/report"
)

// TwinPair are two outcomes whose worlds look the same from the terminal and have
// different truths.
type TwinPair struct{ A, B Outcome }

// TwinsOf returns the pairs whose both halves are among the outcomes, by name of the
// first; each pair once, whichever half names the other.
func TwinsOf(outcomes []Outcome) []TwinPair {
	byScenario := map[string]Outcome{}
	for _, o := range outcomes {
		byScenario[o.Scenario.Name] = o
	}
	var out []TwinPair
	for _, a := range outcomes {
		b, ok := byScenario[a.Scenario.Twin]
		if !ok {
			continue
		}
		// Of two that name each other the first stands for both.
		if b.Scenario.Twin == a.Scenario.Name && b.Scenario.Name < a.Scenario.Name {
			continue
		}
		out = append(out, TwinPair{a, b})
	}
	slices.SortFunc(out, func(x, y TwinPair) int { return byName(x.A, y.A) })
	return out
}

// Alike reports whether both halves were judged the same: one headline, the same domains
// left open.
func (p TwinPair) Alike() bool {
	return p.A.Headline() == p.B.Headline() && slices.Equal(leftOpen(p.A), leftOpen(p.B))
}

// Honest reports whether the pair was judged as it must be where nothing tells its
// halves apart: alike, inconclusive, and with the truths of both left open.
func (p TwinPair) Honest() bool {
	if !p.Alike() || p.A.Headline() != "inconclusive" {
		return false
	}
	for _, d := range slices.Concat(p.A.Scenario.Truth, p.B.Scenario.Truth) {
		if !slices.Contains(leftOpen(p.A), d) {
			return false
		}
	}
	return true
}

// Wrong reports whether a half accuses a domain that is sound in its world.
func (p TwinPair) Wrong() bool {
	for _, o := range []Outcome{p.A, p.B} {
		if d := o.Report.Diagnosis.Domain; d != "" && !slices.Contains(o.Scenario.Truth, d) {
			return true
		}
	}
	return false
}

// leftOpen lists the domains that an outcome leaves open, in alphabetical order.
func leftOpen(o Outcome) []report.Domain {
	return slices.Sorted(slices.Values(o.Report.Diagnosis.Remaining))
}
