package memory

import (
	"time"

	"posprobe/report"
)

// Boots are the starts of the terminal as far as the daemon has seen them. The zero value
// has seen none.
type Boots struct {
	// ID is the boot in which the daemon last ran; Stopped is true when it was told to stop
	// in it, as happens when a terminal is shut down in order.
	ID      string `json:"id"`
	Stopped bool   `json:"stopped"`
	// Unclean are the times, by the terminal's clock after the restart, of starts that were
	// not preceded by such a stop; the newest 16.
	Unclean []time.Time `json:"unclean"`
}

const maxBoots = 16

// Start notes that the daemon runs in a boot. unclean is true when the terminal went down
// without telling it. A daemon that was killed within the same boot is no matter of power.
func (b Boots) Start(id string, now time.Time) (out Boots, unclean bool) {
	unclean = b.ID != "" && id != "" && b.ID != id && !b.Stopped
	out = Boots{ID: id, Unclean: b.Unclean}
	if unclean {
		out.Unclean = append(out.Unclean[max(0, len(out.Unclean)-maxBoots+1):len(out.Unclean):len(out.Unclean)], now)
	}
	return out, unclean
}

// Stop notes that the daemon was told to stop.
func (b Boots) Stop() Boots {
	b.Stopped = true
	return b
}

// week is how far back unclean starts are told.
const week = 7 * 24 * time.Hour

// Recent is what evidence says: how many of the starts within a week before now were
// unclean, and when the last one was.
func (b Boots) Recent(now time.Time) *report.Boots {
	if b.ID == "" {
		return nil
	}
	out := report.Boots{}
	for _, t := range b.Unclean {
		if age := now.Sub(t); age >= -time.Hour && age <= week {
			out.Unclean++
			out.LastUnclean = &t
		}
	}
	return &out
}
