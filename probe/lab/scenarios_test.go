//go:build linux

package lab

import (
	"flag"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"posprobe/report"
)

var full = flag.Bool("full", false, "run every scenario, not the core ones alone")

// scenariosDir holds the scenario files.
const scenariosDir = "scenarios"

func loadScenarios(t *testing.T) []*Scenario {
	t.Helper()
	list, err := LoadScenarios(scenariosDir)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 {
		t.Fatal("no scenarios")
	}
	return list
}

// TestScenarioFiles reads every scenario. It needs no laboratory.
func TestScenarioFiles(t *testing.T) {
	core := 0
	for _, s := range loadScenarios(t) {
		if s.Core {
			core++
		}
	}
	if core == 0 {
		t.Error("no scenario is core")
	}
}

// TestScenarios runs the core scenarios, all with -full: the evidence is recorded, the
// verdict no stronger than the rules of proof allow, and never the wrong domain.
// POSPROBE_SAVE is a directory in which each report is kept.
func TestScenarios(t *testing.T) {
	var list []*Scenario
	for _, s := range loadScenarios(t) {
		if s.Core || *full {
			list = append(list, s)
		}
	}
	c := collect()
	t.Run("worlds", func(t *testing.T) {
		for _, s := range list {
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				o := RunScenario(t, s)
				c.add(o)
				if wrong := Judge(o); len(wrong) > 0 {
					t.Errorf("%s\n  %s\n%s", s.About, strings.Join(wrong, "\n  "), findingsOf(o.Report.Diagnosis))
				}
				if dir := os.Getenv("POSPROBE_SAVE"); dir != "" {
					if err := o.Save(dir); err != nil {
						t.Error(err)
					}
				}
			})
		}
	})
	if *full {
		c.publish(t, SectionScenarios, "Scenarios", "make lab", len(list), func(all []Outcome) string {
			return ScoreOf(all).Markdown() + "\n### Worlds that look the same\n\n" + twinsMarkdown(TwinsOf(all))
		})
	}
}

// A wrong scenario is refused, and the reason says where to look.
func TestScenarioErrors(t *testing.T) {
	const right = `about: The provider drops what goes to the acquirer.
covers: [fault 97]
kind: single
world: {nat: single}
break: [{drop: {at: isp, to: acquirer}}]
truth: [network]
expected: {headline: inconclusive, because: silence}
`
	if _, err := ParseScenario("group/right", []byte(right)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{"about:", "abuot:", "abuot"},
		{"about: The provider drops what goes to the acquirer.", "about: ''", "about is empty"},
		{"fault 97", "fault x", `"fault x" is neither`},
		{"kind: single", "kind: simple", `unknown kind "simple"`},
		{"kind: single", "kind: healthy", "something is broken in [network]"},
		{"truth: [network]", "truth: []", "name one domain"},
		{"truth: [network]", "truth: [weather]", `unknown domain "weather"`},
		{"{nat: single}", "{nat: triple}", `world.nat: "triple"`},
		{"{nat: single}", "{nta: single}", "nta"},
		{"{nat: single}", "{trust: pin}", "trust needs tls"},
		{"{nat: single}", "{resolvers: 3}", "world.resolvers"},
		{"{nat: single}", "{delay: 5}", "time.Duration"},
		{"{nat: single}", "{no_ping: [lan]}", "no_ping"},
		{"{drop:", "{dorp:", `unknown verb "dorp"`},
		{"at: isp", "ta: isp", `drop: unknown argument "ta"`},
		{"at: isp", "at: ips", `drop: at: no namespace "ips"`},
		{"to: acquirer}", "to: aquirer}", `unknown target "aquirer"`},
		{"to: acquirer}", "what: requests}", "requests need to"},
		{"{drop: {at: isp, to: acquirer}}", "no_dhcp", "needs world.dhcp"},
		{"{drop: {at: isp, to: acquirer}}", "{front_end_only: {}}", "needs world.front"},
		{"{drop: {at: isp, to: acquirer}}", "starve", "needs since request"},
		{"{drop: {at: isp, to: acquirer}}", "[drop]", "one verb with its arguments"},
		{"{drop: {at: isp, to: acquirer}}", "{loss: {percent: 200}}", "percent: 200"},
		{"[{drop: {at: isp, to: acquirer}}]", "[]", "nothing is broken"},
		{"headline: inconclusive", "headline: network.path.gremlin", `"network.path.gremlin" is not in the catalogue`},
		{"headline: inconclusive", "headline: host.refused", "host.refused is of domain host"},
		{"headline: inconclusive", "headline: inconclusive, named: [host.refused]", "named: host.refused"},
		{"headline: inconclusive", "headline: inconclusive, confidence: proven", "nobody is blamed"},
		{"headline: inconclusive", "headline: inconclusive, excluded: [network]", "excluded: network is the truth"},
		{"headline: inconclusive", "headline: inconclusive, remaining: [shop]", `remaining: unknown domain "shop"`},
		{"because: silence", "because: ''", "expected.because is empty"},
		{"expected:", "near_misses: [host.gone]\nexpected:", "near_misses"},
		{"expected:", "since: yesterday\nexpected:", `"yesterday" is neither`},
		{"expected:", "check: {wait: 61s}\nexpected:", "check.wait"},
		{"expected:", "evidence: [{at: evidence, is: 1}]\nexpected:", `"evidence" is no pointer`},
		{"expected:", "evidence: [{at: /evidence}]\nexpected:", "neither is, least, most nor absent"},
	} {
		text := strings.Replace(right, c.old, c.new, 1)
		if text == right {
			t.Fatalf("%q is not in the file", c.old)
		}
		_, err := ParseScenario("group/wrong", []byte(text))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "group/wrong: ") {
			t.Errorf("%q for %q: %v, want %q", c.new, c.old, err, c.want)
		}
	}
}

