// Package daemon runs rounds for years: it decides when to look, keeps within what the
// terminal can spare, turns verdicts into incidents, and keeps what was seen.
//
// Start reading at Daemon.Run, the loop. When a round is due is the Scheduler's matter
// (schedule.go), what it may cost the Budget's (budget.go), what it means for an incident
// that of package report/incident. Everything that touches the system stands in Doors, so
// that a day passes in a moment in tests. All times are monotonic, and through restarts
// they are counted by Age (age.go); the wall clock is for people and for the hour of the day.
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
	// Longest is how long a round takes at the most by its own deadlines; then it is
	// interrupted. 0: 10 min, which is longer than any at the default limits.
	Longest time.Duration
}

// Look is one round that is asked for.
type Look struct {
	Depth   Depth
	Trigger report.Trigger
	// FollowUps: questions may be asked after a failure, of those that a diagnosis names
	// the ones that Questions allows.
	FollowUps bool
	Questions FollowUps
	// FollowUpBytes is what follow-ups may cost at the most; above 0 if there are any.
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
	// Shipping spends the same data budget; nil where nothing is shipped.
	Shipping Spender
	// Random returns numbers from 0 to 1.
	Random func() float64
	// Wall is the wall clock; nil: the system's.
	Wall func() time.Time
	// BootID names the running system, "" where it has no name.
	BootID string
}

// Spender is somebody else who moves bytes that count.
type Spender interface {
	// Spent is how many bytes it moved since it was asked last.
	Spent() int64
	// MaySpend allows so many bytes from now on, in place of what was allowed before.
	MaySpend(bytes int64)
}

// Keeper keeps what was seen on a disk that may be slow, full or absent. None of its
// functions waits for the disk longer than a moment.
type Keeper interface {
	// Failure keeps a whole report, on disk within a second.
	Failure(r report.Report)
	// Healthy counts a round of which no whole report is kept: a good one, one that asked
	// nothing, and one of many in a long incident.
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
	Age       Age              `json:"age"`
	// Followed is what was asked in the open incident, which opened at the age OpenedMs.
	Followed Followed `json:"followed"`
	OpenedMs float64  `json:"opened_ms"`
	// StartedMs is the age at the last start that was no repetition, nil before the first.
	StartedMs *float64 `json:"started_ms"`
	// Metered: the way out was paid by the byte when it was used last.
	Metered bool `json:"metered"`
	// SelfReports numbers the reports about posprobe itself; the next is due at the age
	// SelfDueMs.
	SelfReports int64   `json:"self_reports"`
	SelfDueMs   float64 `json:"self_due_ms"`
}

// Daemon is the state of a running daemon.
type Daemon struct {
	config Config
	doors  Doors
	state  State

	scheduler *Scheduler
	thinner   thinner
	started   time.Time // by the monotonic clock
	sameBoot  bool      // the terminal has run since an earlier start
	repeated  bool      // it was started a short while before, or may have been
	undialled bool      // the last round found a link on demand that nobody had dialled
	rounds    int64
	skipped   map[report.Reason]int64
	last      report.Report
}

// New returns a daemon that goes on from a stored state.
func New(c Config, d Doors, s State) *Daemon {
	return &Daemon{config: c, doors: d, state: s, skipped: map[report.Reason]int64{}}
}

// now is the monotonic time since the start.
func (d *Daemon) now() time.Duration { return time.Since(d.started) }

// age is the time that has surely passed since posprobe first ran here.
func (d *Daemon) age() time.Duration { return d.state.Age.At(d.now()) }

func (d *Daemon) wall() time.Time {
	if d.doors.Wall != nil {
		return d.doors.Wall()
	}
	return time.Now()
}

// linkQuiet is how long after a change of a link it is looked at: a cable that is being
// pushed in changes several times. One that never comes to rest is looked at as well.
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
			if quiet == nil {
				quiet = time.After(linkQuiet)
			}
		case <-quiet:
			quiet = nil
			d.scheduler.LinkChanged(d.now())
		case c := <-d.doors.Reload:
			d.reload(c)
		case <-d.doors.Dump:
			d.save(true)
		case <-hour.C:
			d.hourly()
		case <-watchdog:
			if !rounds.stuck(d.now(), d.longest()) {
				d.doors.Manager.Tell("WATCHDOG=1")
			}
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
