package store

import (
	"time"

	"posprobe/report"
)

// Fold folds rounds into summaries. It is pure: what time it is comes with the calls, up
// being the time since some moment by a clock that is never set. The zero value is empty.
type Fold struct {
	begun     bool
	began     time.Duration
	summary   Summary
	endpoints []*endpointFold
	more      map[string]bool // endpoints beyond maxEndpoints
}

type endpointFold struct {
	address                             string
	failed                              int64
	resolve, connect, tls, signOn, host series
}

// maxEndpoints is more than fit into a summary.
const maxEndpoints = 16

// Add takes in a round that moved so many bytes.
func (f *Fold) Add(r report.Report, up time.Duration, bytes int64) {
	f.begin(up)
	s := &f.summary
	if s.FirstAt.IsZero() {
		s.FirstAt = r.ObservedAt
	}
	s.LastAt = r.ObservedAt
	s.Rounds[r.Diagnosis.Verdict]++
	s.Bytes += bytes
	if r.Diagnosis.Verdict == report.VerdictHealthy {
		f.addTimes(&r.Evidence)
	}
}

// Skip counts a round that did not run, or asked nobody anything.
func (f *Fold) Skip(why report.Reason, up time.Duration) {
	f.begin(up)
	f.summary.Skipped[why]++
}

// Due is whether there is an hour to be closed.
func (f *Fold) Due(up time.Duration) bool { return f.begun && up-f.began >= time.Hour }

// Close returns what was gathered and begins anew; ok is false if that was nothing.
func (f *Fold) Close(up time.Duration) (s Summary, ok bool) {
	if !f.begun {
		return Summary{}, false
	}
	s = f.summary
	s.ElapsedMs = float64((up - f.began).Milliseconds())
	for _, e := range f.endpoints {
		s.Endpoints = append(s.Endpoints, EndpointSummary{
			Endpoint: e.address, Failed: e.failed, ResolveMs: e.resolve.spread(), ConnectMs: e.connect.spread(),
			TLSMs: e.tls.spread(), SignOnMs: e.signOn.spread(), HostMs: e.host.spread(),
		})
	}
	s.MoreEndpoints = int64(len(f.more))
	*f = Fold{}
	return s.fit(), true
}

func (f *Fold) begin(up time.Duration) {
	if !f.begun {
		*f = Fold{begun: true, began: up, more: map[string]bool{}}
		f.summary.Rounds, f.summary.Skipped = map[report.Verdict]int64{}, map[report.Reason]int64{}
	}
}

// addTimes takes the round's own look-ups and exchanges, not those of follow-ups.
func (f *Fold) addTimes(e *report.Evidence) {
	for _, x := range e.Site.Endpoints {
		f.endpoint(x.Address) // in their own order
	}
	endpointOf := map[string]string{} // by task
	for _, t := range e.Tasks {
		if t.Kind == report.TaskLookup || t.Kind == report.TaskExchange {
			endpointOf[t.ID] = t.Endpoint
		}
	}
	take := func(o report.Observation, failed *report.Failure, ms float64, of func(*endpointFold) *series) {
		address, own := endpointOf[o.Task]
		if !own {
			return
		}
		e := f.endpoint(address)
		switch {
		case e == nil:
		case failed != nil:
			e.failed++
		default:
			of(e).add(ms)
		}
	}
	for _, o := range e.Lookups {
		if o.Failure == nil { // one address family of a name may be missing
			take(o.Observation, nil, o.ElapsedMs, func(e *endpointFold) *series { return &e.resolve })
		}
	}
	for _, o := range e.Connects {
		take(o.Observation, o.Failure, o.ElapsedMs, func(e *endpointFold) *series { return &e.connect })
	}
	for _, o := range e.TLS {
		take(o.Observation, o.Failure, o.ElapsedMs, func(e *endpointFold) *series { return &e.tls })
	}
	for _, o := range e.SignOns {
		take(o.Observation, o.Failure, o.ElapsedMs, func(e *endpointFold) *series { return &e.signOn })
	}
	for _, t := range report.Times(*e) {
		if own := f.endpoint(t.Endpoint); own != nil && t.HostMs != nil {
			own.host.add(*t.HostMs)
		}
	}
}

// endpoint finds an endpoint, nil for one too many.
func (f *Fold) endpoint(address string) *endpointFold {
	for _, e := range f.endpoints {
		if e.address == address {
			return e
		}
	}
	if len(f.endpoints) == maxEndpoints {
		if len(f.more) < 1000 {
			f.more[address] = true
		}
		return nil
	}
	f.endpoints = append(f.endpoints, &endpointFold{address: address})
	return f.endpoints[len(f.endpoints)-1]
}
