package daemon

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"
)

// TestBudget: whatever is asked when, no 24 hours hold more than the limit.
func TestBudget(t *testing.T) {
	const limit = 10_000
	random := rand.New(rand.NewPCG(1, 2))
	type spending struct {
		at    time.Duration
		bytes int64
	}
	var all []spending
	var b Budget
	now := time.Duration(0)
	refused := 0
	for range 5000 {
		now += time.Duration(random.Int64N(int64(20 * time.Minute)))
		price := random.Int64N(400)
		if price > b.Left(limit, now) {
			refused++
			continue
		}
		b.Spend(price, now)
		all = append(all, spending{now, price})
		if random.IntN(200) == 0 { // a restart
			text, _ := json.Marshal(b)
			b = Budget{}
			if err := json.Unmarshal(text, &b); err != nil {
				t.Fatal(err)
			}
			b.Restore()
		}
	}
	for i, s := range all {
		sum := int64(0)
		for _, other := range all[i:] {
			if other.at < s.at+24*time.Hour {
				sum += other.bytes
			}
		}
		if sum > limit {
			t.Fatalf("24 hours from %v hold %d bytes", s.at, sum)
		}
	}
	if refused == 0 || refused == 5000 {
		t.Errorf("%d of 5000 refused: the limit was not tried", refused)
	}
}

func TestBudgetSleeps(t *testing.T) {
	var b Budget
	b.Spend(900, 0)
	if left := b.Left(1000, 23*time.Hour); left != 100 {
		t.Errorf("after 23 hours %d are left", left)
	}
	if left := b.Left(1000, 1000*time.Hour); left != 1000 {
		t.Errorf("after six weeks %d are left", left)
	}
	if left := b.Left(10, 1000*time.Hour); left != 10 {
		t.Errorf("%d are left", left)
	}
	b.Spend(50, 1000*time.Hour)
	if left := b.Left(10, 1000*time.Hour); left != 0 {
		t.Errorf("beyond the limit %d are left", left)
	}
}
