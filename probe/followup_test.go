package probe

import (
	"context"
	"io"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"posprobe/report"

	"github.com/miekg/dns"
)

// asks makes a round ask questions.
func asks(req Request, questions ...report.Question) Request {
	req.Wants = func(report.Evidence) []report.Question { return questions }
	return req
}

func tasksOfKind(e report.Evidence, kind report.TaskKind) []report.Task {
	return slices.DeleteFunc(slices.Clone([]report.Task(e.Tasks)), func(t report.Task) bool { return t.Kind != kind })
}

func TestFollowUpsPlanned(t *testing.T) {
	const one, two = "pos.acquirer.example:5500", "203.0.113.20:1"
	tasks := func(list ...report.Task) report.List[report.Task] { return list }
	exchange := func(endpoint, target string, how report.Outcome) report.Task {
		return report.Task{ID: "exchange " + endpoint + " at " + target, Kind: report.TaskExchange, Endpoint: endpoint, Target: target, Outcome: how}
	}
	failed := tasks(
		exchange(one, "203.0.113.7:5500", report.OutcomeFailed), exchange(one, "203.0.113.8:5500", report.OutcomeFailed),
		exchange(two, two, report.OutcomeFailed),
	)
	reference := netip.MustParseAddrPort("198.51.100.80:443")
	resolver := netip.MustParseAddrPort("198.51.100.53:53")
	routes := report.List[report.Route]{
		{Destination: "0.0.0.0/0", Link: "eth0", Metric: 100}, {Destination: "0.0.0.0/0", Link: "wwan0", Gateway: "198.51.100.1", Metric: 700},
	}
	links := report.List[report.Link]{{Name: "eth0", AdminUp: true}, {Name: "wwan0", AdminUp: true}}
	connects := report.List[report.Connect]{{Endpoint: one, Address: "203.0.113.7:5500", Link: "eth0"}, {Endpoint: two, Address: two, Link: "eth0"}}
	endpoints := []Endpoint{{Address: one, Dialect: wordDialect{request: "PING"}}, {Address: two}}
	keys := []Endpoint{{Address: one, Dialect: wordDialect{request: "PING", keys: true}}}
	for _, tt := range []struct {
		name    string
		e       report.Evidence
		req     Request
		wants   []report.Question
		asked   []string
		skipped map[string]report.Reason
	}{
		{name: "nothing is wanted", e: report.Evidence{Tasks: failed}, req: Request{Endpoints: endpoints}},
		{
			name: "what no packet answers", e: report.Evidence{Tasks: failed}, req: Request{Endpoints: endpoints},
			wants: []report.Question{report.AskMessage, report.AskOtherFamily, report.AskOtherEndpoint, "no_such_question"},
		},
		{
			name: "one address of each endpoint", e: report.Evidence{Tasks: failed}, req: Request{Endpoints: endpoints},
			wants: []report.Question{report.AskSecondExchange, report.AskClosedPort},
			asked: []string{
				"second_exchange pos.acquirer.example:5500 at 203.0.113.7:5500", "second_exchange 203.0.113.20:1 at 203.0.113.20:1",
				"closed_port 203.0.113.7:1", "trace 203.0.113.7:1", "closed_port 203.0.113.20:4", "trace 203.0.113.20:4",
			},
		},
		{
			name: "a trace to the first reference as well", e: report.Evidence{Tasks: failed[:1]},
			req:   Request{Endpoints: endpoints, References: []netip.AddrPort{reference, resolver}},
			wants: []report.Question{report.AskTrace, report.AskReference},
			asked: []string{"trace 203.0.113.7:5500", "trace 198.51.100.80:443", "reference 198.51.100.80:443", "reference 198.51.100.53:53"},
		},
		{
			name: "resolvers where no name was looked up", e: report.Evidence{Tasks: failed[:1], Resolvers: report.List[report.Resolver]{
				{Address: "127.0.0.53:53"}, {Address: "192.0.2.53:53"}, {Address: "198.51.100.53:53"}, {Address: "192.0.2.54:53"},
			}},
			req:   Request{Endpoints: endpoints, References: []netip.AddrPort{reference}},
			wants: []report.Question{report.AskReference},
			asked: []string{"reference 198.51.100.80:443", "reference NS . at 192.0.2.53:53", "reference NS . at 198.51.100.53:53"},
		},
		{
			name: "no resolvers where one was", e: report.Evidence{Tasks: failed[:1], Resolvers: report.List[report.Resolver]{{Address: "192.0.2.53:53"}},
				Lookups: report.List[report.Lookup]{{Name: "pos.acquirer.example"}}},
			req:   Request{Endpoints: endpoints, References: []netip.AddrPort{reference}},
			wants: []report.Question{report.AskReference}, asked: []string{"reference 198.51.100.80:443"},
		},
		{
			name: "nobody is stated", e: report.Evidence{Tasks: failed}, req: Request{Endpoints: endpoints},
			wants:   []report.Question{report.AskReference, report.AskIndependentResolver, report.AskPortal},
			skipped: map[string]report.Reason{"reference": report.ReasonNotStated, "independent_resolver": report.ReasonNotStated, "portal": report.ReasonNotStated},
		},
		{
			name: "keys are made once", e: report.Evidence{Tasks: failed[:1], Routes: routes, Links: links, Connects: connects}, req: Request{Endpoints: keys},
			wants: []report.Question{report.AskSecondExchange, report.AskSmallSegments, report.AskOtherUplink},
		},
		{
			name: "another uplink", e: report.Evidence{Tasks: failed, Routes: routes, Links: links, Connects: connects}, req: Request{Endpoints: endpoints},
			wants: []report.Question{report.AskOtherUplink}, asked: []string{"other_uplink pos.acquirer.example:5500 at 203.0.113.7:5500"},
		},
		{
			name: "no other uplink", e: report.Evidence{Tasks: failed[:1], Routes: routes, Links: links[:1], Connects: connects}, req: Request{Endpoints: endpoints},
			wants: []report.Question{report.AskOtherUplink}, skipped: map[string]report.Reason{"other_uplink pos.acquirer.example:5500 at 203.0.113.7:5500": report.ReasonUnsupported},
		},
		{
			name: "names alone are looked up", e: report.Evidence{Tasks: failed}, req: Request{Endpoints: endpoints, IndependentResolver: resolver},
			wants: []report.Question{report.AskIndependentResolver}, asked: []string{"independent_resolver A pos.acquirer.example at 198.51.100.53:53"},
		},
		{
			name: "an answered name is in no doubt",
			e:    report.Evidence{Tasks: tasks(exchange(one, "203.0.113.7:5500", report.OutcomeAnswered), exchange(two, two, report.OutcomeFailed))},
			req:  Request{Endpoints: endpoints, IndependentResolver: resolver}, wants: []report.Question{report.AskIndependentResolver},
		},
		{
			name: "whose address", e: report.Evidence{Tasks: failed, Connects: connects, Addresses: report.List[report.Address]{
				{Prefix: "127.0.0.1/8", Link: "lo"}, {Prefix: "192.0.2.7/24", Link: "eth0"}, {Prefix: "2001:db8::7/64", Link: "eth0"}, {Prefix: "198.51.100.7/24", Link: "wwan0"},
			}},
			req: Request{Endpoints: endpoints}, wants: []report.Question{report.AskDuplicateAddress}, asked: []string{"duplicate_address 192.0.2.7 on eth0"},
		},
		{
			name: "a time server", e: report.Evidence{Tasks: failed[:1]}, req: Request{Endpoints: endpoints, Site: report.Site{TimeServer: "203.0.113.123:123"}},
			wants: []report.Question{report.AskClock}, asked: []string{"time 203.0.113.123:123"},
		},
		{
			name: "no time server", e: report.Evidence{Tasks: failed[:1]}, req: Request{Endpoints: endpoints},
			wants: []report.Question{report.AskClock}, skipped: map[string]report.Reason{"time": report.ReasonNotStated},
		},
		{
			name: "paused", e: report.Evidence{Tasks: failed[:1]}, req: Request{Endpoints: endpoints, References: []netip.AddrPort{reference}, Paused: true},
			wants:   []report.Question{report.AskReference},
			skipped: map[string]report.Reason{"reference 198.51.100.80:443": report.ReasonPaused},
		},
		{
			name: "asked before", e: report.Evidence{Tasks: append(slices.Clone(failed[:1]), report.Task{ID: "trace 203.0.113.7:5500", Kind: report.TaskTrace})},
			req: Request{Endpoints: endpoints}, wants: []report.Question{report.AskTrace},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := followUps(&tt.e, &tt.req, tt.wants)
			if ids := asked(got); !slices.Equal(ids, tt.asked) && runtime.GOOS != "windows" {
				t.Errorf("asked\n%q, want\n%q", ids, tt.asked)
			}
			reasons := skipped(got)
			for id, why := range tt.skipped {
				if reasons[id] != why {
					t.Errorf("%q: %q, want %q", id, reasons[id], why)
				}
			}
			if len(reasons) != len(tt.skipped) {
				t.Errorf("skipped %v", reasons)
			}
			for _, task := range got {
				if !isFollowUp(task.ID) || task.Kind != report.TaskDuplicate && task.Outcome == "" && task.price < priceHandshake {
					t.Errorf("task %+v", task)
				}
			}
		})
	}
}

