package render

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"posprobe/report"
)

// verdictStyles colour the headline.
var verdictStyles = map[report.Verdict]style{
	report.VerdictHealthy:      green,
	report.VerdictDegraded:     yellow,
	report.VerdictFault:        red,
	report.VerdictInconclusive: yellow,
}

// headline writes the verdict in plain words: whose fault, how sure, what and where.
func (v *view) headline(p *page) {
	d := &v.r.Diagnosis
	line := verdictWords.in(v.lang, d.Verdict)
	switch {
	case d.Domain != "":
		line += v.say(lColon) + domainWords.in(v.lang, d.Domain) +
			v.bracketed(confidenceWords.in(v.lang, d.Confidence))
		if d.Planned != "" && (d.Planned != report.PlannedCutover || d.Code != codeCutover) { // that title says it
			line += v.say(lComma) + plannedWords.in(v.lang, d.Planned)
		}
		if g := v.head(); g != nil {
			line += "  " + v.subject(g) + v.bracketed(v.responseCode(g))
		} else if d.Code != "" {
			line += "  " + v.title(d.Code)
		}
	case d.Verdict == report.VerdictInconclusive:
		switch open := v.domains(d.Remaining); len(open) {
		case 0:
		case 1:
			line += v.say(lColon) + v.say(lOnlyLeft, open[0])
		default:
			line += v.say(lColon) + v.say(lCouldBeDomain, v.or(open))
		}
	}
	p.say(line, verdictStyles[d.Verdict])
	p.say(v.meaning(), plain)
	v.announced(p)
	if in := &v.r.Incident; in.ID != "" {
		line := v.say(lIncident, short(in.ID))
		if in.OpenedAt != nil {
			line += v.say(lComma) + v.say(lOpenSince, moment(*in.OpenedAt))
		}
		if in.Escalated {
			line += v.say(lComma) + v.say(lEscalated)
		}
		p.say(line, plain)
	}
}

// codeCutover is the row of a host in its end-of-day processing.
const codeCutover = "host.cutover"

// responseCode is the response code that the findings of g rest on, with its name;
// "" for findings that are about no code.
func (v *view) responseCode(g *group) string {
	if g.Code != "host.system_error" && g.Code != codeCutover && g.Code != "device.sign_on_needed" && !strings.HasPrefix(string(g.Code), "account.") {
		return ""
	}
	if code := v.r.Evidence.Given.ResponseCode; code != "" && slices.ContainsFunc(g.members, restsOnScreen) {
		return v.say(lScreenNamed, short(code), report.LookupResponseCode(code).Name.In(v.lang))
	}
	for _, f := range g.members {
		for _, p := range f.Because {
			number, found := strings.CutPrefix(observed(p), "/evidence/sign_ons/")
			i, err := strconv.Atoi(number)
			if !found || err != nil || i < 0 {
				continue
			}
			if s, ok := nth(v.r.Evidence.SignOns, i); ok && s.ResponseCode != "" {
				return v.say(lNamedCode, short(s.ResponseCode), report.LookupResponseCode(s.ResponseCode).Name.In(v.lang))
			}
		}
	}
	return ""
}

// meaning says in a sentence what the verdict is worth.
func (v *view) meaning() string {
	d := &v.r.Diagnosis
	switch d.Verdict {
	case report.VerdictHealthy:
		switch {
		case v.connectionOnly():
			return v.say(lConnectionOnly)
		case len(d.Untested) > 0:
			return v.say(lPartly)
		}
	case report.VerdictDegraded:
		if v.headGiven() {
			return v.say(lByScreen)
		}
	case report.VerdictFault:
		switch {
		case v.onlyAccount():
			return v.say(lNotAccepted)
		case d.Domain == report.DomainHost && v.answers():
			return v.say(lAnswersWrong)
		}
	case report.VerdictInconclusive:
		working, all := v.working()
		switch {
		case working == 0:
		case all > working:
			return v.say(lAnotherWorks) + verdictMeanings[d.Verdict].In(v.lang)
		default:
			return v.say(lOneWorks) + verdictMeanings[d.Verdict].In(v.lang)
		}
	}
	return verdictMeanings[d.Verdict].In(v.lang)
}

// connectionOnly reports whether this site tests no more than the connection.
func (v *view) connectionOnly() bool {
	e := &v.r.Evidence
	return len(e.SignOns) == 0 && !slices.ContainsFunc(e.Site.Endpoints, func(e report.Endpoint) bool { return e.Goal == report.StepSignOn })
}

