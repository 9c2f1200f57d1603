package fleet

import (
	"slices"
	"strings"

	"posprobe/report"
)

// maxEndpoints is how many endpoints of a terminal count; a configuration has at most as
// many.
const maxEndpoints = 8

// local reports whether a cause lies within the shop: on the device, or in the shop's own
// network.
func local(code report.Code, domain report.Domain) bool {
	return domain == report.DomainDevice || strings.HasPrefix(string(code), "network.local.")
}

// endpoints is how each of the site's endpoints did. One whose goal was reached is good
// unless a finding lays something on it; one that was tried and not reached is bad, but
// unknown where the report blames the shop.
func endpoints(d *document) []Endpoint {
	e := &d.Evidence
	sick := d.Diagnosis.Verdict != report.VerdictHealthy
	var out []Endpoint
	bad := false
	for _, s := range e.Site.Endpoints[:min(len(e.Site.Endpoints), maxEndpoints)] {
		p := Endpoint{Address: clip(s.Address), State: stateAt(e, s.Address, s.Goal)}
		if p.State == Good && sick && d.accused(s.Address) {
			p.State = Bad
		}
		bad = bad || p.State == Bad
		out = append(out, p)
	}
	switch {
	case sick && local(d.Diagnosis.Code, d.Diagnosis.Domain):
		for i := range out {
			if out[i].State == Bad {
				out[i].State = Unknown
			}
		}
	case !bad && d.Diagnosis.Verdict == report.VerdictDegraded && d.Diagnosis.Domain == report.DomainNetwork:
		for i := range out { // slow or lossy on the way to all of them
			out[i].State = Bad
		}
	case !bad && (d.Diagnosis.Verdict == report.VerdictFault || d.Diagnosis.Verdict == report.VerdictInconclusive):
		for i := range out { // what failed cannot be seen: a name without an address, a round cut short
			if out[i].State == Unknown && d.tried(out[i].Address) {
				out[i].State = Bad
			}
		}
	}
	return out
}

// stateAt is how far the evidence goes at an endpoint.
func stateAt(e *evidence, address string, goal report.Step) State {
	steps := e.Connects
	switch goal {
	case report.StepTLS:
		steps = e.TLS
	case report.StepSignOn:
		steps = e.SignOns
	}
	if slices.ContainsFunc(steps, func(s step) bool { return s.Endpoint == address && s.Failure == nil }) {
		return Good
	}
	failed := func(s step) bool { return s.Endpoint == address && s.Failure != nil }
	if slices.ContainsFunc(e.Connects, failed) || slices.ContainsFunc(e.TLS, failed) || slices.ContainsFunc(e.SignOns, failed) {
		return Bad
	}
	return Unknown
}

// accused reports whether a fault that names somebody, and not the shop, is laid on an
// endpoint.
func (d *document) accused(address string) bool {
	for _, f := range d.Diagnosis.Findings {
		if f.Kind != report.KindFault || f.MaskedBy != "" || f.Confidence == report.Possible || local(f.Code, f.Domain) {
			continue
		}
		if f.Resource == address || slices.ContainsFunc(d.Evidence.Connects, func(c step) bool {
			return c.Endpoint == address && c.Address == f.Resource
		}) {
			return true
		}
	}
	return false
}

// tried reports whether an exchange with an endpoint, or a look-up for it, failed or led
// to nothing. A round that asked nothing (a pause, a payment) says nothing.
func (d *document) tried(address string) bool {
	for _, t := range d.Evidence.Tasks {
		vain := t.Outcome == report.OutcomeFailed || t.Outcome == report.OutcomeEmpty ||
			t.Reason == report.ReasonUnresolved || t.Reason == report.ReasonNotAllowed
		if vain && (t.Kind == report.TaskExchange || t.Kind == report.TaskLookup) && (t.Endpoint == address || t.Endpoint == "") {
			return true
		}
	}
	return false
}
