package store

import (
	"cmp"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"posprobe/report/store/disktest"
)

var powercuts = flag.Int("powercuts", 10, "how often TestPowerCuts cuts the power")

// powerRun is a series of power cuts and what came of it.
type powerRun struct {
	dir     string
	options string // of the mount
	keep    int64
	noSync  bool

	rounds, acked, lost, torn, dropped int
	ackedAgo                           map[int]bool // all numbers that were ever acknowledged
	state                              int          // the newest of them that came with a state
}

// TestPowerCuts cuts the power of a disk while a process stores reports, looks at a copy
// of the disk, and goes on with that. What was acknowledged is there, or was dropped as
// the oldest for its age; opening the store never fails.
func TestPowerCuts(t *testing.T) {
	dir := disktest.Own(t)
	if dir == "" {
		return
	}
	began := time.Now()
	random := rand.New(rand.NewPCG(3, 4))
	runs := []*powerRun{
		{options: "", keep: 12_000_000},
		{options: "data=writeback", keep: minKeep},
		{options: "nodelalloc", keep: minKeep},
		{options: "data=journal", keep: 12_000_000},
	}
	var rows []string
	for i, p := range runs {
		p.dir = filepath.Join(dir, fmt.Sprint("run", i))
		p.prepare(t)
		for range (*powercuts + len(runs) - 1 - i) / len(runs) {
			p.round(t, random)
		}
		rows = append(rows, p.row())
		t.Log(p.row())
		if p.lost > 0 {
			t.Errorf("%d acknowledged reports lost", p.lost)
		}
		if p.acked < p.rounds {
			t.Errorf("only %d reports in %d rounds", p.acked, p.rounds)
		}
	}
	// The same without fsync must lose what was acknowledged, or the above proves nothing.
	control := &powerRun{dir: filepath.Join(dir, "control"), keep: 12_000_000, noSync: true}
	control.prepare(t)
	for range max(3, *powercuts/10) {
		control.round(t, random)
	}
	t.Log(control.row())
	if control.lost == 0 {
		t.Error("without fsync nothing was lost: this machine cuts no power")
	}
	publish(t, "power", "Power cuts of the store", `A process stores reports of 1.5 to 10 kB and states as fast as the disk takes them. Power is cut at any moment (ext4 shut down without its journal's memory), and it goes on with what a copy of the disk holds. The last row is the control: the same without fsync.

| mount | | cuts | acknowledged | lost | dropped for space, in their turn | lines left unfinished, cut off |
|---|---|---|---|---|---|---|
`+strings.Join(append(rows, control.row()), "\n"), began)
}

func (p *powerRun) row() string {
	sync := "fsync"
	if p.noSync {
		sync = "**no fsync** (control)"
	}
	return fmt.Sprintf("| ext4 %s | %s | %d | %d | **%d** | %d | %d |",
		cmp.Or(p.options, "defaults"), sync, p.rounds, p.acked, p.lost, p.dropped, p.torn)
}

func (p *powerRun) image() string { return filepath.Join(p.dir, "image") }

func (p *powerRun) prepare(t *testing.T) {
	t.Helper()
	p.ackedAgo = map[int]bool{}
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	disktest.Format(t, p.image(), 32<<20)
}

// round is one power cut.
func (p *powerRun) round(t *testing.T, random *rand.Rand) {
	t.Helper()
	before, after := filepath.Join(p.dir, "before"), filepath.Join(p.dir, "after")
	disktest.Mount(t, p.image(), before, p.options)
	from := 0
	for n := range p.ackedAgo {
		from = max(from, n+1)
	}
	from += 1000 // whatever was not acknowledged has another number
	var last atomic.Int64
	last.Store(-1)
	cmd, done, err := startWriter(t.Context(), orders{Dir: filepath.Join(before, "store"), From: from, Keep: p.keep, NoSync: p.noSync, Pattern: p.rounds},
		func(n int) { last.Store(int64(n)) })
	if err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the first acknowledgement", func() bool { return last.Load() >= 0 })
	time.Sleep(time.Duration(random.IntN(250)) * time.Millisecond)
	upTo := int(last.Load()) // before the cut: later ones may be lies
	disktest.Cut(t, before)
	cmd.Process.Kill()
	<-done
	cmd.Wait()
	disktest.Unmount(t, before) // first, as the kernel may still be moving what the journal holds to its place
	disktest.Renew(t, p.image())
	for n := from; n <= upTo; n++ {
		p.ackedAgo[n] = true
		if n%statesEvery == 0 {
			p.state = n
		}
	}
	p.rounds++
	p.acked += upTo - from + 1
	disktest.Mount(t, p.image(), after, p.options)
	p.verify(t, filepath.Join(after, "store"), upTo)
	disktest.Unmount(t, after)
}

// verify opens what the power cut left.
func (p *powerRun) verify(t *testing.T, dir string, newest int) {
	t.Helper()
	s, err := Open(dir, Options{Keep: p.keep, Patience: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if h := s.Health(); h.Failure != nil || h.GarbageLines > 0 || !p.noSync && (len(h.Streams) == 0 || h.Streams[0].Stream != Failures) {
		t.Errorf("after cut %d: %+v", p.rounds, h)
	}
	here, oldest := map[int]bool{}, math.MaxInt
	for _, e := range readAll(t, dir, Failures) {
		var n int
		if _, err := fmt.Sscanf(e.ID, "R%d", &n); err != nil {
			t.Errorf("%q", e.ID)
		}
		here[n] = true
		oldest = min(oldest, n)
	}
	for n := range p.ackedAgo {
		switch {
		case here[n]:
		case n < oldest && n < newest && len(here) > 0: // dropped in its turn
			p.dropped++
			delete(p.ackedAgo, n)
		default:
			p.lost++
			delete(p.ackedAgo, n) // counted once
		}
	}
	// The store itself numbers what it dropped.
	if p.dropped > 0 && int64(p.dropped) > s.Health().Streams[0].FirstLine {
		t.Errorf("after cut %d: %d are not there, and fewer were dropped: %+v", p.rounds, p.dropped, s.Health().Streams)
	}
	var n int
	if _, err := s.State("n", &n); err != nil || n < p.state && !p.noSync {
		t.Errorf("after cut %d: the state is of %d, not %d: %v", p.rounds, n, p.state, err)
	}
	p.torn += int(s.Health().TornLines)
	if err := s.Append(t.Context(), line(t, healthy("AFTER"))); err != nil {
		t.Error(err)
	}
	mustClose(t, s)
}
