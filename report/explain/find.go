package explain

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"posprobe/report"
	"posprobe/report/prompt"
)

// MaxRunes is how much of a question Find looks at.
const MaxRunes = 128

// Find returns what a word is: one topic when it names one, else every topic that speaks
// of it, those first that do so in their names; none when nothing does. A name is a code
// of the catalogue, a prompt or its ID, a response code (upper and lower case are
// different codes), or a term.
func Find(words string) []Topic {
	words = fit(words)
	if words == "" {
		return nil
	}
	if t, ok := named(words); ok {
		return []Topic{t}
	}
	return speaking(words)
}

// fit is a question as it is looked up: one line of MaxRunes with single spaces.
func fit(words string) string {
	r := []rune(words[:min(len(words), utf8.UTFMax*MaxRunes)])
	return strings.Join(strings.Fields(string(r[:min(len(r), MaxRunes)])), " ")
}

// named finds the topic that the words name.
func named(words string) (Topic, bool) {
	if r, ok := report.LookupRow(report.Code(strings.ToLower(words))); ok {
		return Topic{Row: &r}, true
	}
	if c, ok := report.FindResponseCode(words); ok {
		return Topic{Code: &c}, true
	}
	for i := range terms {
		if slices.ContainsFunc(terms[i].Names, func(n string) bool { return strings.EqualFold(n, words) }) {
			return Topic{Term: &terms[i]}, true
		}
	}
	if p := prompt.Named(words); p != nil {
		return Topic{Prompt: p}, true
	}
	return Topic{}, false
}

// speaking finds the topics that hold all the words, the names before the rest.
func speaking(words string) []Topic {
	var byName, byText []Topic
	add := func(t Topic, name, text string) {
		switch {
		case holds(name, words):
			byName = append(byName, t)
		case holds(text, words):
			byText = append(byText, t)
		}
	}
	if c, ok := report.FindResponseCode(strings.ToUpper(words)); ok { // in the other case
		byName = append(byName, Topic{Code: &c})
	}
	for _, p := range prompt.Match(words) {
		byName = append(byName, Topic{Prompt: p})
	}
	for i := range terms {
		t := &terms[i]
		add(Topic{Term: t}, strings.Join(t.Names, " "), both(t.Is))
	}
	for i := range report.Catalogue() {
		r := &report.Catalogue()[i]
		add(Topic{Row: r}, string(r.Code)+" "+both(r.Title), both(r.Advice))
	}
	for _, table := range report.ResponseCodes() {
		for i := range table {
			c := &table[i]
			add(Topic{Code: c}, both(c.Name), c.Screen.Old+" "+c.Screen.New)
		}
	}
	return append(byName, byText...)
}

func both(t report.Text) string { return t.ZH + " " + t.EN }

// holds reports whether a text holds every one of the words, whatever their case. A word
// of Latin letters stands at the beginning of one in the text: "host" is not in "ghost".
func holds(text, words string) bool {
	text = strings.ToLower(text)
	for w := range strings.FieldsSeq(strings.ToLower(words)) {
		if !begins(text, w) {
			return false
		}
	}
	return true
}

func begins(text, word string) bool {
	latin := word[0] < 0x80
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		at += i
		if !latin || at == 0 || !alphanumeric(rune(text[at-1])) {
			return true
		}
		at++
	}
}

func alphanumeric(r rune) bool { return r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// Near returns the names that somebody may have meant who wrote a word that names
// nothing: at most five.
func Near(word string) []string {
	var near []string
	add := func(name string) {
		if len(near) < 5 && !slices.Contains(near, name) {
			near = append(near, name)
		}
	}
	low := strings.ToLower(fit(word))
	for _, r := range report.Catalogue() {
		code := string(r.Code)
		if last := code[strings.LastIndexByte(code, '.')+1:]; prompt.Mistyped(low, code) || prompt.Mistyped(low, last) {
			add(code)
		}
	}
	for i := range terms {
		for _, n := range terms[i].Names {
			if prompt.Mistyped(low, strings.ToLower(n)) {
				add(terms[i].Names[0])
			}
		}
	}
	return near
}

// Related are the rows of the catalogue that speak of a term, those first that do so in
// their codes.
func Related(t *Term) []report.Row {
	var byCode, byTitle []report.Row
	for _, r := range report.Catalogue() {
		speaks := func(text string) bool {
			return slices.ContainsFunc(t.Names, func(n string) bool { return begins(strings.ToLower(text), strings.ToLower(n)) })
		}
		switch {
		case speaks(string(r.Code)):
			byCode = append(byCode, r)
		case speaks(both(r.Title)):
			byTitle = append(byTitle, r)
		}
	}
	return append(byCode, byTitle...)
}
