package memory

import (
	"slices"

	"posprobe/report"
)

// Place is what is usual at one endpoint over one way there, hour by hour.
type Place struct {
	Endpoint string `json:"endpoint"`
	Link     string `json:"link"`
	Gateway  string `json:"gateway"`
	// BootID is the start of the terminal in which a round last fitted it.
	BootID string `json:"boot_id"`
	Hours  []Hour `json:"hours"`
}

// Hour is what is usual in one hour of the day, 0 to 23, measured in the acquirer's zone at
// corrected time by whoever calls Learn.
type Hour struct {
	Hour int `json:"hour"`
	// RTT are smoothed round trips of the kernel's, Host the host's own times (the wait for
	// the reply less the round trip).
	RTT  Histogram `json:"rtt"`
	Host Histogram `json:"host"`
}

// Baselines are the usual times of all endpoints. The zero value knows nothing.
type Baselines []Place

// maxPlaces bounds them; the one that was not seen for longest goes first.
const maxPlaces = 8

// Learn adds a round's times in the hour given, 0 to 23. A round in an incident, or one
// that was not healthy, teaches nothing: what is wrong must not become what is usual. Nor
// does one on a system whose starts have no name: nobody could tell whether the terminal was
// carried elsewhere. changed is false when nothing was learned.
func (b Baselines) Learn(d report.Diagnosis, e report.Evidence, incident bool, hour int) (out Baselines, changed bool) {
	boot := e.Device.BootID
	if incident || d.Verdict != report.VerdictHealthy || hour < 0 || hour > 23 || boot == "" {
		return b, false
	}
	out = slices.Clone(b)
	for _, t := range report.Times(e) {
		p := Place{Endpoint: t.Endpoint, Link: t.Link, Gateway: t.Gateway}
		if i := slices.IndexFunc(out, p.same); i >= 0 {
			p = out[i]
			out = slices.Delete(out, i, i+1)
		} else if len(out) == maxPlaces {
			out = out[1:]
		}
		out = append(out, p.with(t, boot, hour))
		changed = true
	}
	return out, changed
}

func (p Place) same(o Place) bool {
	return p.Endpoint == o.Endpoint && p.Link == o.Link && p.Gateway == o.Gateway
}

// elsewhere is how many times the high quantile of all hours a round trip must take in the
// first round after a start for the terminal to stand in another place: most shops' routers
// have the same address. It is less than what a rule would find to be far above the usual.
const elsewhere = 2

// with is the place after another time.
func (p Place) with(t report.Time, boot string, hour int) Place {
	p.Hours = slices.Clone(p.Hours)
	if p.BootID != boot && t.RTTMs != nil {
		if high := p.high(); high > 0 && *t.RTTMs > elsewhere*high {
			p.Hours = nil
		}
		p.BootID = boot
	}
	i := slices.IndexFunc(p.Hours, func(h Hour) bool { return h.Hour == hour })
	if i < 0 {
		p.Hours = append(p.Hours, Hour{Hour: hour})
		i = len(p.Hours) - 1
	}
	if t.RTTMs != nil {
		p.Hours[i].RTT.Add(*t.RTTMs)
	}
	if t.HostMs != nil {
		p.Hours[i].Host.Add(*t.HostMs)
	}
	return p
}

// high is a round trip that 19 of 20 rounds of any hour stay below, 0 without one.
func (p Place) high() float64 {
	var all Histogram
	for _, h := range p.Hours {
		all.merge(h.RTT)
	}
	return all.Quantile(0.95)
}

// For is what evidence says of the hour: the quantiles of every place that has been seen
// often enough.
func (b Baselines) For(hour int) report.List[report.Baseline] {
	var out report.List[report.Baseline]
	for _, p := range b {
		for _, h := range p.Hours {
			if h.Hour == hour && h.RTT.Count() >= report.UsualRounds {
				out = append(out, p.baseline(h))
			}
		}
	}
	return out
}

func (p Place) baseline(h Hour) report.Baseline {
	line := report.Baseline{
		Endpoint: p.Endpoint, Link: p.Link, Gateway: p.Gateway, BootID: p.BootID,
		Rounds: int64(h.RTT.Count()), RTTMedianMs: h.RTT.Quantile(0.5), RTTHighMs: h.RTT.Quantile(0.95),
	}
	if h.Host.Count() >= report.UsualRounds {
		median, high := h.Host.Quantile(0.5), h.Host.Quantile(0.95)
		line.HostMedianMs, line.HostHighMs = &median, &high
	}
	return line
}
