package store

import "time"

// run is the goroutine that writes. It alone touches the disk, however long that takes.
func (s *Store) run() {
	defer close(s.ended)
	retry := time.NewTimer(0)
	defer retry.Stop()
	for first := true; ; first = false {
		if wait := s.untilRetry(); wait >= 0 {
			retry.Reset(wait)
		} else {
			retry.Stop()
		}
		select {
		case <-s.wake:
		case <-retry.C:
		case <-s.quit:
			for range 3 { // what is written may leave something to be noted
				s.attempt(true)
			}
			s.disk.detach()
			return
		}
		s.attempt(false)
		if first {
			close(s.opened)
		}
	}
}

// untilRetry is how long a failed disk is left alone, -1 for one that works.
func (s *Store) untilRetry() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		return -1
	}
	return max(0, time.Until(s.nextTry))
}

// attempt writes the queue, unless it is too soon or there is no hurry; the final one
// always does, and writes what might have waited as well.
func (s *Store) attempt(final bool) {
	s.mu.Lock()
	now := time.Now()
	tooSoon := s.failed != nil && now.Before(s.nextTry)
	idle := s.failed == nil && !s.urgent
	if !final && (tooSoon || idle) || final && s.queue.empty() {
		s.mu.Unlock()
		return
	}
	s.busySince = now
	s.mu.Unlock()

	var b *batch
	err := s.disk.ready()
	if err == nil {
		b = s.begin(final)
		err = s.disk.write(b)
	}
	s.end(b, err, final)
}

// begin takes what is to be written. What the disk held before is known by now.
func (s *Store) begin(all bool) *batch {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.adopt()
	s.urgent = false
	b := s.queue.take(all || s.statesDue())
	b.states = s.states.all()
	s.flight = b
	return b
}

// statesDue is whether states are to be written with whatever else is.
func (s *Store) statesDue() bool { return s.queue.statesDue(time.Now(), s.options.StateEvery) }

// adopt takes over the states found on the disk.
func (s *Store) adopt() {
	s.states.adopt(s.disk.found)
	s.disk.found = nil
}

// end tells everybody what became of an attempt.
func (s *Store) end(b *batch, err error, final bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.busySince, s.flight = time.Time{}, nil
	s.adopt()
	if b != nil {
		for stream, list := range b.lines {
			for _, p := range list[:b.done[stream]] {
				for _, w := range p.waiters {
					if w.left--; w.left == 0 {
						w.settle(nil)
					}
				}
			}
		}
		s.queue.finish(b, now)
	}
	if err != nil {
		s.fail(err, now)
	} else {
		s.failed, s.pause, s.failedAt = nil, 0, time.Time{}
	}
	s.takeNotes()
	s.queue.trim(s.wall())
	s.disk.status(&s.health)
	s.unshared = s.disk.unshared
	if s.urgent && err == nil && !final {
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
}

// fail notes an attempt that failed, and when the next one is due.
func (s *Store) fail(err error, now time.Time) {
	if s.failed == nil {
		s.failedAt = s.wall()
	}
	s.failed = err
	s.pause = min(max(2*s.pause, s.options.retry), lastRetry)
	s.nextTry = now.Add(s.pause)
	for _, list := range s.queue.lines {
		for _, p := range list {
			p.settle(delayed(err))
			p.waiters = nil
		}
	}
}

// takeNotes queues what the disk has to say, and what was lost in memory. An unfinished
// line is not passed over in silence: its note does not wait, as the line is gone already.
func (s *Store) takeNotes() {
	now := s.wall()
	for _, n := range s.disk.notes {
		s.health.Dropped.count(n.dropped, now)
		s.urgent = s.urgent || n.kind == KindTorn
		s.note(n)
	}
	s.disk.notes = nil
	if lost := s.queue.lost; lost.Lines > 0 && s.failed == nil {
		s.queue.lost = Dropped{}
		s.health.Dropped.count(&lost, now)
		s.note(note{kind: KindDropped, id: "dropped-memory-" + lost.Since.UTC().Format(time.RFC3339Nano), body: &lost})
	}
}

func (s *Store) note(n note) {
	l, err := n.line(s.wall())
	if err == nil {
		s.queue.add(&pending{line: l.content, note: true}, time.Now())
	}
}
