package ship

import (
	"context"
	"fmt"
	"sync"
	"time"

	"posprobe/report"
)

// Config is what all destinations have in common.
type Config struct {
	// Agent is who ships.
	Agent report.Agent
	// Streams are what is shipped, those first that go first.
	Streams []Stream
	Keeper  Keeper
	// Budget is what may be sent; nil: without bounds.
	Budget Budget
	// Splay is the longest time by which the first attempt after Start is put off, so that
	// terminals that start together do not ship together.
	Splay time.Duration
	// Say is told when a destination's trouble begins, changes or ends; nil: nobody is. It
	// is called from the destinations' goroutines and must not call the Shipper.
	Say func(Status)
}

// Status is how a destination fares.
type Status struct {
	Destination string
	// Trouble is why it gets nothing at the moment, nil if nothing is known against it.
	Trouble *Trouble
	// Since is when that began, LastSent when it last took a batch.
	Since, LastSent time.Time
	// Sent counts reports that it took and Bytes what that cost, heads and handshakes
	// included, Rejected those that it took together with others and then would not have,
	// SetAside those that it would never take, Unreadable lines that are no JSON, and
	// Missed those that the store dropped before they could be sent.
	Sent, Bytes, Rejected, SetAside, Unreadable, Missed int64
	// Rejection is why reports were rejected last, in the receiver's words; "" if none were.
	Rejection string
}

// Shipper carries reports to its destinations until it is stopped.
type Shipper struct {
	workers []*worker
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// Start begins to ship. The error says which destination cannot be used; then none is.
func Start(c Config, destinations []Destination) (*Shipper, error) {
	return start(c, destinations, usual)
}

func start(c Config, destinations []Destination, t times) (*Shipper, error) {
	if c.Budget == nil {
		c.Budget = free{}
	}
	s := &Shipper{}
	names := map[string]bool{}
	for _, d := range destinations {
		d = d.withDefaults()
		w, err := newWorker(c, d, t)
		if err == nil && names[d.Name] {
			err = fmt.Errorf("there are two of this name")
		}
		if err != nil {
			return nil, fmt.Errorf("destination %q: %w", d.Name, err)
		}
		names[d.Name] = true
		s.workers = append(s.workers, w)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	for _, w := range s.workers {
		s.running.Go(func() { w.run(ctx) })
	}
	return s, nil
}

// Stored tells that a line was stored in a stream. It never blocks.
func (s *Shipper) Stored(stream string, bytes int) {
	for _, w := range s.workers {
		w.stored(stream, int64(bytes))
	}
}

// Status tells how the destinations fare, in the order in which they were given.
func (s *Shipper) Status() []Status {
	var all []Status
	for _, w := range s.workers {
		all = append(all, w.snapshot())
	}
	return all
}

// Stop ends all attempts and closes what is open. It returns as soon as the sources and
// the keeper let it: nothing waits for a network.
func (s *Shipper) Stop() {
	s.cancel()
	s.running.Wait()
}
