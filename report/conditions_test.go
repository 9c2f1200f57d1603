package report

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
)

// A condition is something that a rule asks for: a world, what is taken from it or put into
// it (nil: nothing), and how surely a row is found then.
type condition struct {
	name  string
	world func() *world
	take  func(*Evidence)
	code  Code
	want  Confidence
}

// absent stands for a row that is not found.
const absent Confidence = "absent"

func checkConditions(t *testing.T, cases []condition) {
	t.Helper()
	for _, c := range cases {
		e := c.world().evidence()
		if c.take != nil {
			c.take(&e)
		}
		d := Diagnose(e)
		got := absent
		for _, f := range d.Findings {
			if f.Code == c.code && (got == absent || f.Confidence.rank() > got.rank()) {
				got = f.Confidence
			}
		}
		if got != c.want {
			t.Errorf("%s: %s %q, want %q: %s", c.name, c.code, got, c.want, brief(d))
		}
	}
}

// conditionWorlds are the worlds of conditions, with and without what was taken, for
// TestLess.
func conditionWorlds(cases []condition) []rowCase {
	var out []rowCase
	for _, c := range cases {
		show := func() *world {
			w := c.world()
			if c.take != nil {
				c.take(&w.e)
			}
			return w
		}
		out = append(out, rowCase{Code("condition: " + c.name), show, c.world})
	}
	return out
}

// atHome is a world in which the acquirer is the terminal itself.
func atHome(make func() *world) func() *world {
	return func() *world {
		text, err := json.Marshal(make().e)
		if err != nil {
			panic(err)
		}
		w := &world{}
		if err := json.Unmarshal(bytes.ReplaceAll(text, []byte(mainHost), []byte("127.0.0.1")), &w.e); err != nil {
			panic(err)
		}
		for i := range w.e.Connects {
			w.e.Connects[i].Link, w.e.Connects[i].Gateway = "lo", ""
		}
		return w
	}
}

// twoPorts is an acquirer of which the first port is refused and the second one, of the same
// address, works.
func twoPorts() *world {
	w := shop()
	w.endpoint("203.0.113.20:5501", StepSignOn)
	w.exchange("203.0.113.20:5501", "203.0.113.20:5501")
	w.endpoint(mainAddr, StepSignOn)
	w.exchange(mainAddr, mainAddr)
	w.noConnect(FailRefused)
	return w.worked()
}

// threeHosts are a main endpoint that works, a backup that is silent, and another that works.
func threeHosts() *world {
	w := shop()
	for _, address := range []string{mainAddr, "192.0.2.20:5500", backupAddr} {
		w.endpoint(address, StepSignOn)
		w.exchange(address, address)
	}
	w.noConnect(FailDeadline)
	return w
}

// torn is a reply that the host ends in the middle, twice.
func torn() *world {
	w := healthy().worked()
	w.noReply(FailCutShort, closedTCP)
	return w.again(TaskSecond)
}

// taken is a front end that takes connections and no request, beyond the shared routers.
func taken() *world { return silent(shut)().placed() }

// hungTLS is a host that takes the hello, closes after our end, and never says a word.
func hungTLS() *world {
	w := secure(StepSignOn)
	h := w.noTLS(FailDeadline, alive)
	h.Ending = &Ending{How: EndingClosed, WaitMs: 1000, TCP: new(*h.TCP)}
	return w.placed()
}

