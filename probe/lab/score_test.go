//go:build linux

package lab

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"posprobe/report"
)

// made makes an outcome: a scenario with a truth and an expected headline, and what was
// said. Further findings may follow.
func made(name string, kind ScenarioKind, truth report.Domain, expected, said string, more ...report.Finding) Outcome {
	s := &Scenario{Name: name, Kind: kind, Expected: Expected{Headline: expected}}
	if truth != "" {
		s.Truth = []report.Domain{truth}
	}
	o := Outcome{Scenario: s}
	d := &o.Report.Diagnosis
	switch said {
	case "healthy":
		d.Verdict = report.VerdictHealthy
	case "inconclusive":
		d.Verdict = report.VerdictInconclusive
	default:
		row, ok := report.LookupRow(report.Code(said))
		if !ok {
			panic("no row " + said)
		}
		d.Verdict, d.Code, d.Domain, d.Confidence = report.VerdictFault, row.Code, row.Domain, report.Likely
		d.Findings = append(d.Findings, found(said, report.Likely, ""))
	}
	d.Findings = append(d.Findings, more...)
	return o
}

func found(code string, c report.Confidence, maskedBy report.Code) report.Finding {
	row, _ := report.LookupRow(report.Code(code))
	return report.Finding{Kind: row.Kind, Code: row.Code, Domain: row.Domain, Confidence: c, MaskedBy: maskedBy}
}

// sample holds one outcome of every sort that is counted.
func sample() []Outcome {
	missed := made("f_near", KindSingle, report.DomainHost, "inconclusive", "inconclusive", found("network.path.lost", report.Likely, ""),
		found("network.dns.slow", report.Likely, "network.path.lost"), found("device.no_route", report.Possible, ""))
	missed.Scenario.NearMisses = []report.Code{"network.path.lost", "host.refused"}
	accepted := made("g_accepted", KindSingle, report.DomainHost, "host.no_response", "host.closed")
	accepted.Scenario.Acceptable = []string{"host.closed"}
	both := made("d_both", KindDouble, report.DomainHost, "host.slow", "host.slow", found("network.dns.slow", report.Likely, "host.slow"))
	both.Scenario.Truth = append(both.Scenario.Truth, report.DomainNetwork)
	both.Scenario.Expected.Named = []report.Code{"host.slow", "network.dns.slow"}
	half := made("e_half", KindDouble, report.DomainHost, "host.slow", "host.slow", found("network.dns.slow", report.Possible, ""))
	half.Scenario.Truth = append(half.Scenario.Truth, report.DomainNetwork)
	half.Scenario.Expected.Named = []report.Code{"host.slow", "network.dns.slow"}
	right := made("b_right", KindSingle, report.DomainHost, "host.refused", "host.refused")
	right.Busy = 2
	return []Outcome{
		made("a_healthy", KindHealthy, "", "healthy", "healthy"),
		right,
		made("c_wrong", KindSingle, report.DomainNetwork, "network.path.lost", "host.no_response", found("host.slow", report.Proven, "")),
		both, half, missed, accepted,
		made("h_odd_accused", KindOdd, "", "healthy", "device.cpu"),
		made("i_odd", KindOdd, "", "healthy", "healthy"),
		made("j_coy", KindSingle, report.DomainDevice, "device.no_route", "inconclusive"),
	}
}

func TestScore(t *testing.T) {
	s := ScoreOf(sample())
	for what, c := range map[string]struct{ got, want Share }{
		"precision": {s.Precision, Share{4, 6}}, // wrong: c_wrong, h_odd_accused
		"coverage":  {s.Coverage, Share{5, 6}},  // missed: j_coy
		"codes":     {s.Codes, Share{2, 4}},
		"exactly":   {s.Exactly, Share{1, 4}},
		"healthy":   {s.Healthy, Share{1, 1}},
		"odd":       {s.Odd, Share{1, 2}},
		"doubles":   {s.Doubles, Share{1, 2}},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", what, c.got, c.want)
		}
	}
	if s.Busy != 2 || s.Outcomes != 10 {
		t.Errorf("%d outcomes, %d repeated", s.Outcomes, s.Busy)
	}
	want := []Accusation{
		{"c_wrong", []report.Domain{report.DomainNetwork}, "host.no_response", report.DomainHost, report.Likely},
		{"h_odd_accused", nil, "device.cpu", report.DomainDevice, report.Likely},
	}
	if !slices.EqualFunc(s.Wrong, want, sameAccusation) {
		t.Errorf("wrong: %+v", s.Wrong)
	}
	// What is masked or merely possible accuses nobody.
	if names := scenarioNames(s.Beside); !slices.Equal(names, []string{"c_wrong host.slow", "f_near network.path.lost"}) {
		t.Errorf("beside: %v", names)
	}
	if names := scenarioNames(s.NearMisses); !slices.Equal(names, []string{"f_near network.path.lost"}) {
		t.Errorf("near misses: %v", names)
	}
	if s.Domains["network"]["host"] != 1 || s.Domains["nothing"]["device"] != 1 || s.Domains["host + network"]["host"] != 2 || s.Domains["device"]["inconclusive"] != 1 {
		t.Errorf("matrix: %v", s.Domains)
	}
	if rows := s.Domains.Rows(); rows[0] != "nothing" || !slices.IsSorted(rows[1:]) {
		t.Errorf("rows: %v", rows)
	}
	if len(s.Confused) != 3 || s.Confused[2].Named != "host.no_response" {
		t.Errorf("confused: %+v", s.Confused)
	}
	if len(s.Shown)+len(s.FixtureOnly) != len(report.Catalogue()) || !slices.Contains(s.Shown, "network.dns.slow") || slices.Contains(s.FixtureOnly, "host.refused") {
		t.Errorf("shown %v, fixture only %v", s.Shown, s.FixtureOnly)
	}
}

