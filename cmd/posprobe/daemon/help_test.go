package daemon

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"posprobe/report"
	"posprobe/report/incident"
)

var update = flag.Bool("update", false, "write testdata anew")

// defaults are the configuration's.
var defaults = Schedule{Light: 5 * time.Minute, Full: 15 * time.Minute, Jitter: 0.2, Splay: 5 * time.Minute}

// price is what a round costs in these tests.
func price(d Depth) int64 { return []int64{0, 500, 1100}[d] }

// usual is the configuration of these tests.
func usual() Config {
	return Config{Schedule: defaults, Limits: incident.Defaults(), BytesPerDay: 5_000_000, Price: price, Zone: time.UTC}
}

// condition is how the world is at a moment.
type condition int

const (
	fine condition = iota
	hostRefuses
	hostHangs
	providerDown
	cableOut
	badClock
	paying
	paused
	undialled
)

// asked is one round that went past the gateway.
type asked struct {
	at   time.Duration
	look Look
}

// terminal is a device in a world of its own, in virtual time. It lives through several
// runs of the daemon; what one leaves on the disk is all that the next one knows.
type terminal struct {
	mu      sync.Mutex // the round, the daemon's loop and the test's timers write things down
	began   time.Time
	random  *rand.Rand
	config  Config
	at      func(time.Duration) condition
	wall    func(time.Duration) time.Time // the wall clock; nil: right
	vouched func(time.Duration) bool      // whether the kernel vouches for it; nil: never
	links   chan struct{}
	reloads chan Config
	replay  func(Look, time.Duration) report.Report // what rounds see; nil: what at says
	hear    func(incident.Event)                    // hears of incidents; may be nil
	looking func(Look)                              // hears of rounds that begin; may be nil
	bad     func()                                  // hears of whole reports that are kept; may be nil
	cut     func()                                  // cuts the power

	boot   int
	booted time.Duration
	disk   []byte // the state as JSON
	late   []byte // the state that waits for the disk, and since when
	since  time.Duration
	off    bool // the power is cut: nothing is written any more

	lines  []string
	quiet  []string // healthy rounds not yet written down
	asked  []asked
	looks  int // local rounds
	count  int
	spent  int64
	moved  int64
	failed int // whole reports kept
	states int // written at once
	selfs  []Self
}

// newTerminal must be called within a bubble of synctest.
func newTerminal(at func(time.Duration) condition) *terminal {
	if at == nil {
		at = func(time.Duration) condition { return fine }
	}
	return &terminal{began: time.Now(), random: rand.New(rand.NewPCG(1, 1)), config: usual(), at: at,
		links: make(chan struct{}, 1), reloads: make(chan Config, 1), boot: 1}
}

func (x *terminal) now() time.Duration { return time.Since(x.began) }

func (x *terminal) clock(now time.Duration) time.Time {
	if x.wall == nil {
		return x.began.Add(now)
	}
	return x.wall(now)
}

// run lets a daemon run for a time and stops it, in order or by cutting the power.
func (x *terminal) run(t *testing.T, length time.Duration, cut bool) *Daemon {
	t.Helper()
	var s State
	if x.disk != nil {
		if err := json.Unmarshal(x.disk, &s); err != nil {
			t.Fatal(err)
		}
	}
	d := New(x.config, Doors{
		Round: x.round, Spent: x.Spent,
		Keep: x, Links: x.links, Reload: x.reloads, Rest: func() {}, Random: x.random.Float64,
		BootID: fmt.Sprint("boot", x.boot), Wall: func() time.Time { return x.clock(x.now()) },
	}, s)
	ctx, cancel := context.WithCancel(t.Context())
	end := func(cut bool) {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.off = cut
		cancel()
	}
	defer time.AfterFunc(length, func() { end(cut) }).Stop()
	x.cut = func() { end(true) }
	d.Run(ctx)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.off, x.late = false, nil
	return d
}

// reboot starts the system anew after a time without power.
func (x *terminal) reboot(off time.Duration) {
	time.Sleep(off)
	x.boot++
	x.booted = x.now()
}

