package report

import (
	"slices"
	"testing"
	"time"
)

var shanghai = time.FixedZone("", 8*3600)

// clocks is what a round's clocks said, as far as there were any.
type clocks struct {
	device time.Time     // at the beginning
	step   time.Duration // by which it was set during the round
	kernel *bool
	host   *time.Duration // ahead of the device
	form   string         // of the host's time
	server *time.Duration // ahead of the device
}

func ahead(d time.Duration) *time.Duration { return &d }

// at sets the clocks of a world of one exchange, which took 8 s.
func (w *world) at(c clocks) *world {
	var host *Clock
	for i := range w.e.Clocks {
		if w.e.Clocks[i].Source == ClockReply {
			host = &w.e.Clocks[i]
		}
	}
	w.e.Clocks[0].Wall = c.device
	w.e.Clocks[1].Wall, w.e.Clocks[1].Synchronized = c.device, c.kernel
	w.e.Clocks[2].Wall, w.e.Clocks[2].AtMs = c.device.Add(8*time.Second+c.step), 8000
	if host != nil && c.host == nil {
		w.e.Clocks = filter(w.e.Clocks, func(c Clock) bool { return c.Source != ClockReply })
	} else if host != nil {
		host.Wall, host.AtMs, host.OffsetMs = c.device.Add(30*time.Millisecond), 30, ptr(float64(c.host.Milliseconds()))
		if c.form != "" {
			w.e.SignOns[0].HostTime = c.form
		}
	}
	if c.server != nil {
		w.serverTime(float64(c.server.Milliseconds()))
	}
	return w
}

// serverTime is a time server's answer.
func (w *world) serverTime(ms float64) *world {
	w.e.Site.TimeServer = "203.0.113.123:123"
	w.task("time 203.0.113.123:123", TaskTime, "")
	w.e.Clocks = append(w.e.Clocks, Clock{Observation: Observation{Task: "time 203.0.113.123:123", AtMs: 7000}, Source: ClockServer,
		Wall: w.e.Clocks[0].Wall.Add(7 * time.Second), OffsetMs: &ms})
	return w
}

// failing is a host that answers with a fault of its own, and its time; hanging one that
// says nothing.
func failing() *world { return coded("96") }
func hanging() *world { return hung().placed() }

