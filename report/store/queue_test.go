package store

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func queued(q *queue, s Stream) string {
	out := ""
	for _, p := range q.lines[s] {
		out += string(p.line.text)
	}
	return out
}

func pend(s Stream, text string, waiters ...*waiter) *pending {
	l := &content{stream: s, text: []byte(text), report: s != States}
	if s == States {
		l.state = text[:1]
	}
	return &pending{line: l, waiters: waiters}
}

// TestQueueOrder: what could not be written goes on in front of what came meanwhile; of a
// state the newest value does, also for those who waited for an older one.
func TestQueueOrder(t *testing.T) {
	q := newQueue(1000)
	w := &waiter{left: 2, done: make(chan error, 1)}
	for _, text := range []string{"1", "2", "3"} {
		q.add(pend(Failures, text), noon)
	}
	q.add(pend(States, "a1", w), noon)
	q.add(pend(States, "b1", w), noon)
	q.stateUrgent = true
	b := q.take(true)
	if !q.empty() || q.bytes != 7 {
		t.Fatalf("%d bytes", q.bytes)
	}
	q.add(pend(Failures, "4"), noon)
	q.add(pend(States, "a2"), noon)
	b.done[Failures], b.done[States] = 1, 1 // 1 and a1 are safe
	q.finish(b, noon)
	if got := queued(&q, Failures) + queued(&q, States); got != "234"+"b1a2" || q.bytes != 3+4 || !q.stateUrgent {
		t.Errorf("%s, %d bytes", got, q.bytes)
	}
	q.add(pend(States, "b3"), noon)
	if list := q.lines[States]; queued(&q, States) != "a2b3" || len(list[1].waiters) != 1 || len(w.done) != 0 {
		t.Errorf("%s: %v", queued(&q, States), list)
	}
}

func TestQueueTrim(t *testing.T) {
	q := newQueue(10)
	var waiters []*waiter
	for n := range 8 {
		w := &waiter{left: 1, done: make(chan error, 1)}
		waiters = append(waiters, w)
		q.add(pend([]Stream{Failures, Healthy}[n%2], fmt.Sprint(n, "__"), w), noon)
	}
	q.lines[Failures][3].line.report = false // an event: the newest report is older
	q.trim(noon)
	if got := queued(&q, Failures) + queued(&q, Healthy); got != "2__4__6__" || q.lost.Lines != 5 || q.lost.Reports != 5 || q.lost.Stream != Failures {
		t.Errorf("%s, %+v", got, q.lost)
	}
	q.limit = 1
	q.trim(noon)
	if got := queued(&q, Failures); got != "4__" || q.lost.Lines != 7 {
		t.Errorf("%s, %+v", got, q.lost)
	}
	for n, w := range waiters {
		if kept := n == 4; kept != (len(w.done) == 0) || !kept && !errors.Is(<-w.done, ErrDropped) {
			t.Errorf("%d: not told", n)
		}
	}
}

// TestFlushWaits: what may wait does so for about as long as it may, and then everything
// goes together.
func TestFlushWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGhost()
		s := openStore(t, "", Options{files: g})
		later := func(lines ...Line) {
			if err := s.AppendLater(lines...); err != nil {
				t.Fatal(err)
			}
		}
		for hour, want := range []string{
			"", "", "0 1 2", "0 1 2", "0 1 2", "0 1 2 3 4 5", "0 1 2 3 4 5 6 state:s", "0 1 2 3 4 5 6 state:s", "0 1 2 3 4 5 6 state:s",
		} {
			later(line(t, healthy(fmt.Sprint(hour))), state(t, "s", hour))
			if err := s.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := ids(drain(t, newReader(g, nil, []Stream{Healthy, States}))); got != want {
				t.Errorf("after %d h: %q, not %q", hour, got, want)
			}
			time.Sleep(time.Hour - time.Second) // the hours of a ticker, not of a clock
		}
		// A failure takes lines along, but no state.
		later(line(t, healthy("9")), state(t, "s", 9))
		mustAppend(t, s, line(t, failure("F")))
		if got := ids(drain(t, newReader(g, nil, nil))); got != "F 0 1 2 3 4 5 6 7 8 9" {
			t.Errorf("with a failure: %s", got)
		}
		mustClose(t, s)
		if got := len(drain(t, newReader(g, nil, []Stream{States}))); got != 2 {
			t.Errorf("%d states", got)
		}
	})
}
