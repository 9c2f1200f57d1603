package report

import (
	"slices"
	"testing"
)

func TestRows(t *testing.T) {
	covered := map[Code]bool{}
	for _, c := range rowCases {
		if covered[c.code] {
			t.Errorf("%s: more than one case", c.code)
		}
		covered[c.code] = true
		if _, ok := LookupRow(c.code); !ok {
			t.Errorf("%s: no such row", c.code)
			continue
		}
		if d := Diagnose(c.show().evidence()); !slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Code == c.code }) {
			t.Errorf("%s: not shown: %s", c.code, brief(d))
		}
		if d := Diagnose(c.quiet().evidence()); slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Code == c.code }) {
			t.Errorf("%s: not quiet: %s", c.code, brief(d))
		}
	}
	for _, r := range Catalogue() {
		if !covered[r.Code] {
			t.Errorf("%s: no case", r.Code)
		}
	}
}

func brief(d Diagnosis) string {
	s := string(d.Verdict) + " " + string(d.Code) + " " + string(d.Confidence) + " [" + string(d.Planned) + "]"
	for _, f := range d.Findings {
		s += " | " + string(f.Code) + ":" + string(f.Confidence)
		if f.MaskedBy != "" {
			s += "<" + string(f.MaskedBy)
		}
	}
	if len(d.Unexplained) > 0 {
		s += " unexplained"
		for _, p := range d.Unexplained {
			s += " " + p
		}
	}
	for _, r := range d.Remaining {
		s += " +" + string(r)
	}
	return s
}
