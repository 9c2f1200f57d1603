package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the saved reports, verdicts.txt and schema.json again")

const savedDir = "testdata/rows"

// saved makes a report of evidence as posprobe would have written it.
func saved(id string, e Evidence) Report {
	return Report{
		Schema: SchemaVersion, ID: id, Agent: Agent{Name: "posprobe", Version: "test", OS: "linux", Arch: "arm"},
		Trigger: TriggerManual, ObservedAt: time.Date(2026, 12, 1, 9, 30, 12, 345e6, time.FixedZone("", 8*3600)), ElapsedMs: 812.4,
		Acquirer: Acquirer{Name: "Example Acquirer"}, Evidence: e, Diagnosis: Diagnose(e),
	}
}

// TestSaved draws every saved report's verdict again: it must be the saved one, the
// row must be there, and quiet in its near-miss. verdicts.txt shows at a glance what a
// change of the rules changes.
func TestSaved(t *testing.T) {
	var overview strings.Builder
	for _, c := range rowCases {
		for _, v := range []struct {
			suffix string
			make   func() *world
			want   bool
		}{{"", c.show, true}, {".quiet", c.quiet, false}} {
			name := string(c.code) + v.suffix
			path := filepath.Join(savedDir, name+".json")
			if *update {
				line, err := Encode(saved("01J00000000000000000000000", v.make().evidence()))
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if err := os.WriteFile(path, append(line, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v (go test ./report -update writes it)", err)
			}
			r, err := Decode(data)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			d := Diagnose(r.Evidence)
			if got, want := mustJSON(t, d), mustJSON(t, r.Diagnosis); got != want {
				t.Errorf("%s: the verdict changed\nwas %s\nis  %s", name, brief(r.Diagnosis), brief(d))
			}
			if got := slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Code == c.code }); got != v.want {
				t.Errorf("%s: row seen: %v, want %v", name, got, v.want)
			}
			checkPointers(t, name, data, d)
			fmt.Fprintf(&overview, "%-40s %s\n", name, brief(d))
			again, err := Encode(r)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(append(again, '\n'), data) {
				t.Errorf("%s: reading and writing it again changed it", name)
			}
		}
	}
	golden(t, "testdata/verdicts.txt", overview.String())
}

// golden compares with a file, or writes it with -update.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s is out of date: go test ./report -update, then read the difference", path)
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// checkPointers follows every pointer of a diagnosis into the report.
func checkPointers(t *testing.T, name string, data []byte, d Diagnosis) {
	t.Helper()
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	follow := func(p string) {
		at := doc
		for _, part := range strings.Split(strings.TrimPrefix(p, "/"), "/") {
			switch v := at.(type) {
			case map[string]any:
				at = v[part]
			case []any:
				var i int
				if _, err := fmt.Sscan(part, &i); err != nil || i >= len(v) {
					t.Errorf("%s: pointer %s leads nowhere", name, p)
					return
				}
				at = v[i]
			default:
				at = nil
			}
			if at == nil {
				t.Errorf("%s: pointer %s leads nowhere", name, p)
				return
			}
		}
	}
	for _, f := range d.Findings {
		for _, p := range slices.Concat(f.Because, f.Explains) {
			follow(p)
		}
	}
	for _, p := range d.Unexplained {
		follow(p)
	}
}

// TestMask: what explains another finding masks it only if it is as sure, and only if
// it accounts for all of it.
func TestMask(t *testing.T) {
	lost := Finding{Kind: KindFault, Code: "network.path.silent", Confidence: Likely, Explains: List[string]{"/a"}}
	for _, c := range []struct {
		by   Finding
		want Code
	}{
		{Finding{Kind: KindFault, Code: "network.local.no_carrier", Confidence: Proven, Explains: List[string]{"/a", "/b"}}, "network.local.no_carrier"},
		{Finding{Kind: KindFault, Code: "network.local.no_carrier", Confidence: Proven, Explains: List[string]{"/b"}}, ""},
		{Finding{Kind: KindFault, Code: "network.local.no_carrier", Confidence: Possible, Explains: List[string]{"/a"}}, ""},
		{Finding{Kind: KindFault, Code: "host.slow", Confidence: Proven, Explains: List[string]{"/a"}}, ""},
	} {
		f := []Finding{lost, c.by}
		mask(f)
		if f[0].MaskedBy != c.want {
			t.Errorf("%s %s explaining %v: masked by %q, want %q", c.by.Code, c.by.Confidence, c.by.Explains, f[0].MaskedBy, c.want)
		}
	}
	proven := lost
	proven.Confidence = Proven
	f := []Finding{proven, {Kind: KindFault, Code: "network.local.no_carrier", Confidence: Likely, Explains: List[string]{"/a"}}}
	if mask(f); f[0].MaskedBy != "" {
		t.Error("a guess silenced a proof")
	}
}

