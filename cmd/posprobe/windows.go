package main

import (
	"posprobe/cmd/posprobe/config"
	"posprobe/report"
)

// replan lays the announced absences around the time at which the round really was. Those
// of its request lie around the terminal's own clock, which may have been far off.
func replan(c *config.Config, e *report.Evidence) {
	if at, known := report.TrueTime(*e); known {
		e.Site.Windows = c.Site(at, 0).Windows
	}
}
