package daemon

import (
	"container/heap"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"posprobe/report"
	"posprobe/report/incident"
)

var fleetCurve = flag.String("fleet", "", "write the fleet's curves, seconds and packets, to this file")

// world is what all terminals share: whether their provider carries packets and whether
// the host answers at a moment.
type world struct {
	name     string
	about    string
	length   time.Duration
	provider func(t time.Duration) bool
	host     func(t time.Duration) bool
	// hung: a host that is down still accepts connections.
	hung bool
}

func always(time.Duration) bool { return true }

func downFrom(from, until time.Duration) func(time.Duration) bool {
	return func(t time.Duration) bool { return t < from || t >= until }
}

var worlds = []world{
	{name: "power", about: "power returns to all at one instant", length: time.Hour, provider: always, host: always},
	{name: "host", about: "the host is down for ten minutes, an hour after all started", length: 3 * time.Hour, provider: always,
		host: downFrom(time.Hour, 70*time.Minute)},
	{name: "host for two hours", about: "the host is down for two hours", length: 5 * time.Hour, provider: always,
		host: downFrom(time.Hour, 3*time.Hour)},
	{name: "host hangs", about: "the host accepts connections and answers nothing for two hours", length: 5 * time.Hour, provider: always,
		host: downFrom(time.Hour, 3*time.Hour), hung: true},
	{name: "provider", about: "the provider comes and goes every two minutes for half an hour", length: 3 * time.Hour, host: always,
		provider: func(t time.Duration) bool {
			return t < time.Hour || t > 90*time.Minute || t/(2*time.Minute)%2 == 1
		}},
}

// What arrives at the acquirer for one exchange. The follow-ups of a host that does not
// answer are a second exchange, a closed port and an early end.
const followUpConnects = 3

// member is one terminal of the fleet.
type member struct {
	c     *Scheduler
	plan  Plan
	state incident.State
	up    bool // what it knows of its link
}

// queue orders the fleet by who is due next.
type queue []*member

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].plan.At < q[j].plan.At }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(*member)) }
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}

// load is what arrives at the acquirer in each second: connections tried, echoes sent.
type load struct{ connects, echoes []int }

func (l load) at(second int) int { return l.connects[second] + l.echoes[second] }

// peak is the highest load of a minute, per second: what a second more or less holds is
// chance.
func (l load) peak(from, until int) float64 {
	best := 0
	for s := from; s+60 <= until; s++ {
		sum := 0
		for i := range 60 {
			sum += l.at(s + i)
		}
		best = max(best, sum)
	}
	return float64(best) / 60
}

// defaults are the configuration's.
var defaults = Schedule{Light: 5 * time.Minute, Full: 15 * time.Minute, Jitter: 0.2, Splay: 5 * time.Minute}

// simulate runs the real scheduler and the real incident rules of a fleet through a
// world, in virtual time.
func simulate(w world, terminals int, seed uint64) load {
	seconds := int(w.length / time.Second)
	l := load{make([]int, seconds+1), make([]int, seconds+1)}
	var q queue
	for i := range terminals {
		random := rand.New(rand.NewPCG(seed, uint64(i)))
		m := &member{c: NewScheduler(defaults, 0, random.Float64), up: true}
		m.plan = m.c.Next()
		q = append(q, m)
	}
	heap.Init(&q)
	for q[0].plan.At < w.length {
		m := q[0]
		now := max(0, m.plan.At)
		m.c.Done(m.plan, m.round(w, l, now), now)
		m.plan = m.c.Next()
		heap.Fix(&q, 0)
	}
	return l
}

// round is one round of one terminal.
func (m *member) round(w world, l load, now time.Duration) Outcome {
	if m.plan.Depth == Local {
		return Outcome{}
	}
	second := int(now / time.Second)
	r := report.Report{ObservedAt: time.Unix(0, 0).Add(now), Diagnosis: report.Diagnosis{Verdict: report.VerdictHealthy}}
	up := float64(now) / 1e6
	r.Evidence.Device.BootID, r.Evidence.Device.UptimeMs = "simulated", &up
	goal := report.StepConnect
	if m.plan.Depth == Full {
		goal = report.StepSignOn
	}
	r.Evidence.Site.Endpoints = report.List[report.Endpoint]{{Goal: goal}}
	provider, host := w.provider(now), w.host(now)
	switch {
	case !provider:
		r.Diagnosis.Verdict, r.Diagnosis.Domain, r.Diagnosis.Code = report.VerdictFault, report.DomainNetwork, "network.access.down"
	case !host && w.hung:
		l.connects[second]++
		if m.plan.Depth == Light {
			break
		}
		l.echoes[second]++
		if m.plan.FollowUps { // a second exchange and an early end
			l.connects[second] += 2
			l.echoes[second] += 2
		}
		r.Diagnosis.Verdict, r.Diagnosis.Domain, r.Diagnosis.Code = report.VerdictFault, report.DomainHost, "host.no_response"
	case !host:
		l.connects[second]++
		if m.plan.FollowUps {
			l.connects[second] += followUpConnects
		}
		r.Diagnosis.Verdict, r.Diagnosis.Domain, r.Diagnosis.Code = report.VerdictFault, report.DomainHost, "host.refused"
	default:
		l.connects[second]++
		if m.plan.Depth == Full {
			l.echoes[second]++
		}
	}
	m.state, _ = incident.Step(m.state, r, incident.Defaults())
	bad := r.Diagnosis.Verdict != report.VerdictHealthy
	open := m.state.Open
	return Outcome{Bad: bad, Said: true, Shared: bad, Open: open != nil, Recovering: open != nil && open.Good > 0}
}

// TestFleet: whatever happens to ten thousand terminals at once, the load on the host
// stays below one and a half times the steady one, once the splay has passed.
func TestFleet(t *testing.T) {
	const terminals = 10_000
	steady := float64(terminals) * (1/defaults.Light.Seconds() + 1/defaults.Full.Seconds())
	var table strings.Builder
	for _, w := range worlds {
		l := simulate(w, terminals, 1)
		seconds := int(w.length / time.Second)
		peak := l.peak(int(defaults.Splay/time.Second), seconds)
		start := l.peak(0, int(defaults.Splay/time.Second))
		fmt.Fprintf(&table, "%-20s steady %.1f/s  first splay %.2f  peak after it %.2f\n", w.name, steady, start/steady, peak/steady)
		if peak > 1.5*steady {
			t.Errorf("%s: %.1f connections and echoes a second, %.2f times the steady load", w.name, peak, peak/steady)
		}
		if *fleetCurve != "" {
			writeCurve(t, w, l)
		}
	}
	t.Logf("\n%s", table.String())
}

func writeCurve(t *testing.T, w world, l load) {
	f, err := os.OpenFile(*fleetCurve, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := 0; s+60 <= len(l.connects); s += 60 {
		c, e := 0, 0
		for i := range 60 {
			c, e = c+l.connects[s+i], e+l.echoes[s+i]
		}
		fmt.Fprintf(f, "%s\t%d\t%.2f\t%.2f\n", w.name, s/60, float64(c)/60, float64(e)/60)
	}
}
