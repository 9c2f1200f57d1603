package report

import (
	"slices"
	"testing"
)

// What looks the same from the terminal must be left open: each world here is one that a
// rule once took for its twin.

// accelerated is a world in which something takes connections where a router of the way to
// others stands.
func (w *world) accelerated() *world {
	return w.around().trace(mainAddr, mainAddr, gatewayIP, "connected")
}

// twoLarge are endpoints in two networks of which the TLS handshakes have a hole.
func twoLarge(second string) *world {
	w := shop()
	for _, address := range []string{mainAddr, second} {
		w.endpoint(address, StepSignOn).TLS = true
		w.exchange(address, address)
		w.noTLS(FailDeadline, hole)
	}
	return w
}

var both = []Domain{DomainNetwork, DomainHost}

var twinFollows = []followCase{
	{"hung, and never answered before", func() *world {
		w := healthy()
		w.noReply(FailDeadline, alive)
		return w.endsEarly(FailDeadline, nil).placed()
	}, "", "", []Domain{DomainDevice, DomainNetwork, DomainHost}, nil},
	{"hung, and usually as slow as was waited for", func() *world {
		w := hung().placed()
		w.e.Memory.LastGood[0].ReplyMs = 1600
		return w
	}, "", "", both, []Domain{DomainDevice}},
	{"hung, and another endpoint answers as slowly as was waited for", func() *world {
		w := twoHosts().worked().takes(3400)
		w.noReply(FailDeadline, alive)
		return w.endsEarly(FailDeadline, nil).placed()
	}, "", "", both, []Domain{DomainDevice}},
	{"hung, and our end had to be sent again", func() *world {
		w := hung().placed()
		w.e.SignOns[1].TCP.TotalRetrans = ptr(int64(1))
		return w
	}, "", "", both, []Domain{DomainDevice}},
	{"hung, and how far away is not known", hung, "", "", both, []Domain{DomainDevice}},
	{"hung, where a shared router stands", func() *world { return hung().accelerated() }, "", "", both, []Domain{DomainDevice}},
	{"hung, farther away than the reference, past routers that say nothing", func() *world {
		return hung().around().trace(mainAddr, mainAddr, "*", "*", "*", "*", "connected")
	}, "host.no_response", Likely, []Domain{DomainNetwork}, []Domain{DomainDevice}},
	{"hung, and another port is refused from there", func() *world {
		return hung().trace(mainAddr, mainAddr, gatewayIP, ispRouter, "connected").
			companion(TaskClosedPort, mainAddr, mainHost+":1", FailRefused).trace(mainAddr, mainHost+":1", gatewayIP, ispRouter, "refused")
	}, "host.no_response", Likely, []Domain{DomainNetwork}, []Domain{DomainDevice}},
	{"hung, and another port is refused from farther away", func() *world {
		return hung().trace(mainAddr, mainAddr, gatewayIP, "connected").
			companion(TaskClosedPort, mainAddr, mainHost+":1", FailRefused).trace(mainAddr, mainHost+":1", gatewayIP, ispRouter, "refused")
	}, "", "", both, []Domain{DomainDevice}},
	{"closed without a reply, where a shared router stands", func() *world {
		w := remembered(healthy())
		w.noReply(FailClosed, closedTCP)
		return w.accelerated()
	}, "", "", both, []Domain{DomainDevice}},
	{"closed without a reply beyond that", func() *world {
		w := remembered(healthy())
		w.noReply(FailClosed, closedTCP)
		return w.placed()
	}, "host.closed", Likely, []Domain{DomainNetwork}, []Domain{DomainDevice}},
	{"cut short once", func() *world {
		w := remembered(healthy())
		w.noReply(FailCutShort, closedTCP)
		return w
	}, "", "", both, nil},
	{"cut short twice", func() *world {
		w := remembered(healthy())
		w.noReply(FailCutShort, closedTCP)
		return w.again(TaskSecond)
	}, "host.cut_short", Likely, []Domain{DomainNetwork}, nil},
	{"a handshake closed, how far away is not known", func() *world {
		w := secure(StepSignOn).worked()
		w.noTLS(FailClosed, closedTCP)
		return w
	}, "", "", both, []Domain{DomainDevice}},
	{"a handshake closed beyond the access", func() *world {
		w := secure(StepSignOn).worked()
		w.noTLS(FailClosed, closedTCP)
		return w.placed()
	}, "host.tls_closed", Likely, []Domain{DomainNetwork}, []Domain{DomainDevice}},

	{"everything is out of reach, and the reference was never heard", func() *world {
		w := remembered(unheardSYN()).trace(mainAddr, mainAddr, gatewayIP, "*", "*").
			companion(TaskReference, "", reference, FailDeadline).trace("", reference, gatewayIP, "*", "*")
		w.e.Memory.References = nil
		return w
	}, "", "", both, []Domain{DomainDevice}},
	{"acquirer and name servers are silent, and the servers were never heard", func() *world {
		w := dark()
		w.e.Memory.Resolvers = nil
		return w
	}, "", "", both, nil},
	{"the line died while waiting, and the name servers were never heard", func() *world {
		w := remembered(healthy())
		w.e.Memory.Resolvers, w.e.Memory.References = nil, nil
		w.noReply(FailDeadline, dead)
		w.again(TaskSecond)
		w.noConnect(FailDeadline)
		return w.trace(mainAddr, mainAddr, gatewayIP, "*", "*").companion(TaskReference, "", reference, FailDeadline).trace("", reference, gatewayIP, "*", "*").independentAnswer(FailDeadline)
	}, "", "", both, nil},
	{"everything is out of reach, and the gateway's entry alone speaks of it", func() *world {
		w := remembered(unheardSYN()).trace(mainAddr, mainAddr, "*", "*").
			companion(TaskReference, "", reference, FailDeadline).trace("", reference, "*", "*")
		w.e.Pings[0].silent()
		w.e.Routes[0].Protocol = "static"
		return w
	}, "", "", []Domain{DomainDevice, DomainNetwork, DomainHost}, nil},
	{"the line died while waiting, and the references were never heard", func() *world {
		w := remembered(healthy())
		w.e.Memory = Memory{LastGood: w.e.Memory.LastGood}
		w.noReply(FailDeadline, dead)
		w.again(TaskSecond)
		w.noConnect(FailDeadline)
		return w.companion(TaskReference, "", reference, FailDeadline).companion(TaskReference, "", "198.51.100.80:443", FailDeadline)
	}, "", "", both, nil},
	{"resolvers that served are silent behind a gateway that was not heard", func() *world {
		w := remembered(unresolvable(FailDeadline, ""))
		w.e.Pings[0].silent()
		return w
	}, "", "", []Domain{DomainNetwork}, nil},
	{"a gateway that served is dead, or was replaced", func() *world {
		w := remembered(goneGateway())
		w.e.Routes[0].Protocol, w.e.Addresses[1].Dynamic = "boot", false
		return w
	}, "", "", []Domain{DomainNetwork, DomainDevice}, []Domain{DomainHost}},

	{"a way seems to end early, and the next router answers late", func() *world {
		w := unheardSYN().around().trace(mainAddr, mainAddr, gatewayIP, "*", "*").
			companion(TaskClosedPort, mainAddr, mainHost+":1", FailRefused).trace(mainAddr, mainHost+":1", gatewayIP, ispRouter, coreRouter, edgeRouter, "refused")
		for i := range w.e.Hops {
			if h := &w.e.Hops[i]; h.Target == mainHost+":1" && h.Address == ispRouter {
				h.RTTMs = ptr(1012.0)
			}
		}
		return w
	}, "", "", both, nil},
	{"a way seems to end early, and the other goes on by one router alone", func() *world {
		return unheardSYN().around().trace(mainAddr, mainAddr, gatewayIP, "*", "*").
			companion(TaskClosedPort, mainAddr, mainHost+":1", FailDeadline).trace(mainAddr, mainHost+":1", gatewayIP, ispRouter, "*", "*")
	}, "", "", both, nil},
	{"refused from where a reference that never answered refuses too", func() *world {
		w := remembered(healthy())
		w.noConnect(FailRefused)
		w.e.Memory.References = nil
		return w.companion(TaskReference, "", reference, FailRefused).trace("", reference, gatewayIP, ispRouter, "refused").trace(mainAddr, mainAddr, gatewayIP, ispRouter, "refused")
	}, "", "", both, []Domain{DomainDevice}},
	{"refused from where a reference that answered refuses now", func() *world {
		w := remembered(healthy())
		w.noConnect(FailRefused)
		return w.companion(TaskReference, "", reference, FailRefused).trace("", reference, gatewayIP, ispRouter, "refused").trace(mainAddr, mainAddr, gatewayIP, ispRouter, "refused")
	}, "network.path.rejected", Likely, []Domain{DomainHost}, nil},
	{"refused from the same distance, past routers that say nothing", func() *world {
		w := remembered(healthy())
		w.noConnect(FailRefused)
		return w.companion(TaskReference, "", reference, FailRefused).trace("", reference, "*", "*", "refused").trace(mainAddr, mainAddr, "*", "*", "refused")
	}, "", "", both, []Domain{DomainDevice}},

	{"large segments of two networks are lost", func() *world { return twoLarge(backupAddr) }, "network.path.mtu", Likely, nil, []Domain{DomainHost}},
	{"large segments of one network are lost", func() *world { return twoLarge("203.0.113.21:5500") }, "", "", both, []Domain{DomainDevice}},
}

