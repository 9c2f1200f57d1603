package daemon

import (
	"testing"
	"testing/synctest"
	"time"
)

// depths counts the rounds that went past the gateway, and the full ones among them.
func (x *terminal) depths() (all, full int) {
	for _, a := range x.asked {
		if a.look.Depth == Full {
			full++
		}
	}
	return len(x.asked), full
}

// TestOverAndOver: whatever is done to a terminal over and over, it asks the acquirer no
// more often than one that is left alone, it does ask, and it does not wear the flash.
func TestOverAndOver(t *testing.T) {
	const length = 8 * time.Hour
	crash := func(every time.Duration) func(*testing.T, *terminal) {
		return func(t *testing.T, x *terminal) {
			for x.now() < length {
				x.run(t, every, true)
				time.Sleep(100 * time.Millisecond) // the service manager's pause
			}
		}
	}
	stop := func(t *testing.T, x *terminal) {
		for x.now() < length {
			x.run(t, time.Minute, false)
		}
	}
	cut := func(every time.Duration) func(*testing.T, *terminal) {
		return func(t *testing.T, x *terminal) {
			for x.now() < length {
				x.run(t, every, true)
				x.reboot(20 * time.Second)
			}
		}
	}
	repeat := func(every time.Duration, what func(*terminal)) func(*testing.T, *terminal) {
		return func(t *testing.T, x *terminal) {
			for at := every; at < length; at += every {
				time.AfterFunc(at, func() { what(x) })
			}
			x.run(t, length, false)
		}
	}
	reload := func(x *terminal) { x.reloads <- x.config }
	flap := func(x *terminal) {
		select {
		case x.links <- struct{}{}:
		default:
		}
	}
	always := func(time.Duration) bool { return true }
	noSplay, rare := defaults, Schedule{Light: time.Hour, Full: 2 * time.Hour, Jitter: 0.2, Splay: 5 * time.Minute}
	noSplay.Splay = 0
	for _, c := range []struct {
		name     string
		schedule Schedule
		vouched  func(time.Duration) bool
		at       condition
		do       func(*testing.T, *terminal)
		states   int // written at the most
	}{
		{"a daemon that dies every 5 s", defaults, nil, fine, crash(5 * time.Second), 60},
		{"without splay", noSplay, nil, fine, crash(5 * time.Second), 60},
		{"in an incident", noSplay, nil, hostRefuses, crash(5 * time.Second), 80},
		{"with a fault of the device", noSplay, nil, badClock, crash(90 * time.Second), 120},
		{"with the cable out", noSplay, nil, cableOut, crash(5 * time.Second), 80},
		{"a daemon that is restarted each minute", noSplay, nil, fine, stop, 2*480 + 80},
		{"a power cut each minute", defaults, nil, fine, cut(40 * time.Second), 560},
		{"without splay, with a good clock", noSplay, always, fine, cut(40 * time.Second), 560},
		{"a reload each minute", defaults, nil, fine, repeat(time.Minute, reload), 20},
		{"where rounds are rare", rare, nil, fine, repeat(time.Minute, reload), 20},
		{"in an incident, a reload", defaults, nil, hostRefuses, repeat(time.Minute, reload), 20},
		{"a link that flaps", defaults, nil, fine, repeat(7*time.Second, flap), 20},
		{"where rounds are rare, a link", rare, nil, fine, repeat(7*time.Second, flap), 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := newTerminal(func(time.Duration) condition { return c.at })
				x.config.Schedule, x.vouched = c.schedule, c.vouched
				c.do(t, x)
				all, full := x.depths()
				t.Logf("%d rounds, %d of them full; %d looks at the device; the state was written %d times, %d reports", all, full, x.looks, x.states, x.failed)
				// One more than steadily, as the first of them has no interval before it; where
				// something is wrong with the device, the follow-ups are asked once.
				mostFull, most := int(length/c.schedule.Full)+1, int(length/c.schedule.Light)+1
				if c.at == badClock || c.at == cableOut {
					mostFull, most = mostFull+1+len(followUpAfter), most+1+len(followUpAfter)
				}
				if all > most || c.at == fine && full > mostFull {
					t.Errorf("steadily it asks %d times, %d of them all", most, mostFull)
				}
				if x.failed > wholeRounds+int(length/wholeEvery) {
					t.Errorf("%d reports were kept", x.failed)
				}
				if all < 3 || full == 0 {
					t.Error("it learns nothing")
				}
				if x.states > c.states {
					t.Errorf("the state was written %d times", x.states)
				}
			})
		})
	}
}

// TestRestartInIncident: a restart asks no follow-up a second time, and begins no sooner.
func TestRestartInIncident(t *testing.T) {
	for _, c := range []struct {
		name string
		at   condition
		cut  bool
	}{{"the host, cut", hostRefuses, true}, {"the device, cut", badClock, true}, {"the device, told", badClock, false}} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := newTerminal(func(time.Duration) condition { return c.at })
				for range 40 {
					start := len(x.asked)
					began := x.now()
					d := x.run(t, 14*time.Minute, c.cut)
					if start > 0 && d.state.Incident.Open == nil {
						t.Fatal("the incident is forgotten")
					}
					for _, a := range x.asked[start:] {
						if start > 0 && a.look.FollowUps && a.at-began < time.Second {
							t.Errorf("%v after a start: %+v", a.at-began, a.look)
						}
					}
					x.reboot(30 * time.Second)
				}
				sets, all := 0, 0
				for _, a := range x.asked {
					if a.look.FollowUps && a.look.Questions == Everything {
						all++
					}
					if a.look.FollowUps && a.look.Trigger != "" {
						sets++
					}
				}
				t.Logf("%d rounds, %d with follow-ups, %d of them ask the acquirer", len(x.asked), sets, all)
				if most := map[condition]int{hostRefuses: 2, badClock: 1 + len(followUpAfter)}[c.at]; all > most || all == 0 {
					t.Errorf("the acquirer was asked %d times for follow-ups", all)
				}
				if sets > 3+len(followUpAfter) {
					t.Errorf("%d sets of follow-ups", sets)
				}
			})
		})
	}
}

