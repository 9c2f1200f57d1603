package config

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"posprobe/report"
)

// windowRange is how far around a round the announced absences are expanded: two zones
// lie 26 h apart at the most (-12:00 and +14:00), so that a clock whose zone is set
// wrongly is within it.
const windowRange = 27 * time.Hour

// windows returns the announced absences that touch windowRange before or after now.
func (c *Config) windows(now time.Time) report.List[report.Window] {
	var out report.List[report.Window]
	add := func(w report.Window) {
		if w.Until.After(now.Add(-windowRange)) && w.From.Before(now.Add(windowRange)) {
			out = append(out, w)
		}
	}
	loc := c.Acquirer.Location()
	for _, m := range c.Acquirer.Maintenance {
		for _, w := range m.around(now, loc) {
			add(report.Window{Planned: report.PlannedMaintenance, From: w.from, Until: w.until, Note: m.Note})
		}
	}
	for _, w := range c.Acquirer.ServiceHours.closed(now, loc) {
		add(report.Window{Planned: report.PlannedServiceHours, From: w.from, Until: w.until})
	}
	slices.SortStableFunc(out, func(a, b report.Window) int {
		return cmp.Or(a.From.Compare(b.From), a.Until.Compare(b.Until), strings.Compare(string(a.Planned), string(b.Planned)))
	})
	return out
}

// interval is a span on the calendar.
type interval struct{ from, until time.Time }

// around returns the absences of a maintenance near now: the one, or those that begin
// within three days.
func (m Maintenance) around(now time.Time, loc *time.Location) []interval {
	if m.Every == "" {
		return []interval{{m.From, m.Until}}
	}
	on, _ := parseDays(m.Every)
	hours, _ := parseSpan(m.Hours)
	var out []interval
	year, month, day := now.In(loc).Date()
	for d := day - 3; d <= day+3; d++ {
		if on.on(year, month, d) {
			if at := hours.on(year, month, d, loc); at.until.After(at.from) {
				out = append(out, at)
			}
		}
	}
	return out
}

// near is how many days to either side service hours are looked at. A host that is closed
// for longer counts as closed from there on.
const near = 15

// closed returns the times between closing and opening around now.
func (h ServiceHours) closed(now time.Time, loc *time.Location) []interval {
	year, month, day := now.In(loc).Date()
	var open []interval // in order
	for d := day - near; d <= day+near; d++ {
		for _, s := range spansOf(h.of(time.Date(year, month, d, 12, 0, 0, 0, time.UTC).Weekday())) {
			if at := s.on(year, month, d, loc); at.until.After(at.from) {
				open = append(open, at)
			}
		}
	}
	var out []interval
	until := span{}.on(year, month, day-near, loc).from // closed since then, as far as is known
	for _, o := range append(open, span{}.on(year, month, day+near, loc)) {
		if o.from.After(until) {
			out = append(out, interval{until, o.from})
		}
		if o.until.After(until) {
			until = o.until
		}
	}
	return out
}

// of returns the hours of a weekday: its own, else those of weekdays or weekend, else the
// daily ones.
func (h ServiceHours) of(d time.Weekday) string {
	own := [...]string{h.Sunday, h.Monday, h.Tuesday, h.Wednesday, h.Thursday, h.Friday, h.Saturday}[d]
	group := h.Weekdays
	if d == time.Saturday || d == time.Sunday {
		group = h.Weekend
	}
	return cmp.Or(own, group, h.Daily)
}

// on is the interval that begins on a date. Where a clock is put back a minute is there
// twice: then the interval runs from the first one to the last, as the host's clock shows
// its minutes so long. Minutes that are left out when a clock is put forward are the
// moment of the change.
func (s span) on(year int, month time.Month, day int, loc *time.Location) interval {
	from, _ := clock(year, month, day, s.from, loc)
	_, until := clock(year, month, day, s.until, loc)
	return interval{from, until}
}

// clock returns the first and the last moment at which clocks in a zone show a date and a
// minute of it (which may be more than a day has); the moment of the change where they
// never do. time.Date does not say which of two moments it gives.
func clock(year int, month time.Month, day, minute int, loc *time.Location) (first, last time.Time) {
	shown := time.Date(year, month, day, 0, minute, 0, 0, time.UTC) // as if the zone were UTC
	const beyond = 26 * time.Hour                                   // further than any zone is from UTC, twice
	_, before := shown.Add(-beyond).In(loc).Zone()
	_, after := shown.Add(beyond).In(loc).Zone()
	early := shown.Add(-time.Duration(max(before, after)) * time.Second).In(loc)
	late := shown.Add(-time.Duration(min(before, after)) * time.Second).In(loc)
	reads := func(t time.Time) bool {
		_, offset := t.Zone()
		return t.Add(time.Duration(offset) * time.Second).Equal(shown)
	}
	switch {
	case reads(early) && reads(late):
		return early, late
	case reads(early):
		return early, early
	case reads(late):
		return late, late
	}
	start, _ := late.ZoneBounds() // the zone after the change began with it
	return start, start
}
