package ship

import (
	"cmp"
	"context"
	"math/rand/v2"
	"time"
)

// maxReports is how many reports go together at most, however short they are.
const maxReports = 1000

// collect reads a batch of the first stream that has one. i is the stream, -1 when there
// is nothing.
func (w *worker) collect(everything bool) (i int, batch []message) {
	for i := range w.streams {
		if s := &w.streams[i]; s.Urgent || everything {
			if batch := w.read(s); len(batch) > 0 {
				return i, batch
			}
		}
	}
	return -1, nil
}

// read reads from a stream what fits into a batch. A line that cannot be made fit for
// leaving the terminal does not leave it.
func (w *worker) read(s *reading) (batch []message) {
	at, size := s.cursor, int64(0)
	var lost losses // since the last message
	for len(batch) < maxReports {
		r, err := s.source.Next(at)
		if err != nil {
			if r.Cursor != "" {
				at = r.Cursor
			}
			break
		}
		m, err := newMessage(r.Line, w.d.Redact)
		if err != nil {
			lost, at = lost.and(losses{r.Missed, 1}), r.Cursor
			continue
		}
		if size += int64(len(m.line)); size > w.d.Batch && len(batch) > 0 {
			break
		}
		m.cursor, m.before, at = r.Cursor, lost.and(losses{missed: r.Missed}), r.Cursor
		lost, batch = losses{}, append(batch, m)
	}
	if len(batch) == 0 {
		s.cursor = at
		w.count(func(s *Status) { s.lose(lost) })
	}
	return batch
}

// losses are lines that were not sent: missed ones, which the store had dropped, and
// unreadable ones.
type losses struct{ missed, unreadable int64 }

func (l losses) and(more losses) losses {
	return losses{l.missed + more.missed, l.unreadable + more.unreadable}
}

func (s *Status) lose(l losses) {
	s.Missed += l.missed
	s.Unreadable += l.unreadable
}

// trusted is how many reports in a row may be set aside after the receiver has taken one:
// more in a row, and it is the receiver that refuses everything.
const trusted = 3

// patience is how often a report that is alone is tried before it is set aside although
// the receiver has not taken anything.
const patience = 3

// settle sends a batch of stream i until every report was taken or set aside, or trouble
// stops it. What was settled stays settled.
func (w *worker) settle(ctx context.Context, i int, batch []message) *Trouble {
	why := w.attempt(ctx, batch)
	switch {
	case why == nil:
		w.advance(i, batch)
		return nil
	case why.Kind != TooLarge && why.Kind != Refused:
		return why
	case why.Kind == Refused && w.trust == 0:
		// Is it the batch, or is it everything? One report decides.
		if len(batch) > 1 {
			one := rand.N(len(batch))
			if why := w.attempt(ctx, batch[one:one+1]); why != nil {
				return why
			}
		} else if w.stuck++; w.stuck < patience {
			return why
		}
	}
	if len(batch) > 1 {
		half := len(batch) / 2
		if why := w.settle(ctx, i, batch[:half]); why != nil {
			return why
		}
		return w.settle(ctx, i, batch[half:])
	}
	w.trust = max(0, w.trust-1)
	w.stuck = 0
	w.c.Keeper.SetAside(w.d.Name, batch[0].ID, *why)
	w.count(func(s *Status) { s.SetAside++ })
	w.advance(i, batch)
	return nil
}

// advance remembers that a stream is settled up to the end of a batch.
func (w *worker) advance(i int, batch []message) {
	s := &w.streams[i]
	s.cursor = batch[len(batch)-1].cursor
	w.count(func(s *Status) {
		for _, m := range batch {
			s.lose(m.before)
		}
	})
	w.c.Keeper.Advance(w.d.Name, s.Name, s.cursor)
}

// Estimates of what a batch costs besides its bytes: the head of a request and an answer
// without much in it, and the opening of a connection.
const (
	requestBytes = 600
	plainBytes   = 2 * connectionBytes
	tlsBytes     = 5000
)

// attempt sends a batch once, at its pace and within the budget.
func (w *worker) attempt(ctx context.Context, batch []message) *Trouble {
	if wait := time.Until(w.paced); wait > 0 && !sleep(ctx, wait) {
		return broken(ctx.Err())
	}
	body := w.encode(batch, time.Now())
	price := int64(len(body)+len(body)/segmentShare) + requestBytes
	switch {
	case w.carrier.open():
	case w.files.t.secure:
		price += tlsBytes
	default:
		price += plainBytes
	}
	if wait := w.c.Budget.Allow(price); wait > 0 {
		why := trouble(Held, "nothing may be sent for %v", wait.Round(time.Second))
		why.after = wait
		return why
	}
	before := w.used()
	rejected, why := w.carrier.send(ctx, body, len(batch))
	used := w.used() - before
	w.c.Budget.Settle(price, used)
	w.paced = time.Now().Add(time.Duration(used) * time.Second / time.Duration(w.d.Rate))
	rejection := ""
	if rejected > 0 {
		rejection, why = why.Detail, nil
	}
	if why == nil {
		w.trust, w.stuck, w.failures = trusted, 0, 0
	}
	w.count(func(s *Status) {
		s.Bytes += used
		if why == nil {
			s.Sent += int64(len(batch)) - rejected
			s.Rejected += rejected
			s.Rejection = cmp.Or(rejection, s.Rejection)
			s.LastSent = time.Now()
		}
	})
	return why
}
