package render

import (
	"maps"
	"time"

	"posprobe/report"
)

const (
	mainName  = "pos.acquirer.example:5500"
	mainAddr  = "203.0.113.10:5500"
	otherAddr = "203.0.113.20:5500"
)

// sound is a shop where all is well: cable, gateway that is silent to ping, one name
// server, one endpoint with TLS and a sign-on echo.
func sound() report.Report {
	at := time.Date(2026, 12, 1, 9, 30, 12, 345e6, time.FixedZone("", 8*3600))
	r := report.Report{
		Schema: 1, ID: "01KBCQ5T9S7Z3M2X8R4V6W0YAE", ObservedAt: at, ElapsedMs: 812.4,
		Agent:    report.Agent{Name: "posprobe", Version: "0.1.0", OS: "linux", Arch: "arm"},
		Terminal: report.Terminal{Model: "T-100", Serial: "0000123", Site: "Shop 7"},
		Acquirer: report.Acquirer{Name: "Example Acquirer"},
	}
	e := &r.Evidence
	e.Site.Endpoints = report.List[report.Endpoint]{{Address: mainName, Goal: report.StepSignOn, TLS: true, Protocol: "unionpay"}}
	e.Site.Limits = report.DefaultLimits()
	e.Device.Scheduling = &report.Scheduling{Samples: 80, MaxMs: 4, RoundMs: 812}
	e.Device.Memory = &report.RAM{TotalBytes: 512e6, AvailableBytes: 120e6}
	for _, k := range []report.TaskKind{report.TaskLinks, report.TaskAddresses, report.TaskRoutes, report.TaskNeighbors,
		report.TaskResolvers, report.TaskDevice, report.TaskLookup, report.TaskPing} {
		e.Tasks = append(e.Tasks, report.Task{ID: string(k), Kind: k, Outcome: report.OutcomeAnswered})
	}
	e.Tasks = append(e.Tasks, report.Task{ID: "exchange", Kind: report.TaskExchange, Endpoint: mainName, Outcome: report.OutcomeAnswered})
	link := report.Link{Name: "eth0", Kind: report.LinkEthernet, AdminUp: true, OperationalState: "up", Carrier: new(true),
		CarrierChanges: new(int64(2)), RxErrors: new(int64(0))}
	e.Links = report.List[report.Link]{link, link}
	e.Addresses = report.List[report.Address]{{Link: "eth0", Prefix: "192.168.1.23/24", Scope: "global", Dynamic: true}}
	e.Routes = report.List[report.Route]{{Destination: "0.0.0.0/0", Gateway: "192.168.1.1", Link: "eth0", Protocol: "dhcp"}}
	e.Neighbors = report.List[report.Neighbor]{{Address: "192.168.1.1", Link: "eth0", State: "reachable"}}
	e.Resolvers = report.List[report.Resolver]{{Address: "192.168.1.1:53", Source: "/etc/resolv.conf"}}
	e.Lookups = report.List[report.Lookup]{
		{Name: "pos.acquirer.example", Type: "A", Resolver: "192.168.1.1:53", ElapsedMs: 23.4, RCode: "NOERROR",
			Answers: report.List[report.Answer]{{Address: "203.0.113.10", TTLSeconds: 60}}},
		{Name: "pos.acquirer.example", Type: "AAAA", Resolver: "192.168.1.1:53", ElapsedMs: 22.1, RCode: "NOERROR",
			Failure: &report.Failure{Operation: report.OpResolve, Type: report.FailNoData}},
	}
	e.Pings = report.List[report.Ping]{
		{Target: report.PingGateway, Address: "192.168.1.1", Sent: 3},
		{Target: report.PingEndpoint, Address: "203.0.113.10", Sent: 3, Received: 3, MinRTTMs: new(28.2), AvgRTTMs: new(30.6), MaxRTTMs: new(34.9)},
	}
	e.Connects = report.List[report.Connect]{{Endpoint: mainName, Address: mainAddr, Link: "eth0", Gateway: "192.168.1.1",
		Source: "192.168.1.23", ElapsedMs: 31.2, TCP: &report.TCP{State: "established", RTTMs: new(29.8)}}}
	e.TLS = report.List[report.Handshake]{{Endpoint: mainName, Address: mainAddr, ElapsedMs: 74.3, Version: "TLS 1.2", Verified: new(true)}}
	e.SignOns = report.List[report.SignOn]{{Endpoint: mainName, Address: mainAddr, MessageType: "0820", ElapsedMs: 312.5, WaitMs: 8000,
		ReplyType: "0830", ResponseCode: "00", TCP: &report.TCP{RTTMs: new(30.4), Unacked: new(int64(0))}}}
	r.Diagnosis = report.Diagnosis{Rules: 1, Verdict: report.VerdictHealthy, Party: report.PartyNobody,
		Findings: report.List[report.Finding]{{Kind: report.KindNote, Code: "note.gateway_silent", Confidence: report.Proven,
			Resource: "192.168.1.1", Explains: report.List[string]{"/evidence/pings/0"}}}}
	return r
}

