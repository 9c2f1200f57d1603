package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"posprobe/report"
)

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// atOnce is how long lines wait that shall not.
const atOnce = time.Nanosecond

// failure is a small report of a bad round.
func failure(id string) report.Report {
	return report.Report{
		Schema: report.SchemaVersion, ID: id, Trigger: report.TriggerSchedule, ObservedAt: noon,
		Diagnosis: report.Diagnosis{Verdict: report.VerdictFault, Domain: report.DomainNetwork, Confidence: report.Likely},
	}
}

func healthy(id string) report.Report {
	r := failure(id)
	r.Diagnosis = report.Diagnosis{Verdict: report.VerdictHealthy, Party: report.PartyNobody}
	return r
}

// sized is a bad round's report of about so many bytes.
func sized(id string, bytes int) report.Report {
	r := failure(id)
	for left := bytes - 1500; left > 0; left -= 100 {
		r.Evidence.Site.References = append(r.Evidence.Site.References, strings.Repeat("x", min(left, 97)))
	}
	return r
}

func line(t testing.TB, r report.Report) Line {
	t.Helper()
	l, err := ReportLine(r)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func state(t testing.TB, name string, value any) Line {
	t.Helper()
	l, err := StateLine(name, noon, value)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func record(t testing.TB, s Stream, kind Kind, id string, body any) Line {
	t.Helper()
	l, err := RecordLine(s, kind, id, noon, body)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// openStore opens a store that is closed with the test.
func openStore(t testing.TB, dir string, o Options) *Store {
	t.Helper()
	s, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(context.Background()) }) // the test's own context has ended by then
	return s
}

func mustAppend(t testing.TB, s *Store, lines ...Line) {
	t.Helper()
	if err := s.Append(t.Context(), lines...); err != nil {
		t.Fatal(err)
	}
}

func mustClose(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// readAll returns the entries of some streams, with texts of their own.
func readAll(t testing.TB, dir string, streams ...Stream) []Entry {
	t.Helper()
	return drain(t, NewReader(dir, nil, streams...))
}

func drain(t testing.TB, r *Reader) []Entry {
	t.Helper()
	defer r.Close()
	var out []Entry
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		e.Text = []byte(string(e.Text))
		out = append(out, e)
	}
}

// ids are those of the reports among entries; records are written as kind:name.
func ids(entries []Entry) string {
	var out []string
	for _, e := range entries {
		if e.Kind == "" {
			out = append(out, e.ID)
		} else {
			out = append(out, string(e.Kind)+":"+e.Name)
		}
	}
	return strings.Join(out, " ")
}

// segmentFiles are the names of a stream's segments.
func segmentFiles(t testing.TB, dir string, s Stream) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, string(s)+"-*"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range paths {
		paths[i] = filepath.Base(paths[i])
	}
	return paths
}

func dirSize(t testing.TB, dir string) (sum int64) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			sum += info.Size()
		}
	}
	return sum
}

func waitFor(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("never: " + what)
		}
	}
}

func id(n int) string { return fmt.Sprintf("R%08d", n) }