// TestSteady: a reply that came late while keepalives remained unanswered is no slow host.
func TestSteady(t *testing.T) {
	slow := func(d Diagnosis) bool {
		return slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Code == "host.slow" && f.Confidence == Likely })
	}
	for name, c := range map[string]struct {
		edit func(*world)
		want bool
	}{
		"answered":                  {func(*world) {}, true},
		"not answered":              {func(w *world) { w.e.SignOns[0].TCP.SegsIn = ptr(int64(3)) }, false},
		"not counted":               {func(w *world) { w.e.SignOns[0].TCP.SegsIn, w.e.Connects[0].TCP.SegsIn = nil, nil }, true},
		"counted from when unknown": {func(w *world) { w.e.Connects[0].TCP.SegsIn = nil }, false},
		"none sent":                 {func(w *world) { w.e.SignOns[0].KeepaliveMs, w.e.SignOns[0].TCP.SegsIn = nil, ptr(int64(3)) }, true},
	} {
		w := slowReply(6200)
		c.edit(w)
		if got := slow(Diagnose(w.evidence())); got != c.want {
			t.Errorf("%s: a slow host: %v", name, got)
		}
	}
}

// TestWantsWhenWell: a witness must have been heard once, and a connection alone proves
// little.
func TestWantsWhenWell(t *testing.T) {
	referenced := func(w *world) *world { w.e.Site.References = List[string]{reference}; return w }
	paged := func(w *world) *world { w.e.Site.Portal = "http://192.0.2.80/204"; return w }
	for name, c := range map[string]struct {
		w    *world
		want List[Question]
	}{
		"the first good round":        {referenced(healthy()), List[Question]{AskReference}},
		"a later one":                 {referenced(healthy().worked()), nil},
		"no reference":                {healthy(), nil},
		"the reference was asked":     {referenced(healthy()).companion(TaskReference, "", reference, FailDeadline), nil},
		"the reference was heard":     {referenced(func() *world { w := healthy(); w.e.Memory.References = List[string]{reference}; return w }()), nil},
		"a connection alone":          {paged(connected()), List[Question]{AskPortal}},
		"a connection alone, no page": {connected(), nil},
		"a message was answered":      {paged(healthy()), nil},
		"a connection with the terminal's own": {paged(func() *world {
			w := shop()
			w.endpoint("127.0.0.1:5500", StepConnect)
			w.exchange("127.0.0.1:5500", "127.0.0.1:5500")
			return w
		}()), nil},
	} {
		if d := Diagnose(c.w.evidence()); d.Verdict != VerdictHealthy || !slices.Equal(d.Wants, c.want) {
			t.Errorf("%s: wants %v: %s", name, d.Wants, brief(d))
		}
	}
	w := connected()
	w.task("portal", TaskPortal, "")
	w.e.Portals = List[Portal]{{Observation: Observation{Task: "portal"}, URL: "http://192.0.2.80/204", Status: 200}}
	if d := Diagnose(w.evidence()); d.Verdict != VerdictInconclusive || !slices.Contains(d.Remaining, DomainNetwork) {
		t.Errorf("a connection, and a log-in page: %s", brief(d))
	}
}

// TestLearnedElsewhere: who was heard beyond the gateway is a witness later, whatever came
// of the round.
func TestLearnedElsewhere(t *testing.T) {
	w := hung().around().companion(TaskReference, "", "198.51.100.80:443", FailDeadline).companion(TaskReference, "", "198.51.100.81:443", FailRefused).independentAnswer(FailNXDomain)
	w.e.Lookups[0].RCode = "NXDOMAIN"
	if m := Learned(w.evidence()); !slices.Equal(m.References, List[string]{reference, elsewhere}) {
		t.Errorf("learned %v", m.References)
	}
}
