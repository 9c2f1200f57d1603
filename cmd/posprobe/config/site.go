package config

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"posprobe/probe/signon"
	"posprobe/report"
)

// windowRange is how far around a round the announced absences are expanded: wide
// enough for a clock whose zone is set wrongly.
const windowRange = 24 * time.Hour

// Site returns what the configuration expects of the site, as a round's evidence.
//
// Now is the device's wall clock and offset what is to be added to it to get the true
// time (0 while that is not known). The windows are intervals of true time, whole and
// in order, that touch the 24 h before or after now+offset. Call it after Check had
// no mistakes.
func (c *Config) Site(now time.Time, offset time.Duration) report.Site {
	site := report.Site{
		Profile:  report.ProfileInternet,
		OnDemand: c.Network.OnDemand,
		Windows:  c.windows(now.Add(offset)),
		Limits: report.Limits{
			ConnectMs:   inMs(c.Limits.Connect),
			ReplyMs:     inMs(c.Limits.Reply),
			ReplyWarnMs: inMs(c.Limits.ReplyWarn),
			RTTMs:       inMs(c.Limits.RTT),
			ResolveMs:   inMs(c.Limits.Resolve),
			ClockSkewMs: inMs(c.Limits.ClockSkew),
		},
		Interfaces: slices.Clone(c.Device.Interfaces),
		Portal:     c.Network.PortalURL,
	}
	if _, stated := c.places["acquirer.zone"]; stated {
		site.Zone = c.Acquirer.Zone
	}
	if c.Network.Profile == profilePrivateAPN {
		site.Profile = report.ProfilePrivateAPN
	}
	for _, p := range c.Network.ExpectAddresses {
		site.ExpectAddresses = append(site.ExpectAddresses, p.String())
	}
	for _, r := range c.Network.References {
		site.References = append(site.References, r.String())
	}
	if r := c.Network.IndependentResolver; r.IsValid() {
		site.IndependentResolver = r.String()
	}
	codes := c.Acquirer.SignOn.ResponseCodes
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		site.ResponseCodes = append(site.ResponseCodes, report.CodeClass{Code: code, Class: codes[code]})
	}
	const stan = 1 // no part of the fingerprint
	dialect, _ := c.Dialect(stan)
	for _, e := range c.Acquirer.Endpoints {
		site.Endpoints = append(site.Endpoints, expectation(e, dialect))
	}
	return site
}

// expectation is an endpoint in the report's words.
func expectation(e Endpoint, dialect signon.Dialect) report.Endpoint {
	out := report.Endpoint{Address: e.Address, Goal: report.StepConnect, Protocol: signon.ProtocolNone}
	if e.TLS != nil {
		out.Goal, out.TLS, out.Pinned = report.StepTLS, true, e.TLS.Pin != ""
		switch {
		case e.TLS.CA != "":
			out.Roots = "file"
		case !out.Pinned: // a pin alone needs no roots
			out.Roots = "system"
		}
	}
	if dialect != nil {
		out.Goal, out.Protocol, out.Fingerprint = report.StepSignOn, dialect.Protocol(), dialect.Fingerprint()
	}
	return out
}

func inMs(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// windows returns the announced absences that touch the day before or after now.
func (c *Config) windows(now time.Time) report.List[report.Window] {
	var out report.List[report.Window]
	add := func(w report.Window) {
		if w.Until.After(now.Add(-windowRange)) && w.From.Before(now.Add(windowRange)) {
			out = append(out, w)
		}
	}
	for _, m := range c.Acquirer.Maintenance {
		add(report.Window{Planned: report.PlannedMaintenance, From: m.From, Until: m.Until, Note: m.Note})
	}
	for _, w := range closed(c.Acquirer.ServiceHours.Daily, c.Acquirer.Location(), now) {
		add(w)
	}
	slices.SortStableFunc(out, func(a, b report.Window) int {
		return cmp.Or(a.From.Compare(b.From), a.Until.Compare(b.Until), strings.Compare(string(a.Planned), string(b.Planned)))
	})
	return out
}

// closed returns the times between one day's closing and the next day's opening, for
// the days around now in the acquirer's zone.
func closed(hours string, loc *time.Location, now time.Time) []report.Window {
	from, until, ok := daily(hours)
	if !ok || hours == always {
		return nil
	}
	if until < from { // open across midnight: closing time is on the next day
		until += 24 * 60
	}
	year, month, day := now.In(loc).Date()
	var out []report.Window
	for d := day - 3; d <= day+2; d++ {
		closing := time.Date(year, month, d, 0, until, 0, 0, loc)
		opening := time.Date(year, month, d+1, 0, from, 0, 0, loc)
		if opening.After(closing) {
			out = append(out, report.Window{Planned: report.PlannedServiceHours, From: closing, Until: opening})
		}
	}
	return out
}
