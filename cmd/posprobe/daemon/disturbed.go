package daemon

import "time"

// What comes from outside moves rounds and adds none: a link that flaps for hours, a
// configuration that is read again each minute, and a daemon that is started every few
// seconds ask the acquirer no more often than the steady schedule does.

// lookAgain is how long after a look at the device a link that changed is looked at again.
const lookAgain = 30 * time.Second

// LinkChanged: a link came or went. The device is looked at at once, but no more often
// than every 30 s; the acquirer is asked within the splay, because the same change may
// have come to many terminals.
func (c *Scheduler) LinkChanged(now time.Duration) {
	c.local = min(c.local, max(now, c.looked+lookAgain))
	c.soon(now, max(c.s.Splay, c.interval()/2))
}

// Reload takes over another schedule. What is known of failures stays, and rounds that are
// due stay so, unless the new intervals are shorter: many may be given a new file at once.
func (c *Scheduler) Reload(s Schedule, now time.Duration) {
	if s != c.s {
		c.s = s
		if c.nextFull > now+c.full() {
			c.nextFull = now + c.part(c.full())
		}
		if c.stretch == 1 && c.next > now+c.steady() {
			c.next = max(c.settled, now+c.part(c.steady()))
		}
	}
	c.soon(now, max(c.s.Splay, c.interval()))
}

// soon moves the next round into a time from now on if it lies beyond. A round that comes
// before its turn takes nothing from the one after it, which waits for its own; and until
// the turn of one that was moved has come no other is.
func (c *Scheduler) soon(now, within time.Duration) {
	if c.disturbed || now < c.turn || c.next <= now+within || c.confirm != never {
		return
	}
	c.disturbed, c.due = true, c.next
	c.next = max(c.settled, now+c.part(within))
}

// carefulFor is how long, in full intervals, a terminal that was started remembers that it
// was; carefulSplay is over how many intervals it puts off its first round when it is
// started again meanwhile. A terminal that is started over and over asks once whenever it
// has forgotten, and once in carefulSplay intervals besides: that is no more than the
// steady rate, as a full interval is never below a light one.
const carefulFor, carefulSplay = 2, 2

// Careful puts off the first round of a terminal that was started a short while ago
// already, or may have been, and makes it a full one no more often than steadily.
func (c *Scheduler) Careful(now time.Duration) {
	c.settled = now + c.part(max(c.s.Splay, carefulSplay*c.steady()))
	c.next, c.spread = c.settled, true
	c.disturbed, c.due = true, c.next
	c.nextFull = c.settled - c.interval()/2 + c.part(c.full())
}

// Fresh takes back that: the terminal has run, or been off, for long enough. The first
// round comes within the splay, and is a full one.
func (c *Scheduler) Fresh(now time.Duration) {
	if c.turn == ever {
		c.start(now)
	}
}

// Patience is how long after one start another one is a repetition.
func (c *Scheduler) Patience() time.Duration { return carefulFor * c.full() }
