package incident

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"posprobe/report"
)

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// history builds reports out of a line of words, one round a word, a minute apart: ok,
// the code of a fault, ? for a round that cannot tell, - for one that asked nothing.
// After @ stands the depth (c for connect alone), after ! that it is announced; ?! cannot
// tell either way in an announced absence of the host.
type history struct {
	wall  time.Time
	up    float64
	boot  string
	count int
}

func (h *history) round(word string) report.Report {
	h.count++
	h.wall, h.up = h.wall.Add(time.Minute), h.up+60_000
	up := h.up
	r := report.Report{ID: fmt.Sprint("r", h.count), ObservedAt: h.wall}
	r.Evidence.Device.BootID, r.Evidence.Device.UptimeMs = h.boot, &up
	goal := report.StepSignOn
	word, shallow := strings.CutSuffix(word, "@c")
	if shallow {
		goal = report.StepConnect
	}
	word, planned := strings.CutSuffix(word, "!")
	switch {
	case planned && word == "?":
		r.Diagnosis.Remaining = report.List[report.Domain]{report.DomainNetwork, report.DomainHost}
		r.Diagnosis.Findings = report.List[report.Finding]{{Kind: report.KindNote, Code: "note.planned"}}
	case planned:
		r.Diagnosis.Planned = report.PlannedMaintenance
	}
	r.Evidence.Site.Endpoints = report.List[report.Endpoint]{{Address: "203.0.113.20:5500", Goal: goal}}
	task := report.Task{Kind: report.TaskExchange, Outcome: report.OutcomeFailed}
	switch word {
	case "ok":
		r.Diagnosis.Verdict, task.Outcome = report.VerdictHealthy, report.OutcomeAnswered
	case "?":
		r.Diagnosis.Verdict = report.VerdictInconclusive
	case "-":
		r.Diagnosis.Verdict, task.Outcome = report.VerdictInconclusive, report.OutcomeNotAsked
	default:
		r.Diagnosis.Verdict, r.Diagnosis.Code = report.VerdictFault, report.Code(word)
	}
	r.Evidence.Tasks = report.List[report.Task]{task}
	return r
}

// story runs a line of words and writes down what happened at which round.
func story(t *testing.T, words string, l Limits, between func(h *history, round int)) (State, string) {
	t.Helper()
	h := &history{wall: noon, up: 1e6, boot: "one"}
	var s State
	var told []string
	for i, w := range strings.Fields(words) {
		if between != nil {
			between(h, i+1)
		}
		before, _ := json.Marshal(s)
		next, events := Step(s, h.round(w), l)
		if after, _ := json.Marshal(s); string(before) != string(after) {
			t.Fatalf("round %d changed the state it was given", i+1)
		}
		for _, e := range events {
			told = append(told, fmt.Sprintf("%d:%s:%s", i+1, e.Kind, e.Incident.ID))
		}
		s = stored(t, next)
	}
	return s, strings.Join(told, " ")
}

// stored is the state as it comes back after a restart.
func stored(t *testing.T, s State) State {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back State
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

func TestStep(t *testing.T) {
	l := Defaults()
	for _, c := range []struct{ name, words, want string }{
		{"one bad round is none", "ok ok a ok ok ok", ""},
		{"two of three", "ok a ok a", "4:opened:r2"},
		{"two of four are not enough", "a ok ok a ok ok a", ""},
		{"rounds that cannot tell count", "ok ? ?", "3:opened:r2"},
		{"rounds that asked nothing do not", "a - - - a", "5:opened:r1"},
		{"three good rounds end it", "a a ok ok a ok ok ok", "2:opened:r1 8:closed:r1"},
		{"a changed cause stays in it", "a a b b a ok ok ok", "2:opened:r1 3:changed:r1 8:closed:r1"},
		{"light rounds say nothing about a sign-on", "a a ok@c ok@c ok@c ok@c ok ok ok", "2:opened:r1 9:closed:r1"},
		{"nor do they before it opens", "a ok@c ok@c a", "4:opened:r1"},
		{"good full rounds do", "a ok@c ok ok@c ok a", ""},
		{"light rounds end what only they saw", "a@c a@c ok@c ok@c ok@c", "2:opened:r1 5:closed:r1"},
		{"flapping is one incident", "a a ok ok ok ok a a ok ok ok", "2:opened:r1 5:closed:r1 8:reopened:r1 11:closed:r1"},
		{"escalated after ten minutes, once", "a a a a a a a a a a a a a", "2:opened:r1 11:escalated:r1"},
		{"not while it is announced", "a! a! a! a! a! a! a! a! a! a! a! a! a! a!", "2:opened:r1"},
		{"nor where the host cannot be ruled out", "?! ?! ?! ?! ?! ?! ?! ?! ?! ?! ?! ?! ?! ?!", "2:opened:r1"},
		{"announced time does not count", "a! a! a! a! a! a! a! a! a! a! a! a! a a a", "2:opened:r1"},
		{"but what comes after it does", "a! a! " + strings.Repeat("a ", 11), "2:opened:r1 12:escalated:r1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, got := story(t, c.words, l, nil); got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.words, got, c.want)
			}
		})
	}
}

