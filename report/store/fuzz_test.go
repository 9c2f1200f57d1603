package store

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
)

// FuzzSegment: whatever stands in segments and in a cursor, the store opens, stores and
// compacts, and a reader comes to its end, returns nothing but reports and records, and
// finds what was stored.
func FuzzSegment(f *testing.F) {
	good := string(line(f, failure("A")).text)
	note := string(record(f, Healthy, KindSelf, "S", 1).text)
	for _, tail := range tails {
		if len(tail) < 10_000 {
			f.Add([]byte(good+tail), []byte(note+tail), int64(len(good)), int64(1))
		}
	}
	f.Add([]byte(good+good+note), []byte(state(f, "a", "b").text), int64(3), int64(-1))
	f.Add([]byte(`{"kind":"state","name":"a","body":{}}`+"\n"), []byte(`{"kind":"state","name":"`+strings.Repeat("x", 999)+`","body":null}`+"\n"), int64(0), int64(0))
	f.Add([]byte("{\"kind\":\"x\",\"at\":\"0000-00-00\"}\n\n\n{}\n"), []byte(strings.Repeat("[", 5000)), int64(1<<62), int64(1<<62))
	f.Fuzz(func(t *testing.T, a, b []byte, offset, number int64) {
		g := newGhost()
		put := func(s Stream, first int64, data []byte) {
			n := &node{data: bytes.Clone(data), synced: data}
			g.names[segmentName(s, first)], g.durable[segmentName(s, first)] = n, n
		}
		put(Failures, 0, a)
		put(Failures, 3, b)
		put(Healthy, 1<<40, b)
		put(Healthy, 1<<62, b)
		put(States, 7, a)
		put(States, 8, b)
		put(Checks, 0, a)
		readFuzzed(t, g, Cursor{Failures: {Segment: segmentName(Failures, 0), Offset: offset, Line: number},
			Healthy: {Segment: segmentName(Healthy, 5), Offset: offset, Line: number}})
		s, err := Open("", Options{files: g, Keep: 100_000})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Append(t.Context(), line(t, failure("NEW")), line(t, healthy("GOOD")), state(t, "new", 1)); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if last := readFuzzed(t, g, nil); last[Failures] != "NEW" || !strings.Contains("GOOD torn- dropped-", last[Healthy][:min(4, len(last[Healthy]))]) {
			t.Errorf("the newest are %v", last)
		}
		s = openStore(t, "", Options{files: g, Keep: 100_000})
		var one int
		if found, err := s.State("new", &one); !found || err != nil || one != 1 {
			t.Errorf("the state: %d, %v", one, err)
		}
	})
}

// readFuzzed reads to the end and returns the last id of each stream.
func readFuzzed(t *testing.T, g *ghost, from Cursor) map[Stream]string {
	t.Helper()
	r := newReader(g, from, Streams())
	defer r.Close()
	last := map[Stream]string{}
	for range 1_000_000 {
		e, err := r.Next()
		if err == io.EOF {
			return last
		}
		if err != nil {
			t.Fatal(err)
		}
		var any struct {
			Kind   string
			Schema int
		}
		if err := json.Unmarshal(e.Text, &any); err != nil || any.Kind == "" && any.Schema < 1 || e.Missing < 0 {
			t.Fatalf("%q, %d missing: %v", e.Text, e.Missing, err)
		}
		last[e.Stream] = e.ID
	}
	t.Fatal("no end")
	return nil
}

func FuzzName(f *testing.F) {
	for _, name := range []string{"failures-0000000000.ndjson", "state-99999999999.ndjson", "check--1.ndjson", "x"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if s, first, ok := parseName(name); ok && segmentName(s, first) != name {
			t.Errorf("%q is read as %s %d", name, s, first)
		}
	})
}
