package daemon

import (
	"encoding/json"
	"testing"
	"time"

	"posprobe/report"
)

// seen is what a round sees of the clocks.
func seen(boot string, up time.Duration, wall time.Time, vouched bool) report.Evidence {
	ms := inMs(up)
	return report.Evidence{
		Device: report.Device{BootID: boot, UptimeMs: &ms},
		Clocks: report.List[report.Clock]{{Source: report.ClockKernel, Wall: wall, Synchronized: &vouched}},
	}
}

// TestAge: what is known of the time that passed, and what is not believed.
func TestAge(t *testing.T) {
	noon := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	const ran = 10 * time.Hour
	first := func(vouched bool) Age {
		var a Age
		a.Restore()
		a.Learn(seen("one", time.Minute, noon, vouched), 0)
		a.Learn(seen("one", time.Minute+ran, noon.Add(ran), vouched), ran)
		a.Save(ran)
		return a
	}
	for _, c := range []struct {
		name            string
		before, vouched bool
		boot            string
		up, off         time.Duration // how long the system runs, and by how much the wall clock went on
		want            time.Duration // more than the saved age
	}{
		{"the daemon was restarted", false, false, "one", time.Minute + ran + time.Hour, time.Hour, time.Hour},
		{"and the clock was set", true, true, "one", time.Minute + ran + time.Hour, 0, time.Hour},
		{"off, a good clock", true, true, "two", time.Minute, 14 * time.Hour, 14 * time.Hour},
		{"off, nobody vouches", true, false, "two", time.Minute, 14 * time.Hour, time.Minute},
		{"off, nobody vouched", false, true, "two", time.Minute, 14 * time.Hour, time.Minute},
		{"off, and the clock went back", true, true, "two", time.Minute, -14 * time.Hour, time.Minute},
		{"off for years", true, true, "two", time.Minute, 3 * 365 * 24 * time.Hour, longestOff},
		{"running for long before the daemon started", true, false, "two", 3 * time.Hour, 0, 3 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := json.Marshal(first(c.before))
			if err != nil {
				t.Fatal(err)
			}
			var a Age
			if err := json.Unmarshal(text, &a); err != nil {
				t.Fatal(err)
			}
			a.Restore()
			saved := a.At(0)
			if !a.Learn(seen(c.boot, c.up, noon.Add(ran+c.off), c.vouched), 0) {
				t.Error("the first round is not the first")
			}
			got := a.At(0) - saved
			if got < c.want-time.Second || got > c.want+time.Second {
				t.Errorf("aged by %v, expected %v", got, c.want)
			}
			// From now on a wall clock that is set changes nothing, and sleep counts.
			if a.Learn(seen(c.boot, c.up+time.Hour, noon.AddDate(0, 2, 0), true), time.Hour) {
				t.Error("the second round is the first")
			}
			if c.vouched && a.At(time.Hour)-saved-got != time.Hour {
				t.Errorf("aged by %v in an hour", a.At(time.Hour)-saved-got)
			}
			before := a.At(time.Hour)
			a.Learn(seen(c.boot, c.up+9*time.Hour, noon, false), time.Hour)
			if slept := a.At(time.Hour) - before; slept != 8*time.Hour {
				t.Errorf("aged by %v in a sleep of 8 h", slept)
			}
		})
	}
}
