package memory

import (
	"encoding/json"
	"testing"

	"posprobe/report"
)

// exchange is the evidence of one sign-on: its round trip and the wait for its reply.
func exchange(endpoint string, rtt, wait float64) report.Evidence {
	ok := report.OutcomeAnswered
	head := report.Observation{Task: "t1"}
	tcp := &report.TCP{RTTMs: &rtt}
	return report.Evidence{
		Site:     report.Site{Endpoints: report.List[report.Endpoint]{{Address: endpoint, Goal: report.StepSignOn, Protocol: "unionpay"}}},
		Tasks:    report.List[report.Task]{{ID: "t1", Kind: report.TaskExchange, Endpoint: endpoint, Outcome: ok, Count: 2}},
		Connects: report.List[report.Connect]{{Observation: head, Endpoint: endpoint, Address: "203.0.113.20:5500", TCP: tcp}},
		SignOns:  report.List[report.SignOn]{{Observation: head, Endpoint: endpoint, Address: "203.0.113.20:5500", ElapsedMs: wait, ResponseCode: "00", TCP: tcp}},
	}
}

var (
	healthy = report.Diagnosis{Verdict: report.VerdictHealthy}
	broken  = report.Diagnosis{Verdict: report.VerdictFault, Domain: report.DomainHost}
)

func TestLearn(t *testing.T) {
	const at = "203.0.113.20:5500"
	var b Baselines
	for range 20 {
		b, _ = b.Learn(healthy, exchange(at, 40, 240), false, 9)
	}
	if got := b.For(10); len(got) != 0 {
		t.Errorf("another hour knows %+v", got)
	}
	got := b.For(9)
	if len(got) != 1 || got[0].Rounds != 20 || got[0].RTTMedianMs < 40 || got[0].RTTMedianMs > 57 {
		t.Fatalf("the hour knows %+v", got)
	}
	if h := got[0].HostMedianMs; h == nil || *h < 200 || *h > 290 {
		t.Errorf("host time %v", h)
	}
	for name, try := range map[string]func() bool{
		"an incident":     func() bool { _, changed := b.Learn(healthy, exchange(at, 900, 9000), true, 9); return changed },
		"a faulty round":  func() bool { _, changed := b.Learn(broken, exchange(at, 900, 9000), false, 9); return changed },
		"no hour":         func() bool { _, changed := b.Learn(healthy, exchange(at, 40, 240), false, 24); return changed },
		"an empty report": func() bool { _, changed := b.Learn(healthy, report.Evidence{}, false, 9); return changed },
	} {
		if try() {
			t.Errorf("%s taught something", name)
		}
	}
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	var back Baselines
	if err := json.Unmarshal(text, &back); err != nil || len(back.For(9)) != 1 || *back.For(9)[0].HostMedianMs != *got[0].HostMedianMs {
		t.Errorf("%s came back as %+v, %v", text, back, err)
	}
	if len(text) > 150 {
		t.Errorf("one hour takes %d bytes: %s", len(text), text)
	}
}

// TestFew: two rounds are no habit.
func TestFew(t *testing.T) {
	var b Baselines
	for range enough - 1 {
		b, _ = b.Learn(healthy, exchange("a:1", 40, 240), false, 0)
	}
	if got := b.For(0); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}
