package daemon

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"posprobe/report"
	"posprobe/report/incident"
)

var update = flag.Bool("update", false, "write testdata anew")

// notebook is a Keeper that writes down what it is told, and when.
type notebook struct {
	began time.Time
	lines []string
}

func (n *notebook) write(format string, args ...any) {
	at := time.Since(n.began).Round(time.Second)
	n.lines = append(n.lines, fmt.Sprintf("%02d:%02d:%02d ", int(at.Hours()), int(at.Minutes())%60, int(at.Seconds())%60)+fmt.Sprintf(format, args...))
}

func (n *notebook) Failure(r report.Report) { n.write("keep %s %s", r.Diagnosis.Code, r.Incident.ID) }
func (n *notebook) Healthy(report.Report)   {}
func (n *notebook) Skipped(why report.Reason) {
	n.write("skipped: %s", why)
}
func (n *notebook) Event(e incident.Event) { n.write("incident %s %s", e.Incident.ID, e.Kind) }
func (n *notebook) State(_ State, now bool) {
	if now {
		n.write("state")
	}
}
func (n *notebook) Self(s Self) { n.write("self-report %d after %d rounds", s.Number, s.Rounds) }
func (n *notebook) Flush()      {}
func (n *notebook) Health() (*report.Failure, int) {
	return nil, 0
}

// condition is how the world is at a moment of the day.
type condition int

const (
	fine condition = iota
	hostDown
	cableOut
	paying
)

// day is a day as the terminal lives it.
type dayOf struct {
	book  *notebook
	at    func(time.Duration) condition
	clock func(time.Duration) time.Time // the wall clock
	count int
	spent int64
}

// round is what a real round would report.
func (d *dayOf) round(ctx context.Context, l Look) report.Report {
	now := time.Since(d.book.began)
	select { // a round takes its time
	case <-time.After(400 * time.Millisecond):
	case <-ctx.Done():
	}
	d.count++
	up := 1e6 + float64(now)/1e6
	r := report.Report{ID: fmt.Sprint("r", d.count), ObservedAt: d.clock(now), Trigger: l.Trigger}
	r.Evidence.Device = report.Device{BootID: "boot", UptimeMs: &up}
	goal := map[Depth]report.Step{Local: report.StepConnect, Light: report.StepConnect, Full: report.StepSignOn}[l.Depth]
	r.Evidence.Site.Endpoints = report.List[report.Endpoint]{{Address: "203.0.113.20:5500", Goal: goal}}
	task := report.Task{ID: "x", Kind: report.TaskExchange, Outcome: report.OutcomeAnswered}
	c := d.at(now)
	switch {
	case l.Depth == Local && c != cableOut:
		task.Outcome = report.OutcomeNotAsked
		r.Diagnosis.Verdict = report.VerdictInconclusive
	case c == paying:
		task.Outcome, task.Reason = report.OutcomeNotAsked, report.ReasonPayment
		r.Diagnosis.Verdict = report.VerdictInconclusive
	case c == hostDown:
		task.Outcome = report.OutcomeFailed
		r.Diagnosis = report.Diagnosis{Verdict: report.VerdictFault, Domain: report.DomainHost, Code: "host.refused"}
	case c == cableOut:
		task.Outcome = report.OutcomeFailed
		r.Diagnosis = report.Diagnosis{Verdict: report.VerdictFault, Domain: report.DomainNetwork, Code: "network.local.no_carrier"}
	default:
		r.Diagnosis.Verdict = report.VerdictHealthy
	}
	r.Evidence.Tasks = report.List[report.Task]{task}
	words := []string{"local", "light", "full"}[l.Depth]
	if l.FollowUps {
		words += " with follow-ups"
	}
	d.book.write("%s round (%s) %s", words, l.Trigger, r.Diagnosis.Verdict)
	d.spent += price(l.Depth)
	return r
}

// price is what a round costs in these tests.
func price(d Depth) int64 { return []int64{0, 500, 1100}[d] }

