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
		Device:   report.Device{BootID: "one"},
		Site:     report.Site{Endpoints: report.List[report.Endpoint]{{Address: endpoint, Goal: report.StepSignOn, Protocol: "unionpay"}}},
		Tasks:    report.List[report.Task]{{ID: "t1", Kind: report.TaskExchange, Endpoint: endpoint, Outcome: ok, Count: 2}},
		Connects: report.List[report.Connect]{{Observation: head, Endpoint: endpoint, Address: "203.0.113.20:5500", Link: "eth0", Gateway: "192.168.1.1", TCP: tcp}},
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
	if len(text) > 250 {
		t.Errorf("one hour takes %d bytes: %s", len(text), text)
	}
}

// TestFew: two rounds are no habit.
func TestFew(t *testing.T) {
	var b Baselines
	for range report.UsualRounds - 1 {
		b, _ = b.Learn(healthy, exchange("a:1", 40, 240), false, 0)
	}
	if got := b.For(0); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// TestElsewhere: after a start of the terminal what was usual holds only once a round has
// fitted it, and is forgotten where the first one does not; another gateway has habits of
// its own.
func TestElsewhere(t *testing.T) {
	const at = "203.0.113.20:5500"
	learned := func(b Baselines, rtt float64, change func(*report.Evidence)) Baselines {
		e := exchange(at, rtt, rtt+200)
		change(&e)
		b, _ = b.Learn(healthy, e, false, 9)
		return b
	}
	boot := func(id string) func(*report.Evidence) { return func(e *report.Evidence) { e.Device.BootID = id } }
	var b Baselines
	for range report.UsualRounds {
		b = learned(b, 40, boot("one"))
	}
	if got := b.For(9); len(got) != 1 || got[0].BootID != "one" || got[0].Link != "eth0" || got[0].Gateway != "192.168.1.1" {
		t.Fatalf("%+v", got)
	}
	if got := learned(b, 60, boot("two")).For(9); len(got) != 1 || got[0].BootID != "two" || got[0].Rounds != report.UsualRounds+1 {
		t.Errorf("the same shop the next morning: %+v", got)
	}
	if got := learned(b, 400, boot("two")).For(9); len(got) != 0 {
		t.Errorf("another shop: %+v", got)
	}
	if got := learned(b, 400, boot("one")).For(9); len(got) != 1 {
		t.Errorf("one slow round: %+v", got)
	}
	if got := learned(b, 40, boot("")); got.For(9)[0].Rounds != report.UsualRounds {
		t.Errorf("a system whose starts have no name: %+v", got)
	}
	other := func(e *report.Evidence) { e.Connects[0].Gateway = "10.0.0.1" }
	for range report.UsualRounds {
		b = learned(b, 400, other)
	}
	if got := b.For(9); len(got) != 2 || got[0].RTTHighMs > 60 || got[1].RTTMedianMs < 400 || got[1].Gateway != "10.0.0.1" {
		t.Errorf("two gateways: %+v", got)
	}
}

// TestPlaces: a terminal that is carried about for years remembers the last places.
func TestPlaces(t *testing.T) {
	var b Baselines
	for i := range 3 * maxPlaces {
		e := exchange("a:1", 40, 240)
		e.Connects[0].Gateway = string(rune('a' + i))
		b, _ = b.Learn(healthy, e, false, i%24)
		e.Connects[0].Gateway = "home"
		b, _ = b.Learn(healthy, e, false, 0)
	}
	if len(b) != maxPlaces || b[maxPlaces-1].Gateway != "home" || b[maxPlaces-1].Hours[0].RTT.Count() != 3*maxPlaces {
		t.Errorf("%d places: %+v", len(b), b)
	}
}