// TestPlannedEdges: whether a host's failure was announced, at every edge of a window and
// of the clocks.
func TestPlannedEdges(t *testing.T) {
	day := func(hour, minute, second int) time.Time {
		return time.Date(2026, 12, 1, hour, minute, second, 0, shanghai)
	}
	night := List[Window]{{Planned: PlannedServiceHours, From: day(23, 30, 0), Until: day(30, 0, 0)}} // to 06:00
	const never, hour, years = "", time.Hour, 24 * 365 * time.Hour
	yes, no := ptr(true), ptr(false)
	for _, c := range []struct {
		name string
		host func() *world
		clocks
		want    Planned
		vouched bool
	}{
		{"a minute before closing", hanging, clocks{device: day(23, 29, 0), kernel: yes}, never, true},
		{"closing while the reply is waited for", hanging, clocks{device: day(23, 29, 55), kernel: yes}, PlannedServiceHours, true},
		{"at closing", hanging, clocks{device: day(23, 30, 0), kernel: yes}, PlannedServiceHours, true},
		{"a second before midnight", hanging, clocks{device: day(23, 59, 59), kernel: yes}, PlannedServiceHours, true},
		{"at midnight", hanging, clocks{device: day(24, 0, 0), kernel: yes}, PlannedServiceHours, true},
		{"a moment before opening", hanging, clocks{device: day(29, 59, 59), kernel: yes}, PlannedServiceHours, true},
		{"at opening", hanging, clocks{device: day(30, 0, 0), kernel: yes}, never, true},
		{"the terminal's zone is another one", hanging, clocks{device: day(23, 45, 0).In(time.FixedZone("", -5*3600)), kernel: yes}, PlannedServiceHours, true},

		{"the kernel says that nothing sets the clock", hanging, clocks{device: day(23, 45, 0), kernel: no}, PlannedServiceHours, false},
		{"the kernel says nothing", hanging, clocks{device: day(23, 45, 0)}, PlannedServiceHours, false},
		{"the clock was set during the round, into the window", hanging, clocks{device: day(12, 0, 0), step: 12 * hour, kernel: yes}, PlannedServiceHours, false},
		{"the clock was set during the round, out of the window", hanging, clocks{device: day(23, 45, 0), step: -12 * hour, kernel: yes}, never, false},
		{"it was 1970, and then the clock was set", hanging, clocks{device: time.Unix(90, 0), step: day(23, 45, 0).Sub(time.Unix(90, 0)), kernel: no}, PlannedServiceHours, false},

		{"eight hours ahead, the host knows better", failing, clocks{device: day(23, 45, 0), kernel: no, host: ahead(-8 * hour)}, never, true},
		{"eight hours behind, the host knows better", failing, clocks{device: day(15, 45, 0), kernel: no, host: ahead(8 * hour)}, PlannedServiceHours, true},
		{"a day behind", failing, clocks{device: day(23-24, 45, 0), kernel: no, host: ahead(24 * hour)}, PlannedServiceHours, true},
		{"a day ahead", failing, clocks{device: day(23+24, 45, 0), kernel: no, host: ahead(-24 * hour)}, PlannedServiceHours, true},
		{"a week ahead, at noon", failing, clocks{device: day(12+7*24, 0, 0), kernel: no, host: ahead(-7 * 24 * hour)}, never, true},
		{"eight hours ahead, the time server knows better", hanging, clocks{device: day(23, 45, 0), kernel: no, server: ahead(-8 * hour)}, never, true},
		{"eight hours behind, the time server knows better", hanging, clocks{device: day(15, 45, 0), kernel: no, server: ahead(8 * hour)}, PlannedServiceHours, true},
		{"years behind, the time server knows better", hanging, clocks{device: time.Unix(90, 0), kernel: no, server: ahead(day(23, 45, 0).Sub(time.Unix(90, 0)))}, PlannedServiceHours, true},
		{"years ahead, the time server knows better", hanging, clocks{device: day(23, 45, 0).Add(5 * years), kernel: no, server: ahead(-5 * years)}, PlannedServiceHours, true},
		{"a year ahead to the day: the host's time has no year, the server's has", failing,
			clocks{device: day(23, 45, 0).AddDate(1, 0, 0), kernel: no, host: ahead(0), server: ahead(-years)}, PlannedServiceHours, true},
		{"the host's time has a year", failing, clocks{device: day(23, 45, 0).Add(years), kernel: no, host: ahead(-years), form: "261201234500"}, PlannedServiceHours, true},

		{"1970 and nobody knows better", hanging, clocks{device: day(23, 45, 0).AddDate(-56, 0, 0), kernel: no}, never, false},
		{"1970 and the host's time has no year", failing, clocks{device: day(12, 45, 0).AddDate(-56, 0, 0), kernel: no, host: ahead(11 * hour)}, never, true},
		{"host and server disagree, one inside", failing, clocks{device: day(23, 45, 0), kernel: no, host: ahead(0), server: ahead(-2 * hour)}, never, false},
		{"host and server disagree, both inside", failing, clocks{device: day(23, 45, 0), kernel: no, host: ahead(0), server: ahead(2 * hour)}, PlannedServiceHours, false},
		{"host and server agree within the limit, about opening", failing, clocks{device: day(29, 59, 0), kernel: no, host: ahead(0), server: ahead(2 * time.Minute)}, never, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := c.host()
			w.e.Site.Windows = night
			if c.device.Year() < 2000 || c.device.Year() > 2026 { // a plan is made for every year
				for y := 1969; y < 2040; y++ {
					w.e.Site.Windows = append(w.e.Site.Windows, Window{Planned: PlannedServiceHours, From: night[0].From.AddDate(y-2026, 0, 0), Until: night[0].Until.AddDate(y-2026, 0, 0)})
				}
			}
			e := w.at(c.clocks).evidence()
			d := Diagnose(e)
			if d.Domain != DomainHost || d.Planned != c.want {
				t.Errorf("planned %q, want %q: %s", d.Planned, c.want, brief(d))
			}
			if got := has(d, "note.planned"); got != (c.want != "") {
				t.Errorf("note.planned: %v: %s", got, brief(d))
			}
			if got := has(d, "note.planned_unconfirmed"); got != (c.want != "" && !c.vouched) {
				t.Errorf("note.planned_unconfirmed: %v: %s", got, brief(d))
			}
		})
	}
}

