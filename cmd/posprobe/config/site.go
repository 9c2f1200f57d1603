package config

import (
	"maps"
	"slices"
	"time"

	"posprobe/probe/signon"
	"posprobe/report"
)

// Site returns what the configuration expects of the site, as a round's evidence.
//
// Now is the device's wall clock and offset what is to be added to it to get the true
// time (0 while that is not known). The windows are intervals of true time, whole and
// in order, that touch the 27 h before or after now+offset. Call it after Check had
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

			GatewayLossPercent: float64(c.Limits.GatewayLoss),
		},
		Interfaces: slices.Clone(c.Device.Interfaces),
		Portal:     c.Network.PortalURL,
		TimeServer: timeServer(c.Network.TimeServer),

		Processes:       slices.Clone(c.Device.Processes),
		SoftwareMinimum: c.Device.Software.Minimum,
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
	for i, e := range c.Acquirer.Endpoints {
		dialect, _ := c.Dialect(i, anySTAN) // which is no part of the fingerprint
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
