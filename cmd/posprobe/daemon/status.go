package daemon

import (
	"fmt"
	"time"

	"posprobe/report"
	"posprobe/report/incident"
)

// Status is what fits on one screen about a running daemon.
type Status struct {
	PID       int       `json:"pid"`
	StartedAt time.Time `json:"started_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Rounds    int64     `json:"rounds"`
	// Last is the last round's moment and verdict; nil before the first.
	Last *LastRound `json:"last"`
	// NextInMs is how long after UpdatedAt the next round was due.
	NextInMs float64            `json:"next_in_ms"`
	Incident *incident.Incident `json:"incident"`
	// Waiting is how many records wait for the disk, Disk what is wrong with it.
	Waiting int             `json:"waiting"`
	Disk    *report.Failure `json:"disk"`
	// BytesDay were moved within 24 hours, of BytesLimit; Skipped counts rounds that did
	// not run, by reason.
	BytesDay   int64                   `json:"bytes_day"`
	BytesLimit int64                   `json:"bytes_limit"`
	Skipped    map[report.Reason]int64 `json:"skipped"`
	Metered    bool                    `json:"metered"`
	Missing    report.List[string]     `json:"missing"`
}

// LastRound is the last round in a line.
type LastRound struct {
	ID         string            `json:"id"`
	At         time.Time         `json:"at"`
	Verdict    report.Verdict    `json:"verdict"`
	Code       report.Code       `json:"code"`
	Confidence report.Confidence `json:"confidence"`
}

// show publishes the status, and a line of it to the service manager.
func (d *Daemon) show() {
	s := Status{
		StartedAt: d.wall().Add(-d.now()).Round(time.Second), UpdatedAt: d.wall().Round(time.Second), Rounds: d.rounds,
		NextInMs: float64(max(0, d.scheduler.Next().At-d.now())) / 1e6, Incident: d.state.Incident.Open,
		BytesLimit: d.config.BytesPerDay, Skipped: d.skipped, Metered: d.metered(), Missing: missing(d.last.Evidence),
		BytesDay: d.config.BytesPerDay - d.state.Budget.Left(d.config.BytesPerDay, d.age()),
	}
	s.Disk, s.Waiting = d.doors.Keep.Health()
	if r := &d.last; r.ID != "" {
		s.Last = &LastRound{r.ID, r.ObservedAt, r.Diagnosis.Verdict, r.Diagnosis.Code, r.Diagnosis.Confidence}
		d.doors.Manager.Tell("STATUS=" + fmt.Sprintf("%s %s, %d rounds", r.Diagnosis.Verdict, r.Diagnosis.Code, d.rounds))
	}
	if d.doors.Show != nil {
		d.doors.Show(s)
	}
}