func has(d Diagnosis, code Code) bool {
	return slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Code == code })
}

// TestClockFaults: a terminal whose clock makes it believe that the host is away is told
// so; how surely hangs on who says that the clock is wrong.
func TestClockFaults(t *testing.T) {
	noon := time.Date(2026, 12, 1, 12, 0, 0, 0, shanghai)
	yes, no := ptr(true), ptr(false)
	const zone, skew = "device.clock.zone", "device.clock.skew"
	for _, c := range []struct {
		name string
		clocks
		code Code
		sure Confidence
	}{
		{"the host alone, against a clock that nothing sets", clocks{kernel: no, host: ahead(8 * time.Hour)}, zone, Likely},
		{"the host alone, against one that is kept right", clocks{kernel: yes, host: ahead(8 * time.Hour)}, zone, Possible},
		{"the host alone, and the kernel is silent", clocks{host: ahead(8 * time.Hour)}, zone, Possible},
		{"the server alone, against one that is kept right", clocks{kernel: yes, server: ahead(7 * time.Hour)}, zone, Possible},
		{"the server alone, and the kernel is silent", clocks{server: ahead(7*time.Hour + 7*time.Minute)}, skew, Likely},
		{"both", clocks{kernel: yes, host: ahead(-time.Hour), server: ahead(-time.Hour - 2*time.Second)}, zone, Proven},
		{"both, and they disagree", clocks{kernel: no, host: ahead(-time.Hour), server: ahead(time.Hour)}, zone, Possible},
		{"a year, by server and host", clocks{kernel: no, host: ahead(0), server: ahead(-365 * 24 * time.Hour)}, skew, Proven},
		{"a little", clocks{kernel: no, host: ahead(2 * time.Minute), server: ahead(2 * time.Minute)}, "", ""},
		{"the host confirms it", clocks{kernel: no, host: ahead(0)}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.device = noon
			w := healthy().at(c.clocks)
			w.e.Site.Windows = List[Window]{{Planned: PlannedServiceHours, From: noon.Add(-time.Hour), Until: noon.Add(time.Hour)}}
			d := Diagnose(w.evidence())
			sure, found := Possible, Code("")
			for _, f := range d.Findings {
				if f.Code == zone || f.Code == skew {
					found, sure = f.Code, f.Confidence
				}
			}
			if found != c.code || sure != c.sure || d.Planned != "" {
				t.Errorf("want %s %s: %s", c.code, c.sure, brief(d))
			}
			if (d.Code == c.code) != (c.sure != Possible) && c.code != "" || c.sure != Possible && (d.Verdict != VerdictDegraded || d.Domain != DomainDevice) {
				t.Errorf("headline: %s", brief(d))
			}
		})
	}
	w := healthy().at(clocks{device: noon, kernel: no, host: ahead(8 * time.Hour)})
	w.e.Site.Zone = ""
	if d := Diagnose(w.evidence()); d.Domain != "" {
		t.Errorf("nobody said which zone the host is in: %s", brief(d))
	}
	w.serverTime(8 * 3600e3)
	if d := Diagnose(w.evidence()); d.Code != zone || d.Confidence != Proven {
		t.Errorf("a time server says so too: %s", brief(d))
	}
}

