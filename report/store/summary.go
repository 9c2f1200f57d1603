package store

import (
	"encoding/json"
	"slices"
	"time"

	"posprobe/report"
)

// Summary is what is kept of an hour of rounds that need no report of their own. It takes
// less than 1.5 kB with its record.
type Summary struct {
	// FirstAt and LastAt are the device's wall clock at the first and the last round, zero
	// without one; ElapsedMs is how long was gathered, by the monotonic clock.
	FirstAt   time.Time `json:"first_at"`
	LastAt    time.Time `json:"last_at"`
	ElapsedMs float64   `json:"elapsed_ms"`
	// Rounds counts those that ran, by verdict; Skipped those that did not, by reason.
	Rounds  map[report.Verdict]int64 `json:"rounds"`
	Skipped map[report.Reason]int64  `json:"skipped"`
	// Bytes is what the rounds moved, both ways.
	Bytes     int64                        `json:"bytes"`
	Endpoints report.List[EndpointSummary] `json:"endpoints"`
	// MoreEndpoints did not fit.
	MoreEndpoints int64 `json:"more_endpoints"`
}

// EndpointSummary is how an endpoint did in the healthy ones of the rounds.
type EndpointSummary struct {
	Endpoint string `json:"endpoint"`
	// Failed counts the exchanges that failed although the round was healthy: at another
	// address, or before a repetition.
	Failed int64 `json:"failed"`
	// What succeeded, in ms: looking up its name, the TCP and the TLS handshake, the
	// sign-on exchange, and of that the host's own time (see report.HostTime). nil without one.
	ResolveMs *Spread `json:"resolve_ms"`
	ConnectMs *Spread `json:"connect_ms"`
	TLSMs     *Spread `json:"tls_ms"`
	SignOnMs  *Spread `json:"sign_on_ms"`
	HostMs    *Spread `json:"host_ms"`
}

// Spread is how times lie: minimum, median, 95 % quantile and maximum, to three significant
// digits.
type Spread [4]float64

// maxSummary bounds a summary's JSON, so that its record stays below 1.5 kB.
const maxSummary = 1350

// fit leaves out the last endpoints as long as there are too many.
func (s Summary) fit() Summary {
	for len(s.Endpoints) > 0 {
		if text, err := json.Marshal(s); err != nil || len(text) <= maxSummary {
			break
		}
		s.Endpoints = s.Endpoints[:len(s.Endpoints)-1]
		s.MoreEndpoints++
	}
	return s
}

// series gathers times in bounded memory: when it is full every other one goes, and from
// then on half as many are taken. The extremes stay exact.
type series struct {
	values   []int // in µs
	every    int   // one of so many is taken
	seen     int
	min, max int
}

// maxValues is enough for one every 30 s for an hour; longest, in ms, is longer than
// anybody waits, and fits into 32 bits of µs.
const (
	maxValues = 128
	longest   = 2e6
)

func (s *series) add(ms float64) {
	if !(ms >= 0 && ms < longest) {
		return
	}
	v := int(ms * 1000)
	if s.seen == 0 {
		s.min, s.max, s.every = v, v, 1
	}
	s.min, s.max = min(s.min, v), max(s.max, v)
	if s.seen%s.every == 0 {
		if len(s.values) == maxValues {
			for i := range maxValues / 2 {
				s.values[i] = s.values[2*i]
			}
			s.values = s.values[:maxValues/2]
			s.every *= 2
		}
		if s.seen%s.every == 0 {
			s.values = append(s.values, v)
		}
	}
	s.seen++
}

func (s *series) spread() *Spread {
	if s.seen == 0 {
		return nil
	}
	sorted := slices.Clone(s.values)
	slices.Sort(sorted)
	n := len(sorted) - 1
	return &Spread{short(s.min), short(sorted[n/2]), short(sorted[(n*95+99)/100]), short(s.max)}
}

// short is a number of µs in ms, to three significant digits.
func short(us int) float64 {
	unit := 1
	for us/unit >= 1000 {
		unit *= 10
	}
	return float64((us+unit/2)/unit*unit) / 1000
}
