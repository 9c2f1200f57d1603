package daemon

import (
	"runtime"
	"slices"
	"time"

	"posprobe/report"
	"posprobe/report/incident"
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

// selfEvery is how often posprobe reports about itself, by the terminal's age: one that
// is switched off each night reports as often, where its clock is vouched for.
const selfEvery = 24 * time.Hour

// begin makes the daemon ready.
func (d *Daemon) begin() {
	d.started = time.Now()
	d.state.Age.Restore()
	d.state.Budget.Restore()
	before := d.state.Boots
	d.state.Boots, _ = before.Start(d.doors.BootID, d.wall())
	d.sameBoot = before.ID != "" && before.ID == d.doors.BootID
	d.scheduler = NewScheduler(d.config.Schedule, 0, d.doors.Random)
	d.scheduler.Metered(d.metered())
	if d.state.StartedMs != nil {
		d.scheduler.Careful(0)
		d.repeated = true
	} else {
		d.state.StartedMs = new(float64)
		d.state.SelfDueMs = inMs(selfEvery)
	}
	d.resume()
	// That it runs must be known after a power cut; a daemon that dies and is started over
	// and over wears no flash.
	if !d.sameBoot || before.Stopped {
		d.save(true)
	}
	d.doors.Manager.Tell("READY=1", "STATUS=waiting for the first round")
	d.spend(0)
	d.show()
}

// resume goes on with the incident that was open when the daemon last ran.
func (d *Daemon) resume() {
	open := d.state.Incident.Open
	if open == nil {
		d.state.Followed = Followed{}
		return
	}
	d.thinner.resume(open)
	shared := slices.ContainsFunc(open.Causes, func(c incident.Cause) bool {
		return shared(report.Diagnosis{Code: c.Code, Domain: c.Domain})
	})
	d.scheduler.Resume(d.state.Followed, d.age()-fromMs(d.state.OpenedMs), shared, 0)
}

// begun is called once it is known how long the terminal was off: if that was switched on
// a while ago for the last time, this is no repetition. A daemon that is started again
// while the terminal runs always is: an update comes to many at once.
func (d *Daemon) begun() {
	if !d.sameBoot && d.age()-fromMs(*d.state.StartedMs) >= d.scheduler.Patience() {
		d.state.StartedMs = new(inMs(d.age()))
		d.repeated = false
		d.scheduler.Fresh(d.now())
		d.save(true)
	}
}

// end stops within moments: a round that runs is interrupted, and its report not awaited
// for long.
func (d *Daemon) end(r *runner) {
	d.doors.Manager.Tell("STOPPING=1")
	if r.now != nil {
		select {
		case got := <-r.done:
			d.finish(r.ended(), got)
		case <-time.After(time.Second):
		}
	}
	if r.now == nil { // else nobody knows what it still moves
		d.state.Budget.Release()
	}
	d.state.Boots = d.state.Boots.Stop()
	d.save(true)
	d.doors.Keep.Flush()
}

// reload takes over a new configuration. What is known stays, and so does what is due.
func (d *Daemon) reload(c Config) {
	d.config = c
	d.scheduler.Metered(d.metered())
	d.scheduler.Reload(c.Schedule, d.now())
	d.spend(0)
	d.show()
}

func (d *Daemon) save(now bool) {
	d.state.Age.Save(d.now())
	d.doors.Keep.State(d.state, now)
}

// hourly puts on disk what waits. The state has changed at least in its age.
func (d *Daemon) hourly() {
	d.save(false)
	d.doors.Keep.Flush()
}

// grow stores the age of a terminal whose data budget is used up: a new day must come for
// one of which the power is cut again and again as well. At most half of the time that it
// ran is lost, and no state is written more often than each hour for long.
func (d *Daemon) grow() {
	unsaved := d.age() - fromMs(d.state.Age.Ms)
	if unsaved >= time.Hour || unsaved >= max(10*time.Minute, d.now()/2) {
		d.save(true)
	}
}

// selfReport reports about posprobe itself. Its number is never given twice.
func (d *Daemon) selfReport() {
	d.state.SelfReports++
	d.state.SelfDueMs = inMs(d.age() + selfEvery)
	d.doors.Keep.Self(d.self())
	d.state.Budget.Reserve(d.config.BytesPerDay/reserves, d.config.BytesPerDay, d.age()) // it costs nothing now
	d.save(true)
	d.doors.Keep.Flush()
}

func (d *Daemon) self() Self {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s := Self{
		Number: d.state.SelfReports, At: d.wall().Round(time.Second), RunningMs: float64(d.now()) / 1e6,
		Rounds: d.rounds, Skipped: d.skipped, BytesLimit: d.config.BytesPerDay,
		BytesDay:  d.config.BytesPerDay - d.state.Budget.Left(d.config.BytesPerDay, d.age()),
		HeapBytes: int64(m.HeapInuse), Goroutines: int64(runtime.NumGoroutine()), Missing: missing(d.last.Evidence),
	}
	if b := d.state.Boots.Recent(d.wall()); b != nil {
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
