package report

import (
	"slices"
	"strings"
	"testing"
)

const (
	ispRouter  = "100.64.0.1"
	coreRouter = "198.18.0.1"
	edgeRouter = "203.0.113.1"
	reference  = "192.0.2.80:443"
	elsewhere  = "192.0.2.99:53"
)

// again copies the latest exchange as a follow-up of a kind; further changes to it are
// changes to the copy.
func (w *world) again(kind TaskKind) *world {
	c, h, s := w.last()
	task := string(kind) + " " + c.Address
	w.task(task, kind, c.Endpoint)
	cc := *c
	cc.Task = task
	if h != nil {
		hh := *h
		hh.Task = task
		w.e.TLS = append(w.e.TLS, hh)
	}
	if s != nil {
		ss := *s
		ss.Task = task
		w.e.SignOns = append(w.e.SignOns, ss)
	}
	w.e.Connects = append(w.e.Connects, cc)
	return w
}

// endsEarly adds an exchange with the latest address of which the end followed the
// message at once: the peer hangs, unless failure or edit say otherwise.
func (w *world) endsEarly(failure FailureType, edit func(*TCP)) *world {
	w.again(TaskEarly)
	_, h, s := w.last()
	var tcp *TCP
	if s != nil {
		s.Failure, s.Ending, s.WaitMs = &Failure{Operation: OpRead, Type: failure}, nil, 3000
		tcp = new(*s.TCP)
		s.TCP = tcp
	} else {
		h.Failure, h.Ending, h.WaitMs = &Failure{Operation: OpTLSHandshake, Type: failure}, nil, 3000
		tcp = new(*h.TCP)
		h.TCP = tcp
	}
	tcp.State = "fin_wait_2"
	if edit != nil {
		edit(tcp)
	}
	return w
}

// companion is a handshake with another address or port; "" is no failure.
func (w *world) companion(kind TaskKind, endpoint, address string, failure FailureType) *world {
	task := string(kind) + " " + address
	w.task(task, kind, endpoint)
	c := Connect{Observation: Observation{Task: task, AtMs: 8100}, Endpoint: endpoint, Address: address, Link: "eth0", Gateway: gatewayIP, Source: "192.168.1.23", TCP: snapshot(0)}
	if failure != "" {
		c.Failure = &Failure{Operation: OpConnect, Type: failure}
	}
	if failure == FailDeadline {
		c.TCP.State, c.TCP.SegsIn = "syn_sent", ptr(int64(0))
	}
	w.e.Connects = append(w.e.Connects, c)
	if kind == TaskReference && !slices.Contains(w.e.Site.References, address) {
		w.e.Site.References = append(w.e.Site.References, address)
	}
	return w
}

// trace is who answered on the way to a target, hop by hop: a router's address, "*" for
// nobody, "connected" or "refused" for the target itself.
func (w *world) trace(endpoint, target string, hops ...string) *world {
	task := "trace " + target
	w.task(task, TaskTrace, endpoint)
	for i, h := range hops {
		o := Hop{Observation: Observation{Task: task, AtMs: 8100}, Endpoint: endpoint, Target: target, TTL: int64(i + 1), Address: h, Answer: HopExpired, Type: 11, RTTMs: ptr(4.0)}
		switch h {
		case "*":
			o.Address, o.Answer, o.Type, o.RTTMs = "", HopSilent, 0, nil
		case "connected", "refused":
			o.Address, o.Answer, o.Type = hostOf(target), HopAnswer(h), 0
		}
		w.e.Hops = append(w.e.Hops, o)
	}
	return w
}

// around is a reference that is reached over two shared routers.
func (w *world) around() *world {
	return w.companion(TaskReference, "", reference, "").trace("", reference, gatewayIP, ispRouter, coreRouter, "connected")
}

// placed shows that what answers stands where only the ways to the host lead.
func (w *world) placed() *world {
	return w.around().trace(mainAddr, mainAddr, gatewayIP, ispRouter, coreRouter, edgeRouter, "connected")
}

// hung is a host that answered this before and hangs now.
func hung() *world {
	w := remembered(healthy())
	w.noReply(FailDeadline, alive)
	return w.endsEarly(FailDeadline, nil)
}

