package render

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"posprobe/report"
)

// Caps on what is written of one list: a report may come from a file of any length,
// and nobody reads further. What is left out is counted.
const (
	maxFindings  = 12
	maxResources = 3
	maxHops      = 8 // of one kind: links, gateways, resolvers, endpoints, addresses
	maxTimings   = 24
	maxPointers  = 10
)

// view is a report looked at in one language.
type view struct {
	r      *report.Report
	lang   report.Lang
	groups []group
	titles map[report.Code]string
	// first is what to do first; told is the row's advice within it.
	first, told string
}

// group is what the diagnosis says with the same words: findings of one code and
// confidence, on one or more resources.
type group struct {
	report.Finding // the first
	row            report.Row
	members        []report.Finding
}

func newView(r *report.Report, lang report.Lang, rows lookup) *view {
	v := &view{r: r, lang: lang, titles: map[report.Code]string{}}
	known := map[report.Code]report.Row{}
	row := func(code report.Code) report.Row {
		found, ok := known[code]
		if !ok && len(known) < 256 {
			if found, ok = rows(code); !ok {
				found = report.Row{Code: code, Layer: -1}
			}
			known[code] = found
		}
		return found
	}
	title := func(code report.Code) {
		if t := strings.TrimRight(row(code).Title.In(lang), ".。 "); t != "" {
			v.titles[code] = t
		}
	}
	title(r.Diagnosis.Code)
	for _, f := range r.Diagnosis.Findings {
		title(f.Code)
		title(f.MaskedBy)
		i := slices.IndexFunc(v.groups, func(g group) bool {
			return g.Kind == f.Kind && g.Code == f.Code && g.Confidence == f.Confidence && g.MaskedBy == f.MaskedBy
		})
		if i >= 0 {
			v.groups[i].members = append(v.groups[i].members, f)
			continue
		}
		if len(v.groups) == 256 { // far more than the catalogue has; bounds hostile files
			break
		}
		v.groups = append(v.groups, group{Finding: f, row: row(f.Code), members: []report.Finding{f}})
	}
	v.decideFirst()
	return v
}

// head returns the group that gave the headline, nil when the verdict names none.
func (v *view) head() *group {
	d := &v.r.Diagnosis
	if d.Code == "" {
		return nil
	}
	for i := range v.groups {
		if g := &v.groups[i]; g.standing() && g.Code == d.Code && g.Confidence == d.Confidence {
			return g
		}
	}
	return nil
}

// standing reports whether g is a fault that nothing else explains.
func (g *group) standing() bool { return g.Kind == report.KindFault && g.MaskedBy == "" }

// names reports whether g is sure enough to name somebody.
func (g *group) names() bool { return g.standing() && g.Confidence != report.Possible }

// suspected reports whether g is a fault that stands and can only not be excluded.
func (g *group) suspected() bool { return g.standing() && g.Confidence == report.Possible }

// title is the catalogue's title of a code, or the code where this version has none.
func (v *view) title(code report.Code) string {
	if t, ok := v.titles[code]; ok {
		return t
	}
	return short(string(code))
}

// titleInside is a title within a sentence: English begins it with a small letter,
// unless its first word is an acronym or a name such as Wi-Fi, which have two capitals.
func (v *view) titleInside(code report.Code) string {
	t := v.title(code)
	if _, known := v.titles[code]; !known || v.lang == report.ZH {
		return t
	}
	word, _, _ := strings.Cut(t, " ")
	capitals := 0
	for _, r := range word {
		if unicode.IsUpper(r) {
			capitals++
		}
	}
	if first, n := utf8.DecodeRuneInString(t); capitals == 1 {
		return string(unicode.ToLower(first)) + t[n:]
	}
	return t
}

// subject is resource and title of a group: "eth0: no carrier".
func (v *view) subject(g *group) string {
	var resources []string
	more := 0
	for _, f := range g.members {
		switch {
		case f.Resource == "" || slices.Contains(resources, short(f.Resource)):
		case len(resources) == maxResources:
			more++
		default:
			resources = append(resources, short(f.Resource))
		}
	}
	if len(resources) == 0 {
		return v.title(g.Code)
	}
	if more > 0 {
		resources = append(resources, v.say(lMore, more))
	}
	return v.names(resources) + v.say(lColon) + v.titleInside(g.Code)
}

// say returns a label in the view's language, with its verbs filled in.
func (v *view) say(l label, args ...any) string {
	s := labels[l].In(v.lang)
	if len(args) == 0 {
		return s
	}
	s = fmt.Sprintf(s, args...)
	if v.lang == report.ZH { // spaces stand around figures, not between characters
		under := labels[lUnderMs].ZH
		s = strings.ReplaceAll(s, " "+under, under)
	}
	return s
}

// join puts the non-empty parts of an enumeration together.
func (v *view) join(parts ...string) string {
	parts = slices.DeleteFunc(slices.Clone(parts), func(s string) bool { return s == "" })
	return strings.Join(parts, v.say(lComma))
}

// names is a list of addresses or other names.
func (v *view) names(list []string) string { return strings.Join(list, v.say(lAlternatives)) }

// bracketed returns s in the brackets of the language, "" when s is "".
func (v *view) bracketed(s string) string {
	if s == "" {
		return ""
	}
	return v.say(lBrackets, s)
}

// or is an enumeration of alternatives: "device, network or host".
func (v *view) or(parts []string) string {
	if n := len(parts) - 1; n > 0 {
		return strings.Join(parts[:n], v.say(lAlternatives)) + v.say(lOr) + parts[n]
	}
	return strings.Join(parts, "")
}

// domains are the words of a list of domains, each once.
func (v *view) domains(list []report.Domain) []string {
	var out []string
	for _, d := range list {
		if w := domainWords.in(v.lang, d); !slices.Contains(out, w) && len(out) < maxHops {
			out = append(out, w)
		}
	}
	return out
}

// firstSentence cuts an advice after its first sentence.
func (v *view) firstSentence(s string) string {
	if v.lang == report.ZH {
		if first, _, ok := strings.Cut(s, "。"); ok {
			return first + "。"
		}
		return s
	}
	for i := 0; i+2 < len(s); i++ {
		// A capital letter must follow: "e.g. " and "approx. 5" end no sentence.
		if s[i] == '.' && s[i+1] == ' ' && s[i+2] >= 'A' && s[i+2] <= 'Z' {
			return s[:i+1]
		}
	}
	return s
}
