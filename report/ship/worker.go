package ship

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// worker serves one destination.
type worker struct {
	c       Config
	d       Destination
	times   times
	carrier carrier
	encode  encoder
	files   *files
	used    func() int64 // bytes on the wire so far
	streams []reading

	// trust is how many reports may be set aside before the receiver has to take another
	// one; stuck how often in a row a single report was refused without any trust.
	trust, stuck int
	failures     int // in a row
	paced        time.Time

	note chan struct{} // something was noted in pending

	mu      sync.Mutex
	pending pending
	status  Status
}

// reading is a stream as this destination reads it.
type reading struct {
	Stream
	source Source
	cursor string
}

// pending is what was stored and not yet looked at.
type pending struct {
	urgent bool
	bytes  int64
	since  time.Time // of the first line that may wait, zero without one
}

func newWorker(c Config, d Destination, t times) (*worker, error) {
	to, err := d.target()
	if err != nil {
		return nil, err
	}
	dial := &dialer{d: d, t: to, files: &files{d: d, t: to}}
	w := &worker{c: c, d: d, times: t, files: dial.files, used: dial.used.Load, note: make(chan struct{}, 1)}
	w.status.Destination = d.Name
	over := &overHTTP{dialer: dial, agent: printable(c.Agent.Name+"/"+c.Agent.Version, 100), accepted: anySuccess}
	switch d.Format {
	case Syslog:
		w.carrier, w.encode = overSyslog{dial}, frames(d.MessageBytes)
	case OTLP:
		over.contentType, over.accepted = "application/x-protobuf", otlpSuccess
		w.carrier, w.encode = over, zipped(otlp(c.Agent))
	default:
		over.contentType = "application/x-ndjson"
		w.carrier, w.encode = over, zipped(ndjson)
	}
	for _, s := range c.Streams {
		w.streams = append(w.streams, reading{Stream: s})
	}
	return w, nil
}

// run ships until ctx ends.
func (w *worker) run(ctx context.Context) {
	defer w.rest()
	for i, s := range w.streams {
		w.streams[i].source, w.streams[i].cursor = s.Open(), w.c.Keeper.Cursor(w.d.Name, s.Name)
	}
	// What is there already is due at once, if that may be said of a fleet.
	everything := true
	if w.c.Splay > 0 {
		sleep(ctx, rand.N(w.c.Splay))
	}
	for ctx.Err() == nil {
		why := w.drain(ctx, everything)
		w.rest()
		if ctx.Err() != nil {
			return
		}
		w.tell(why)
		if why != nil {
			w.recover(ctx, why)
		} else {
			everything = w.wait(ctx)
		}
	}
}

// rest lets go of connection and files.
func (w *worker) rest() {
	w.carrier.close()
	for _, s := range w.streams {
		if s.source != nil {
			s.source.Close()
		}
	}
}

// drain ships what there is; of the streams that may wait only if everything is due. nil
// means that nothing is left, or that ctx has ended.
func (w *worker) drain(ctx context.Context, everything bool) *Trouble {
	w.looked(everything)
	for {
		i, batch := w.collect(everything)
		if i < 0 {
			return nil
		}
		why := w.settle(ctx, i, batch)
		if ctx.Err() != nil {
			return nil
		}
		if why != nil {
			return why
		}
	}
}

// recover waits for another attempt after a trouble.
func (w *worker) recover(ctx context.Context, why *Trouble) {
	if why.Kind == Held { // nobody failed
		sleep(ctx, why.after)
		return
	}
	w.failures++
	left := w.times.wait(why, w.failures)
	if !why.slow() {
		sleep(ctx, left)
		return
	}
	for step := w.times.look; left > 0 && sleep(ctx, min(left, step)) && !w.files.changed(); {
		left -= step
	}
}

// wait waits until something is due: at once what is urgent, and everything when the
// first line that may wait has waited long enough, or is one of many.
func (w *worker) wait(ctx context.Context) (everything bool) {
	spread := w.d.Every / 10
	every := w.d.Every - spread + rand.N(2*spread+1)
	for ctx.Err() == nil {
		w.mu.Lock()
		p := w.pending
		w.mu.Unlock()
		due := p.bytes >= w.d.Batch || !p.since.IsZero() && time.Since(p.since) >= every
		if p.urgent || due {
			return due
		}
		alarm := &time.Timer{} // which never rings
		if !p.since.IsZero() {
			alarm = time.NewTimer(time.Until(p.since.Add(every)))
		}
		select {
		case <-ctx.Done():
		case <-w.note:
		case <-alarm.C:
		}
		if alarm.C != nil {
			alarm.Stop()
		}
	}
	return false
}

// stored notes a line that was stored.
func (w *worker) stored(stream string, bytes int64) {
	w.mu.Lock()
	for _, s := range w.c.Streams {
		switch {
		case s.Name != stream:
		case s.Urgent:
			w.pending.urgent = true
		default:
			w.pending.bytes += bytes
			if w.pending.since.IsZero() {
				w.pending.since = time.Now()
			}
		}
	}
	w.mu.Unlock()
	select {
	case w.note <- struct{}{}:
	default: // there is a note already
	}
}

// looked forgets the notes of what is being looked at now.
func (w *worker) looked(everything bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pending.urgent = false
	if everything {
		w.pending = pending{}
	}
}

// tell notes the trouble, or its end, and says so if that is news.
func (w *worker) tell(why *Trouble) {
	w.mu.Lock()
	old := w.status.Trouble
	same := old == nil && why == nil || old != nil && why != nil && old.Kind == why.Kind && old.Status == why.Status
	w.status.Trouble = why
	if !same {
		w.status.Since = time.Now()
	}
	s := w.status
	w.mu.Unlock()
	if !same && w.c.Say != nil {
		w.c.Say(s)
	}
}

func (w *worker) snapshot() Status {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.status
}

// count changes the status.
func (w *worker) count(change func(*Status)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(&w.status)
}

// sleep waits; it returns false when ctx ends meanwhile.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return ctx.Err() == nil
	}
}