// independentAnswer is what the independent resolver says.
func (w *world) independentAnswer(failure FailureType, answers ...string) *world {
	w.e.Site.IndependentResolver = elsewhere
	l := w.lookup("pos.acquirer.example", elsewhere, answers...)
	w.e.Tasks[len(w.e.Tasks)-1].Kind = TaskIndependent
	if failure != "" {
		l.Failure = &Failure{Operation: OpResolve, Type: failure}
	}
	return w
}

// ended is what followed the terminal's own end.
func ended(s *SignOn, how EndingHow, state string) *Ending {
	tcp := *s.TCP
	tcp.State = state
	s.Ending = &Ending{How: how, WaitMs: 1000, ElapsedMs: 900, TCP: &tcp}
	return s.Ending
}

// A followCase is evidence with follow-ups, and the headline that it leads to.
type followCase struct {
	name string
	w    func() *world
	want Code // "" is inconclusive
	sure Confidence
	open []Domain // must remain
	shut []Domain // must not
}

func unheardSYN() *world { w := syn(); w.e.Pings[1].silent(); return w }

// logInPage is a network that lets nothing through and answers web pages itself.
func logInPage() *world {
	w := unheardSYN().companion(TaskReference, "", reference, FailDeadline)
	w.task("portal", TaskPortal, "")
	w.e.Portals = List[Portal]{{Observation: Observation{Task: "portal"}, URL: "http://192.0.2.80/204", Status: 302, Location: "login.example"}}
	return w
}

// overOther is an endpoint that is silent, and answers over another link.
func overOther() *world {
	w := unheardSYN()
	w.exchange(mainAddr, mainAddr)
	w.e.Tasks[len(w.e.Tasks)-1].Kind = TaskUplink
	w.e.Tasks[len(w.e.Tasks)-1].ID = "other"
	w.e.Connects[1].Task, w.e.SignOns[0].Task, w.e.Clocks[len(w.e.Clocks)-1].Task, w.e.Connects[1].Link = "other", "other", "other", "wwan0"
	return w
}

// astray is the same where a route for the acquirer's network led to the first link.
func astray() *world {
	w := overOther()
	w.e.Routes = append(w.e.Routes, Route{Observation: Observation{Task: "routes", AtMs: 1}, Destination: "203.0.113.0/24", Link: "eth0", Protocol: "static"})
	for i := range w.e.Links {
		if w.e.Links[i].Name == "eth0" {
			w.e.Links[i].Kind = LinkTunnel
		}
	}
	return w
}

func remembered(w *world) *world {
	w.worked()
	w.e.Memory.Resolvers, w.e.Memory.References = List[string]{resolverA, resolverB}, List[string]{reference, elsewhere}
	return w
}

