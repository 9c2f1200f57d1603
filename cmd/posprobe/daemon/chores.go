package daemon

import (
	"runtime"
	"time"

	"posprobe/report"
)

// Self is posprobe's report about itself: numbered, so that support sees which are
// missing, and small.
type Self struct {
	Number      int64                   `json:"number"`
	At          time.Time               `json:"at"`
	RunningMs   float64                 `json:"running_ms"`
	Rounds      int64                   `json:"rounds"`
	Skipped     map[report.Reason]int64 `json:"skipped"`
	BytesDay    int64                   `json:"bytes_day"` // moved within 24 hours
	BytesLimit  int64                   `json:"bytes_limit"`
	HeapBytes   int64                   `json:"heap_bytes"`
	Goroutines  int64                   `json:"goroutines"`
	UncleanWeek int64                   `json:"unclean_week"` // starts without a shutdown
	Disk        *report.Failure         `json:"disk"`
	// Missing is the evidence that posprobe is not permitted or able to get here.
	Missing report.List[string] `json:"missing"`
}

// selfEvery is how often posprobe reports about itself, in hours.
const selfEvery = 24

// begin makes the daemon ready.
func (d *Daemon) begin() {
	d.started = time.Now()
	d.state.Budget.Restore(0)
	d.state.Boots, _ = d.state.Boots.Start(d.doors.BootID, d.started)
	d.save(true) // that it runs must be known after a power cut
	d.scheduler = NewScheduler(d.config.Schedule, 0, d.doors.Random)
	d.doors.Manager.Tell("READY=1", "STATUS=waiting for the first round")
	d.show()
}

// end stops within moments: a round that runs is interrupted, and its report not awaited
// for long.
func (d *Daemon) end(r *runner) {
	d.doors.Manager.Tell("STOPPING=1")
	if r.plan != nil {
		select {
		case got := <-r.done:
			d.finish(r.ended(), got)
		case <-time.After(time.Second):
		}
	}
	d.state.Boots = d.state.Boots.Stop()
	d.save(true)
	d.doors.Keep.Flush()
}

// reload takes over a new configuration. What is known stays; the next round comes by the
// new schedule, after a splay of its own: many may be given a new file at once.
func (d *Daemon) reload(c Config) {
	d.config = c
	d.scheduler = NewScheduler(c.Schedule, d.now(), d.doors.Random)
	d.scheduler.Metered(d.metered)
	d.show()
}

func (d *Daemon) save(now bool) {
	d.doors.Keep.State(d.state, now)
	d.unsaved = false
}

// hourly does what an hour brings: what waits is put on disk, and once a day posprobe
// reports about itself.
func (d *Daemon) hourly() {
	hours := int64(d.now() / time.Hour)
	if d.unsaved {
		d.save(false)
	}
	if hours%selfEvery == 0 {
		d.state.SelfReports++
		d.doors.Keep.Self(d.self())
		d.save(false)
	}
	d.doors.Keep.Flush()
}

func (d *Daemon) self() Self {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s := Self{
		Number: d.state.SelfReports, At: time.Now().Round(time.Second), RunningMs: float64(d.now()) / 1e6,
		Rounds: d.rounds, Skipped: d.skipped, BytesLimit: d.config.BytesPerDay,
		BytesDay:  d.config.BytesPerDay - d.state.Budget.Left(d.config.BytesPerDay, d.now()),
		HeapBytes: int64(m.HeapInuse), Goroutines: int64(runtime.NumGoroutine()), Missing: missing(d.last.Evidence),
	}
	if b := d.state.Boots.Recent(time.Now()); b != nil {
		s.UncleanWeek = b.Unclean
	}
	s.Disk, _ = d.doors.Keep.Health()
	return s
}

// missing names the evidence that the last round could not get for want of a permission,
// or because the system has no such thing.
func missing(e report.Evidence) report.List[string] {
	var out report.List[string]
	seen := map[string]bool{}
	for _, t := range e.Tasks {
		if t.Outcome != report.OutcomeNotAsked || t.Reason != report.ReasonNotPermitted && t.Reason != report.ReasonUnsupported {
			continue
		}
		name := string(t.Kind) + ": " + string(t.Reason)
		if !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}
