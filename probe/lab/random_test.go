//go:build linux

package lab

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"posprobe/report"
)

// seeds is how many are looked at: enough that what is rarest comes up often.
const seeds = 1000

func TestComposeIsPure(t *testing.T) {
	distinct := map[string]bool{}
	for seed := range uint64(seeds) {
		a, b := Compose(seed), Compose(seed)
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("seed %d gives two scenarios:\n%+v\n%+v", seed, a, b)
		}
		distinct[a.About] = true
	}
	if len(distinct) < seeds*2/3 {
		t.Errorf("%d seeds describe only %d scenarios", seeds, len(distinct))
	}
}

// Every fault and every property of a world comes up, and in due proportion.
func TestComposeCovers(t *testing.T) {
	var about strings.Builder
	faults, kinds := map[string]int{}, map[ScenarioKind]int{}
	undecidable := 0
	for seed := range uint64(seeds) {
		s, broken := compose(seed)
		about.WriteString(s.About)
		kinds[s.Kind]++
		for _, f := range broken {
			faults[f.name]++
		}
		if s.Expected.Headline == "inconclusive" {
			undecidable++
		}
	}
	for _, f := range randomFaults {
		if faults[f.name] < 2 {
			t.Errorf("%q comes up %d times in %d seeds", f.name, faults[f.name], seeds)
		}
	}
	for _, p := range append(slices.Clone(randomLines), randomTraits...) {
		if !strings.Contains(about.String(), p.name) {
			t.Errorf("no world has %s", p.name)
		}
	}
	if !strings.Contains(about.String(), connectionName) {
		t.Errorf("no world has %s", connectionName)
	}
	for kind, want := range map[ScenarioKind][2]int{KindHealthy: {12, 18}, KindDouble: {5, 13}, KindSingle: {70, 82}} {
		if share := kinds[kind] * 100 / seeds; share < want[0] || share > want[1] {
			t.Errorf("%d %% are %s, want %d to %d", share, kind, want[0], want[1])
		}
	}
	// Mostly decidable, and enough of what is not for a guess to be caught.
	if share := undecidable * 100 / seeds; share < 15 || share > 45 {
		t.Errorf("%d %% are not decidable", share)
	}
}

// What is expected does not contradict itself.
func TestComposeIsSound(t *testing.T) {
	for seed := range uint64(seeds) {
		s := Compose(seed)
		row, named := report.LookupRow(report.Code(s.Expected.Headline))
		if err := s.check(); err != nil { // verbs, arguments, codes, contradictions
			t.Errorf("%s: %v", s.Name, err)
		}
		switch {
		case named != decidable(s), !named && s.Expected.Headline != "healthy" && s.Expected.Headline != "inconclusive":
			t.Errorf("%s expects %q", s.Name, s.Expected.Headline)
		case named && !slices.Contains(s.Truth, row.Domain):
			t.Errorf("%s expects %q, and what is broken is %v", s.Name, row.Code, s.Truth)
		case s.Kind == KindHealthy && s.Expected.Headline != "healthy", (s.Kind == KindHealthy) != (len(s.Truth) == 0):
			t.Errorf("%s is %s, with %v broken, and expects %q", s.Name, s.Kind, s.Truth, s.Expected.Headline)
		case s.Expected.Because == "":
			t.Errorf("%s does not say why it expects %q", s.Name, s.Expected.Headline)
		case s.Kind == KindDouble && len(s.Expected.Named) != 2:
			t.Errorf("%s names %v of two", s.Name, s.Expected.Named)
		case s.Since == "now" && len(s.Setup.Acquirer) > 0:
			t.Errorf("%s: an acquirer that was never good cannot have been good just before", s.Name)
		case s.Since == "request" && connectionOnly(s):
			t.Errorf("%s waits for a request that is never sent", s.Name)
		}
	}
}

// The tables name codes that exist, in the domain that is broken, and near misses that
// would be wrong.
func TestRandomFaults(t *testing.T) {
	names := map[string]bool{}
	for _, f := range randomFaults {
		if names[f.name] {
			t.Errorf("%q stands twice in the tables", f.name)
		}
		names[f.name] = true
		for _, code := range append(slices.Clone(f.acceptable), string(f.code)) {
			if row, ok := report.LookupRow(report.Code(code)); code != "" && (!ok || row.Domain != f.truth) {
				t.Errorf("%q accepts %q, which is no code in %s", f.name, code, f.truth)
			}
		}
		for _, code := range f.nearMisses {
			if row, ok := report.LookupRow(code); !ok || row.Domain == f.truth && slices.Contains(f.acceptable, string(code)) {
				t.Errorf("%q has the near miss %q", f.name, code)
			}
		}
		if (f.code == "" || f.decidable != nil) != (f.otherwise != "") || (f.code != "") != (f.because != "") {
			t.Errorf("%q does not say when and why it is decidable", f.name)
		}
		if f.flags == nil && f.steps == nil {
			t.Errorf("%q breaks nothing", f.name)
		}
	}
	if len(doubles) != 6 {
		t.Errorf("%d pairs for double faults: one is not called so any more", len(doubles))
	}
	for _, pair := range doubles {
		if pair[0].code == "" || pair[1].code == "" {
			t.Errorf("of %q and %q one can never be told", pair[0].name, pair[1].name)
		}
	}
}

// One fault is decidable in one world and not in another.
func TestRandomFaultExpect(t *testing.T) {
	for name, c := range map[string]struct {
		fault string
		s     Scenario
		want  string
	}{
		"the port may never have served": {"nothing listens on the port", Scenario{Since: "always"}, "inconclusive "},
		"the host was good just before":  {"nothing listens on the port", Scenario{Since: "now"}, "host.refused proven"},
		"the edge does not speak up":     {"nothing listens on the port", Scenario{Since: "now", Setup: Setup{SilentHops: []string{"gate"}}}, "inconclusive "},
		"the terminal is served":         {"one resolver is dead", Scenario{Since: "always"}, "healthy "},
		"nobody was ever heard":          {"the provider's line is cut", Scenario{Since: "always"}, "inconclusive "},
		"a reference was heard":          {"the provider's line is cut", Scenario{Since: "now"}, "network.access.down proven"},
		"how far it is is not known":     {"the host never accepts", Scenario{Since: "now", Setup: Setup{NoReference: true, EdgeDrops: true}}, "inconclusive "},
		"a resolver contradicts":         {"the resolvers deny the name", Scenario{Since: "always"}, "network.dns.no_such_name likely"},
		"nobody contradicts":             {"the resolvers deny the name", Scenario{Since: "always", Setup: Setup{NoIndependent: true}}, "inconclusive "},
		"the interface says so":          {"the plug is pulled", Scenario{Since: "always"}, "network.local.no_carrier proven"},
		"never":                          {"the host is off", Scenario{Since: "now"}, "inconclusive "},
	} {
		f := faultsNamed(c.fault)
		if len(f) != 1 {
			t.Fatalf("%d faults are called %q", len(f), c.fault)
		}
		if e := f[0].expect(c.s); e.Headline+" "+string(e.Confidence) != c.want {
			t.Errorf("%s: expects %s %s, want %s", name, e.Headline, e.Confidence, c.want)
		}
	}
}
