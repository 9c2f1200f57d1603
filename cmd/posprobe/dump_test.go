package main

import (
	"strings"
	"testing"
	"time"

	"posprobe/cmd/posprobe/config"
	"posprobe/cmd/posprobe/daemon"
	"posprobe/report"
	"posprobe/report/store"
)

// TestDumpIsRedacted: ids that found their way into the state do not get into a dump of
// it, and do stay in the state.
func TestDumpIsRedacted(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(dir, store.Options{Patience: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	r := &running{config: &config.Config{Terminal: config.Terminal{ID: testTerminal, Merchant: testMerchant}}}
	k := &kept{store: s, began: time.Now(), redact: r.redact}
	k.wanted.Store(true)
	k.State(daemon.State{Memory: report.Memory{LastGood: report.List[report.LastGood]{{Endpoint: "t" + testTerminal + ".acquirer.example:5500"}, {Endpoint: testMerchant + ".example:1"}}}}, true)
	closeStore(s)
	dumps := 0
	r2 := store.NewReader(dir, nil)
	defer r2.Close()
	for e, err := r2.Next(); err == nil; e, err = r2.Next() {
		dumps++
		if text := string(e.Text); e.Kind != kindDump || strings.Contains(text, testTerminal) || strings.Contains(text, testMerchant) || !strings.Contains(text, ".acquirer.example:5500") {
			t.Errorf("%s", text)
		}
	}
	if dumps != 1 {
		t.Errorf("%d dumps", dumps)
	}
	s, err = store.Open(dir, store.Options{Patience: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore(s)
	var state daemon.State
	if _, err := s.State(stateName, &state); err != nil || len(state.Memory.LastGood) != 2 || !strings.Contains(state.Memory.LastGood[0].Endpoint, testTerminal) {
		t.Errorf("%v %+v", err, state.Memory)
	}
}
