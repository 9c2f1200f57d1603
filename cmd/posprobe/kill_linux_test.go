package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"posprobe/probe/lab"
	"posprobe/probe/signon/signontest"
	"posprobe/report/store"
)

// killsInPlace is how many short lives TestKilledInPlace ends for each of -kills.
const killsInPlace = 6

// TestKilledInPlace kills the daemon at random moments, within its start too, and starts
// it again where it was: it starts each time, nobody holds its locks, and every line that
// was in the store is still there, or was dropped in its turn as the oldest.
func TestKilledInPlace(t *testing.T) {
	began := time.Now()
	host := acquirer(t, signontest.Options{Behaviour: "code=96"})
	file, dir := daemonSite(t, host.Addr(), "")
	random := rand.New(rand.NewPCG(1, 2))
	runDir := t.TempDir()
	known := map[store.Stream][]string{} // ids in order
	starts, dumps, most := 0, 0, 0
	for range killsInPlace * *kills {
		a := startAgent(t, runDir, nil, hasty(t), "run", "--config", file)
		if random.IntN(4) > 0 { // else it is killed somewhere in its start
			a.until("a status", func() bool { s := a.dir.status(); return s != nil && s.PID == a.cmd.Process.Pid })
			starts++
			seen := ids(t, dir)
			for s, before := range known {
				if lost := missing(before, seen[s]); len(lost) > 0 {
					t.Errorf("after %d starts of %s %q are gone", starts, s, lost)
				}
			}
			known = seen
			most = max(most, len(seen[store.Failures])+len(seen[store.Healthy]))
		}
		for range random.IntN(3) {
			time.Sleep(time.Duration(random.IntN(60)) * time.Millisecond)
			if s := a.dir.status(); s != nil && s.PID == a.cmd.Process.Pid {
				dumps++
				_ = a.cmd.Process.Signal(syscall.SIGUSR1)
			}
		}
		time.Sleep(time.Duration(random.IntN(120)) * time.Millisecond)
		select {
		case <-a.ended:
			t.Fatalf("it ended by itself: %v\n%s", a.cmd.ProcessState, a.said.String())
		default:
		}
		a.kill()
		if said := a.said.String(); strings.Contains(said, "panic") || strings.Contains(said, "cannot be read") {
			t.Errorf("%s", said)
		}
	}
	a := startAgent(t, runDir, nil, hasty(t), "run", "--config", file)
	a.rounds(1)
	a.stop()
	if a.cmd.ProcessState.ExitCode() != 0 {
		t.Errorf("%v\n%s", a.cmd.ProcessState, a.said.String())
	}
	row := fmt.Sprintf("%d kills, %d of them after the start was over; up to %d lines in the store, of which none was lost; the next start never found a lock held.", killsInPlace**kills, starts, most)
	t.Log(row, dumps, "dumps were asked for")
	if most == 0 {
		t.Error("nothing was stored: this proves nothing")
	}
	publish(t, "kills-in-place", "## kill -9 at any moment, its start included\n\n"+
		lab.Provenance(began, time.Since(began), fmt.Sprintf("go test ./cmd/posprobe -run '^TestKilledInPlace$' -kills %d -results RESULTS.md", *kills))+"\n"+row+"\n")
}

// ids are those of all lines that are kept, by stream and in order.
func ids(t *testing.T, dir string) map[store.Stream][]string {
	t.Helper()
	out := map[store.Stream][]string{}
	for _, e := range keptLines(t, dir) {
		out[e.Stream] = append(out[e.Stream], e.ID)
	}
	return out
}

// missing are those of the ids before that are not there any more, the oldest that went in
// their turn left out.
func missing(before, now []string) (lost []string) {
	first := 0
	if len(now) > 0 {
		first = max(0, slices.Index(before, now[0]))
	}
	for _, id := range before[first:] {
		if !slices.Contains(now, id) {
			lost = append(lost, id)
		}
	}
	return lost
}