// TestWantsClock: the time server is asked when something failed and nothing vouches for
// the time, and not otherwise.
func TestWantsClock(t *testing.T) {
	noon := time.Date(2026, 12, 1, 12, 0, 0, 0, shanghai)
	wants := func(w *world, kernel *bool, server string) bool {
		w.at(clocks{device: noon, kernel: kernel})
		w.e.Site.TimeServer = server
		return slices.Contains(Diagnose(w.evidence()).Wants, AskClock)
	}
	const server = "203.0.113.123:123"
	if !wants(hanging(), ptr(false), server) || !wants(syn(), nil, server) {
		t.Error("not asked")
	}
	if wants(hanging(), ptr(true), server) || wants(hanging(), ptr(false), "") || wants(healthy(), ptr(false), server) {
		t.Error("asked for nothing")
	}
	w := hanging().at(clocks{device: noon, kernel: ptr(false), server: ahead(0)})
	if slices.Contains(Diagnose(w.evidence()).Wants, AskClock) {
		t.Error("asked twice")
	}
}

// TestCertificatesAtCorrectedTime: a time server's clock decides whether a certificate or
// the terminal's date is wrong.
func TestCertificatesAtCorrectedTime(t *testing.T) {
	for _, c := range []struct {
		name   string
		ms     float64
		want   Code
		masked Code
	}{
		{"the date is right", 0, "host.certificate_expired", ""},
		{"the date is 60 days ahead", -60 * 86400e3, "device.clock.skew", "host.certificate_expired"},
	} {
		w := badCertificate(StepTLS, CertExpired)
		w.e.Clocks[1].Synchronized = ptr(false)
		w.serverTime(c.ms)
		d := Diagnose(w.evidence())
		if d.Code != c.want || c.masked != "" && !slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Code == c.masked && f.MaskedBy == c.want }) {
			t.Errorf("%s: %s", c.name, brief(d))
		}
	}
}

// TestCertificateYear: a certificate that is out of date by a clock of which nobody knows
// the year names nobody: the terminal may be whole years off.
func TestCertificateYear(t *testing.T) {
	noon := time.Date(2026, 12, 1, 12, 0, 0, 0, shanghai)
	yes, no := ptr(true), ptr(false)
	for _, c := range []struct {
		name string
		clocks
		known bool
	}{
		{"the host's time has no year", clocks{kernel: no, host: ahead(0)}, false},
		{"the host's time has no year, and the kernel is silent", clocks{host: ahead(0)}, false},
		{"the kernel is kept right, and the host agrees", clocks{kernel: yes, host: ahead(0)}, true},
		{"the kernel is kept right, and was set meanwhile", clocks{kernel: yes, host: ahead(0), step: time.Hour}, false},
		{"the kernel is kept right, and nobody else says the time", clocks{kernel: yes}, false},
		{"the host's time has a year", clocks{kernel: no, host: ahead(0), form: "261201120000"}, true},
		{"a web server's date, by a peer that is not verified", clocks{kernel: no, host: ahead(0), form: "2026-12-01T04:00:00Z"}, false},
		{"a time server knows it", clocks{kernel: no, host: ahead(0), server: ahead(0)}, true},
		{"a time server alone knows it", clocks{kernel: no, server: ahead(0)}, true},
		{"a time server disagrees", clocks{kernel: no, host: ahead(time.Hour), server: ahead(0)}, false},
	} {
		for problem, code := range map[CertificateProblem]Code{CertExpired: "host.certificate_expired", CertNotYetValid: "host.certificate_not_yet_valid"} {
			c.device = noon
			d := Diagnose(badCertificate(StepSignOn, problem).at(c.clocks).evidence())
			if (d.Code == code) != c.known {
				t.Errorf("%s: %s", c.name, brief(d))
			}
			if open := slices.Contains(d.Remaining, DomainDevice) && slices.Contains(d.Remaining, DomainHost); d.Verdict == VerdictInconclusive && !open {
				t.Errorf("%s: not open: %s", c.name, brief(d))
			}
		}
	}
}

