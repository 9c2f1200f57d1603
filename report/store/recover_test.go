package store

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tails are what power cuts and crashes leave at the end of a segment.
var tails = map[string]string{
	"a line begun":            `{"schema":1,"id":"T`,
	"one byte":                "{",
	"zeros":                   strings.Repeat("\x00", 5000),
	"a line and then zeros":   `{"schema":1,"id":"T","agent":` + strings.Repeat("\x00", 4096),
	"zeros and then a line":   strings.Repeat("\x00", 4096) + `st of a line"}`,
	"longer than a line":      strings.Repeat("x", MaxLine+100_000),
	"noise":                   "\xff\xfe\x01\x02\x1b[31m",
	"a whole line unfinished": `{"kind":"x","name":"","id":"","at":"2026-12-01T12:00:00Z","body":1}`,
}

// TestTorn: an unfinished line is cut off and noted, in whatever stream, and what stands
// before it stays.
func TestTorn(t *testing.T) {
	for name, tail := range tails {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := openStore(t, dir, Options{})
			mustAppend(t, s, line(t, failure("A")), line(t, healthy("B")), state(t, "s", "C"))
			mustClose(t, s)
			for _, stream := range []Stream{Failures, Healthy, States} {
				f, err := os.OpenFile(filepath.Join(dir, segmentFiles(t, dir, stream)[0]), os.O_WRONLY|os.O_APPEND, 0)
				if err != nil {
					t.Fatal(err)
				}
				f.WriteString(tail)
				f.Close()
			}
			s = openStore(t, dir, Options{})
			mustAppend(t, s, line(t, failure("D")), line(t, healthy("E")), state(t, "t", "F"))
			if h := s.Health(); h.TornLines != 3 || h.Failure != nil {
				t.Errorf("%+v", h)
			}
			if get(t, s, "s") != "C" || get(t, s, "t") != "F" {
				t.Error("states lost")
			}
			mustClose(t, s)
			if got := ids(readAll(t, dir, Failures)); got != "A D" {
				t.Errorf("failures: %s", got)
			}
			var notes []Torn
			var good string
			for _, e := range readAll(t, dir, Healthy) {
				if e.Kind != KindTorn {
					good += e.ID
					continue
				}
				var r struct{ Body Torn }
				if err := json.Unmarshal(e.Text, &r); err != nil {
					t.Fatal(err)
				}
				notes = append(notes, r.Body)
			}
			if good != "BE" || len(notes) != 3 {
				t.Fatalf("healthy: %s, %d notes", good, len(notes))
			}
			for _, n := range notes {
				if n.Bytes != int64(len(tail)) || n.Zeros != int64(strings.Count(tail, "\x00")) || n.AtByte == 0 || n.Segment == "" ||
					n.Head != printable([]byte(tail)[:min(len(tail), maxHead)]) {
					t.Errorf("%+v", n)
				}
			}
			for _, path := range segmentFiles(t, dir, "*") {
				text, err := os.ReadFile(filepath.Join(dir, path))
				if err != nil || bytes.IndexByte(text, 0) >= 0 || !bytes.HasSuffix(text, []byte("\n")) {
					t.Errorf("%s: %v: not clean", path, err)
				}
			}
		})
	}
}

