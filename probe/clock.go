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

// hostOffset compares a host's time, MMDDhhmmss in its zone, with the device's wall
// clock when the reply came. The host wrote the time half a round trip earlier, and
// wrote whole seconds: half a second is added, which leaves an error of as much. There
// is no year: the one that puts the host nearest to the device is taken, so a device
// that is off by more than half a year is seen as off by less. ok is false for
// anything that is no time of any day.
func hostOffset(hostTime string, wall time.Time, rtt time.Duration, zone *time.Location) (offset time.Duration, ok bool) {
	if len(hostTime) != len("0102150405") {
		return 0, false
	}
	sent := wall.Add(-rtt / 2)
	for year := sent.In(zone).Year() - 1; year <= sent.In(zone).Year()+1; year++ {
		// The year is part of the parse: February 29 exists in some years only.
		t, err := time.ParseInLocation("20060102150405", fourDigits(year)+hostTime, zone)
		if err != nil {
			continue
		}
		d := t.Add(time.Second / 2).Sub(sent)
		if !ok || d.Abs() < offset.Abs() {
			offset, ok = d, true
		}
	}
	return offset, ok
}

// fourDigits writes a year for parsing; years that do not fit give a text that does
// not parse.
func fourDigits(year int) string {
	if year < 0 || year > 9999 {
		return ""
	}
	return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006")
}
