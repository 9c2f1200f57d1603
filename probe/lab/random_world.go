//go:build linux

package lab

import (
	"math/rand/v2"
	"slices"
	"time"
)

// part is one property of a random world.
type part struct {
	name string
	// weight is how often it is chosen among its alternatives; of a property on its own
	// the percentage of worlds that have it.
	weight int
	// fits says whether a world may have it; nil is always.
	fits func(Setup) bool
	set  func(*rand.Rand, *Setup)
}

// randomLines are the lines to the provider; a world has one of them.
var randomLines = []part{
	{name: "a fixed line", weight: 4, set: func(r *rand.Rand, s *Setup) { s.Delay = millis(r, 2, 20) }},
	{name: "a slower line with jitter", weight: 3, set: func(r *rand.Rand, s *Setup) { s.Delay, s.Jitter = millis(r, 10, 40), millis(r, 1, 8) }},
	{name: "a line that loses a packet in a hundred", weight: 2, set: func(r *rand.Rand, s *Setup) {
		s.Delay, s.Loss = millis(r, 5, 40), 0.5+r.Float64()
	}},
	{name: "two translations of addresses", weight: 2, set: func(r *rand.Rand, s *Setup) { s.Delay, s.NAT = millis(r, 2, 20), "double" }},
	{name: "addresses by DHCP", weight: 3, set: func(r *rand.Rand, s *Setup) { s.Delay, s.DHCP = millis(r, 2, 20), true }},
	{name: "IPv6 alone", weight: 1, set: func(r *rand.Rand, s *Setup) { s.Delay, s.IP, s.NAT = millis(r, 2, 20), "6", "none" }},
	{name: "IPv4 and IPv6", weight: 2, set: func(r *rand.Rand, s *Setup) { s.Delay, s.IP = millis(r, 2, 20), "46" }},
	{name: "a line as slow as 2G", weight: 2, set: func(r *rand.Rand, s *Setup) {
		s.Delay, s.Jitter, s.Rate, s.Loss = millis(r, 150, 300), millis(r, 10, 60), 60, r.Float64()
	}},
	{name: "a private APN", weight: 2, set: func(r *rand.Rand, s *Setup) {
		s.Delay, s.Profile = millis(r, 40, 90), "private-apn"
		s.NoReference, s.NoIndependent, s.NoPortal = true, true, true
	}},
}

// randomTraits are chosen each on its own.
var randomTraits = []part{
	{name: "TLS", weight: 40, set: func(_ *rand.Rand, s *Setup) { s.TLS = true }},
	{name: "the acquirer by name", weight: 45, fits: func(s Setup) bool { return s.Profile == "" },
		set: func(_ *rand.Rand, s *Setup) { s.Name = true }},
	{name: "an edge that drops other ports", weight: 50, set: func(_ *rand.Rand, s *Setup) { s.EdgeDrops = true }},
	{name: "no reference", weight: 25, set: func(_ *rand.Rand, s *Setup) { s.NoReference = true }},
	{name: "no independent resolver", weight: 25, set: func(_ *rand.Rand, s *Setup) { s.NoIndependent = true }},
	{name: "no portal page", weight: 25, set: func(_ *rand.Rand, s *Setup) { s.NoPortal = true }},
	{name: "a silent router", weight: 30, set: func(r *rand.Rand, s *Setup) {
		s.SilentHops = []string{[]string{"shop", "isp", "core", "gate"}[r.IntN(4)]}
	}},
	{name: "a gateway that drops pings", weight: 20, set: func(_ *rand.Rand, s *Setup) { s.NoPing = append(s.NoPing, "shop") }},
	{name: "an acquirer that drops pings", weight: 40, set: func(_ *rand.Rand, s *Setup) { s.NoPing = append(s.NoPing, "acq") }},
	{name: "no privileges", weight: 30, set: func(_ *rand.Rand, s *Setup) { s.Unprivileged, s.ClosedPing = true, true }},
}

// composeWorld chooses a line and traits in which all the faults can be, and returns
// their names. There is such a world for every fault, and for every pair of them.
func composeWorld(r *rand.Rand, s *Scenario, faults []*randomFault) (names []string) {
	for {
		s.Setup, s.Check = Setup{}, Check{Wait: randomWait}
		names = chooseWorld(r, s)
		if slices.ContainsFunc(faults, func(f *randomFault) bool {
			// Of two, neither may be a guess.
			return !f.canBe(*s) || len(faults) > 1 && f.decidable != nil && !f.decidable(*s)
		}) {
			continue
		}
		return names
	}
}

func chooseWorld(r *rand.Rand, s *Scenario) (names []string) {
	total := 0
	for _, p := range randomLines {
		total += p.weight
	}
	roll := r.IntN(total)
	for _, p := range randomLines {
		if roll -= p.weight; roll < 0 {
			p.set(r, &s.Setup)
			names = append(names, p.name)
			break
		}
	}
	for _, p := range randomTraits {
		if r.IntN(100) < p.weight && (p.fits == nil || p.fits(s.Setup)) {
			p.set(r, &s.Setup)
			names = append(names, p.name)
		}
	}
	if r.IntN(100) < connectionPercent {
		s.Check.Args = connectionArgs
		names = append(names, connectionName)
	}
	return names
}

// In some worlds posprobe is told to connect only, as where the acquirer wants no echo.
const (
	connectionPercent = 10
	connectionName    = "no sign-on to try"
)

var connectionArgs = []string{"--protocol", "none"}

// connectionOnly reports whether a scenario's check sends no request.
func connectionOnly(s Scenario) bool { return slices.Equal(s.Check.Args, connectionArgs) }

// millis chooses a whole number of milliseconds between two limits.
func millis(r *rand.Rand, least, most int) time.Duration {
	return time.Duration(least+r.IntN(most-least+1)) * time.Millisecond
}
