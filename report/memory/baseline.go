package memory

import (
	"slices"

	"posprobe/report"
)

// Baseline is what is usual at one endpoint in one hour of the day, measured in the
// acquirer's zone at corrected time by whoever calls Learn.
type Baseline struct {
	Endpoint string `json:"endpoint"`
	Hour     int    `json:"hour"`
	// RTT are smoothed round trips of the kernel's, Host the host's own times (the wait for
	// the reply less the round trip).
	RTT  Histogram `json:"rtt"`
	Host Histogram `json:"host"`
}

// Baselines are the usual times of all endpoints. The zero value knows nothing.
type Baselines []Baseline

// maxBaselines bounds them: 8 endpoints and 24 hours.
const maxBaselines = 8 * 24

// Learn adds a round's times in the hour given, 0 to 23. A round in an incident, or one
// that was not healthy, teaches nothing: what is wrong must not become what is usual.
// changed is false when nothing was learned.
func (b Baselines) Learn(d report.Diagnosis, e report.Evidence, incident bool, hour int) (out Baselines, changed bool) {
	if incident || d.Verdict != report.VerdictHealthy || hour < 0 || hour > 23 {
		return b, false
	}
	out = slices.Clone(b)
	for _, t := range report.Times(e) {
		i := slices.IndexFunc(out, func(x Baseline) bool { return x.Endpoint == t.Endpoint && x.Hour == hour })
		if i < 0 {
			if len(out) == maxBaselines {
				out = out[1:]
			}
			out = append(out, Baseline{Endpoint: t.Endpoint, Hour: hour})
			i = len(out) - 1
		}
		if t.RTTMs != nil {
			out[i].RTT.Add(*t.RTTMs)
		}
		if t.HostMs != nil {
			out[i].Host.Add(*t.HostMs)
		}
		changed = true
	}
	return out, changed
}

// enough is how many times of an hour make a quantile worth telling: two days of full
// rounds at the defaults.
const enough = 8

// For is what evidence says of the hour: the quantiles of every endpoint that has been
// seen often enough.
func (b Baselines) For(hour int) report.List[report.Baseline] {
	var out report.List[report.Baseline]
	for _, x := range b {
		if x.Hour != hour || x.RTT.Count() < enough {
			continue
		}
		line := report.Baseline{Endpoint: x.Endpoint, Rounds: int64(x.RTT.Count()), RTTMedianMs: x.RTT.Quantile(0.5), RTTHighMs: x.RTT.Quantile(0.95)}
		if x.Host.Count() >= enough {
			median, high := x.Host.Quantile(0.5), x.Host.Quantile(0.95)
			line.HostMedianMs, line.HostHighMs = &median, &high
		}
		out = append(out, line)
	}
	return out
}
