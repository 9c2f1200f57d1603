package main

import (
	"strconv"
	"time"

	"posprobe/cmd/posprobe/config"
	"posprobe/cmd/posprobe/daemon"
)

// haste divides the schedule's intervals. Only tests set it, through the linker (-X
// main.haste=60): no configuration may ask an acquirer's host that often.
var haste string

// schedule is how often the daemon looks.
func schedule(c *config.Config) daemon.Schedule {
	s := c.Schedule
	by := time.Duration(1)
	if n, err := strconv.Atoi(haste); err == nil && n > 0 {
		by = time.Duration(n)
	}
	return daemon.Schedule{Light: s.Light / by, Full: s.Full / by, Jitter: float64(s.Jitter) / 100, Splay: s.Splay / by}
}
