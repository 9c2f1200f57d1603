// Package daemon runs rounds for years: it decides when to look, keeps within what the
// terminal can spare, turns verdicts into incidents, and keeps what was seen.
//
// Start reading at Daemon.Run, the loop. When a round is due is the Scheduler's matter
// (schedule.go), what it may cost the Budget's (budget.go), what it means for an incident
// that of package report/incident. Everything that touches the system stands in Doors, so
// that a day passes in a moment in tests. All times are monotonic; the wall clock is for
// people and for the hour of the day.
package daemon

import (
	"context"
	"time"

	"posprobe/report"
	"posprobe/report/incident"
	"posprobe/report/memory"
)

// Config is what the daemon runs by; a reload replaces it whole.
type Config struct {
	Schedule Schedule
	Limits   incident.Limits
	// BytesPerDay bounds what posprobe sends and receives in any 24 hours.
	BytesPerDay int64
	// Price is the most that a round of a depth costs, follow-ups not included, in bytes.
	Price func(Depth) int64
	// Zone is where the acquirer counts its hours: baselines are kept by its hour of day.
	Zone *time.Location
	// Metered is what the configuration says of the link; nil: judge by the link's kind.
	Metered *bool
}

// Look is one round that is asked for.
type Look struct {
	Depth     Depth
	Trigger   report.Trigger
	FollowUps bool
	// FollowUpBytes is what follow-ups may cost at the most.
	FollowUpBytes int64
	Memory        report.Memory
}

// Doors are what the daemon touches.
type Doors struct {
	// Round looks once. It ends soon after ctx does.
	Round func(ctx context.Context, l Look) report.Report
	// Spent is how many bytes a round moved.
	Spent func(report.Evidence) int64
	// Keep keeps what was seen.
	Keep Keeper
	// Links has a value whenever a network interface came, went or changed its state; nil
	// where nobody watches.
	Links <-chan struct{}
	// Reload brings a new configuration, already checked.
	Reload <-chan Config
	// Dump asks for the state to be written down.
	Dump <-chan struct{}
	// Manager is told how the daemon does.
	Manager Manager
	// Show publishes a status for whoever asks; it may be nil.
	Show func(Status)
	// Rest gives memory back to the system after a round.
	Rest func()
	// Random returns numbers from 0 to 1.
	Random func() float64
	// BootID names the running system, "" where it has no name.
	BootID string
}

// Keeper keeps what was seen on a disk that may be slow, full or absent. None of its
// functions waits for the disk longer than a moment.
type Keeper interface {
	// Failure keeps a whole report, on disk within a second.
	Failure(r report.Report)
	// Healthy keeps what little a good round is worth.
	Healthy(r report.Report)
	// Skipped counts a round that did not run, and why.
	Skipped(reason report.Reason)
	// Event keeps what happened to an incident.
	Event(e incident.Event)
	// State keeps the daemon's state; at once where losing it would cost something.
	State(s State, now bool)
	// Self keeps a report of posprobe about itself.
	Self(s Self)
	// Flush puts on disk whatever waits.
	Flush()
	// Health says what is wrong with the disk, nil for nothing, and how much waits.
	Health() (wrong *report.Failure, waiting int)
}

// State is what the daemon must not forget.
type State struct {
	Memory    report.Memory    `json:"memory"`
	Incident  incident.State   `json:"incident"`
	Baselines memory.Baselines `json:"baselines"`
	Boots     memory.Boots     `json:"boots"`
	Budget    Budget           `json:"budget"`
	// SelfReports numbers the reports about posprobe itself.
	SelfReports int64 `json:"self_reports"`
}

// Daemon is the state of a running daemon.
type Daemon struct {
	config Config
	doors  Doors
	state  State

	scheduler *Scheduler
	started   time.Time
	unsaved   bool // the state changed in a way that may wait
	rounds    int64
	skipped   map[report.Reason]int64
	last      report.Report
	metered   bool
}

// New returns a daemon that goes on from a stored state.
func New(c Config, d Doors, s State) *Daemon {
	return &Daemon{config: c, doors: d, state: s, skipped: map[report.Reason]int64{}}
}

// now is the monotonic time since the start.
func (d *Daemon) now() time.Duration { return time.Since(d.started) }

// linkQuiet is how long a link must have been quiet after a change before it is looked
// at: a cable that is being pushed in changes several times.
const linkQuiet = 2 * time.Second

// Run runs until ctx ends, and returns within two seconds of that.
func (d *Daemon) Run(ctx context.Context) {
	d.begin()
	rounds := newRunner(d.doors.Round)
	next := time.NewTimer(0)
	hour := time.NewTicker(time.Hour)
	defer hour.Stop()
	watchdog := tick(d.doors.Manager.Watchdog / 3)
	var quiet <-chan time.Time
	for {
		d.arm(next, rounds)
		select {
		case <-ctx.Done():
			d.end(rounds)
			return
		case <-next.C:
			d.startRound(ctx, rounds)
		case r := <-rounds.done:
			d.finish(rounds.ended(), r)
		case <-d.doors.Links:
			quiet = time.After(linkQuiet)
		case <-quiet:
			quiet = nil
			d.scheduler.LinkChanged(d.now())
		case c := <-d.doors.Reload:
			d.reload(c)
		case <-d.doors.Dump:
			d.doors.Keep.State(d.state, true)
		case <-hour.C:
			d.hourly()
		case <-watchdog:
			d.doors.Manager.Tell("WATCHDOG=1")
		}
	}
}

// tick is a channel that ticks, nil where nobody needs one.
func tick(every time.Duration) <-chan time.Time {
	if every <= 0 {
		return nil
	}
	return time.NewTicker(every).C
}
