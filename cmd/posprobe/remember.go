package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"

	"posprobe/report"
	"posprobe/report/memory"
)

// memoryFile holds what earlier rounds since the terminal started have taught, as JSON
// of stored. It lies where the lock lies: usually a file system in memory, so that it
// wears no flash. After a restart it is not read.
const memoryFile = "memory.json"

// maxMemory bounds the file: far more than memory.Add ever keeps.
const maxMemory = 64 << 10

// bootFile names the running system: what was learned before a restart may have been
// learned in another shop (random(4), boot_id). Where there is none nothing is kept.
const bootFile = "/proc/sys/kernel/random/boot_id"

// stored is the file: the memory, and the boot that it belongs to.
type stored struct {
	BootID string        `json:"boot_id"`
	Memory report.Memory `json:"memory"`
}

func bootID() string {
	id, err := os.ReadFile(bootFile)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(id))
}

// remembered reads the file. What cannot be read is not known: that costs confidence
// and is no error.
func (d directories) remembered() report.Memory {
	for _, dir := range []string{d.own, d.system} {
		f, err := openIn(dir, memoryFile, os.O_RDONLY, 0, false)
		if err != nil {
			continue
		}
		text, err := io.ReadAll(io.LimitReader(f, maxMemory))
		f.Close()
		var s stored
		if err == nil && json.Unmarshal(text, &s) == nil && s.BootID != "" && s.BootID == bootID() {
			return s.Memory
		}
	}
	return report.Memory{}
}

// remember adds what a round taught, if it is worth it. The caller holds the lock. Where
// nothing can be written there is nothing to remember with, which is no error either.
func (d directories) remember(known report.Memory, e report.Evidence) {
	m, fresh := memory.Add(known, report.Learned(e))
	boot := bootID()
	if !fresh || boot == "" {
		return
	}
	text, err := json.Marshal(stored{boot, m})
	if err != nil {
		return
	}
	f, err := d.file(memoryFile, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return
	}
	_, err = f.Write(text)
	if errors.Join(err, f.Close()) != nil {
		os.Remove(f.Name()) // half a memory is none
	}
}
