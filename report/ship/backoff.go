package ship

import (
	"math/rand/v2"
	"time"
)

// How long to wait before another attempt.
const (
	// firstRetry and lastRetry bound exponential back-off.
	firstRetry = 5 * time.Second
	lastRetry  = 5 * time.Minute
	// slowRetry is for what somebody has to change first. Files are looked at meanwhile.
	slowRetry = 15 * time.Minute
	lookAgain = time.Minute
	// longestRetry is the longest that a receiver may ask for.
	longestRetry = time.Hour
)

// times are the waiting times, shorter in tests.
type times struct{ first, last, slow, look time.Duration }

var usual = times{firstRetry, lastRetry, slowRetry, lookAgain}

// next is the wait after the nth failure in a row, counted from 1: random between 0 and
// twice the range of the one before ("full jitter"), so that a fleet that lost the same
// receiver does not come back in step; but never no wait at all.
func (t times) next(n int) time.Duration {
	most := t.last
	if shift := n - 1; shift < 16 {
		most = min(most, t.first<<shift)
	}
	return max(rand.N(most), t.first/10)
}

// wait is how long a destination rests after a trouble, which was the nth in a row.
func (t times) wait(why *Trouble, n int) time.Duration {
	switch {
	case why.after > 0:
		d := min(why.after, longestRetry)
		return d + rand.N(d/10+time.Millisecond)
	case why.slow():
		return t.slow/2 + rand.N(t.slow)
	}
	return t.next(n)
}
