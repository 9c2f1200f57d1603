//go:build linux

package lab

import (
	"strings"
	"testing"
	"time"

	"posprobe/report"
)

// wellJudged is an outcome that is right: a refusal, of which the host is likely.
func wellJudged() Outcome {
	s := &Scenario{
		Kind: KindSingle, Truth: []report.Domain{report.DomainHost},
		Expected: Expected{
			Headline: "host.refused", Named: []report.Code{"host.refused"},
			Remaining: []report.Domain{report.DomainNetwork}, Excluded: []report.Domain{report.DomainDevice},
		},
		NearMisses: []report.Code{"network.path.rejected"},
		Evidence:   []Statement{{At: "/diagnosis/code", Is: "host.refused"}},
	}
	o := Outcome{Scenario: s, Exit: 30, Took: time.Second}
	o.Report.Diagnosis = report.Diagnosis{
		Verdict: report.VerdictFault, Domain: report.DomainHost, Code: "host.refused", Confidence: report.Likely,
		Findings: report.List[report.Finding]{
			{Kind: report.KindFault, Code: "host.refused", Domain: report.DomainHost, Confidence: report.Likely},
			{Kind: report.KindFault, Code: "network.path.rejected", Domain: report.DomainNetwork},
			{Kind: report.KindFault, Code: "device.cpu", Domain: report.DomainDevice, Confidence: report.Likely, MaskedBy: "host.refused"},
		},
		Remaining: report.List[report.Domain]{report.DomainNetwork},
	}
	return o
}

func TestJudge(t *testing.T) {
	if wrong := Judge(wellJudged()); len(wrong) > 0 {
		t.Fatalf("right, and yet: %q", wrong)
	}
	for want, spoil := range map[string]func(*Outcome){
		"headline inconclusive":            func(o *Outcome) { o.Report.Diagnosis.Code = "" },
		"is proven, beyond":                func(o *Outcome) { o.Report.Diagnosis.Confidence = report.Proven },
		"host.refused is not named":        func(o *Outcome) { o.Report.Diagnosis.Findings[0].Confidence = "" },
		"near miss: network.path.rejected": func(o *Outcome) { o.Report.Diagnosis.Findings[1].Confidence = report.Likely },
		"wrong accusation: network":        func(o *Outcome) { o.Report.Diagnosis.Findings[1].Confidence = report.Likely },
		"wrong accusation: device":         func(o *Outcome) { o.Report.Diagnosis.Findings[2].MaskedBy = "" },
		"network is not left open":         func(o *Outcome) { o.Report.Diagnosis.Remaining = nil },
		"device is not excluded":           func(o *Outcome) { o.Report.Diagnosis.Remaining = append(o.Report.Diagnosis.Remaining, "device") },
		"evidence: /diagnosis/code":        func(o *Outcome) { o.Report.Diagnosis.Code = "host.closed" },
		"exit status 0, want 30":           func(o *Outcome) { o.Exit = 0 },
		"unexplained":                      func(o *Outcome) { o.Report.Diagnosis.Unexplained = []string{"/evidence/connects/0"} },
		"took 26s":                         func(o *Outcome) { o.Took = 26 * time.Second },
	} {
		o := wellJudged()
		spoil(&o)
		if got := strings.Join(Judge(o), "\n"); !strings.Contains(got, want) {
			t.Errorf("want %q, got %q", want, got)
		}
	}
	acceptable := wellJudged()
	acceptable.Scenario.Expected.Headline, acceptable.Scenario.Acceptable = "inconclusive", []string{"host.refused"}
	if wrong := Judge(acceptable); len(wrong) > 0 {
		t.Errorf("acceptable, and yet: %q", wrong)
	}
}
