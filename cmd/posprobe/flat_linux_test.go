package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"posprobe/probe/lab"
)

var (
	flatFor   = flag.Duration("flat", 0, "let TestFlat watch a daemon for so `long` (30m is meant)")
	flatEvery = flag.Duration("flat-every", 10*time.Second, "how often TestFlat looks at it")
	// appetiteToo: TestAppetite takes three minutes.
	appetiteToo = flag.Bool("appetite", false, "measure what a healthy daemon takes")
	results     = flag.String("results", "", "write figures into this `FILE`, each test its own section")
)

// What the last third of a run may hold more than the first: medians of many samples.
// Memory comes and goes by pages of the collector's own choice.
const (
	flatMemory      = 512 << 10
	flatGoroutines  = 2
	flatDescriptors = 1
)

// TestFlat runs a daemon at up to a round a second while faults come and go every few seconds,
// and fails where it holds more at the end than at the beginning. Without -flat it does
// nothing.
func TestFlat(t *testing.T) {
	if *flatFor <= 0 {
		return
	}
	began := time.Now()
	w := lab.New(t, lab.Options{NAT: 1})
	run, dir, _ := labDaemon(t, w, hasty(t), "")
	acquirer := run.acquirer
	faults := []struct {
		name string
		make func() (repair func())
	}{
		{"host silent", func() func() { acquirer.Pause(); return acquirer.Resume }},
		{"provider cut", w.Cut},
		{"resolver silent", w.SilentResolver},
		{"no carrier", func() func() { w.Carrier(false); return func() { w.Carrier(true) } }},
		{"gateway dead", w.GatewayDead},
		{"reset on data", func() func() { return w.RSTOnData(lab.AcqAddr) }},
		{"replies lost", func() func() { return w.LoseReplies(20) }},
		{"refused with ICMP", func() func() { return w.RejectICMP(lab.ISP, lab.AcqAddr, lab.RejectHostProhib) }},
	}
	watched := watch(t, dir, run.store)
	until(t, "the first rounds", func() bool { s := watched.dir.status(); return s != nil && s.Rounds >= 3 })
	var samples []appetite
	var repair func()
	change := time.Now()
	for n := 0; time.Since(began) < *flatFor; time.Sleep(*flatEvery) {
		switch {
		case repair != nil:
			repair()
			repair, change = nil, time.Now()
		case time.Since(change) > 2**flatEvery:
			repair = faults[n%len(faults)].make()
			n++
		}
		a := watched.look()
		samples = append(samples, a)
		t.Log(a)
	}
	if repair != nil {
		repair()
	}
	table, grew := thirds(samples)
	text := fmt.Sprintf("## Flat over time\n\n%s\nOne daemon, at most a round a second, on a terminal whose host, provider, resolver, cable and gateway fail by turns, each for %v, with %v in between. Of %d samples the first tenth is warm-up; medians of the rest in thirds.\n\n%s",
		lab.Provenance(began, time.Since(began), fmt.Sprintf("go test ./cmd/posprobe -run '^TestFlat$' -flat %v -timeout 0 -results RESULTS.md", *flatFor)),
		*flatEvery, 3**flatEvery, len(samples), table)
	t.Log("\n" + text)
	for _, g := range grew {
		t.Error(g)
	}
	publish(t, "flat", text)
}

