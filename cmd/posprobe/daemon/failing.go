package daemon

import (
	"time"

	"posprobe/report"
)

// failing is what failures do to a schedule.
type failing struct {
	confirm time.Duration // a round that confirms a failure, never when there is none
	depth   Depth         // how far that one goes: far enough to fail again

	open   bool
	shared bool          // the last failure may be everybody's
	since  time.Duration // of the open incident
	sets   int           // sets of follow-ups that were asked
	follow time.Duration // when the next one may be asked, never when there is no need
	// all is when, in a shared incident, the acquirer may be asked as well; never when
	// nothing is to be asked there, or that is over.
	all     time.Duration
	lag     time.Duration // by which a restart has put that off
	reached bool          // it was asked
	stretch float64       // factor of the interval, 1 when nothing is wrong
}

// sound is a schedule without failures.
func sound() failing { return failing{confirm: never, follow: never, all: never, stretch: 1} }

// Times of the rules for failures.
const (
	confirmAfter = time.Minute
	// longest is the longest interval that a shared incident stretches rounds to, at 1.5
	// times the mean.
	longest = 30 * time.Minute
	// rarer is how much longer the interval of a shared incident becomes at once: it makes
	// room for the rounds that confirm, and for follow-ups.
	rarer = 3
)

// followUpAfter are the ages of an incident at which the follow-ups are asked again: a
// terminal repeats them only while the incident lasts.
var followUpAfter = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}

// costs is what the answer to a question brings to the acquirer: connections that are
// begun, and messages. A trace begins three there: the probe that arrives, and the two by
// which it overshoots; a closed port is traced as well.
var costs = map[report.Question]int{
	report.AskTrace: 3, report.AskClosedPort: 4, report.AskSecondExchange: 2, report.AskEarlyEnd: 2, report.AskSmallSegments: 2, report.AskOtherUplink: 2,
}

// cost is what the answers to questions bring to the acquirer.
func cost(questions []report.Question) int {
	sum := 0
	for _, q := range questions {
		sum += costs[q]
	}
	return sum
}

// Allow are those of some questions that may be asked.
func (f FollowUps) Allow(questions []report.Question) []report.Question {
	var out []report.Question
	for _, q := range questions {
		if f == Everything || f == Elsewhere && costs[q] == 0 {
			out = append(out, q)
		}
	}
	return out
}

// afterFailure is the next round, given the one that is due anyway.
func (c *Scheduler) afterFailure(p Plan) Plan {
	if c.confirm < p.At {
		p = Plan{At: c.confirm, Depth: c.depth, Trigger: report.TriggerFailure}
	}
	switch {
	case !c.open && c.confirm != never: // if this one fails too, an incident opens with it
		p.FollowUps = Elsewhere
	case !c.open:
	case c.shared: // with a round that is due anyway: many terminals may want to ask
		if c.follow <= p.At {
			p.FollowUps = Elsewhere
		}
		if c.all <= p.At && (!c.disturbed || c.all == ever) { // what all may have seen makes all ask
			p.FollowUps = Everything
		}
	case c.follow <= p.At:
		p = Plan{At: c.follow, Depth: Full, Trigger: report.TriggerFailure, FollowUps: Everything}
	}
	return p
}

// recover takes in that a round past the gateway is over.
func (c *Scheduler) recover(o Outcome) {
	c.confirm = never
	switch {
	case !o.Said:
	case !o.Open:
		c.failing = sound()
	case o.Recovering:
		c.follow, c.all, c.stretch = never, never, 1
	}
}

// failed is one more bad round.
func (c *Scheduler) failed(p Plan, o Outcome, now time.Duration) {
	c.shared = o.Shared
	if !o.Open {
		c.confirm, c.depth = now+c.jittered(confirmAfter), max(o.Depth, Light)
		if !o.Connected {
			c.depth = Light
		}
		if o.Shared {
			c.confirm = now + time.Duration((0.25+c.random())*float64(c.s.Light))
		}
		return
	}
	if !c.open {
		c.open, c.since, c.sets, c.reached = true, now, 0, false
		c.follow = now
	}
	if c.all == never && !c.reached {
		c.all, c.lag = c.spreadOver(o.Cost, now), 0
	}
	if p.FollowUps != NoFollowUps && !(p.FollowUps == Elsewhere && !c.shared) {
		c.repeat(now)
	}
	if p.FollowUps == Everything {
		c.all, c.lag, c.reached = c.again(o.Cost, now), 0, true
	}
	c.stretch = 1
	if o.Shared {
		c.stretch = c.stretched(now)
	}
}

// repeat plans the next set of follow-ups. What a round that came late has passed over is
// not asked afterwards.
func (c *Scheduler) repeat(now time.Duration) {
	c.follow = never
	for c.sets < len(followUpAfter) && c.follow == never {
		if at := c.since + followUpAfter[c.sets]; at > now {
			c.follow = at
		}
		c.sets++
	}
	if c.follow == never {
		c.sets = len(followUpAfter) + 1
	}
}

// spreadOver is when a terminal of a fleet that all want to ask the acquirer may do so:
// within as many intervals as that costs, so that all of them together cost no more than
// their light rounds.
func (c *Scheduler) spreadOver(cost int, now time.Duration) time.Duration {
	if cost == 0 {
		return never
	}
	return now + c.part(time.Duration(cost)*c.s.Light)
}

// again is when the acquirer may be asked for the second and last time in a shared
// incident; by then it is a long one.
func (c *Scheduler) again(cost int, now time.Duration) time.Duration {
	if last := c.since + followUpAfter[len(followUpAfter)-1]; now < last {
		return c.spreadOver(2*cost, last)
	}
	return never
}

// stretched is how much rarer rounds are in a shared incident: the interval doubles with
// the incident's age, up to half an hour. A link that is looked at less often anyway is not
// looked at more often because something is wrong.
func (c *Scheduler) stretched(now time.Duration) float64 {
	factor := float64(rarer)
	for age := now - c.since; age > 2*c.s.Light && factor < 64; age /= 2 {
		factor *= 2
	}
	return max(1, min(factor, float64(longest)/1.5/float64(c.steady())))
}
