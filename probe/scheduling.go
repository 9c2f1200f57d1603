package probe

import (
	"io/fs"
	"path"
	"strconv"
	"strings"
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
	done    chan report.Scheduling
}

func watchScheduling(files fs.FS) *watch {
	w := &watch{files: files, began: now(), stop: make(chan struct{}), done: make(chan report.Scheduling, 1)}
	w.delayed, _ = runDelays(files)
	go w.tick()
	return w
}

func (w *watch) tick() {
	var s report.Scheduling
	timer := time.NewTimer(tickEvery)
	defer timer.Stop()
	due := now().Add(tickEvery)
	for {
		stopped := false
		select {
		case <-timer.C:
		case <-w.stop:
			stopped = true
		}
		late := max(0, now().Sub(due)) // when stopped, the stall that is going on
		if !stopped || late > 0 {
			s.Samples++
		}
		s.MaxMs = max(s.MaxMs, ms(late))
		s.TotalMs += ms(max(0, late-tickGrain))
		if stopped {
			w.done <- s
			return
		}
		due = now().Add(tickEvery)
		timer.Reset(tickEvery)
	}
}

// end stops the watch and says what it noticed.
func (w *watch) end() report.Scheduling {
	close(w.stop)
	s := <-w.done
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

func (r *round) scheduling(w *watch) {
	s := w.end()
	r.ask(report.TaskDevice, "device scheduling", "", func(*asking) error {
		r.rec.device(func(d *report.Device) { d.Scheduling = &s })
		return nil
	})
}
