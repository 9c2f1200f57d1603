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
	address string
	failed  int64
	times   [5]series
}

// The times of an endpoint.
const (
	resolve = iota
	connect
	handshake
	signOn
	host
)

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
			Endpoint: e.address, Failed: e.failed, ResolveMs: e.times[resolve].spread(), ConnectMs: e.times[connect].spread(),
			TLSMs: e.times[handshake].spread(), SignOnMs: e.times[signOn].spread(), HostMs: e.times[host].spread(),
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
	own := map[string]*endpointFold{} // by task
	for _, t := range e.Tasks {
		if t.Kind == report.TaskLookup || t.Kind == report.TaskExchange {
			own[t.ID] = f.endpoint(t.Endpoint)
		}
	}
	for i := range e.Lookups {
		if o := &e.Lookups[i]; o.Failure == nil { // one address family of a name may be missing
			own[o.Task].add(resolve, nil, o.ElapsedMs)
		}
	}
	for i := range e.Connects {
		o := &e.Connects[i]
		own[o.Task].add(connect, o.Failure, o.ElapsedMs)
	}
	for i := range e.TLS {
		o := &e.TLS[i]
		own[o.Task].add(handshake, o.Failure, o.ElapsedMs)
	}
	for i := range e.SignOns {
		o := &e.SignOns[i]
		own[o.Task].add(signOn, o.Failure, o.ElapsedMs)
	}
	for _, t := range report.Times(*e) {
		if t.HostMs != nil {
			f.endpoint(t.Endpoint).add(host, nil, *t.HostMs)
		}
	}
}

// add takes in a time, or that there is none. A nil endpoint is somebody else's.
func (e *endpointFold) add(which int, failed *report.Failure, ms float64) {
	switch {
	case e == nil:
	case failed != nil:
		e.failed++
	default:
		e.times[which].add(ms)
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
