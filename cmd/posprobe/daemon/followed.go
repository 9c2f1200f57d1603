package daemon

import "time"

// Followed is what a restart must not forget of an open incident: which follow-ups were
// asked. The zero value is no incident.
type Followed struct {
	// Sets counts the sets of follow-ups that were asked.
	Sets int `json:"sets"`
	// All is true when the acquirer was asked as well, which in a shared incident comes
	// later.
	All bool `json:"all"`
	// AllAfterMs is the age of the incident at which that is due, 0 for never.
	AllAfterMs float64 `json:"all_after_ms"`
}

// Followed is what was asked so far in the open incident.
func (c *Scheduler) Followed() Followed {
	if !c.open {
		return Followed{}
	}
	f := Followed{Sets: c.sets, All: c.reached}
	if c.all != never {
		f.AllAfterMs = inMs(c.all - c.since - c.lag)
	}
	return f
}

// Asking is what Followed will be once the follow-ups of a plan were asked.
func (c *Scheduler) Asking(p Plan) Followed {
	f := c.Followed()
	if c.open && p.FollowUps != NoFollowUps {
		f.Sets++
		if p.FollowUps == Everything {
			f.All, f.AllAfterMs = true, 0
		}
	}
	return f
}

// Resume goes on with an incident of this age that an earlier run left open.
func (c *Scheduler) Resume(f Followed, age time.Duration, shared bool, now time.Duration) {
	c.open, c.shared, c.since = true, shared, now-age
	c.sets, c.follow = max(0, f.Sets-1), now
	if f.Sets > 0 {
		c.repeat(now)
	}
	c.reached = f.All
	if f.AllAfterMs > 0 {
		c.all, c.lag = c.putOff(c.since+fromMs(f.AllAfterMs), now)
	}
	if shared {
		c.stretch = c.stretched(now)
	}
}

// putOff is when the acquirer may be asked after a restart, if it would have been at a
// time, and by how much later that is. Nothing of it comes with the first round, as many
// terminals may have been started: it waits for as long as that round and the next, or
// where it is overdue for some part of twice that. A terminal that was started over and
// over while it was due asks at once.
func (c *Scheduler) putOff(due, now time.Duration) (at, lag time.Duration) {
	const wait = longest * 2 / 3
	switch late := now - due; {
	case late > time.Hour:
		return ever, ever - due
	case late > 0:
		at = now + c.part(2*wait)
	default:
		at = due + wait
	}
	return at, at - due
}
