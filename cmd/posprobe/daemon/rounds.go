package daemon

import (
	"cmp"
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
	now    *running // the round that runs, nil when none does
	cancel context.CancelFunc
}

// running is a round that was begun.
type running struct {
	plan  Plan
	depth Depth // less than the plan's where the budget allowed no more
	began time.Duration
}

func newRunner(round func(context.Context, Look) report.Report) *runner {
	return &runner{round: round, done: make(chan report.Report, 1)}
}

func (r *runner) start(ctx context.Context, x running, l Look, longest time.Duration) {
	ctx, r.cancel = context.WithTimeout(ctx, longest)
	r.now = &x
	go func() { r.done <- r.round(ctx, l) }()
}

// ended is the round that came to its end.
func (r *runner) ended() running {
	x := *r.now
	r.now = nil
	r.cancel()
	return x
}

// hangs is how often over a round must exceed the longest time to be given up: it was
// interrupted long ago, and nothing but a new process helps.
const hangs = 3

// stuck reports whether a round hangs. Then the service manager must not hear that all is
// well: it restarts the daemon.
func (r *runner) stuck(now, longest time.Duration) bool {
	return r.now != nil && now-r.now.began > hangs*longest
}

// defaultLongest is longer than waiting for another posprobe, for a payment, for a reply
// and for follow-ups together, at the default limits and several addresses in turn.
const defaultLongest = 10 * time.Minute

func (d *Daemon) longest() time.Duration { return cmp.Or(d.config.Longest, defaultLongest) }

// arm sets the timer to the next round; while one runs there is none.
func (d *Daemon) arm(t *time.Timer, r *runner) {
	t.Stop()
	if r.now == nil {
		t.Reset(max(0, d.scheduler.Next().At-d.now()))
	}
}

// maxFollowUpBytes is what the follow-ups of a round may cost at the most.
const maxFollowUpBytes = 60_000

// startRound begins the round that is due, as far as the data budget allows.
func (d *Daemon) startRound(ctx context.Context, r *runner) {
	p, now := d.scheduler.Next(), d.now()
	if p.At > now { // the timer was set before the plan changed
		return
	}
	l := Look{Depth: p.Depth, Trigger: p.Trigger, Memory: d.memory()}
	left := d.state.Budget.Left(d.config.BytesPerDay, d.age())
	for l.Depth > Local && d.config.Price(l.Depth) > left {
		l.Depth--
	}
	if l.Depth < p.Depth {
		d.skip(report.ReasonBudget)
		d.state.Budget.Skipped++
		d.grow()
	}
	price := d.config.Price(l.Depth)
	if p.FollowUps != NoFollowUps && l.Depth > Local && left > price {
		l.FollowUps, l.Questions = true, p.FollowUps
		l.FollowUpBytes = min(left-price, maxFollowUpBytes)
	}
	d.commit(p, l, price+l.FollowUpBytes)
	r.start(ctx, running{plan: p, depth: l.Depth, began: now}, l, d.longest())
}

// commit stores what must be known should the round be the daemon's last: what it may
// spend, and which follow-ups it asks.
func (d *Daemon) commit(p Plan, l Look, price int64) {
	if l.Depth == Local {
		return
	}
	unsaved := d.state.Budget.Reserve(price, d.config.BytesPerDay, d.age())
	if f := d.scheduler.Asking(p); l.FollowUps && f != d.state.Followed {
		d.state.Followed, unsaved = f, true
	}
	if unsaved {
		d.save(true)
	}
}

func (d *Daemon) skip(why report.Reason) {
	d.skipped[why]++
	d.doors.Keep.Skipped(why)
}

// memory is what a round is told of earlier ones.
func (d *Daemon) memory() report.Memory {
	m := d.state.Memory
	m.Baselines = d.state.Baselines.For(d.wall().In(d.config.Zone).Hour())
	m.Boots = d.state.Boots.Recent(d.wall())
	return m
}

// finish takes in what a round saw.
func (d *Daemon) finish(x running, r report.Report) {
	now := d.now()
	if d.state.Age.Learn(r.Evidence, now) {
		d.begun()
	}
	why := waited(r.Evidence)
	d.undialled = why == report.ReasonOnDemand
	d.spend(d.doors.Spent(r.Evidence))
	if r.ID == "" { // it could not begin
		d.scheduler.Done(x.plan, Outcome{Depth: x.depth, Open: d.state.Incident.Open != nil}, now)
		d.show()
		return
	}
	d.rounds++
	d.judgeLink(r.Evidence)
	var events []incident.Event
	d.state.Incident, events = incident.Step(d.state.Incident, r, d.config.Limits)
	r.Incident = d.state.Incident.Report()
	d.learn(r)
	d.last = r
	d.scheduler.Done(x.plan, outcomeOf(x.depth, r, d.state.Incident.Open), now)
	if why != "" {
		d.skip(why)
	}
	d.keep(r, events)
	if inMs(d.age()) >= d.state.SelfDueMs {
		d.selfReport()
	}
	d.show()
	d.doors.Rest()
}

