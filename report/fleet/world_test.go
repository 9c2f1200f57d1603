package fleet

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"posprobe/report"
	"posprobe/report/store"
)

// saved reads a report that the laboratory saw.
func saved(t testing.TB, name string) report.Report {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "lab", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := report.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// at0 is when every test world begins.
var at0 = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

// shop is a terminal of a test world.
type shop struct {
	name, endpoint, resolver string
	network                  string // the first two bytes of its public address, "" for a private one
	version                  string
}

// line puts a saved report into a shop: names, addresses, ids and times are changed, the
// observations and the verdict are the laboratory's. late is how long it waited.
func (s shop) line(t testing.TB, r report.Report, at time.Time, late time.Duration) []byte {
	t.Helper()
	address := r.Evidence.Site.Endpoints[0].Address
	text := encode(t, r)
	text = strings.ReplaceAll(text, `"`+address+`"`, `"`+s.endpoint+`"`)
	if len(r.Evidence.Resolvers) > 0 {
		text = strings.ReplaceAll(text, `"`+r.Evidence.Resolvers[0].Address+`"`, `"`+s.resolver+`:53"`)
	}
	if s.network != "" {
		text = strings.ReplaceAll(text, `"source":"10.77.1.2"`, `"source":"`+s.network+`.1.2"`)
	}
	text = strings.Replace(text, r.ID, fmt.Sprintf("%s-%d", s.name, at.UnixNano()), 1)
	text = strings.Replace(text, `"observed_at":"`+r.ObservedAt.Format(time.RFC3339Nano)+`"`, `"observed_at":"`+at.Format(time.RFC3339Nano)+`"`, 1)
	if !strings.Contains(text, at.Format(time.RFC3339Nano)) {
		t.Fatalf("no time in %.300s", text)
	}
	text = strings.Replace(text, `"version":"`+r.Agent.Version+`"`, `"version":"`+s.version+`"`, 1)
	text = strings.Replace(text, `"terminal":{`, `"terminal":{"ref":"`+s.name+`",`, 1)
	return []byte(`{"sent_at":"` + at.Add(late).Format(time.RFC3339Nano) + `",` + text[1:])
}

// summary is an hour of healthy rounds.
func (s shop) summary(t testing.TB, from, to time.Time) []byte {
	t.Helper()
	body := store.Summary{FirstAt: from, LastAt: to, Rounds: map[report.Verdict]int64{report.VerdictHealthy: 12},
		Endpoints: report.List[store.EndpointSummary]{{Endpoint: s.endpoint}}}
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Appendf(nil, `{"kind":"summary","name":"","id":"%s-h%d","at":%q,"body":%s,"terminal":{"ref":%q}}`,
		s.name, to.Unix(), to.Format(time.RFC3339), raw, s.name)
}

func encode(t testing.TB, r report.Report) string {
	t.Helper()
	text, err := report.Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
