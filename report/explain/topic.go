package explain

import (
	"posprobe/report"
	"posprobe/report/prompt"
)

// Topic is something that can be explained. Exactly one of its parts is set.
type Topic struct {
	Row    *report.Row
	Prompt *prompt.Prompt
	Code   *report.ResponseCode
	Term   *Term
}

// Term is a word of the trade. Names are what it is called: the first is its usual name,
// the others find it too.
type Term struct {
	Names []string
	Is    report.Text
}

// Name is what to write to be told about the topic alone.
func (t Topic) Name() string {
	switch {
	case t.Row != nil:
		return string(t.Row.Code)
	case t.Prompt != nil:
		return t.Prompt.ID
	case t.Code != nil:
		return t.Code.Code
	}
	return t.Term.Names[0]
}

// Title says in a few words what the topic is.
func (t Topic) Title(l report.Lang) string {
	switch {
	case t.Row != nil:
		return t.Row.Title.In(l)
	case t.Prompt != nil:
		return t.Prompt.Words.In(l)
	case t.Code != nil:
		return t.Code.Name.In(l)
	}
	return t.Term.Is.In(l)
}

// Shown are the prompts that a row may stand behind, each with the cause that it is.
func Shown(code report.Code) []ShownBy {
	var out []ShownBy
	for _, p := range prompt.All() {
		if c := p.Cause(code, ""); c != nil {
			out = append(out, ShownBy{p, c})
		}
	}
	return out
}

// ShownBy is a prompt and one of its causes.
type ShownBy struct {
	Prompt *prompt.Prompt
	Cause  *prompt.Cause
}
