package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Errors of a store, besides those of the lines themselves.
var (
	// ErrDelayed: not on the disk yet. It is kept in memory and written as soon as the disk
	// takes it, unless the program ends before.
	ErrDelayed = errors.New("kept in memory, not on the disk yet")
	// ErrDropped: given up, because memory is bounded. It is counted.
	ErrDropped = errors.New("dropped: the disk takes nothing and memory is full")
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("the store is closed")

	errSlow   = errors.New("the disk is slow")
	errNoLine = errors.New("a line that was not made by this package")
)

// Store is a directory that this process writes. Its methods may be called at any time
// from anywhere; they wait for the disk at most for Options.Patience.
type Store struct {
	options *Options
	disk    *disk // the writing goroutine's

	wake   chan struct{} // of capacity 1
	quit   chan struct{}
	ended  chan struct{}
	opened chan struct{} // closed after the first attempt

	mu     sync.Mutex
	queue  queue
	states states
	closed bool
	urgent bool   // something in the queue should not wait
	flight *batch // what is being written, nil if nothing is
	// What became of the last attempt, and when the next one is due if it failed.
	failed    error
	failedAt  time.Time // since when
	nextTry   time.Time
	pause     time.Duration
	busySince time.Time // when the running attempt began, zero without one
	unshared  error     // why the group cannot read, nil if it can
	health    Health
}

// Open opens a store, and makes its directory where there is none. A disk that cannot be
// used is no error: the store works from memory, tries again by itself, and Health says
// what is wrong. It waits for the disk longer than other calls do, five times the store's
// patience, because what State returns from then on is what is known by then.
//
// The error is ErrLocked where another process writes the same store; if the disk is too
// slow to tell in time, that too stands in Health.
func Open(dir string, o Options) (*Store, error) {
	o = o.withDefaults()
	if o.files == nil {
		o.files = directory{path: dir, group: o.Group}
	}
	s := &Store{
		options: &o,
		disk:    &disk{options: &o, files: o.files, spoilt: map[string]bool{}},
		wake:    make(chan struct{}, 1),
		quit:    make(chan struct{}),
		ended:   make(chan struct{}),
		opened:  make(chan struct{}),
		queue:   newQueue(o.Memory),
		states:  states{lines: map[string]*content{}, limit: o.stateLimit()},
		urgent:  true,
	}
	s.wake <- struct{}{}
	go s.run()
	select {
	case <-s.opened:
	case <-time.After(5 * o.Patience):
		return s, nil
	}
	if err := s.failure(); errors.Is(err, ErrLocked) {
		s.Close(context.Background())
		return nil, err
	}
	return s, nil
}

// Append stores lines. It returns nil once all of them are on the disk; ErrDelayed, with
// the cause, if that takes longer than the store's patience or cannot be done now;
// ErrDropped if memory is full of what matters more.
func (s *Store) Append(ctx context.Context, lines ...Line) error {
	if len(lines) == 0 {
		return nil
	}
	w := &waiter{left: len(lines), done: make(chan error, 1)}
	if err := s.add(true, w, lines); err != nil {
		return err
	}
	return s.await(ctx, w)
}

// AppendSoon stores lines as Append does, but does not wait for that.
func (s *Store) AppendSoon(lines ...Line) error { return s.add(true, nil, lines) }

// AppendLater stores lines that may wait: they are written with the next Append, by a Flush
// that finds that they have waited for long enough, or on Close, and are lost if power
// fails before. States go with an Append only if they have waited, or another one cannot.
func (s *Store) AppendLater(lines ...Line) error { return s.add(false, nil, lines) }

// Flush stores what may wait and has done so for Options.LaterEvery or StateEvery, and with
// it all lines that wait. Whoever uses AppendLater calls it about every hour. Its errors
// are those of Append.
func (s *Store) Flush(ctx context.Context) error {
	w := &waiter{done: make(chan error, 1)}
	s.mu.Lock()
	states := s.statesDue()
	lines := states || s.queue.linesDue(time.Now(), s.options.LaterEvery)
	for stream, list := range s.queue.lines {
		if stream == States && states || stream != States && lines {
			w.join(list)
		}
	}
	if s.flight != nil {
		for stream := range s.flight.lines {
			w.join(s.flight.lines[stream]) // the goroutine that writes them reads other fields
		}
	}
	if w.left == 0 {
		w.settle(nil)
	} else {
		s.hurry(w)
	}
	s.mu.Unlock()
	return s.await(ctx, w)
}

// Close writes everything that waits and ends the store. With ErrDelayed some of it was
// not written and is lost, or the disk is so slow that nobody knows.
func (s *Store) Close(ctx context.Context) error {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.quit)
	}
	s.mu.Unlock()
	patience := time.NewTimer(s.options.Patience)
	defer patience.Stop()
	select {
	case <-s.ended:
	case <-patience.C:
		return delayed(errSlow)
	case <-ctx.Done():
		return delayed(ctx.Err())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queue.empty() || s.failed == nil {
		return nil
	}
	return delayed(s.failed)
}

// add puts lines into the queue; w may be nil.
func (s *Store) add(urgent bool, w *waiter, lines []Line) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	for _, l := range lines {
		if l.content == nil {
			return errNoLine
		}
		if int64(len(l.text)) > s.options.lineLimit(l.stream) {
			return fmt.Errorf("%w: %d bytes", ErrTooLong, len(l.text))
		}
		if l.stream == States {
			if err := s.states.put(l.content); err != nil {
				return err
			}
		}
	}
	now := time.Now()
	for _, l := range lines {
		p := &pending{line: l.content}
		if w != nil {
			p.waiters = []*waiter{w}
		}
		if l.stream == States && urgent {
			s.queue.stateUrgent = true
		}
		s.queue.add(p, now)
	}
	s.queue.trim(s.wall())
	if urgent || s.queue.bytes > s.options.Memory/2 {
		s.hurry(w)
	}
	return nil
}

// hurry has the queue written now, unless the disk just failed: then whoever waits is told
// at once, and the next attempt comes by itself.
func (s *Store) hurry(w *waiter) {
	if s.failed != nil && time.Now().Before(s.nextTry) {
		if w != nil {
			w.settle(delayed(s.failed))
		}
		return
	}
	s.urgent = true
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *Store) await(ctx context.Context, w *waiter) error {
	patience := time.NewTimer(s.options.Patience)
	defer patience.Stop()
	select {
	case err := <-w.done:
		return err
	case <-patience.C:
		return delayed(errSlow)
	case <-ctx.Done():
		return delayed(ctx.Err())
	}
}

func delayed(cause error) error { return fmt.Errorf("%w: %w", ErrDelayed, cause) }

func (s *Store) wall() time.Time {
	now, _ := s.options.Now()
	return now
}

func (s *Store) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed
}