// proofCases are what host and clock rules ask for before they name anybody.
var proofCases = []condition{
	{"refused, and another port of the address answers", twoPorts, nil, "host.refused", Likely},
	{"refused, and the other port was refused too", twoPorts, func(e *Evidence) {
		e.Connects[0].Failure = &Failure{Operation: OpConnect, Type: FailRefused}
	}, "host.refused", Possible},
	{"refused where it was never reached", twoPorts, func(e *Evidence) { e.Memory = Memory{} }, "host.refused", Possible},
	{"refused by the first router", func() *world { return twoPorts().around().trace(mainAddr, mainAddr, "refused") }, nil, "host.refused", Possible},
	{"refused by the terminal itself", atHome(known(refusedBy())), nil, "host.refused", Likely},
	{"refused by the terminal itself, and nothing stands in between", atHome(known(refusedBy())), nil, "network.path.rejected", absent},

	{"main and backup are silent", func() *world {
		w := twoHosts()
		w.e.Connects[0].Failure = &Failure{Operation: OpConnect, Type: FailDeadline}
		w.drop(w.e.Connects[0].Task, true)
		w.noConnect(FailDeadline)
		return w
	}, nil, "host.primary_down", absent},
	{"a backup is silent", threeHosts, nil, "host.primary_down", absent},

	{"a full queue on the terminal itself", atHome(silent(backlog)), nil, "network.path.one_way", absent},
	{"a hole on the terminal itself", atHome(silent(hole)), nil, "host.edge_drops", absent},
	{"a TLS reset on the terminal itself", atHome(tlsFails(FailReset, resetTCP)), nil, "network.path.tls_cut", absent},
	{"a program that hangs on the terminal itself", atHome(func() *world { return hung() }), nil, "host.no_response", Proven},
	{"the same, by a kernel that knows of no holes", atHome(func() *world { return hung() }), func(e *Evidence) { e.SignOns[0].TCP.RcvOooPack = nil }, "host.no_response", Likely},
	{"the same, and keepalives cannot tell", atHome(func() *world { return hung() }), func(e *Evidence) { e.SignOns[0].KeepaliveMs = nil }, "host.no_response", Likely},

	{"the hello is not answered", tlsFails(FailDeadline, alive), nil, "host.no_response", absent},
	{"a TLS handshake that stalls", tlsFails(FailCutShort, alive), func(e *Evidence) { e.TLS[0].ElapsedMs = 5000 }, "host.tls_closed", absent},
	{"a TLS handshake that ends", tlsFails(FailCutShort, alive), nil, "host.tls_closed", Possible},
	{"a TLS handshake is cut short", tlsFails(FailCutShort, closedTCP), nil, "host.cut_short", absent},
	{"TLS was never reached here", hungTLS, nil, "host.tls_no_response", Possible},
	{"TLS was reached here", func() *world { return hungTLS().worked() }, nil, "host.tls_no_response", Likely},
	{"the connection alone was reached here", func() *world { return hungTLS().worked() }, func(e *Evidence) {
		e.Memory.LastGood[0].Step, e.Memory.LastGood[0].Fingerprint = StepConnect, ""
	}, "host.tls_no_response", Possible},

	{"a torn reply, twice", torn, nil, "host.cut_short", Likely},
	{"a torn reply, once", torn, func(e *Evidence) { e.SignOns = e.SignOns[:1] }, "host.cut_short", Possible},
	{"a torn reply, and no word of the kernel's", torn, func(e *Evidence) { e.SignOns[0].TCP = nil }, "host.cut_short", Possible},
	{"a shut window, and never reached before", taken, nil, "host.front_end_only", Possible},
	{"a shut window, and reached before", func() *world { return taken().worked() }, nil, "host.front_end_only", Likely},
	{"a shut window, and the connection was reached before", func() *world { return taken().worked() }, func(e *Evidence) {
		e.Memory.LastGood[0].Step, e.Memory.LastGood[0].Fingerprint = StepConnect, ""
	}, "host.front_end_only", Likely},
	{"a shut window, and another message was answered at another endpoint", func() *world { return taken().worked() }, func(e *Evidence) {
		e.Memory.LastGood[0].Endpoint = backupAddr
	}, "host.front_end_only", Possible},

	{"no limit, no slow host", sluggish, func(e *Evidence) { e.Site.Limits.ReplyWarnMs = 0 }, "host.slow", absent},
	{"part of the request came twice", sluggish, func(e *Evidence) { e.SignOns[1].TCP.DSACKDups = ptr(int64(1)) }, "host.slow", absent},
	{"part of the reply was overtaken", sluggish, func(e *Evidence) { e.SignOns[1].TCP.RcvOooPack = ptr(int64(1)) }, "host.slow", absent},
	{"the kernel knows no round trip", sluggish, func(e *Evidence) { e.SignOns[1].TCP.RTTMs = nil }, "host.slow", absent},

	{"a certificate without dates", certificate(StepSignOn, CertExpired), func(e *Evidence) { e.TLS[0].Certificates = nil }, "host.certificate_expired", Possible},
	{"another reply, which could contradict, got lost", func() *world {
		w := badCertificate(StepSignOn, CertExpired)
		w.endpoint(backupAddr, StepSignOn)
		w.exchange(backupAddr, backupAddr)
		return w
	}, func(e *Evidence) { e.SignOns = e.SignOns[:1] }, "host.certificate_expired", Possible},
	{"a certificate that has ended", certificate(StepSignOn, CertExpired), nil, "host.certificate_expired", Likely},
	{"a skew within the default limit", func() *world { return skewed(290e3, false) }, func(e *Evidence) { e.Site.Limits.ClockSkewMs = 0 }, "device.clock.skew", absent},
	{"a skew beyond the default limit", func() *world { return skewed(310e3, false) }, func(e *Evidence) { e.Site.Limits.ClockSkewMs = 0 }, "device.clock.skew", Likely},
	{"a certificate that has ended by a verified web server's date", webDated, nil, "host.certificate_expired", Likely},
	{"by the date of a web server that is not verified", webDated, func(e *Evidence) { e.TLS[1].Verified = nil }, "host.certificate_expired", Possible},
	{"a skew beyond the site's limit", func() *world { return skewed(90e3, false) }, func(e *Evidence) { e.Site.Limits.ClockSkewMs = 60000 }, "device.clock.skew", Likely},
	{"a small skew is no wrong zone", func() *world { return skewed(90e3, false) }, func(e *Evidence) { e.Site.Limits.ClockSkewMs = 60000 }, "device.clock.zone", absent},
	{"a clock that was never set", clockUnset, nil, "device.clock.unset", Proven},
	{"a clock that was set meanwhile", clockUnset, func(e *Evidence) { e.Clocks[2].Wall = earliestClock.AddDate(0, 1, 0) }, "device.clock.unset", Possible},
	{"a clock of which one reading is missing", clockUnset, func(e *Evidence) { e.Clocks = e.Clocks[:2] }, "device.clock.unset", Possible},
}