// A twin is there, and of another truth.
func TestScenarioTwin(t *testing.T) {
	one := &Scenario{Name: "a/one", Twin: "a/other", Truth: []report.Domain{report.DomainNetwork}}
	other := &Scenario{Name: "a/other", Truth: []report.Domain{report.DomainHost}}
	if err := checkTwin(one, []*Scenario{one, other}); err != nil {
		t.Error(err)
	}
	if err := checkTwin(one, []*Scenario{one}); err == nil {
		t.Error("a twin that does not exist")
	}
	other.Truth = one.Truth
	if err := checkTwin(one, []*Scenario{one, other}); err == nil {
		t.Error("a twin of the same truth")
	}
}

// The README's example is a scenario, and its list of verbs is whole.
func TestVerbsAreDescribed(t *testing.T) {
	text, err := os.ReadFile(scenariosDir + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(text), "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	if _, err := ParseScenario("README", []byte(example)); err != nil {
		t.Error(err)
	}
	for name := range verbs {
		if !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("README.md does not describe %s", name)
		}
	}
}

// Statements about a report in the form in which scenarios make them.
func TestStatement(t *testing.T) {
	o := Outcome{}
	o.Report.ElapsedMs = 812.5
	o.Report.Diagnosis.Remaining = []report.Domain{"host", "network"}
	for text, want := range map[string]bool{
		"{at: /elapsed_ms, least: 800, most: 900}":       true,
		"{at: /elapsed_ms, least: 900}":                  false,
		"{at: /diagnosis/remaining/*, is: network}":      true,
		"{at: /diagnosis/remaining/0, is: network}":      false,
		"{at: /diagnosis/remaining/*, is: device}":       false,
		"{at: /diagnosis/remaining/*, absent: true}":     false,
		"{at: /diagnosis/findings, absent: true}":        true,
		"{at: /diagnosis/findings/*/code, absent: true}": true,
		"{at: /diagnosis/nonsense, is: 1}":               false,
		"{at: /schema, is: 0}":                           true,
	} {
		var s Statement
		if err := yaml.Unmarshal([]byte(text), &s); err != nil {
			t.Fatal(err)
		}
		if why := s.judge(o.Report); (why == "") != want {
			t.Errorf("%s: %q", text, why)
		}
	}
}
