package main

import (
	"encoding/json"
	"runtime"
	"time"

	"posprobe/cmd/posprobe/daemon"
	"posprobe/report/store"
)

// kindDump is the state of a daemon as somebody asked for it (SIGUSR1): for support, and
// so without what must not leave the terminal. The body is a dump.
const kindDump store.Kind = "dump"

// dump is a daemon's state and what it takes to hold it.
type dump struct {
	RunningMs  float64      `json:"running_ms"`
	Goroutines int          `json:"goroutines"`
	HeapBytes  uint64       `json:"heap_bytes"`  // in use (runtime.MemStats.HeapInuse)
	StackBytes uint64       `json:"stack_bytes"` // in use
	SysBytes   uint64       `json:"sys_bytes"`   // had from the system, given back or not
	Store      store.Health `json:"store"`
	State      daemon.State `json:"state"`
}

// dump writes the state down at once, among what is kept of healthy rounds: it must not
// push out a failure.
func (k *kept) dump(s daemon.State) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	text, err := json.Marshal(dump{
		RunningMs: float64(k.up().Milliseconds()), Goroutines: runtime.NumGoroutine(),
		HeapBytes: m.HeapInuse, StackBytes: m.StackInuse, SysBytes: m.Sys, Store: k.store.Health(), State: s,
	})
	if err == nil {
		text, err = k.redact(text)
	}
	if err != nil {
		return // a dump that cannot be cleaned is none
	}
	at := time.Now()
	k.now(store.RecordLine(store.Healthy, kindDump, newID(at), at, json.RawMessage(text)))
}
