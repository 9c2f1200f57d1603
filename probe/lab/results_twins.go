//go:build linux

package lab

import (
	"fmt"
	"strings"
)

// twinsMarkdown is the table of pairs for people.
func twinsMarkdown(pairs []TwinPair) string {
	if len(pairs) == 0 {
		return "No pair was run.\n"
	}
	t := table{head: []string{"scenario and its twin", "broken", "said", "left open", "judged"}}
	honest := 0
	for _, p := range pairs {
		if p.Honest() {
			honest++
		}
		t.add(p.A.Scenario.Name+"; "+p.B.Scenario.Name,
			truthOf(*p.A.Scenario)+"; "+truthOf(*p.B.Scenario),
			p.A.Headline()+"; "+p.B.Headline(),
			domains(p.A)+"; "+domains(p.B),
			p.judgement())
	}
	return fmt.Sprintf("%d of %d pairs are left open alike, with both truths among what remains.\n\n%s", honest, len(pairs), t)
}

func (p TwinPair) judgement() string {
	switch {
	case p.Wrong():
		return "WRONG: a sound domain is accused"
	case p.Honest():
		return "left open alike"
	case p.Alike():
		return "alike, but a truth is not left open"
	case p.A.Headline() == p.B.Headline():
		return "one headline, not the same left open"
	}
	return "told apart"
}

// domains lists what an outcome leaves open, "nothing" if nothing.
func domains(o Outcome) string {
	var words []string
	for _, d := range leftOpen(o) {
		words = append(words, string(d))
	}
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, " + ")
}
