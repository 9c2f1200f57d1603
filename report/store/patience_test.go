package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"posprobe/report"
)

// TestSlowDisk: nobody waits for a disk that hangs longer than the store's patience; what
// is handed in meanwhile is written when it wakes up.
func TestSlowDisk(t *testing.T) {
	for _, op := range []string{"prepare", "lock", "list", "append", "write", "sync", "syncdir", "close"} {
		t.Run(op, func(t *testing.T) {
			t.Parallel()
			g := newGhost()
			hang := make(chan struct{})
			var hung atomic.Bool
			g.fault = func(_ int, what string) error {
				if strings.HasPrefix(what, op) && hung.CompareAndSwap(false, true) {
					<-hang
				}
				return nil
			}
			const patience = 50 * time.Millisecond
			bounded := func(what string, f func() error) error {
				t.Helper()
				began := time.Now()
				err := f()
				if took := time.Since(began); took > 5*time.Second { // for ever, but for a busy machine
					t.Errorf("%s took %v", what, took)
				}
				return err
			}
			var s *Store
			bounded("Open", func() (err error) {
				s, err = Open("", Options{files: g, Patience: patience, Memory: 100_000, LaterEvery: atOnce})
				return err
			})
			for n := range 20 {
				err := bounded("Append", func() error { return s.Append(t.Context(), line(t, sized(id(n), 10_000)), line(t, healthy("H"+id(n)))) })
				if err != nil && !errors.Is(err, ErrDelayed) && !errors.Is(err, ErrDropped) {
					t.Error(err)
				}
				bounded("AppendSoon", func() error { return s.AppendSoon(state(t, "n", n)) })
				if waiting := s.Health().WaitingBytes; waiting > 110_000 {
					t.Errorf("%d bytes in memory", waiting)
				}
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := bounded("Append", func() error { return s.Append(ctx, line(t, failure("LAST"))) }); !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled: %v", err)
			}
			if err := bounded("Flush", func() error { return s.Flush(t.Context()) }); !errors.Is(err, ErrDelayed) {
				t.Errorf("Flush: %v", err)
			}
			if !hung.Load() {
				t.Fatal("nothing hung")
			}
			if f := s.Health().Failure; f == nil || f.Type != report.FailDeadline {
				t.Errorf("%+v", f)
			}
			close(hang)
			waitFor(t, "everything is written", func() bool { h := s.Health(); return h.WaitingLines == 0 && h.Failure == nil || flushed(s) })
			if err := s.Close(t.Context()); err != nil {
				t.Error(err)
			}
			all := drain(t, newReader(g, nil, []Stream{Failures}))
			if len(all) < 8 || all[len(all)-1].ID != "LAST" || all[len(all)-2].ID != id(19) {
				t.Errorf("left: %s", ids(all))
			}
		})
	}
}

