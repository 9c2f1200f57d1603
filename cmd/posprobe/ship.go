package main

import (
	"fmt"
	"sync"

	"posprobe/cmd/posprobe/config"
	"posprobe/report/ship"
	"posprobe/report/store"
)

// shipping carries what the daemon stores to where the configuration says.
type shipping struct {
	dir    string
	keeper *shipKeeper
	budget ship.Budget
	say    func(string)

	mu      sync.Mutex
	shipper *ship.Shipper // nil where nothing is shipped
}

func newShipping(s *store.Store, dir string, budget ship.Budget, say func(string)) *shipping {
	return &shipping{dir: dir, keeper: newShipKeeper(s, say), budget: budget, say: say}
}

// configure ships by a configuration from now on; what was under way is done again.
func (s *shipping) configure(c *config.Config) error {
	destinations, err := c.Destinations(s.keeper.state.Installation)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shipper != nil {
		s.shipper.Stop()
		s.shipper = nil
	}
	s.keeper.only(destinations)
	if len(destinations) == 0 {
		return nil
	}
	s.shipper, err = ship.Start(ship.Config{
		Agent: thisAgent(), Streams: s.streams(), Keeper: s.keeper, Budget: s.budget, Splay: schedule(c).Splay,
		Say: func(st ship.Status) { s.say(shipNews(st)) },
	}, destinations)
	return err
}

// streams are what is shipped: failures at once and first, then what somebody saved, then
// what is healthy.
func (s *shipping) streams() []ship.Stream {
	open := func(stream store.Stream) func() ship.Source {
		return func() ship.Source { return &storedLines{dir: s.dir, stream: stream} }
	}
	return []ship.Stream{
		{Name: string(store.Failures), Urgent: true, Open: open(store.Failures)},
		{Name: string(store.Checks), Open: open(store.Checks)},
		{Name: string(store.Healthy), Open: open(store.Healthy)},
	}
}

// stored tells that something was stored.
func (s *shipping) stored(stream store.Stream, bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shipper != nil {
		s.shipper.Stored(string(stream), bytes)
	}
}

// shipStatus is how a destination fares, and how many stored lines it has not got yet.
type shipStatus struct {
	ship.Status
	Backlog int64
}

// status tells how the destinations fare; nil where nothing is shipped.
func (s *shipping) status() (out []shipStatus) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shipper == nil {
		return nil
	}
	for _, st := range s.shipper.Status() {
		out = append(out, shipStatus{st, s.keeper.backlog(st.Destination)})
	}
	return out
}

// stop ends it.
func (s *shipping) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shipper != nil {
		s.shipper.Stop()
		s.shipper = nil
	}
}

// shipNews says how a destination fares, when that changed.
func shipNews(s ship.Status) string {
	if s.Trouble == nil {
		return "shipping to " + s.Destination + " works again"
	}
	return fmt.Sprintf("nothing is shipped to %s: %v; reports stay in the store meanwhile", s.Destination, s.Trouble)
}
