package incident

import (
	"slices"
	"time"

	"posprobe/report"
)

// Step is the state after one more report, and what happened. The state given is not
// changed. A report that says nothing (a pause, a payment in progress, an interruption)
// changes nothing.
func Step(s State, r report.Report, l Limits) (State, []Event) {
	if !Says(r) {
		return s, nil
	}
	s = s.clone()
	m := markOf(r)
	passed := since(s.At, m.At)
	s.At = m.At
	planned := announced(r.Diagnosis)
	if s.Open != nil {
		if !planned {
			s.Open.AgeMs += inMs(passed)
		}
		return s.goOn(m, planned, l)
	}
	if s.outranks(m) {
		return s, nil
	}
	s.Recent = append(s.Recent, m)
	s.Recent = s.Recent[max(0, len(s.Recent)-min(max(l.Of, 1), maxRecent)):]
	if !m.Bad || s.badOnes() < l.Bad {
		return s, nil
	}
	return s.open(planned, l)
}

// announced reports whether a round lies in an announced absence: of the host that it
// blames, or of one that it cannot rule out.
func announced(d report.Diagnosis) bool {
	return d.Planned != "" || d.Verdict == report.VerdictInconclusive && slices.Contains(d.Remaining, report.DomainHost) &&
		slices.ContainsFunc(d.Findings, func(f report.Finding) bool { return f.Code == "note.planned" })
}

func markOf(r report.Report) Mark {
	d := &r.Diagnosis
	return Mark{Bad: d.Verdict != report.VerdictHealthy, Code: d.Code, Domain: d.Domain, ID: r.ID, Depth: depth(r), At: stampOf(r)}
}

func inMs(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func (s State) clone() State {
	s.Recent = slices.Clone(s.Recent)
	s.Open, s.Last = s.Open.clone(), s.Last.clone()
	return s
}

func (i *Incident) clone() *Incident {
	if i == nil {
		return nil
	}
	c := *i
	c.Causes = slices.Clone(c.Causes)
	return &c
}

func (s State) badOnes() int {
	n := 0
	for _, m := range s.Recent {
		if m.Bad {
			n++
		}
	}
	return n
}

// outranks reports whether a good round says nothing about a bad one before it, which had
// asked for more: a host that hangs still accepts connections.
func (s State) outranks(m Mark) bool {
	return !m.Bad && slices.ContainsFunc(s.Recent, func(o Mark) bool { return o.Bad && deeper(o.Depth, m.Depth) })
}

// open opens an incident with all the bad rounds that led to it, or opens the last one
// again.
func (s State) open(planned bool, l Limits) (State, []Event) {
	kind := Opened
	marks := slices.DeleteFunc(s.Recent, func(m Mark) bool { return !m.Bad })
	first := marks[0]
	if s.Last != nil && s.Ended != (Stamp{}) && since(s.Ended, first.At) <= l.Reopen && !first.At.Wall.Before(s.Ended.Wall) {
		kind = Reopened
		s.Open, s.Last = s.Last, nil
		s.Open.ClosedAt, s.Open.Good = nil, 0
		s.Open.Reopened++
	} else {
		s.Open = &Incident{ID: first.ID, OpenedAt: first.At.Wall}
	}
	for _, m := range marks {
		s.Open.add(m)
	}
	if !planned {
		s.Open.AgeMs += inMs(since(first.At, s.At))
	}
	s.Recent = nil
	return s, append([]Event{{kind, *s.Open.clone()}}, s.escalate(planned, l)...)
}

// goOn is one more round of an open incident.
func (s State) goOn(m Mark, planned bool, l Limits) (State, []Event) {
	i := s.Open
	if !m.Bad {
		if deeper(i.Depth, m.Depth) {
			return s, nil
		}
		if i.Good++; i.Good < l.Good {
			return s, nil
		}
		i.ClosedAt = &m.At.Wall
		s.Open, s.Last, s.Ended = nil, i, m.At
		return s, []Event{{Closed, *i.clone()}}
	}
	i.Good = 0
	var events []Event
	if i.add(m) {
		events = append(events, Event{Changed, *i.clone()})
	}
	return s, append(events, s.escalate(planned, l)...)
}

// add counts a bad round, and reports whether its cause is a new one.
func (i *Incident) add(m Mark) bool {
	i.Rounds++
	if deeper(m.Depth, i.Depth) {
		i.Depth = m.Depth
	}
	at := slices.IndexFunc(i.Causes, func(c Cause) bool { return c.Code == m.Code })
	switch {
	case at >= 0:
		i.Causes[at].Rounds++
		return false
	case len(i.Causes) == maxCauses:
		return false
	}
	i.Causes = append(i.Causes, Cause{Code: m.Code, Domain: m.Domain, Rounds: 1, Since: m.At.Wall})
	return true
}

// escalate marks an incident that has lasted too long, unless the absence is announced.
func (s State) escalate(planned bool, l Limits) []Event {
	i := s.Open
	if i.Escalated || l.Escalate <= 0 || planned || i.AgeMs < inMs(l.Escalate) {
		return nil
	}
	i.Escalated = true
	return []Event{{Escalated, *i.clone()}}
}

// Says reports whether a round says something about what it was to ask: a pause, a payment
// in progress or an interruption does not.
func Says(r report.Report) bool {
	if r.Diagnosis.Verdict != report.VerdictInconclusive {
		return r.Diagnosis.Verdict != ""
	}
	return slices.ContainsFunc(r.Evidence.Tasks, func(t report.Task) bool {
		asked := t.Outcome == report.OutcomeAnswered || t.Outcome == report.OutcomeEmpty || t.Outcome == report.OutcomeFailed
		return asked && (t.Kind == report.TaskExchange || t.Kind == report.TaskLookup)
	})
}

// depth is the deepest step that a round was to reach.
func depth(r report.Report) report.Step {
	var deepest report.Step
	for _, e := range r.Evidence.Site.Endpoints {
		if deeper(e.Goal, deepest) {
			deepest = e.Goal
		}
	}
	return deepest
}

func deeper(a, b report.Step) bool {
	order := report.Steps()
	return slices.Index(order, a) > slices.Index(order, b)
}

func stampOf(r report.Report) Stamp {
	s := Stamp{Wall: r.ObservedAt, BootID: r.Evidence.Device.BootID}
	if up := r.Evidence.Device.UptimeMs; up != nil {
		s.UptimeMs = *up
	}
	return s
}

// offline is the longest time between two rounds that a wall clock is believed about.
const offline = 7 * 24 * time.Hour

// since is how long after a stamp another one is: by uptime where both are of the same
// boot, else by the wall clock if that makes sense, else 0.
func since(a, b Stamp) time.Duration {
	switch {
	case a.Wall.IsZero():
		return 0
	case a.BootID != "" && a.BootID == b.BootID && a.UptimeMs > 0:
		return time.Duration(max(0, b.UptimeMs-a.UptimeMs) * float64(time.Millisecond))
	}
	if d := b.Wall.Sub(a.Wall); d > 0 && d < offline {
		return d
	}
	return 0
}
