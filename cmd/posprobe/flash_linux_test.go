package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"posprobe/cmd/posprobe/daemon"
	"posprobe/probe"
	"posprobe/probe/lab"
	"posprobe/report"
	"posprobe/report/store"
	"posprobe/report/store/disktest"
)

var flashDays = flag.Int("flash-days", 3, "how many healthy days TestFlash lives through")

// flashLimit is how many bytes may reach the disk in a healthy day, journal and all. A
// megabyte is promised; the worst of sixty days is some 700 kB.
const flashLimit = 800_000

// TestFlash lets the daemon live through healthy days at its defaults, keeping what it
// keeps on a real ext4, and counts what reaches the disk. Every few minutes the kernel
// writes down what it has, as it does by itself.
func TestFlash(t *testing.T) {
	dir := disktest.Own(t)
	if dir == "" {
		return
	}
	began := time.Now()
	image, at := filepath.Join(dir, "image"), filepath.Join(dir, "disk")
	disktest.Format(t, image, 64<<20)
	disktest.Mount(t, image, at, "")
	var days []int64
	book := &flashBook{}
	synctest.Test(t, func(t *testing.T) { days = liveFlash(t, at, book) })
	sum, worst := int64(0), int64(0)
	for _, d := range days {
		sum, worst = sum+d, max(worst, d)
	}
	row := fmt.Sprintf("| ext4, blocks of 4 KiB | %d kB | %d kB | %d kB | %d, %d of them at once | %d kB |",
		days[0]/1000, sum/int64(len(days))/1000, worst/1000, book.states, book.atOnce, book.size/1000)
	t.Log(row)
	if worst > flashLimit {
		t.Errorf("%d bytes reached the disk in a day", worst)
	}
	publish(t, "flash", "## Flash\n\n"+lab.Provenance(began, time.Since(began), "make flash")+fmt.Sprintf(`
The whole daemon at its defaults, two endpoints, one of them over TLS, %d healthy days: what reached the block device, journal and inodes included. At most 1 MB a day.

| file system | first day | average | worst day | states in all | size of the last one |
|---|---|---|---|---|---|
%s
`, len(days), row))
}

// flashBook is what the daemon keeps in, and counts its states and the last one's bytes.
type flashBook struct {
	*kept
	states, atOnce, size int
}

func (b *flashBook) State(s daemon.State, now bool) {
	b.kept.State(s, now)
	b.states++
	if now {
		b.atOnce++
	}
	text, _ := json.Marshal(s)
	b.size = len(text)
}

// liveFlash lives through the days, and returns what each of them wrote.
func liveFlash(t *testing.T, at string, book *flashBook) (days []int64) {
	dir := filepath.Join(at, "store")
	s, err := store.Open(dir, store.Options{Patience: diskPatience})
	if err != nil {
		t.Fatal(err)
	}
	book.kept = &kept{store: s, began: time.Now()}
	file := filepath.Join(t.TempDir(), "posprobe.yaml")
	writeFile(t, file, `
terminal: {id: "`+testTerminal+`", merchant: "`+testMerchant+`"}
acquirer:
  zone: Asia/Shanghai
  endpoints: [{address: "203.0.113.20:5500"}]
  sign_on: {protocol: unionpay, tpdu: "6000030000"}
`)
	c, err := checked(file)
	if err != nil {
		t.Fatal(err)
	}
	rounds := healthyRounds(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		daemon.New(app{}.daemonConfig(c), daemon.Doors{
			Round: rounds, Spent: probe.Spent, Keep: book, Rest: func() {}, Random: rand.New(rand.NewPCG(5, 6)).Float64, BootID: "boot",
		}, daemon.State{}).Run(ctx)
	}()
	for range *flashDays {
		before := disktest.Written(t, at)
		for range 24 * 12 {
			time.Sleep(5 * time.Minute)
			disktest.Settle(t, at)
		}
		days = append(days, disktest.Written(t, at)-before)
	}
	cancel()
	<-ended
	if err := s.Close(t.Context()); err != nil {
		t.Error(err)
	}
	kinds := map[store.Kind]int{}
	for _, e := range keptLines(t, dir) {
		kinds[e.Kind]++
	}
	if kinds[store.KindSummary] < 23**flashDays || kinds[store.KindSelf] < *flashDays-1 || book.states < 24**flashDays {
		t.Errorf("these are not the lines of %d days: %v, %d states", *flashDays, kinds, book.states)
	}
	return days
}

// healthyRounds is what the probes of a healthy terminal report: a saved round, with times
// that vary as times do.
func healthyRounds(t *testing.T) func(context.Context, daemon.Look) report.Report {
	text, err := os.ReadFile(filepath.Join("..", "..", "report", "testdata", "lab", "healthy-two_endpoints.json"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := report.Decode(text); err != nil {
		t.Fatal(err)
	}
	began, random := time.Now(), rand.New(rand.NewPCG(7, 8))
	return func(_ context.Context, l daemon.Look) report.Report {
		r, _ := report.Decode(text) // anew: it is changed below
		time.Sleep(400 * time.Millisecond)
		now := time.Now()
		up := 1e6 + float64(now.Sub(began))/1e6
		r.ID, r.ObservedAt, r.Trigger = newID(now), now, l.Trigger
		e := &r.Evidence
		e.Device.BootID, e.Device.UptimeMs, e.Memory = "boot", &up, l.Memory
		if l.Depth == daemon.Local {
			e.Connects, e.TLS, e.SignOns = nil, nil, nil
			for i := range e.Tasks {
				e.Tasks[i].Outcome, e.Tasks[i].Reason = report.OutcomeNotAsked, report.ReasonLocal
			}
			r.Diagnosis = report.Diagnosis{Verdict: report.VerdictInconclusive}
			return r
		}
		if l.Depth == daemon.Light {
			e.TLS, e.SignOns = nil, nil
			for i := range e.Site.Endpoints {
				e.Site.Endpoints[i].Goal = report.StepConnect
			}
		}
		for i := range e.Connects {
			vary(random, &e.Connects[i].ElapsedMs)
			if tcp := e.Connects[i].TCP; tcp != nil {
				vary(random, tcp.RTTMs)
			}
		}
		for i := range e.SignOns {
			vary(random, &e.SignOns[i].ElapsedMs)
		}
		return r
	}
}

func vary(random *rand.Rand, ms *float64) {
	if ms != nil {
		*ms *= 0.5 + random.ExpFloat64()
	}
}