// TestSlowClose: the end of the program does not wait for the disk either.
func TestSlowClose(t *testing.T) {
	g := newGhost()
	hang := make(chan struct{})
	g.fault = func(_ int, what string) error {
		if strings.HasPrefix(what, "sync ") {
			<-hang
		}
		return nil
	}
	s, err := Open("", Options{files: g, Patience: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	s.AppendLater(line(t, failure("A")))
	if err := s.Close(t.Context()); !errors.Is(err, ErrDelayed) {
		t.Errorf("%v", err)
	}
	close(hang)
	<-s.ended
}

// TestMemory: while nothing can be written memory holds the newest failures, and says how
// much it could not hold.
func TestMemory(t *testing.T) {
	g := newGhost()
	var full atomic.Bool
	full.Store(true)
	g.fault = func(int, string) error {
		if full.Load() {
			return syscall.EROFS
		}
		return nil
	}
	s := openStore(t, "", Options{files: g, Memory: 100_000, retry: time.Millisecond, Keep: 4_000_000, LaterEvery: atOnce})
	for n := range 60 {
		err := s.Append(t.Context(), line(t, sized(id(n), 5000)), line(t, healthy("H"+id(n))), state(t, "n", n), record(t, Failures, KindIncident, id(n), n))
		if !errors.Is(err, ErrDelayed) && !errors.Is(err, ErrDropped) {
			t.Fatal(err)
		}
		if waiting := s.Health().WaitingBytes; waiting > 100_000 {
			t.Fatalf("%d bytes in memory", waiting)
		}
	}
	h := s.Health()
	if h.Failure == nil || h.Failure.Type != report.FailIO || h.Failure.Operation != report.OpWrite || h.Failure.Detail == "" || h.Since.IsZero() {
		t.Errorf("%+v", h.Failure)
	}
	if h.Dropped.Reports < 60+40 || h.Dropped.Lines <= h.Dropped.Reports || h.Dropped.Since.IsZero() {
		t.Errorf("%+v", h.Dropped)
	}
	// One line larger than memory takes the place of everything else, but is not dropped.
	s.Append(t.Context(), line(t, sized("BIG", 200_000)))
	full.Store(false)
	waitFor(t, "the disk comes back by itself", func() bool { h := s.Health(); return h.Failure == nil && h.WaitingLines == 0 || flushed(s) })
	mustAppend(t, s, line(t, failure("AFTER")))
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := ids(drain(t, newReader(g, nil, []Stream{Failures}))); got != "BIG AFTER" {
		t.Errorf("%s", got)
	}
	var noted Dropped
	for _, e := range drain(t, newReader(g, nil, []Stream{Healthy})) {
		if e.Kind == KindDropped {
			var r struct{ Body Dropped }
			if err := json.Unmarshal(e.Text, &r); err != nil {
				t.Fatal(err)
			}
			noted.Lines += r.Body.Lines
			noted.Reports += r.Body.Reports
			if r.Body.Reason != ReasonMemory || r.Body.Stream != Failures || e.ID == "" {
				t.Errorf("%+v", r.Body)
			}
		}
	}
	if d := s.Health().Dropped; noted.Reports != 120 || noted.Lines != 180 || d.Lines != 180 || d.Reports != 120 {
		t.Errorf("noted %+v, counted %+v", noted, d)
	}
	var n int
	if found, err := s.State("n", &n); !found || err != nil || n != 59 {
		t.Errorf("state: %d, %v", n, err)
	}
}

func flushed(s *Store) bool { s.Flush(context.Background()); return false }

// TestBackoff: a disk that fails is not tried at every report, and nobody waits for it.
func TestBackoff(t *testing.T) {
	g := newGhost()
	g.fault = func(int, string) error { return syscall.EIO }
	s := openStore(t, "", Options{files: g, Patience: time.Hour, retry: time.Hour})
	began := len(g.log)
	for n := range 100 {
		if err := s.Append(t.Context(), line(t, failure(id(n)))); !errors.Is(err, ErrDelayed) || !errors.Is(err, syscall.EIO) {
			t.Fatal(err)
		}
	}
	if tried := len(g.log) - began; tried > 0 {
		t.Errorf("%d attempts", tried)
	}
	// At the end it is tried all the same.
	g.mu.Lock()
	g.fault = nil
	g.mu.Unlock()
	mustClose(t, s)
	if got := len(drain(t, newReader(g, nil, nil))); got != 100 {
		t.Errorf("%d lines", got)
	}
}

// TestStatesLate: states found on a disk that comes late do not replace newer ones, and
// are not lost when the stream is compacted.
func TestStatesLate(t *testing.T) {
	g := newGhost()
	s := openStore(t, "", Options{files: g})
	mustAppend(t, s, state(t, "a", "old"), state(t, "b", "old"))
	mustClose(t, s)
	var down atomic.Bool
	down.Store(true)
	g.fault = func(int, string) error {
		if down.Load() {
			return syscall.EIO
		}
		return nil
	}
	s = openStore(t, "", Options{files: g, retry: time.Millisecond, Keep: 100_000, LaterEvery: atOnce})
	if err := s.Append(t.Context(), state(t, "a", "new")); !errors.Is(err, ErrDelayed) {
		t.Fatal(err)
	}
	down.Store(false)
	for n := range 50 { // enough to compact
		s.Append(t.Context(), state(t, "c", fmt.Sprint(n, strings.Repeat("x", 1000))))
		time.Sleep(time.Millisecond)
	}
	waitFor(t, "the disk", func() bool { h := s.Health(); return h.Failure == nil && h.WaitingLines == 0 || flushed(s) })
	mustClose(t, s)
	if _, ok := g.names[segmentName(States, 0)]; ok {
		t.Error("never compacted")
	}
	s = openStore(t, "", Options{files: g, Keep: 100_000})
	if a, b, c := get(t, s, "a"), get(t, s, "b"), get(t, s, "c"); a != "new" || b != "old" || !strings.HasPrefix(c, "49") {
		t.Errorf("a %s, b %s, c %.3s", a, b, c)
	}
}

// TestEmptied: somebody removes everything under a running store.
func TestEmptied(t *testing.T) {
	g := newGhost()
	s := openStore(t, "", Options{files: g})
	mustAppend(t, s, line(t, failure("A")), line(t, healthy("B")), state(t, "s", "1"))
	g.mu.Lock()
	clear(g.names)
	g.mu.Unlock()
	mustAppend(t, s, line(t, failure("C")), line(t, healthy("D")), state(t, "t", "2"))
	mustClose(t, s)
	if got := ids(drain(t, newReader(g, nil, nil))); got != "C D" {
		t.Errorf("%s", got)
	}
	s = openStore(t, "", Options{files: g})
	if get(t, s, "s") != "1" || get(t, s, "t") != "2" {
		t.Error("the states that memory held are gone")
	}
}

// TestMeddled: somebody else appends to a segment of a running store, or cuts it.
func TestMeddled(t *testing.T) {
	g := newGhost()
	s := openStore(t, "", Options{files: g})
	change := func(f func([]byte) []byte) {
		g.mu.Lock()
		defer g.mu.Unlock()
		n := g.names[segmentName(Failures, 0)]
		n.data = f(n.data)
	}
	mustAppend(t, s, line(t, failure("A")))
	change(func(b []byte) []byte { return append(b, "half a line"...) })
	mustAppend(t, s, line(t, failure("B")), line(t, failure("C")))
	change(func(b []byte) []byte { return b[:len(b)-100] })
	mustAppend(t, s, line(t, failure("D")))
	if got := ids(drain(t, newReader(g, nil, []Stream{Failures}))); got != "A B D" || s.Health().TornLines != 2 {
		t.Errorf("%s, %+v", got, s.Health())
	}
}
