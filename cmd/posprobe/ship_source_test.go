package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"posprobe/report/ship"
	"posprobe/report/store"
)

// openTestStore opens a store that is closed with the test.
func openTestStore(t *testing.T, keep int64) (*store.Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "reports")
	s, err := store.Open(dir, store.Options{Keep: keep})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(context.Background()) })
	return s, dir
}

// keepRecord stores a record of a size in the stream of failures.
func keepRecord(t *testing.T, s *store.Store, id string, size int) {
	t.Helper()
	l, err := store.RecordLine(store.Failures, store.KindIncident, id, time.Now(), strings.Repeat("x", size))
	if err == nil {
		err = s.Append(t.Context(), l)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func idOfLine(t *testing.T, r ship.Record) string {
	t.Helper()
	var line struct{ ID string }
	if err := json.Unmarshal(r.Line, &line); err != nil {
		t.Fatal(err)
	}
	return line.ID
}

// TestStoredLines: a destination reads each line once, goes on where it was after a
// restart, goes back when it is asked to, and hears how many lines it missed.
func TestStoredLines(t *testing.T) {
	s, dir := openTestStore(t, 1_000_000)
	for n := range 5 {
		keepRecord(t, s, fmt.Sprint("a", n), 10)
	}
	src := &storedLines{dir: dir, stream: store.Failures}
	var cursors []string
	at := ""
	for n := range 5 {
		r, err := src.Next(at)
		if err != nil || idOfLine(t, r) != fmt.Sprint("a", n) || r.Missed != 0 {
			t.Fatalf("line %d: %v %s", n, err, r.Line)
		}
		at = r.Cursor
		cursors = append(cursors, at)
	}
	if _, err := src.Next(at); !errors.Is(err, io.EOF) {
		t.Fatalf("behind the last: %v", err)
	}
	if r, err := src.Next(cursors[1]); err != nil || idOfLine(t, r) != "a2" {
		t.Fatalf("asked again: %v %s", err, r.Line)
	}
	src.Close()
	keepRecord(t, s, "b", 10)
	for _, again := range []*storedLines{src, {dir: dir, stream: store.Failures}} {
		if r, err := again.Next(at); err != nil || idOfLine(t, r) != "b" {
			t.Fatalf("a later line: %v %s", err, r.Line)
		}
	}
	if r, err := (&storedLines{dir: dir, stream: store.Failures}).Next("no cursor"); err != nil || idOfLine(t, r) != "a0" {
		t.Fatalf("without a cursor: %v %s", err, r.Line)
	}
	// More than the store keeps: what was dropped meanwhile is counted.
	const many = 60
	for n := range many {
		keepRecord(t, s, fmt.Sprint("c", n), 20_000)
	}
	missed, read, last := int64(0), 0, ""
	for {
		r, err := src.Next(at)
		if err != nil {
			break
		}
		missed += r.Missed
		if id := idOfLine(t, r); id != "b" {
			read, last = read+1, id
		}
		at = r.Cursor
	}
	// b itself may be among the dropped.
	if total := int64(read) + missed; missed == 0 || last != fmt.Sprint("c", many-1) || total < many || total > many+1 {
		t.Errorf("%d read, %d missed, the last %s", read, missed, last)
	}
	src.Close()
}
