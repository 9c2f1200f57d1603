package store

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func get(t testing.TB, s *Store, name string) string {
	t.Helper()
	var v string
	found, err := s.State(name, &v)
	if err != nil {
		t.Fatal(err)
	}
	if !found {
		return "none"
	}
	return v
}

func TestState(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{Keep: minKeep})
	if get(t, s, "a") != "none" {
		t.Error("a state in an empty store")
	}
	// Many times the stream's share: only the present values are kept.
	for n := range 400 {
		mustAppend(t, s, state(t, fmt.Sprint("s", n%5), fmt.Sprint(n, strings.Repeat("x", 1000))), state(t, "b", fmt.Sprint(n)))
		if n%50 == 0 {
			mustClose(t, s)
			s = openStore(t, dir, Options{Keep: minKeep})
			if got := get(t, s, "b"); got != fmt.Sprint(n) {
				t.Fatalf("after %d: b is %s", n, got)
			}
		}
	}
	mustAppend(t, s, state(t, "s4", nil))
	mustClose(t, s)
	if names := segmentFiles(t, dir, States); len(names) != 1 || names[0] == segmentName(States, 0) {
		t.Errorf("not compacted: %v", names)
	}
	s = openStore(t, dir, Options{Keep: minKeep})
	for n, want := range []string{"395", "396", "397", "398"} {
		if got := get(t, s, fmt.Sprint("s", n)); strings.TrimRight(got, "x") != want {
			t.Errorf("s%d is %.10s", n, got)
		}
	}
	if get(t, s, "s4") != "none" {
		t.Error("removed, and there")
	}
	var wrong int
	if found, err := s.State("b", &wrong); !found || err == nil {
		t.Error("a state of another type was read")
	}
}

// TestStateWaits: a state that may wait costs no write of its own.
func TestStateWaits(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{})
	for n := range 5 {
		s.AppendLater(state(t, "a", fmt.Sprint(n)))
		mustAppend(t, s, line(t, failure(id(n))))
		if err := s.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(segmentFiles(t, dir, States)); got != 0 {
		t.Errorf("%d segments of states", got)
	}
	if got := get(t, s, "a"); got != "4" {
		t.Errorf("a is %s", got)
	}
	mustAppend(t, s, state(t, "b", "now"))
	if got := readAll(t, dir, States); len(got) != 2 {
		t.Errorf("with an urgent one go the others, once each: %s", ids(got))
	}
	s.AppendLater(state(t, "a", "5"))
	mustClose(t, s)
	s = openStore(t, dir, Options{StateEvery: time.Millisecond})
	if got := get(t, s, "a"); got != "5" {
		t.Errorf("after Close a is %s", got)
	}
	s.AppendLater(state(t, "a", "6"))
	time.Sleep(2 * time.Millisecond)
	s.Flush(t.Context())
	if got := readAll(t, dir, States); len(got) != 4 {
		t.Errorf("it has waited long enough: %s", ids(got))
	}
}

// TestStateDamaged: of each state the newest line that can be read counts.
func TestStateDamaged(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{})
	mustAppend(t, s, state(t, "a", "one"), state(t, "b", "one"))
	mustAppend(t, s, state(t, "a", "two"))
	mustAppend(t, s, state(t, "b", "two"))
	mustClose(t, s)
	path := filepath.Join(dir, segmentFiles(t, dir, States)[0])
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	lines[3] = strings.Replace(lines[3], `"kind"`, "\x00\x00\x00\x00\x00\x00", 1)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")+`{"kind":"state","name":"a","body":"thr`), 0o600); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, dir, Options{})
	if a, b := get(t, s, "a"), get(t, s, "b"); a != "two" || b != "one" {
		t.Errorf("a is %s, b is %s", a, b)
	}
	if h := s.Health(); h.GarbageLines != 1 || h.TornLines != 1 {
		t.Errorf("%+v", h)
	}
}

// TestStateRemoved: a state that was removed, and whose removal was acknowledged, does not
// come back with an old segment when power fails.
func TestStateRemoved(t *testing.T) {
	gone := &fs.PathError{Op: "x", Path: "y", Err: syscall.EIO}
	compactions := 0
	for at := 0; ; at++ {
		g := newGhost()
		cut := false
		g.fault = func(op int, _ string) error {
			if op < at {
				return nil
			}
			cut = true
			return gone
		}
		o := Options{files: g, Keep: 100_000, retry: time.Hour}
		s := openStore(t, "", o)
		a := state(t, "a", "old")
		s.Append(t.Context(), a)
		const others = 3 // then the segment is full
		size := (int(o.segmentSize(States))-len(a.text))/others - len(state(t, "b", "").text)
		for n := range others {
			s.Append(t.Context(), state(t, "b", strings.Repeat(fmt.Sprint(n), size)))
		}
		removed := s.Append(t.Context(), state(t, "a", nil)) == nil
		s.Append(t.Context(), line(t, failure("F")))
		s.Close(t.Context())
		if !cut {
			break
		}
		for _, names := range []bool{false, true} {
			after := g.cut("nothing", names)
			if slices.ContainsFunc(g.log, func(op string) bool { return strings.HasPrefix(op, "remove state") }) {
				compactions++
			}
			s := openStore(t, "", Options{files: after, Keep: 100_000})
			if got := get(t, s, "a"); removed && got != "none" {
				t.Fatalf("cut at %d (%s): a is %s", at, g.log[at], got)
			}
			mustClose(t, s)
		}
	}
	if compactions == 0 {
		t.Error("no segment of states was removed")
	}
}
