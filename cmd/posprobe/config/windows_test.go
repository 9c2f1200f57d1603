package config_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"posprobe/cmd/posprobe/config"
)

const endpointOnly = "acquirer: {endpoints: [{address: 203.0.113.20:5500}], "

// intervals are the windows at now, in UTC.
func intervals(t *testing.T, settings, now string, offset time.Duration) []string {
	t.Helper()
	c := parsed(t, endpointOnly+settings+"}")
	if all := c.Check(); len(all) > 0 {
		t.Fatal(all)
	}
	out := []string{}
	for _, w := range c.Site(moment(t, now), offset).Windows {
		out = append(out, fmt.Sprintf("%s %s %s", w.From.UTC().Format("01-02T15:04"), w.Until.UTC().Format("01-02T15:04"), w.Planned))
	}
	return out
}

func TestWindows(t *testing.T) {
	const maintained = `maintenance: [{from: 2026-12-01T01:00:00+08:00, until: 2026-12-01T03:00:00+08:00}]`
	maintenance := []string{"11-30T17:00 11-30T19:00 maintenance"}
	for name, test := range map[string]struct {
		settings, now string
		offset        time.Duration
		want          []string
	}{
		"always":     {`service_hours: {daily: "00:00-24:00"}`, "2026-12-01T12:00:00Z", 0, []string{}},
		"not stated": {``, "2026-12-01T12:00:00Z", 0, []string{}},
		"closed at night": {`service_hours: {daily: "06:00-23:30"}`, "2026-12-01T12:00:00+08:00", 0, []string{
			"11-30T15:30 11-30T22:00 service_hours",
			"12-01T15:30 12-01T22:00 service_hours",
		}},
		// A window that began more than 27 h ago and still reaches into the range is whole.
		"touching the range": {`service_hours: {daily: "06:00-23:30"}`, "2026-12-01T04:00:00+08:00", 0, []string{
			"11-29T15:30 11-29T22:00 service_hours",
			"11-30T15:30 11-30T22:00 service_hours",
			"12-01T15:30 12-01T22:00 service_hours",
		}},
		"open across midnight": {`service_hours: {daily: "22:00-02:00"}`, "2026-12-01T00:30:00+08:00", 0, []string{
			"11-28T18:00 11-29T14:00 service_hours",
			"11-29T18:00 11-30T14:00 service_hours",
			"11-30T18:00 12-01T14:00 service_hours",
			"12-01T18:00 12-02T14:00 service_hours",
		}},
		"until midnight": {`service_hours: {daily: "08:00-24:00"}`, "2026-12-01T12:00:00+08:00", 0, []string{
			"11-30T16:00 12-01T00:00 service_hours",
			"12-01T16:00 12-02T00:00 service_hours",
		}},
		"until midnight, written as 00:00": {`service_hours: {daily: "08:00-00:00"}`, "2026-12-01T12:00:00+08:00", 0, []string{
			"11-30T16:00 12-01T00:00 service_hours",
			"12-01T16:00 12-02T00:00 service_hours",
		}},
		"from midnight": {`service_hours: {daily: "00:00-22:00"}`, "2026-12-01T12:00:00+08:00", 0, []string{
			"11-30T14:00 11-30T16:00 service_hours",
			"12-01T14:00 12-01T16:00 service_hours",
		}},
		"fixed offset west": {`zone: "-03:30", service_hours: {daily: "06:00-23:30"}`, "2026-12-01T12:00:00Z", 0, []string{
			"11-30T03:00 11-30T09:30 service_hours",
			"12-01T03:00 12-01T09:30 service_hours",
			"12-02T03:00 12-02T09:30 service_hours",
		}},
		"other end of the year": {`service_hours: {daily: "06:00-23:30"}`, "2026-12-31T23:00:00+08:00", 0, []string{
			"12-30T15:30 12-30T22:00 service_hours",
			"12-31T15:30 12-31T22:00 service_hours",
			"01-01T15:30 01-01T22:00 service_hours",
		}},
		"the device's clock is a day late": {`service_hours: {daily: "06:00-23:30"}`, "2026-11-30T12:00:00+08:00", 24 * time.Hour, []string{
			"11-30T15:30 11-30T22:00 service_hours",
			"12-01T15:30 12-01T22:00 service_hours",
		}},
		// The afternoon of Tuesday, 1 December.
		"several a day": {`service_hours: {daily: "08:00-12:00, 13:30-22:00"}`, "2026-12-01T15:00:00+08:00", 0, []string{
			"11-30T04:00 11-30T05:30 service_hours",
			"11-30T14:00 12-01T00:00 service_hours",
			"12-01T04:00 12-01T05:30 service_hours",
			"12-01T14:00 12-02T00:00 service_hours",
			"12-02T04:00 12-02T05:30 service_hours",
		}},
		"closed on the weekend": {`service_hours: {weekdays: "08:00-18:00", weekend: closed}`, "2026-12-05T12:00:00+08:00", 0, []string{
			"12-04T10:00 12-07T00:00 service_hours",
		}},
		"a day of its own": {`service_hours: {daily: "08:00-18:00", weekend: "10:00-16:00", sunday: closed}`, "2026-12-05T12:00:00+08:00", 0, []string{
			"12-04T10:00 12-05T02:00 service_hours",
			"12-05T08:00 12-07T00:00 service_hours",
		}},
		"the week's hours win over the daily ones": {`service_hours: {daily: closed, weekdays: "00:00-24:00", weekend: "00:00-24:00"}`, "2026-12-05T12:00:00+08:00", 0, []string{}},
		// Friday's night belongs to Friday, though Saturday is closed.
		"a night into a closed day": {`service_hours: {daily: closed, friday: "20:00-04:00"}`, "2026-12-05T03:00:00+08:00", 0, []string{
			"11-27T20:00 12-04T12:00 service_hours",
			"12-04T20:00 12-11T12:00 service_hours",
		}},
		"each day again": {`maintenance: [{every: day, hours: "23:30-00:30"}]`, "2026-12-01T12:00:00+08:00", 0, []string{
			"11-30T15:30 11-30T16:30 maintenance",
			"12-01T15:30 12-01T16:30 maintenance",
		}},
		"each Tuesday":             {`maintenance: [{every: tuesday, hours: "02:00-04:00"}]`, "2026-12-01T12:00:00+08:00", 0, []string{"11-30T18:00 11-30T20:00 maintenance"}},
		"not on a Tuesday":         {`maintenance: [{every: thursday, hours: "02:00-04:00"}]`, "2026-12-01T12:00:00+08:00", 0, []string{}},
		"first Tuesday":            {`maintenance: [{every: first tuesday, hours: "02:00-04:00"}]`, "2026-12-01T12:00:00+08:00", 0, []string{"11-30T18:00 11-30T20:00 maintenance"}},
		"no second Tuesday yet":    {`maintenance: [{every: second tuesday, hours: "02:00-04:00"}]`, "2026-12-01T12:00:00+08:00", 0, []string{}},
		"fourth Tuesday":           {`maintenance: [{every: fourth tuesday, hours: "02:00-04:00"}]`, "2026-12-22T12:00:00+08:00", 0, []string{"12-21T18:00 12-21T20:00 maintenance"}},
		"last Tuesday of five":     {`maintenance: [{every: last tuesday, hours: "02:00-04:00"}]`, "2026-12-29T12:00:00+08:00", 0, []string{"12-28T18:00 12-28T20:00 maintenance"}},
		"fourth is not last":       {`maintenance: [{every: last tuesday, hours: "02:00-04:00"}]`, "2026-12-22T12:00:00+08:00", 0, []string{}},
		"last Saturday, February":  {`maintenance: [{every: last saturday, hours: "02:00-04:00"}]`, "2026-02-28T12:00:00+08:00", 0, []string{"02-27T18:00 02-27T20:00 maintenance"}},
		"the first of a month":     {`maintenance: [{every: 1, hours: "22:00-02:00"}]`, "2026-12-02T00:30:00+08:00", 0, []string{"12-01T14:00 12-01T18:00 maintenance"}},
		"a month without a 31st":   {`maintenance: [{every: 31, hours: "02:00-04:00"}]`, "2026-12-01T12:00:00+08:00", 0, []string{}},
		"the 29th in a leap year":  {`maintenance: [{every: 29, hours: "02:00-04:00"}]`, "2028-02-29T12:00:00+08:00", 0, []string{"02-28T18:00 02-28T20:00 maintenance"}},
		"the 29th in another year": {`maintenance: [{every: 29, hours: "02:00-04:00"}]`, "2026-02-28T12:00:00+08:00", 0, []string{}},
		// Clocks are put forward on 29 March at 02:00, back on 25 October at 03:00: both at
		// 01:00 UTC.
		"an hour that is left out":                {`zone: Europe/Berlin, maintenance: [{every: day, hours: "02:00-03:00"}]`, "2026-03-29T12:00:00Z", 0, []string{"03-30T00:00 03-30T01:00 maintenance"}},
		"half of it is left out":                  {`zone: Europe/Berlin, maintenance: [{every: sunday, hours: "01:30-02:30"}]`, "2026-03-29T12:00:00Z", 0, []string{"03-29T00:30 03-29T01:00 maintenance"}},
		"from a minute that is not":               {`zone: Europe/Berlin, maintenance: [{every: sunday, hours: "02:30-04:00"}]`, "2026-03-29T12:00:00Z", 0, []string{"03-29T01:00 03-29T02:00 maintenance"}},
		"minutes that are there twice":            {`zone: Europe/Berlin, maintenance: [{every: sunday, hours: "02:15-02:45"}]`, "2026-10-25T12:00:00Z", 0, []string{"10-25T00:15 10-25T01:45 maintenance"}},
		"until a minute of both hours":            {`zone: Europe/Berlin, maintenance: [{every: sunday, hours: "01:00-02:30"}]`, "2026-10-25T12:00:00Z", 0, []string{"10-24T23:00 10-25T01:30 maintenance"}},
		"closing in the hour left out":            {`zone: Europe/Berlin, service_hours: {saturday: "06:00-02:30", sunday: "06:00-24:00"}`, "2026-03-29T12:00:00Z", 0, []string{"03-29T01:00 03-29T04:00 service_hours"}},
		"closing in the hour had twice":           {`zone: Europe/Berlin, service_hours: {saturday: "06:00-02:30", sunday: "06:00-24:00"}`, "2026-10-25T12:00:00Z", 0, []string{"10-25T01:30 10-25T05:00 service_hours"}},
		"maintenance now":                         {maintained, "2026-12-01T02:00:00+08:00", 0, maintenance},
		"maintenance tomorrow":                    {maintained, "2026-11-30T02:00:00+08:00", 0, maintenance},
		"maintenance yesterday":                   {maintained, "2026-12-02T02:59:00+08:00", 0, maintenance},
		"maintenance just in range":               {maintained, "2026-11-29T22:01:00+08:00", 0, maintenance},
		"maintenance long before":                 {maintained, "2026-11-29T21:59:00+08:00", 0, []string{}},
		"maintenance long after":                  {maintained, "2026-12-02T06:01:00+08:00", 0, []string{}},
		"maintenance seen with a clock from 1970": {maintained, "1970-01-01T00:00:00Z", moment(t, "2026-12-01T02:00:00+08:00").Sub(moment(t, "1970-01-01T00:00:00Z")), maintenance},
		"both, in order": {maintained + `, service_hours: {daily: "06:00-23:30"}`, "2026-12-01T12:00:00+08:00", 0, []string{
			"11-30T15:30 11-30T22:00 service_hours",
			"11-30T17:00 11-30T19:00 maintenance",
			"12-01T15:30 12-01T22:00 service_hours",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := intervals(t, test.settings, test.now, test.offset); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// TestWindowsAgainstTheClock: whatever the hours and the zone, the host is announced to
// be absent in just those minutes in which a clock on the wall says so. Minutes that a
// clock shows twice are left out.
func TestWindowsAgainstTheClock(t *testing.T) {
	days := []string{"daily", "weekdays", "weekend", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
	random := rand.New(rand.NewPCG(2026, 12))
	compared := 0
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/St_Johns", "Asia/Shanghai", "Pacific/Chatham"} {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, change := range append(changes(loc, 2026), time.Date(2026, 6, 15, 0, 0, 0, 0, time.UTC)) {
			for range 12 {
				hours := map[string]string{}
				for _, d := range days {
					switch random.IntN(4) {
					case 0:
						hours[d] = fmt.Sprintf("%02d:%02d-%02d:%02d", random.IntN(24), random.IntN(12)*5, random.IntN(24), random.IntN(11)*5+1)
					case 1:
						hours[d] = "closed"
					}
				}
				hours["wednesday"] = "10:00-11:00" // so that it is there at all
				var lines []string
				for _, d := range days {
					if hours[d] != "" {
						lines = append(lines, fmt.Sprintf("%s: %q", d, hours[d]))
					}
				}
				text := fmt.Sprintf("%szone: %s, service_hours: {%s}}", endpointOnly, name, strings.Join(lines, ", "))
				c := parsed(t, text)
				if all := c.Check(); len(all) > 0 {
					t.Fatalf("%s: %v", text, all)
				}
				compared += compare(t, c, hours, loc, change, text)
			}
		}
	}
	if compared < 50_000 {
		t.Errorf("only %d minutes were compared", compared)
	}
}

// changes are the moments of a year at which a zone's clocks are changed.
func changes(loc *time.Location, year int) []time.Time {
	var out []time.Time
	at := time.Date(year, 1, 2, 0, 0, 0, 0, time.UTC)
	for {
		_, end := at.In(loc).ZoneBounds()
		if end.IsZero() || end.Year() > year {
			return out
		}
		out = append(out, end)
		at = end
	}
}

// compare looks at every fifth minute of two days around a moment, and returns how many
// it compared.
func compare(t *testing.T, c *config.Config, hours map[string]string, loc *time.Location, around time.Time, text string) int {
	t.Helper()
	windows := c.Site(around, 0).Windows
	n := 0
	for at := around.Add(-24 * time.Hour); at.Before(around.Add(24 * time.Hour)); at = at.Add(5 * time.Minute) {
		local := at.In(loc)
		twice := false
		for _, other := range []time.Duration{-time.Hour, -30 * time.Minute, 30 * time.Minute, time.Hour} {
			twice = twice || at.Add(other).In(loc).Format(time.DateTime) == local.Format(time.DateTime)
		}
		if twice {
			continue
		}
		n++
		absent := false
		for _, w := range windows {
			absent = absent || !at.Before(w.From) && at.Before(w.Until)
		}
		if open := isOpen(hours, local); open == absent {
			t.Errorf("%s: %s (%s) is open: %t, announced to be absent: %t", text, local.Format(time.RFC1123Z), at.UTC().Format(time.RFC3339), open, absent)
			return n
		}
	}
	return n
}

// isOpen reads hours as a person with a clock and a calendar would.
func isOpen(hours map[string]string, local time.Time) bool {
	for back, minute := range []int{local.Hour()*60 + local.Minute(), local.Hour()*60 + local.Minute() + 24*60} {
		day := time.Date(local.Year(), local.Month(), local.Day()-back, 12, 0, 0, 0, time.UTC).Weekday()
		h := hours[strings.ToLower(day.String())]
		if h == "" && day%6 == 0 {
			h = hours["weekend"]
		} else if h == "" {
			h = hours["weekdays"]
		}
		if h == "" {
			h = hours["daily"]
		}
		if h == "" {
			h = "00:00-24:00"
		}
		var a, b, c, d int
		if n, _ := fmt.Sscanf(h, "%d:%d-%d:%d", &a, &b, &c, &d); n < 4 {
			continue
		}
		from, until := a*60+b, c*60+d
		if until < from {
			until += 24 * 60
		}
		if minute >= from && minute < until {
			return true
		}
	}
	return false
}
