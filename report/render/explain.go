package render

import (
	"cmp"
	"io"

	"posprobe/report"
	"posprobe/report/explain"
)

// maxTopics bounds a list of topics; maxRelated one of related codes.
const (
	maxTopics  = 16
	maxRelated = 6
)

// Topics writes what is known of one topic, or lists several with what to write to be
// told about one of them. It returns the error of w.
func Topics(w io.Writer, topics []explain.Topic, o Options) error {
	v := newView(&report.Report{}, o.Lang, report.LookupRow)
	p := newPage(o)
	switch {
	case len(topics) > 1:
		v.topics(p, topics)
	case len(topics) == 0:
	case topics[0].Row != nil:
		v.explainRow(p, topics[0].Row)
	case topics[0].Prompt != nil:
		v.explainPrompt(p, topics[0])
	case topics[0].Code != nil:
		v.explainCode(p, topics[0].Code)
	default:
		v.explainTerm(p, topics[0].Term)
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// topics lists several: the name to write, and what it is in short.
func (v *view) topics(p *page, topics []explain.Topic) {
	var rows []row
	for _, t := range topics[:min(len(topics), maxTopics)] {
		rows = append(rows, row{t.Name(), v.firstSentence(t.Title(v.lang))})
	}
	v.table(p, 0, rows)
	if more := len(topics) - maxTopics; more > 0 {
		p.say(v.say(lMore, more), plain)
	}
	p.space()
	p.say(v.say(lExplainOne), dim)
}

// explainRow tells of a code of the catalogue.
func (v *view) explainRow(p *page, r *report.Row) {
	p.say(string(r.Code), bold)
	p.say(r.Title.In(v.lang), plain)
	p.space()
	rows := []row{{v.say(lBelongsTo), v.say(lNote)}}
	if r.Kind == report.KindFault {
		rows = []row{{v.say(lBelongsTo), domainWords.in(v.lang, r.Domain)}, {v.say(lWhoActs), partyWords.in(v.lang, r.Party)}}
	} else if l := askedOf(r.Code); l != lNobody {
		rows = append(rows, row{v.say(lWhoActs), v.say(l)})
	}
	rows = append(rows, row{v.say(lDoFirst), r.Advice.In(v.lang)}, row{v.say(lToldBy), r.Source})
	v.table(p, 0, rows)
	var asked []string
	for _, q := range r.Wants {
		asked = append(asked, questionWords.in(v.lang, q))
	}
	v.list(p, lWants, asked, maxFindings)
	var shown []string
	for _, s := range explain.Shown(r.Code) {
		shown = append(shown, s.Prompt.ID+v.say(lQuoted, s.Prompt.Words.In(v.lang))+v.say(lColon)+s.Cause.Is.In(v.lang)+v.bracketed(s.Cause.ID))
	}
	v.list(p, lShownAs, shown, maxFindings)
}

// explainPrompt tells of a prompt and its usual causes.
func (v *view) explainPrompt(p *page, t explain.Topic) {
	p.say(t.Prompt.ID+v.say(lQuoted, t.Prompt.Words.In(v.lang)), bold)
	p.head(v.say(lUsualCauses))
	for i := range t.Prompt.Causes {
		c := &t.Prompt.Causes[i]
		s := c.ID + " " + c.Is.In(v.lang)
		if c.Outside {
			s += v.bracketed(v.say(lUnseen))
		}
		p.item(s)
		p.put(6, "", plain, v.say(lTold, c.Told.In(v.lang)), dim)
	}
	p.space()
	p.say(v.say(lAskPrompt, t.Prompt.ID), dim)
}

// explainTerm tells of a word, and which codes speak of it.
func (v *view) explainTerm(p *page, t *explain.Term) {
	p.say(v.names(t.Names), bold)
	p.say(t.Is.In(v.lang), plain)
	related := explain.Related(t)
	var rows []row
	for _, r := range related[:min(len(related), maxRelated)] {
		rows = append(rows, row{string(r.Code), r.Title.In(v.lang)})
	}
	if len(rows) == 0 {
		return
	}
	p.head(v.say(lSeeAlso))
	v.table(p, 2, rows)
	if more := len(related) - maxRelated; more > 0 {
		p.put(2, "", plain, v.say(lMore, more), plain)
	}
}

// explainCode tells of a response code: what it means in the answer to posprobe's own
// message, and what on the screen after a refused transaction.
func (v *view) explainCode(p *page, c *report.ResponseCode) {
	p.say(v.say(lCodeNamed, c.Code, c.Name.In(v.lang)), bold)
	p.space()
	rows := []row{{v.say(lIsAbout), classWords.in(v.lang, c.Class)}}
	if c.Handling != 0 {
		rows = append(rows, row{v.say(lTerminalsDo), handlingWords.in(v.lang, string(c.Handling))})
	}
	switch s := c.Screen; {
	case p.seven: // the texts are Chinese
	case s.Old != "" && s.New != "" && s.Old != s.New:
		rows = append(rows, row{v.say(lScreenText), v.say(lOldAndNew, s.Old, s.New)})
	case s.Old != "" || s.New != "":
		rows = append(rows, row{v.say(lScreenText), cmp.Or(s.New, s.Old)})
	}
	given := report.GivenCode(c.Code, c.Class)
	rows = append(rows, row{v.say(lInReply), v.leadsTo(report.ReplyCode(c.Code, c.Class))}, row{v.say(lOnScreen), v.leadsTo(given)})
	if r, ok := report.LookupRow(given); ok {
		if r.Kind == report.KindFault {
			rows = append(rows, row{v.say(lWhoActs), partyWords.in(v.lang, r.Party)})
		} else if l := askedOf(given); l != lNobody {
			rows = append(rows, row{v.say(lWhoActs), v.say(l)})
		}
		rows = append(rows, row{v.say(lDoFirst), r.Advice.In(v.lang)})
	}
	v.table(p, 0, rows)
	p.space()
	p.say(v.say(lAcquirersDiffer), dim)
}

// leadsTo is a row's title with its code.
func (v *view) leadsTo(code report.Code) string {
	r, ok := report.LookupRow(code)
	if !ok {
		return v.say(lNothingWrong)
	}
	return r.Title.In(v.lang) + v.bracketed(string(code))
}
