package main

import (
	"maps"
	"sync"
	"time"

	"posprobe/report/ship"
	"posprobe/report/store"
)

// shipStateName is in the store what is known of destinations.
const shipStateName = "ship"

// maxAside is how many reports that a destination never takes are remembered by id.
const maxAside = 20

// shipState is how far each destination has come.
type shipState struct {
	// Installation is a random name for this terminal, for those that have no other.
	Installation string                      `json:"installation"`
	Destinations map[string]destinationState `json:"destinations"`
}

type destinationState struct {
	// Cursors are by stream.
	Cursors map[string]string `json:"cursors"`
	// SetAside counts reports that it would never take; Aside are the ids of the last ones.
	SetAside int64    `json:"set_aside"`
	Aside    []string `json:"aside"`
}

// shipKeeper keeps that in the store, with whatever is written next: what a power cut
// takes is shipped again. It implements ship.Keeper.
type shipKeeper struct {
	store *store.Store
	say   func(string)

	mu    sync.Mutex
	state shipState
}

// newShipKeeper goes on from what is stored.
func newShipKeeper(s *store.Store, say func(string)) *shipKeeper {
	k := &shipKeeper{store: s, say: say}
	if _, err := s.State(shipStateName, &k.state); err != nil {
		say("how far reports were shipped cannot be read (" + err.Error() + "): all that is stored is shipped again")
		k.state = shipState{}
	}
	if k.state.Destinations == nil {
		k.state.Destinations = map[string]destinationState{}
	}
	if k.state.Installation == "" {
		k.state.Installation = newID(time.Now())
	}
	return k
}

// Cursor is where a destination goes on in a stream.
func (k *shipKeeper) Cursor(destination, stream string) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.state.Destinations[destination].Cursors[stream]
}

// Advance remembers it.
func (k *shipKeeper) Advance(destination, stream, cursor string) {
	k.change(destination, func(d *destinationState) { d.Cursors[stream] = cursor })
}

// SetAside remembers a report that a destination will never take.
func (k *shipKeeper) SetAside(destination, id string, why ship.Trouble) {
	k.change(destination, func(d *destinationState) {
		d.SetAside++
		d.Aside = append(d.Aside, id)
		d.Aside = d.Aside[max(0, len(d.Aside)-maxAside):]
	})
	k.say("report " + id + " is not taken by " + destination + " (" + why.Error() + "): it stays in the store")
}

func (k *shipKeeper) change(destination string, change func(*destinationState)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	d := k.state.Destinations[destination]
	d.Cursors = maps.Clone(d.Cursors)
	if d.Cursors == nil {
		d.Cursors = map[string]string{}
	}
	change(&d)
	k.state.Destinations[destination] = d
	k.keep()
}

// backlog is how many stored lines a destination has not got yet. Checks that somebody
// saved are not counted.
func (k *shipKeeper) backlog(destination string) int64 {
	k.mu.Lock()
	cursors := k.state.Destinations[destination].Cursors
	k.mu.Unlock()
	n := int64(0)
	for _, s := range k.store.Health().Streams {
		if s.Stream == store.Failures || s.Stream == store.Healthy {
			n += max(0, s.NextLine-max(s.FirstLine, positionOf(cursors[string(s.Stream)]).Line))
		}
	}
	return n
}

// only forgets destinations that are no longer configured: under the same name they begin
// with what is still stored.
func (k *shipKeeper) only(destinations []ship.Destination) {
	k.mu.Lock()
	defer k.mu.Unlock()
	known := map[string]bool{}
	for _, d := range destinations {
		known[d.To] = true
	}
	maps.DeleteFunc(k.state.Destinations, func(name string, _ destinationState) bool { return !known[name] })
	k.keep()
}

func (k *shipKeeper) keep() {
	if l, err := store.StateLine(shipStateName, time.Now(), k.state); err == nil {
		_ = k.store.AppendLater(l)
	}
}
