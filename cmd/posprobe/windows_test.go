package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"posprobe/cmd/posprobe/config"
	"posprobe/report"
)

// failed is the evidence of a round that began at a time and in which the host answered
// that it is out of order. The terminal's clock is ahead of the true time; with told, the
// host's answer says what time it is.
func failed(t *testing.T, c *config.Config, at time.Time, ahead time.Duration, told bool) report.Evidence {
	t.Helper()
	text, err := os.ReadFile("../../report/testdata/rows/host.system_error.json")
	if err != nil {
		t.Fatal(err)
	}
	r, err := report.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	var kept report.List[report.Clock]
	for _, k := range r.Evidence.Clocks {
		k.Wall = at.Add(ahead + time.Duration(k.AtMs*1e6))
		if k.Source == report.ClockReply {
			if !told {
				continue
			}
			k.OffsetMs = new(-float64(ahead.Milliseconds()))
		}
		if k.Source == report.ClockKernel {
			k.Synchronized = new(ahead == 0)
		}
		kept = append(kept, k)
	}
	e := r.Evidence
	e.Clocks, e.Site.Windows = kept, c.Site(at.Add(ahead), 0).Windows
	for i := range e.Tasks {
		if e.Tasks[i].Kind == report.TaskExchange && !told { // the reply had no time in it: nothing is missing
			e.Tasks[i].Count--
		}
	}
	return e
}

func configured(t *testing.T, text string) *config.Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), "posprobe.yaml")
	writeFile(t, path, text)
	c, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestPlannedCalendar: hours and maintenance as a file states them, through every edge of
// a calendar, and whatever the terminal's clock says as long as the host's is known.
func TestPlannedCalendar(t *testing.T) {
	const endpoint = "acquirer: {endpoints: [{address: 203.0.113.20:5500}], "
	daily := configured(t, endpoint+`service_hours: {daily: "06:00-23:30"}}`)
	night := configured(t, endpoint+`service_hours: {daily: "20:00-04:00"}}`)
	week := configured(t, endpoint+`service_hours: {weekdays: "08:00-22:00", saturday: "09:00-13:00, 14:00-18:00", sunday: "closed"}}`)
	berlin := configured(t, endpoint+`zone: Europe/Berlin, service_hours: {daily: "06:00-23:00"}}`)
	once := configured(t, endpoint+`maintenance: [{from: 2026-12-01T01:00:00+08:00, until: 2026-12-01T03:00:00+08:00}]}`)
	monthly := configured(t, endpoint+`maintenance: [{every: "first monday", hours: "01:00-03:00"}]}`)
	const hours, work = report.PlannedServiceHours, report.PlannedMaintenance
	for _, tt := range []struct {
		name string
		c    *config.Config
		at   string // true time
		want report.Planned
	}{
		{"before closing", daily, "2026-12-01T23:28:00+08:00", ""},
		{"at closing", daily, "2026-12-01T23:30:00+08:00", hours},
		{"at midnight", daily, "2026-12-02T00:00:00+08:00", hours},
		{"before opening", daily, "2026-12-02T05:59:58+08:00", hours},
		{"at opening", daily, "2026-12-02T06:00:00+08:00", ""},
		{"new year", daily, "2027-01-01T00:00:00+08:00", hours},
		{"leap day", daily, "2028-02-29T23:45:00+08:00", hours},
		{"open at midnight", night, "2026-12-02T00:00:00+08:00", ""},
		{"closed by day", night, "2026-12-02T12:00:00+08:00", hours},

		{"friday, closing", week, "2026-12-04T22:00:00+08:00", hours},
		{"friday becomes saturday", week, "2026-12-05T00:00:00+08:00", hours},
		{"saturday, not yet", week, "2026-12-05T08:30:00+08:00", hours},
		{"saturday, open", week, "2026-12-05T12:59:00+08:00", ""},
		{"saturday, a pause", week, "2026-12-05T13:30:00+08:00", hours},
		{"saturday, again", week, "2026-12-05T14:00:00+08:00", ""},
		{"sunday at noon", week, "2026-12-06T12:00:00+08:00", hours},
		{"sunday becomes monday", week, "2026-12-07T00:00:00+08:00", hours},
		{"monday, open", week, "2026-12-07T08:00:00+08:00", ""},

		{"the night that is an hour shorter, before opening", berlin, "2027-03-28T03:59:58Z", hours},
		{"the night that is an hour shorter, opening", berlin, "2027-03-28T04:00:00Z", ""},
		{"the night before it", berlin, "2027-03-27T04:30:00Z", hours},
		{"the night that is an hour longer, before opening", berlin, "2027-10-31T04:30:00Z", hours},
		{"the night that is an hour longer, opening", berlin, "2027-10-31T05:00:00Z", ""},
		{"the night before that", berlin, "2027-10-30T04:00:00Z", ""},

		{"before maintenance", once, "2026-12-01T00:59:00+08:00", ""},
		{"maintenance", once, "2026-12-01T01:00:00+08:00", work},
		{"maintenance ends", once, "2026-12-01T03:00:00+08:00", ""},
		{"the first monday", monthly, "2026-12-07T02:00:00+08:00", work},
		{"the second", monthly, "2026-12-14T02:00:00+08:00", ""},
		{"the first monday is the first", monthly, "2027-02-01T02:00:00+08:00", work},
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		for _, ahead := range []time.Duration{0, 8 * time.Hour, -8 * time.Hour, 24 * time.Hour, -24 * time.Hour, 40 * 24 * time.Hour, -100 * 24 * time.Hour, 5 * 365 * 24 * time.Hour} {
			e := failed(t, tt.c, at, ahead, true)
			replan(tt.c, &e)
			d := report.Diagnose(e)
			if d.Domain != report.DomainHost || d.Planned != tt.want {
				t.Errorf("%s, the clock %v ahead: %s %q, want %q", tt.name, ahead, d.Code, d.Planned, tt.want)
			}
			if want := map[bool]int{true: exitPlanned, false: exitHost}[tt.want != ""]; exitStatus(d) != want {
				t.Errorf("%s, the clock %v ahead: exit %d, want %d", tt.name, ahead, exitStatus(d), want)
			}
		}
		// Where nobody says what time it is, the windows stay where the terminal's clock put them.
		e := failed(t, tt.c, at, 0, false)
		replan(tt.c, &e)
		if d := report.Diagnose(e); d.Planned != tt.want {
			t.Errorf("%s, by its own clock: %q, want %q", tt.name, d.Planned, tt.want)
		}
	}
	// Without the host's time a clock that never was set announces nothing.
	e := failed(t, daily, time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), 0, false)
	replan(daily, &e)
	if d := report.Diagnose(e); d.Planned != "" || d.Domain != report.DomainHost {
		t.Errorf("1970: %s %q", d.Code, d.Planned)
	}
}
