//go:build linux

package lab

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"posprobe/report"
)

// Soak is what came of many rounds in one world in which nothing changed.
type Soak struct {
	Scenario *Scenario
	// Rounds are the diagnoses, in order.
	Rounds []report.Diagnosis
	// Repeated counts rounds that were done again because this machine starved them.
	Repeated int
}

// SoakFigures are the counts of a Soak.
type SoakFigures struct {
	Rounds int
	// Expected: rounds with an expected or acceptable headline. Inconclusive: further
	// rounds that name nobody. False: rounds that accuse a sound domain.
	Expected, Inconclusive, False int
	// Flips is how often a round's headline differs from that of the one before.
	Flips int
	// Headlines are the headlines that occurred, the most frequent first, with their counts.
	Headlines []HeadlineCount
}

// HeadlineCount is how often a headline occurred.
type HeadlineCount struct {
	Headline string
	N        int
}

// Figures counts.
func (s Soak) Figures() SoakFigures {
	f := SoakFigures{Rounds: len(s.Rounds)}
	before := ""
	for _, d := range s.Rounds {
		headline := Outcome{Report: report.Report{Diagnosis: d}}.Headline()
		switch {
		case d.Domain != "" && !slices.Contains(s.Scenario.Truth, d.Domain):
			f.False++
		case headline == s.Scenario.Expected.Headline, slices.Contains(s.Scenario.Acceptable, headline):
			f.Expected++
		case headline == "inconclusive":
			f.Inconclusive++
		}
		if before != "" && headline != before {
			f.Flips++
		}
		before = headline
		i := slices.IndexFunc(f.Headlines, func(c HeadlineCount) bool { return c.Headline == headline })
		if i < 0 {
			i = len(f.Headlines)
			f.Headlines = append(f.Headlines, HeadlineCount{Headline: headline})
		}
		f.Headlines[i].N++
	}
	slices.SortStableFunc(f.Headlines, func(a, b HeadlineCount) int { return b.N - a.N })
	return f
}

// soakMarkdown is the table of several worlds for people.
func soakMarkdown(soaks []Soak) string {
	t := table{head: []string{"world", "rounds", "as expected", "inconclusive", "accuse wrongly", "share, 95 % at most", "headline changed", "headlines", "repeated"}}
	for _, s := range soaks {
		f := s.Figures()
		_, most := Share{f.False, f.Rounds}.Interval()
		var headlines []string
		for _, h := range f.Headlines {
			headlines = append(headlines, fmt.Sprintf("%s %d", h.Headline, h.N))
		}
		t.add(s.Scenario.Name, fmt.Sprint(f.Rounds), fmt.Sprint(f.Expected), fmt.Sprint(f.Inconclusive), fmt.Sprint(f.False), percent(most),
			fmt.Sprintf("%d times", f.Flips), strings.Join(headlines, ", "), fmt.Sprint(s.Repeated))
	}
	return t.String() + "\nOne world each, in which nothing changes from the first round to the last. \"share, 95 % at most\" is the upper end of the interval of the share that accuses wrongly.\n"
}

// soakWait is --wait in repeated rounds.
const soakWait = 4 * time.Second

// soakRounds is how often a world is checked, of a number of rounds for the healthy one:
// a broken one takes ten times as long.
func soakRounds(s Scenario, healthy int) int {
	if s.Kind == KindHealthy {
		return healthy
	}
	return max(1, healthy/10)
}

// soakLine is the line of every repeated world: jitter, and one packet in a hundred lost.
var soakLine = Setup{Delay: 20 * time.Millisecond, Jitter: 10 * time.Millisecond, Loss: 1}

// soakNamed is that line with the acquirer's name to be resolved.
func soakNamed() Setup {
	s := soakLine
	s.Name = true
	return s
}

// soakTLS is that line with TLS.
func soakTLS(flags ...string) Setup {
	s := soakLine
	s.TLS, s.Acquirer = true, flags
	return s
}

// soakAcquirer is that line with an acquirer that behaves in a way.
func soakAcquirer(behaviour string) Setup {
	s := soakLine
	s.Acquirer = []string{"-behaviour", behaviour}
	return s
}

// soakScenarios are the worlds of a repeated run: the healthy one first.
func soakScenarios() []Scenario {
	single := func(name string, setup Setup, truth report.Domain, headline string, steps ...Step) Scenario {
		s := Scenario{Name: "soak/" + name, Kind: KindSingle, Setup: setup, Break: steps, Since: "always", Truth: []report.Domain{truth},
			Expected: Expected{Headline: headline}, Check: Check{Wait: soakWait}}
		s.About = "Repeated: " + name + "."
		return s
	}
	healthy := single("healthy", soakLine, "", "healthy")
	healthy.Kind, healthy.Truth = KindHealthy, nil
	return []Scenario{
		healthy,
		single("silent_host", soakAcquirer("silent"), report.DomainHost, "host.no_response"),
		single("cut_reply", soakAcquirer("cut"), report.DomainHost, "host.cut_short"),
		single("system_error", soakAcquirer("code=96"), report.DomainHost, "host.system_error"),
		single("refused", soakLine, report.DomainHost, "inconclusive", stepOf("kill")), // the port may never have served
		single("tls_hangs", soakTLS("-cert", "hang"), report.DomainHost, "host.tls_no_response"),
		single("line_cut", soakLine, report.DomainNetwork, "network.access.down", stepOf("cut", "at", "provider")),
		single("syn_dropped", soakLine, report.DomainNetwork, "inconclusive", stepOf("drop", "at", "core", "to", "acquirer", "what", "syn")),
		single("requests_lost", soakLine, report.DomainNetwork, "inconclusive", stepOf("drop", "at", "isp", "to", "acquirer", "what", "data")), // the acquirer's edge may do it
		single("resolver_dead", soakNamed(), report.DomainNetwork, "healthy", stepOf("resolver", "which", "first", "how", "silent")),           // its address may be wrong
		single("no_route", soakLine, report.DomainDevice, "device.no_route", stepOf("no_route")),
	}
}
