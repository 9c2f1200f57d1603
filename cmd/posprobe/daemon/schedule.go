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
	// FollowUps: what would decide may be asked after a failure.
	FollowUps bool
}

// Outcome is what a round taught the scheduler.
type Outcome struct {
	// Bad: something did not work. Said is false for a round that asked nothing (a pause,
	// a payment in progress, an exhausted budget).
	Bad, Said bool
	// Shared: what is wrong may be wrong for every terminal at once, because it lies
	// beyond the shop; then many ask the same host at the same time.
	Shared bool
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

// Times of the rules for failures. The steps are those of an incident's follow-ups; a
// terminal repeats them only while the incident lasts.
const (
	confirmAfter = time.Minute
	// longest is the longest interval that a shared incident stretches rounds to.
	longest = 30 * time.Minute
	// rarer is how much longer the interval becomes at once when what is wrong may be wrong
	// for all: the next round asks what would decide, which costs about four connections.
	rarer = 3
)

// followUpAfter are the ages of an incident at which the follow-ups are asked again.
var followUpAfter = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}

// Scheduler decides when the next round is due, and how far it goes. It is told the time
// and knows no clock; the same calls with the same random numbers give the same plans.
// A fleet of them keeps the load on the host near the steady one whatever happens: that
// is what splay, jitter, the spread of follow-ups and the stretched intervals are for.
type Scheduler struct {
	s      Schedule
	random func() float64 // 0 to 1

	settled  time.Duration // until then nothing goes past the gateway
	next     time.Duration // the next round that was due anyway
	nextFull time.Duration
	local    time.Duration // a local round that is due, never when there is none
	confirm  time.Duration // a round that confirms a failure, never when there is none
	depth    Depth         // how far that one goes: as far as the one that failed
	follow   time.Duration // when follow-ups may be asked again, never when there is no need

	open    bool
	shared  bool          // the last failure may be everybody's
	since   time.Duration // of the open incident
	asked   int           // how many of followUpAfter are behind
	stretch float64       // factor of the interval, 1 when nothing is wrong
	metered float64       // factor on a link that is paid by the byte
}

const never = time.Duration(math.MaxInt64)

// NewScheduler returns the scheduler of a terminal that starts now. random returns
// numbers from 0 to 1.
func NewScheduler(s Schedule, now time.Duration, random func() float64) *Scheduler {
	c := &Scheduler{s: s, random: random, confirm: never, follow: never, stretch: 1, metered: 1, local: now}
	c.settled = now + time.Duration(random()*float64(s.Splay))
	c.next, c.nextFull = c.settled, c.settled
	return c
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
	if c.next >= c.nextFull-c.interval()/2 {
		p.Depth = Full
	}
	if c.confirm < p.At {
		p = Plan{At: c.confirm, Depth: c.depth, Trigger: report.TriggerFailure}
	}
	switch {
	case c.shared: // with a round that is due anyway: many terminals may want to ask
		p.FollowUps = c.follow <= p.At
	case c.follow <= p.At:
		p = Plan{At: c.follow, Depth: Full, Trigger: report.TriggerFailure, FollowUps: true}
	}
	if c.local <= p.At {
		p = Plan{At: c.local, Depth: Local, Trigger: report.TriggerLink}
		if c.next == c.settled && c.nextFull == c.settled {
			p.Trigger = report.TriggerBoot
		}
	}
	return p
}

// LinkChanged: a link came or went. The device is looked at at once; the acquirer is
// asked within the splay, because the same change may have come to many terminals.
func (c *Scheduler) LinkChanged(now time.Duration) {
	c.local = now
	c.next = max(c.settled, min(c.next, now+time.Duration(c.random()*float64(c.s.Splay))))
}

// Done tells how the planned round, begun at now, went.
func (c *Scheduler) Done(p Plan, o Outcome, now time.Duration) {
	if p.Depth == Local {
		c.local = never
		if o.Open && o.Said {
			c.failed(p, o, now)
		}
		return
	}
	c.confirm = never
	if p.Depth == Full {
		c.spendFull(now)
	}
	switch {
	case !o.Said:
	case o.Bad:
		c.failed(p, o, now)
	case !o.Open:
		c.open, c.follow, c.stretch = false, never, 1
	case o.Recovering:
		c.follow, c.stretch = never, 1
	}
	c.next = now + c.jittered(c.interval())
	if c.stretch > 1 { // a fleet that fell silent in the same minutes must not come back in them
		c.next = now + min(longest, time.Duration((0.5+c.random())*float64(c.interval())))
	}
}

// spendFull plans the next full round. The first one comes after a random part of the
// interval: terminals that started together shall not all sign on in the same minutes.
func (c *Scheduler) spendFull(now time.Duration) {
	full := time.Duration(float64(c.s.Full) * c.metered)
	if c.nextFull == c.settled {
		c.nextFull = now + time.Duration(c.random()*float64(full)) + c.interval()/2
		return
	}
	c.nextFull = now + full
}

// failed is one more bad round.
func (c *Scheduler) failed(p Plan, o Outcome, now time.Duration) {
	c.shared = o.Shared
	if !o.Open {
		c.confirm, c.depth = now+c.jittered(confirmAfter), p.Depth
		if o.Shared {
			c.confirm, c.depth = now+time.Duration((0.2+0.8*c.random())*float64(c.s.Light)), min(p.Depth, Light)
		}
		return
	}
	if !c.open {
		c.open, c.since, c.asked = true, now, 0
		c.follow = now
	}
	if p.FollowUps {
		c.follow = never
		if c.asked < len(followUpAfter) {
			c.follow = max(now, c.since+followUpAfter[c.asked])
			c.asked++
		}
	}
	c.stretch = 1
	if o.Shared {
		c.stretch = c.stretched(now)
	}
}

// stretched is how much rarer rounds are in a shared incident: the interval doubles with
// the incident's age, up to half an hour.
func (c *Scheduler) stretched(now time.Duration) float64 {
	factor := float64(rarer)
	for age := now - c.since; age > 2*c.s.Light && factor < 64; age /= 2 {
		factor *= 2
	}
	return max(1, min(factor, float64(longest)/float64(c.s.Light)))
}

func (c *Scheduler) interval() time.Duration {
	return time.Duration(float64(c.s.Light) * c.stretch * c.metered)
}

// jittered varies an interval by the configured share, evenly to both sides.
func (c *Scheduler) jittered(d time.Duration) time.Duration {
	return d + time.Duration((2*c.random()-1)*c.s.Jitter*float64(d))
}
