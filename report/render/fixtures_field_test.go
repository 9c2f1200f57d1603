package render

import "posprobe/report"

// connectionOnly is a site without a protocol: TCP and TLS are all that is asked.
func connectionOnly() report.Report {
	r := sound()
	r.Evidence.Site.Endpoints = report.List[report.Endpoint]{{Address: mainName, Goal: report.StepTLS, TLS: true}}
	r.Evidence.SignOns = nil
	return r
}

// unplugged is a shop whose cable is out while route and neighbour entry still stand.
func unplugged() report.Report {
	r := noCarrier()
	e := &r.Evidence
	e.Routes = sound().Evidence.Routes
	e.Neighbors = report.List[report.Neighbor]{{Address: "192.168.1.1", Link: "eth0", State: "failed"}}
	e.Pings = report.List[report.Ping]{{Target: report.PingGateway, Address: "192.168.1.1", Sent: 3}}
	r.Diagnosis.Findings = append(r.Diagnosis.Findings, report.Finding{Kind: report.KindNote, Code: "note.gateway_silent",
		Confidence: report.Proven, MaskedBy: "network.local.no_carrier", Resource: "192.168.1.1"})
	return r
}

// lost is a connection through which nothing passes.
func lost() report.Report {
	r := sound()
	e := &r.Evidence
	e.TLS, e.Site.Endpoints[0].TLS = nil, false
	s := &e.SignOns[0]
	s.Failure, s.ElapsedMs, s.ReplyType, s.ResponseCode = &report.Failure{Operation: report.OpRead, Type: report.FailDeadline}, 8003, "", ""
	s.TCP = &report.TCP{Unacked: new(int64(1)), TotalRetrans: new(int64(6))}
	blame(&r, report.VerdictFault, report.PartyNetworkProvider, fault("network.path.lost", mainAddr, report.Likely, "", "/evidence/sign_ons/0"))
	r.Diagnosis.Findings = append(r.Diagnosis.Findings, fault("host.vanished", mainAddr, report.Possible, "", "/evidence/sign_ons/0"))
	r.Diagnosis.Remaining = report.List[report.Domain]{report.DomainHost}
	return r
}

// frontEnd is a front end that takes connections with nothing behind it.
func frontEnd() report.Report {
	r := lost()
	r.Evidence.SignOns[0].TCP = &report.TCP{UnsentQueue: new(int64(90))}
	r.Diagnosis.Findings = nil
	blame(&r, report.VerdictFault, report.PartyAcquirer, fault("host.front_end_only", mainAddr, report.Likely, "", "/evidence/sign_ons/0"))
	return r
}

// terminalState is a host that asks for a new sign-on.
func terminalState() report.Report {
	r := sound()
	r.Evidence.SignOns[0].ResponseCode = "77"
	r.Diagnosis.Findings = append(r.Diagnosis.Findings, report.Finding{Kind: report.KindNote, Code: "note.terminal_state",
		Confidence: report.Proven, Resource: mainAddr, Because: report.List[string]{"/evidence/sign_ons/0"}})
	return r
}

// paused is a round in which nothing was asked because somebody wanted silence.
func paused() report.Report {
	r := payment()
	r.Evidence.Flows = nil
	r.Evidence.Tasks[len(r.Evidence.Tasks)-1].Reason = report.ReasonPaused
	r.Diagnosis.Findings = report.List[report.Finding]{{Kind: report.KindNote, Code: "note.paused", Confidence: report.Proven,
		Because: report.List[string]{"/evidence/tasks/8"}}}
	return r
}

// cutover is a host in its end-of-day processing.
func cutover() report.Report {
	r := sound()
	r.Evidence.SignOns[0].ResponseCode = "90"
	blame(&r, report.VerdictFault, report.PartyAcquirer,
		report.Finding{Code: "host.cutover", Confidence: report.Likely, Resource: mainAddr, Because: report.List[string]{"/evidence/sign_ons/0"}})
	r.Diagnosis.Planned = report.PlannedCutover
	return r
}

// backupWorks is a main endpoint that may be down and a backup, at the same address
// as a third one, that works.
func backupWorks() report.Report {
	r := sound()
	e := &r.Evidence
	e.Site.Endpoints = append(report.List[report.Endpoint]{{Address: otherAddr, Goal: report.StepSignOn}}, e.Site.Endpoints...)
	e.Site.Endpoints = append(e.Site.Endpoints, report.Endpoint{Address: "backup.acquirer.example:5500", Goal: report.StepConnect})
	second := e.Connects[0]
	second.Endpoint, second.ElapsedMs = "backup.acquirer.example:5500", 0.02
	e.Connects = append(e.Connects, second, report.Connect{Endpoint: otherAddr, Address: otherAddr, Link: "eth0", Gateway: "192.168.1.1",
		ElapsedMs: 5001, Failure: &report.Failure{Operation: report.OpConnect, Type: report.FailDeadline}})
	r.Diagnosis.Verdict, r.Diagnosis.Party = report.VerdictInconclusive, ""
	r.Diagnosis.Findings = append(r.Diagnosis.Findings, fault("host.silent", otherAddr, report.Possible, "", "/evidence/connects/2"))
	r.Diagnosis.Remaining = report.List[report.Domain]{report.DomainHost}
	return r
}
