//go:build linux

package lab

import (
	"slices"
	"strings"

	"posprobe/report"
)

// Score is what a set of outcomes says of posprobe. It is pure: the same outcomes give
// the same score, in whatever order they came.
type Score struct {
	// Outcomes is how many there were, Busy how often one was repeated because the
	// machine starved it.
	Outcomes, Busy int
	// Domains counts what was said (columns) of what was true (rows).
	Domains Matrix
	// Precision: of the verdicts that name a domain, those that name a true one.
	// Coverage: of the decidable faults, those for which a domain is named.
	Precision, Coverage Share
	// Decidable: of the worlds in which something is broken, those of which it can be said
	// from the terminal where. Named: of the same, those for which a domain is named.
	Decidable, Named Share
	// Codes: of the decidable single faults, those with the expected or an acceptable
	// headline. Exactly: those with the expected one.
	Codes, Exactly Share
	// Confused are the decidable single faults with another headline than the expected.
	Confused []Confusion
	// Wrong are the headlines that name a domain in which nothing is broken; Beside are
	// further findings that do, likely or proven and not masked, below a right headline.
	Wrong, Beside []Accusation
	// NearMisses are findings that a scenario warns of and that were made.
	NearMisses []Accusation
	// Healthy and Odd: of the healthy worlds, plain and out of the ordinary, those called
	// healthy.
	Healthy, Odd Share
	// Doubles: of the double faults whose expectation names findings, those with all of them.
	Doubles Share
	// Took, Packets and Bytes are spreads over the outcomes of a class, in s, IP packets
	// and bytes at the IP layer; a class without an outcome is missing.
	Took, Packets, Bytes map[Class]Spread
	// Rival compares with blackbox_exporter.
	Rival Rival
	// Shown and FixtureOnly divide the catalogue: codes that were a finding of some
	// outcome, masked or merely possible ones too, and codes that never were.
	Shown, FixtureOnly []report.Code
}

// Accusation is a finding that should not have been made.
type Accusation struct {
	Scenario   string
	Truth      []report.Domain
	Code       report.Code
	Domain     report.Domain
	Confidence report.Confidence
}

// Confusion is how often one headline was given for another.
type Confusion struct {
	Expected, Named string
	Scenarios       []string
}

// ScoreOf scores outcomes.
func ScoreOf(outcomes []Outcome) Score {
	outcomes = slices.Clone(outcomes)
	slices.SortFunc(outcomes, byName)
	s := Score{Outcomes: len(outcomes), Domains: Matrix{}}
	for _, o := range outcomes {
		s.Busy += o.Busy
		s.Domains.add(truthOf(*o.Scenario), answerOf(o))
		s.addAccusations(o)
		s.addHits(o)
		s.Rival.add(o)
	}
	s.Confused = confusions(outcomes)
	s.Took, s.Packets, s.Bytes = spreads(outcomes)
	s.Shown, s.FixtureOnly = shown(outcomes)
	return s
}

func byName(a, b Outcome) int { return strings.Compare(a.Scenario.Name, b.Scenario.Name) }

// addHits counts an outcome in the shares that it belongs to.
func (s *Score) addHits(o Outcome) {
	domain := o.Report.Diagnosis.Domain
	if domain != "" {
		s.Precision.count(slices.Contains(o.Scenario.Truth, domain))
	}
	if len(o.Scenario.Truth) > 0 {
		s.Decidable.count(decidable(*o.Scenario))
		s.Named.count(domain != "")
	}
	if decidable(*o.Scenario) {
		s.Coverage.count(domain != "")
		if o.Scenario.Kind == KindSingle {
			s.Exactly.count(o.Headline() == o.Scenario.Expected.Headline)
			s.Codes.count(o.Headline() == o.Scenario.Expected.Headline || slices.Contains(o.Scenario.Acceptable, o.Headline()))
		}
	}
	healthy := o.Report.Diagnosis.Verdict == report.VerdictHealthy
	switch o.Scenario.Kind {
	case KindHealthy:
		s.Healthy.count(healthy)
	case KindOdd:
		s.Odd.count(healthy)
	case KindDouble:
		if want := o.Scenario.Expected.Named; len(want) > 0 {
			s.Doubles.count(!slices.ContainsFunc(want, func(c report.Code) bool { return !named(o.Report.Diagnosis, c) }))
		}
	}
}

// addAccusations notes what an outcome says that it should not.
func (s *Score) addAccusations(o Outcome) {
	d := o.Report.Diagnosis
	wrong := d.Domain != "" && !slices.Contains(o.Scenario.Truth, d.Domain)
	if wrong {
		s.Wrong = append(s.Wrong, accuse(o, d.Code, d.Domain, d.Confidence))
	}
	for _, f := range d.Findings {
		if f.Kind != report.KindFault || f.Confidence == report.Possible || f.MaskedBy != "" {
			continue
		}
		a := accuse(o, f.Code, f.Domain, f.Confidence)
		if !slices.Contains(o.Scenario.Truth, f.Domain) && !(wrong && f.Code == d.Code) {
			s.Beside = append(s.Beside, a)
		}
		if slices.Contains(o.Scenario.NearMisses, f.Code) {
			s.NearMisses = append(s.NearMisses, a)
		}
	}
}

func accuse(o Outcome, code report.Code, domain report.Domain, confidence report.Confidence) Accusation {
	return Accusation{o.Scenario.Name, o.Scenario.Truth, code, domain, confidence}
}

// decidable reports whether a scenario's fault can be named from the terminal.
func decidable(s Scenario) bool {
	_, ok := report.LookupRow(report.Code(s.Expected.Headline))
	return ok
}

// confusions collects the headlines of decidable single faults that are not the expected.
func confusions(outcomes []Outcome) []Confusion {
	var out []Confusion
	for _, o := range outcomes {
		expected, named := o.Scenario.Expected.Headline, o.Headline()
		if o.Scenario.Kind != KindSingle || !decidable(*o.Scenario) || expected == named {
			continue
		}
		i := slices.IndexFunc(out, func(c Confusion) bool { return c.Expected == expected && c.Named == named })
		if i < 0 {
			i = len(out)
			out = append(out, Confusion{Expected: expected, Named: named})
		}
		out[i].Scenarios = append(out[i].Scenarios, o.Scenario.Name)
	}
	slices.SortFunc(out, func(a, b Confusion) int {
		return strings.Compare(a.Expected+" "+a.Named, b.Expected+" "+b.Named)
	})
	return out
}

// shown divides the catalogue by whether an outcome had such a finding.
func shown(outcomes []Outcome) (shown, never []report.Code) {
	seen := map[report.Code]bool{}
	for _, o := range outcomes {
		for _, f := range o.Report.Diagnosis.Findings {
			seen[f.Code] = true
		}
	}
	for _, row := range report.Catalogue() {
		if seen[row.Code] {
			shown = append(shown, row.Code)
		} else {
			never = append(never, row.Code)
		}
	}
	return shown, never
}
