package probe

import (
	"errors"
	"time"

	"posprobe/report"
)

// clock reads the device's wall clock; the two readings of a round tie its monotonic
// times to the calendar and show a step in between.
func (r *round) clock(id string) {
	r.ask(report.TaskClock, id, "", func(a *asking) error {
		a.sawClock(report.Clock{Source: report.ClockRound, Wall: r.sys.Now()})
		return nil
	})
}

// kernelClock asks whether the kernel itself believes in its clock.
func (r *round) kernelClock() {
	r.ask(report.TaskClock, "clock kernel", "", func(a *asking) error {
		if r.sys.Lists.Synchronized == nil {
			return errors.ErrUnsupported
		}
		ok, err := r.sys.Lists.Synchronized()
		if err != nil {
			return err
		}
		a.sawClock(report.Clock{Source: report.ClockKernel, Wall: r.sys.Now(), Synchronized: &ok})
		return nil
	})
}

// sawClock records a reading. The wall time is stripped of its monotonic part, which
// no file keeps.
func (a *asking) sawClock(c report.Clock) {
	c.Wall = c.Wall.Round(0)
	a.saw(now(), func(e *report.Evidence, head report.Observation) {
		c.Observation = head
		e.Clocks = append(e.Clocks, c)
	})
}

// hostOffset compares a host's time, in one of the forms of signon.Reply.HostTime, with
// the device's wall clock when the reply came; zone is that of the forms that name none.
// The host wrote the time half a round trip earlier, and wrote whole seconds: half a
// second is added, which leaves an error of as much. ok is false for anything that is no
// time of any day, and for one in a year in which no host lives: that host's own clock
// was never set.
func hostOffset(hostTime string, wall time.Time, rtt time.Duration, zone *time.Location) (offset time.Duration, ok bool) {
	sent := wall.Add(-rtt / 2)
	var t time.Time
	switch len(hostTime) {
	case len(noYear):
		t = nearestYear(hostTime, sent, zone)
	case len(withYear): // package time takes years from 69 on for those of the last century
		t, _ = time.ParseInLocation(withYear, hostTime, zone)
	default:
		t, _ = time.Parse(time.RFC3339, hostTime)
	}
	if t.IsZero() || len(hostTime) != len(noYear) && (t.Year() < firstYear || t.Year() > lastYear) {
		return 0, false
	}
	return t.Add(time.Second / 2).Sub(sent), true
}

// The forms of a host's time without a zone.
const (
	noYear   = "0102150405"   // MMDDhhmmss
	withYear = "060102150405" // YYMMDDhhmmss
)

// Hosts that speak to this program live in these years; those of two digits end with the
// last one.
const (
	firstYear = 2020
	lastYear  = 2068
)

// nearestYear reads a time without a year in the year that puts it nearest to at: a
// device that is off by more than half a year is seen as off by less. It is zero for what
// is no time in any of those years.
func nearestYear(digits string, at time.Time, zone *time.Location) time.Time {
	var nearest time.Time
	for year := at.In(zone).Year() - 1; year <= at.In(zone).Year()+1; year++ {
		// The year is part of the parse: February 29 exists in some years only.
		t, err := time.ParseInLocation("2006"+noYear, fourDigits(year)+digits, zone)
		if err == nil && (nearest.IsZero() || t.Sub(at).Abs() < nearest.Sub(at).Abs()) {
			nearest = t
		}
	}
	return nearest
}

// fourDigits writes a year for parsing; years that do not fit give a text that does
// not parse.
func fourDigits(year int) string {
	if year < 0 || year > 9999 {
		return ""
	}
	return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006")
}