// blame gives r a headline, and finding as its ground.
func blame(r *report.Report, v report.Verdict, party report.Party, f report.Finding) {
	f.Kind, f.Domain = report.KindFault, rows[f.Code].Domain
	r.Diagnosis.Verdict, r.Diagnosis.Party = v, party
	r.Diagnosis.Domain, r.Diagnosis.Code, r.Diagnosis.Confidence = f.Domain, f.Code, f.Confidence
	r.Diagnosis.Findings = append(report.List[report.Finding]{f}, r.Diagnosis.Findings...)
}

func fault(code, resource string, c report.Confidence, maskedBy report.Code, explains ...string) report.Finding {
	return report.Finding{Kind: report.KindFault, Code: report.Code(code), Domain: rows[report.Code(code)].Domain,
		Confidence: c, Resource: resource, MaskedBy: maskedBy, Because: explains, Explains: explains}
}

// fixtures are the reports of the golden files.
func fixtures() map[string]report.Report {
	all := map[string]report.Report{
		"zero":               {},
		"healthy":            sound(),
		"no_carrier":         noCarrier(),
		"no_response":        noResponse(),
		"planned":            planned(),
		"primary_down":       primaryDown(),
		"silent":             silent(),
		"payment":            payment(),
		"unregistered":       unregistered(),
		"clock":              wrongClock(),
		"resolver_dead":      resolverDead(),
		"slow_twice":         slowTwice(),
		"dialled":            dialled(),
		"hostile":            hostile(),
		"newer":              newer(),
		"client_certificate": clientCertificate(),
		"connection_only":    connectionOnly(),
		"unplugged":          unplugged(),
		"lost":               lost(),
		"front_end":          frontEnd(),
		"terminal_state":     terminalState(),
		"paused":             paused(),
		"cutover":            cutover(),
		"backup_works":       backupWorks(),
		"asked_further":      askedFurther(),
		"ended":              ended(),
	}
	maps.Copy(all, screenFixtures())
	return all
}

func noCarrier() report.Report {
	r := sound()
	e := &r.Evidence
	for i := range e.Links {
		e.Links[i].Carrier, e.Links[i].OperationalState = new(false), "down"
	}
	e.Addresses, e.Routes, e.Neighbors, e.Pings, e.TLS, e.SignOns = nil, nil, nil, nil, nil, nil
	e.Lookups = report.List[report.Lookup]{{Name: "pos.acquirer.example", Type: "A", Resolver: "192.168.1.1:53",
		Failure: &report.Failure{Operation: report.OpResolve, Type: report.FailNetUnreach}}}
	e.Connects = nil
	e.Tasks[len(e.Tasks)-1].Outcome, e.Tasks[len(e.Tasks)-1].Reason = report.OutcomeNotAsked, report.ReasonUnresolved
	r.Diagnosis.Findings = report.List[report.Finding]{
		fault("device.no_route", "", report.Proven, "network.local.no_carrier", "/evidence/lookups/0"),
		fault("network.dns.unreachable", "192.168.1.1:53", report.Likely, "network.local.no_carrier", "/evidence/lookups/0"),
	}
	r.Diagnosis.Untested = report.List[report.Step]{report.StepConnect, report.StepTLS, report.StepSignOn}
	blame(&r, report.VerdictFault, report.PartyMerchant, fault("network.local.no_carrier", "eth0", report.Proven, "", "/evidence/lookups/0"))
	return r
}