// TestHeadline: a fault that explains a failure goes first, then proof, then the lower
// layer.
func TestHeadline(t *testing.T) {
	full := Finding{Kind: KindFault, Code: "device.storage_full", Confidence: Proven}
	host := Finding{Kind: KindFault, Code: "host.no_response", Confidence: Likely, Explains: List[string]{"/a"}}
	path := Finding{Kind: KindFault, Code: "network.path.lost", Confidence: Likely, Explains: List[string]{"/b"}}
	sure := Finding{Kind: KindFault, Code: "host.refused", Confidence: Proven, Explains: List[string]{"/c"}}
	open := Finding{Kind: KindFault, Code: "network.local.no_carrier", Confidence: Possible, Explains: List[string]{"/d"}}
	note := Finding{Kind: KindNote, Code: "note.paused", Confidence: Proven, Explains: List[string]{"/e"}}
	for _, c := range []struct {
		in   []Finding
		want Code
	}{
		{[]Finding{full, host}, host.Code}, {[]Finding{host, path}, path.Code}, {[]Finding{path, sure}, sure.Code},
		{[]Finding{open, note, host}, host.Code}, {[]Finding{full}, full.Code},
	} {
		if got := headline(c.in, nil); got == nil || got.Code != c.want {
			t.Errorf("headline of %v: %v", c.in, got)
		}
	}
	if got := headline([]Finding{full, host}, []string{"/b"}); got != nil {
		t.Errorf("nothing explains why the endpoint does not work, got %v", got)
	}
	if got := headline([]Finding{open, note}, nil); got != nil {
		t.Errorf("possible faults and notes name nobody, got %v", got)
	}
}

// TestPlanned: a host finding inside an announced window is planned, by the host's
// clock where there is one; a network finding never is.
func TestPlanned(t *testing.T) {
	at := time.Date(2026, 12, 1, 9, 0, 0, 0, time.FixedZone("", 8*3600))
	window := func(w *world) Evidence {
		w.e.Site.Windows = List[Window]{{Planned: PlannedMaintenance, From: at, Until: at.Add(time.Hour)}}
		return w.evidence()
	}
	host := hung().placed()
	if d := Diagnose(window(host)); d.Planned != PlannedMaintenance || d.Domain != DomainHost {
		t.Errorf("host inside the window: %s", brief(d))
	}
	net := healthy()
	net.noReply(FailDeadline, unacked)
	if d := Diagnose(window(net)); d.Planned != "" {
		t.Errorf("network inside the window: %s", brief(d))
	}
	late := coded("96")
	late.e.Clocks[3].OffsetMs = ptr(2 * 3600e3) // the device's clock is two hours behind
	if d := Diagnose(window(late)); d.Planned != "" {
		t.Errorf("outside the window by the host's clock: %s", brief(d))
	}
}

// TestLabSaved draws the verdicts of the scenarios of the fault lab (probe/lab, make lab) again.
func TestLabSaved(t *testing.T) {
	var overview strings.Builder
	for name, r := range labReports(t) {
		d := Diagnose(r.Evidence)
		if !*update && mustJSON(t, d) != mustJSON(t, r.Diagnosis) {
			t.Errorf("%s: the verdict changed\nwas %s\nis  %s", name, brief(r.Diagnosis), brief(d))
		}
		if *update {
			r.Diagnosis = d
			line, err := Encode(r)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(labDir, name), append(line, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Fprintf(&overview, "%-44s %s\n", strings.TrimSuffix(name, ".json"), brief(d))
	}
	golden(t, "testdata/lab.txt", overview.String())
}

const labDir = "testdata/lab"

// labReports reads the reports that the scenarios of the fault lab gave, in order.
func labReports(t *testing.T) iter.Seq2[string, Report] {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(labDir, "*.json"))
	if len(files) < 110 {
		t.Fatalf("%d saved reports of scenarios", len(files))
	}
	return func(yield func(string, Report) bool) {
		for _, path := range files {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			r, err := Decode(data)
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			if !yield(filepath.Base(path), r) {
				return
			}
		}
	}
}
