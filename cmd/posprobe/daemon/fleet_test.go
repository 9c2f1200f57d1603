package daemon

import (
	"container/heap"
	"flag"
	"math/rand/v2"
	"testing"
	"time"

	"posprobe/report"
	"posprobe/report/incident"
)

var fleetDir = flag.String("fleet", "", "write FLEET.md, fleet.svg and fleet.tsv of the fleet into this directory")

// member is one terminal of the fleet: the real scheduler and the real incident rules.
type member struct {
	c      *Scheduler
	random *rand.Rand
	plan   Plan
	state  incident.State
	count  int
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

// load is what arrives at the acquirer in each second.
type load struct {
	opened []int // connections that somebody begins to open, traces among them
	echoes []int
	again  []int // SYNs that the kernels repeat
}

func newLoad(length time.Duration) load {
	n := int(length/time.Second) + 600 // rounds that begin in it and end after it
	return load{make([]int, n), make([]int, n), make([]int, n)}
}

func (l load) at(second int) int { return l.opened[second] + l.echoes[second] }

// peak is the highest load between two seconds, per second, in a window of so many.
func (l load) peak(from, until, window int) float64 {
	best := 0
	for s := from; s+window <= until; s++ {
		sum := 0
		for i := range window {
			sum += l.at(s + i)
		}
		best = max(best, sum)
	}
	return float64(best) / float64(window)
}

// mean is the load between two seconds, per second.
func (l load) mean(from, until int) float64 {
	sum := 0
	for s := from; s < until; s++ {
		sum += l.at(s)
	}
	return float64(sum) / float64(until-from)
}

// simulate runs a fleet through a world, in virtual time.
func simulate(w world, terminals int, seed uint64) load {
	l := newLoad(w.length)
	var q queue
	for i := range terminals {
		m := &member{random: rand.New(rand.NewPCG(seed, uint64(i)))}
		m.c = NewScheduler(defaults, 0, m.random.Float64)
		m.plan = m.c.Next()
		q = append(q, m)
	}
	heap.Init(&q)
	events := w.events
	for q[0].plan.At < w.length {
		if len(events) > 0 && events[0].at <= q[0].plan.At {
			for _, m := range q {
				events[0].do(m, events[0].at)
				m.plan = m.c.Next()
				m.plan.At = max(m.plan.At, events[0].at)
			}
			heap.Init(&q)
			events = events[1:]
			continue
		}
		m := q[0]
		m.round(w, l, max(0, m.plan.At))
		m.plan = m.c.Next()
		heap.Fix(&q, 0)
	}
	return l
}

// round is one round of one terminal.
func (m *member) round(w world, l load, now time.Duration) {
	m.count++
	if m.plan.Depth == Local {
		m.c.Done(m.plan, Outcome{}, now)
		return
	}
	goal := report.StepConnect
	if m.plan.Depth == Full {
		goal = report.StepSignOn
	}
	up := float64(now) / 1e6
	r := report.Report{ObservedAt: time.Unix(0, 0).Add(now), Diagnosis: report.Diagnosis{Verdict: report.VerdictHealthy}}
	r.Evidence.Device.BootID, r.Evidence.Device.UptimeMs = "simulated", &up
	r.Evidence.Site.Endpoints = report.List[report.Endpoint]{{Goal: goal}}
	a := healthyRound[m.plan.Depth]
	f := w.fault(now)
	if f != nil {
		a = f.light
		if m.plan.Depth == Full {
			a = f.full
			if m.plan.FollowUps == Everything {
				a = f.followed
			}
		}
		if m.plan.Depth == Full || !f.deep {
			r.Diagnosis = report.Diagnosis{Verdict: report.VerdictFault, Domain: f.domain, Code: f.code, Wants: f.wants}
		}
	}
	for i, n := range a.opened {
		l.opened[int(now/time.Second)+i] += n
	}
	for i, n := range a.again {
		l.again[int(now/time.Second)+i] += n
	}
	l.echoes[int(now/time.Second)] += a.echoes
	now += a.took
	m.state, _ = incident.Step(m.state, r, incident.Defaults())
	o := outcomeOf(m.plan.Depth, r, m.state.Open)
	o.Connected = f == nil || f.deep
	m.c.Done(m.plan, o, now)
}

// TestFleet: whatever happens to ten thousand terminals at once, the load on the host
// stays below one and a half times the steady one, once the splay has passed. The steady
// one is the mean of the same fleet on a good day.
func TestFleet(t *testing.T) {
	terminals := 10_000
	if testing.Short() {
		terminals = 3000
	}
	faults := savedFaults(t)
	for what, f := range faults { // one of the questions may find nobody to ask
		if more := f.followed.sum() - f.full.sum(); (more > cost(f.wants) || more < cost(f.wants)-2) && what != "provider" {
			t.Errorf("%s: follow-ups brought %d to the acquirer, and were expected to bring %d", what, more, cost(f.wants))
		}
	}
	good := simulate(world{length: 3 * time.Hour, fault: func(time.Duration) *fault { return nil }}, terminals, 1)
	steady := good.mean(3600, 3*3600)
	want := float64(terminals) * (1/defaults.Light.Seconds() + 1/defaults.Full.Seconds())
	if steady < 0.97*want || steady > 1.03*want {
		t.Errorf("steadily %.1f arrive a second, expected about %.1f", steady, want)
	}
	var all []result
	for _, w := range worlds(faults) {
		l := simulate(w, terminals, 1)
		r := result{world: w, load: l, steady: steady, window: 60 * 10_000 / terminals}
		t.Log(r.line())
		if r.peak60() > 1.5 {
			t.Errorf("%s: %.2f times the steady load", w.name, r.peak60())
		}
		all = append(all, r)
	}
	if *fleetDir != "" {
		writeFleet(t, *fleetDir, terminals, all, faults)
	}
}