// live lets a daemon live through a day and returns what it did.
func live(t *testing.T, length time.Duration, bytes int64, at func(time.Duration) condition, wall func(time.Duration) time.Time, links []time.Duration) []string {
	var lines []string
	synctest.Test(t, func(t *testing.T) {
		book := &notebook{began: time.Now()}
		d := &dayOf{book: book, at: at, clock: wall}
		if wall == nil {
			d.clock = func(now time.Duration) time.Time { return book.began.Add(now) }
		}
		changes := make(chan struct{}, 1)
		for _, when := range links {
			time.AfterFunc(when, func() { changes <- struct{}{} })
		}
		random := rand.New(rand.NewPCG(1, 1))
		daemon := New(
			Config{Schedule: defaults, Limits: incident.Defaults(), BytesPerDay: bytes, Price: price, Zone: time.UTC},
			Doors{
				Round: d.round, Spent: func(e report.Evidence) int64 {
					spent := d.spent
					d.spent = 0
					return spent
				},
				Keep: book, Links: changes, Rest: func() {}, Random: random.Float64, BootID: "boot",
			}, State{})
		ctx, cancel := context.WithTimeout(t.Context(), length)
		defer cancel()
		daemon.Run(ctx)
		lines = book.lines
	})
	return lines
}

// TestDay: the exact list of rounds, incidents and writes of a day in which the host is
// down from 9 to 9:20, the cable is out from 12:00 to 12:30, a payment runs at 15:00 for
// two minutes, the wall clock jumps twice, and links flap.
func TestDay(t *testing.T) {
	between := func(now, from, until time.Duration) bool { return now >= from && now < until }
	at := func(now time.Duration) condition {
		switch {
		case between(now, 9*time.Hour, 9*time.Hour+20*time.Minute):
			return hostDown
		case between(now, 12*time.Hour, 12*time.Hour+30*time.Minute):
			return cableOut
		case between(now, 15*time.Hour, 15*time.Hour+8*time.Minute):
			return paying
		}
		return fine
	}
	wall := func(now time.Duration) time.Time {
		t := time.Unix(0, 0).UTC().Add(now) // 1970 until the clock is set
		if now > time.Hour {
			t = t.AddDate(56, 10, 0)
		}
		if now > 20*time.Hour {
			t = t.Add(-40 * time.Minute)
		}
		return t
	}
	links := []time.Duration{12 * time.Hour, 12*time.Hour + time.Second, 12*time.Hour + 30*time.Minute}
	for i := range 20 { // a cable that is being wiggled
		links = append(links, 18*time.Hour+time.Duration(i)*500*time.Millisecond)
	}
	lines := live(t, 25*time.Hour, 5_000_000, at, wall, links)
	compare(t, "testdata/day.txt", lines)
}

// TestExhausted: a budget for half a day is not exceeded, and what it cost is told.
func TestExhausted(t *testing.T) {
	const limit = 100_000
	spent, skipped, local := int64(0), 0, 0
	lines := live(t, 24*time.Hour, limit, func(time.Duration) condition { return fine }, nil, nil)
	for _, l := range lines {
		switch {
		case strings.Contains(l, "light round"):
			spent += price(Light)
		case strings.Contains(l, "full round"):
			spent += price(Full)
		case strings.Contains(l, "skipped: budget"):
			skipped++
		case strings.Contains(l, "local round"):
			local++
		}
	}
	if spent > limit || spent < limit-price(Full) {
		t.Errorf("%d bytes of %d were moved", spent, limit)
	}
	if skipped == 0 || local < skipped-10 {
		t.Errorf("%d rounds were skipped, %d looked at the device alone", skipped, local)
	}
}

// TestStops: an end comes within two seconds of virtual time, whatever runs.
func TestStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book := &notebook{began: time.Now()}
		stuck := func(ctx context.Context, l Look) report.Report {
			time.Sleep(time.Hour)
			return report.Report{}
		}
		daemon := New(Config{Schedule: defaults, Limits: incident.Defaults(), BytesPerDay: 1e6, Price: price, Zone: time.UTC},
			Doors{Round: stuck, Spent: func(report.Evidence) int64 { return 0 }, Keep: book, Rest: func() {}, Random: func() float64 { return 0.5 }}, State{})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Minute, cancel)
		began := time.Now()
		daemon.Run(ctx)
		if took := time.Since(began) - 10*time.Minute; took > 2*time.Second {
			t.Errorf("the end took %v", took)
		}
		if last := book.lines[len(book.lines)-1]; !strings.HasSuffix(last, "state") {
			t.Errorf("the last thing done was %q", last)
		}
		time.Sleep(2 * time.Hour) // lets the stuck round end, so that nothing is left
	})
}

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
