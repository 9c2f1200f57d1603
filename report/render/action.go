package render

import (
	"slices"
	"strings"

	"posprobe/report"
)

// action writes who should act and what to do first.
func (v *view) action(p *page) {
	d := &v.r.Diagnosis
	if d.Verdict == "" {
		return
	}
	p.space()
	rows := []row{{v.say(lWhoActs), v.whoActs()}, {v.say(lDoFirst), v.first}}
	if d.Domain != "" {
		if open := v.domains(d.Remaining); len(open) > 0 {
			rows = append(rows, row{v.say(lAlsoPossible), v.or(open)})
		}
	}
	rows = append(rows, row{v.say(lCode), short(string(d.Code))})
	v.table(p, 0, rows)
}

func (v *view) whoActs() string {
	if g := v.asks(); g != nil {
		return v.say(askedOf(g.Code))
	}
	return partyWords.in(v.lang, v.r.Diagnosis.Party)
}

// asks returns the note that asks something of somebody although line and host are well,
// nil when there is none: what the code on the screen says goes first.
func (v *view) asks() *group {
	if v.r.Diagnosis.Verdict != report.VerdictHealthy {
		return nil
	}
	var asks *group
	for i := range v.groups {
		g := &v.groups[i]
		if g.MaskedBy == "" && g.Kind == report.KindNote && askedOf(g.Code) != lNobody && (asks == nil || isOutside(g)) {
			asks = g
		}
	}
	return asks
}

// askedOf is the word for whom a note asks something of.
func askedOf(code report.Code) label {
	switch code {
	case "note.terminal_state", "note.given_accepted":
		return lMerchantInApp
	case "outside.card", "outside.issuer":
		return lCardholder
	case "outside.operator":
		return lMerchantEnters
	case "outside.message":
		return lServiceAndAcquirer
	case "outside.unknown_code":
		return lAcquirerAnswers
	}
	if strings.HasPrefix(string(code), "note.requirement") {
		return lMerchantInApp
	}
	return lNobody
}

// decideFirst finds what to do first, before anything is written: the advice is not
// repeated where its row is listed.
func (v *view) decideFirst() {
	head := v.head()
	switch {
	case head != nil:
		v.told = head.row.Advice.In(v.lang)
		v.first = v.told
		if v.configFirst() && v.told != "" {
			v.first = v.say(lCompareConfig) + v.told
		}
	case v.asks() != nil:
		v.told = v.asks().row.Advice.In(v.lang)
		v.first = v.told
	case v.r.Diagnosis.Verdict == report.VerdictInconclusive:
		v.told = v.openAdvice()
		if v.first = v.told; v.first == "" {
			v.first = v.say(lTryAgain)
		}
	}
}

// configFirst reports whether the headline names the host while the terminal's own
// settings cannot be excluded: those cost less to check, and are the usual mistake of
// a new installation.
func (v *view) configFirst() bool {
	return v.r.Diagnosis.Domain == report.DomainHost && slices.ContainsFunc(v.groups, func(g group) bool {
		return g.suspected() && isConfig(g.Code)
	})
}

// isConfig reports whether a code is about what the terminal was set up with.
func isConfig(code report.Code) bool { return strings.HasPrefix(string(code), "device.config") }

// openAdvice is the advice where no fault can be named: that of the first one that is
// open, else that of the first note that says why something failed or was not asked.
func (v *view) openAdvice() string {
	for i := range v.groups {
		if g := &v.groups[i]; g.suspected() {
			if s := g.row.Advice.In(v.lang); s != "" {
				return s
			}
		}
	}
	for i := range v.groups {
		g := &v.groups[i]
		if g.Kind != report.KindNote || g.MaskedBy != "" || !slices.ContainsFunc(g.members, accounts) {
			continue
		}
		if s := g.row.Advice.In(v.lang); s != "" {
			return s
		}
	}
	return ""
}

// accounts reports whether a finding accounts for a failed observation, or for a task
// that was not asked.
func accounts(f report.Finding) bool {
	return len(f.Explains) > 0 || slices.ContainsFunc(f.Because, func(p string) bool {
		return strings.HasPrefix(p, "/evidence/tasks/")
	})
}

// advice is the start of a row's advice, "" when the reader was given it as what to do
// first.
func (v *view) advice(g *group) string {
	full := g.row.Advice.In(v.lang)
	if full == v.told || isConfig(g.Code) && v.configFirst() {
		return ""
	}
	return v.firstSentence(full)
}