// The order in which worlds end must not show.
func TestScoreOrder(t *testing.T) {
	a := sample()
	b := slices.Clone(a)
	slices.Reverse(b)
	if ScoreOf(a).Markdown() != ScoreOf(b).Markdown() {
		t.Error("the score depends on the order of the outcomes")
	}
}

func sameAccusation(a, b Accusation) bool {
	return a.Scenario == b.Scenario && slices.Equal(a.Truth, b.Truth) && a.Code == b.Code && a.Domain == b.Domain && a.Confidence == b.Confidence
}

func scenarioNames(list []Accusation) (out []string) {
	for _, a := range list {
		out = append(out, a.Scenario+" "+string(a.Code))
	}
	return out
}

// Values from the formula worked by hand; the first is Wilson's well-known 0.722 to 1.
func TestShareInterval(t *testing.T) {
	for s, want := range map[Share][2]float64{
		{10, 10}:  {0.7225, 1},
		{0, 10}:   {0, 0.2775},
		{1, 2}:    {0.0945, 0.9055},
		{99, 100}: {0.9455, 0.9982},
		{0, 0}:    {0, 1},
	} {
		low, high := s.Interval()
		if math.Abs(low-want[0]) > 1e-4 || math.Abs(high-want[1]) > 1e-4 {
			t.Errorf("%v: %.4f to %.4f, want %v", s, low, high, want)
		}
	}
}

func TestClassOf(t *testing.T) {
	late := &report.Failure{Type: report.FailDeadline}
	with := func(kind ScenarioKind, e report.Evidence) Outcome {
		return Outcome{Scenario: &Scenario{Kind: kind}, Report: report.Report{Evidence: e}}
	}
	connect := func(f *report.Failure) []report.Connect { return []report.Connect{{Endpoint: "e", Failure: f}} }
	for name, c := range map[string]struct {
		o    Outcome
		want Class
	}{
		"odd":         {with(KindOdd, report.Evidence{Connects: connect(late)}), ClassHealthy},
		"dark":        {with(KindSingle, report.Evidence{Connects: connect(late)}), ClassBlackHole},
		"no resolver": {with(KindSingle, report.Evidence{Lookups: []report.Lookup{{Failure: late}}}), ClassBlackHole},
		"silent":      {with(KindSingle, report.Evidence{Connects: connect(nil), SignOns: []report.SignOn{{Failure: late}}}), ClassSilent},
		"silent TLS":  {with(KindSingle, report.Evidence{Connects: connect(nil), TLS: []report.Handshake{{Failure: late}}}), ClassSilent},
		"refused":     {with(KindDouble, report.Evidence{Connects: connect(&report.Failure{Type: report.FailRefused})}), ClassFault},
		"one works":   {with(KindSingle, report.Evidence{Connects: append(connect(late), connect(nil)...)}), ClassFault},
		"reference":   {with(KindSingle, report.Evidence{Connects: append(connect(late), report.Connect{})}), ClassBlackHole},
	} {
		if got := classOf(c.o); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestSpreads(t *testing.T) {
	var list []Outcome
	for i := range 20 {
		o := made("x", KindHealthy, "", "healthy", "healthy")
		o.Took, o.Packets, o.Bytes = time.Duration(20-i)*time.Second, int64(i), int64(100*i)
		list = append(list, o)
	}
	took, packets, bytes := spreads(list)
	if took[ClassHealthy] != (Spread{20, 10, 19, 20}) || packets[ClassHealthy].Max != 19 || bytes[ClassHealthy].Median != 900 || len(took) != 1 {
		t.Errorf("%+v %+v %+v", took, packets, bytes)
	}
}

func TestRival(t *testing.T) {
	up, down := true, false
	asked := func(o Outcome, answer *bool) Outcome { o.Blackbox = answer; return o }
	slow := asked(made("d", KindSingle, report.DomainHost, "host.slow", "host.slow"), &up)
	slow.Report.Evidence.SignOns = []report.SignOn{{ResponseCode: "00"}}
	failing := asked(made("e", KindSingle, report.DomainHost, "host.system_error", "host.system_error"), &up)
	failing.Report.Evidence.SignOns = []report.SignOn{{ResponseCode: "96"}}
	r := ScoreOf([]Outcome{
		asked(made("a", KindHealthy, "", "healthy", "healthy"), &up),
		asked(made("b", KindOdd, "", "healthy", "host.refused"), &down),
		asked(made("c", KindSingle, report.DomainHost, "host.refused", "host.refused"), &down),
		slow, failing,
		made("not asked", KindSingle, report.DomainHost, "host.refused", "host.refused"),
	}).Rival
	want := Rival{LeftOut: 1}
	want.Exporter.Broken, want.Exporter.Healthy = Share{1, 2}, Share{1, 2}
	want.Posprobe.Broken, want.Posprobe.Healthy = Share{2, 2}, Share{1, 2}
	if r != want {
		t.Errorf("%+v, want %+v", r, want)
	}
}

func TestScoreMarkdown(t *testing.T) {
	text := ScoreOf(sample()).Markdown()
	for _, want := range []string{
		"| precision: the right domain, where one is named | 66.7 % | 4 of 6 | 30.0 % to 90.3 % |",
		"| c_wrong | network | host.no_response | host | likely |",
		"| f_near | host | network.path.lost | network | likely |",
		"| device.no_route | inconclusive | 1 | j_coy |",
		"| host + network |  |  |  |  | 2 |  |",
		"`device.memory`",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if empty := ScoreOf(nil).Markdown(); !strings.Contains(empty, "none to count") || strings.Contains(empty, "NaN") {
		t.Errorf("of nothing:\n%s", empty)
	}
}
