package lab

import (
	"time"

	"posprobe/report"
)

// Scenario is one file below scenarios/: a world, what is broken in it and since when,
// and what may be concluded from the terminal. The yaml tags are the file's grammar.
type Scenario struct {
	// Name is the file's path below scenarios/ without its suffix, as in path/syn_dropped.
	Name string `yaml:"-"`
	// About says in one sentence what has happened.
	About string `yaml:"about"`
	// Covers are the causes it stands for: "prompt 2.1", "fault 97".
	Covers []string `yaml:"covers"`
	// Kind is healthy, odd (healthy, but out of the ordinary), single or double.
	Kind ScenarioKind `yaml:"kind"`
	// Core scenarios are run with every test.
	Core bool `yaml:"core"`
	// Setup is the world, see Setup.
	Setup Setup `yaml:"world"`
	// Before lists what has been so all along, in order: it is done before anything is
	// asked, and by itself it keeps nobody from signing on.
	Before []Step `yaml:"before"`
	// Break lists what is broken, in order.
	Break []Step `yaml:"break"`
	// Since is when it broke: "always" (the terminal never worked), "now" (a check was
	// good just before), "request" (the host has just read the request of this check), or
	// a duration after the check began.
	Since string `yaml:"since"`
	// Known: a check was good just before, as with since "now", whenever it breaks.
	Known bool `yaml:"known"`
	// Usual is how many good rounds, just before, showed what is usual here.
	Usual int `yaml:"usual"`
	// Check changes how posprobe is called.
	Check Check `yaml:"check"`
	// Truth are the domains in which something is broken, as the author knows: naming any
	// other one is a wrong accusation. Empty when nothing is.
	Truth []report.Domain `yaml:"truth"`
	// Expected is what is decidable from the terminal.
	Expected Expected `yaml:"expected"`
	// Acceptable are further headlines that are right, each a code, "healthy" or
	// "inconclusive".
	Acceptable []string `yaml:"acceptable"`
	// NearMisses are the codes that it would be tempting and wrong to name.
	NearMisses []report.Code `yaml:"near_misses"`
	// Twin names a scenario that looks the same from the terminal and has another truth.
	Twin string `yaml:"twin"`
	// Evidence are statements about the report that must hold.
	Evidence []Statement `yaml:"evidence"`
}

// ScenarioKind is how a scenario is counted.
type ScenarioKind string

// The kinds.
const (
	KindHealthy ScenarioKind = "healthy"
	KindOdd     ScenarioKind = "odd"
	KindSingle  ScenarioKind = "single"
	KindDouble  ScenarioKind = "double"
)

// Expected is what can be decided.
type Expected struct {
	// Headline is a code, "healthy" or "inconclusive".
	Headline string `yaml:"headline"`
	// Named are codes that must be among the findings that are at least likely, masked or
	// not: of a double fault, both.
	Named []report.Code `yaml:"named"`
	// Confidence is the highest that the rules of proof allow: likely or proven.
	Confidence report.Confidence `yaml:"confidence"`
	// Remaining are domains that must be left open; Excluded are those that must not be.
	Remaining []report.Domain `yaml:"remaining"`
	Excluded  []report.Domain `yaml:"excluded"`
	// Because is the reason why that, and no more, is decidable.
	Because string `yaml:"because"`
}

// Statement is one statement about a report.
type Statement struct {
	// At is an RFC 6901 pointer into the report, in which * stands for any element.
	At string `yaml:"at"`
	// Is, Least, Most and Absent say what must be found there: this value, a number no
	// smaller or no larger, or nothing (null, empty, or no such place).
	Is     any      `yaml:"is"`
	Least  *float64 `yaml:"least"`
	Most   *float64 `yaml:"most"`
	Absent bool     `yaml:"absent"`
}

// Outcome is what came of a scenario.
type Outcome struct {
	Scenario *Scenario
	Report   report.Report
	Exit     int
	// Took is the time from the start of the program to its end.
	Took time.Duration
	// Packets and Bytes crossed the terminal's cable during the check, in both directions:
	// IP packets with their headers, nothing of Ethernet or ARP.
	Packets, Bytes int64
	// Blackbox is what prometheus-blackbox-exporter said of the endpoint: up, down, or nil
	// when it was not asked.
	Blackbox *bool
	// Busy counts how often the check was repeated because this machine starved it.
	Busy int
}

// Headline is the outcome's code, "healthy" or "inconclusive".
func (o Outcome) Headline() string {
	switch d := o.Report.Diagnosis; {
	case d.Verdict == report.VerdictHealthy:
		return "healthy"
	case d.Code == "":
		return "inconclusive"
	default:
		return string(d.Code)
	}
}
