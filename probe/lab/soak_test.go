//go:build linux

package lab

import (
	"slices"
	"strings"
	"testing"

	"posprobe/report"
)

func TestSoakFigures(t *testing.T) {
	s := Soak{Scenario: &Scenario{Name: "soak/x", Kind: KindSingle, Truth: []report.Domain{report.DomainHost},
		Expected: Expected{Headline: "host.refused"}, Acceptable: []string{"host.silent"}}, Repeated: 3}
	for _, said := range []string{"inconclusive", "host.refused", "host.refused", "network.path.lost", "host.silent", "host.closed", "healthy", "host.refused"} {
		s.Rounds = append(s.Rounds, made("x", KindSingle, report.DomainHost, "", said).Report.Diagnosis)
	}
	f := s.Figures()
	if f.Rounds != 8 || f.Expected != 4 || f.Inconclusive != 1 || f.False != 1 || f.Flips != 6 || f.Headlines[0] != (HeadlineCount{"host.refused", 3}) || len(f.Headlines) != 6 {
		t.Errorf("%+v", f)
	}
	if text := soakMarkdown([]Soak{s}); !strings.Contains(text, "| soak/x | 8 | 4 | 1 | 1 | 47.1 % | 6 times | host.refused 3, ") {
		t.Errorf("%s", text)
	}
	if f := (Soak{Scenario: &Scenario{}}).Figures(); f.Flips != 0 || f.Rounds != 0 {
		t.Errorf("of nothing: %+v", f)
	}
}

func TestSoakScenarios(t *testing.T) {
	list := soakScenarios()
	if list[0].Kind != KindHealthy || len(list) != 11 {
		t.Errorf("%d worlds, the first %s", len(list), list[0].Kind)
	}
	for _, s := range list[1:] {
		s.Expected.Because = "it is in these tests"
		if err := s.check(); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
		row, named := report.LookupRow(report.Code(s.Expected.Headline))
		if !named && s.Expected.Headline != "inconclusive" && s.Expected.Headline != "healthy" || named && !slices.Contains(s.Truth, row.Domain) {
			t.Errorf("%s expects %q, with %v broken", s.Name, s.Expected.Headline, s.Truth)
		}
	}
}
