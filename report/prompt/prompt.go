package prompt

import (
	"slices"
	"strings"

	"posprobe/report"
)

// Prompt is what a terminal's screen says when it cannot work.
type Prompt struct {
	// ID is permanent: P1 to P5.
	ID string
	// Words is the prompt as terminals show it, and in English.
	Words report.Text
	// Left is what else nobody can see from the network or the device, zero for prompts
	// whose causes name it all.
	Left   report.Text
	Causes []Cause

	words words
}

// Cause is one of the usual causes of a prompt.
type Cause struct {
	// ID is permanent: the prompt's figure, a dot, and a number.
	ID string
	// Codes are the rows of the catalogue that say that it is this cause; an asterisk at
	// the end stands for any ending. Plans narrows them to findings that are planned so.
	Codes []string
	Plans []report.Planned
	// Outside marks a cause that cannot be seen from the network or the device.
	Outside bool
	// Is names the cause, Told the evidence that settles it.
	Is, Told report.Text
}

// All returns the prompts in their order. Callers must not change them.
func All() []*Prompt { return all }

var all = []*Prompt{&serviceHours, &noAnswer, &signOnTimeout, &reducedService, &maintenance}

// Lookup returns the prompt of an ID, nil when there is none.
func Lookup(id string) *Prompt {
	for _, p := range all {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// Cause returns the cause that a finding of this code is, nil when it is none of the
// prompt's usual ones. Of several the most particular is meant: one of the same plan, then
// one that names the code in full, then the one that names most of it.
func (p *Prompt) Cause(code report.Code, planned report.Planned) *Cause {
	var best *Cause
	rank := 0
	for i := range p.Causes {
		if r := p.Causes[i].covers(code, planned); r > rank {
			best, rank = &p.Causes[i], r
		}
	}
	return best
}

// covers returns how particularly the cause means a code, 0 when it does not.
func (c *Cause) covers(code report.Code, planned report.Planned) int {
	const inFull, inPlan = 100, 1000 // codes are shorter
	rank := 0
	for _, pattern := range c.Codes {
		prefix, open := strings.CutSuffix(pattern, "*")
		switch {
		case !open && pattern == string(code):
			rank = inFull
		case open && strings.HasPrefix(string(code), prefix):
			rank = max(rank, len(prefix))
		}
	}
	switch {
	case rank == 0 || len(c.Plans) == 0:
		return rank
	case slices.Contains(c.Plans, planned):
		return rank + inPlan
	}
	return 0
}

// escalated is the cause that no code shows: an incident that lasts.
const escalated = "5.10"

// Escalated returns the cause of a prompt that stays for long, nil for prompts that have
// none.
func (p *Prompt) Escalated() *Cause {
	for i := range p.Causes {
		if p.Causes[i].ID == escalated {
			return &p.Causes[i]
		}
	}
	return nil
}
