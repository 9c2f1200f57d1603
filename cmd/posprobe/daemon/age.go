package daemon

import (
	"time"

	"posprobe/report"
)

// Age counts the time that has surely passed since posprobe first ran on the terminal,
// through restarts. It never runs ahead of the true time, and never back. While the daemon
// runs it follows the monotonic clock; how long the terminal was off is known from the
// wall clock alone, which is believed where the kernel says that something keeps it right
// (adjtimex(2)), before and after; otherwise that time does not count.
type Age struct {
	// Ms is the age when the state was saved.
	Ms float64 `json:"ms"`
	// BootID and UptimeMs are what the system said of itself at the age BootAtMs.
	BootID   string  `json:"boot_id"`
	UptimeMs float64 `json:"uptime_ms"`
	BootAtMs float64 `json:"boot_at_ms"`
	// Wall was the wall clock, and vouched for, at the age WallAtMs; zero if it never was.
	Wall     time.Time `json:"wall"`
	WallAtMs float64   `json:"wall_at_ms"`

	ahead   time.Duration // of the monotonic time since the start
	started bool          // something was learned since the start
	vouched bool          // the wall clock was vouched for since the start
}

// longestOff bounds the time for which a terminal is believed to have been off: nothing
// that is counted lasts that long.
const longestOff = 32 * 24 * time.Hour

// Restore goes on from a stored age at the start of the daemon.
func (a *Age) Restore() { a.ahead, a.started, a.vouched = fromMs(a.Ms), false, false }

// At is the age at a time since the start of the daemon.
func (a *Age) At(now time.Duration) time.Duration { return a.ahead + now }

// Learn takes in what a round saw of the clocks. It reports whether it is the first one
// since the start that saw any.
func (a *Age) Learn(e report.Evidence, now time.Duration) (first bool) {
	up, boot := e.Device.UptimeMs, e.Device.BootID
	wall, vouched := vouchedWall(e)
	running := up != nil && boot != ""
	switch {
	case !running:
	case boot == a.BootID: // this includes the time for which the system was suspended
		a.atLeast(fromMs(a.BootAtMs+*up-a.UptimeMs), now)
	case !a.started: // the system started after the state was saved
		a.atLeast(fromMs(a.Ms+*up), now)
	}
	if vouched && !a.vouched && !a.Wall.IsZero() {
		a.atLeast(min(wall.Sub(a.Wall), longestOff)+fromMs(a.WallAtMs), now)
	}
	at := inMs(a.At(now))
	if running {
		a.BootID, a.UptimeMs, a.BootAtMs = boot, *up, at
	}
	if vouched {
		a.Wall, a.WallAtMs = wall, at
	}
	first = (running || vouched) && !a.started
	a.started, a.vouched = a.started || running || vouched, a.vouched || vouched
	return first
}

// atLeast is a lower bound of the age at a time.
func (a *Age) atLeast(age, now time.Duration) {
	a.ahead = max(a.ahead, age-now)
}

// Save makes the age ready to be stored.
func (a *Age) Save(now time.Duration) { a.Ms = inMs(a.At(now)) }

// vouchedWall is the wall clock that a round saw, where the kernel says that something
// keeps it right.
func vouchedWall(e report.Evidence) (wall time.Time, ok bool) {
	for _, c := range e.Clocks {
		if c.Source == report.ClockKernel && c.Synchronized != nil && *c.Synchronized {
			return c.Wall, true
		}
	}
	return time.Time{}, false
}

func fromMs(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

func inMs(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