// onlyAccount reports whether the acquirer's records are all that is at fault: then
// the message came through and was answered.
func (v *view) onlyAccount() bool {
	return v.r.Diagnosis.Domain == report.DomainAccount && !slices.ContainsFunc(v.groups, func(g group) bool {
		return g.names() && g.Domain != report.DomainAccount
	})
}

// answers reports whether every endpoint answered the message, whatever it said: then the
// way there is sound.
func (v *view) answers() bool {
	e := &v.r.Evidence
	return !slices.ContainsFunc(e.Site.Endpoints, func(x report.Endpoint) bool {
		return !slices.ContainsFunc(e.SignOns, func(s report.SignOn) bool {
			return s.Endpoint == x.Address && s.Failure == nil && s.ResponseCode != ""
		})
	})
}

// working counts the endpoints at which the deepest configured step succeeded, and all.
func (v *view) working() (working, all int) {
	e := &v.r.Evidence
	passed := map[report.Step]map[string]bool{report.StepConnect: {}, report.StepTLS: {}, report.StepSignOn: {}}
	for _, c := range e.Connects {
		if c.Failure == nil {
			passed[report.StepConnect][c.Endpoint] = true
		}
	}
	for i := range e.TLS {
		if t := &e.TLS[i]; t.Failure == nil && !untrusted(t) {
			passed[report.StepTLS][t.Endpoint] = true
		}
	}
	for _, s := range e.SignOns {
		if s.Failure == nil && v.served(s.ResponseCode) {
			passed[report.StepSignOn][s.Endpoint] = true
		}
	}
	for _, x := range e.Site.Endpoints {
		if passed[x.Goal][x.Address] {
			working++
		}
	}
	return working, len(e.Site.Endpoints)
}

// served reports whether a response code leaves the acquirer nothing to mend. The
// site's own table comes first.
func (v *view) served(code string) bool {
	class := report.LookupResponseCode(code).Class
	own := v.r.Evidence.Site.ResponseCodes
	if i := slices.IndexFunc(own, func(c report.CodeClass) bool { return c.Code == code }); i >= 0 {
		class = own[i].Class
	}
	return code == "" || !slices.Contains([]report.Class{report.ClassRegistration, report.ClassAcquirerHost, report.ClassUpstream}, class)
}

// announced writes the window that a planned absence falls into, or the one in which the
// round lies by the terminal's wrong clock alone.
func (v *view) announced(p *page) {
	d, windows := &v.r.Diagnosis, v.r.Evidence.Site.Windows
	began, own, wrong := v.corrected()
	if d.Planned == "" {
		i := slices.IndexFunc(windows, func(w report.Window) bool { return covers(w, own) && !covers(w, began) })
		if wrong != "" && i >= 0 {
			p.say(v.say(lNotInWindow, moment(windows[i].From), moment(windows[i].Until))+v.say(lStop)+wrong, plain)
		}
		return
	}
	var meant *report.Window
	for i := range windows {
		if w := &windows[i]; w.Planned == d.Planned && (meant == nil || covers(*w, began)) {
			meant = w
		}
	}
	if meant == nil {
		return
	}
	line := v.say(lWindow, moment(meant.From), moment(meant.Until)) + v.bracketed(short(meant.Note))
	if wrong != "" {
		line += v.say(lStop) + wrong
	}
	p.say(line, plain)
}

func covers(w report.Window, t time.Time) bool { return !t.Before(w.From) && t.Before(w.Until) }

// corrected is when the round began, and when it did by the terminal's own clock; wrong
// says that these differ so much that windows were judged by the first, else "".
func (v *view) corrected() (began, own time.Time, wrong string) {
	e := &v.r.Evidence
	began, known := report.TrueTime(*e)
	i := slices.IndexFunc(e.Clocks, func(c report.Clock) bool { return c.Source == report.ClockRound })
	if i < 0 {
		return began, began, ""
	}
	own = e.Clocks[i].Wall.Add(-time.Duration(e.Clocks[i].AtMs * float64(time.Millisecond)))
	off := float64(began.Sub(own)) / float64(time.Millisecond)
	switch limit := cmp.Or(e.Site.Limits.ClockSkewMs, report.DefaultLimits().ClockSkewMs); {
	case known && off >= limit:
		wrong = v.say(lCorrectedBehind, v.duration(off))
	case known && -off >= limit:
		wrong = v.say(lCorrectedAhead, v.duration(off))
	}
	return began, own, wrong
}

// moment writes a time as the report has it, in the report's own zone.
func moment(t time.Time) string { return t.Format("2006-01-02 15:04:05 -07:00") }