// TestFollowUpsKill: a daemon that dies of its follow-ups asks them no more often than one
// that survives them.
func TestFollowUpsKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := newTerminal(func(time.Duration) condition { return badClock })
		sets := 0
		x.looking = func(l Look) {
			if l.FollowUps && l.Questions == Everything {
				sets++
				time.AfterFunc(100*time.Millisecond, x.cut)
			}
		}
		for range 60 {
			x.run(t, 30*time.Minute, true)
		}
		if sets == 0 || sets > 1+len(followUpAfter) {
			t.Errorf("%d sets of follow-ups", sets)
		}
	})
}

// TestSwitchedOffAndOn: an incident opens although the terminal is switched off and on
// again as soon as it cannot sign on.
func TestSwitchedOffAndOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := newTerminal(from(time.Hour, hostRefuses))
		x.run(t, time.Hour, true)
		x.bad = func() { time.AfterFunc(time.Second, x.cut) }
		for range 3 {
			x.reboot(30 * time.Second)
			if d := x.run(t, time.Hour, true); d.state.Incident.Open != nil {
				return
			}
		}
		t.Error("no incident after three failures")
	})
}

// TestSelfReport: one a day by the true time where somebody vouches for the clock, by
// the time that the terminal ran elsewhere; numbered without a gap and without a
// repetition, whatever happens to the power.
func TestSelfReport(t *testing.T) {
	const days = 12
	for _, c := range []struct {
		name        string
		on          time.Duration
		vouched     func(time.Duration) bool
		cut         bool
		least, most int
	}{
		{"open for 8 hours, a good clock", 8 * time.Hour, func(time.Duration) bool { return true }, true, days - 1, days},
		{"switched off in order", 8 * time.Hour, func(time.Duration) bool { return true }, false, days - 1, days},
		{"nobody vouches for the clock", 8 * time.Hour, nil, false, days/3 - 1, days / 3},
		{"and the power is cut", 8 * time.Hour, nil, true, days/3 - 2, days / 3},
		{"always on", 24 * time.Hour, nil, false, days - 1, days},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := newTerminal(nil)
				x.vouched = c.vouched
				for range days {
					x.run(t, c.on, c.cut)
					x.reboot(24*time.Hour - c.on)
				}
				if n := len(x.selfs); n < c.least || n > c.most {
					t.Errorf("%d reports in %d days", n, days)
				}
				for i, s := range x.selfs {
					if s.Number != int64(i+1) {
						t.Errorf("report %d has number %d", i+1, s.Number)
					}
				}
			})
		})
	}
}

// TestBudgetLives: the budget of a day survives restarts and power cuts, and comes back
// with the next day.
func TestBudgetLives(t *testing.T) {
	const limit = 100_000 // of about 200 kB that the rounds of a day would move
	always := func(time.Duration) bool { return true }
	for _, c := range []struct {
		name    string
		on, off time.Duration
		vouched func(time.Duration) bool
		cut     bool
		least   int64 // moved in eight days
	}{
		{"a reboot every hour", time.Hour - 20*time.Second, 20 * time.Second, nil, false, 7 * limit},
		{"a power cut every hour", time.Hour - 20*time.Second, 20 * time.Second, nil, true, limit},
		{"a power cut every 20 minutes", 20 * time.Minute, 20 * time.Second, nil, true, limit},
		{"every 20 minutes, a good clock", 20 * time.Minute, 20 * time.Second, always, true, limit},
		{"off each night, a good clock", 12 * time.Hour, 12 * time.Hour, always, true, 7 * limit},
		{"off each night, nobody vouches", 12 * time.Hour, 12 * time.Hour, nil, true, 3 * limit},
		{"always on", 24 * time.Hour, 0, nil, true, 7 * limit},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := newTerminal(nil)
				x.vouched, x.config.BytesPerDay = c.vouched, limit
				for x.now() < 8*24*time.Hour {
					x.run(t, c.on, c.cut)
					x.reboot(c.off)
				}
				worst := int64(0)
				for i, a := range x.asked {
					sum := int64(0)
					for _, b := range x.asked[i:] {
						if b.at < a.at+24*time.Hour {
							sum += price(b.look.Depth)
						}
					}
					worst = max(worst, sum)
				}
				t.Logf("%d bytes in eight days, at most %d in 24 hours; the state was written %d times", x.moved, worst, x.states)
				if worst > limit {
					t.Errorf("24 hours hold %d bytes", worst)
				}
				if x.moved < c.least {
					t.Errorf("%d bytes in eight days: the terminal starves", x.moved)
				}
			})
		})
	}
}
