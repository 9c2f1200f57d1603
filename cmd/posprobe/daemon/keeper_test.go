package daemon

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"posprobe/report"
	"posprobe/report/incident"
)

// What follows makes the terminal a Keeper that writes down what it is told, and when.

// note writes down what a test does to the terminal.
func (x *terminal) note(says string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.write("--- %s", says)
}

// Spent is the Doors' Spent.
func (x *terminal) Spent(report.Evidence) int64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	spent := x.spent
	x.spent = 0
	return spent
}

func (x *terminal) write(format string, args ...any) { x.writeAt(x.now(), format, args...) }

func (x *terminal) writeAt(at time.Duration, format string, args ...any) {
	x.settle()
	x.lines = append(x.lines, clockOf(at)+" "+fmt.Sprintf(format, args...))
}

// settle writes down the healthy rounds up to here, six in a line.
func (x *terminal) settle() {
	for len(x.quiet) > 0 {
		n := min(6, len(x.quiet))
		x.lines = append(x.lines, "  healthy: "+strings.Join(x.quiet[:n], ", "))
		x.quiet = x.quiet[n:]
	}
}

func clockOf(at time.Duration) string {
	s := int(at.Round(time.Second).Seconds())
	return fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)
}

func (x *terminal) Failure(r report.Report) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.failed++
	if x.bad != nil {
		x.bad()
	}
	x.write("  keep the report, incident %q", r.Incident.ID)
}
func (x *terminal) Healthy(r report.Report) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if r.Diagnosis.Verdict == report.VerdictFault {
		x.write("  count it")
	}
}
func (x *terminal) Skipped(why report.Reason) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.write("  skipped: %s", why)
}
func (x *terminal) Event(e incident.Event) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.hear != nil {
		x.hear(e)
	}
	x.write("  INCIDENT %s %s after %d bad rounds", e.Incident.ID, e.Kind, e.Incident.Rounds)
}
func (x *terminal) State(s State, now bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	switch {
	case x.off:
	case now:
		x.states++
		x.disk, x.late = text, nil
		x.write("  state written")
	default:
		if x.late == nil {
			x.since = x.now()
		}
		x.late = text
	}
}
func (x *terminal) Self(s Self) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.selfs = append(x.selfs, s)
	x.write("  SELF-REPORT %d, %d rounds since the start", s.Number, s.Rounds)
}
func (x *terminal) Flush() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.late != nil && !x.off && x.now()-x.since >= 5*time.Hour { // see StateEvery in package store
		x.disk, x.late = x.late, nil
	}
}
func (x *terminal) Health() (*report.Failure, int) { return nil, 0 }