func TestPace(t *testing.T) {
	ip := netip.MustParseAddr("203.0.113.7")
	for rtt, want := range map[float64]time.Duration{0: unknownPace, 3: minPace, 200: 100 * time.Millisecond, 900: maxPace} {
		e := report.Evidence{Connects: report.List[report.Connect]{{Address: "203.0.113.7:1", TCP: &report.TCP{RTTMs: new(rtt)}}}}
		if got := pace(&e, ip); got != want {
			t.Errorf("round trip %v: %v, want %v", rtt, got, want)
		}
	}
}

// A round that nothing is wanted of ends as it always did.
func TestNoFollowUps(t *testing.T) {
	address := serve(t, answerTo(4, "PONG"))
	calls := 0
	for name, wants := range map[string]func(report.Evidence) []report.Question{
		"nil":     nil,
		"nothing": func(report.Evidence) []report.Question { calls++; return nil },
		"panic":   func(report.Evidence) []report.Question { panic("no") },
	} {
		req := requestFor(Endpoint{Address: address, Dialect: wordDialect{request: "PING"}})
		req.References, req.Wants = []netip.AddrPort{netip.MustParseAddrPort(address)}, wants
		e := Round(t.Context(), loopbackSystem(t), req)
		checkCounts(t, e)
		if len(e.Connects) != 1 || slices.ContainsFunc(e.Tasks, func(t report.Task) bool { return isFollowUp(t.ID) }) {
			t.Errorf("%s: %+v", name, e.Connects)
		}
	}
	if calls != 1 {
		t.Errorf("asked %d times", calls)
	}
}

