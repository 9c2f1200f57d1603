package fleet

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"posprobe/report"
)

// endpointsOf and resolversOf are those of the test worlds: three acquirers, four
// providers with two regions each.
var (
	endpointsOf = []string{"pos.acquirer.example:5500", "203.0.113.20:5500", "192.0.2.80:7000"}
	resolversOf = []string{"198.51.100.1", "198.51.100.2", "192.0.2.53", "192.0.2.54", "203.0.113.53", "203.0.113.54", "8.8.8.8", "10.0.0.1"}
)

// world is 2,000 shops, their reports of three hours, and what is wrong with whom.
func world(t testing.TB, shops int) []shop {
	t.Helper()
	var out []shop
	for i := range shops {
		out = append(out, shop{name: fmt.Sprintf("t%04d", i), endpoint: endpointsOf[i%3], resolver: resolversOf[i/3%6], version: "1.0.0"})
	}
	return out
}

// bad adds an incident's reports: at the moments given, each of one of the saved reports.
func (s shop) bad(t testing.TB, reports []report.Report, from time.Time, d, late time.Duration, n int) (lines [][]byte) {
	for at := from; at.Before(from.Add(d)); at = at.Add(15 * time.Minute) {
		lines = append(lines, s.line(t, reports[n%len(reports)], at, late))
	}
	return lines
}

func savedAll(t testing.TB, names ...string) (out []report.Report) {
	t.Helper()
	for _, n := range names {
		out = append(out, saved(t, n))
	}
	return out
}

