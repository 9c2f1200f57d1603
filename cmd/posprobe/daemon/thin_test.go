package daemon

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestThin: what a week's outage leaves on the disk is bounded, and holds how it began.
func TestThin(t *testing.T) {
	const week = 7 * 24 * time.Hour
	// Twelve at the beginning, one an hour, the sets of follow-ups, and what happened to the
	// incident.
	const most = wholeRounds + 7*24 + 2*(1+5) + 3
	for _, c := range []struct {
		name string
		at   func(time.Duration) condition
		flap bool
		most int
	}{
		{"the host is down", func(time.Duration) condition { return hostRefuses }, false, most},
		{"the cable is out", func(time.Duration) condition { return cableOut }, false, most},
		{"the cable is out, and the link changes every 10 s", func(time.Duration) condition { return cableOut }, true, most},
		{"two causes take turns every 10 min", func(now time.Duration) condition {
			return []condition{cableOut, providerDown}[now/(10*time.Minute)%2]
		}, false, most + 7*24 + 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := newTerminal(c.at)
				if c.flap {
					for at := time.Duration(0); at < week; at += 10 * time.Second {
						time.AfterFunc(at, func() {
							select {
							case x.links <- struct{}{}:
							default:
							}
						})
					}
				}
				d := x.run(t, week, false)
				rounds := d.state.Incident.Open.Rounds
				t.Logf("%d bad rounds, %d whole reports, the state was written %d times", rounds, x.failed, x.states)
				if x.failed > c.most || x.failed < wholeRounds {
					t.Errorf("%d reports were kept, expected up to %d", x.failed, c.most)
				}
			})
		})
	}
}

// TestThinRestarted: a terminal that is switched off and on in a long outage does not keep
// the beginning again each time.
func TestThinRestarted(t *testing.T) {
	for _, on := range []time.Duration{59 * time.Minute, 4 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			x := newTerminal(func(time.Duration) condition { return cableOut })
			lives := int(48 * time.Hour / (on + time.Minute))
			for range lives {
				x.run(t, on, true)
				x.reboot(time.Minute)
			}
			t.Logf("%d lives of %v, %d rounds past the gateway, %d whole reports", lives, on, len(x.asked), x.failed)
			if x.failed > wholeRounds+48+2*(1+len(followUpAfter)) {
				t.Errorf("%d reports were kept in two days", x.failed)
			}
		})
	}
}