// follows are worlds in pairs: with the observation that decides, and without it or with
// the one that contradicts.
var follows = []followCase{
	{"a filter for the port on a shared router", func() *world {
		return unheardSYN().around().trace(mainAddr, mainAddr, gatewayIP, "*", "*").
			companion(TaskClosedPort, mainAddr, mainHost+":1", FailRefused).trace(mainAddr, mainHost+":1", gatewayIP, ispRouter, coreRouter, edgeRouter, "refused")
	}, "network.path.silent", Likely, nil, nil},
	{"the same filter where only the acquirer's way goes on", func() *world {
		return unheardSYN().around().trace(mainAddr, mainAddr, gatewayIP, ispRouter, coreRouter, "*", "*").
			companion(TaskClosedPort, mainAddr, mainHost+":1", FailRefused).trace(mainAddr, mainHost+":1", gatewayIP, ispRouter, coreRouter, edgeRouter, "refused")
	}, "", "", []Domain{DomainNetwork, DomainHost}, nil},
	{"lost behind the first router while the reference's way goes on", func() *world {
		return unheardSYN().around().trace(mainAddr, mainAddr, gatewayIP, "*", "*")
	}, "", "", []Domain{DomainNetwork, DomainHost}, nil},
	{"lost behind the first router of a private network", func() *world {
		w := unheardSYN().around().trace(mainAddr, mainAddr, gatewayIP, "*", "*")
		w.e.Site.Profile = ProfilePrivateAPN
		return w
	}, "", "", []Domain{DomainNetwork, DomainHost}, nil},
	{"lost behind the second router", func() *world {
		return unheardSYN().around().trace(mainAddr, mainAddr, gatewayIP, ispRouter, "*", "*")
	}, "", "", []Domain{DomainNetwork, DomainHost}, nil},
	{"it works over the other link", overOther, "", "", []Domain{DomainNetwork, DomainHost}, nil},
	{"it works over the default route, and a narrower one was taken", astray, "device.route_wrong", Likely, nil, []Domain{DomainNetwork, DomainHost}},

	{"everything is out of reach, and all ways end at the first router", func() *world {
		return remembered(unheardSYN()).trace(mainAddr, mainAddr, gatewayIP, "*", "*").
			companion(TaskReference, "", reference, FailDeadline).trace("", reference, gatewayIP, "*", "*")
	}, "network.access.down", Likely, nil, []Domain{DomainHost, DomainDevice}},
	{"the same, and packets came in that reached nobody", func() *world {
		w := unheardSYN().trace(mainAddr, mainAddr, gatewayIP, "*", "*").
			companion(TaskReference, "", reference, FailDeadline).trace("", reference, gatewayIP, "*", "*")
		w.e.Device.Undelivered = ptr(int64(3))
		return w
	}, "", "", []Domain{DomainDevice, DomainNetwork}, nil},
	{"the reference answers", func() *world {
		return unheardSYN().companion(TaskReference, "", reference, "")
	}, "", "", []Domain{DomainNetwork, DomainHost}, nil},

	{"a request is lost, and again", func() *world {
		w := healthy()
		w.noReply(FailDeadline, unacked)
		return w.again(TaskSecond).around()
	}, "", "", []Domain{DomainNetwork, DomainHost}, nil},
	{"a request is lost, and then the host is gone", func() *world {
		w := healthy()
		w.noReply(FailDeadline, unacked)
		w.again(TaskSecond)
		w.noConnect(FailDeadline)
		return w.around().trace(mainAddr, mainAddr, gatewayIP, ispRouter, coreRouter, "*", "*")
	}, "", "", []Domain{DomainNetwork, DomainHost}, nil},
	{"a request is lost, and then everything", func() *world {
		w := remembered(healthy())
		w.noReply(FailDeadline, unacked)
		w.again(TaskSecond)
		w.noConnect(FailDeadline)
		return w.trace(mainAddr, mainAddr, gatewayIP, "*", "*").companion(TaskReference, "", reference, FailDeadline).trace("", reference, gatewayIP, "*", "*").independentAnswer(FailDeadline)
	}, "network.path.lost", Likely, []Domain{DomainHost}, nil},
	{"the line died while waiting, and everything with it", func() *world {
		w := remembered(healthy())
		w.noReply(FailDeadline, dead)
		w.again(TaskSecond)
		w.noConnect(FailDeadline)
		return w.trace(mainAddr, mainAddr, gatewayIP, "*", "*").companion(TaskReference, "", reference, FailDeadline).trace("", reference, gatewayIP, "*", "*").independentAnswer(FailDeadline)
	}, "network.path.interrupted", Likely, []Domain{DomainHost}, nil},
	{"the host died while waiting, and nothing else", func() *world {
		w := remembered(healthy())
		w.noReply(FailDeadline, dead)
		w.again(TaskSecond)
		w.noConnect(FailDeadline)
		return w.around()
	}, "", "", []Domain{DomainNetwork, DomainHost}, nil},

	{"a silent host whose program is stuck", func() *world { return hung().placed() }, "host.no_response", Likely, []Domain{DomainNetwork}, []Domain{DomainDevice}},
	{"a silent host that did not even take our end", func() *world {
		w := healthy()
		w.noReply(FailDeadline, alive)
		return w.endsEarly(FailDeadline, func(t *TCP) { t.State = "fin_wait_1" })
	}, "", "", []Domain{DomainHost, DomainDevice}, nil},
	{"an end that came after a long wait says less", func() *world {
		w := remembered(healthy())
		ended(w.noReply(FailDeadline, alive), EndingSilent, "fin_wait_2")
		return w
	}, "", "", []Domain{DomainHost, DomainNetwork}, nil},
	{"the early end brings out a hole", func() *world {
		w := remembered(healthy())
		w.noReply(FailDeadline, alive)
		return w.endsEarly(FailDeadline, func(t *TCP) { hole(t); t.DataSegsIn = ptr(int64(0)) })
	}, "", "", []Domain{DomainNetwork, DomainHost}, []Domain{DomainDevice}},
	{"the host closes with an early end, and answered this before", func() *world {
		w := remembered(healthy())
		ended(w.noReply(FailDeadline, alive), EndingClosed, "time_wait")
		return w.endsEarly(FailClosed, func(t *TCP) { t.State = "closed" }).placed()
	}, "host.no_response", Likely, []Domain{DomainNetwork}, []Domain{DomainDevice}},
	{"the host closes with an early end alone: a front end may not wait for the reply", func() *world {
		w := remembered(healthy())
		ended(w.noReply(FailDeadline, alive), EndingSilent, "fin_wait_2")
		return w.endsEarly(FailClosed, func(t *TCP) { t.State = "closed" }).placed()
	}, "", "", []Domain{DomainNetwork, DomainHost}, []Domain{DomainDevice}},
	{"a silent host that reads on, and never answered this", func() *world {
		w := healthy()
		ended(w.noReply(FailDeadline, alive), EndingClosed, "time_wait")
		return w
	}, "", "", []Domain{DomainHost, DomainDevice}, nil},
	{"a silent host that reads on, and answered this before", func() *world {
		w := remembered(healthy())
		ended(w.noReply(FailDeadline, alive), EndingClosed, "time_wait")
		return w.placed()
	}, "host.no_response", Likely, []Domain{DomainNetwork}, []Domain{DomainDevice}},
	{"the host's end shows a hole where the reply was", func() *world {
		w := remembered(healthy())
		ended(w.noReply(FailDeadline, alive), EndingSilent, "fin_wait_2").TCP.RcvOooPack = ptr(int64(1))
		return w
	}, "", "", []Domain{DomainNetwork, DomainHost}, []Domain{DomainDevice}},
	{"the reply comes after the wait", func() *world {
		w := healthy()
		e := ended(w.noReply(FailDeadline, alive), EndingClosed, "time_wait")
		e.LateBytes, e.Replied = 61, true
		return w
	}, "host.slow", Likely, nil, nil},
	{"what answers stands at the first router", func() *world {
		w := remembered(healthy())
		w.noReply(FailDeadline, alive)
		return w.endsEarly(FailDeadline, nil).around().trace(mainAddr, mainAddr, "connected")
	}, "network.path.interception", Likely, []Domain{DomainHost}, nil},

	{"refused beyond the point where the ways part", func() *world {
		w := remembered(healthy())
		w.noConnect(FailRefused)
		return w.around().trace(mainAddr, mainAddr, gatewayIP, ispRouter, coreRouter, edgeRouter, "refused")
	}, "host.refused", Likely, nil, []Domain{DomainDevice}},
	{"refused there, and never reached before", func() *world {
		w := healthy()
		w.noConnect(FailRefused)
		return w.around().trace(mainAddr, mainAddr, gatewayIP, ispRouter, coreRouter, edgeRouter, "refused")
	}, "", "", []Domain{DomainDevice, DomainHost}, nil},
	{"refused on the shared way, which another port passes", func() *world {
		w := remembered(healthy())
		w.noConnect(FailRefused)
		return w.around().trace(mainAddr, mainAddr, gatewayIP, ispRouter, "refused").
			companion(TaskClosedPort, mainAddr, mainHost+":1", FailRefused).trace(mainAddr, mainHost+":1", gatewayIP, ispRouter, coreRouter, edgeRouter, "refused")
	}, "network.path.rejected", Likely, nil, nil},
	{"refused on the shared way, and nothing else is known", func() *world {
		w := remembered(healthy())
		w.noConnect(FailRefused)
		return w.around().trace(mainAddr, mainAddr, gatewayIP, ispRouter, "refused")
	}, "", "", []Domain{DomainNetwork, DomainHost}, []Domain{DomainDevice}},

	{"a router that others use as well has no route", func() *world {
		w := healthy()
		w.noConnect(FailHostUnreach, icmp(coreRouter, 3, 0))
		return w.around().trace(mainAddr, mainAddr, gatewayIP, ispRouter, coreRouter)
	}, "", "", []Domain{DomainNetwork, DomainHost}, nil},
	{"a router that others use as well forbids it", func() *world {
		w := healthy()
		w.noConnect(FailHostUnreach, icmp(coreRouter, 3, 13))
		return w.around().trace(mainAddr, mainAddr, gatewayIP, ispRouter, coreRouter)
	}, "network.path.prohibited", Likely, nil, nil},
	{"refused where only the reference's hop kept silent", func() *world {
		w := remembered(healthy())
		w.noConnect(FailRefused)
		return w.companion(TaskReference, "", reference, "").trace("", reference, gatewayIP, ispRouter, "*", "connected").
			trace(mainAddr, mainAddr, gatewayIP, ispRouter, coreRouter, "refused")
	}, "", "", []Domain{DomainNetwork, DomainHost}, []Domain{DomainDevice}},
	{"a router that only this way has has no route", func() *world {
		w := healthy()
		w.noConnect(FailHostUnreach, icmp(edgeRouter, 3, 0))
		return w.around().trace(mainAddr, mainAddr, gatewayIP, ispRouter, coreRouter)
	}, "", "", []Domain{DomainNetwork, DomainHost}, nil},

	{"a reset from another distance than the host", func() *world {
		w := remembered(healthy())
		w.noReply(FailReset, unacked)
		w.again(TaskSecond)
		_, _, s := w.last()
		s.TCP.SYNACKTTL, s.TCP.ResetTTL = ptr(int64(60)), ptr(int64(63))
		return w
	}, "", "", []Domain{DomainNetwork, DomainHost}, []Domain{DomainDevice}},
	{"a reset from the host's distance", func() *world {
		w := remembered(healthy())
		w.noReply(FailReset, unacked)
		w.again(TaskSecond)
		_, _, s := w.last()
		s.TCP.SYNACKTTL, s.TCP.ResetTTL = ptr(int64(60)), ptr(int64(60))
		return w
	}, "", "", []Domain{DomainNetwork, DomainHost}, []Domain{DomainDevice}},

	{"large segments are lost, small ones pass", func() *world {
		w := healthy()
		w.noReply(FailDeadline, selective)
		w.again(TaskSecond)
		w.exchange(mainAddr, mainAddr)
		for i := range w.e.Tasks {
			if i == len(w.e.Tasks)-1 {
				w.e.Tasks[i].ID, w.e.Tasks[i].Kind = "small", TaskSmall
			}
		}
		c, _, _ := w.last()
		c.Task, w.e.SignOns[len(w.e.SignOns)-1].Task = "small", "small"
		w.e.Clocks[len(w.e.Clocks)-1].Task = "small"
		return w
	}, "", "", []Domain{DomainNetwork, DomainHost}, nil},

	{"a queue that has room at times", func() *world {
		w := remembered(healthy())
		w.noReply(FailDeadline, backlog)
		w.e.Connects[0].Task, w.e.SignOns[0].Task = "exchange "+mainAddr, "exchange "+mainAddr
		w.exchange(mainAddr, mainAddr)
		w.e.Tasks[len(w.e.Tasks)-1].ID, w.e.Tasks[len(w.e.Tasks)-1].Kind = "second", TaskSecond
		w.e.Connects[1].Task, w.e.SignOns[1].Task, w.e.Clocks[len(w.e.Clocks)-1].Task = "second", "second", "second"
		return w
	}, "host.backlog_full", Likely, []Domain{DomainNetwork}, nil},
	{"SYN-ACKs repeated, and nothing passes", func() *world {
		w := remembered(healthy())
		w.noReply(FailDeadline, backlog)
		return w
	}, "", "", []Domain{DomainNetwork, DomainHost}, []Domain{DomainDevice}},

	{"resolvers that served before are silent", func() *world {
		return remembered(unresolvable(FailDeadline, ""))
	}, "network.dns.unreachable", Likely, nil, []Domain{DomainDevice}},
	{"resolvers that never served are silent", func() *world {
		return unresolvable(FailDeadline, "")
	}, "", "", []Domain{DomainNetwork, DomainDevice}, []Domain{DomainHost}},
	{"an independent resolver knows the name", func() *world {
		return unresolvable(FailNXDomain, "NXDOMAIN").independentAnswer("", mainHost)
	}, "network.dns.no_such_name", Likely, nil, []Domain{DomainDevice, DomainHost}},
	{"nobody knows a name that was reached before", func() *world {
		return remembered(unresolvable(FailNXDomain, "NXDOMAIN")).independentAnswer(FailNXDomain)
	}, "host.dns_zone", Likely, []Domain{DomainNetwork}, []Domain{DomainDevice}},
	{"nobody knows a name that was never reached", func() *world {
		return unresolvable(FailNXDomain, "NXDOMAIN").independentAnswer(FailNXDomain)
	}, "", "", []Domain{DomainDevice, DomainHost}, nil},
	{"the servers fail, another one does not", func() *world {
		return unresolvable(FailServFail, "SERVFAIL").independentAnswer("", mainHost)
	}, "network.dns.server_failure", Likely, nil, []Domain{DomainHost}},

	{"a log-in page", logInPage, "network.access.portal", Likely, nil, nil},
	{"the page is what it should be", func() *world {
		w := unheardSYN().companion(TaskReference, "", reference, "")
		w.task("portal", TaskPortal, "")
		w.e.Portals = List[Portal]{{Observation: Observation{Task: "portal"}, URL: "http://192.0.2.80/204", Status: 204}}
		return w
	}, "", "", []Domain{DomainNetwork, DomainHost}, nil},
	{"somebody else has the terminal's address", func() *world {
		w := unheardSYN()
		w.e.Pings[0].silent()
		w.task("duplicate", TaskDuplicate, "")
		w.e.Claims = List[Claim]{{Observation: Observation{Task: "duplicate"}, Link: "eth0", Address: "192.168.1.23", Probes: 3, Answers: 1}}
		return w
	}, "network.local.duplicate_address", Likely, nil, nil},
	{"a router answers for everybody", func() *world {
		w := unheardSYN()
		w.task("duplicate", TaskDuplicate, "")
		w.e.Claims = List[Claim]{{Observation: Observation{Task: "duplicate"}, Link: "eth0", Address: "192.168.1.23", Probes: 3, Answers: 1}}
		return w
	}, "", "", []Domain{DomainNetwork, DomainHost}, nil},
	{"nobody else has it", func() *world {
		w := unheardSYN()
		w.task("duplicate", TaskDuplicate, "")
		w.e.Claims = List[Claim]{{Observation: Observation{Task: "duplicate"}, Link: "eth0", Address: "192.168.1.23", Probes: 3}}
		return w
	}, "", "", []Domain{DomainNetwork, DomainHost}, nil},
	{"a gateway that never served is dead", func() *world {
		w := goneGateway()
		w.e.Routes[0].Protocol, w.e.Addresses[1].Dynamic = "boot", false
		return w
	}, "", "", []Domain{DomainNetwork, DomainDevice}, []Domain{DomainHost}},
}

