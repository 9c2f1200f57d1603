package incident

import (
	"time"

	"posprobe/report"
)

// Limits say how soon an incident opens, ends and is escalated. Failing and recovering
// have limits of their own, so that a provider that flaps is one incident.
type Limits struct {
	// Bad of the last Of rounds open an incident; Good rounds in a row end it. Bad is 1 to
	// Of, Of and Good are 1 to 16.
	Bad, Of, Good int
	// Reopen is how long after its end an incident is opened again instead of a new one.
	Reopen time.Duration
	// Escalate is how long one may last before it is escalated; 0: it never is.
	Escalate time.Duration
}

// Defaults are two bad rounds of three, three good ones in a row, the same incident
// within half an hour, and escalation after ten minutes, which is how long merchants are
// told to wait.
func Defaults() Limits {
	return Limits{Bad: 2, Of: 3, Good: 3, Reopen: 30 * time.Minute, Escalate: 10 * time.Minute}
}

// State is what is known between rounds. The zero value is a terminal without history.
type State struct {
	// Recent are the last rounds that said something, oldest first, while no incident is
	// open.
	Recent []Mark `json:"recent"`
	// Open is the incident that is open, nil without one; Last the one that ended last.
	Open *Incident `json:"open"`
	Last *Incident `json:"last"`
	// At is when the last round was, Ended when Last did.
	At    Stamp `json:"at"`
	Ended Stamp `json:"ended"`
}

// Mark is one round in a line.
type Mark struct {
	Bad    bool          `json:"bad"`
	Code   report.Code   `json:"code"`
	Domain report.Domain `json:"domain"`
	ID     string        `json:"id"`
	Depth  report.Step   `json:"depth"`
	At     Stamp         `json:"at"`
}

// Stamp is a moment by both clocks.
type Stamp struct {
	Wall time.Time `json:"wall"`
	// BootID and UptimeMs are the running system and how long it had run; "" and 0 where
	// the system does not say.
	BootID   string  `json:"boot_id"`
	UptimeMs float64 `json:"uptime_ms"`
}

// Incident is a fault from its first bad round to the last good one.
type Incident struct {
	// ID is the id of its first bad report.
	ID       string     `json:"id"`
	OpenedAt time.Time  `json:"opened_at"` // of the first bad report
	ClosedAt *time.Time `json:"closed_at"`
	// Causes are the codes that its rounds named, in the order of their first appearance;
	// "" stands for rounds that could not tell. At most 16.
	Causes []Cause `json:"causes"`
	// Rounds counts the bad ones, Reopened how often it had seemed over.
	Rounds   int `json:"rounds"`
	Reopened int `json:"reopened"`
	// Depth is the deepest step that a bad round had asked for: rounds that ask less say
	// nothing about its end.
	Depth report.Step `json:"depth"`
	// AgeMs is how long it has lasted, without the time of announced absences and without
	// what nobody measured (the terminal was off and its clock is not to be relied on).
	AgeMs     float64 `json:"age_ms"`
	Escalated bool    `json:"escalated"`
	// Good counts the good rounds since the last bad one.
	Good int `json:"good"`
}

// Cause is a code within an incident.
type Cause struct {
	Code   report.Code   `json:"code"`
	Domain report.Domain `json:"domain"`
	Rounds int           `json:"rounds"`
	Since  time.Time     `json:"since"`
}

// Bounds of a state.
const (
	maxRecent = 16
	maxCauses = 16
)

// Event is something that happened to an incident.
type Event struct {
	Kind     Kind     `json:"kind"`
	Incident Incident `json:"incident"`
}

// Kind is what happened.
type Kind string

// The kinds.
const (
	Opened    Kind = "opened"
	Reopened  Kind = "reopened"
	Changed   Kind = "changed" // a cause that it did not have before
	Escalated Kind = "escalated"
	Closed    Kind = "closed"
)

// Report returns what a report says of the incident that it belongs to.
func (s State) Report() report.Incident {
	if s.Open == nil {
		return report.Incident{}
	}
	opened := s.Open.OpenedAt
	return report.Incident{ID: s.Open.ID, OpenedAt: &opened, Escalated: s.Open.Escalated}
}
