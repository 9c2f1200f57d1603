package daemon

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"posprobe/report"
)

// TestExhausted: a budget for half a day is not exceeded, what it cost is told, and the
// device is still looked at as often as usual.
func TestExhausted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const limit = 100_000
		x := newTerminal(nil)
		x.config.BytesPerDay = limit
		d := x.run(t, 24*time.Hour, false)
		if x.moved > limit || x.moved < limit-price(Full) {
			t.Errorf("%d bytes of %d were moved", x.moved, limit)
		}
		skipped := int(d.skipped[report.ReasonBudget])
		if skipped == 0 || x.looks > skipped+1 || x.looks+len(x.asked) > 320 {
			t.Errorf("%d rounds were skipped, %d looked at the device alone, %d asked", skipped, x.looks, len(x.asked))
		}
	})
}

// TestStops: an end comes within two seconds of virtual time, whatever runs.
func TestStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := newTerminal(nil)
		d := New(x.config, Doors{
			Round: func(context.Context, Look) report.Report { time.Sleep(time.Hour); return report.Report{} },
			Spent: func(report.Evidence) int64 { return 0 }, Keep: x, Rest: func() {}, Random: func() float64 { return 0.5 },
		}, State{})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Minute, cancel)
		d.Run(ctx)
		if took := x.now() - 10*time.Minute; took > 2*time.Second {
			t.Errorf("the end took %v", took)
		}
		if last := x.lines[len(x.lines)-1]; !strings.HasSuffix(last, "state written") {
			t.Errorf("the last thing done was %q", last)
		}
		time.Sleep(2 * time.Hour) // lets the stuck round end, so that nothing is left
	})
}
