package daemon

import (
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"posprobe/report"
)

// from is a world that is fine until a moment.
func from(start time.Duration, c condition) func(time.Duration) condition {
	return func(now time.Duration) condition {
		if now < start {
			return fine
		}
		return c
	}
}

// TestFollowUps: one set when an incident opens, again after 1, 5, 15 and 60 minutes. In
// one that may be everybody's they come with rounds that are due anyway, and the acquirer
// is asked at most twice, at some time.
func TestFollowUps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := newTerminal(from(hm(1, 0), badClock))
		x.run(t, hm(6, 0), false)
		var sets []time.Duration
		for _, a := range x.asked {
			if a.look.FollowUps && a.look.Questions == Everything {
				sets = append(sets, a.at)
			}
		}
		if len(sets) != 1+len(followUpAfter) {
			t.Fatalf("sets at %v", sets)
		}
		for i, after := range followUpAfter {
			if got := sets[i+1] - sets[0]; got < after || got > after+10*time.Second {
				t.Errorf("set %d after %v, expected %v", i+1, got, after)
			}
		}
	})
	for _, c := range []condition{hostRefuses, hostHangs, providerDown} {
		synctest.Test(t, func(t *testing.T) {
			x := newTerminal(from(hm(1, 0), c))
			x.run(t, hm(10, 0), false)
			all, elsewhere := 0, 0
			for _, a := range x.asked {
				switch {
				case a.look.FollowUps && a.look.Questions == Everything:
					all++
				case a.look.FollowUps:
					elsewhere++
				}
			}
			if all != 2 || elsewhere < 2 || elsewhere > 1+len(followUpAfter) {
				t.Errorf("condition %d: the acquirer was asked %d times, others %d times", c, all, elsewhere)
			}
		})
	}
}

// TestAllow: what may be asked at once does not arrive at the acquirer.
func TestAllow(t *testing.T) {
	all := report.Questions()
	if got := NoFollowUps.Allow(all); len(got) != 0 {
		t.Errorf("without follow-ups: %v", got)
	}
	if got := Everything.Allow(all); len(got) != len(all) {
		t.Errorf("of everything: %v", got)
	}
	got := Elsewhere.Allow(all)
	if cost(got) != 0 || cost(all) == 0 || len(got) < 6 {
		t.Errorf("elsewhere: %v", got)
	}
}

// TestPoorFollowUps: follow-ups are not asked where nothing is left for them; a limit of 0
// would mean the usual one to whoever asks.
func TestPoorFollowUps(t *testing.T) {
	for _, left := range []int64{0, 1, 5000} {
		synctest.Test(t, func(t *testing.T) {
			x := newTerminal(func(time.Duration) condition { return badClock })
			x.config.BytesPerDay = 2*price(Full) + left // what is needed until the incident opens, and a round
			x.config.Price = func(d Depth) int64 { return []int64{0, price(Full), price(Full)}[d] }
			x.run(t, time.Hour, false)
			for _, a := range x.asked {
				if a.look.FollowUps && a.look.FollowUpBytes <= 0 {
					t.Errorf("with %d bytes left: %+v", left, a.look)
				}
			}
		})
	}
}

// TestNothingAsked: whatever keeps rounds from asking, they run at their pace, what kept
// them is counted, and nothing is taken for a fault. Follow-ups that cannot be asked wait.
func TestNothingAsked(t *testing.T) {
	for c, why := range map[condition]report.Reason{paying: report.ReasonPayment, paused: report.ReasonPaused, undialled: report.ReasonOnDemand} {
		for _, before := range []condition{fine, badClock, hostRefuses} {
			synctest.Test(t, func(t *testing.T) {
				x := newTerminal(func(now time.Duration) condition {
					switch {
					case now < hm(1, 0):
						return fine
					case now < hm(1, 40):
						return before
					}
					return c
				})
				d := x.run(t, hm(7, 40), false)
				rounds := 0
				for _, a := range x.asked {
					if a.at > hm(1, 40) {
						rounds++
					}
				}
				if rounds < 10 || rounds > 76 || d.skipped[why] != int64(rounds) {
					t.Errorf("%s after %d: %d rounds in six hours, %d counted", why, before, rounds, d.skipped[why])
				}
				if open := d.state.Incident.Open; (open != nil) != (before != fine) {
					t.Errorf("%s after %d: incident %+v", why, before, open)
				}
			})
		}
	}
}

