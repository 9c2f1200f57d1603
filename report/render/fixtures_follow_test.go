package render

import "posprobe/report"

// task adds a follow-up to a report.
func task(r *report.Report, kind report.TaskKind, target string, f *report.Failure) string {
	id := string(kind) + " " + target
	t := report.Task{ID: id, Kind: kind, Endpoint: mainName, Target: target, Outcome: report.OutcomeAnswered, Failure: f}
	if f != nil {
		t.Outcome = report.OutcomeFailed
	}
	r.Evidence.Tasks = append(r.Evidence.Tasks, t)
	return id
}

func seen(task string) report.Observation { return report.Observation{Task: task, AtMs: 5100} }

// askedFurther is an endpoint that is not heard, with every kind of follow-up.
func askedFurther() report.Report {
	r := silent()
	e := &r.Evidence
	failure := func(op report.Operation, f report.FailureType) *report.Failure {
		return &report.Failure{Operation: op, Type: f}
	}
	late := failure(report.OpConnect, report.FailDeadline)
	refused := failure(report.OpConnect, report.FailRefused)
	e.Hops = nil
	connect := func(kind report.TaskKind, endpoint, address string, f *report.Failure, elapsed float64) {
		e.Connects = append(e.Connects, report.Connect{Observation: seen(task(&r, kind, address, f)), Endpoint: endpoint, Address: address, ElapsedMs: elapsed, Failure: f})
	}
	connect(report.TaskReference, "", "198.51.100.80:443", nil, 21)
	connect(report.TaskReference, "", "198.51.100.81:443", late, 2500)
	connect(report.TaskClosedPort, mainName, "203.0.113.20:1", refused, 31)
	connect(report.TaskSecond, mainName, mainAddr, late, 2500)
	connect(report.TaskUplink, mainName, mainAddr, nil, 44)
	trace := func(endpoint, target string, hops ...report.Hop) {
		id := task(&r, report.TaskTrace, target, nil)
		for i, h := range hops {
			h.Observation, h.Endpoint, h.Target, h.TTL = seen(id), endpoint, target, int64(i+1)
			e.Hops = append(e.Hops, h)
		}
	}
	router := func(address string) report.Hop {
		return report.Hop{Address: address, Answer: report.HopExpired, Type: 11, RTTMs: new(3.0)}
	}
	nobody := report.Hop{Answer: report.HopSilent}
	trace(mainName, mainAddr, router("192.168.1.1"), router("10.20.0.1"), nobody, nobody)
	trace("", "198.51.100.80:443", router("192.168.1.1"), nobody, report.Hop{Address: "198.51.100.80", Answer: report.HopConnected})
	trace(mainName, "203.0.113.20:1", nobody, nobody)
	e.Lookups = append(e.Lookups,
		report.Lookup{Observation: seen(task(&r, report.TaskIndependent, "198.51.100.53:53", nil)), Name: "pos.acquirer.example", Type: "A", Resolver: "198.51.100.53:53",
			Answers: report.List[report.Answer]{{Address: "203.0.113.20"}}},
		report.Lookup{Observation: seen(task(&r, report.TaskIndependent, "198.51.100.54:53", failure(report.OpResolve, report.FailNXDomain))), Name: "pos.acquirer.example", Type: "A",
			Resolver: "198.51.100.54:53", RCode: "NXDOMAIN", Failure: failure(report.OpResolve, report.FailNXDomain)})
	e.Portals = report.List[report.Portal]{{Observation: seen(task(&r, report.TaskPortal, "http://198.51.100.80/", nil)), URL: "http://198.51.100.80/", Status: 302, Location: "login.example"}}
	e.Claims = report.List[report.Claim]{{Observation: seen(task(&r, report.TaskDuplicate, "192.168.1.23", nil)), Link: "eth0", Address: "192.168.1.23", Probes: 3, Answers: 1}}
	return r
}

// ended is a host that is silent, and how it took the terminal's end.
func ended() report.Report {
	r := noResponse()
	s := r.Evidence.SignOns[0]
	for _, how := range []struct {
		target string
		state  string
		hole   int64
		fails  report.FailureType
	}{
		{"203.0.113.20:5500", "fin_wait_2", 0, report.FailDeadline}, {"203.0.113.20:5501", "fin_wait_2", 1, report.FailDeadline},
		{"203.0.113.20:5502", "closed", 0, report.FailClosed}, {"203.0.113.20:5503", "closed", 0, report.FailReset},
	} {
		f := &report.Failure{Operation: report.OpRead, Type: how.fails}
		early := s
		early.Observation, early.Address, early.Failure = seen(task(&r, report.TaskEarly, how.target, f)), how.target, f
		early.TCP = &report.TCP{State: how.state, RcvOooPack: new(how.hole)}
		r.Evidence.SignOns = append(r.Evidence.SignOns, early)
	}
	r.Evidence.SignOns[0].Ending = &report.Ending{How: report.EndingClosed, LateBytes: 61, Replied: true}
	page := task(&r, report.TaskPortal, "http://198.51.100.80/", nil)
	r.Evidence.Portals = report.List[report.Portal]{{Observation: seen(page), URL: "http://198.51.100.80/", Status: 204}}
	nobody := task(&r, report.TaskDuplicate, "192.168.1.23", nil)
	r.Evidence.Claims = report.List[report.Claim]{{Observation: seen(nobody), Link: "eth0", Address: "192.168.1.23", Probes: 3}}
	return r
}
