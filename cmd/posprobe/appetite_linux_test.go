package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"posprobe/report/store"
)

// appetite is what a process holds at a moment.
type appetite struct {
	at time.Duration // since the watch began
	// pss and anonymous are in bytes (proc(5), smaps_rollup): resident memory, of shared
	// pages its part alone, and of that what is nobody's file.
	pss, anonymous int64
	descriptors    int
	threads        int
	goroutines     int
	heap           int64
	switches       int64 // voluntary, of all threads
	cpu            time.Duration
	rounds         int64
}

// watcher looks at a daemon from outside.
type watcher struct {
	t     *testing.T
	dir   directories
	began time.Time
	dumps *store.Reader
	last  dump
}

func watch(t *testing.T, runDir, storeDir string) *watcher {
	w := &watcher{t: t, dir: directories{system: runDir, own: runDir}, began: time.Now(), dumps: store.NewReader(storeDir, nil, store.Healthy)}
	t.Cleanup(w.dumps.Close)
	return w
}

// pid is the daemon's process id.
func (w *watcher) pid() int {
	w.t.Helper()
	until(w.t, "a status", func() bool { return w.dir.status() != nil })
	return w.dir.status().PID
}

// look takes all readings; the number of goroutines is what a dump says.
func (w *watcher) look() appetite {
	w.t.Helper()
	a := w.outside()
	if err := syscall.Kill(w.pid(), syscall.SIGUSR1); err != nil {
		w.t.Fatal(err)
	}
	until(w.t, "a dump", w.newDump)
	a.goroutines, a.heap = w.last.Goroutines, int64(w.last.HeapBytes)
	return a
}

// newDump reads on in the store, to the newest dump there.
func (w *watcher) newDump() bool {
	for found := false; ; {
		e, err := w.dumps.Next()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			w.t.Fatal(err)
		}
		if e.Kind == kindDump && body(e, &w.last) == nil {
			found = true
		}
	}
}

// outside takes what can be read without the daemon's help.
func (w *watcher) outside() appetite {
	w.t.Helper()
	proc := filepath.Join("/proc", strconv.Itoa(w.pid()))
	a := appetite{at: time.Since(w.began), rounds: w.dir.status().Rounds}
	memory := fields(w.t, filepath.Join(proc, "smaps_rollup"))
	a.pss, a.anonymous = memory["Pss"]*1024, memory["Anonymous"]*1024
	a.threads = int(fields(w.t, filepath.Join(proc, "status"))["Threads"])
	if open, err := os.ReadDir(filepath.Join(proc, "fd")); err == nil {
		a.descriptors = len(open)
	}
	tasks, _ := os.ReadDir(filepath.Join(proc, "task"))
	for _, task := range tasks {
		a.switches += fields(w.t, filepath.Join(proc, "task", task.Name(), "status"))["voluntary_ctxt_switches"]
		// The first of schedstat is the time on a processor in ns (Documentation/scheduler/sched-stats).
		text, _ := os.ReadFile(filepath.Join(proc, "task", task.Name(), "schedstat"))
		on, _, _ := strings.Cut(string(text), " ")
		ns, _ := strconv.ParseInt(on, 10, 64)
		a.cpu += time.Duration(ns)
	}
	return a
}

// fields reads lines such as "Pss:  1234 kB"; a thread that ended meanwhile has none.
func fields(t *testing.T, path string) map[string]int64 {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !strings.Contains(path, "/task/") {
		t.Fatal(err)
	}
	out := map[string]int64{}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		if words := strings.Fields(value); len(words) > 0 {
			out[name], _ = strconv.ParseInt(words[0], 10, 64)
		}
	}
	return out
}

func (a appetite) String() string {
	text, _ := json.Marshal(map[string]any{"pss_kB": a.pss / 1024, "anonymous_kB": a.anonymous / 1024, "descriptors": a.descriptors,
		"threads": a.threads, "goroutines": a.goroutines, "heap_kB": a.heap / 1024, "rounds": a.rounds})
	return fmt.Sprintf("%v %s", a.at.Round(time.Second), text)
}
