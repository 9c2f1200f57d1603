package daemon

import (
	"slices"
	"time"
)

// Budget bounds the bytes that posprobe moves in any 24 hours: what was spent, hour by
// hour, by the monotonic clock. It is stored, so that a restart does not make it full
// again; how long the terminal was off is not known for sure and forgives nothing that
// the wall clock alone would.
type Budget struct {
	// Hours are the bytes of the last hours, newest first, at most 24.
	Hours []int64 `json:"hours"`
	// Skipped counts the rounds that did not run for want of it, since the start.
	Skipped int64 `json:"skipped"`

	turn time.Duration // when the newest hour ends
}

const day = 24

// Restore begins the newest hour of a stored budget at now.
func (b *Budget) Restore(now time.Duration) { b.turn = now + time.Hour }

// Spend counts bytes that were moved at now.
func (b *Budget) Spend(bytes int64, now time.Duration) {
	b.advance(now)
	b.Hours[0] += max(0, bytes)
}

// Left is how much of limit may still be moved at now; never negative.
func (b *Budget) Left(limit int64, now time.Duration) int64 {
	b.advance(now)
	for _, h := range b.Hours {
		limit -= h
	}
	return max(0, limit)
}

// advance begins new hours until now lies in the newest one.
func (b *Budget) advance(now time.Duration) {
	if len(b.Hours) == 0 {
		b.Hours, b.turn = []int64{0}, now+time.Hour
	}
	for steps := 0; now >= b.turn; steps++ {
		if steps == day { // a long sleep: nothing of before counts
			b.Hours, b.turn = []int64{0}, now+time.Hour
			return
		}
		b.Hours = slices.Insert(b.Hours, 0, 0)
		b.turn += time.Hour
		// One hour more than a day: the oldest is still partly within it.
		b.Hours = b.Hours[:min(len(b.Hours), day+1)]
	}
}