// TestClocks: what the wall clock does changes nothing within one boot.
func TestClocks(t *testing.T) {
	words := "a a a a a a a a a a a a"
	const want = "2:opened:r1 11:escalated:r1"
	for name, between := range map[string]func(*history, int){
		"a step forward": func(h *history, round int) {
			if round == 5 {
				h.wall = h.wall.AddDate(30, 0, 0)
			}
		},
		"a step back": func(h *history, round int) {
			if round == 5 {
				h.wall = h.wall.AddDate(-56, 0, 0)
			}
		},
		"set after the start": func(h *history, round int) {
			if round < 4 {
				h.wall = time.Unix(60*int64(round), 0)
			} else if round == 4 {
				h.wall = noon
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, got := story(t, words, Defaults(), between); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// TestRestart: a terminal that is switched off in an incident comes back into it.
func TestRestart(t *testing.T) {
	restart := func(off time.Duration, clock bool) func(*history, int) {
		return func(h *history, round int) {
			if round == 3 {
				h.boot, h.up = "two", 30_000
				h.wall = h.wall.Add(off)
				if !clock {
					h.wall = time.Unix(30, 0)
				}
			}
		}
	}
	for _, c := range []struct {
		name  string
		off   time.Duration
		clock bool
		want  string
	}{
		{"for two minutes", 2 * time.Minute, true, "2:opened:r1"},
		{"for half an hour", 30 * time.Minute, true, "2:opened:r1 3:escalated:r1"},
		{"and its clock lost the time", 0, false, "2:opened:r1"},
		{"for a year", 365 * 24 * time.Hour, true, "2:opened:r1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, got := story(t, "a a a a", Defaults(), restart(c.off, c.clock)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestBounded: nothing grows with time.
func TestBounded(t *testing.T) {
	var words []string
	for i := range 200 {
		words = append(words, fmt.Sprintf("code%d", i))
	}
	l := Limits{Bad: 40, Of: 50, Good: 1}
	s, _ := story(t, strings.Join(words, " "), l, nil)
	if s.Open != nil || len(s.Recent) != maxRecent {
		t.Errorf("limits beyond the bounds: %d rounds kept, open %v", len(s.Recent), s.Open)
	}
	s, _ = story(t, strings.Join(words, " "), Defaults(), nil)
	if s.Open == nil || len(s.Open.Causes) != maxCauses || s.Open.Rounds != 200 {
		t.Errorf("%+v", s.Open)
	}
}

// TestReport: reports of an open incident name it.
func TestReport(t *testing.T) {
	s, _ := story(t, "ok a a", Defaults(), nil)
	in := s.Report()
	if in.ID != "r2" || in.OpenedAt == nil || !in.OpenedAt.Equal(noon.Add(2*time.Minute)) || in.Escalated {
		t.Errorf("%+v", in)
	}
	if in := (State{}).Report(); in.ID != "" || in.OpenedAt != nil {
		t.Errorf("without an incident: %+v", in)
	}
	if got := s.Open.Causes; !slices.ContainsFunc(got, func(c Cause) bool { return c.Code == "a" && c.Rounds == 2 }) {
		t.Errorf("causes %+v", got)
	}
}
