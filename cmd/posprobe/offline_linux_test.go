package main

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"posprobe/cmd/posprobe/config"
	"posprobe/cmd/posprobe/daemon"
	"posprobe/probe"
	"posprobe/report"
	"posprobe/report/store"
)

// offlineDays is how long acquirer and receiver are away.
const offlineDays = 3

// offlineFrom is for how long the receiver is there at first.
const offlineFrom = 9 * time.Hour

// offlineFaults are the saved rounds that a terminal sees meanwhile, for some hours each.
var offlineFaults = []string{
	"access-down", "host-refused", "dns-silent", "host-hung_application", "device-no_default_route", "host-system_error",
}

// offline is how a terminal is configured, and what is expected of it.
type offline struct {
	config string // YAML
	drops  bool   // the store is too small for all of it
	// The drain takes at least so long, and at the most.
	atLeast, atMost time.Duration
}

// TestOffline: the whole daemon, its store and its shipping, for three days without
// acquirer and receiver, until everything that was kept has arrived. Time is simulated, the
// disk and the connections are real.
func TestOffline(t *testing.T) {
	for name, o := range map[string]offline{
		"1 MB": {"reports: {keep: 1MB}", true, time.Second, time.Hour},
		// So little takes rare rounds: half of it is for them alone, and what they use of the
		// other half is missing for shipping.
		"16 MB, 100 kB a day": {"reports: {keep: 16MB}\nschedule: {data_per_day: 100kB, light: 6h, full: 6h}", false, 24 * time.Hour, 6 * 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to := newAbsent(t) // its goroutines live in real time
			dir := filepath.Join(t.TempDir(), "store")
			synctest.Test(t, func(t *testing.T) { liveOffline(t, dir, to, o) })
		})
	}
}

func liveOffline(t *testing.T, dir string, to *absent, o offline) {
	began := time.Now()
	to.there(t, true)
	x := startOffline(t, dir, to, o)
	defer x.stop()
	time.Sleep(offlineFrom) // failures are shipped, and from then on it is known what was
	to.there(t, false)
	sent := x.shipping().Sent
	time.Sleep(offlineDays*24*time.Hour - offlineFrom)

	before, health := keptLines(t, dir), x.running.store.Health()
	days := map[int]int{}
	for _, e := range before {
		if e.Stream == store.Failures && e.Kind == "" {
			days[int(e.At.Sub(began).Hours()/24)]++
		}
	}
	dropped, unread := int64(0), int64(0)
	for _, s := range health.Streams {
		if s.Stream == store.Failures || s.Stream == store.Healthy {
			at := positionOf(x.running.shipping.keeper.Cursor(x.shipping().Destination, string(s.Stream)))
			dropped, unread = dropped+s.FirstLine, unread+max(0, s.FirstLine-at.Line)
		}
	}
	if n := health.Dropped; n.Lines != dropped || (n.Lines > 0) != o.drops {
		t.Errorf("%d lines were dropped, %d reports of them, by the streams' numbers %d", n.Lines, n.Reports, dropped)
	}
	if days[offlineDays-1] == 0 || !o.drops && len(days) != offlineDays {
		t.Errorf("failures by day: %v", days)
	}
	if s := x.shipping(); s.Trouble == nil || s.Sent != sent || sent == 0 || s.Missed != 0 {
		t.Errorf("%d were shipped at first, and %+v to nobody", sent, s)
	}

	to.there(t, true)
	back := time.Now()
	x.back.Store(true)
	for to.lacks(before) > 0 && time.Since(back) < o.atMost {
		time.Sleep(min(time.Minute, o.atLeast))
	}
	took := time.Since(back)
	status := x.shown()
	for limit := 24 * time.Hour; status.UpdatedAt.Before(back.Add(took)) && limit > 0; limit -= time.Minute {
		time.Sleep(time.Minute) // until a round shows how it went
		status = x.shown()
	}
	if n := to.lacks(before); n > 0 || took < o.atLeast {
		t.Errorf("after %v %d of %d lines are missing: %+v", took, n, len(before), status.Shipping)
	}
	if s := status.Shipping[0]; s.Missed != unread || (unread > 0) != o.drops {
		t.Errorf("%d lines are missed, and %d were dropped unread, of %d", s.Missed, unread, dropped)
	}
	text := strings.Join(statusLines(status, "", report.EN), "\n")
	if strings.Contains(text, "dropped before they could be sent") != o.drops {
		t.Errorf("the status says\n%s", text)
	}
	if twice := to.failuresFirst(t, before); twice > 0 {
		t.Logf("%d lines arrived more than once", twice)
	}
	x.spent.check(t, to.wire.Load(), int64(x.running.config.Schedule.DataPerDay))
	t.Logf("failures by day %v, %d lines dropped, %d kept, all there in %v for %d bytes", days, dropped, len(before), took, x.spent.shipped())
}

