package receivers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"posprobe/report"
	"posprobe/report/redact"
	"posprobe/report/ship"
	"posprobe/report/store"
)

// A small fleet: 24 terminals of two acquirers' endpoints, two providers, two regions. The
// first endpoint refuses all its terminals; of the second one's, t01 has no carrier.
const (
	deadEndpoint, goodEndpoint = "pos.acquirer.example:5500", "203.0.113.20:5500"
	resolverA, resolverB       = "198.51.100.1:53", "198.51.100.2:53"
)

// linesOf are what the terminal of a number has stored.
func linesOf(t *testing.T, n int, now time.Time) (lines [][]byte) {
	t.Helper()
	healthy, name := "healthy-plain", ""
	switch {
	case n%2 == 0:
		name = "host-refused"
	case n == 1:
		name = "local-no_carrier"
	}
	endpoint, resolver, version, region := goodEndpoint, resolverA, "1.0.0", "north"
	if n%2 == 0 {
		endpoint = deadEndpoint
	}
	if n%4 >= 2 {
		resolver = resolverB
	}
	if n%3 == 0 {
		version = "1.1.0"
	}
	if n >= 12 {
		region = "south/coast"
	}
	add := func(lab string, at time.Time) {
		data, err := os.ReadFile("../../testdata/lab/" + lab + ".json")
		if err != nil {
			t.Fatal(err)
		}
		r, err := report.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		r.ID, r.ObservedAt, r.Agent.Version, r.Terminal.Site = fmt.Sprintf("T%02d-%d", n, at.Unix()), at, version, fmt.Sprintf("%s/%02d", region, n)
		old := r.Evidence.Site.Endpoints[0].Address
		line, err := report.Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		line = bytes.ReplaceAll(line, []byte(`"`+old+`"`), []byte(`"`+endpoint+`"`))
		line = bytes.ReplaceAll(line, []byte(`"10.77.4.2:53"`), []byte(`"`+resolver+`"`))
		line = bytes.ReplaceAll(line, []byte(`"10.77.4.3:53"`), []byte(`"`+resolver+`"`))
		lines = append(lines, line)
	}
	add(healthy, now.Add(-50*time.Minute))
	if name != "" {
		add(name, now.Add(-20*time.Minute))
		add(name, now.Add(-10*time.Minute))
		return lines
	}
	body, err := json.Marshal(store.Summary{FirstAt: now.Add(-time.Hour), LastAt: now.Add(-time.Minute), Rounds: map[report.Verdict]int64{report.VerdictHealthy: 12},
		Endpoints: report.List[store.EndpointSummary]{{Endpoint: endpoint}}})
	if err != nil {
		t.Fatal(err)
	}
	summary, err := json.Marshal(store.Record{Kind: store.KindSummary, ID: fmt.Sprintf("S%02d", n), At: now.Add(-time.Minute), Body: body})
	if err != nil {
		t.Fatal(err)
	}
	return append(lines, summary)
}

// query is one of those that are shipped.
type query struct{ name, text string }

func queries(t *testing.T) (all []query) {
	t.Helper()
	text, err := os.ReadFile(central + "queries.logsql")
	if err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq("\n"+string(text), "\n## ") {
		head, body, _ := strings.Cut(part, "\n")
		if name, _, ok := strings.Cut(head, ":"); ok && !strings.HasPrefix(head, "#") {
			all = append(all, query{name, strings.TrimSpace(body)})
		}
	}
	return all
}

// answers are what the queries must say, a row a line, its fields in the order of their
// names; "..." stands for what depends on the time.
var answers = map[string][]string{
	"share-endpoint": {"endpoint.address=" + deadEndpoint + " terminals=12"},
	"share-provider": {"resolver.address=" + resolverA + " terminals=6", "resolver.address=" + resolverB + " terminals=6"},
	"share-region":   {"region=north terminals=6", "region=south/coast terminals=6"},
	"share-version":  {"agent.version=1.0.0 terminals=8", "agent.version=1.1.0 terminals=4"},
	"causes": {"diagnosis.code=host.refused diagnosis.domain=host terminals=12",
		"diagnosis.code=network.local.no_carrier diagnosis.domain=network terminals=1"},
	"whose-endpoint": {"bad=12 e.address=" + deadEndpoint + " percent=100 terminals=12", "bad=1 e.address=" + goodEndpoint + " percent=8 terminals=12"},
	"whose-provider": {"bad=7 percent=58 resolver.address=" + resolverA + " terminals=12", "bad=6 percent=50 resolver.address=" + resolverB + " terminals=12"},
	"whose-both": {
		"bad=1 endpoint.address=" + goodEndpoint + " resolver.address=" + resolverA + " terminals=6",
		"bad=6 endpoint.address=" + deadEndpoint + " resolver.address=" + resolverA + " terminals=6",
		"bad=0 endpoint.address=" + goodEndpoint + " resolver.address=" + resolverB + " terminals=6",
		"bad=6 endpoint.address=" + deadEndpoint + " resolver.address=" + resolverB + " terminals=6"},
	"silent": nil,
}

