package ship

import "time"

// Stream is one sequence of stored lines.
type Stream struct {
	Name string
	// Urgent lines go at once, the others when Destination.Every has passed.
	Urgent bool
	// Open returns a reader of the stream; each destination has its own.
	Open func() Source
}

// Source reads stored lines, the oldest first. Calls come from one goroutine and should
// take no longer than a disk does.
type Source interface {
	// Next returns the first line behind a cursor; "" is the beginning. The error is io.EOF
	// while there is none; a Cursor that comes with it is used from then on.
	Next(cursor string) (Record, error)
	// Close lets go of files. Next may be called again afterwards.
	Close() error
}

// Record is a stored line.
type Record struct {
	// Line is one JSON object, a report or not; it is good until the next call.
	Line []byte
	// Cursor is the place behind it.
	Cursor string
	// Missed is how many lines, if there are any, were dropped between the place that was
	// asked for and this one.
	Missed int64
}

// Keeper remembers how far each destination has come in each stream. Its methods are
// called from the goroutines of all destinations.
type Keeper interface {
	// Cursor returns what Advance was told last, "" where there is none.
	Cursor(destination, stream string) string
	// Advance may be forgotten in a power cut: then some reports arrive twice.
	Advance(destination, stream, cursor string)
	// SetAside notes a report that the receiver will never take, by its id. The report
	// stays in the store.
	SetAside(destination, id string, why Trouble)
}

// Budget is what all destinations together may send and receive. Its methods are called
// from the goroutines of all destinations.
type Budget interface {
	// Allow takes bytes from the budget and returns 0, or takes nothing and says in how
	// long to ask again: the day's bytes are used up, or nothing may be sent at the moment.
	Allow(bytes int64) time.Duration
	// Settle replaces what Allow took by what was used, both directions, heads of packets
	// and handshakes included.
	Settle(allowed, used int64)
}

// free is a budget without bounds.
type free struct{}

func (free) Allow(int64) time.Duration { return 0 }
func (free) Settle(int64, int64)       {}
