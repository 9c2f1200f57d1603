package main

import "testing"

// TestShipBudget: shipping never spends more than it was given, whoever settles when.
func TestShipBudget(t *testing.T) {
	held := false
	b := &shipBudget{held: func() bool { return held }}
	if b.Allow(1) == 0 {
		t.Error("something was allowed before anything was given")
	}
	b.MaySpend(1000)
	if b.Allow(600) != 0 || b.Allow(600) == 0 {
		t.Error("1000 bytes are not 600 and 600")
	}
	b.MaySpend(1000) // the 600 that are under way count
	if b.Allow(600) == 0 {
		t.Error("what is under way was forgotten")
	}
	b.Settle(600, 100)
	if got := b.Spent(); got != 100 {
		t.Errorf("spent %d", got)
	}
	if b.Spent() != 0 {
		t.Error("the same bytes were collected twice")
	}
	if b.Allow(900) != 0 || b.Allow(1) == 0 {
		t.Error("900 bytes are left, and no more")
	}
	b.Settle(900, 1500) // it cost more than expected
	if b.Spent() != 1500 || b.Allow(1) == 0 {
		t.Error("what cost more than expected is not owed")
	}
	b.MaySpend(10)
	if held = true; b.Allow(1) == 0 {
		t.Error("something was allowed while nothing may be sent")
	}
}
