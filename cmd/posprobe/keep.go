package main

import (
	"context"
	"sync/atomic"
	"time"

	"posprobe/cmd/posprobe/daemon"
	"posprobe/probe"
	"posprobe/report"
	"posprobe/report/incident"
	"posprobe/report/store"
)

// stateName is the daemon's state in the store.
const stateName = "daemon"

// diskPatience is how long the daemon's loop waits for the disk: what is not there by then
// is written as soon as the disk takes it.
const diskPatience = 500 * time.Millisecond

// kept is where the daemon keeps what it saw. It implements daemon.Keeper on a store.
type kept struct {
	store *store.Store
	fold  store.Fold
	began time.Time
	// sampled: a good round was kept whole since the last bad one, for comparison.
	sampled bool
	waiting int // bytes of what was appended for later
	// wanted: somebody asked for a dump of the state, which the next State is; redact takes
	// out of it what must not leave the terminal.
	wanted atomic.Bool
	redact func(text []byte) ([]byte, error)
	// stored hears of every line that may be shipped; nil: nobody does.
	stored func(s store.Stream, bytes int)
}

func (k *kept) up() time.Duration { return time.Since(k.began) }

// now appends lines at once. A disk that takes none is told of by Health.
func (k *kept) now(l store.Line, err error) {
	if err == nil {
		_ = k.store.Append(context.Background(), l)
		k.tell(l.Stream(), l.Bytes())
	}
}

// later appends lines with whatever is written next; they are shipped from then on.
func (k *kept) later(l store.Line, err error) {
	if err == nil && k.store.AppendLater(l) == nil {
		k.waiting += l.Bytes()
	}
}

// Failure keeps the whole report, at once.
func (k *kept) Failure(r report.Report) {
	k.sampled = false
	k.now(store.ReportLine(r))
}

// Healthy folds the round into the hour; the first after a bad one is kept whole, so that
// there is something to compare with.
func (k *kept) Healthy(r report.Report) {
	k.fold.Add(r, k.up(), probe.Spent(r.Evidence))
	if !k.sampled && r.Diagnosis.Verdict == report.VerdictHealthy {
		k.sampled = true
		k.later(store.ReportLine(r))
	}
}

// Skipped counts a round that did not run.
func (k *kept) Skipped(why report.Reason) { k.fold.Skip(why, k.up()) }

// Event keeps what happened to an incident, at once.
func (k *kept) Event(e incident.Event) {
	at := time.Now()
	k.now(store.RecordLine(store.Failures, store.KindIncident, newID(at), at, e))
}

// State keeps the daemon's state, and a dump of it where one is wanted.
func (k *kept) State(s daemon.State, now bool) {
	if k.wanted.Swap(false) {
		k.dump(s)
	}
	if l, err := store.StateLine(stateName, time.Now(), s); now {
		k.now(l, err)
	} else {
		k.later(l, err)
	}
}

// Self keeps posprobe's report about itself.
func (k *kept) Self(s daemon.Self) {
	k.later(store.RecordLine(store.Healthy, store.KindSelf, newID(s.At), s.At, s))
}

// Flush writes the hour's summary and whatever else waits.
func (k *kept) Flush() {
	if s, ok := k.fold.Close(k.up()); ok {
		at := time.Now()
		k.later(store.RecordLine(store.Healthy, store.KindSummary, newID(at), at, s))
	}
	_ = k.store.Flush(context.Background())
	// Failures as well: a disk that took none before may have taken them now.
	k.tell(store.Failures, 0)
	if k.waiting > 0 {
		k.tell(store.Healthy, k.waiting)
	}
	k.waiting = 0
}

func (k *kept) tell(s store.Stream, bytes int) {
	if k.stored != nil {
		k.stored(s, bytes)
	}
}

// Health says how the disk is.
func (k *kept) Health() (*report.Failure, int) {
	h := k.store.Health()
	return h.Failure, int(h.WaitingLines)
}