// TestSettled: until the splay has passed nothing goes past the gateway, whatever the link
// does and whatever an earlier run left open.
func TestSettled(t *testing.T) {
	for _, c := range []condition{fine, cableOut, badClock, hostRefuses} {
		synctest.Test(t, func(t *testing.T) {
			x := newTerminal(func(time.Duration) condition { return c })
			for i := range 20 {
				x.random = rand.New(rand.NewPCG(2, uint64(i)))
				began, before := x.now(), len(x.asked)
				for s := range 60 {
					time.AfterFunc(time.Duration(s)*5*time.Second, func() {
						select {
						case x.links <- struct{}{}:
						default:
						}
					})
				}
				settled := x.run(t, 40*time.Minute, i%2 == 0).scheduler.settled
				if len(x.asked) == before {
					t.Fatal("nothing was asked")
				}
				if first := x.asked[before].at - began; first < settled {
					t.Errorf("condition %d, start %d: asked after %v, drew %v", c, i, first, settled)
				}
				x.reboot(time.Minute)
			}
		})
	}
}

// TestLooks: a link that flaps for an hour is looked at soon and then every 30 s.
func TestLooks(t *testing.T) {
	var c = NewScheduler(defaults, 0, func() float64 { return 0.5 })
	c.Done(c.Next(), Outcome{}, 0)
	last, looks := time.Duration(0), 0
	for now := 10 * time.Minute; now < 70*time.Minute; now += time.Second {
		c.LinkChanged(now)
		p := c.Next()
		if p.At > now {
			continue
		}
		if p.Depth == Local {
			if looks > 0 && now-last < lookAgain {
				t.Fatalf("looked after %v", now-last)
			}
			last, looks = now, looks+1
		}
		c.Done(p, Outcome{Depth: p.Depth, Said: p.Depth != Local}, now)
	}
	if looks < 115 || looks > 121 {
		t.Errorf("%d looks in an hour", looks)
	}
}

// TestRestless: a link that never comes to rest is looked at all the same.
func TestRestless(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := newTerminal(nil)
		for s := range 600 {
			time.AfterFunc(time.Duration(s)*time.Second, func() {
				select {
				case x.links <- struct{}{}:
				default:
				}
			})
		}
		x.run(t, 10*time.Minute, false)
		if x.looks < 15 {
			t.Errorf("%d looks in ten minutes", x.looks)
		}
	})
}

// TestMetered: rounds are rarer on a link that is paid by the byte, also after a round that
// went over none, and what is rare anyway does not become frequent because of a fault.
func TestMetered(t *testing.T) {
	count := func(c *Scheduler, o Outcome) int {
		n := 0
		for p := c.Next(); p.At < 48*time.Hour; p = c.Next() {
			if p.Depth > Local {
				n++
			}
			o.Depth = p.Depth
			c.Done(p, o, p.At)
		}
		return n
	}

	for _, metered := range []bool{false, true} {
		for _, light := range []time.Duration{5 * time.Minute, time.Hour} {
			steady := count(schedulerOf(light, metered), Outcome{Said: true})
			want := int(48 * time.Hour / light)
			if metered {
				want /= 3
			}
			if steady < want*9/10 || steady > want*11/10+1 {
				t.Errorf("every %v, metered %v: %d rounds, expected %d", light, metered, steady, want)
			}
			if bad := count(schedulerOf(light, metered), Outcome{Said: true, Bad: true, Shared: true, Open: true}); bad > steady+1 {
				t.Errorf("every %v, metered %v: %d rounds in an incident, %d without", light, metered, bad, steady)
			}
		}
	}

	yes := true
	link := func(kind report.LinkKind) report.Evidence {
		return report.Evidence{Links: report.List[report.Link]{{Name: "l", Kind: kind}}, Connects: report.List[report.Connect]{{Link: "l"}}}
	}
	d := New(usual(), Doors{}, State{})
	d.scheduler = schedulerOf(5*time.Minute, false)
	for _, step := range []struct {
		e    report.Evidence
		want bool
	}{{link(report.LinkEthernet), false}, {link(report.LinkCellular), true}, {report.Evidence{}, true}, {link(report.LinkWiFi), false}} {
		if d.judgeLink(step.e); d.metered() != step.want {
			t.Errorf("after %+v: metered %v", step.e.Links, d.metered())
		}
	}
	d.doors.Keep, d.started = &terminal{began: time.Now()}, time.Now()
	c := usual()
	c.Metered = &yes
	if d.reload(c); !d.metered() || d.scheduler.metered != 3 {
		t.Error("a reload does not make it metered")
	}
	if d.reload(usual()); d.metered() || d.scheduler.metered != 1 {
		t.Error("a reload does not take that back")
	}
}

func schedulerOf(light time.Duration, metered bool) *Scheduler {
	s := defaults
	s.Light, s.Full = light, 3*light
	c := NewScheduler(s, 0, rand.New(rand.NewPCG(7, 7)).Float64)
	c.Metered(metered)
	return c
}
