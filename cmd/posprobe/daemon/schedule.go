package daemon

import (
	"math"
	"time"

	"posprobe/report"
)

// Depth is how far a round goes.
type Depth int

// The depths.
const (
	// Local looks at the device and its first router and sends nothing beyond.
	Local Depth = iota
	// Light connects to the acquirer and says nothing.
	Light
	// Full goes to the deepest configured step.
	Full
)

// Plan is the next round.
type Plan struct {
	// At is when it is due, on the clock that the scheduler is told.
	At      time.Duration
	Depth   Depth
	Trigger report.Trigger
	// FollowUps are what may be asked beyond the round's own tasks if it fails.
	FollowUps FollowUps
}

// FollowUps are questions that may be asked when a round fails.
type FollowUps int

// The follow-ups.
const (
	NoFollowUps FollowUps = iota
	// Elsewhere: only what the acquirer notices nothing of. A terminal
	// that cannot know whether all others fail as well may ask that at once.
	Elsewhere
	// Everything that would decide.
	Everything
)

// Outcome is what a round taught the scheduler.
type Outcome struct {
	// Depth is how far the round went: not as far as planned where the data budget did not
	// allow it.
	Depth Depth
	// Bad: something did not work. Said is false for a round that asked nothing (a pause,
	// a payment in progress, an exhausted budget).
	Bad, Said bool
	// Connected: a connection to the acquirer worked; what failed, if anything, came later.
	Connected bool
	// Shared: what is wrong may be wrong for every terminal at once, because it lies
	// beyond the shop; then many ask the same host at the same time.
	Shared bool
	// Cost is what the follow-ups that would decide bring to the acquirer: connections and
	// messages.
	Cost int
	// Open: an incident is open after the round; Recovering: and the round was a good one
	// that counts for its end.
	Open, Recovering bool
}

// Schedule is how often rounds run. See the configuration for the ranges.
type Schedule struct {
	Light, Full time.Duration
	// Jitter is the share of an interval by which it varies, 0 to 0.5.
	Jitter float64
	// Splay is the time over which terminals that start together spread their first
	// packets to the acquirer.
	Splay time.Duration
}

// Scheduler decides when the next round is due, and how far it goes. It is told the time
// and knows no clock; the same calls with the same random numbers give the same plans.
// A fleet of them keeps the load on the host near the steady one whatever happens: that
// is what splay, jitter, the spread of follow-ups and the stretched intervals are for.
// What failures do to the schedule stands in failing.go, what comes from outside (a link
// that changes, a reload, a restart) in disturbed.go.
type Scheduler struct {
	s      Schedule
	random func() float64 // 0 to 1

	settled  time.Duration // until then nothing goes past the gateway
	next     time.Duration // the next round that is due anyway
	nextFull time.Duration
	spread   bool          // full rounds are spread over their interval
	turn     time.Duration // when the last round would have been had none been moved, ever ago before the first
	metered  float64       // factor of the interval on a link that is paid by the byte

	begun     bool          // the first look at the device is over
	local     time.Duration // a local round that is due, never when there is none
	looked    time.Duration // when the last one was
	disturbed bool          // next was set by what may have come to many, see soon
	due       time.Duration // when it would have been without that

	failing
}

const (
	never = time.Duration(math.MaxInt64)
	ever  = time.Duration(math.MinInt64 / 4)
)

// NewScheduler returns the scheduler of a terminal that starts now. random returns
// numbers from 0 to 1.
func NewScheduler(s Schedule, now time.Duration, random func() float64) *Scheduler {
	c := &Scheduler{s: s, random: random, metered: 1, local: now, looked: ever, turn: ever, failing: sound()}
	c.start(now)
	return c
}

// start plans the first rounds: a full one within the splay.
func (c *Scheduler) start(now time.Duration) {
	c.settled = now + c.part(c.s.Splay)
	c.next, c.nextFull, c.spread = c.settled, c.settled, false
	c.disturbed, c.due = true, c.next // many may have been started
}

// Metered makes rounds rarer on a link that is paid by the byte.
func (c *Scheduler) Metered(yes bool) {
	c.metered = 1
	if yes {
		c.metered = 3
	}
}

// Next is the next round. It may lie in the past: then it is due now.
func (c *Scheduler) Next() Plan {
	p := Plan{At: c.next, Depth: Light, Trigger: report.TriggerSchedule}
	early := c.interval() / 2
	if c.disturbed {
		early = c.steady() / 2
	}
	if c.next >= c.nextFull-early {
		p.Depth = Full
	}
	p = c.afterFailure(p)
	p.At = max(p.At, c.settled)
	if c.local <= p.At {
		p = Plan{At: c.local, Depth: Local, Trigger: report.TriggerLink}
		if !c.begun {
			p.Trigger = report.TriggerBoot
		}
	}
	return p
}

// Done tells how the planned round, that ended now, went.
func (c *Scheduler) Done(p Plan, o Outcome, now time.Duration) {
	if p.Depth == Local {
		c.begun, c.local, c.looked = true, never, now
		if o.Open && o.Said {
			c.failed(p, o, now)
		}
		return
	}
	if o.Depth == Light && p.Depth == Full || p.Depth == Full && o.Said {
		c.spendFull(now)
	}
	late := c.follow <= now
	c.recover(o)
	if o.Said && o.Bad {
		c.failed(p, o, now)
	}
	c.plan(now)
	if late && c.follow <= now { // they could not be asked (a payment in progress)
		c.follow = c.next
	}
}

// plan sets the next round that is due anyway.
func (c *Scheduler) plan(now time.Duration) {
	turn := now
	if c.disturbed {
		longest := c.turn + time.Duration((1+c.s.Jitter)*float64(c.steady())) // a stretched one is not owed
		turn = max(now, min(c.due, longest))
	}
	c.turn, c.disturbed = turn, false
	c.next = turn + c.jittered(c.interval())
	if c.stretch > 1 { // a fleet that fell silent in the same minutes must not come back in them
		c.next = turn + time.Duration((0.5+c.random())*float64(c.interval()))
	}
}

// spendFull plans the next full round. The first one comes after a random part of the
// interval: terminals that started together shall not all sign on in the same minutes.
func (c *Scheduler) spendFull(now time.Duration) {
	full := c.full()
	if !c.spread {
		c.spread = true
		c.nextFull = now + c.part(full) + c.interval()/2
		return
	}
	c.nextFull = now + full
}

// steady is the interval while nothing is wrong.
func (c *Scheduler) steady() time.Duration { return time.Duration(float64(c.s.Light) * c.metered) }

func (c *Scheduler) full() time.Duration { return time.Duration(float64(c.s.Full) * c.metered) }

// interval is the steady one, or the mean of what a failure stretches it to.
func (c *Scheduler) interval() time.Duration {
	return time.Duration(float64(c.steady()) * c.stretch)
}

// jittered varies an interval by the configured share, evenly to both sides.
func (c *Scheduler) jittered(d time.Duration) time.Duration {
	return d + time.Duration((2*c.random()-1)*c.s.Jitter*float64(d))
}

// part is a random part of a time.
func (c *Scheduler) part(d time.Duration) time.Duration {
	return time.Duration(c.random() * float64(d))
}
