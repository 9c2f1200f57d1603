package store

import (
	"bytes"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// ghost is a file system in memory that knows what of it would survive a power cut, and
// fails where it is told to. It keeps no more promises than POSIX: what was not
// synchronised may be gone, there in part, or zeros; a new name may be gone until its
// directory was synchronised, a removed one may return, and by then have lost its blocks
// to what was written since; and what a failed fsync did not
// write no later one writes (fsync(2), errors).
type ghost struct {
	mu      sync.Mutex
	names   map[string]*node
	durable map[string]*node
	locked  bool
	ops     int
	// fault says how an operation fails, by its number and by what it does; nil: it does not.
	fault func(op int, what string) error
	log   []string
}

type node struct {
	data, synced []byte
	lost         bool // an fsync failed: no later one of this process helps
	reused       bool // it has lost its name, not for good yet, and something else was written
	hole         int  // so much of the data, from the first byte that was not synchronised on, no process will write
	from         int
}

// restart is what a new process finds: what it appends to a segment that an fsync failed
// for is written, and what was lost stays lost.
func (g *ghost) restart() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, n := range g.names {
		if n.lost {
			n.lost, n.from, n.hole = false, len(n.synced), len(n.data)-len(n.synced)
		}
	}
}

func (n *node) sync() {
	n.synced = slices.Clone(n.data)
	for i := n.from; i < n.from+n.hole && i < len(n.synced); i++ {
		n.synced[i] = 0
	}
}

// errShort makes a write fail half way through, for want of space.
var errShort = &fs.PathError{Op: "write", Path: "short", Err: syscall.ENOSPC}

func newGhost() *ghost { return &ghost{names: map[string]*node{}, durable: map[string]*node{}} }

// step counts an operation that could fail.
func (g *ghost) step(what, name string) error {
	g.ops++
	g.log = append(g.log, what+" "+name)
	if g.fault != nil {
		return g.fault(g.ops-1, what+" "+name)
	}
	return nil
}

func (g *ghost) Prepare() error { g.mu.Lock(); defer g.mu.Unlock(); return g.step("prepare", "") }
func (g *ghost) Share() error   { return nil }

func (g *ghost) Lock() (io.Closer, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.step("lock", ""); err != nil {
		return nil, err
	}
	if g.locked {
		return nil, ErrLocked
	}
	g.locked = true
	return closer(func() { g.mu.Lock(); g.locked = false; g.mu.Unlock() }), nil
}

type closer func()

func (c closer) Close() error { c(); return nil }

func (g *ghost) List() ([]fs.FileInfo, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.step("list", ""); err != nil {
		return nil, err
	}
	var out []fs.FileInfo
	for name, n := range g.names {
		out = append(out, ghostInfo{name, int64(len(n.data))})
	}
	return out, nil
}

type ghostInfo struct {
	name string
	size int64
}

func (i ghostInfo) Name() string       { return i.name }
func (i ghostInfo) Size() int64        { return i.size }
func (i ghostInfo) Mode() fs.FileMode  { return 0o600 }
func (i ghostInfo) ModTime() time.Time { return noon }
func (i ghostInfo) IsDir() bool        { return false }
func (i ghostInfo) Sys() any           { return nil }

func (g *ghost) Open(name string) (source, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.step("open", name); err != nil {
		return nil, err
	}
	n, ok := g.names[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return ghostSource{bytes.NewReader(slices.Clone(n.data))}, nil
}

type ghostSource struct{ *bytes.Reader }

func (ghostSource) Close() error { return nil }

func (g *ghost) Append(name string, isNew bool) (sink, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.step("append", name); err != nil {
		return nil, err
	}
	n, ok := g.names[name]
	switch {
	case isNew && ok:
		return nil, fs.ErrExist
	case !isNew && !ok:
		return nil, fs.ErrNotExist
	case isNew:
		n = &node{}
		g.names[name] = n
	}
	return &ghostSink{g, name, n}, nil
}

type ghostSink struct {
	g    *ghost
	name string
	n    *node
}

func (s *ghostSink) Size() (int64, error) {
	s.g.mu.Lock()
	defer s.g.mu.Unlock()
	return int64(len(s.n.data)), s.g.step("size", s.name)
}

func (s *ghostSink) Reserve(int64, int64) {}

func (s *ghostSink) Write(p []byte) (int, error) {
	s.g.mu.Lock()
	defer s.g.mu.Unlock()
	err := s.g.step("write", s.name)
	if err != nil {
		p = p[:len(p)/2]
		if err != errShort {
			p = nil
		}
	}
	s.n.data = append(s.n.data, p...)
	for name, n := range s.g.durable {
		n.reused = n.reused || s.g.names[name] != n
	}
	return len(p), err
}

func (s *ghostSink) Sync() error {
	s.g.mu.Lock()
	defer s.g.mu.Unlock()
	err := s.g.step("sync", s.name)
	if err != nil {
		s.n.lost = true
	} else if !s.n.lost {
		s.n.sync()
	}
	return err
}

func (s *ghostSink) Close() error {
	s.g.mu.Lock()
	defer s.g.mu.Unlock()
	return s.g.step("close", s.name)
}

func (g *ghost) Truncate(name string, size int64) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.step("truncate", name); err != nil {
		return err
	}
	n, ok := g.names[name]
	if !ok {
		return fs.ErrNotExist
	}
	n.data = n.data[:size]
	n.synced = n.synced[:min(int64(len(n.synced)), size)]
	n.hole = max(0, min(n.hole, int(size)-n.from))
	if !n.lost {
		n.sync()
	}
	return nil
}

func (g *ghost) Remove(name string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.step("remove", name); err != nil {
		return err
	}
	if _, ok := g.names[name]; !ok {
		return fs.ErrNotExist
	}
	delete(g.names, name)
	return nil
}

func (g *ghost) SyncDir() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.step("syncdir", ""); err != nil {
		return err
	}
	g.durable = map[string]*node{}
	for name, n := range g.names {
		g.durable[name] = n
	}
	return nil
}

// tailKinds are what may be left of what was not synchronised.
var tailKinds = []string{"nothing", "half", "zeros", "half, then zeros", "everything"}

// cut is the file system after a power cut. With names, new names are there although the
// directory was not synchronised, and removed ones are gone.
func (g *ghost) cut(tail string, names bool) *ghost {
	g.mu.Lock()
	defer g.mu.Unlock()
	out := newGhost()
	from := g.durable
	if names {
		from = g.names
	}
	for name, n := range from {
		data := slices.Clone(n.synced)
		if n.reused {
			clear(data[len(data)/2:])
		}
		if len(n.data) > len(n.synced) {
			rest := n.data[len(n.synced):]
			half := rest[:len(rest)/2]
			zeros := []byte(strings.Repeat("\x00", len(rest)-len(half)))
			switch tail {
			case "half":
				data = append(data, half...)
			case "zeros":
				data = append(data, bytes.Repeat([]byte{0}, len(rest))...)
			case "half, then zeros":
				data = append(append(data, half...), zeros...)
			case "everything":
				data = append(data, rest...)
			}
		}
		m := &node{data: data, synced: slices.Clone(data)}
		out.names[name], out.durable[name] = m, m
	}
	return out
}
