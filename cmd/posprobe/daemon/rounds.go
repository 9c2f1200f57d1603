package daemon

import (
	"context"
	"slices"
	"time"

	"posprobe/report"
	"posprobe/report/incident"
	"posprobe/report/memory"
)

// runner runs one round at a time beside the loop, so that the service manager hears from
// the daemon and signals are heard while a round waits for a host.
type runner struct {
	round  func(context.Context, Look) report.Report
	done   chan report.Report
	plan   *Plan // the round that runs, nil when none does
	began  time.Duration
	cancel context.CancelFunc
}

func newRunner(round func(context.Context, Look) report.Report) *runner {
	return &runner{round: round, done: make(chan report.Report, 1)}
}

func (r *runner) start(ctx context.Context, p Plan, l Look, now time.Duration) {
	ctx, r.cancel = context.WithCancel(ctx)
	r.plan, r.began = &p, now
	go func() { r.done <- r.round(ctx, l) }()
}

// ended is the plan of the round that came to its end.
func (r *runner) ended() Plan {
	p := *r.plan
	r.plan = nil
	r.cancel()
	return p
}

// arm sets the timer to the next round; while one runs there is none.
func (d *Daemon) arm(t *time.Timer, r *runner) {
	t.Stop()
	if r.plan == nil {
		t.Reset(max(0, d.scheduler.Next().At-d.now()))
	}
}

// startRound begins the round that is due, as far as the data budget allows.
func (d *Daemon) startRound(ctx context.Context, r *runner) {
	p, now := d.scheduler.Next(), d.now()
	if p.At > now { // the timer was set before the plan changed
		return
	}
	l := Look{Depth: p.Depth, Trigger: p.Trigger, FollowUps: p.FollowUps, Memory: d.memory()}
	left := d.state.Budget.Left(d.config.BytesPerDay, now)
	for l.Depth > Local && d.config.Price(l.Depth) > left {
		l.Depth--
	}
	if l.Depth < p.Depth {
		d.skip(report.ReasonBudget)
		d.state.Budget.Skipped++
	}
	if l.FollowUps = l.FollowUps && l.Depth > Local; l.FollowUps {
		l.FollowUpBytes = left - d.config.Price(l.Depth)
	}
	p.Depth = l.Depth
	r.start(ctx, p, l, now)
}

func (d *Daemon) skip(why report.Reason) {
	d.skipped[why]++
	d.doors.Keep.Skipped(why)
}

// memory is what a round is told of earlier ones.
func (d *Daemon) memory() report.Memory {
	m := d.state.Memory
	m.Baselines = d.state.Baselines.For(time.Now().In(d.config.Zone).Hour())
	m.Boots = d.state.Boots.Recent(time.Now())
	return m
}

// finish takes in what a round saw.
func (d *Daemon) finish(p Plan, r report.Report) {
	now := d.now()
	d.state.Budget.Spend(d.doors.Spent(r.Evidence), now)
	d.rounds++
	d.judgeLink(r.Evidence)
	var events []incident.Event
	d.state.Incident, events = incident.Step(d.state.Incident, r, d.config.Limits)
	r.Incident = d.state.Incident.Report()
	d.learn(r)
	d.last = r
	d.keep(r, events)
	d.scheduler.Done(p, d.outcome(r), now)
	d.show()
	d.doors.Rest()
}

// outcome is what a report means for the next rounds.
func (d *Daemon) outcome(r report.Report) Outcome {
	open := d.state.Incident.Open
	bad := r.Diagnosis.Verdict != report.VerdictHealthy
	return Outcome{
		Bad: bad, Said: incident.Says(r), Shared: bad && shared(r.Diagnosis),
		Open: open != nil, Recovering: open != nil && open.Good > 0,
	}
}

// shared reports whether what is wrong may be wrong for many terminals at once: it lies
// beyond the shop, or nobody can tell where.
func shared(d report.Diagnosis) bool {
	if d.Domain == report.DomainDevice {
		return false
	}
	row, known := report.LookupRow(d.Code)
	return !known || row.Layer > report.LayerNeighbor
}

// learn adds what a round teaches. An incident teaches nothing about what is usual.
func (d *Daemon) learn(r report.Report) {
	m, fresh := memory.Add(d.state.Memory, report.Learned(r.Evidence))
	d.state.Memory = m
	hour := r.ObservedAt.In(d.config.Zone).Hour()
	b, changed := d.state.Baselines.Learn(r.Diagnosis, r.Evidence, d.state.Incident.Open != nil, hour)
	d.state.Baselines = b
	d.unsaved = d.unsaved || fresh || changed
}

// keep puts away the report and what it changed. Whatever belongs to an incident is on
// disk at once.
func (d *Daemon) keep(r report.Report, events []incident.Event) {
	for _, t := range r.Evidence.Tasks {
		if t.Kind == report.TaskExchange && t.Outcome == report.OutcomeNotAsked && slices.Contains(waits, t.Reason) {
			d.skip(t.Reason)
			break
		}
	}
	if r.Diagnosis.Verdict == report.VerdictHealthy || !incident.Says(r) {
		d.doors.Keep.Healthy(r)
	} else {
		d.doors.Keep.Failure(r)
	}
	for _, e := range events {
		d.doors.Keep.Event(e)
	}
	if len(events) > 0 {
		d.save(true)
	}
}

// waits are the reasons for which a whole round asks nothing.
var waits = []report.Reason{report.ReasonPaused, report.ReasonPayment, report.ReasonOnDemand}

// judgeLink makes rounds rarer where the way out is paid by the byte: over a mobile
// network, unless the configuration says otherwise.
func (d *Daemon) judgeLink(e report.Evidence) {
	metered := false
	for _, c := range e.Connects {
		for _, l := range e.Links {
			if l.Name == c.Link && (l.Kind == report.LinkCellular || l.Kind == report.LinkPPP) {
				metered = true
			}
		}
	}
	if d.config.Metered != nil {
		metered = *d.config.Metered
	}
	d.metered = metered
	d.scheduler.Metered(metered)
}
