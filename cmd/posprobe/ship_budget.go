package main

import (
	"sync"
	"time"
)

// shipBudget is what shipping may spend of the terminal's data budget. The daemon's loop,
// which owns the budget, says how much and collects what was spent; the destinations'
// goroutines take from it. It implements ship.Budget and daemon.Spender.
type shipBudget struct {
	// held reports whether nothing may be sent at all.
	held func() bool

	mu      sync.Mutex
	left    int64 // of what the loop gave, less what was taken
	taken   int64 // by Allow, and not settled yet
	settled int64 // spent since the loop asked last
}

// askAgain is how long a destination waits for more budget: the loop gives after each
// round.
const askAgain = time.Minute

// Allow takes bytes, or says in how long to ask again.
func (b *shipBudget) Allow(bytes int64) time.Duration {
	if b.held() {
		return askAgain
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if bytes > b.left {
		return askAgain
	}
	b.left -= bytes
	b.taken += bytes
	return 0
}

// Settle replaces what Allow took by what was used.
func (b *shipBudget) Settle(allowed, used int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.taken -= allowed
	b.left += allowed - used
	b.settled += used
}

// Spent is what was spent since it was asked last.
func (b *shipBudget) Spent() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	spent := b.settled
	b.settled = 0
	return spent
}

// MaySpend is what may be spent from now on.
func (b *shipBudget) MaySpend(bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = bytes - b.taken - b.settled // settled since the loop asked
}