// spend counts what a round and shipping moved, and says what shipping may still move:
// half of the budget is never its.
func (d *Daemon) spend(bytes int64) {
	limit := d.config.BytesPerDay
	if d.doors.Shipping != nil {
		bytes += d.doors.Shipping.Spent()
	}
	d.state.Budget.Spend(bytes, d.age())
	if d.doors.Shipping != nil {
		left := max(0, d.state.Budget.Left(limit, d.age())-limit/2)
		if d.undialled { // a packet might dial
			left = 0
		}
		d.doors.Shipping.MaySpend(left)
	}
}

// outcomeOf is what a round that went so far means for the next ones; open is the incident
// after it.
func outcomeOf(d Depth, r report.Report, open *incident.Incident) Outcome {
	bad := r.Diagnosis.Verdict != report.VerdictHealthy
	return Outcome{
		Depth: d, Bad: bad, Connected: connected(r.Evidence), Said: incident.Says(r), Shared: bad && shared(r.Diagnosis), Cost: cost(r.Diagnosis.Wants),
		Open: open != nil, Recovering: open != nil && open.Good > 0,
	}
}

// connected reports whether a round connected to the acquirer.
func connected(e report.Evidence) bool {
	own := map[string]bool{}
	for _, t := range e.Tasks {
		own[t.ID] = t.Kind == report.TaskExchange
	}
	return slices.ContainsFunc(e.Connects, func(c report.Connect) bool { return c.Failure == nil && own[c.Task] })
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
	d.state.Memory, _ = memory.Add(d.state.Memory, report.Learned(r.Evidence))
	hour := r.ObservedAt.In(d.config.Zone).Hour()
	d.state.Baselines, _ = d.state.Baselines.Learn(r.Diagnosis, r.Evidence, d.state.Incident.Open != nil, hour)
}

// keep puts away the report and what it changed. Whatever belongs to an incident is on
// disk at once.
func (d *Daemon) keep(r report.Report, events []incident.Event) {
	// The first look of a daemon that dies and is started over and over is worth a report
	// only if something came of it.
	again := d.repeated && r.Trigger == report.TriggerBoot && len(events) == 0
	whole := !again && d.thinner.whole(r, d.state.Incident.Open, len(events) > 0, d.now())
	if whole {
		d.doors.Keep.Failure(r)
	} else {
		d.doors.Keep.Healthy(r)
	}
	for _, e := range events {
		d.doors.Keep.Event(e)
		if e.Kind == incident.Opened || e.Kind == incident.Reopened {
			d.state.OpenedMs = inMs(d.age())
		}
	}
	// People switch a terminal off and on when it cannot sign on: what may become an incident
	// must be known afterwards.
	suspected := whole && d.state.Incident.Open == nil
	if f := d.scheduler.Followed(); f != d.state.Followed || len(events) > 0 || suspected {
		d.state.Followed = f
		d.save(true)
	}
}

// waits are the reasons for which a whole round asks nothing.
var waits = []report.Reason{report.ReasonPaused, report.ReasonPayment, report.ReasonOnDemand}

// waited is the one for which a round asked nothing, "" where it asked.
func waited(e report.Evidence) report.Reason {
	for _, t := range e.Tasks {
		if t.Kind == report.TaskExchange && t.Outcome == report.OutcomeNotAsked && slices.Contains(waits, t.Reason) {
			return t.Reason
		}
	}
	return ""
}

// judgeLink makes rounds rarer where the way out is paid by the byte: over a mobile
// network, unless the configuration says otherwise. A round that connected to nobody says
// nothing of it.
func (d *Daemon) judgeLink(e report.Evidence) {
	used, mobile := false, false
	for _, c := range e.Connects {
		for _, l := range e.Links {
			if l.Name == c.Link {
				used = true
				mobile = mobile || l.Kind == report.LinkCellular || l.Kind == report.LinkPPP
			}
		}
	}
	if used {
		d.state.Metered = mobile
	}
	d.scheduler.Metered(d.metered())
}

// metered is whether the way out is paid by the byte.
func (d *Daemon) metered() bool {
	if d.config.Metered != nil {
		return *d.config.Metered
	}
	return d.state.Metered
}
