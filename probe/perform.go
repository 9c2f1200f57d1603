package probe

import (
	"context"
	"slices"

	"posprobe/report"
)

// Caps on the tasks under way at once. Lookups and pings leave room for exchanges: an
// answer of the first resolver is used while a silent one is still being waited for.
const (
	maxUnderWay = 16
	maxLookups  = 10
	maxPings    = 4
)

// perform plans and asks until nothing more follows from what is known.
func (r *round) perform(ctx context.Context, plan func(*report.Evidence) []task) {
	s := schedule{r: r, plan: plan, started: map[string]bool{}, done: make(chan report.Task), running: map[report.TaskKind]int{}}
	for {
		s.replan(ctx)
		s.start(ctx)
		if s.total == 0 {
			return
		}
		t := <-s.done
		s.total--
		s.running[t.Kind]--
		r.req.Progress(t)
	}
}

// schedule is the state of perform; only its goroutine touches it.
type schedule struct {
	r       *round
	plan    func(*report.Evidence) []task
	started map[string]bool // begun or waiting: the plan goes on naming them
	keys    bool            // the exchange that may send what keys come back for was named
	waiting []task
	running map[report.TaskKind]int
	total   int
	done    chan report.Task
}

// replan takes over what the plan adds. A task that is not asked ends at once, and may
// make others due.
func (s *schedule) replan(ctx context.Context) {
	for again := true; again; {
		again = false
		var due []task
		s.r.rec.view(func(e *report.Evidence) { due = s.plan(e) })
		for _, t := range due {
			if s.started[t.ID] {
				continue
			}
			s.started[t.ID] = true
			if t.Outcome != "" {
				s.r.rec.record(t.Task)
				s.r.req.Progress(t.Task)
				again = true
				continue
			}
			// Keys are made once a round: at the first endpoint's first address, and nowhere
			// else should that fail.
			if t.Kind == report.TaskExchange && t.endpoint == 0 && !s.keys {
				s.keys, t.keys = true, true
			}
			s.waiting = append(s.waiting, t)
		}
		again = s.cancelWaiting(ctx) || again
	}
}

// cancelWaiting ends every task not yet begun once the round was interrupted.
func (s *schedule) cancelWaiting(ctx context.Context) bool {
	if ctx.Err() == nil || len(s.waiting) == 0 {
		return false
	}
	for _, t := range s.waiting {
		t.Outcome = report.OutcomeCancelled
		s.r.rec.record(t.Task)
		s.r.req.Progress(t.Task)
	}
	s.waiting = nil
	return true
}

// start begins what the caps allow: exchanges first, as they take longest.
func (s *schedule) start(ctx context.Context) {
	slices.SortStableFunc(s.waiting, func(a, b task) int { return urgency(a.Kind) - urgency(b.Kind) })
	s.waiting = slices.DeleteFunc(s.waiting, func(t task) bool {
		if s.total >= maxUnderWay || t.Kind == report.TaskLookup && s.running[t.Kind] >= maxLookups ||
			t.Kind == report.TaskPing && s.running[t.Kind] >= maxPings {
			return false
		}
		s.total++
		s.running[t.Kind]++
		s.r.req.Progress(t.Task)
		go func() { s.done <- s.r.run(ctx, t) }()
		return true
	})
}

func urgency(k report.TaskKind) int {
	return slices.Index([]report.TaskKind{report.TaskExchange, report.TaskLookup, report.TaskPing}, k)
}

// run asks one task to its end.
func (r *round) run(ctx context.Context, t task) report.Task {
	a := r.rec.begin(t.Task)
	return a.end(ctx, r.attempt(ctx, a, t))
}

// attempt asks one task.
func (r *round) attempt(ctx context.Context, a *asking, t task) (f *report.Failure) {
	if t.outOfTime() {
		a.notAsked(report.ReasonBudget)
		return nil
	}
	op := report.OpConnect
	err := guarded(func() error {
		switch t.Kind {
		case report.TaskLookup, report.TaskIndependent:
			op = report.OpResolve
			f = r.lookup(ctx, a, t)
		case report.TaskPing:
			op = report.OpPing
			f = r.ping(ctx, a, t)
		case report.TaskExchange, report.TaskSecond, report.TaskEarly, report.TaskSmall, report.TaskUplink:
			f = r.exchange(ctx, a, t)
		case report.TaskReference, report.TaskClosedPort:
			if t.name != "" {
				op = report.OpResolve
				f = r.lookup(ctx, a, t)
				break
			}
			f = r.touch(ctx, a, t)
		case report.TaskTrace:
			f = r.trace(ctx, a, t)
		case report.TaskPortal:
			f = r.portal(ctx, a, t)
		case report.TaskTime:
			f = r.timeServer(ctx, a, t)
		case report.TaskNeighbor:
			op = report.OpSurvey
			f = r.neighbor(ctx, a, t)
		case report.TaskDuplicate:
			op = report.OpSurvey
			f = r.duplicate(ctx, a, t)
		}
		return nil
	})
	if err != nil {
		return failure(op, err)
	}
	return f
}

// guarded turns a panic into errInternal. It is this program's own fault, and no reason
// to leave a terminal without a report: one task has failed, in a way that blames nobody.
func guarded(ask func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = errInternal
		}
	}()
	return ask()
}
