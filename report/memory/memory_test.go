package memory

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"posprobe/report"
)

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

func good(endpoint, print string, at time.Time) report.LastGood {
	return report.LastGood{Endpoint: endpoint, Fingerprint: print, Step: report.StepSignOn, At: at}
}

func TestAdd(t *testing.T) {
	one := report.Memory{LastGood: report.List[report.LastGood]{good("a:1", "x", noon)}, Resolvers: report.List[string]{"192.0.2.53:53"}, References: report.List[string]{"192.0.2.80:443"}}
	m, fresh := Add(report.Memory{}, one)
	if !fresh || len(m.LastGood) != 1 {
		t.Fatalf("the first round: %+v, fresh %v", m, fresh)
	}
	later := one
	later.LastGood = report.List[report.LastGood]{good("a:1", "x", noon.Add(10*time.Minute))}
	if m, fresh = Add(m, later); fresh || !m.LastGood[0].At.Equal(noon.Add(10*time.Minute)) {
		t.Errorf("ten minutes later: %+v, fresh %v", m, fresh)
	}
	for name, next := range map[string]report.Memory{
		"an hour later":     {LastGood: report.List[report.LastGood]{good("a:1", "x", noon.Add(70*time.Minute))}},
		"before the clock":  {LastGood: report.List[report.LastGood]{good("a:1", "x", noon.AddDate(-50, 0, 0))}},
		"another message":   {LastGood: report.List[report.LastGood]{good("a:1", "y", noon)}},
		"another resolver":  {Resolvers: report.List[string]{"198.51.100.53:53"}},
		"another reference": {References: report.List[string]{"198.51.100.80:443"}},
	} {
		if _, fresh := Add(m, next); !fresh {
			t.Errorf("%s: not worth storing", name)
		}
	}
	if !slices.Equal(m.Resolvers, one.Resolvers) || !slices.Equal(m.References, one.References) {
		t.Errorf("lost: %+v", m)
	}
}

// TestUsual: a slow reply counts in full, and less with every faster one; what makes no
// difference to the rules is not stored.
func TestUsual(t *testing.T) {
	m := report.Memory{}
	for _, c := range []struct {
		took, usual float64
		fresh       bool
	}{{100, 100, true}, {300, 300, false}, {3500, 3500, true}, {100, 1800, true}, {100, 950, true}, {100, 525, false}, {90, 307.5, false}, {900, 900, true}} {
		g := good("a:1", "x", noon)
		g.ReplyMs = c.took
		var fresh bool
		if m, fresh = Add(m, report.Memory{LastGood: report.List[report.LastGood]{g}}); m.LastGood[0].ReplyMs != c.usual || fresh != c.fresh {
			t.Errorf("%v ms: usually %v ms, fresh %v; want %v, %v", c.took, m.LastGood[0].ReplyMs, fresh, c.usual, c.fresh)
		}
	}
}

// TestBounded: a terminal lives for years, and its memory does not grow.
func TestBounded(t *testing.T) {
	var m report.Memory
	for i := range 200 {
		s := fmt.Sprint(i)
		m, _ = Add(m, report.Memory{LastGood: report.List[report.LastGood]{good(s, s, noon)}, Resolvers: report.List[string]{s}, References: report.List[string]{s}})
	}
	if len(m.LastGood) != maxGood || len(m.Resolvers) != maxAddresses || len(m.References) != maxAddresses {
		t.Errorf("%d, %d, %d", len(m.LastGood), len(m.Resolvers), len(m.References))
	}
	if m.LastGood[maxGood-1].Endpoint != "199" || m.References[0] != "184" {
		t.Errorf("not the newest were kept: %+v", m)
	}
}