func init() {
	for n := 0; n < 24; n += 2 {
		answers["share-terminals"] = append(answers["share-terminals"], fmt.Sprintf("reports=2 terminal.ref=t%02d", n))
	}
	answers["terminal-week"] = []string{
		"_time=... diagnosis.code=host.refused diagnosis.confidence=likely diagnosis.domain=host diagnosis.verdict=fault id=T04-...",
		"_time=... diagnosis.code=host.refused diagnosis.confidence=likely diagnosis.domain=host diagnosis.verdict=fault id=T04-...",
		"_time=... diagnosis.verdict=healthy id=T04-...",
	}
}

// row writes an answer's row, without empty fields, times and what comes after them.
func row(fields map[string]string) string {
	var out []string
	for k, v := range fields {
		switch {
		case v == "":
			continue
		case k == "_time":
			v = "..."
		case k == "id":
			v, _, _ = strings.Cut(v, "-")
			v += "-..."
		}
		out = append(out, k+"="+v)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// TestQueries: the queries that are shipped, asked of VictoriaLogs with the flags that are
// shipped, about a fleet that shipped its reports, some of them twice: as lines of JSON,
// and over the Collector.
func TestQueries(t *testing.T) {
	now := time.Now()
	for _, route := range []string{"lines", "collector"} {
		t.Run(route, func(t *testing.T) {
			logs := startVictoriaLogs(t)
			d := ship.Destination{To: "http://" + logs + inserts, Format: ship.NDJSON}
			front := ""
			if route == "collector" {
				d, front = startCollector(t, logs), "_time:7d | unpack_json | filter "
			}
			sent := 0
			for n := range 24 {
				stored := saved{linesOf(t, n, now)}
				d.Redact = redact.Redactor{Ref: fmt.Sprintf("t%02d", n)}
				for range 1 + n%5/4 { // every fifth terminal's answer gets lost
					send(t, d, stored)
					sent += len(stored.lines)
				}
			}
			eventually(t, "everything to be found", func() bool { return len(ask(t, logs, "*")) >= sent })
			for _, q := range queries(t) {
				want, ok := answers[q.name]
				if !ok {
					t.Errorf("no answer is known to %s", q.name)
				}
				text := strings.NewReplacer("${terminal}", "t04", "${code}", "host.refused").Replace(q.text)
				var got []string
				for _, fields := range ask(t, logs, front+text) {
					got = append(got, row(fields))
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s:\n%s\ngot\n%s\nwant\n%s", q.name, text, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
			if n := len(queries(t)); n != len(answers) {
				t.Errorf("%d queries, %d answers", n, len(answers))
			}
		})
	}
}

// TestDashboard: every panel of the dashboard, and every variable, asks one of the queries
// that are shipped, word for word.
func TestDashboard(t *testing.T) {
	text, err := os.ReadFile(central + "grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
		Templating struct{ List []struct{ Name string } }
	}
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, q := range queries(t) {
		known = append(known, q.text)
	}
	asked := map[string]bool{}
	for _, p := range d.Panels {
		if len(p.Targets) == 0 || p.Title == "" {
			t.Errorf("panel %q asks nothing", p.Title)
		}
		for _, target := range p.Targets {
			asked[target.Expr] = true
			if !slices.Contains(known, target.Expr) {
				t.Errorf("%s asks what is not tested: %s", p.Title, target.Expr)
			}
		}
	}
	if len(asked) != len(known) {
		t.Errorf("%d of %d queries have a panel", len(asked), len(known))
	}
	for _, v := range d.Templating.List {
		if !bytes.Contains(text, []byte("${"+v.Name+"}")) {
			t.Errorf("variable %s is not used", v.Name)
		}
	}
}
