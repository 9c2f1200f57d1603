package daemon

import (
	"slices"
	"time"
)

// Budget bounds the bytes that posprobe moves in any 24 hours: what was spent, hour by
// hour, by the terminal's Age. It is stored, so that a restart does not make it full
// again. As it cannot be stored with every round, some of it is reserved in advance, and
// counts as spent after a restart that nobody announced.
type Budget struct {
	// Hours are the bytes of the last hours, newest first, at most 25.
	Hours []int64 `json:"hours"`
	// TurnMs is the age at which the newest hour ends.
	TurnMs float64 `json:"turn_ms"`
	// Reserved may be spent without the state being stored again.
	Reserved int64 `json:"reserved"`
	// Skipped counts the rounds that did not run, or not as far as planned, for want of it.
	Skipped int64 `json:"skipped"`
}

const (
	day = 24
	// reserves is into how many parts the limit is divided for reserving: less than one is
	// used in a usual day, and so many power cuts a day use it up.
	reserves = 25
)

// Restore goes on with a stored budget: what was reserved may have been spent.
func (b *Budget) Restore() {
	if len(b.Hours) > 0 {
		b.Hours[0] += b.Reserved
	}
	b.Reserved = 0
}

// Release gives back what was reserved, before the daemon stops.
func (b *Budget) Release() { b.Reserved = 0 }

// Reserve makes sure that bytes are reserved, and reports whether the state must be stored
// for that before they are spent.
func (b *Budget) Reserve(bytes, limit int64, age time.Duration) (store bool) {
	if bytes <= b.Reserved {
		return false
	}
	b.Reserved = max(bytes, min(limit/reserves, b.Left(limit, age)))
	return true
}

// Spend counts bytes that were moved.
func (b *Budget) Spend(bytes int64, age time.Duration) {
	b.advance(age)
	bytes = max(0, bytes)
	b.Hours[0] += bytes
	b.Reserved = max(0, b.Reserved-bytes)
}

// Left is how much of limit may still be moved; never negative.
func (b *Budget) Left(limit int64, age time.Duration) int64 {
	b.advance(age)
	for _, h := range b.Hours {
		limit -= h
	}
	return max(0, limit)
}

// advance begins new hours until age lies in the newest one.
func (b *Budget) advance(age time.Duration) {
	now, hour := inMs(age), inMs(time.Hour)
	if len(b.Hours) == 0 || now >= b.TurnMs+day*hour { // nothing of before counts
		b.Hours, b.TurnMs = []int64{0}, now+hour
		return
	}
	b.TurnMs = min(b.TurnMs, now+hour) // a stored one may be of another terminal
	for now >= b.TurnMs {
		b.Hours = slices.Insert(b.Hours, 0, 0)
		b.TurnMs += hour
		// One hour more than a day: the oldest is still partly within it.
		b.Hours = b.Hours[:min(len(b.Hours), day+1)]
	}
}