func TestFollow(t *testing.T) {
	for _, c := range slices.Concat(follows, twinFollows) {
		d := Diagnose(c.w().evidence())
		if d.Code != c.want || d.Confidence != c.sure {
			t.Errorf("%s: %s", c.name, brief(d))
		}
		for _, o := range c.open {
			if !slices.Contains(d.Remaining, o) {
				t.Errorf("%s: %s is not left open: %s", c.name, o, brief(d))
			}
		}
		for _, s := range c.shut {
			if slices.Contains(d.Remaining, s) {
				t.Errorf("%s: %s is left open: %s", c.name, s, brief(d))
			}
		}
		if slices.ContainsFunc(d.Unexplained, func(p string) bool { return !strings.HasPrefix(p, "/evidence/pings/") }) {
			t.Errorf("%s: unexplained %v", c.name, d.Unexplained)
		}
	}
}

// followCases are the same worlds for tests that run over all cases.
func followCases() []rowCase {
	var out []rowCase
	for _, c := range slices.Concat(follows, twinFollows) {
		out = append(out, rowCase{Code(c.name), c.w, c.w})
	}
	return out
}

// TestFollowUpLost: an answer that got lost may have spoken for the accused.
func TestFollowUpLost(t *testing.T) {
	e := remembered(unresolvable(FailDeadline, "")).independentAnswer("", mainHost).evidence()
	if d := Diagnose(e); d.Domain != DomainNetwork {
		t.Fatalf("with everything: %s", brief(d))
	}
	e.Lookups = e.Lookups[:2]
	if d := Diagnose(e); d.Domain != "" {
		t.Errorf("without an answer: %s", brief(d))
	}
}