func noResponse() report.Report {
	r := sound()
	s := &r.Evidence.SignOns[0]
	s.ElapsedMs, s.ReplyType, s.ResponseCode = 8003, "", ""
	s.Failure = &report.Failure{Operation: report.OpRead, Type: report.FailDeadline, Detail: "i/o timeout"}
	blame(&r, report.VerdictFault, report.PartyAcquirer, fault("host.no_response", mainAddr, report.Likely, "", "/evidence/sign_ons/0"))
	r.Diagnosis.Findings = append(r.Diagnosis.Findings, fault("device.config", mainAddr, report.Possible, "", "/evidence/sign_ons/0"))
	r.Diagnosis.Remaining = report.List[report.Domain]{report.DomainDevice}
	r.Diagnosis.Wants = report.List[report.Question]{report.AskSecondExchange, report.AskMessage}
	return r
}

func planned() report.Report {
	r := sound()
	e := &r.Evidence
	c := &e.Connects[0]
	c.Failure, c.TCP, c.ElapsedMs = &report.Failure{Operation: report.OpConnect, Type: report.FailRefused}, nil, 30.9
	e.TLS, e.SignOns = nil, nil
	e.Site.Windows = report.List[report.Window]{{Planned: report.PlannedMaintenance, From: r.ObservedAt.Add(-time.Hour),
		Until: r.ObservedAt.Add(time.Hour), Note: "upgrade"}}
	blame(&r, report.VerdictFault, report.PartyAcquirer, fault("host.refused", mainAddr, report.Proven, "", "/evidence/connects/0"))
	r.Diagnosis.Planned = report.PlannedMaintenance
	r.Incident = report.Incident{ID: "01KBCQ5T9S7Z3M2X8R4V6W0YAF", OpenedAt: new(r.ObservedAt.Add(-20 * time.Minute)), Escalated: true}
	return r
}

func primaryDown() report.Report {
	r := sound()
	e := &r.Evidence
	e.Site.Endpoints = append(report.List[report.Endpoint]{{Address: otherAddr, Goal: report.StepSignOn}}, e.Site.Endpoints...)
	refused := report.Connect{Endpoint: otherAddr, Address: otherAddr, Link: "eth0", Gateway: "192.168.1.1", ElapsedMs: 28.8,
		Failure: &report.Failure{Operation: report.OpConnect, Type: report.FailRefused},
		ICMP:    report.List[report.ICMPError]{{From: "203.0.113.20", Type: 3, Code: 3}}}
	e.Connects = append(e.Connects, refused, refused)
	// A follow-up at a closed port of the same address, and an independent target: no
	// steps on the way to the endpoint.
	e.Connects = append(e.Connects, report.Connect{Endpoint: otherAddr, Address: "203.0.113.20:1", ElapsedMs: 29, Failure: refused.Failure},
		report.Connect{Address: "198.51.100.1:443", ElapsedMs: 12})
	blame(&r, report.VerdictDegraded, report.PartyAcquirer, fault("host.refused", otherAddr, report.Proven, "", "/evidence/connects/1", "/evidence/connects/2"))
	return r
}

func silent() report.Report {
	r := sound()
	e := &r.Evidence
	c := &e.Connects[0]
	c.Failure, c.ElapsedMs = &report.Failure{Operation: report.OpConnect, Type: report.FailDeadline}, 5002
	c.TCP = &report.TCP{State: "syn_sent", Unacked: new(int64(1)), TotalRetrans: new(int64(2))}
	e.TLS, e.SignOns = nil, nil
	e.Pings[1].Received, e.Pings[1].AvgRTTMs, e.Pings[1].MinRTTMs, e.Pings[1].MaxRTTMs = 0, nil, nil, nil
	e.Hops = report.List[report.Hop]{{Endpoint: mainName, TTL: 2, Address: "10.20.0.1", Answer: report.HopExpired}, {Endpoint: mainName, TTL: 3, Address: "10.30.0.1", Answer: report.HopExpired}}
	r.Diagnosis.Verdict, r.Diagnosis.Party = report.VerdictInconclusive, ""
	r.Diagnosis.Findings = append(r.Diagnosis.Findings,
		fault("network.path.silent", mainAddr, report.Possible, "", "/evidence/connects/0"),
		fault("host.silent", mainAddr, report.Possible, "", "/evidence/connects/0"))
	r.Diagnosis.Remaining = report.List[report.Domain]{report.DomainNetwork, report.DomainHost}
	r.Diagnosis.Wants = report.List[report.Question]{report.AskTrace, report.AskClosedPort, report.AskReference}
	r.Diagnosis.Unexplained = report.List[string]{"/evidence/pings/1", "/evidence/connects/99", "/evidence/site/x"}
	r.Diagnosis.Untested = report.List[report.Step]{report.StepTLS, report.StepSignOn}
	return r
}

