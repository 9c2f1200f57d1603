//go:build linux

package lab

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// soakN is how often the healthy world is checked (make lab-soak).
var soakN = flag.Int("soak-rounds", 0, "check the same healthy world `N` times, and ten broken ones N/10 times each")

// soakLimit ends a repeated run; what it has done by then counts.
const soakLimit = 90 * time.Minute

// soakTrial is after how many rounds the time for the rest is estimated.
const soakTrial = 3

// TestSoak checks worlds in which nothing changes again and again, several worlds at
// once. It fails where a sound domain is accused. Without -soak-rounds it does nothing.
func TestSoak(t *testing.T) {
	if *soakN <= 0 {
		return
	}
	began := time.Now()
	var mu sync.Mutex
	var soaks []Soak
	worlds := soakScenarios()
	t.Run("worlds", func(t *testing.T) {
		for _, s := range worlds {
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				got := soak(t, &s, soakRounds(s, *soakN), began.Add(soakLimit))
				if n := got.Figures().False; n > 0 {
					t.Errorf("%s: a sound domain is accused %d times: %v", s.Name, n, got.Figures().Headlines)
				}
				mu.Lock()
				defer mu.Unlock()
				soaks = append(soaks, got)
			})
		}
	})
	order := func(s Soak) int {
		return slices.IndexFunc(worlds, func(x Scenario) bool { return x.Name == s.Scenario.Name })
	}
	slices.SortFunc(soaks, func(a, b Soak) int { return order(a) - order(b) })
	var b strings.Builder
	b.WriteString("## The same worlds over and over\n\n" + Provenance(began, time.Since(began), fmt.Sprintf("make lab-soak ROUNDS=%d", *soakN)) + "\n")
	if missing := len(worlds) - len(soaks); missing > 0 {
		fmt.Fprintf(&b, "**%d worlds came to no end and are not counted.**\n\n", missing)
	}
	publish(t, SectionSoak, b.String()+soakMarkdown(soaks))
}

// soak checks one world n times, or until a moment.
func soak(t *testing.T, s *Scenario, n int, until time.Time) Soak {
	t.Helper()
	sc := newScene(t, s)
	sc.strike()
	check := sc.command()
	out := Soak{Scenario: s}
	began := time.Now()
	for try := 0; len(out.Rounds) < n && time.Now().Before(until); {
		o := sc.await(check(), sc.w.traffic())
		if try++; isBusy(o.Report) && try < rounds {
			out.Repeated++
			continue
		}
		try = 0
		out.Rounds = append(out.Rounds, o.Report.Diagnosis)
		if len(out.Rounds) == soakTrial {
			t.Logf("%s: about %v for %d rounds", s.Name, (time.Since(began) * time.Duration(n) / soakTrial).Round(time.Second), n)
		}
	}
	return out
}