// TestTrueTime: what the windows are laid around.
func TestTrueTime(t *testing.T) {
	noon := time.Date(2026, 12, 1, 12, 0, 0, 0, shanghai)
	if got, known := TrueTime(hanging().at(clocks{device: noon}).evidence()); known || !got.Equal(noon) {
		t.Errorf("by its own clock: %v, %v", got, known)
	}
	if got, known := TrueTime(failing().at(clocks{device: noon, host: ahead(40 * 24 * time.Hour)}).evidence()); !known || got.Sub(noon).Round(time.Second) != 40*24*time.Hour {
		t.Errorf("by the host's: %v, %v", got, known)
	}
	if got, known := TrueTime(hanging().at(clocks{device: time.Unix(0, 0), server: ahead(noon.Sub(time.Unix(0, 0)))}).evidence()); !known || !got.Equal(noon) {
		t.Errorf("by the server's: %v, %v", got, known)
	}
	if _, known := TrueTime(Evidence{}); known {
		t.Error("by nobody's")
	}
	strange := badCertificate(StepSignOn, CertWrongName).at(clocks{device: noon, host: ahead(time.Hour)})
	if _, known := TrueTime(strange.evidence()); known {
		t.Error("by that of a peer that nothing vouches for")
	}
}

func TestNearestYear(t *testing.T) {
	at := func(text string) time.Time {
		v, err := time.Parse(time.DateTime, text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range [][3]string{
		{"1970-12-31 23:59:00", "2026-01-01 00:01:00", "2025-12-31 23:59:00"},
		{"1970-01-01 00:01:00", "2026-12-31 23:59:00", "2027-01-01 00:01:00"},
		{"2026-06-01 12:00:00", "2026-06-01 12:00:00", "2026-06-01 12:00:00"},
		{"2024-02-29 12:00:00", "2027-03-01 12:00:00", "2027-03-01 12:00:00"},
	} {
		if got := nearestYear(at(c[0]), at(c[1])); !got.Equal(at(c[2])) {
			t.Errorf("%s near %s: %v", c[0], c[1], got)
		}
	}
}

// clockCases are worlds in which clocks contradict each other, or certificates hang on
// them: see TestLess.
var clockCases = func() []rowCase {
	noon := time.Date(2026, 12, 1, 12, 0, 0, 0, shanghai)
	no, hour := ptr(false), time.Hour
	with := func(w func() *world, c clocks) func() *world {
		c.device = noon
		return func() *world { return w().at(c) }
	}
	return []rowCase{
		{"clocks.agree", with(healthy, clocks{kernel: no, host: ahead(8 * hour), server: ahead(8 * hour)}), with(healthy, clocks{kernel: no, host: ahead(8 * hour), server: ahead(0)})},
		{"clocks.kernel", with(healthy, clocks{kernel: ptr(true), server: ahead(2 * hour)}), with(healthy, clocks{kernel: ptr(true), host: ahead(hour), server: ahead(2 * hour)})},
		{"clocks.step", with(healthy, clocks{step: 3 * hour, kernel: no, host: ahead(3 * hour)}), with(healthy, clocks{step: 60 * 365 * 24 * hour, server: ahead(0)})},
		{"clocks.year", with(failing, clocks{kernel: no, host: ahead(0), server: ahead(-365 * 24 * hour)}), with(failing, clocks{kernel: no, host: ahead(0), form: "271201120000", server: ahead(hour)})},
		{"clocks.certificate", func() *world {
			return badCertificate(StepSignOn, CertExpired).at(clocks{device: noon, kernel: no, host: ahead(0), server: ahead(-60 * 24 * hour)})
		},
			func() *world {
				return badCertificate(StepSignOn, CertNotYetValid).at(clocks{device: noon, kernel: no, host: ahead(30 * 24 * hour), server: ahead(30 * 24 * hour)})
			}},
		{"clocks.date", func() *world {
			return badCertificate(StepSignOn, CertExpired).at(clocks{device: noon, kernel: no, host: ahead(0), form: "261201120000"})
		},
			func() *world {
				return badCertificate(StepSignOn, CertExpired).at(clocks{device: noon, kernel: ptr(true), host: ahead(0), server: ahead(-365 * 24 * hour)})
			}},
		{"clocks.unset", func() *world {
			return badCertificate(StepTLS, CertNotYetValid).at(clocks{device: time.Unix(60, 0), step: noon.Sub(time.Unix(60, 0)), kernel: no})
		},
			func() *world {
				return badCertificate(StepTLS, CertNotYetValid).at(clocks{device: time.Unix(60, 0), kernel: no, server: ahead(noon.Sub(time.Unix(60, 0)))})
			}},
	}
}()
