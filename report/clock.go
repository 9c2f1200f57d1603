package report

import (
	"cmp"
	"slices"
	"time"
)

// What time it was when the round began: by the device's own clock, and by every other
// one that something vouches for. Rules about dates and about announced absences ask here.

// reading is another clock's word on when the round began.
type reading struct {
	at     string // its pointer
	began  time.Time
	server bool // a time server's; else that of a host's reply
	// dated is a reading with a year, zoned one that needs nobody to say in which zone.
	dated, zoned bool
}

// readings are those of other clocks, the most telling first. A peer that nothing vouches
// for can say any time. What has no year lies in the one that brings it nearest to what
// has, or else to the device's clock.
func (f *facts) readings() []reading {
	var out []reading
	for i, c := range f.Clocks {
		r := reading{at: pointer("clocks", i), began: c.began(), server: c.Source == ClockServer}
		if c.OffsetMs == nil || !r.server && (c.Source != ClockReply || f.strangeTask(c.Task)) {
			continue
		}
		r.dated, r.zoned = r.server, r.server
		for _, s := range f.SignOns {
			if s.Task == c.Task && len(s.HostTime) > len("0102150405") {
				r.dated, r.zoned = true, len(s.HostTime) > len("060102150405")
			}
		}
		if r.zoned && !r.server && !f.knownTask(c.Task) { // any router's web page has a date
			continue
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b reading) int { return cmp.Compare(b.rank(), a.rank()) })
	for i := range out {
		if out[0].dated && !out[i].dated {
			out[i].began = nearestYear(out[i].began, out[0].began)
		}
	}
	return out
}

func (r reading) rank() int {
	switch {
	case r.server:
		return 3
	case r.zoned:
		return 2
	case r.dated:
		return 1
	}
	return 0
}

// nearestYear is t in the year in which it is nearest to a time.
func nearestYear(t, to time.Time) time.Time {
	best := t
	for years := to.Year() - t.Year() - 1; years <= to.Year()-t.Year()+1; years++ {
		if moved := t.AddDate(years, 0, 0); moved.Sub(to).Abs() < best.Sub(to).Abs() {
			best = moved
		}
	}
	return best
}

// began is when the round began by the clock that was read.
func (c Clock) began() time.Time {
	ms := -c.AtMs
	if c.OffsetMs != nil {
		ms += *c.OffsetMs
	}
	return c.Wall.Add(milliseconds(ms))
}

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// own is when the round began by the device's own clock as it ran at the end: what sets
// a clock meanwhile sets it right more often than wrong. It is steady unless that
// happened. There is none (ok false) when it was not read.
func (f *facts) own() (began time.Time, steady, ok bool) {
	clocks := f.roundClocks()
	if len(clocks) == 0 {
		return time.Time{}, false, false
	}
	first, last := clocks[0].began(), clocks[len(clocks)-1].began()
	return last, last.Sub(first).Abs() < milliseconds(f.skewLimit()), true
}

// offset is another clock minus the device's, in ms, with the pointers of all such
// readings; ok is false when there was no other clock, or the device's was not read.
func (f *facts) offset() (ms float64, because []string, ok bool) {
	own, _, known := f.own()
	others := f.readings()
	if !known || len(others) == 0 {
		return 0, nil, false
	}
	for _, r := range others {
		because = append(because, r.at)
	}
	return float64(others[0].began.Sub(own)) / float64(time.Millisecond), because, true
}

// clocksAgree reports whether there are other clocks, and all of them say the same within
// the site's limit.
func (f *facts) clocksAgree() bool {
	others := f.readings()
	return len(others) > 0 && !slices.ContainsFunc(others, func(r reading) bool {
		return r.began.Sub(others[0].began).Abs() >= milliseconds(f.skewLimit())
	})
}

// synchronized is the kernel's word on the device's clock with its pointer, nil where it
// gave none.
func (f *facts) synchronized() (at string, word *bool) {
	for i, c := range f.Clocks {
		if c.Source == ClockKernel && c.Synchronized != nil {
			return pointer("clocks", i), c.Synchronized
		}
	}
	return "", nil
}

// dateKnown reports whether something vouches for the date: other clocks, which agree, and
// for the year either one of them or the kernel, by its word that something keeps the
// device's clock right. The time of a UnionPay reply has no year (field 13 of ISO
// 8583:1987 is MMDD): it agrees with a terminal that is whole years off.
func (f *facts) dateKnown() bool {
	_, steady, ok := f.own()
	_, word := f.synchronized()
	kept := steady && word != nil && *word
	return ok && f.clocksAgree() && (kept || slices.ContainsFunc(f.readings(), func(r reading) bool { return r.dated }))
}

// now is when the round began, corrected by another clock where one was seen.
func (f *facts) now() (t time.Time, ok bool) {
	if others := f.readings(); len(others) > 0 {
		return others[0].began, true
	}
	t, _, ok = f.own()
	return t, ok
}

// TrueTime is when the round began: by the clock of a time server or of a host, where
// one was seen that something vouches for; else by the device's own, and then known is
// false. The windows of Site must lie around this time for Planned to be right.
func TrueTime(e Evidence) (t time.Time, known bool) {
	f := newFacts(&e)
	t, _ = f.now()
	return t, len(f.readings()) > 0
}

// times are when the round began by every clock that is worth asking. They are vouched
// for where other clocks agree, or where something keeps the device's own synchronised.
func (f *facts) times() (began []time.Time, vouched bool) {
	for _, r := range f.readings() {
		began = append(began, r.began)
	}
	if len(began) > 0 {
		return began, f.clocksAgree()
	}
	own, steady, ok := f.own()
	if !ok {
		return nil, false
	}
	_, word := f.synchronized()
	return []time.Time{own}, steady && word != nil && *word
}

// planned is the announced absence that the round touches, "" where a clock says that it
// touches none. It is vouched for unless it rests on the device's own clock alone, of
// which nothing says that it is right.
func (f *facts) planned() (p Planned, vouched bool) {
	began, vouched := f.times()
	for _, t := range began {
		absent := f.absence(t)
		if absent == "" {
			return "", false
		}
		p = cmp.Or(p, absent)
	}
	return p, vouched
}

// absence is the window that a round touches which began then.
func (f *facts) absence(began time.Time) Planned {
	if began.Before(earliestClock) { // no plan is as old as that
		return ""
	}
	ended := began
	for _, c := range f.roundClocks() {
		ended = began.Add(max(0, milliseconds(c.AtMs)))
	}
	for _, w := range f.Site.Windows {
		if began.Before(w.Until) && !ended.Before(w.From) {
			return w.Planned
		}
	}
	return ""
}

// clockMatters reports whether a time server would tell what the evidence leaves open:
// something failed, and nothing vouches for the time at which it did.
func (f *facts) clockMatters() bool {
	_, vouched := f.times()
	return !vouched && f.Site.TimeServer != "" && len(f.stoppers()) > 0
}

// strangeTask reports whether an exchange, a follow-up's too, was with a peer that
// nothing vouches for; knownTask whether it was with one that can only be the acquirer's.
func (f *facts) strangeTask(task string) bool { return f.inTask(task, attempt.strangePeer) }
func (f *facts) knownTask(task string) bool   { return f.inTask(task, attempt.knownPeer) }

// inTask reports whether something holds for the exchange of a task.
func (f *facts) inTask(task string, holds func(attempt) bool) bool {
	it := func(a attempt) bool { return a.task == task && holds(a) }
	for _, again := range f.again {
		if slices.ContainsFunc(again, it) {
			return true
		}
	}
	return slices.ContainsFunc(f.attempts, it)
}
