package render

import (
	"time"

	"posprobe/report"
)

// said is r, asked for with what the screen said.
func said(r report.Report, prompt, code string) report.Report {
	r.Evidence.Given = report.Given{Prompt: prompt, ResponseCode: code}
	return r
}

// givenCode is a sound shop whose screen showed a code before, which leads to a row.
func givenCode(prompt, code string, row report.Code, party report.Party) report.Report {
	r := said(sound(), prompt, code)
	f := report.Finding{Kind: rows[row].Kind, Code: row, Confidence: report.Likely, Because: report.List[string]{givenAt}}
	if f.Kind == report.KindFault {
		blame(&r, report.VerdictDegraded, party, f)
	} else {
		r.Diagnosis.Findings = append(r.Diagnosis.Findings, f)
	}
	return r
}

// overHTTP is the gateway of an acquirer that answers with its own failure.
func overHTTP() report.Report {
	r := noResponse()
	s := &r.Evidence.SignOns[0]
	s.ElapsedMs, s.HTTPStatus, s.HTTPBodyBytes = 211, new(int64(500)), new(int64(0))
	s.Failure = &report.Failure{Operation: report.OpRead, Type: report.FailHTTPStatus}
	r.Diagnosis.Findings[0].Code, r.Diagnosis.Code = "host.front_end_only", "host.front_end_only"
	return said(r, "P5", "")
}

// page200 is protocol http with a good answer.
func page200() report.Report {
	r := sound()
	s := &r.Evidence.SignOns[0]
	s.Protocol, s.MessageType, s.ReplyType, s.ResponseCode, s.HostText = "http", "", "", "", `{"status":"UP"}`
	s.HTTPStatus, s.HTTPBodyBytes = new(int64(200)), new(int64(15))
	return r
}

// actionCode is ISO 8583:1993 with an answer that is no approval.
func actionCode() report.Report {
	r := cutover()
	s := &r.Evidence.SignOns[0]
	s.Protocol, s.MessageType, s.ReplyType, s.ResponseCode = "iso8583-1993", "1804", "1814", "906"
	return said(r, "P1", "")
}

// timeKnown is a round inside a window, on a terminal whose clock is hours off.
func timeKnown() report.Report {
	r := planned()
	wall := r.ObservedAt.Add(-8 * time.Hour)
	r.Evidence.Clocks = report.List[report.Clock]{
		{Source: report.ClockRound, Wall: wall},
		{Observation: report.Observation{Task: "time"}, Source: report.ClockServer, Wall: wall, OffsetMs: new(8 * 3600e3)},
		{Observation: report.Observation{AtMs: 900}, Source: report.ClockRound, Wall: wall.Add(900 * time.Millisecond)},
	}
	r.Evidence.Tasks = append(r.Evidence.Tasks, report.Task{ID: "time", Kind: report.TaskTime, Target: "ntp.acquirer.example:123", Outcome: report.OutcomeAnswered})
	return said(r, "P1", "")
}

// onlyByOwnClock is a sound host, and a window in which the terminal believes to be.
func onlyByOwnClock() report.Report {
	r := sound()
	wall := r.ObservedAt.Add(-8 * time.Hour)
	r.Evidence.Site.Windows = report.List[report.Window]{
		{Planned: report.PlannedServiceHours, From: wall.Add(-time.Hour), Until: wall.Add(5 * time.Hour)},
		{Planned: report.PlannedServiceHours, From: wall.Add(23 * time.Hour), Until: wall.Add(29 * time.Hour)},
	}
	r.Evidence.Clocks = report.List[report.Clock]{
		{Source: report.ClockRound, Wall: wall},
		{Observation: report.Observation{Task: "time"}, Source: report.ClockServer, Wall: wall, OffsetMs: new(8 * 3600e3)},
	}
	blame(&r, report.VerdictDegraded, report.PartyTerminalService, fault("device.clock.skew", "", report.Likely, ""))
	return said(r, "P1", "")
}

// screenFixtures are the reports of rounds that were asked for with a prompt or a code, and
// of the other protocols.
func screenFixtures() map[string]report.Report {
	slowAndWeak := slowTwice()
	slowAndWeak.Diagnosis.Findings = append(slowAndWeak.Diagnosis.Findings, fault("network.local.flapping", "eth0", report.Likely, ""))
	lasting := said(noResponse(), "P5", "")
	opened := lasting.ObservedAt.Add(-25 * time.Minute)
	lasting.Incident = report.Incident{ID: "01KBCQ0000000000000000000", OpenedAt: &opened, Escalated: true}
	return map[string]report.Report{
		"prompt_healthy":         said(sound(), "P2", ""),
		"prompt_connection_only": said(connectionOnly(), "P1", ""),
		"prompt_fault":           said(noResponse(), "P3", ""),
		"prompt_proven":          said(noCarrier(), "P2", ""),
		"prompt_other":           said(unregistered(), "P5", ""),
		"prompt_open":            said(silent(), "P3", ""),
		"prompt_beside":          said(slowAndWeak, "P3", ""),
		"prompt_lasting":         lasting,
		"prompt_unknown":         said(sound(), "P9", ""),
		"screen_card":            givenCode("P4", "51", "outside.card", ""),
		"screen_registration":    givenCode("P2", "97", "account.terminal", report.PartyAcquirer),
		"screen_sign_on":         givenCode("", "77", "device.sign_on_needed", report.PartyMerchant),
		"screen_host":            givenCode("P4", "96", "host.system_error", report.PartyAcquirer),
		"screen_earlier":         said(lost(), "P3", "96"),
		"http_gateway":           overHTTP(),
		"http_page":              page200(),
		"action_code":            actionCode(),
		"time_known":             timeKnown(),
		"time_wrong":             onlyByOwnClock(),
	}
}
