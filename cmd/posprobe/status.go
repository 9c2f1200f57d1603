package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"posprobe/cmd/posprobe/daemon"
	"posprobe/report/store"
)

// What a running daemon says of itself lies where the lock lies, usually in memory: it
// wears no flash.
const (
	// statusFile is JSON of shown.
	statusFile = "status.json"
	// refusedFile says what is wrong with the configuration on disk, while an older one is
	// in force; there is none when nothing is.
	refusedFile = "refused"
	// daemonFile is locked by the daemon; its process id stands in it.
	daemonFile = "daemon"
	// unfinished ends the name of a file that is being written.
	unfinished = ".new"
)

const maxStatus = 64 << 10

// shown is the status of a daemon as it is published.
type shown struct {
	daemon.Status
	// Dropped is what the store gave up since the start, for want of memory or space.
	Dropped store.DropCount `json:"dropped"`
	// Shipping is how each destination fares, nil where nothing is shipped.
	Shipping []shipStatus `json:"shipping"`
	// Unconfigured: it waits for a configuration without mistakes and does nothing else.
	Unconfigured bool `json:"unconfigured"`
}

// show writes the status down. Whoever asks for it where it cannot be written is told that
// no daemon runs.
func (d directories) show(s shown) {
	s.PID = os.Getpid()
	text, err := json.Marshal(s)
	if err == nil {
		d.write(statusFile, text)
	}
}

// refuse says what is wrong with the configuration on disk, "" for nothing.
func (d directories) refuse(why string) {
	if why == "" {
		d.remove(refusedFile)
		return
	}
	d.write(refusedFile, []byte(why))
}

// leave removes what the daemon said of itself.
func (d directories) leave() {
	d.remove(statusFile)
	d.remove(refusedFile)
}

// write writes a file that others may read. It takes the old one's place when it is whole:
// somebody may be reading that.
func (d directories) write(name string, text []byte) {
	f, err := d.file(name+unfinished, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return
	}
	_, err = f.Write(text)
	if errors.Join(err, f.Close()) == nil {
		err = os.Rename(f.Name(), strings.TrimSuffix(f.Name(), unfinished))
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
}

func (d directories) remove(name string) {
	for _, dir := range []string{d.system, d.own} {
		_ = os.Remove(filepath.Join(dir, name))
	}
}

// read reads a file that write has written; nil where there is none.
func (d directories) read(name string) []byte {
	for _, dir := range []string{d.system, d.own} {
		f, err := openIn(dir, name, os.O_RDONLY, 0, false)
		if err != nil {
			continue
		}
		text, err := io.ReadAll(io.LimitReader(f, maxStatus))
		f.Close()
		if err == nil && len(text) > 0 {
			return text
		}
	}
	return nil
}

// status is what a daemon said last; nil where none did. It may have died since: see
// daemonLives.
func (d directories) status() *shown {
	var s shown
	if json.Unmarshal(d.read(statusFile), &s) != nil || s.StartedAt.IsZero() {
		return nil
	}
	return &s
}

// daemonLives reports whether the daemon with this process id runs: it holds its lock, or,
// where we may not ask for that, the process is there.
func (d directories) daemonLives(pid int) bool {
	for _, dir := range []string{d.system, d.own} {
		f, err := openIn(dir, daemonFile, os.O_RDWR, 0, false)
		if errors.Is(err, os.ErrPermission) {
			return processLives(pid)
		}
		if err != nil {
			continue
		}
		err = tryLock(f)
		f.Close()
		if errors.Is(err, errBusy) {
			return true
		}
	}
	return false
}

// onlyWait is how long a daemon tries for its lock: whoever asks whether one runs holds it
// for a moment.
const onlyWait = time.Second

// only keeps a second daemon out until it is called. Where no directory can be written
// the store's own lock does that.
func (d directories) only(ctx context.Context) (release func(), err error) {
	f, err := d.file(daemonFile, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return func() {}, nil
	}
	for until := time.Now().Add(onlyWait); errors.Is(tryLock(f), errBusy); time.Sleep(onlyWait / 20) {
		if ctx.Err() != nil || time.Now().After(until) {
			defer f.Close()
			return nil, fmt.Errorf("posprobe run is at work already on this terminal%s; stop that one first", holder(f))
		}
	}
	if f.Truncate(0) == nil {
		_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0) // for people: the lock is what counts
	}
	return func() { f.Close() }, nil
}

// holder names the process whose id stands in a daemon's lock file.
func holder(f io.Reader) string {
	text := make([]byte, 16)
	n, _ := f.Read(text)
	pid, err := strconv.Atoi(strings.TrimSpace(string(text[:n])))
	if err != nil {
		return ""
	}
	return fmt.Sprintf(" as process %d", pid)
}
