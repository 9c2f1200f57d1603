package report

import (
	"slices"
	"testing"
)

// TestSilence: the kernel's counters at the borders between one kind of silence and
// the next, with keepalives a second apart.
func TestSilence(t *testing.T) {
	at := func(edit func(*TCP)) *TCP {
		s := snapshot(54)
		s.BytesReceived, s.DataSegsIn, s.SegsIn = ptr(int64(0)), ptr(int64(0)), ptr(int64(2))
		alive(s)
		edit(s)
		return s
	}
	ack := func(ms float64, probes int64) *TCP {
		return at(func(s *TCP) { s.LastAckRecvMs, s.Probes = ptr(ms), ptr(probes) })
	}
	every := ptr(1000.0)
	for _, c := range []struct {
		name      string
		tcp       *TCP
		wait      float64
		keepalive *float64
		want      silence
	}{
		{"nothing known", nil, 8000, every, silenceUnknown},
		{"answered to the end", ack(900, 0), 8000, every, silenceAlive},
		{"last answer just young enough", ack(2500, 1), 8000, every, silenceAlive},
		{"last answer too old", ack(2600, 1), 8000, every, silenceAcked},
		{"one probe unanswered proves nothing", ack(7900, 1), 8000, every, silenceAcked},
		{"two unanswered, 3 s without a word", ack(3000, 2), 8000, every, silenceDead},
		{"two unanswered, not yet 3 s", ack(2900, 2), 8000, every, silenceAcked},
		{"waited too shortly for keepalives to tell", ack(900, 0), 3400, every, silenceAcked},
		{"waited just long enough", ack(900, 0), 3500, every, silenceAlive},
		{"enough answers", at(func(s *TCP) { s.SegsIn = ptr(int64(8)) }), 8000, every, silenceAlive},
		{"a gap among the answers", at(func(s *TCP) { s.SegsIn = ptr(int64(6)) }), 8000, every, silenceGap},
		{"fewer answers on a slow path", at(func(s *TCP) { s.SegsIn, s.RTTMs = ptr(int64(4)), ptr(900.0) }), 8000, every, silenceAlive},
		{"answers not counted", at(func(s *TCP) { s.SegsIn = nil }), 8000, every, silenceAcked},
		{"no keepalives", ack(900, 0), 8000, nil, silenceAcked},
		{"a hole", at(func(s *TCP) { s.RcvOooPack = ptr(int64(1)) }), 8000, every, silenceHole},
		{"unacknowledged", at(unacked), 8000, every, silenceUnacked},
		{"repeated SYN-ACK", at(backlog), 8000, every, silenceBacklog},
		{"duplicate ACK of a longer request", at(func(s *TCP) { backlog(s); s.Unacked = ptr(int64(2)) }), 8000, every, silenceUnacked},
		{"later bytes acknowledged", at(selective), 8000, every, silenceSelective},
		{"shut window", at(shut), 8000, every, silenceZeroWindow},
		{"unsent for another reason", at(stuck), 8000, every, silenceUnsent},
		{"shut window, by the probes alone", at(func(s *TCP) { shut(s); s.SndWnd = nil }), 8000, every, silenceZeroWindow},
		{"shut window, by its size alone", at(func(s *TCP) { shut(s); s.Probes = ptr(int64(0)) }), 8000, every, silenceZeroWindow},
		{"unsent, behind something unacknowledged", at(func(s *TCP) { unacked(s); s.UnsentQueue = ptr(int64(9)) }), 8000, every, silenceUnacked},
		{"unacknowledged, by the queue alone", at(func(s *TCP) { unacked(s); s.Unacked = nil }), 8000, every, silenceUnacked},
		{"unacknowledged, by the count alone", at(func(s *TCP) { unacked(s); s.OutQueue = nil }), 8000, every, silenceUnacked},
		{"acknowledged, by the queue alone", at(func(s *TCP) { s.Unacked = nil }), 8000, every, silenceAlive},
		{"acknowledged, by the count alone", at(func(s *TCP) { s.OutQueue = nil }), 8000, every, silenceAlive},
		{"segments came in, and data among them", at(func(s *TCP) { backlog(s); s.DataSegsIn = ptr(int64(1)) }), 8000, every, silenceUnacked},
		{"segments came in, after something was acknowledged", at(func(s *TCP) { backlog(s); s.BytesAcked = ptr(int64(54)) }), 8000, every, silenceUnacked},
		{"segments came in, and what was acknowledged is not known", at(func(s *TCP) { backlog(s); s.BytesAcked = nil }), 8000, every, silenceUnacked},
		{"the last answer is not known", at(func(s *TCP) { s.LastAckRecvMs = nil }), 8000, every, silenceAcked},
		{"the probes are not known", at(func(s *TCP) { s.Probes = nil }), 8000, every, silenceAcked},
		{"two probes under way", ack(2000, 2), 8000, every, silenceAcked},
		{"keepalives without a pause", ack(900, 0), 8000, ptr(-1000.0), silenceAlive},
		{"a kernel that tells too little", &TCP{State: "established"}, 8000, every, silenceUnknown},
	} {
		if got := silenceOf(c.tcp, c.wait, c.keepalive, 1); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

// TestStalled: a reply that was cut short stalled where the connection stood to the end of
// the wait. An end of TLS is one, although that of the connection is still on its way.
func TestStalled(t *testing.T) {
	for _, c := range []struct {
		name    string
		elapsed float64
		state   string
		want    bool
	}{
		{"the end of TLS", 52, "established", false},
		{"the end of the connection", 52, "close_wait", false},
		{"nothing more", 8000, "established", true},
		{"an end as the wait was over", 8000, "close_wait", false},
		{"the wait was over, and the kernel said nothing", 8000, "", false},
	} {
		w := secure(StepSignOn)
		s := w.noReply(FailCutShort, alive)
		s.ElapsedMs, s.TCP.State = c.elapsed, c.state
		if c.state == "" {
			s.TCP = nil
		}
		e := w.evidence()
		if _, _, stalled := newFacts(&e).attempts[0].silence(); stalled != c.want {
			t.Errorf("%s: stalled %v", c.name, stalled)
		}
	}
}

// TestSilenceBefore: what came in before a wait is taken off; where it is not known, nor is
// what came since.
func TestSilenceBefore(t *testing.T) {
	for _, c := range []struct {
		name string
		take func(e *Evidence)
		want silence
	}{
		{"everything is known", func(e *Evidence) {}, silenceAlive},
		{"segments were not counted before", func(e *Evidence) { e.Connects[0].TCP.SegsIn = nil }, silenceUnknown},
		{"segments were never counted", func(e *Evidence) { e.Connects[0].TCP.SegsIn, e.SignOns[0].TCP.SegsIn = nil, nil }, silenceAcked},
		{"nothing is known of before", func(e *Evidence) { e.Connects[0].TCP = nil }, silenceUnknown},
		{"nothing of before, and segments were not counted", func(e *Evidence) { e.Connects[0].TCP, e.SignOns[0].TCP.SegsIn = nil, nil }, silenceAcked},
		{"nothing of before, and perhaps an old hole", func(e *Evidence) {
			e.Connects[0].TCP, e.SignOns[0].TCP.SegsIn, e.SignOns[0].TCP.RcvOooPack = nil, nil, ptr(int64(1))
		}, silenceUnknown},
		{"nothing is known of now", func(e *Evidence) { e.SignOns[0].TCP = nil }, silenceUnknown},
		{"nothing at all", func(e *Evidence) { e.Connects[0].TCP, e.SignOns[0].TCP = nil, nil }, silenceUnknown},
	} {
		e := silent(alive)().evidence()
		c.take(&e)
		if got, _, _ := newFacts(&e).attempts[0].silence(); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

// TestStarved: the borders of a round in which the device itself was late.
func TestStarved(t *testing.T) {
	for _, c := range []struct {
		s    Scheduling
		want bool
	}{
		{Scheduling{MaxMs: 499, TotalMs: 99, RoundMs: 1000}, false},
		{Scheduling{MaxMs: 500, RoundMs: 60000}, true},
		{Scheduling{MaxMs: 50, TotalMs: 100, RoundMs: 1000}, true},
		{Scheduling{}, false},
	} {
		if got := starved(c.s); got != c.want {
			t.Errorf("%+v: %v", c.s, got)
		}
	}
}

// TestProof: what it takes for a silent host to be proven, one condition taken away
// at a time.
func TestProof(t *testing.T) {
	verified := func() *world {
		w := secure(StepSignOn)
		w.noReply(FailDeadline, func(s *TCP) { alive(s); s.DataSegsIn = ptr(int64(4)) })
		return w.endsEarly(FailDeadline, nil).worked().placed()
	}
	for _, c := range []struct {
		name string
		take func(*Evidence)
		want Confidence
	}{
		{"everything, and yet the way may answer for it", func(e *Evidence) {}, Likely},
		{"never worked before", func(e *Evidence) { e.Memory = Memory{} }, Possible},
		{"another message worked before", func(e *Evidence) { e.Memory.LastGood[0].Fingerprint = "00000000" }, Possible},
		{"how long it took was not noted", func(e *Evidence) { e.Memory.LastGood[0].ReplyMs = 0 }, Possible},
		{"how far away it is is not known", func(e *Evidence) { e.Hops = nil }, Possible},
		{"no early end", func(e *Evidence) { e.SignOns = e.SignOns[:1] }, Possible},
		{"the early end was not taken", func(e *Evidence) { e.SignOns[1].TCP.State = "fin_wait_1" }, Possible},
		{"a hole after the early end", func(e *Evidence) { e.SignOns[1].TCP.RcvOooPack = ptr(int64(1)) }, "absent"},
		{"keepalives unanswered for a while", func(e *Evidence) { e.SignOns[0].TCP.SegsIn = ptr(int64(5)) }, Possible},
		{"TLS not verified", func(e *Evidence) { e.TLS[0].Verified = nil }, Likely},
		{"no keepalives", func(e *Evidence) { e.SignOns[0].KeepaliveMs = nil }, Likely},
		{"a kernel without rcv_ooopack", func(e *Evidence) { e.SignOns[0].TCP.RcvOooPack = nil }, Likely},
		{"nothing was asked", func(e *Evidence) { e.SignOns[0].RequestBytes = 0 }, Possible},
		{"starved", func(e *Evidence) { e.Device.Scheduling.MaxMs = 900 }, Possible},
		{"scheduling not seen", func(e *Evidence) { e.Device.Scheduling = nil }, Possible},
		{"clock not read at the end", func(e *Evidence) { e.Clocks = e.Clocks[:2] }, Possible},
	} {
		e := verified().evidence()
		c.take(&e)
		got := Confidence("absent")
		for _, f := range Diagnose(e).Findings {
			if f.Code == "host.no_response" {
				got = f.Confidence
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestHeadlineExplains: a fault that does not explain why nothing works is not the
// answer to why nothing works.
func TestHeadlineExplains(t *testing.T) {
	for name, also := range map[string]func(*Evidence){
		"full disk":        func(e *Evidence) { e.Device.Disks[0].AvailableBytes = 0 },
		"clock unset":      func(e *Evidence) { e.Clocks[0].Wall = earliestClock.AddDate(-50, 0, 0) },
		"spare modem gone": func(e *Evidence) { e.Site.Interfaces = List[string]{"wwan0"} },
		"silent ping": func(e *Evidence) {
			e.Pings[1].Failure = &Failure{Operation: OpPing, Type: FailDeadline}
			e.Pings[1].Received = 0
		},
		"half duplex":       func(e *Evidence) { e.Links[3].Duplex = "half" },
		"memory is short":   func(e *Evidence) { e.Device.Memory.AvailableBytes = 1 },
		"clock not in sync": func(e *Evidence) { e.Clocks[1].Synchronized = ptr(false) },
	} {
		e := syn().evidence()
		also(&e)
		if d := Diagnose(e); d.Verdict != VerdictInconclusive {
			t.Errorf("an unanswered SYN and %s: %s", name, brief(d))
		}
	}
	// What came back explains itself: a loose cable did not refuse the connection.
	refused := healthy()
	refused.noConnect(FailRefused)
	refused.e.Links[3].CarrierChanges = ptr(int64(6))
	if d := Diagnose(refused.evidence()); d.Domain == DomainNetwork {
		t.Errorf("a refusal and a flapping link: %s", brief(d))
	}
}

// TestPrivateAPN: name servers that do not answer prove nothing on a private network.
func TestPrivateAPN(t *testing.T) {
	e := dark().evidence()
	if d := Diagnose(e); d.Code != "network.access.down" {
		t.Fatalf("on the internet: %s", brief(d))
	}
	e.Site.Profile = ProfilePrivateAPN
	if d := Diagnose(e); d.Domain != "" {
		t.Errorf("on a private APN: %s", brief(d))
	}
	answered := dark()
	answered.e.Pings[1].Received, answered.e.Pings[1].Failure = 1, nil // the endpoint's address answers pings
	if d := Diagnose(answered.evidence()); d.Code == "network.access.down" {
		t.Errorf("the endpoint was heard: %s", brief(d))
	}
	permanent := dark()
	permanent.e.Neighbors[0].State = "permanent"
	permanent.e.Pings[0].silent()
	if d := Diagnose(permanent.evidence()); d.Code == "network.access.down" {
		t.Errorf("nobody heard the gateway: %s", brief(d))
	}
}

// TestClocksContradict: one host's clock against another's proves nothing about ours.
func TestClocksContradict(t *testing.T) {
	w := twoHosts()
	w.e.Clocks[1].Synchronized = ptr(false)
	for i := range w.e.Clocks {
		if w.e.Clocks[i].Source == ClockReply {
			w.e.Clocks[i].OffsetMs = ptr(600e3)
		}
	}
	if d := Diagnose(w.evidence()); d.Code != "device.clock.skew" {
		t.Fatalf("both hosts say so: %s", brief(d))
	}
	w.e.Clocks[len(w.e.Clocks)-1].OffsetMs = ptr(0.0)
	if d := Diagnose(w.evidence()); d.Domain == DomainDevice {
		t.Errorf("one host contradicts: %s", brief(d))
	}
}

// TestInboundFilter: where packets came in and reached no protocol, the answer may be
// among them.
func TestInboundFilter(t *testing.T) {
	for undelivered, want := range map[int64]bool{0: false, 2: true} {
		w := syn().worked() // not a wrong setting
		w.e.Device.Undelivered = ptr(undelivered)
		if d := Diagnose(w.evidence()); slices.Contains(d.Remaining, DomainDevice) != want {
			t.Errorf("%d packets undelivered: %s", undelivered, brief(d))
		}
	}
}

// TestCrowded: what the shop's own network takes is not the provider's.
func TestCrowded(t *testing.T) {
	w := healthy()
	w.e.Pings[0].MinRTTMs = ptr(1800.0)
	w.far(1900)
	d := Diagnose(w.evidence())
	if d.Code != "network.local.congested" || slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Code == "network.access.slow" }) {
		t.Errorf("slow within the shop: %s", brief(d))
	}
	w.e.Pings[0].MinRTTMs = ptr(250.0)
	if d := Diagnose(w.evidence()); d.Code != "network.access.slow" {
		t.Errorf("slow beyond it: %s", brief(d))
	}
}