// TestGlued: a line that was stored behind blocks that were never written is read.
func TestGlued(t *testing.T) {
	dir := t.TempDir()
	text := string(line(t, failure("A")).text) + `{"schema":1,"id":"LOST` + strings.Repeat("\x00", 4000) + string(line(t, failure("B")).text) +
		"\x00\x00\n" + string(line(t, failure("C")).text)
	if err := os.WriteFile(filepath.Join(dir, segmentName(Failures, 0)), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r := NewReader(dir, nil, Failures)
	if got := ids(drain(t, r)); got != "A B C" || r.Skipped()[Failures] != 1 {
		t.Errorf("%s, skipped %v", got, r.Skipped())
	}
}

// TestTornAtOnce: the note of a line that was cut off does not wait for company.
func TestTornAtOnce(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{})
	mustAppend(t, s, line(t, failure("A")))
	mustClose(t, s)
	f, err := os.OpenFile(filepath.Join(dir, segmentFiles(t, dir, Failures)[0]), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(`{"sch`)
	f.Close()
	openStore(t, dir, Options{})
	waitFor(t, "the note", func() bool { return ids(readAll(t, dir, Healthy)) == "torn:" })
}

// TestGarbage: lines that are none of ours are counted and passed over.
func TestGarbage(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{})
	mustAppend(t, s, line(t, failure("A")))
	mustClose(t, s)
	path := filepath.Join(dir, segmentFiles(t, dir, Failures)[0])
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	garbage := []string{"", "null", "[]", `{"no":"kind"}`, "\x00\x00\x00", `{"kind":7}`, `{"schema":1`, strings.Repeat("{\"a\":", 20000), strings.Repeat("x", MaxLine+1),
		strings.Repeat("y", 3*MaxLine)}
	text := strings.Join(garbage, "\n") + "\n" + string(good) + strings.Join(garbage, "\n") + "\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, dir, Options{})
	mustAppend(t, s, line(t, failure("B")))
	if h := s.Health(); h.GarbageLines != int64(2*len(garbage)) {
		t.Errorf("%d garbage lines", h.GarbageLines)
	}
	mustClose(t, s)
	r := NewReader(dir, nil, Failures)
	if got := ids(drain(t, r)); got != "A B" || r.Skipped()[Failures] != int64(2*len(garbage)) {
		t.Errorf("%s, skipped %v", got, r.Skipped())
	}
	if c := r.Cursor()[Failures]; c.Line != int64(2*len(garbage)+2) || c.Segment != segmentName(Failures, int64(2*len(garbage)+1)) {
		t.Errorf("%+v", c) // the segment was full, and every line has its number
	}
}

// TestGiant: what a damaged file system says is a terabyte long is read up to a bound, and
// cut where it is the newest.
func TestGiant(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{Keep: minKeep})
	mustAppend(t, s, line(t, failure("A")), line(t, healthy("B")), state(t, "s", "C"))
	mustClose(t, s)
	for _, stream := range []Stream{Failures, Healthy, States} {
		if err := os.Truncate(filepath.Join(dir, segmentName(stream, 0)), 1<<40); err != nil {
			t.Skip(err) // not on this file system
		}
	}
	if got := ids(readAll(t, dir)); got != "A B" {
		t.Errorf("read %s", got)
	}
	s = openStore(t, dir, Options{Keep: minKeep})
	mustAppend(t, s, line(t, failure("D")))
	if h := s.Health(); h.TornLines != 3 || h.Failure != nil || get(t, s, "s") != "C" {
		t.Errorf("%+v", h)
	}
	mustClose(t, s)
	if got := ids(readAll(t, dir, Failures)); got != "A D" {
		t.Errorf("%s", got)
	}
	if size := dirSize(t, dir); size > minKeep {
		t.Errorf("%d bytes", size)
	}
}

// TestForeign: whatever else lies in the directory is left alone.
func TestForeign(t *testing.T) {
	dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "outside")
	secret := string(line(t, failure("SECRET")).text)
	if err := os.WriteFile(outside, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	foreign := []string{"notes.txt", "failures-0000000001.ndjson.bak", "failures-1.ndjson", "failures-00000000001.ndjson", "failures--000000001.ndjson",
		"other-0000000000.ndjson", "failures-+000000001.ndjson", ".failures-0000000001.ndjson"}
	for _, name := range foreign {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	odd := []string{"failures-0000000005.ndjson", "healthy-0000000003.ndjson", "state-0000000007.ndjson", "check-0000000002.ndjson"}
	for _, name := range odd[:3] {
		if err := os.Symlink(outside, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, odd[3], "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := openStore(t, dir, Options{Keep: minKeep})
	for n := range 100 {
		mustAppend(t, s, line(t, sized(id(n), 9000)), line(t, healthy(id(n))), state(t, "s", id(n)))
	}
	if _, err := Save(dir, failure("CHECK"), Options{}); err != nil {
		t.Fatal(err)
	}
	mustClose(t, s)
	s = openStore(t, dir, Options{Keep: minKeep})
	if got := get(t, s, "s"); got != id(99) {
		t.Errorf("state %s", got)
	}
	mustClose(t, s)
	for _, name := range foreign {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(text) != "mine" {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	for _, name := range odd {
		if info, err := os.Lstat(filepath.Join(dir, name)); err != nil || info.Mode().IsRegular() {
			t.Errorf("%s was replaced: %v", name, err)
		}
	}
	if text, err := os.ReadFile(outside); err != nil || string(text) != secret {
		t.Errorf("followed out of the directory: %q, %v", text, err)
	}
	for _, e := range readAll(t, dir, Streams()...) {
		if strings.Contains(e.ID, "SECRET") {
			t.Error("read through a link")
		}
	}
}
