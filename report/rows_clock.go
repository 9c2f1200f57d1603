package report

import (
	"math"
	"slices"
	"time"
)

// clockRows: the terminal's clock, against those of others.
var clockRows = []Row{
	{
		Code: "device.clock.unset", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		Source: "no correct clock is older than this rule",
		Title:  Text{"终端时钟未设置（日期早于软件发布）", "The terminal's clock is not set: its date lies before this software existed"},
		Advice: Text{"校正终端的日期和时间，再重新签到；若断电后又丢失，请更换时钟电池。",
			"Set the terminal's date and time, then sign on again. If it is lost at every power-off, the clock battery is due."},
		test: func(f *facts) []sighting {
			for i, c := range f.Clocks {
				if c.Source == ClockRound && c.Wall.Before(earliestClock) {
					s := sighting{confidence: Proven, because: []string{pointer("clocks", i)}, explains: f.badTimes(CertNotYetValid)}
					if own, _, _ := f.own(); !own.Before(earliestClock) || !f.whole(TaskClock) { // it was set meanwhile
						s.confidence = Possible
					}
					return []sighting{s}
				}
			}
			return nil
		},
	},
	{
		Code: "device.clock.skew", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		Wants:  []Question{AskClock},
		Source: "the time in a host's reply, or a time server's (RFC 5905), against the device's clock; adjtimex(2)",
		Title:  Text{"终端时钟不准（与主机或时间服务器不一致）", "The terminal's clock is wrong: it differs from the host's or a time server's"},
		Advice: Text{"核对并校正终端的日期和时间，再重新签到。", "Check and set the terminal's date and time, then sign on again."},
		test: func(f *facts) []sighting {
			return f.skewed(func(ms float64) bool { return !wholeZone(ms) })
		},
	},
	{
		Code: "device.clock.zone", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		Wants:  []Question{AskClock},
		Source: "the time in a host's reply, or a time server's, against the device's clock: an offset of whole quarter hours",
		Title:  Text{"终端时区或小时设置可能不对", "The terminal's time zone or hour may be set wrongly"},
		Advice: Text{"用准确时间核对终端的时区和小时；相差正好是整小时（或半小时、一刻钟），像是时区设错。",
			"Compare the terminal's time zone and hour with the right time: a difference of whole hours (or half or quarter hours) looks like a wrong zone."},
		test: func(f *facts) []sighting {
			out := f.skewed(wholeZone)
			zoned := func(r reading) bool { return r.zoned }
			if f.Site.Zone == "" && !slices.ContainsFunc(f.readings(), zoned) { // the host's zone may be another one
				for i := range out {
					out[i].confidence = Possible
				}
			}
			return out
		},
	},
}

// earliestClock is older than any release of these rules.
var earliestClock = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// badTimes are the handshakes with a certificate that is wrong by its dates.
func (f *facts) badTimes(problems ...CertificateProblem) []string {
	var out []string
	for i, h := range f.TLS {
		if slices.ContainsFunc(h.Problems, func(p CertificateProblem) bool { return slices.Contains(problems, p) }) {
			out = append(out, pointer("handshakes", i))
		}
	}
	return out
}

// skewed finds a clock offset that matters and that fits. A host's clock can be wrong
// too, and so can a time server's: both together prove it, unless they disagree; one of
// them makes it likely unless the kernel says that something keeps its clock right.
func (f *facts) skewed(fits func(ms float64) bool) []sighting {
	ms, because, ok := f.offset()
	if !ok || math.Abs(ms) < f.skewLimit() || !fits(ms) {
		return nil
	}
	s := sighting{confidence: Possible, because: because, explains: f.goodAtCorrectedTime()}
	server := slices.ContainsFunc(f.readings(), func(r reading) bool { return r.server })
	host := slices.ContainsFunc(f.readings(), func(r reading) bool { return !r.server })
	at, synchronized := f.synchronized()
	switch {
	case len(f.lost) > 0 || !f.clocksAgree(): // one that contradicts may be missing
	case server && host:
		s.confidence = Proven
	case synchronized != nil && !*synchronized:
		s.confidence, s.because = Likely, append(s.because, at)
	case synchronized == nil && server:
		s.confidence = Likely
	}
	return []sighting{s}
}

// goodAtCorrectedTime are the handshakes whose certificate is outside its dates by the
// device's clock and inside them at corrected time.
func (f *facts) goodAtCorrectedTime() []string {
	now, ok := f.now()
	var out []string
	for i, h := range f.TLS {
		if ok && len(h.Certificates) > 0 && (slices.Contains(h.Problems, CertExpired) || slices.Contains(h.Problems, CertNotYetValid)) &&
			!now.Before(h.Certificates[0].NotBefore) && !now.After(h.Certificates[0].NotAfter) {
			out = append(out, pointer("handshakes", i))
		}
	}
	return out
}

// wholeZone reports whether an offset is a whole number of quarter hours, as time zones
// are (+05:45 is one), give or take two minutes, and less than a day: a clock that is whole
// days off has the wrong date, although zones span 26 hours.
func wholeZone(ms float64) bool {
	const quarter = 15 * 60 * 1000.0
	a := math.Abs(ms)
	off := math.Mod(a, quarter)
	return a > quarter/2 && a < 24*4*quarter-120000 && min(off, quarter-off) <= 120000
}