// offlineTerminal is a terminal that lives in a bubble.
type offlineTerminal struct {
	running *running
	back    *atomic.Bool
	spent   *ledger
	stop    func()
}

// shown is the status as it was published last.
func (x *offlineTerminal) shown() *shown { return x.running.dir.status() }

// shipping is how the only destination fares now.
func (x *offlineTerminal) shipping() shipStatus { return x.running.shipping.status()[0] }

// startOffline starts the daemon as runDaemon does, with rounds that are saved ones.
func startOffline(t *testing.T, dir string, to *absent, o offline) *offlineTerminal {
	c := offlineConfig(t, to, o)
	s, err := store.Open(dir, store.Options{Keep: int64(c.Reports.Keep), Patience: diskPatience})
	if err != nil {
		t.Fatal(err)
	}
	own := t.TempDir()
	x := &offlineTerminal{back: &atomic.Bool{}, spent: &ledger{shipBudget: &shipBudget{held: func() bool { return false }}}}
	x.running = &running{dir: directories{own, own}, store: s, config: c, spends: x.spent.shipBudget}
	x.running.shipping = newShipping(s, dir, x.spent, func(string) {})
	if err := x.running.shipping.configure(c); err != nil {
		t.Fatal(err)
	}
	settings := app{}.daemonConfig(c)
	rounds := offlineRounds(t, x.back)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var allowed int64
		daemon.New(settings, daemon.Doors{
			Round: func(ctx context.Context, l daemon.Look) report.Report {
				allowed = settings.Price(l.Depth) + l.FollowUpBytes
				return rounds(ctx, l)
			},
			// The saved rounds were allowed to ask what they liked.
			Spent: func(e report.Evidence) int64 { return x.spent.round(min(allowed, probe.Spent(e))) },
			Keep:  &kept{store: s, began: time.Now(), stored: x.running.shipping.stored},
			Show:  x.running.show, Shipping: x.spent, Rest: func() {}, Random: rand.New(rand.NewPCG(5, 6)).Float64, BootID: "boot",
		}, daemon.State{}).Run(ctx)
	}()
	x.stop = func() {
		cancel()
		<-ended
		x.running.shipping.stop()
		closeStore(s)
	}
	return x
}

func offlineConfig(t *testing.T, to *absent, o offline) *config.Config {
	file := filepath.Join(t.TempDir(), "posprobe.yaml")
	writeFile(t, file, `
terminal: {id: "`+testTerminal+`", merchant: "`+testMerchant+`"}
acquirer:
  zone: Asia/Shanghai
  endpoints: [{address: "203.0.113.20:5500"}]
  sign_on: {protocol: unionpay, tpdu: "6000030000"}
ship: [{to: "http://`+to.address+`/posprobe", batch: 10kB}] # each attempt reads one
`+o.config+"\n")
	c, err := checked(file)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// offlineRounds are rounds that fail in one way after another, until all is well.
func offlineRounds(t *testing.T, back *atomic.Bool) func(context.Context, daemon.Look) report.Report {
	healthy, began := healthyRounds(t), time.Now()
	var faults [][]byte
	for _, name := range offlineFaults {
		text, err := os.ReadFile(filepath.Join("..", "..", "report", "testdata", "lab", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		faults = append(faults, text)
	}
	return func(ctx context.Context, l daemon.Look) report.Report {
		good := healthy(ctx, l)
		if back.Load() || l.Depth == daemon.Local {
			return good
		}
		time.Sleep(10 * time.Second)
		r, err := report.Decode(faults[int(time.Since(began).Hours()/5)%len(faults)])
		if err != nil {
			t.Error(err)
		}
		r.ID, r.ObservedAt, r.Trigger = good.ID, time.Now(), l.Trigger
		r.Evidence.Device, r.Evidence.Memory = good.Evidence.Device, l.Memory
		return r
	}
}
