package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"posprobe/report"
)

func TestAppend(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "no", "such", "dir")
	s := openStore(t, dir, Options{LaterEvery: atOnce})
	mustAppend(t, s, line(t, failure("A")), record(t, Failures, KindIncident, "E1", map[string]string{"kind": "opened"}), state(t, "incident", 1))
	if err := s.AppendLater(line(t, healthy("B")), record(t, Healthy, KindSummary, "S1", Summary{})); err != nil {
		t.Fatal(err)
	}
	if got := ids(readAll(t, dir)); got != "A incident:" {
		t.Errorf("before it is time: %q", got)
	}
	mustAppend(t, s, line(t, failure("C")))
	if got := ids(readAll(t, dir, Failures)); got != "A incident: C" {
		t.Errorf("failures: %q", got)
	}
	if got := ids(readAll(t, dir, Healthy)); got != "B summary:" {
		t.Errorf("what waited went along: %q", got)
	}
	s.AppendLater(line(t, healthy("D")))
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.AppendLater(line(t, healthy("E")))
	mustClose(t, s)
	if got := ids(readAll(t, dir, Healthy)); got != "B summary: D E" {
		t.Errorf("after Flush and Close: %q", got)
	}
	if err := s.Append(t.Context(), line(t, failure("F"))); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if h := s.Health(); h.Failure != nil || h.WaitingLines != 0 {
		t.Errorf("%+v", h)
	}
}

// TestLines: a report's line is what Encode returns; every other line has a kind.
func TestLines(t *testing.T) {
	dir := t.TempDir()
	saved, err := filepath.Glob("../testdata/lab/*.json")
	if err != nil || len(saved) < 100 {
		t.Fatal("no saved reports", err)
	}
	s := openStore(t, dir, Options{})
	want := map[string][]byte{}
	var all []Line
	for _, path := range saved[:40] {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r, err := report.Decode(text)
		if err != nil {
			t.Fatal(err)
		}
		if want[r.ID], err = report.Encode(r); err != nil {
			t.Fatal(err)
		}
		all = append(all, line(t, r), record(t, Failures, KindIncident, "E"+r.ID, "<&>\u2028"), state(t, "s", r.ID))
	}
	mustAppend(t, s, all...)
	mustClose(t, s)
	entries, _ := os.ReadDir(dir)
	reports := 0
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for l := range bytes.Lines(text) {
			l, ended := bytes.CutSuffix(l, []byte("\n"))
			var any map[string]any
			if err := json.Unmarshal(l, &any); err != nil || !ended {
				t.Fatalf("%s: %v: %.80s", e.Name(), err, l)
			}
			if _, hasKind := any["kind"]; hasKind {
				continue
			}
			r, err := report.Decode(l)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(l, want[r.ID]) {
				t.Fatalf("report %s is not what Encode returns", r.ID)
			}
			reports++
		}
	}
	if reports != len(want) {
		t.Errorf("%d reports of %d", reports, len(want))
	}
}

func TestRefused(t *testing.T) {
	if _, err := ReportLine(report.Report{}); err == nil {
		t.Error("a report that Encode refuses is a line")
	}
	if _, err := ReportLine(sized("A", MaxLine+5000)); !errors.Is(err, ErrTooLong) {
		t.Error(err)
	}
	if _, err := RecordLine(States, "x", "", noon, 1); err == nil {
		t.Error("a state by another way")
	}
	if _, err := RecordLine(Failures, "", "", noon, 1); err == nil {
		t.Error("a record without a kind would pass for a report")
	}
	for _, name := range []string{"", strings.Repeat("x", 200), "\xff"} {
		if _, err := StateLine(name, noon, 1); err == nil {
			t.Errorf("state %q", name)
		}
	}
	s := openStore(t, t.TempDir(), Options{Keep: 1})
	if err := s.Append(t.Context(), line(t, sized("A", 300_000))); !errors.Is(err, ErrTooLong) {
		t.Errorf("a line that would fill the stream: %v", err)
	}
	if err := s.Append(t.Context(), state(t, "big", strings.Repeat("x", 20_000))); !errors.Is(err, ErrTooLong) {
		t.Errorf("a state that would fill the stream: %v", err)
	}
}

