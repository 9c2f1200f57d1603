package probe

import (
	"context"
	"strings"
	"sync"
	"time"

	"posprobe/report"
)

const (
	// maxFollowUps is how often a round asks for questions: what the first answers leave
	// open may need others.
	maxFollowUps = 2
	// leastTime is what a follow-up must have left to be begun: less tells a path that is
	// slow and one that is dead apart no more.
	leastTime = 500 * time.Millisecond
)

// allowance is what the follow-ups of one round may cost together.
type allowance struct {
	until time.Time

	mu    sync.Mutex
	bytes int
}

// take sets bytes aside; false if there are not as many left.
func (a *allowance) take(bytes int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if bytes > a.bytes {
		return false
	}
	a.bytes -= bytes
	return true
}

// followUp asks what would decide, as far as time and bytes allow.
func (r *round) followUp(ctx context.Context, from *readings) {
	for range maxFollowUps {
		if r.req.Wants == nil || ctx.Err() != nil {
			return
		}
		e := r.provisional(from)
		var questions []report.Question
		if guarded(func() error { questions = r.req.Wants(e); return nil }) != nil {
			return
		}
		due := followUps(&e, &r.req, questions)
		if len(due) == 0 {
			return
		}
		if r.allowance == nil {
			r.allowance = &allowance{until: now().Add(r.req.FollowUp), bytes: r.req.FollowUpBytes}
			r.links("links between") // what the round's own tasks have sent, before others send
		}
		for i := range due {
			t := &due[i]
			t.until = r.allowance.until
			if t.Outcome == "" && !r.allowance.take(t.price) {
				t.Outcome, t.Reason = report.OutcomeNotAsked, report.ReasonBudget
			}
		}
		r.gate.again(r.allowance.until)
		r.perform(ctx, func(*report.Evidence) []task { return due })
	}
}

// within is d, or what is left for a follow-up if that is less.
func (t task) within(d time.Duration) time.Duration {
	if t.until.IsZero() {
		return d
	}
	return min(d, max(0, t.until.Sub(now())))
}

// outOfTime reports whether too little is left to begin a follow-up.
func (t task) outOfTime() bool { return t.within(leastTime) < leastTime }

// isFollowUp reports whether an observation was made by a follow-up, given the id of
// its task, which begins with the kind: it is then no look-up or connection of the round's own.
func isFollowUp(taskID string) bool {
	kind, _, _ := strings.Cut(taskID, " ")
	return report.FollowsUp(report.TaskKind(kind))
}