// TestThreeAtOnce: 2,000 terminals. From 10:00 to 11:00 the acquirer's host at the second
// endpoint hangs or is off; from 10:10 to 11:10 a provider's access is down, whose
// terminals send afterwards; and thirty shops have faults of their own. The lines come in
// any order, some twice, some broken.
func TestThreeAtOnce(t *testing.T) {
	host := savedAll(t, "host-hung_application", "host-off_without_a_word", "host-no_response_planned", "host-powered_off", "host-refused")
	access := savedAll(t, "access-down_by_address", "access-down_by_address_known", "access-down_without_reference", "access-table_full")
	single := savedAll(t, "local-no_carrier", "device-interface_off", "local-gateway_dead", "account-terminal_struck_off", "local-duplicate_address", "path-dropped_in_shop")
	good := savedAll(t, "healthy-plain")
	shops := world(t, 2000)
	var lines [][]byte
	sick := map[string]bool{}
	for i, s := range shops {
		dead := s.endpoint == endpointsOf[1]
		cut := s.resolver == resolversOf[2]
		alone := !dead && !cut && i%35 == 0 && len(sick) < 30
		at := at0.Add(time.Duration(i%15) * time.Minute)
		lines = append(lines, s.line(t, good[0], at0, time.Minute), s.summary(t, at0, at0.Add(59*time.Minute)))
		switch {
		case cut:
			lines = append(lines, s.bad(t, access, at.Add(70*time.Minute), time.Hour-15*time.Minute, 2*time.Hour, i)...)
		case dead:
			lines = append(lines, s.bad(t, host, at.Add(time.Hour), time.Hour-15*time.Minute, time.Second, i)...)
		case alone:
			sick[s.name] = true
			lines = append(lines, s.bad(t, single, at.Add(time.Hour), 2*time.Hour, time.Hour, len(sick))...)
		default:
			lines = append(lines, s.summary(t, at0.Add(time.Hour), at0.Add(2*time.Hour)))
		}
		if !alone {
			lines = append(lines, s.summary(t, at0.Add(140*time.Minute), at0.Add(3*time.Hour)))
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	random.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	f := New(Options{Names: 2000})
	for i, l := range lines {
		f.AddLine(l, "")
		if i%10 == 0 {
			f.AddLine(l, "")
		}
		if i%50 == 0 {
			f.AddLine(l[:len(l)/2], "")
		}
	}
	s := f.Summary()
	if s.Terminals != 2000 || s.Lines.Repeated != int64(len(lines)+9)/10 || s.Lines.Broken != int64(len(lines)+49)/50 || s.Lines.Forgotten != 0 {
		t.Errorf("%+v", s.Lines)
	}
	var acquirer, provider []Group
	for _, g := range s.Groups {
		t.Logf("%s %s %s %v-%v now %v: %d, others %d, codes %v", g.Kind, g.Endpoint, g.Provider, g.Since.Format("15:04"), g.Until.Format("15:04"), g.Now, g.Terminals, g.Others, g.Codes)
		switch {
		case g.Kind == KindAcquirer:
			acquirer = append(acquirer, g)
		case g.Kind == KindProvider:
			provider = append(provider, g)
		case g.Kind == KindPath:
			t.Errorf("a path: %+v", g)
		}
		for _, n := range g.Names {
			if sick[n] && g.Kind != KindUnknown {
				t.Errorf("%s has a fault of its own and is in %s %s", n, g.Kind, g.Provider)
			}
		}
	}
	if len(acquirer) != 1 || acquirer[0].Endpoint != endpointsOf[1] {
		t.Fatalf("acquirer: %+v", acquirer)
	}
	if len(provider) != 1 || !strings.Contains(provider[0].Provider, resolversOf[2]) {
		t.Fatalf("provider: %+v", provider)
	}
	for _, g := range []Group{acquirer[0], provider[0]} {
		from := at0.Add(time.Hour)
		if g.Kind == KindProvider {
			from = at0.Add(70 * time.Minute)
		}
		if d := g.Since.Sub(from); d < 0 || d > 20*time.Minute || g.Now {
			t.Errorf("%s since %v, now %v", g.Kind, g.Since, g.Now)
		}
		missed := 0
		for _, p := range shops {
			in := slices.Contains(g.Names, p.name)
			should := p.endpoint == endpointsOf[1] && g.Kind == KindAcquirer && p.resolver != resolversOf[2] || p.resolver == resolversOf[2] && g.Kind == KindProvider
			switch {
			case in && p.endpoint != endpointsOf[1] && p.resolver != resolversOf[2]:
				t.Errorf("%s is in %s", p.name, g.Kind)
			case should && !in:
				missed++
			}
		}
		if missed > int(g.Terminals)/20 {
			t.Errorf("%s: %d of %d missed", g.Kind, missed, g.Terminals)
		}
	}
	found := 0
	for _, v := range s.Shops {
		if sick[v.Terminal] {
			found++
		} else {
			t.Errorf("%+v", v)
		}
	}
	if found != len(sick) || len(sick) != 30 {
		t.Errorf("%d of %d shops found", found, len(sick))
	}
}

// scene is a small world: who is bad when, and what must be said.
func TestScenes(t *testing.T) {
	host := savedAll(t, "host-hung_application")    // which alone cannot tell
	named := savedAll(t, "host-refused")            // which names the host
	access := savedAll(t, "access-down_by_address") // which alone cannot tell
	good := savedAll(t, "healthy-plain")
	at := at0.Add(time.Hour)
	for _, c := range []struct {
		name string
		// who says what of a shop with a number: bad reports, and how late they came
		who  func(i int, s shop) (reports []report.Report, late time.Duration)
		n    int
		want Kind
		make func(i int) shop
		once bool // one report of each, ten minutes apart
	}{
		{"four terminals are too few", func(i int, s shop) ([]report.Report, time.Duration) { return host, time.Hour }, 4, KindUnknown, nil, false},
		{"nobody bears witness", func(i int, s shop) ([]report.Report, time.Duration) { return host, time.Hour }, 300, KindUnknown, nil, false},
		{"reports got through", func(i int, s shop) ([]report.Report, time.Duration) { return host, time.Second }, 300, KindAcquirer, nil, false},
		{"one endpoint of three", func(i int, s shop) ([]report.Report, time.Duration) {
			if i%3 == 0 {
				return host, time.Hour
			}
			return nil, 0
		}, 300, KindAcquirer, nil, false},
		{"one endpoint, one provider, and others elsewhere good", func(i int, s shop) ([]report.Report, time.Duration) {
			if i%2 == 0 {
				return access, time.Hour
			}
			return nil, 0
		}, 60, KindPath, func(i int) shop {
			return shop{endpoint: endpointsOf[0], resolver: resolversOf[i%2]}
		}, false},
		{"one endpoint and one provider for all", func(i int, s shop) ([]report.Report, time.Duration) { return named, time.Hour }, 60, KindUnknown, func(i int) shop {
			return shop{endpoint: endpointsOf[0], resolver: resolversOf[0]}
		}, false},
		{"everybody's resolver tells no provider", func(i int, s shop) ([]report.Report, time.Duration) {
			if i%2 == 0 {
				return access, time.Hour
			}
			return nil, 0
		}, 60, "", func(i int) shop {
			return shop{endpoint: endpointsOf[i/2%3], resolver: []string{"8.8.8.8", "1.1.1.1"}[i%2]}
		}, false},
		{"a provider by its addresses", func(i int, s shop) ([]report.Report, time.Duration) {
			if i%4 == 0 {
				return access, time.Hour
			}
			return nil, 0
		}, 120, KindProvider, func(i int) shop {
			return shop{endpoint: endpointsOf[i%3], resolver: "8.8.8.8", network: fmt.Sprintf("203.%d", i%4)}
		}, false},
		{"a fifth of an endpoint's terminals", func(i int, s shop) ([]report.Report, time.Duration) {
			if i%15 == 0 {
				return host, time.Hour
			}
			return nil, 0
		}, 300, KindShop, nil, false},
		{"four terminals of an endpoint", func(i int, s shop) ([]report.Report, time.Duration) {
			if i < 4 {
				return host, time.Second
			}
			return nil, 0
		}, 100, KindUnknown, func(i int) shop {
			return shop{endpoint: endpointsOf[min(i/4, 1)], resolver: resolversOf[i%2]}
		}, false},
		{"half of an endpoint's terminals", func(i int, s shop) ([]report.Report, time.Duration) {
			if i%6 == 0 {
				return host, time.Second
			}
			return nil, 0
		}, 120, KindUnknown, func(i int) shop {
			return shop{endpoint: endpointsOf[i%3], resolver: resolversOf[i/3%6/2]}
		}, false},
		{"an endpoint that one provider reaches", func(i int, s shop) ([]report.Report, time.Duration) {
			if s.endpoint == endpointsOf[0] && s.resolver != resolversOf[2] {
				return host, time.Hour
			}
			return nil, 0
		}, 200, KindUnknown, func(i int) shop {
			s := shop{endpoint: endpointsOf[i%2], resolver: resolversOf[i/2%2]}
			if i < 20 {
				s.resolver = resolversOf[2]
			}
			return s
		}, false},
		{"an endpoint that is known over one provider alone", func(i int, s shop) ([]report.Report, time.Duration) {
			if s.endpoint == endpointsOf[0] {
				return host, time.Hour
			}
			return nil, 0
		}, 100, KindUnknown, func(i int) shop {
			return shop{endpoint: endpointsOf[i%2], resolver: resolversOf[0]}
		}, false},
		{"a provider that is known of the bad ones alone", func(i int, s shop) ([]report.Report, time.Duration) {
			if i < 20 {
				return access, time.Hour
			}
			return nil, 0
		}, 200, "", func(i int) shop {
			s := shop{endpoint: endpointsOf[i%3], resolver: "10.0.0.1"}
			switch {
			case i < 20:
				s.resolver = resolversOf[0]
			case i%10 == 0:
				s.resolver = resolversOf[1]
			}
			return s
		}, false},
		{"a provider whose endpoints nobody else uses", func(i int, s shop) ([]report.Report, time.Duration) {
			if s.resolver == resolversOf[0] {
				return access, time.Hour
			}
			return nil, 0
		}, 100, KindUnknown, func(i int) shop {
			if i%2 == 0 {
				return shop{endpoint: endpointsOf[i/2%2], resolver: resolversOf[0]}
			}
			return shop{endpoint: endpointsOf[2], resolver: resolversOf[1]}
		}, false},
		{"most were good an hour ago and are silent", func(i int, s shop) ([]report.Report, time.Duration) {
			if i%10 < 2 {
				return host, time.Second
			}
			return []report.Report{}, 0
		}, 100, KindUnknown, func(i int) shop {
			return shop{endpoint: endpointsOf[0], resolver: resolversOf[i%2]}
		}, false},
		{"rounds far apart", func(i int, s shop) ([]report.Report, time.Duration) { return host, time.Second }, 100, KindAcquirer, func(i int) shop {
			return shop{endpoint: endpointsOf[0], resolver: resolversOf[i%2]}
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := New(Options{})
			for i := range c.n {
				s := shop{endpoint: endpointsOf[i%3], resolver: resolversOf[i/3%6]}
				if c.make != nil {
					s = c.make(i)
				}
				s.name, s.version = fmt.Sprintf("t%d", i), "1"
				f.AddLine(s.line(t, good[0], at0, time.Hour), "")
				reports, late := c.who(i, s)
				if reports == nil {
					f.AddLine(s.summary(t, at0, at.Add(30*time.Minute)), "")
					continue
				}
				f.AddLine(s.summary(t, at0, at.Add(-15*time.Minute)), "")
				if c.once && len(reports) > 0 {
					f.AddLine(s.line(t, reports[0], at.Add(time.Duration(i/2%2*10)*time.Minute), late), "")
					continue
				}
				for n := range 3 * len(reports) {
					f.AddLine(s.line(t, reports[0], at.Add(time.Duration(10*n)*time.Minute), late), "")
				}
			}
			s := f.Summary()
			blamed := map[Kind]bool{}
			for _, g := range s.Groups {
				t.Logf("%s %s %s: %d, others %d, %v to %v", g.Kind, g.Endpoint, g.Provider, g.Terminals, g.Others, g.Since, g.Until)
				if g.Kind != KindUnknown {
					blamed[g.Kind] = true
				}
				if c.once && g.Terminals != int64(c.n) { // who has not asked again yet is still bad
					t.Errorf("%d of %d terminals", g.Terminals, c.n)
				}
			}
			switch {
			case c.want == KindShop:
				if len(blamed) != 0 || len(s.Shops) != 20 {
					t.Errorf("%v, %d shops", blamed, len(s.Shops))
				}
			case c.want == KindUnknown || c.want == "":
				if len(blamed) != 0 || c.want != "" && (len(s.Groups) == 0 || len(s.Shops) != 0) {
					t.Errorf("%v, %d groups, shops %+v", blamed, len(s.Groups), s.Shops)
				}
			case len(blamed) != 1 || !blamed[c.want]:
				t.Errorf("%v, want %s", blamed, c.want)
			}
		})
	}
}

// TestVersion: a cause that one version has is told, and one that all have is not.
func TestVersion(t *testing.T) {
	skew, good := saved(t, "device-clock_skew"), saved(t, "healthy-plain")
	for _, c := range []struct {
		sick func(i int) bool
		want string
	}{
		{func(i int) bool { return i%4 == 2 && i%3 == 0 || i == 1 }, "version 1.2.0"},
		{func(i int) bool { return i%3 == 0 }, ""},
		{func(i int) bool { return i%4 == 2 && i < 16 }, ""},
	} {
		f := New(Options{})
		for i, s := range world(t, 200) {
			r := good
			if s.version = fmt.Sprintf("1.%d.0", i%4); c.sick(i) {
				r = skew
			}
			f.AddLine(s.line(t, r, at0, 0), "")
		}
		got := ""
		s := f.Summary()
		for _, share := range s.Causes[0].Shared {
			got += share.By
		}
		if len(s.Causes) != 1 || s.Causes[0].Code != "device.clock.skew" || got != c.want {
			data, _ := json.MarshalIndent(s.Causes, "", " ")
			t.Errorf("want %q: %s", c.want, data)
		}
	}
}