// TestBounded: whatever is written, the directory stays within its bound, the oldest goes
// first, failures outlive successes, and the newest failure stays.
func TestBounded(t *testing.T) {
	dir := t.TempDir()
	o := Options{Keep: minKeep}
	s := openStore(t, dir, o)
	mustAppend(t, s, line(t, failure("FIRST")))
	for n := range 600 {
		lines := []Line{line(t, healthy(id(n))), state(t, fmt.Sprint("s", n%7), strings.Repeat("y", n))}
		if n < 300 {
			lines = append(lines, line(t, sized("F"+id(n), 9000)))
		}
		mustAppend(t, s, lines...)
		if size := dirSize(t, dir); size > minKeep {
			t.Fatalf("after %d: %d bytes", n, size)
		}
	}
	// Events alone never push the newest report out.
	for n := range 2000 {
		mustAppend(t, s, record(t, Failures, KindIncident, id(n), strings.Repeat("z", 2000)))
	}
	if size := dirSize(t, dir); size > minKeep {
		t.Fatalf("%d bytes", size)
	}
	h := s.Health()
	mustClose(t, s)
	var reports []string
	lines := map[int64]bool{}
	for _, e := range readAll(t, dir, Failures) {
		if e.Kind == "" {
			reports = append(reports, e.ID)
		}
		_, first, _ := parseName(e.Segment)
		lines[first] = true
	}
	if len(reports) == 0 || reports[len(reports)-1] != "F"+id(299) {
		t.Errorf("reports left: %v", reports)
	}
	if h.Dropped.Reports == 0 || h.Dropped.Lines <= h.Dropped.Reports || h.Dropped.Bytes == 0 || h.Dropped.Since.IsZero() {
		t.Errorf("%+v", h.Dropped)
	}
	// What was dropped stands in records; with what is left it is everything.
	var dropped Dropped
	for _, e := range readAll(t, dir, Healthy) {
		if e.Kind == KindDropped {
			var r struct{ Body Dropped }
			if err := json.Unmarshal(e.Text, &r); err != nil {
				t.Fatal(err)
			}
			if r.Body.Reason != ReasonSpace || r.Body.Until.Before(r.Body.Since) {
				t.Errorf("%+v", r.Body)
			}
			dropped.Lines += r.Body.Lines
		}
	}
	if dropped.Lines == 0 {
		t.Error("no record says that something was dropped")
	}
	// The numbers count on over what was dropped in between.
	all := readAll(t, dir, Failures)
	var missing int64
	for _, e := range all {
		missing += e.Missing
	}
	_, oldest, _ := parseName(all[0].Segment)
	if got := oldest + missing + int64(len(all)); got != 1+300+2000 {
		t.Errorf("%d before, %d between, %d here: %d lines of %d", oldest, missing, len(all), got, 1+300+2000)
	}
}

func TestNumbersGoOn(t *testing.T) {
	dir := t.TempDir()
	total := 0
	for round := range 12 {
		s := openStore(t, dir, Options{Keep: minKeep})
		for range 7 {
			mustAppend(t, s, line(t, sized(id(total), 11_000)))
			total++
		}
		mustClose(t, s)
		all := readAll(t, dir, Failures)
		_, oldest, _ := parseName(all[0].Segment)
		if int(oldest)+len(all) != total || all[len(all)-1].ID != id(total-1) {
			t.Fatalf("after %d rounds: %d + %d of %d", round+1, oldest, len(all), total)
		}
	}
	if names := segmentFiles(t, dir, Failures); len(names) < 5 || names[0] == segmentName(Failures, 0) {
		t.Errorf("nothing was dropped: %v", names)
	}
}

func TestLocked(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{})
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrLocked) {
		t.Fatalf("a second writer: %v", err)
	}
	mustAppend(t, s, line(t, failure("A")))
	if name, err := Save(dir, failure("B"), Options{}); err != nil || name != "check-0000000000.ndjson" {
		t.Errorf("a check beside the daemon: %s, %v", name, err)
	}
	mustClose(t, s)
	s = openStore(t, dir, Options{})
	mustAppend(t, s, line(t, failure("C")))
	if got := ids(readAll(t, dir)); got != "A C B" {
		t.Errorf("%q", got)
	}
}

func TestSave(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	for n := range 250 {
		if _, err := Save(dir, sized(id(n), 3000), Options{Keep: minKeep}); err != nil {
			t.Fatal(err)
		}
		if size := dirSize(t, dir); size > minKeep/16 {
			t.Fatalf("%d bytes of checks", size)
		}
	}
	all := readAll(t, dir)
	if last := all[len(all)-1].ID; last != id(249) || len(all) < 15 {
		t.Errorf("%d checks, the last %s", len(all), last)
	}
	for n := range 150 {
		if _, err := Save(dir, healthy(id(n)), Options{}); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(segmentFiles(t, dir, Checks)); got != maxChecks {
		t.Errorf("%d checks", got)
	}
	// A cursor tells how many went by.
	r := NewReader(dir, Cursor{Checks: {Segment: segmentName(Checks, 9), Offset: 1, Line: 10}}, Checks)
	defer r.Close()
	if e, err := r.Next(); err != nil || e.Missing != 250+150-maxChecks-10 {
		t.Errorf("%d missing, %v", e.Missing, err)
	}
}