func payment() report.Report {
	r := sound()
	e := &r.Evidence
	e.Connects, e.TLS, e.SignOns, e.Pings = nil, nil, nil, nil
	e.Tasks[len(e.Tasks)-1].Outcome, e.Tasks[len(e.Tasks)-1].Reason = report.OutcomeNotAsked, report.ReasonPayment
	e.Device, e.Tasks[5].Outcome = report.Device{}, report.OutcomeFailed
	e.Tasks[5].Failure = &report.Failure{Operation: report.OpSurvey, Type: report.FailAccess}
	e.Flows = report.List[report.Flow]{{Address: mainAddr, State: "established"}}
	r.Diagnosis = report.Diagnosis{Rules: 1, Verdict: report.VerdictInconclusive,
		Remaining: report.List[report.Domain]{report.DomainDevice, report.DomainNetwork, report.DomainHost},
		Untested:  report.List[report.Step]{report.StepConnect, report.StepTLS, report.StepSignOn}}
	return r
}

func unregistered() report.Report {
	r := sound()
	r.Evidence.SignOns[0].ResponseCode = "97"
	r.Evidence.SignOns[0].HostText = "终端未登记"
	blame(&r, report.VerdictDegraded, report.PartyAcquirer,
		report.Finding{Code: "account.terminal", Confidence: report.Proven, Resource: mainAddr, Because: report.List[string]{"/evidence/sign_ons/0"}})
	return r
}

func wrongClock() report.Report {
	r := sound()
	e := &r.Evidence
	e.TLS[0].Verified, e.TLS[0].Problems = new(false), report.List[report.CertificateProblem]{report.CertNotYetValid, report.CertWeak}
	e.SignOns = report.List[report.SignOn]{{Endpoint: mainName, Address: mainAddr,
		Failure: &report.Failure{Operation: report.OpWrite, Type: report.FailUntrusted}}}
	e.Clocks = report.List[report.Clock]{{Source: report.ClockReply, Endpoint: mainName, OffsetMs: new(2.5 * 86400e3)}}
	blame(&r, report.VerdictFault, report.PartyTerminalService,
		fault("device.clock.skew", "", report.Proven, "", "/evidence/handshakes/0", "/evidence/sign_ons/0"))
	return r
}

func resolverDead() report.Report {
	r := sound()
	e := &r.Evidence
	for i := range e.Lookups {
		l := &e.Lookups[i]
		l.RCode, l.Answers, l.ElapsedMs = "", nil, 2000.6
		l.Failure = &report.Failure{Operation: report.OpResolve, Type: report.FailDeadline}
	}
	e.Connects, e.TLS, e.SignOns = nil, nil, nil
	e.Pings = e.Pings[:1]
	e.Tasks[len(e.Tasks)-1].Outcome, e.Tasks[len(e.Tasks)-1].Reason = report.OutcomeNotAsked, report.ReasonUnresolved
	blame(&r, report.VerdictFault, report.PartyNetworkProvider,
		fault("network.dns.unreachable", "192.168.1.1:53", report.Likely, "", "/evidence/lookups/0", "/evidence/lookups/1"))
	return r
}

func slowTwice() report.Report {
	r := sound()
	e := &r.Evidence
	e.Links[1].CarrierChanges, e.Links[1].RxErrors = new(int64(6)), new(int64(12))
	e.Connects[0].ElapsedMs, e.Connects[0].TCP.RTTMs = 1740, new(1712.4)
	e.SignOns[0].ElapsedMs, e.SignOns[0].TCP.RTTMs = 9120, new(1690.0)
	c := e.Connects[0]
	e.Memory.Baselines = report.List[report.Baseline]{{Endpoint: c.Endpoint, Link: c.Link, Gateway: c.Gateway, BootID: e.Device.BootID,
		Rounds: report.UsualRounds, RTTHighMs: 90.5, HostHighMs: new(362.0)}}
	again := e.SignOns[0]
	again.Failure, again.ElapsedMs = &report.Failure{Operation: report.OpRead, Type: report.FailReset}, 4011
	again.TCP = &report.TCP{Unacked: new(int64(1)), TotalRetrans: new(int64(3))}
	e.SignOns = append(e.SignOns, again)
	e.Device.Scheduling.MaxMs = 130
	blame(&r, report.VerdictDegraded, report.PartyNetworkProvider, report.Finding{Code: "network.access.slow", Confidence: report.Likely})
	r.Diagnosis.Findings = append(r.Diagnosis.Findings,
		fault("network.local.flapping", "eth0", report.Proven, "", "/evidence/links/0"),
		fault("host.slow", mainAddr, report.Likely, "", "/evidence/sign_ons/0"))
	r.Diagnosis.Unexplained = report.List[string]{"/evidence/sign_ons/1"}
	return r
}

