package daemon

import (
	"testing"
	"testing/synctest"
	"time"
)

// scene is what a day holds from one moment until another.
type scene struct {
	from, until time.Duration
	is          condition
	says        string
}

// hm is a time of day.
func hm(h, m int) time.Duration {
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
}

var scenes = []scene{
	{hm(9, 0), hm(9, 20), hostRefuses, "the host refuses connections"},
	{hm(10, 30), hm(11, 0), providerDown, "the provider comes and goes every two minutes, and the link with it"},
	{hm(12, 0), hm(12, 30), cableOut, "the cable is out"},
	{hm(14, 0), hm(15, 30), hostHangs, "the host accepts connections and answers nothing"},
	{hm(16, 0), hm(16, 8), paying, "a payment is under way"},
	{hm(17, 0), hm(17, 30), paused, "somebody paused posprobe"},
}

// during is the scene at a moment, fine between them.
func during(now time.Duration) condition {
	for _, s := range scenes {
		if now >= s.from && now < s.until {
			if s.is == providerDown && (now-s.from)/(2*time.Minute)%2 == 1 {
				return fine
			}
			return s.is
		}
	}
	return fine
}

// TestDay: the exact list of rounds, incidents and writes of a day with everything in it.
func TestDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := newTerminal(during)
		x.wall = func(now time.Duration) time.Time {
			w := time.Unix(0, 0).UTC().Add(now) // 1970 until the clock is set
			if now > hm(1, 0) {
				w = w.AddDate(56, 10, 0)
			}
			if now > hm(19, 0) {
				w = w.Add(-40 * time.Minute)
			}
			return w
		}
		x.vouched = func(now time.Duration) bool { return now > hm(2, 0) && now < hm(19, 0) || now > hm(20, 0) }
		at := func(when time.Duration, says string, do func()) {
			time.AfterFunc(when, func() {
				x.note(says)
				if do != nil {
					do()
				}
			})
		}
		change := func(when time.Duration) {
			time.AfterFunc(when, func() {
				select {
				case x.links <- struct{}{}:
				default: // the daemon is told of a change already
				}
			})
		}
		for _, s := range scenes {
			at(s.from, s.says, nil)
			at(s.until, "that is over", nil)
		}
		at(hm(1, 0), "the wall clock is set from 1970 to 2026", nil)
		for i := range 16 {
			change(hm(10, 30) + time.Duration(i)*2*time.Minute)
		}
		change(hm(12, 0))
		change(hm(12, 30))
		at(hm(14, 30), "the configuration is read again", func() { x.reloads <- x.config })
		at(hm(18, 0), "the cable is wiggled for ten seconds", nil)
		for i := range 20 {
			change(hm(18, 0) + time.Duration(i)*500*time.Millisecond)
		}
		at(hm(18, 10), "the link flaps for five minutes", nil)
		for i := range 60 {
			change(hm(18, 10) + time.Duration(i)*5*time.Second)
		}
		at(hm(19, 0), "the wall clock is set back by 40 minutes", nil)
		little := x.config
		little.BytesPerDay = 160_000
		at(hm(20, 0), "a configuration with little data a day is read", func() { x.reloads <- little })
		at(hm(21, 30), "the usual one is read", func() { x.reloads <- usual() })

		x.run(t, hm(21, 58), true)
		x.note("the power is cut for half an hour")
		x.reboot(32 * time.Minute)
		x.note("it returns")
		x.run(t, hm(25, 0)-x.now(), false)
		x.note("the daemon was told to stop")
		compare(t, "testdata/day.txt", x.lines)
	})
}
