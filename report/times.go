package report

import "time"

// Baseline is what was usual at an endpoint around this hour of the day, on this terminal.
type Baseline struct {
	Endpoint string `json:"endpoint"`
	// Link and Gateway are the way on which it was learned, and BootID the start of the
	// terminal (random(4), boot_id) in which a round on that way last fitted it: what was
	// usual in one shop says nothing in another.
	Link    string `json:"link"`
	Gateway string `json:"gateway"`
	BootID  string `json:"boot_id"`
	// Rounds is how many rounds it rests on; old ones fade.
	Rounds int64 `json:"rounds"`
	// Median and 95 % quantile of the kernel's smoothed round trip, and of the host's own
	// time (nil where no message was answered): upper ends of buckets 41 % wide.
	RTTMedianMs  float64  `json:"rtt_median_ms"`
	RTTHighMs    float64  `json:"rtt_high_ms"`
	HostMedianMs *float64 `json:"host_median_ms"`
	HostHighMs   *float64 `json:"host_high_ms"`
}

// UsualRounds is how many rounds make their times usual: two days of full rounds at the
// default interval in one hour of the day.
const UsualRounds = 8

// Time is what an exchange that came to its end took.
type Time struct {
	Endpoint string
	// Link and Gateway are the way that it went, "" where that is not known.
	Link, Gateway string
	// RTTMs is the kernel's smoothed round trip, HostMs the host's own time; nil where it
	// was not measured.
	RTTMs, HostMs *float64
}

// Times are the times of the round's own exchanges that succeeded.
func Times(e Evidence) []Time {
	f := newFacts(&e)
	var out []Time
	for _, a := range f.attempts {
		if !a.ok() {
			continue
		}
		t := Time{Endpoint: a.endpoint.Address, Link: a.connect.Link, Gateway: a.connect.Gateway}
		if tcp := a.connect.TCP; tcp != nil {
			t.RTTMs = tcp.RTTMs
		}
		if ms, ok := a.hostTime(); ok {
			t.HostMs = &ms
		}
		out = append(out, t)
	}
	return out
}

// Boots is how the terminal was started lately.
type Boots struct {
	// Unclean is how often within a week it went down without being shut down, and
	// LastUnclean when it came back from the last of them, by its own clock.
	Unclean     int64      `json:"unclean"`
	LastUnclean *time.Time `json:"last_unclean"`
}
