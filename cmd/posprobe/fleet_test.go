//go:build !(linux && arm)

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"posprobe/report/fleet"
	"posprobe/report/render"
)

// fleetLines are reports of n terminals that all found the same, named after their number.
func fleetLines(t *testing.T, name string, n int, at time.Time) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "report", "testdata", "lab", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var r map[string]any
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range n {
		r["id"], r["observed_at"] = fmt.Sprintf("%s-%d", name, i), at.Format(time.RFC3339)
		r["terminal"] = map[string]string{"ref": fmt.Sprintf("%s\u202e%02d", name[:4], i), "model": "\x1b[31m"}
		line, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	return b.String()
}

// TestFleet: files, standard input and gzip are read together; text and JSON say the same,
// in both languages and within the width; what cannot be read is counted.
func TestFleet(t *testing.T) {
	at := time.Now().Add(-time.Hour)
	dir := t.TempDir()
	plain, zipped := filepath.Join(dir, "a.ndjson"), filepath.Join(dir, "b.gz")
	writeFile(t, plain, fleetLines(t, "host-refused", 12, at)+"broken\n")
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(fleetLines(t, "local-no_carrier", 2, at)))
	w.Close()
	writeFile(t, zipped, b.String())
	in := fleetLines(t, "host-refused", 12, at)
	o := runWith(t, in, nil, "fleet", plain, zipped, "-", "--format", "json")
	var s fleet.Summary
	if err := json.Unmarshal([]byte(o.stdout), &s); err != nil || o.exit != 0 || o.stderr != "" {
		t.Fatalf("exit %d, %v: %s%s", o.exit, err, o.stdout, o.stderr)
	}
	if s.Terminals != 14 || s.Bad != 14 || s.Lines.Repeated != 12 || s.Lines.Broken != 1 || len(s.Groups) != 1 || len(s.Shops) != 2 ||
		s.Groups[0].Kind != fleet.KindUnknown || s.Groups[0].Terminals != 12 {
		t.Errorf("%+v", s)
	}
	for _, lang := range []string{"zh", "en"} {
		for _, width := range []int{20, 80, 200} {
			o := runWith(t, in, nil, "fleet", plain, zipped, "-", "--lang", lang, "--width", fmt.Sprint(width))
			if o.exit != 0 || strings.ContainsAny(o.stdout, "\x1b\u202e") {
				t.Errorf("exit %d: %q", o.exit, o.stdout)
			}
			for line := range strings.Lines(o.stdout) {
				if n := render.Columns(strings.TrimSuffix(line, "\n")); n > width {
					t.Errorf("%s %d: %d columns: %s", lang, width, n, line)
				}
			}
			for _, want := range map[string][]string{
				"zh": {"无法判定：12 台终端", "12 台：host.refused", "单独一家店的问题", "network.local.no_carrier", "报告本身已指明", "重复 12", "损坏的行：1"},
				"en": {"CANNOT TELL: 12 terminals", "12 say: host.refused", "By themselves (this shop)", "network.local.no_carrier", "its own report says so", "12 repeated", "broken lines: 1"},
			}[lang] {
				if width == 200 && !strings.Contains(o.stdout, want) {
					t.Errorf("%s: no %q in\n%s", lang, want, o.stdout)
				}
			}
		}
	}
	one := runWith(t, in, nil, "fleet", "--terminal", "host\u202e03", "--lang", "en", "--width", "200")
	if one.exit != 0 || strings.Count(one.stdout, "host?") != 12 || strings.Contains(one.stdout, "What the reports name") {
		t.Errorf("exit %d: %s", one.exit, one.stdout)
	}
	if none := runWith(t, in, nil, "fleet", "--terminal", "nobody", "--lang", "en"); !strings.Contains(none.stdout, "nothing was heard of it") {
		t.Errorf("%s", none.stdout)
	}
	if early := runWith(t, in, nil, "fleet", "--at", "2020-01-01T00:00:00Z", "--lang", "en"); !strings.Contains(early.stdout, "dated in the future (a terminal's clock is wrong): 12") {
		t.Errorf("%s", early.stdout)
	}
	writeFile(t, zipped, b.String()[:b.Len()/2])
	if cut := runWith(t, "", nil, "fleet", plain, zipped); cut.exit != 1 || !strings.Contains(cut.stderr, "b.gz") || !strings.Contains(cut.stdout, "12") {
		t.Errorf("exit %d: %s%s", cut.exit, cut.stdout, cut.stderr)
	}
	for _, args := range [][]string{{"--last", "1m"}, {"--last", "169h"}, {"--at", "noon"}, {"--format", "xml"}, {filepath.Join(dir, "none")}} {
		if o := run(t, nil, append([]string{"fleet"}, args...)...); o.exit != 2 || o.stdout != "" || o.stderr == "" {
			t.Errorf("%v: exit %d %s%s", args, o.exit, o.stdout, o.stderr)
		}
	}
}