// TestAppetite measures what a daemon takes on a healthy terminal: memory after a hundred
// rounds, processor time a round, and how often it wakes between rounds. Without -appetite
// it does nothing.
func TestAppetite(t *testing.T) {
	if !*appetiteToo {
		return
	}
	const (
		rounds = 100
		idle   = 30 * time.Second
		// What is allowed, in bytes, and in wake-ups a second.
		mostResident, mostAnonymous, mostWakes = 12_000_000, 4_000_000, 1
	)
	began := time.Now()
	w := lab.New(t, lab.Options{NAT: 1})
	run, dir, yaml := labDaemon(t, w, hasty(t), "")
	watched := watch(t, dir, run.store)
	reached := func(n int64) {
		for deadline := time.Now().Add(10 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
			if s := watched.dir.status(); s != nil && s.Rounds >= n {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("not %d rounds\n%s", n, run.Output())
			}
		}
	}
	reached(3)
	start := watched.outside()
	reached(rounds)
	time.Sleep(200 * time.Millisecond) // it gives memory back
	end := watched.outside()
	writeFile(t, run.config, strings.Replace(yaml(""), "light: 1m, full: 1m", "light: 24h, full: 24h", 1))
	if err := syscall.Kill(watched.pid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	time.Sleep(5 * time.Second)
	before := watched.outside()
	time.Sleep(idle)
	after := watched.outside()
	if after.rounds != before.rounds {
		t.Fatalf("%d rounds while it should be idle", after.rounds-before.rounds)
	}
	cpu := float64((end.cpu - start.cpu).Microseconds()) / 1000 / float64(end.rounds-start.rounds)
	wakes := float64(after.switches-before.switches) / idle.Seconds()
	text := fmt.Sprintf("## What it takes\n\n%s\n| | measured | to reach |\n|---|---|---|\n| resident (Pss) after %d rounds | %.1f MB | %.0f MB |\n| of that anonymous | %.1f MB | %.0f MB |\n| processor time of a full round (one name, one plain endpoint) | %.1f ms | |\n| wake-ups a second between rounds, all threads | %.2f | %d |\n| descriptors, threads between rounds | %d, %d | |\n",
		lab.Provenance(began, time.Since(began), "go test ./cmd/posprobe -run '^TestAppetite$' -appetite -results RESULTS.md"),
		end.rounds, float64(end.pss)/1e6, mostResident/1e6, float64(end.anonymous)/1e6, mostAnonymous/1e6, cpu, wakes, mostWakes, after.descriptors, after.threads)
	t.Log("\n" + text)
	if wakes > mostWakes {
		t.Errorf("%.2f wake-ups a second", wakes)
	}
	publish(t, "appetite", text)
}

// thirds compares the thirds of a run after its first tenth, and says what grew.
func thirds(samples []appetite) (table string, grew []string) {
	samples = samples[len(samples)/10:]
	if len(samples) < 9 {
		return "", []string{fmt.Sprintf("only %d samples: too short a run says nothing", len(samples))}
	}
	n := len(samples) / 3
	parts := [][]appetite{samples[:n], samples[n : 2*n], samples[2*n:]}
	var b strings.Builder
	b.WriteString("| | first third | second | last | may grow by |\n|---|---|---|---|---|\n")
	row := func(name, unit string, scale, margin int64, of func(appetite) int64) {
		var m [3]int64
		for i, p := range parts {
			m[i] = median(p, of)
		}
		fmt.Fprintf(&b, "| %s | %d%s | %d%s | %d%s | %d%s |\n", name, m[0]/scale, unit, m[1]/scale, unit, m[2]/scale, unit, margin/scale, unit)
		if m[2] > m[0]+margin {
			grew = append(grew, fmt.Sprintf("%s grew from %d to %d%s", name, m[0]/scale, m[2]/scale, unit))
		}
	}
	row("resident (Pss)", " kB", 1024, flatMemory, func(a appetite) int64 { return a.pss })
	row("anonymous", " kB", 1024, flatMemory, func(a appetite) int64 { return a.anonymous })
	row("heap in use", " kB", 1024, flatMemory, func(a appetite) int64 { return a.heap })
	row("goroutines", "", 1, flatGoroutines, func(a appetite) int64 { return int64(a.goroutines) })
	row("descriptors", "", 1, flatDescriptors, func(a appetite) int64 { return int64(a.descriptors) })
	row("threads", "", 1, flatGoroutines, func(a appetite) int64 { return int64(a.threads) })
	first, last := samples[0], samples[len(samples)-1]
	rounds := max(1, last.rounds-first.rounds)
	fmt.Fprintf(&b, "\n%d rounds, %.1f ms of processor time each, failed ones and a look at the state every %v included.\n", last.rounds,
		float64((last.cpu-first.cpu).Microseconds())/1000/float64(rounds), *flatEvery)
	return b.String(), grew
}

func median(list []appetite, of func(appetite) int64) int64 {
	values := make([]int64, len(list))
	for i, a := range list {
		values[i] = of(a)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// labRun is a daemon on the terminal of a laboratory.
type labRun struct {
	*lab.Process
	acquirer      *lab.Acquirer
	config, store string
}

// labDaemon starts a practice acquirer, a resolver, and a daemon on the terminal; it
// returns the daemon's run directory as well.
func labDaemon(t *testing.T, w *lab.World, binary, more string) (run labRun, dir string, yaml func(more string) string) {
	t.Helper()
	const name = "pos.acquirer.example"
	w.Unbound(lab.DNS, lab.ZoneAnswer(name, lab.AcqAddr))
	run.acquirer = w.Acquirer(lab.Acq)
	home := w.Dir()
	dir, run.store, run.config = filepath.Join(home, "run"), filepath.Join(home, "store"), filepath.Join(home, "posprobe.yaml")
	yaml = func(more string) string { return daemonYAML(name+":5500", run.store, more) }
	writeFile(t, run.config, yaml(cmp.Or(more, "network: {references: ["+`"`+lab.RefAddr+`:443"]}`)))
	run.Process = w.Start(lab.Term, "env", "POSPROBE_RUN_DIR="+dir, binary, "run", "--config", run.config)
	return run, dir, yaml
}

// publish writes a section of the file of -results, if there is one.
func publish(t *testing.T, section lab.Section, text string) {
	t.Helper()
	if *results == "" || t.Failed() {
		return
	}
	file, err := os.ReadFile(*results)
	if err != nil {
		file = []byte("# What the running agent takes\n\nWritten by the tests that are named in each section; not by hand.\n")
	}
	if mark := "<!-- " + string(section) + ": begin -->\n"; !strings.Contains(string(file), mark) {
		file = append(file, "\n"+mark+"<!-- "+string(section)+": end -->\n"...)
	}
	whole, err := lab.ReplaceSection(string(file), section, text)
	if err == nil {
		err = os.WriteFile(*results, []byte(whole), 0o644)
	}
	if err != nil {
		t.Error(err)
	}
}
