package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"

	"posprobe/report"
	"posprobe/report/memory"
)

// memoryFile holds what earlier rounds since the terminal started have taught, as JSON
// of a report.Memory. It lies where the lock lies: on a file system in memory, so that it
// wears no flash, and is gone after a restart.
const memoryFile = "memory.json"

// maxMemory bounds the file: far more than memory.Add ever keeps.
const maxMemory = 64 << 10

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
		var m report.Memory
		if err == nil && json.Unmarshal(text, &m) == nil {
			return m
		}
	}
	return report.Memory{}
}

// remember adds what a round taught, if it is worth it. The caller holds the lock. Where
// nothing can be written there is nothing to remember with, which is no error either.
func (d directories) remember(known report.Memory, e report.Evidence) {
	m, fresh := memory.Add(known, report.Learned(e))
	if !fresh {
		return
	}
	text, err := json.Marshal(m)
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
