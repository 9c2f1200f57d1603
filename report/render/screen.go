package render

import (
	"slices"
	"strings"

	"posprobe/report"
	"posprobe/report/prompt"
)

// Caps on what is said of a prompt: it is an answer, not a second report.
const (
	maxCauses = 4
	maxBeside = 2
)

// screen answers what somebody read off the terminal's screen: the response code, and
// the prompt with the one of its usual causes that it is.
func (v *view) screen(p *page, way []stretch) {
	given := &v.r.Evidence.Given
	if code := given.ResponseCode; code != "" && !v.headGiven() {
		p.say(v.say(lScreenCode, short(code), report.LookupResponseCode(code).Name.In(v.lang)), plain)
	}
	asked := prompt.Lookup(given.Prompt)
	if asked == nil || v.r.Diagnosis.Verdict == "" {
		return
	}
	p.space()
	p.say(v.say(lScreenSays, asked.Words.In(v.lang))+v.answer(asked)+v.say(lEnd), plain)
	if sound := v.sound(way); len(sound) > 0 && v.r.Diagnosis.Verdict != report.VerdictHealthy {
		p.say(v.say(lSound, v.names(sound))+v.say(lEnd), plain)
	}
}

// headGiven reports whether the headline rests on the response code on the screen: then it
// shows the code.
func (v *view) headGiven() bool {
	g := v.head()
	return g != nil && slices.ContainsFunc(g.members, restsOnScreen)
}

// givenAt points at the response code on the screen.
const givenAt = "/evidence/given/response_code"

func restsOnScreen(f report.Finding) bool { return slices.Contains(f.Because, givenAt) }

// answer says which of the prompt's usual causes was found, or is still open, or what is
// left when all that posprobe can see is sound.
func (v *view) answer(asked *prompt.Prompt) string {
	switch v.r.Diagnosis.Verdict {
	case report.VerdictHealthy:
		if found := v.causes(asked, isOutside); len(found) > 0 {
			return v.say(lCauseLikely, found[0])
		}
		return v.leftOver(asked)
	case report.VerdictInconclusive:
		if open := v.causes(asked, (*group).suspected); len(open) > 0 {
			return v.say(lCausesOpen, v.alternatives(open, maxCauses))
		}
		return v.say(lCauseUnknown)
	}
	named := v.causes(asked, (*group).names)
	if r := &v.r.Incident; r.ID != "" && r.Escalated && asked.Escalated() != nil {
		named = append(named, asked.Escalated().Is.In(v.lang))
	}
	first := v.headCause(asked)
	if first == "" {
		return v.say(lCauseOther, v.titleInside(v.r.Diagnosis.Code))
	}
	said := lCauseLikely
	if v.r.Diagnosis.Confidence == report.Proven {
		said = lCauseProven
	}
	s := v.say(said, first)
	beside := slices.DeleteFunc(named, func(c string) bool { return c == first })
	if len(beside) > 0 {
		s += v.say(lCauseBeside, v.alternatives(beside, maxBeside))
	}
	return s
}

// headCause is the cause that the headline is, "" when it is none of the usual ones.
func (v *view) headCause(asked *prompt.Prompt) string {
	d := &v.r.Diagnosis
	if c := asked.Cause(d.Code, d.Planned); c != nil {
		return c.Is.In(v.lang)
	}
	return ""
}

// causes are the causes that the wanted groups are, each once, in the order of the groups.
func (v *view) causes(asked *prompt.Prompt, want func(*group) bool) []string {
	var out []string
	for i := range v.groups {
		g := &v.groups[i]
		if !want(g) {
			continue
		}
		planned := report.Planned("")
		if g.Domain == report.DomainHost {
			planned = v.r.Diagnosis.Planned
		}
		if c := asked.Cause(g.Code, planned); c != nil && !slices.Contains(out, c.Is.In(v.lang)) {
			out = append(out, c.Is.In(v.lang))
		}
	}
	return out
}

// isOutside reports whether g says that what the screen showed is nothing that posprobe can
// see.
func isOutside(g *group) bool {
	return g.Kind == report.KindNote && g.MaskedBy == "" && strings.HasPrefix(string(g.Code), "outside.")
}

// leftOver is what remains when everything that was tested is sound.
func (v *view) leftOver(asked *prompt.Prompt) string {
	said := lAllSound
	if v.connectionOnly() || len(v.r.Diagnosis.Untested) > 0 {
		said = lTestedSound
	}
	var left []string
	if s := asked.Left.In(v.lang); s != "" {
		left = append(left, s)
	}
	for i := range asked.Causes {
		if c := &asked.Causes[i]; c.Outside {
			left = append(left, c.Is.In(v.lang))
		}
	}
	return v.say(said, v.alternatives(append(left, v.say(lPassed)), maxCauses))
}

// alternatives is an enumeration of whole clauses.
func (v *view) alternatives(list []string, limit int) string {
	if more := len(list) - limit; more > 0 {
		list = append(slices.Clone(list[:limit]), v.say(lMore, more))
	}
	return strings.Join(list, v.say(lSemicolon))
}

// sound names the places of the way that were tested and work, at every hop of them.
func (v *view) sound(way []stretch) []string {
	var names []string
	for place := placeTerminal; place <= placeSignOn; place++ {
		name, all := "", true
		for _, s := range way {
			for _, h := range s.hops {
				if h.place == place {
					name, all = v.placeName(h), all && h.mark == markOK
				}
			}
		}
		if name != "" && all && !v.open(place) {
			names = append(names, name)
		}
	}
	return names
}

// open reports whether what was seen sound at a place leaves its domain at fault all the
// same: a terminal that is not overloaded may be set wrongly, a network that carries a
// connection may lose packets.
func (v *view) open(at place) bool {
	var domain report.Domain
	switch at {
	case placeTerminal:
		domain = report.DomainDevice
	case placeBeyond:
		domain = report.DomainNetwork
	default:
		return false
	}
	d := &v.r.Diagnosis
	return d.Domain == domain || slices.Contains(d.Remaining, domain)
}
