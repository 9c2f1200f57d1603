package store

import (
	"slices"
	"time"
)

// pending is a line that is not on the disk yet.
type pending struct {
	line    *content
	waiters []*waiter // the calls that wait for it
	note    bool      // one of the store's own, which is never dropped: there are few
}

// settle tells those who wait for a line that it will not be on the disk in time.
func (p *pending) settle(err error) {
	for _, w := range p.waiters {
		w.settle(err)
	}
}

// waiter is a call that waits for its lines.
type waiter struct {
	left int
	done chan error // of capacity 1
}

// settle tells a waiter how it ended, once.
func (w *waiter) settle(err error) {
	select {
	case w.done <- err:
	default:
	}
}

// join makes a call wait for these lines as well.
func (w *waiter) join(list []*pending) {
	for _, p := range list {
		p.waiters = append(p.waiters, w)
		w.left++
	}
}

// batch is what is written at once.
type batch struct {
	lines  map[Stream][]*pending
	states []*content     // all of them, for a new segment
	done   map[Stream]int // how many lines are safe
}

func (b *batch) todo(s Stream) []*pending { return b.lines[s][b.done[s]:] }

// queue holds the lines in memory: of reports and records all, in order, of a state only
// the newest.
type queue struct {
	lines map[Stream][]*pending
	bytes int64 // of lines, and of those being written
	limit int64
	// since is when the oldest line of a stream came; stateUrgent is true when a state
	// should not wait.
	since       map[Stream]time.Time
	stateUrgent bool
	// lost is what was dropped since the last time that was noted.
	lost Dropped
}

func newQueue(limit int64) queue {
	return queue{lines: map[Stream][]*pending{}, since: map[Stream]time.Time{}, limit: limit}
}

func (q *queue) empty() bool {
	return len(q.lines[Failures])+len(q.lines[Healthy])+len(q.lines[States]) == 0
}

// add appends a line. A state takes the place of one by the same name.
func (q *queue) add(p *pending, now time.Time) {
	list := q.lines[p.line.stream]
	if len(list) == 0 {
		q.since[p.line.stream] = now
	}
	if p.line.stream == States {
		q.lines[States] = slices.DeleteFunc(list, func(o *pending) bool {
			same := o.line.state == p.line.state
			if same {
				q.bytes -= int64(len(o.line.text))
				p.waiters = append(p.waiters, o.waiters...) // the newer value will do for them
			}
			return same
		})
	}
	q.lines[p.line.stream] = append(q.lines[p.line.stream], p)
	q.bytes += int64(len(p.line.text))
}

// statesDue is whether the waiting states are to be written: one is urgent, or the oldest
// has waited for long enough.
func (q *queue) statesDue(now time.Time, every time.Duration) bool {
	return len(q.lines[States]) > 0 && (q.stateUrgent || waited(q.since[States], now, every))
}

// linesDue is the same for all other lines.
func (q *queue) linesDue(now time.Time, every time.Duration) bool {
	for s, list := range q.lines {
		if s != States && len(list) > 0 && waited(q.since[s], now, every) {
			return true
		}
	}
	return false
}

// take removes what is to be written; without states that go on waiting.
func (q *queue) take(withStates bool) *batch {
	b := &batch{lines: map[Stream][]*pending{}, done: map[Stream]int{}}
	for s, list := range q.lines {
		if s == States && !withStates {
			continue
		}
		b.lines[s] = list
		delete(q.lines, s)
		if s == States {
			q.stateUrgent = false
		}
	}
	return b
}

// finish ends a batch: what is not safe returns to the queue, in front of what came
// meanwhile.
func (q *queue) finish(b *batch, now time.Time) {
	for s, list := range b.lines {
		came, rest := q.lines[s], b.todo(s)
		delete(q.lines, s)
		for _, p := range slices.Concat(list, came) {
			q.bytes -= int64(len(p.line.text))
		}
		for _, p := range slices.Concat(rest, came) {
			q.add(p, now)
		}
		if s == States && len(rest) > 0 {
			q.stateUrgent = true
		}
	}
}

// trim drops what does not fit into memory: successes before failures, the oldest first,
// and never the newest failure.
func (q *queue) trim(now time.Time) {
	for _, s := range []Stream{Healthy, Failures} {
		for q.bytes > q.limit {
			i := q.victim(s)
			if i < 0 {
				break
			}
			p := q.lines[s][i]
			q.lines[s] = slices.Delete(q.lines[s], i, i+1)
			q.bytes -= int64(len(p.line.text))
			q.lose(p.line, now)
			p.settle(ErrDropped)
		}
	}
}

// victim is the oldest line of a stream that may be dropped, -1 without one.
func (q *queue) victim(s Stream) int {
	newest := -1
	if s == Failures {
		newest = len(q.lines[s]) - 1
		for i, p := range q.lines[s] {
			if p.line.report {
				newest = i
			}
		}
	}
	for i, p := range q.lines[s] {
		if !p.note && i != newest {
			return i
		}
	}
	return -1
}

func (q *queue) lose(l *content, now time.Time) {
	d := &q.lost
	if d.Lines == 0 {
		*d = Dropped{Stream: l.stream, Reason: ReasonMemory, Since: now}
	}
	if l.stream == Failures {
		d.Stream = Failures // the worse of the two
	}
	d.Lines++
	if l.report {
		d.Reports++
	}
	d.Bytes += int64(len(l.text))
	d.Until = now
}
