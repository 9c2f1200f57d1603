package probe

import (
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"posprobe/report"
)

const (
	// tickEvery is how often the watch wants to run: fine enough to notice a stall that
	// matters to a round trip, and 50 wake-ups a second cost nothing in a short round.
	tickEvery = 20 * time.Millisecond
	// tickGrain is lateness that is nobody's fault: timer slack and a kernel that
	// counts 100 to 250 ticks a second.
	tickGrain = 5 * time.Millisecond
)

// watch notices how late the device lets posprobe run.
type watch struct {
	files   fs.FS
	began   time.Time
	delayed map[string]uint64 // run delay of each thread at the start, nil if unknown
	stop    chan struct{}
	done    chan struct{}

	mu   sync.Mutex // guards what follows
	seen report.Scheduling
	due  time.Time // when the next tick should come
}

func watchScheduling(files fs.FS) *watch {
	w := &watch{files: files, began: now(), stop: make(chan struct{}), done: make(chan struct{})}
	w.delayed, _ = runDelays(files)
	w.due = now().Add(tickEvery)
	go w.tick()
	return w
}

func (w *watch) tick() {
	defer close(w.done)
	timer := time.NewTimer(tickEvery)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-w.stop:
			return
		}
		w.mu.Lock()
		noteTick(&w.seen, max(0, now().Sub(w.due)))
		w.due = now().Add(tickEvery)
		w.mu.Unlock()
		timer.Reset(tickEvery)
	}
}

func noteTick(s *report.Scheduling, late time.Duration) {
	s.Samples++
	s.MaxMs = max(s.MaxMs, ms(late))
	s.TotalMs += ms(max(0, late-tickGrain))
}

// end stops the watch and says what it noticed.
func (w *watch) end() report.Scheduling {
	s := w.sofar()
	close(w.stop)
	<-w.done
	return s
}

// sofar says what the watch has noticed, the stall that is going on included.
func (w *watch) sofar() report.Scheduling {
	w.mu.Lock()
	s := w.seen
	if late := now().Sub(w.due); late > 0 {
		noteTick(&s, late)
	}
	w.mu.Unlock()
	s.RoundMs = ms(now().Sub(w.began))
	if after, err := runDelays(w.files); err == nil && w.delayed != nil {
		var sum uint64
		for thread, d := range after {
			sum += d - min(d, w.delayed[thread]) // a thread that is new began at 0
		}
		s.RunDelayMs = new(float64(sum) / 1e6)
	}
	return s
}

// runDelays reads the second field of schedstat of every thread of this process: time
// spent waiting on a run queue in nanoseconds (Documentation/scheduler/sched-stats.rst).
func runDelays(files fs.FS) (map[string]uint64, error) {
	const tasks = "proc/self/task"
	threads, err := fs.ReadDir(files, tasks)
	if err != nil {
		return nil, err
	}
	out := make(map[string]uint64, len(threads))
	for _, t := range threads {
		text, err := readFile(files, path.Join(tasks, t.Name(), "schedstat"), maxAttribute)
		if err != nil {
			continue // the thread ended, or the kernel has no schedstat
		}
		if n, ok := parseRunDelay(string(text)); ok {
			out[t.Name()] = n
		}
	}
	if len(out) == 0 {
		return nil, fs.ErrNotExist
	}
	return out, nil
}

func parseRunDelay(text string) (uint64, bool) {
	fields := strings.Fields(text)
	if len(fields) < 2 {
		return 0, false
	}
	n, err := strconv.ParseUint(fields[1], 10, 64)
	return n, err == nil
}

func (r *round) scheduling(s report.Scheduling) {
	r.ask(report.TaskDevice, "device scheduling", "", func(*asking) error {
		r.rec.device(func(d *report.Device) { d.Scheduling = &s })
		return nil
	})
}