// dialled is a terminal on PPP with IPv6, hosts file and a literal backup address.
func dialled() report.Report {
	r := sound()
	e := &r.Evidence
	long := "[2001:db8:1234:5678:9abc:def0:1234:5678]:5500"
	e.Site.Endpoints = report.List[report.Endpoint]{{Address: long, Goal: report.StepConnect}, {Address: mainName, Goal: report.StepSignOn}}
	e.Links = report.List[report.Link]{{Name: "ppp0", Kind: report.LinkPPP, AdminUp: true, OperationalState: "unknown"}}
	e.Addresses = report.List[report.Address]{{Link: "ppp0", Prefix: "10.64.3.9/32", Scope: "global"}}
	e.Routes = report.List[report.Route]{{Destination: "0.0.0.0/0", Link: "ppp0"}}
	e.Neighbors, e.Resolvers, e.Lookups, e.Pings = nil, nil, nil, nil
	e.Hosts = report.List[report.HostsEntry]{{Name: "pos.acquirer.example", Address: "203.0.113.10"}}
	e.Connects = report.List[report.Connect]{{Endpoint: long, Address: long, Link: "ppp0", ElapsedMs: 402.8, TCP: &report.TCP{RTTMs: new(398.1)}}}
	e.TLS, e.SignOns = nil, nil
	e.Tasks[len(e.Tasks)-1].Outcome, e.Tasks[len(e.Tasks)-1].Reason = report.OutcomeCancelled, ""
	r.Diagnosis.Verdict, r.Diagnosis.Party, r.Diagnosis.Findings = report.VerdictInconclusive, "", nil
	r.Diagnosis.Remaining = report.List[report.Domain]{report.DomainDevice}
	return r
}

// hostile holds what somebody may write into a file to mislead its reader.
func hostile() report.Report {
	r := sound()
	r.Evidence.SignOns[0].HostText = "ok\x1b[31m\u202eredrum\u2066\r\nFAULT: none\x00\u0085\u200b e\u0301\xff"
	r.Evidence.SignOns[0].ResponseCode = "96"
	r.Terminal.Model = "\x1b]0;title\a"
	r.ID = "💳"
	r.Diagnosis.Findings[0].Resource = "a\tb\nc"
	return r
}

// newer is a report of a later version: words and codes that are not known here.
func newer() report.Report {
	r := sound()
	r.Diagnosis.Verdict, r.Diagnosis.Domain, r.Diagnosis.Code = "splendid", "orbit", "orbit.decay"
	r.Diagnosis.Confidence, r.Diagnosis.Party, r.Diagnosis.Planned = "felt", "pilot", "launch"
	r.Diagnosis.Findings = append(r.Diagnosis.Findings, report.Finding{Kind: report.KindFault, Code: "orbit.decay", Confidence: "felt", Resource: "moon"})
	r.Diagnosis.Wants, r.Diagnosis.Untested = report.List[report.Question]{"burn"}, report.List[report.Step]{"dock"}
	return r
}

func clientCertificate() report.Report {
	r := sound()
	r.Evidence.TLS[0].ClientCertificateRequested, r.Evidence.TLS[0].Verified = true, nil
	s := &r.Evidence.SignOns[0]
	s.Failure, s.ResponseCode, s.TCP = &report.Failure{Operation: report.OpRead, Type: report.FailClientCert}, "", nil
	s.ElapsedMs = 44
	r.Diagnosis.Findings = append(r.Diagnosis.Findings, report.Finding{Kind: report.KindNote, Code: "note.client_certificate",
		Confidence: report.Proven, Resource: mainAddr, Explains: report.List[string]{"/evidence/sign_ons/0"}})
	r.Diagnosis.Untested = report.List[report.Step]{report.StepSignOn}
	return r
}