// What is wanted is decided on the evidence of a whole round, and asked twice at most.
func TestWantsAsked(t *testing.T) {
	address := serve(t, func(net.Conn) {})
	reference := serve(t, hang)
	req := requestFor(Endpoint{Address: address, Dialect: wordDialect{request: "PING"}})
	req.References = []netip.AddrPort{netip.MustParseAddrPort(reference)}
	var seen []report.Evidence
	req.Wants = func(e report.Evidence) []report.Question {
		checkCounts(t, e)
		seen = append(seen, e)
		e.Tasks = append(e.Tasks, report.Task{ID: "nobody's"})
		return [][]report.Question{{report.AskReference}, {report.AskReference, report.AskSecondExchange}, {report.AskClosedPort}}[len(seen)-1]
	}
	e := Round(t.Context(), loopbackSystem(t), req)
	checkCounts(t, e)
	if len(seen) != 2 || len(seen[0].Connects) != 1 || len(seen[1].Connects) != 2 || len(e.Connects) != 3 || len(e.SignOns) != 2 {
		t.Fatalf("asked %d times, connects %+v", len(seen), e.Connects)
	}
	for i, s := range append(seen, e) {
		last := s.Tasks[len(s.Tasks)-1]
		if last.ID != "clock end" || s.Device.Scheduling == nil || s.Device.Scheduling.RoundMs <= 0 || len(s.Clocks) < 2 {
			t.Errorf("%d: last task %+v, scheduling %+v", i, last, s.Device.Scheduling)
		}
	}
	if c := e.Connects[1]; c.Endpoint != "" || c.Address != reference || c.Failure != nil {
		t.Errorf("reference %+v", c)
	}
}

