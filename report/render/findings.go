package render

import (
	"slices"

	"posprobe/report"
)

// others writes the faults beside the headline: first those that stand for themselves,
// then those that follow from another fault. Those that a note explains are none.
func (v *view) others(p *page) {
	open := v.r.Diagnosis.Verdict == report.VerdictInconclusive
	var standing []string
	var masked []*group
	head := v.head()
	for i := range v.groups {
		g := &v.groups[i]
		switch {
		case g.Kind != report.KindFault || g == head || v.noted(g.MaskedBy):
		case g.MaskedBy != "":
			masked = append(masked, g)
		default:
			s := v.subject(g)
			if !open { // there all are no more than possible
				s += v.bracketed(confidenceWords.in(v.lang, g.Confidence))
			}
			standing = append(standing, v.sentences(s, v.advice(g)))
		}
	}
	title := lAlsoFound
	if open {
		title = lCouldBe
	}
	v.list(p, title, standing, maxFindings)
	v.list(p, lFollows, v.consequences(masked), maxFindings)
}

// consequences are findings that follow from others, gathered behind what they follow from.
func (v *view) consequences(masked []*group) []string {
	var by []report.Code
	of := map[report.Code][]string{}
	for _, g := range masked {
		if of[g.MaskedBy] == nil {
			by = append(by, g.MaskedBy)
		}
		of[g.MaskedBy] = append(of[g.MaskedBy], v.subject(g))
	}
	var out []string
	for _, code := range by {
		out = append(out, v.say(lExplainedBy, v.titleInside(code), v.alternatives(of[code], maxFindings)))
	}
	return out
}

// noted reports whether a code is that of a note in this report.
func (v *view) noted(code report.Code) bool {
	return code != "" && slices.ContainsFunc(v.groups, func(g group) bool { return g.Kind == report.KindNote && g.Code == code })
}

// notes writes the notes, but for those that a fault or another note explains.
func (v *view) notes(p *page) {
	var notes []string
	for i := range v.groups {
		if g := &v.groups[i]; g.Kind == report.KindNote && g.MaskedBy == "" {
			notes = append(notes, v.sentences(v.subject(g), v.advice(g)))
		}
	}
	v.list(p, lNotes, notes, maxFindings)
}

// sentences puts a statement before what to do about it.
func (v *view) sentences(s, advice string) string {
	if advice == "" {
		return s
	}
	return s + v.say(lStop) + advice
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
