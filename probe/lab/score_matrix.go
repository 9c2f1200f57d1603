//go:build linux

package lab

import (
	"maps"
	"slices"
	"strings"

	"posprobe/report"
)

// Matrix counts answers (columns) to truths (rows). The words are those of truthOf and
// answerOf.
type Matrix map[string]map[string]int

func (m Matrix) add(truth, answer string) {
	if m[truth] == nil {
		m[truth] = map[string]int{}
	}
	m[truth][answer]++
}

// Rows lists the truths that occurred: none first, then by name.
func (m Matrix) Rows() []string {
	rows := slices.Sorted(maps.Keys(m))
	slices.SortStableFunc(rows, func(a, b string) int {
		switch {
		case a == b:
			return 0
		case a == noTruth:
			return -1
		case b == noTruth:
			return 1
		}
		return 0
	})
	return rows
}

// noTruth is the row of worlds in which nothing is broken.
const noTruth = "nothing"

// answers are the columns of a Matrix, in the order of a table.
var answers = []string{"healthy", "inconclusive", string(report.DomainDevice), string(report.DomainNetwork),
	string(report.DomainHost), string(report.DomainAccount)}

// truthOf is a scenario's row: its domains in alphabetical order, joined by " + ".
func truthOf(s Scenario) string {
	if len(s.Truth) == 0 {
		return noTruth
	}
	var words []string
	for _, d := range s.Truth {
		words = append(words, string(d))
	}
	slices.Sort(words)
	return strings.Join(slices.Compact(words), " + ")
}

// answerOf is an outcome's column: the domain named, healthy or inconclusive.
func answerOf(o Outcome) string {
	if d := o.Report.Diagnosis.Domain; d != "" {
		return string(d)
	}
	return o.Headline()
}