// Neither the round nor what forked off it sees what the other adds.
func TestForkedRecorder(t *testing.T) {
	r := newRecorder(report.Site{}, report.Memory{})
	r.evidence.Tasks = make(report.List[report.Task], 1, 8) // room in which both could write
	fork := r.fork()
	fork.record(report.Task{ID: "fork"})
	r.record(report.Task{ID: "round"})
	if a, b := r.evidence.Tasks, fork.evidence.Tasks; len(a) != 2 || len(b) != 2 || a[1].ID != "round" || b[1].ID != "fork" {
		t.Errorf("round %+v, fork %+v", a, b)
	}
}

func TestFollowUpBudgets(t *testing.T) {
	onLinux(t)
	address := serve(t, func(net.Conn) {})
	reference := netip.MustParseAddrPort(serve(t, hang))
	req := asks(requestFor(Endpoint{Address: address, Dialect: wordDialect{request: "PING"}}), report.AskReference, report.AskSecondExchange)
	req.References, req.FollowUpBytes = []netip.AddrPort{reference}, priceHandshake
	e := Round(t.Context(), loopbackSystem(t), req)
	checkCounts(t, e)
	if a, b := taskOf(t, e, report.TaskReference), taskOf(t, e, report.TaskSecond); a.Outcome != report.OutcomeAnswered ||
		b.Outcome != report.OutcomeNotAsked || b.Reason != report.ReasonBudget || len(e.Connects) != 2 {
		t.Errorf("bytes: %+v %+v", a, b)
	}
	req.FollowUpBytes, req.FollowUp = 0, leastTime/2
	e = Round(t.Context(), loopbackSystem(t), req)
	checkCounts(t, e)
	if b := taskOf(t, e, report.TaskSecond); b.Reason != report.ReasonBudget || len(e.Connects) != 1 {
		t.Errorf("time: %+v", b)
	}
}

// Nothing that hangs keeps the round beyond the time for follow-ups.
func TestFollowUpsEndInTime(t *testing.T) {
	hung := serve(t, hang)
	req := asks(requestFor(Endpoint{Address: hung, Dialect: wordDialect{request: "PING"}}),
		report.AskSecondExchange, report.AskSmallSegments, report.AskTrace, report.AskClosedPort)
	req.Reply, req.FollowUp, req.FollowUpBytes = time.Second, 2*time.Second, 1e6
	var asked time.Time
	want := req.Wants
	req.Wants = func(e report.Evidence) []report.Question {
		if asked.IsZero() {
			asked = time.Now()
		}
		return want(e)
	}
	e := Round(t.Context(), loopbackSystem(t), req)
	took := time.Since(asked)
	checkCounts(t, e)
	for _, s := range e.SignOns[1:] {
		if s.WaitMs > 1600 {
			t.Errorf("waited %v", s.WaitMs)
		}
	}
	if len(e.SignOns) < 2 || took > 6*time.Second { // 2 s, and what a busy machine adds
		t.Errorf("%d sign-ons, took %v", len(e.SignOns), took)
	}
}

func TestFollowUpsInterrupted(t *testing.T) {
	hung := serve(t, hang)
	req := requestFor(Endpoint{Address: hung, Dialect: wordDialect{request: "PING"}})
	req.Reply, req.FollowUp = time.Second, 20*time.Second
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req.Wants = func(report.Evidence) []report.Question {
		time.AfterFunc(100*time.Millisecond, cancel)
		return []report.Question{report.AskSecondExchange}
	}
	e := Round(ctx, loopbackSystem(t), req)
	checkCounts(t, e)
	if task := taskOf(t, e, report.TaskSecond); task.Outcome != report.OutcomeCancelled {
		t.Errorf("task %+v", task)
	}
	if s := e.SignOns[1]; !s.Failure.Is(report.FailCancelled) || s.Ending != nil {
		t.Errorf("sign-on %+v", s)
	}
}

