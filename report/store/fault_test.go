package store

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"syscall"
	"testing"
)

// TestFaults: every single operation on the disk fails once, or from there on for a while,
// in every way.
func TestFaults(t *testing.T) {
	ways := map[string]error{
		"full":      &fs.PathError{Op: "x", Path: "y", Err: syscall.ENOSPC},
		"short":     errShort,
		"broken":    &fs.PathError{Op: "x", Path: "y", Err: syscall.EIO},
		"gone":      &fs.PathError{Op: "x", Path: "y", Err: fs.ErrNotExist},
		"forbidden": &fs.PathError{Op: "x", Path: "y", Err: fs.ErrPermission},
	}
	for kind, model := range careers() {
		ops := countOps(t, model)
		for way, err := range ways {
			t.Run(kind+" "+way, func(t *testing.T) {
				t.Parallel()
				for at := range ops {
					if testing.Short() && at%7 != 0 {
						continue
					}
					failFrom(t, model, at, 1, err)
					if at%5 == 0 {
						failFrom(t, model, at, 9, err)
					}
				}
			})
		}
		t.Logf("%s: %d operations", kind, ops)
	}
}

// failFrom lives a career in which so many operations from one on fail.
func failFrom(t *testing.T, c career, first, count int, err error) {
	what := fmt.Sprintf("%d from %d", count, first)
	c.files = newGhost()
	c.files.fault = func(op int, what string) error {
		if op >= first && op < first+count {
			removing := strings.HasPrefix(what, "remove failures")
			c.uncut = c.uncut || removing || strings.HasPrefix(what, "truncate")
			c.stuck = c.stuck || removing
			return err
		}
		return nil
	}
	s := c.run(t, never)
	waitFor(t, what+": the disk comes back", func() bool {
		h := s.Health()
		return h.Failure == nil && h.WaitingLines == 0 || c.flush(s)
	})
	if err := s.Close(context.Background()); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	c.files.fault = nil
	c.check(t, c.files.cut("nothing", false), what)
	c.check(t, c.files, what)
}

func (c *career) flush(s *Store) bool {
	s.Flush(context.Background())
	return false
}

// TestCut: power fails at every single operation, and leaves of what was not synchronised
// nothing, some, zeros or all.
func TestCut(t *testing.T) {
	gone := &fs.PathError{Op: "x", Path: "y", Err: syscall.EIO}
	for kind, model := range careers() {
		ops := countOps(t, model)
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for at := range ops {
				if testing.Short() && at%7 != 0 {
					continue
				}
				c := model
				c.files = newGhost()
				cut := false
				c.files.fault = func(op int, _ string) error {
					if op >= at {
						cut = true
						return gone
					}
					return nil
				}
				s := c.run(t, func() bool { c.files.mu.Lock(); defer c.files.mu.Unlock(); return cut })
				s.Close(context.Background())
				for i, tail := range tailKinds {
					if kind == "tight" && i != at%len(tailKinds) {
						continue // it takes long, and the tails are the roomy one's
					}
					for _, names := range []bool{false, true} {
						c.check(t, c.files.cut(tail, names), fmt.Sprintf("at %d (%s), %s left, names %v", at, c.files.log[at], tail, names))
					}
				}
			}
		})
	}
}

// TestKilledThenCut: a process is killed at every single operation, which leaves what it
// wrote in the kernel's memory; the next one stores on top of that, and then power fails.
func TestKilledThenCut(t *testing.T) {
	gone := &fs.PathError{Op: "x", Path: "y", Err: syscall.EIO}
	for kind, model := range careers() {
		ops := countOps(t, model)
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for at := range ops {
				c := model
				c.files = newGhost()
				killed := false
				c.files.fault = func(op int, _ string) error {
					if op >= at {
						killed = true
						return gone
					}
					return nil
				}
				s := c.run(t, func() bool { c.files.mu.Lock(); defer c.files.mu.Unlock(); return killed })
				s.Close(context.Background())
				c.files.fault, c.files.locked = nil, false
				for _, n := range c.files.names {
					n.lost = false // it never came to fsync
				}
				c.check(t, c.files, fmt.Sprintf("killed at %d (%s)", at, c.files.log[at]))
				c.acked, c.given = append(c.acked, "AFTER"), append(c.given, "AFTER")
				c.check(t, c.files.cut("nothing", false), fmt.Sprintf("killed at %d (%s), then cut", at, c.files.log[at]))
			}
		})
	}
}

// TestCutWithoutSync: the same power cuts lose what was acknowledged if nothing is
// synchronised, so that the test above can fail.
func TestCutWithoutSync(t *testing.T) {
	c := career{keep: 400_000, size: 3000, files: newGhost()}
	o := c.options()
	o.noSync = true
	s := openStore(t, "", o)
	mustAppend(t, s, line(t, failure("A")))
	mustClose(t, s)
	for _, names := range []bool{false, true} {
		r := newReader(c.files.cut("nothing", names), nil, []Stream{Failures})
		if e, err := r.Next(); err != io.EOF {
			t.Errorf("%s survived without fsync", e.ID)
		}
	}
}
