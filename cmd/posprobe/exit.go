package main

import "posprobe/report"

// The exit status: zero when healthy, else by the domain of the headline, so that a
// script need not read anything.
const (
	exitHealthy      = 0
	exitFailed       = 1 // posprobe itself failed
	exitUsage        = 2 // the command line or the configuration is wrong
	exitDevice       = 10
	exitNetwork      = 20
	exitHost         = 30
	exitPlanned      = 35 // host, and announced
	exitAccount      = 40
	exitInconclusive = 50
)

// exitStatus is the exit status for a diagnosis: by domain for fault and degraded
// alike.
func exitStatus(d report.Diagnosis) int {
	switch d.Verdict {
	case report.VerdictHealthy:
		return exitHealthy
	case report.VerdictInconclusive:
		return exitInconclusive
	}
	switch d.Domain {
	case report.DomainDevice:
		return exitDevice
	case report.DomainNetwork:
		return exitNetwork
	case report.DomainHost:
		if d.Planned != "" {
			return exitPlanned
		}
		return exitHost
	case report.DomainAccount:
		return exitAccount
	}
	return exitInconclusive
}