// A payment that began meanwhile goes first.
func TestFollowUpsYield(t *testing.T) {
	onLinux(t)
	address := serve(t, func(c net.Conn) {
		if _, err := io.ReadFull(c, make([]byte, 4)); err != nil {
			hang(c)
		}
	})
	req := requestFor(Endpoint{Address: address, Dialect: wordDialect{request: "PING"}})
	req.FollowUp = time.Second
	req.Wants = func(report.Evidence) []report.Question {
		somebodyConnected(t, address)
		return []report.Question{report.AskSecondExchange, report.AskClosedPort}
	}
	e := Round(t.Context(), loopbackSystem(t), req)
	checkCounts(t, e)
	for _, task := range append(tasksOfKind(e, report.TaskSecond), tasksOfKind(e, report.TaskClosedPort)...) {
		if task.Outcome != report.OutcomeNotAsked || task.Reason != report.ReasonPayment {
			t.Errorf("task %+v", task)
		}
	}
	if len(e.Connects) != 1 || len(e.Flows) != 1 {
		t.Errorf("connects %+v, flows %+v", e.Connects, e.Flows)
	}
}

// What an independent resolver says is evidence, and not an address to knock at.
func TestIndependentResolver(t *testing.T) {
	address, _, requests := counting(t)
	_, port, _ := net.SplitHostPort(address)
	var asked atomic.Int32
	independent := resolver(t, func(w dns.ResponseWriter, q *dns.Msg) {
		asked.Add(1)
		m := new(dns.Msg).SetReply(q)
		m.Answer = append(m.Answer, rr(t, posName+". 30 IN A 203.0.113.9"))
		w.WriteMsg(m)
	})
	sys, _ := elsewhere(loopbackSystem(t), map[string]string{"203.0.113.9": address})
	req := asks(requestFor(Endpoint{Address: posName + ":" + port, Dialect: wordDialect{request: "PING"}}), report.AskIndependentResolver, report.AskSecondExchange)
	req.Resolvers = []netip.AddrPort{resolver(t, func(w dns.ResponseWriter, q *dns.Msg) { w.WriteMsg(new(dns.Msg).SetRcode(q, dns.RcodeNameError)) })}
	req.IndependentResolver = independent
	e := Round(t.Context(), sys, req)
	checkCounts(t, e)
	task := taskOf(t, e, report.TaskIndependent)
	last := e.Lookups[len(e.Lookups)-1]
	if asked.Load() != 1 || task.Outcome != report.OutcomeAnswered || last.Task != task.ID || last.Resolver != independent.String() || last.Answers[0].Address != "203.0.113.9" {
		t.Errorf("task %+v, lookups %+v", task, e.Lookups)
	}
	if len(e.Connects) != 0 || requests.Load() != 0 {
		t.Errorf("connects %+v", e.Connects)
	}
	for _, c := range candidates(&e, &req, posName) {
		t.Errorf("candidate %+v", c)
	}
}

// No goroutine and no descriptor outlives follow-ups, however they end.
func TestFollowUpsLeaveNothing(t *testing.T) {
	hung, resetting := serve(t, hang), serve(t, reset)
	req := requestFor(Endpoint{Address: hung, Dialect: wordDialect{request: "PING"}}, Endpoint{Address: resetting, TLS: &TLS{}})
	req.Connect, req.Reply, req.FollowUp = 200*time.Millisecond, 200*time.Millisecond, time.Second
	req.References = []netip.AddrPort{netip.MustParseAddrPort(hung)}
	req.IndependentResolver = silentResolver(t)
	req.Portal = "http://" + hung + "/"
	req = asks(req, report.Questions()...)
	req.FollowUpBytes = 1e6
	sys := loopbackSystem(t)
	Round(t.Context(), sys, req)
	goroutines, descriptors := runtime.NumGoroutine(), openDescriptors(t)
	for i := range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i+2)*600*time.Millisecond)
		checkCounts(t, Round(ctx, sys, req))
		cancel()
	}
	eventually(t, "goroutines gone", func() bool { return runtime.NumGoroutine() <= goroutines })
	eventually(t, "descriptors closed", func() bool { return openDescriptors(t) <= descriptors })
}
