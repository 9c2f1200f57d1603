package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"posprobe/cmd/posprobe/daemon"
)

// statusFile is what a running daemon says of itself, as JSON of daemon.Status. It lies
// where the lock lies, usually in memory: it wears no flash.
const statusFile = "status.json"

const maxStatus = 64 << 10

// show writes the status down; the zero value removes it. Whoever asks for it where it
// cannot be written is told that.
func (d directories) show(s daemon.Status) {
	if s.StartedAt.IsZero() {
		for _, dir := range []string{d.system, d.own} {
			_ = os.Remove(filepath.Join(dir, statusFile))
		}
		return
	}
	s.PID = os.Getpid()
	text, err := json.Marshal(s)
	if err != nil {
		return
	}
	f, err := d.file(statusFile, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return
	}
	_, err = f.Write(text)
	if errors.Join(err, f.Close()) != nil {
		_ = os.Remove(f.Name())
	}
}

// status reads what a running daemon says; nil when none does.
func (d directories) status() *daemon.Status {
	for _, dir := range []string{d.system, d.own} {
		f, err := openIn(dir, statusFile, os.O_RDONLY, 0, false)
		if err != nil {
			continue
		}
		text, err := io.ReadAll(io.LimitReader(f, maxStatus))
		f.Close()
		var s daemon.Status
		if err == nil && json.Unmarshal(text, &s) == nil && !s.StartedAt.IsZero() {
			return &s
		}
	}
	return nil
}

var errRunning = errors.New("posprobe run is at work already on this terminal")

// only keeps a second daemon out until it is called. Where no directory can be written
// the store's own lock does that.
func (d directories) only() (release func(), err error) {
	f, err := d.file("daemon", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return func() {}, nil
	}
	if err := tryLock(f); errors.Is(err, errBusy) {
		f.Close()
		return nil, errRunning
	}
	return func() { f.Close() }, nil
}
