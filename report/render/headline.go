package render

import (
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
		if d.Planned != "" {
			line += v.say(lComma) + plannedWords.in(v.lang, d.Planned)
		}
		if g := v.head(); g != nil {
			line += "  " + v.subject(g)
		} else if d.Code != "" {
			line += "  " + v.title(d.Code)
		}
	case d.Verdict == report.VerdictInconclusive:
		if open := v.domains(d.Remaining); len(open) > 0 {
			line += v.say(lColon) + v.say(lCouldBeDomain, v.or(open))
		} else {
			line += v.say(lColon) + v.say(lCannotTell)
		}
	}
	p.say(line, verdictStyles[d.Verdict])
	if d.Verdict == report.VerdictHealthy && len(d.Untested) > 0 {
		p.say(v.say(lPartly), plain)
	} else {
		p.say(verdictMeanings[d.Verdict].In(v.lang), plain)
	}
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

// announced writes the window that a planned absence falls into.
func (v *view) announced(p *page) {
	for _, w := range v.r.Evidence.Site.Windows {
		if w.Planned == v.r.Diagnosis.Planned && w.Planned != "" {
			p.say(v.say(lWindow, moment(w.From), moment(w.Until))+v.bracketed(short(w.Note)), plain)
			return
		}
	}
}

// action writes who should act and what to do first.
func (v *view) action(p *page) {
	d := &v.r.Diagnosis
	if d.Verdict == "" {
		return
	}
	p.space()
	rows := []row{{v.say(lWhoActs), partyWords.in(v.lang, d.Party)}}
	if g := v.head(); g != nil {
		rows = append(rows, row{v.say(lDoFirst), g.row.Advice.In(v.lang)})
	} else if d.Verdict == report.VerdictInconclusive {
		rows = append(rows, row{v.say(lDoFirst), v.say(lTryAgain)})
	}
	if d.Domain != "" {
		if open := v.domains(d.Remaining); len(open) > 0 {
			rows = append(rows, row{v.say(lAlsoPossible), v.or(open)})
		}
	}
	rows = append(rows, row{v.say(lCode), short(string(d.Code))})
	v.table(p, 0, rows)
}

// others writes the faults beside the headline: first those that stand for themselves,
// then those that another one explains.
func (v *view) others(p *page) {
	var standing, masked []string
	head := v.head()
	for i := range v.groups {
		g := &v.groups[i]
		switch {
		case g.Kind != report.KindFault || g == head:
		case g.MaskedBy != "":
			masked = append(masked, v.say(lExplainedBy, v.subject(g), v.title(g.MaskedBy)))
		default:
			s := v.subject(g) + v.bracketed(confidenceWords.in(v.lang, g.Confidence))
			if advice := v.firstSentence(g.row.Advice.In(v.lang)); advice != "" {
				s += v.say(lStop) + advice
			}
			standing = append(standing, s)
		}
	}
	title := lAlsoFound
	if v.r.Diagnosis.Verdict == report.VerdictInconclusive {
		title = lCouldBe
	}
	v.list(p, title, standing, maxFindings)
	v.list(p, lFollows, masked, maxFindings)
}

// list writes a section of at most limit items, nothing when there is none.
func (v *view) list(p *page, title label, items []string, limit int) {
	if len(items) == 0 {
		return
	}
	p.head(v.say(title))
	for _, s := range items[:min(len(items), limit)] {
		p.item(s)
	}
	if more := len(items) - limit; more > 0 {
		p.item(v.say(lMore, more))
	}
}

// row is a labelled text.
type row struct{ label, text string }

// table writes rows with their texts in one column, as far as the labels leave room.
func (v *view) table(p *page, indent int, rows []row) {
	column := 0
	for _, r := range rows {
		if n := columns(r.label) + 1; n <= p.width*2/5 && r.text != "" {
			column = max(column, n)
		}
	}
	for _, r := range rows {
		if r.text != "" {
			p.entry(indent, column, r.label, r.text)
		}
	}
}

// moment writes a time as the report has it, in the report's own zone.
func moment(t time.Time) string { return t.Format("2006-01-02 15:04:05 -07:00") }
