//go:build linux

package lab

import (
	"encoding/json"
	"os"
	"path/filepath"

	"posprobe/report"
	"posprobe/report/memory"
)

// learnUsual makes the scenario's usual rounds, and gives the terminal what they teach, as
// its daemon would: in the file in which a check finds what is remembered.
func (sc *scene) learnUsual(command func() *Process) {
	sc.t.Helper()
	if sc.s.Usual == 0 {
		return
	}
	const hour = 0 // any: the check that follows is told of the same one
	var usual memory.Baselines
	for range sc.s.Usual {
		r := sc.goodRound(command)
		usual, _ = usual.Learn(r.Diagnosis, r.Evidence, false, hour)
	}
	path := filepath.Join(sc.remembers, "memory.json")
	text, err := os.ReadFile(path)
	var remembered struct {
		BootID string        `json:"boot_id"`
		Memory report.Memory `json:"memory"`
	}
	if err == nil {
		err = json.Unmarshal(text, &remembered)
	}
	if err == nil {
		remembered.Memory.Baselines = usual.For(hour)
		text, err = json.Marshal(remembered)
	}
	if err == nil {
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		sc.t.Fatalf("lab: what is usual: %v", err)
	}
}