// TestWants: what was asked is not asked again; what could not be asked stays wanted.
func TestWants(t *testing.T) {
	w := unheardSYN()
	if d := Diagnose(w.evidence()); !slices.Contains(d.Wants, AskTrace) || !slices.Contains(d.Wants, AskReference) {
		t.Fatalf("an unanswered SYN wants %v", d.Wants)
	}
	w.around()
	if d := Diagnose(w.evidence()); slices.Contains(d.Wants, AskTrace) || slices.Contains(d.Wants, AskReference) || !slices.Contains(d.Wants, AskClosedPort) {
		t.Errorf("after trace and reference it wants %v", d.Wants)
	}
	for i := range w.e.Tasks {
		if w.e.Tasks[i].Kind == TaskReference {
			w.e.Tasks[i].Outcome, w.e.Tasks[i].Reason = OutcomeNotAsked, ReasonBudget
		}
	}
	if d := Diagnose(w.evidence()); !slices.Contains(d.Wants, AskReference) {
		t.Errorf("a reference that was not asked is not wanted: %v", d.Wants)
	}
	if d := Diagnose(healthy().evidence()); len(d.Wants) > 0 {
		t.Errorf("a healthy round wants %v", d.Wants)
	}
}

// TestLearned: only what succeeded to its deepest step, with a peer that nothing speaks
// against, teaches anything.
func TestLearned(t *testing.T) {
	m := Learned(named().evidence())
	if len(m.LastGood) != 1 || m.LastGood[0].Step != StepSignOn || m.LastGood[0].Fingerprint != print1 ||
		m.LastGood[0].ReplyMs != 52 || !slices.Equal(m.Resolvers, List[string]{resolverA, resolverB}) {
		t.Errorf("a healthy round: %+v", m)
	}
	for name, w := range map[string]*world{
		"silent host":         func() *world { w := healthy(); w.noReply(FailDeadline, alive); return w }(),
		"refused":             func() *world { w := healthy(); w.noConnect(FailRefused); return w }(),
		"unknown terminal":    coded("97"),
		"a strange peer":      badCertificate(StepSignOn, CertUnknownIssuer),
		"a clock not read":    func() *world { w := healthy(); w.e.Clocks = nil; return w }(),
		"a second try worked": func() *world { w := healthy(); w.again(TaskSecond); w.e.Tasks = w.e.Tasks[len(w.e.Tasks)-1:]; return w }(),
	} {
		if m := Learned(w.evidence()); len(m.LastGood)+len(m.References)+len(m.Resolvers) > 0 {
			t.Errorf("%s teaches %+v", name, m)
		}
	}
}

// TestHostileHops: evidence from a file may say anything of the time to live, and name
// any number of targets.
func TestHostileHops(t *testing.T) {
	w := remembered(healthy())
	w.noConnect(FailRefused)
	w.around()
	for i := range 900 {
		w.e.Hops = append(w.e.Hops, Hop{Target: mainAddr, TTL: 1 << (i % 63), Answer: HopRefused}, Hop{Target: reference, TTL: int64(i), Answer: HopExpired, Address: gatewayIP})
		w.companion(TaskClosedPort, mainAddr, mainHost+":"+itoa(i), FailRefused)
	}
	if d := Diagnose(w.evidence()); d.Confidence == Proven {
		t.Errorf("proven by nonsense: %s", brief(d))
	}
}
