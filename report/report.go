package report

import "time"

// SchemaVersion is the version of the report's form; it rises only on a breaking change.
const SchemaVersion = 1

// Report is one round: what was seen and what follows from it.
type Report struct {
	Schema int `json:"schema"`
	// ID is a ULID: unique, and sortable by time.
	ID         string    `json:"id"`
	Agent      Agent     `json:"agent"`
	Trigger    Trigger   `json:"trigger"`
	ObservedAt time.Time `json:"observed_at"`
	ElapsedMs  float64   `json:"elapsed_ms"`
	Terminal   Terminal  `json:"terminal"`
	Acquirer   Acquirer  `json:"acquirer"`
	Evidence   Evidence  `json:"evidence"`
	Diagnosis  Diagnosis `json:"diagnosis"`
	Incident   Incident  `json:"incident"`
}

// Agent is the program that made the report.
type Agent struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

// Trigger is why the round ran.
type Trigger string

// The triggers.
const (
	TriggerSchedule Trigger = "schedule"
	TriggerFailure  Trigger = "failure"
	TriggerLink     Trigger = "link"
	TriggerManual   Trigger = "manual"
	TriggerPassive  Trigger = "passive"
	TriggerBoot     Trigger = "boot"
)

// Triggers lists every Trigger.
func Triggers() []Trigger {
	return []Trigger{TriggerSchedule, TriggerFailure, TriggerLink, TriggerManual, TriggerPassive, TriggerBoot}
}

// Terminal names the device without its terminal and merchant id, which suffice for
// signing on in its place.
type Terminal struct {
	Model  string `json:"model"`
	Serial string `json:"serial"`
	Site   string `json:"site"`
	Asset  string `json:"asset"`
}

// Acquirer names who runs the host.
type Acquirer struct {
	Name string `json:"name"`
}

// Incident is the fault that the report belongs to; empty for a single check.
type Incident struct {
	ID        string     `json:"id"`
	OpenedAt  *time.Time `json:"opened_at"`
	Escalated bool       `json:"escalated"`
}
