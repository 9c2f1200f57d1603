package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// career is a store's life in a dozen writes: all streams, segments that fill up, states
// that are compacted, a restart.
type career struct {
	files *ghost
	// keep is the bound; at tight failures are dropped on the way.
	keep  int64
	size  int // of a failure
	state int // of a state

	stuck  bool     // a segment could not be dropped when it was its turn
	uncut  bool     // half a line could not be cut off, or removed
	acked  []string // failures that were acknowledged, in order
	given  []string // all that were handed in
	states map[string]string
	maybe  map[string][]string // newer values that were not acknowledged
}

func (c *career) options() Options {
	return Options{Keep: c.keep, files: c.files, retry: time.Millisecond, Patience: 20 * time.Second, Memory: 1 << 20, LaterEvery: atOnce}
}

// run lives it. Whatever the disk does, no call fails otherwise than announced.
func (c *career) run(t *testing.T, stop func() bool) (s *Store) {
	t.Helper()
	c.states, c.maybe = map[string]string{}, map[string][]string{}
	s, err := Open("", c.options())
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < 14 && !stop(); n++ {
		if n == 8 {
			restart := func() (*Store, error) { c.files.restart(); return Open("", c.options()) }
			if err := s.Close(context.Background()); err == nil {
				s, err = restart()
				if err != nil {
					t.Fatal(err)
				}
			} else if stop() {
				return s
			} else if s, err = restart(); err != nil { // what waited is lost, and was not acknowledged
				t.Fatal(err)
			}
		}
		name, value := fmt.Sprint("s", n/2%2), strings.Repeat(fmt.Sprint(n%10), c.state)
		lines := []Line{sizedLine(t, n, c.size)}
		if n%2 == 0 {
			lines = append(lines, state(t, name, value))
		}
		c.given = append(c.given, id(n))
		if err := s.AppendLater(line(t, healthy(id(n)))); err != nil {
			t.Fatal(err)
		}
		err := s.Append(context.Background(), lines...)
		switch {
		case err == nil:
			c.acked = append(c.acked, id(n))
			if n%2 == 0 {
				c.states[name], c.maybe[name] = value, nil
			}
		case !errors.Is(err, ErrDelayed):
			t.Fatalf("append %d: %v", n, err)
		case n%2 == 0:
			c.maybe[name] = append(c.maybe[name], value)
		}
	}
	return s
}

// check opens what is left and looks for everything that was acknowledged. The oldest may
// have been dropped, but nothing behind what is still there.
func (c *career) check(t *testing.T, files *ghost, what string) {
	t.Helper()
	o := c.options()
	o.files = files
	s, err := Open("", o)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if h := s.Health(); h.Failure != nil {
		t.Fatalf("%s: the disk works: %+v", what, h.Failure)
	}
	r := newReader(files, nil, []Stream{Failures})
	here := map[string]bool{}
	for {
		e, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		here[e.ID] = true
	}
	if n := r.Skipped()[Failures]; n > 0 && !c.uncut {
		t.Fatalf("%s: %d lines are damaged", what, n)
	}
	before := false // something older is here
	for _, id := range c.given {
		if slices.Contains(c.acked, id) && !here[id] && (before && !c.stuck || c.keep > tight) {
			t.Fatalf("%s: %s was acknowledged and is lost", what, id)
		}
		before = before || here[id]
	}
	if len(c.acked) > 0 && !before {
		t.Fatalf("%s: nothing is left of %d acknowledged", what, len(c.acked))
	}
	for name, want := range c.states {
		got := ""
		if found, err := s.State(name, &got); !found || err != nil || got != want && !slices.Contains(c.maybe[name], got) {
			t.Fatalf("%s: state %s is %.1q, not %.1q (%v)", what, name, got, want, err)
		}
	}
	if err := s.Append(context.Background(), line(t, failure("AFTER")), state(t, "after", "x")); err != nil {
		t.Fatalf("%s: append afterwards: %v", what, err)
	}
	if err := s.Close(context.Background()); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// sizedLine is a failure's line; it is made once.
func sizedLine(t *testing.T, n, size int) Line {
	key := [2]int{n, size}
	if l, ok := sizedLines.Load(key); ok {
		return l.(Line)
	}
	l := line(t, sized(id(n), size))
	sizedLines.Store(key, l)
	return l
}

var sizedLines sync.Map

func never() bool { return false }

// tight is too little for a career.
const tight = 100_000

// careers are a roomy one and one that must drop.
func careers() map[string]career {
	return map[string]career{
		"roomy": {keep: 400_000, size: 3000, state: 2500},
		"tight": {keep: tight, size: 9000, state: 600},
	}
}

// countOps is how many operations a career takes.
func countOps(t *testing.T, c career) int {
	c.files = newGhost()
	s := c.run(t, never)
	if err := s.Close(t.Context()); err != nil || len(c.acked) != len(c.given) {
		t.Fatalf("%d acknowledged of %d: %v", len(c.acked), len(c.given), err)
	}
	log := c.files.log
	c.check(t, c.files, "without a fault")
	for _, needed := range []string{"write", "sync failures", "sync healthy", "sync state", "syncdir", "remove state", "list", "lock"} {
		if !slices.ContainsFunc(log, func(s string) bool { return strings.HasPrefix(s, needed) }) {
			t.Errorf("a career without %q tests little", needed)
		}
	}
	return len(log)
}