// round is what a real round would report.
func (x *terminal) round(ctx context.Context, l Look) report.Report {
	now := x.now()
	if x.looking != nil {
		x.looking(l)
	}
	select { // a round takes its time
	case <-time.After(400 * time.Millisecond):
	case <-ctx.Done():
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.count++
	r := x.report(l, now)
	x.spent += price(l.Depth)
	x.moved += price(l.Depth)
	words := [...]string{"local", "light", "full"}[l.Depth]
	if l.FollowUps {
		words += [...]string{"", " with follow-ups elsewhere", " with follow-ups"}[l.Questions]
	}
	if l.Depth == Local {
		x.looks++
	} else {
		x.asked = append(x.asked, asked{now, l})
	}
	if r.Diagnosis.Verdict == report.VerdictHealthy && l.Trigger == report.TriggerSchedule && !l.FollowUps {
		x.quiet = append(x.quiet, clockOf(now)+" "+words)
		return r
	}
	x.writeAt(now, "%s round (%s): %s", words, l.Trigger, strings.TrimSpace(string(r.Diagnosis.Verdict)+" "+string(r.Diagnosis.Code)))
	return r
}

func (x *terminal) report(l Look, now time.Duration) report.Report {
	if x.replay != nil {
		return x.replay(l, now)
	}
	c := x.at(now)
	up := inMs(now - x.booted)
	vouched := x.vouched != nil && x.vouched(now)
	r := report.Report{ID: fmt.Sprint("r", x.count), ObservedAt: x.clock(now), Trigger: l.Trigger}
	r.Evidence.Device = report.Device{BootID: fmt.Sprint("boot", x.boot), UptimeMs: &up}
	r.Evidence.Clocks = report.List[report.Clock]{{Source: report.ClockKernel, Wall: x.clock(now), Synchronized: &vouched}}
	goal := map[Depth]report.Step{Local: report.StepConnect, Light: report.StepConnect, Full: report.StepSignOn}[l.Depth]
	r.Evidence.Site.Endpoints = report.List[report.Endpoint]{{Address: "203.0.113.20:5500", Goal: goal}}
	task := report.Task{ID: "x", Kind: report.TaskExchange, Outcome: report.OutcomeFailed}
	fault := func(domain report.Domain, code report.Code) {
		r.Diagnosis = report.Diagnosis{Verdict: report.VerdictFault, Domain: domain, Code: code, Confidence: report.Likely,
			Wants: report.List[report.Question]{report.AskReference, report.AskTrace, report.AskClosedPort}}
		if l.FollowUps {
			r.Evidence.Tasks = append(r.Evidence.Tasks, report.Task{ID: "y", Kind: report.TaskReference, Outcome: report.OutcomeAnswered})
		}
	}
	nothing := func(why report.Reason) {
		task.Outcome, task.Reason = report.OutcomeNotAsked, why
		r.Diagnosis.Verdict = report.VerdictInconclusive
	}
	switch {
	case c == cableOut:
		fault(report.DomainNetwork, "network.local.no_carrier")
	case c == badClock && l.Depth == Full:
		fault(report.DomainDevice, "device.clock.skew")
	case l.Depth == Local:
		nothing(report.ReasonLocal)
	case c == paying:
		nothing(report.ReasonPayment)
	case c == paused:
		nothing(report.ReasonPaused)
	case c == undialled:
		nothing(report.ReasonOnDemand)
	case c == providerDown:
		fault(report.DomainNetwork, "network.access.down")
	case c == hostRefuses:
		fault(report.DomainHost, "host.refused")
	case c == hostHangs && l.Depth == Full:
		fault(report.DomainHost, "host.no_response")
	default:
		task.Outcome = report.OutcomeAnswered
		r.Diagnosis.Verdict = report.VerdictHealthy
	}
	r.Evidence.Tasks = append(r.Evidence.Tasks, task)
	if task.Outcome == report.OutcomeAnswered || c == hostHangs || c == badClock {
		r.Evidence.Connects = report.List[report.Connect]{{Observation: report.Observation{Task: "x"}}}
	}
	return r
}

// compare compares lines with a file, or writes it.
func compare(t *testing.T, file string, lines []string) {
	t.Helper()
	got := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got\n%s", file, got)
	}
}