// webDated is a host whose certificate has ended, by a clock that nothing sets, and a second
// endpoint whose reply has a date.
func webDated() *world {
	w := badCertificate(StepSignOn, CertExpired)
	w.e.Clocks[1].Synchronized = ptr(false)
	w.endpoint(backupAddr, StepSignOn).TLS = true
	w.exchange(backupAddr, backupAddr)
	w.e.SignOns[1].HostTime = "2026-12-01T01:30:12Z"
	return w
}

// clockUnset is a terminal whose clock begins in 1970.
func clockUnset() *world {
	w := certificate(StepTLS, CertNotYetValid)()
	for i := range w.e.Clocks {
		w.e.Clocks[i].Wall = earliestClock.AddDate(-56, 0, 0)
	}
	return w
}

func TestProofConditions(t *testing.T) { checkConditions(t, proofCases) }

// TestGoodAtCorrectedTime: which certificates a wrong clock accounts for.
func TestGoodAtCorrectedTime(t *testing.T) {
	for _, c := range []struct {
		name     string
		problems List[CertificateProblem]
		days     float64 // by which the time server is ahead
		want     bool
	}{
		{"valid at the server's time", List[CertificateProblem]{CertExpired}, -60, true},
		{"not valid then either", List[CertificateProblem]{CertExpired}, 10, false},
		{"not valid yet then", List[CertificateProblem]{CertExpired}, -600, false},
		{"valid then, and begins later by this clock", List[CertificateProblem]{CertNotYetValid}, 25, true},
		{"wrong for another reason", List[CertificateProblem]{CertWrongName}, -60, false},
	} {
		w := badCertificate(StepTLS, c.problems...)
		w.e.Clocks[1].Synchronized = ptr(false)
		e := w.serverTime(c.days * 86400e3).evidence()
		if got := newFacts(&e).goodAtCorrectedTime(); slices.Contains(got, "/evidence/handshakes/0") != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	e := badCertificate(StepTLS, CertExpired).serverTime(-60 * 86400e3).evidence()
	e.TLS[0].Certificates = nil
	if got := newFacts(&e).goodAtCorrectedTime(); got != nil {
		t.Errorf("a certificate without dates: %v", got)
	}
}
