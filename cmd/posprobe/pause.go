package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"posprobe/probe/clean"
	"posprobe/report"
)

// maxPause bounds a pause, so that one that is forgotten ends by itself.
const maxPause = 7 * 24 * time.Hour

// What pause and resume say. The time is the device's own, as on its screen.
var (
	pausedUntil = report.Text{ZH: "%s（本地时间）之前不发包；要提前恢复：posprobe resume", EN: "no packets until %s (local time); posprobe resume ends it earlier"}
	resumed     = report.Text{ZH: "已恢复，可以发包", EN: "resumed: packets are sent again"}
	notAPause   = report.Text{ZH: "pause %q：不是 7 天以内的时长；请写成 30m 或 2h 这样", EN: "pause %q: not a duration up to 7 days; write for example 30m or 2h"}
)

// pause stops all packets for a while: of checks, and of a daemon on this terminal.
func (a app) pause(_ context.Context, args []string) int {
	lang, others, status, ok := a.langOnly("pause", args, 1)
	if !ok {
		return status
	}
	d, err := time.ParseDuration(others[0])
	if err != nil || d <= 0 || d > maxPause {
		return a.misuse(notAPause.In(lang), clean.Text(others[0]))
	}
	until := time.Now().Add(d).Round(time.Second)
	if err := runDir(a.env).pause(until); err != nil {
		return a.fail(err)
	}
	fmt.Fprintf(a.stderr, "posprobe: "+pausedUntil.In(lang)+"\n", until.Local().Format("2006-01-02 15:04:05 -07:00"))
	return exitHealthy
}

// resume ends a pause.
func (a app) resume(_ context.Context, args []string) int {
	lang, _, status, ok := a.langOnly("resume", args, 0)
	if !ok {
		return status
	}
	if err := runDir(a.env).resume(); err != nil {
		return a.fail(err)
	}
	fmt.Fprintln(a.stderr, "posprobe: "+resumed.In(lang))
	return exitHealthy
}

// directories are where posprobe's processes on this terminal meet: a lock, so that
// two rounds never run at once, and the pause file. The system's comes first; a user
// who may not write there has one of his own, and reads both.
type directories struct{ system, own string }

// runDir returns the directories. POSPROBE_RUN_DIR names another one, in their place.
func runDir(env func(string) string) directories {
	if dir := env("POSPROBE_RUN_DIR"); dir != "" {
		return directories{system: dir, own: dir}
	}
	d := directories{system: systemRunDir}
	switch xdg := env("XDG_RUNTIME_DIR"); {
	case os.Getuid() == 0:
		d.own = d.system
	case xdg != "":
		d.own = filepath.Join(xdg, "posprobe")
	default:
		d.own = filepath.Join(os.TempDir(), "posprobe-"+strconv.Itoa(os.Getuid()))
	}
	return d
}

// file opens a file in the first directory that allows it, making the directory.
func (d directories) file(name string, flag int, mode os.FileMode) (*os.File, error) {
	var first error
	for _, dir := range []string{d.system, d.own} {
		f, err := openIn(dir, name, flag, mode, dir == d.own)
		if err == nil {
			return f, nil
		}
		if first == nil || dir == d.own {
			first = err
		}
	}
	return nil, first
}

// openIn opens a regular file in a directory that nobody else may write in.
func openIn(dir, name string, flag int, mode os.FileMode, create bool) (*os.File, error) {
	if create {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
	}
	if !trusted(dir) {
		return nil, fmt.Errorf("%s can be written by other users; remove it", dir)
	}
	f, err := os.OpenFile(filepath.Join(dir, name), flag|openFlags, mode)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, fmt.Errorf("%s is no regular file; remove it", filepath.Join(dir, name))
	}
	if err := share(f, dir); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

const pauseFile = "pause"

// pause writes the pause file: one line, the time until which it holds.
func (d directories) pause(until time.Time) error {
	f, err := d.file(pauseFile, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return fmt.Errorf("pause: %w", err)
	}
	_, err = f.WriteString(until.Format(time.RFC3339) + "\n")
	return errors.Join(err, f.Close())
}

// resume removes the pause files.
func (d directories) resume() error {
	var problems []error
	for _, dir := range []string{d.system, d.own} {
		if err := os.Remove(filepath.Join(dir, pauseFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			problems = append(problems, fmt.Errorf("resume: %w", err))
		}
	}
	return errors.Join(problems...)
}

// paused reports whether a pause holds at a time. A pause file that cannot be read as
// a time holds: somebody wanted silence.
func (d directories) paused(now time.Time) bool {
	for _, dir := range []string{d.system, d.own} {
		f, err := openIn(dir, pauseFile, os.O_RDONLY, 0, false)
		if err != nil {
			continue
		}
		line := make([]byte, 64)
		n, _ := f.Read(line)
		f.Close()
		until, err := time.Parse(time.RFC3339, strings.TrimSpace(string(line[:n])))
		if err != nil || now.Before(until) && until.Sub(now) <= maxPause {
			return true
		}
	}
	return false
}

// lockWait is how long a round waits for another one on this terminal to end: longer
// than the longest round at the default limits.
const lockWait = 60 * time.Second

var errBusy = errors.New("another posprobe on this terminal is at work; try again in a minute")

// lock waits until no other posprobe is at work and keeps others out until unlock.
// Where no directory can be written there is nobody to agree with, and it just returns.
func (d directories) lock(ctx context.Context) (unlock func(), err error) {
	f, err := d.file("lock", os.O_RDWR|os.O_CREATE, 0o600) // to others it would be a means to stop us
	if err != nil {
		return func() {}, nil
	}
	deadline := time.Now().Add(lockWait)
	for {
		err := tryLock(f)
		if err == nil {
			return func() { f.Close() }, nil
		}
		if !errors.Is(err, errBusy) {
			f.Close()
			return func() {}, nil
		}
		if ctx.Err() != nil || time.Now().After(deadline) {
			f.Close()
			return nil, errBusy
		}
		time.Sleep(100 * time.Millisecond)
	}
}
