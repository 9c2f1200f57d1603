package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"posprobe/probe/lab"
	"posprobe/probe/signon/signontest"
	"posprobe/report"
	"posprobe/report/store"
	"posprobe/report/store/disktest"
)

var (
	powercuts = flag.Int("powercuts", 2, "how often TestAgentPowerCuts cuts the power")
	kills     = flag.Int("kills", 2, "how often TestAgentKills kills the daemon")
)

// livesOfStore is how many lives of a daemon one store sees before the next one begins, with
// an incident of its own. The first life waits for up to maxReports of it; afterwards
// rounds, and those that are kept, become rare, as they must.
const livesOfStore, maxReports = 3, 2

// lives are those of daemons on one terminal, each ended at any moment, and what of the
// reports that they had on disk was not there afterwards.
type lives struct {
	host   *signontest.Server
	random *rand.Rand
	config string // the file
	store  string

	ended, kept, lost int
	safe              map[string]bool // ids of reports that are to outlive it
}

func newLives(t *testing.T, dir, store string) *lives {
	l := &lives{host: acquirer(t, signontest.Options{}), random: rand.New(rand.NewPCG(7, 8)), store: store,
		config: filepath.Join(dir, "posprobe.yaml"), safe: map[string]bool{}}
	writeFile(t, l.config, strings.Replace(daemonYAML(l.host.Addr(), store, ""), "keep: 1MB", "keep: 16MB", 1))
	return l
}

// live starts a daemon, which must find what earlier ones kept, has the host fail, in the
// first life of a store until there are reports of it, and returns at any moment after that.
func (l *lives) live(t *testing.T) *agent {
	t.Helper()
	faults := []string{"close", "reset", "reset-early", "cut", "code=91", "code=96"}
	if err := l.host.SetBehaviour(faults[l.random.IntN(len(faults))]); err != nil {
		t.Fatal(err)
	}
	a := startAgent(t, "", nil, hasty(t), "run", "--config", l.config)
	a.until("a start", func() bool { return a.dir.status() != nil })
	l.look(t, a)
	if len(l.safe) == 0 {
		enough, last := 1+l.random.IntN(maxReports), ""
		a.until("reports of failures", func() bool {
			if s := a.dir.status(); s != nil && s.Last != nil && s.Last.ID != last {
				last = s.Last.ID
				l.add(t, a)
			}
			return len(l.safe) >= enough
		})
	}
	time.Sleep(time.Duration(l.random.IntN(800)) * time.Millisecond)
	l.add(t, a)
	return a
}

// add takes up the reports that the daemon has put on disk: those of rounds that it is
// done with. One that is being written can be read already, and may go.
func (l *lives) add(t *testing.T, a *agent) {
	t.Helper()
	s := a.dir.status()
	if s == nil || s.Last == nil || s.Disk != nil {
		return
	}
	for _, id := range l.list(t, a) {
		if id <= s.Last.ID && !l.safe[id] {
			l.safe[id] = true
			l.kept++
		}
	}
}

// list returns the ids of failed rounds and of incidents' events, as support sees them.
func (l *lives) list(t *testing.T, a *agent) (ids []string) {
	t.Helper()
	if _, err := os.Stat(l.store); err != nil {
		return nil
	}
	o := a.ask("report", "list", "--format", "json", "--number", "100000", "--dir", l.store)
	if o.exit != 0 {
		t.Fatalf("report list: %+v", o)
	}
	for line := range strings.Lines(o.stdout) {
		var e struct {
			Kind      store.Kind
			ID        string
			Diagnosis report.Diagnosis
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if e.Kind == store.KindIncident || e.Kind == "" && e.Diagnosis.Verdict != report.VerdictHealthy {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// look counts what is not there any more.
func (l *lives) look(t *testing.T, a *agent) {
	t.Helper()
	here := map[string]bool{}
	for _, id := range l.list(t, a) {
		here[id] = true
	}
	for id := range l.safe {
		if !here[id] {
			l.lost++
			delete(l.safe, id)
		}
	}
	if said := a.said.String(); said != "" {
		t.Errorf("after %d ends the daemon says %s", l.ended, said)
	}
}

// finish looks for the last time, with a daemon that is stopped in order.
func (l *lives) finish(t *testing.T) {
	t.Helper()
	if err := l.host.SetBehaviour("good"); err != nil {
		t.Fatal(err)
	}
	a := startAgent(t, "", nil, hasty(t), "run", "--config", l.config)
	a.rounds(1)
	l.look(t, a)
	a.stop()
	l.look(t, a)
	if code := a.cmd.ProcessState.ExitCode(); code != exitHealthy {
		t.Errorf("status %d\n%s", code, a.said.String())
	}
	clear(l.safe)
}

func (l *lives) row(what string) string {
	return fmt.Sprintf("| %s | %d | %d | **%d** |", what, l.ended, l.kept, l.lost)
}

// TestAgentPowerCuts runs the daemon as it is released, but for a fast schedule, with its
// store on a real disk, against a host that fails, and cuts the power: the next one starts
// and finds every report that was on disk.
func TestAgentPowerCuts(t *testing.T) {
	t.Parallel()
	dir := disktest.Own(t)
	if dir == "" {
		return
	}
	began := time.Now()
	image, at := filepath.Join(dir, "image"), filepath.Join(dir, "disk")
	l := newLives(t, dir, filepath.Join(at, "store"))
	for n := range *powercuts {
		if n%livesOfStore == 0 {
			disktest.Format(t, image, 32<<20)
		}
		disktest.Mount(t, image, at, "")
		a := l.live(t)
		disktest.Cut(t, at)
		a.kill()
		l.ended++
		disktest.Unmount(t, at)
		disktest.Renew(t, image)
		if n%livesOfStore == livesOfStore-1 || n == *powercuts-1 {
			disktest.Mount(t, image, at, "")
			l.finish(t)
			disktest.Unmount(t, at)
		}
	}
	l.tell(t, began, "agent-power", "Power cuts of the whole agent", "power cuts, ext4")
}

// TestAgentKills is the same without a disk of its own: the process is killed.
func TestAgentKills(t *testing.T) {
	t.Parallel()
	began := time.Now()
	dir := t.TempDir()
	l := newLives(t, dir, filepath.Join(dir, "store"))
	for n := range *kills {
		if n%livesOfStore == 0 {
			if err := os.RemoveAll(l.store); err != nil {
				t.Fatal(err)
			}
		}
		l.live(t).kill()
		l.ended++
		if n%livesOfStore == livesOfStore-1 || n == *kills-1 {
			l.finish(t)
		}
	}
	l.tell(t, began, "agent-kills", "kill -9 of the whole agent", "kill -9")
}

// tell says how it ended.
func (l *lives) tell(t *testing.T, began time.Time, section lab.Section, title, what string) {
	t.Helper()
	row := l.row(what)
	t.Log(row)
	if l.lost > 0 {
		t.Errorf("%d reports lost", l.lost)
	}
	if l.kept*livesOfStore < l.ended {
		t.Errorf("only %d reports in %d lives", l.kept, l.ended)
	}
	publish(t, section, "## "+title+"\n\n"+lab.Provenance(began, time.Since(began), "make powercuts")+
		"\nThe released program but for a schedule sixty times as fast, against a host that fails in several ways; ended at any moment, and started again each time.\n\n"+
		"| end | times | reports on disk before | lost |\n|---|---|---|---|\n"+row+"\n")
}

// TestAgentFullDisk: on a disk without room the daemon starts, looks, and says what is
// wrong; what it saw meanwhile is stored once there is room.
func TestAgentFullDisk(t *testing.T) {
	t.Parallel()
	dir := disktest.Own(t)
	if dir == "" {
		return
	}
	image, at := filepath.Join(dir, "image"), filepath.Join(dir, "disk")
	disktest.Format(t, image, 1<<20, "-b", "1024", "-O", "^has_journal")
	disktest.Mount(t, image, at, "")
	ballast := disktest.Fill(t, at)
	l := newLives(t, dir, filepath.Join(at, "store"))
	if err := l.host.SetBehaviour("close"); err != nil {
		t.Fatal(err)
	}
	a := startAgent(t, "", nil, hasty(t), "run", "--config", l.config)
	var bad string
	a.until("a bad round, and what is wrong with the disk", func() bool {
		s := a.dir.status()
		if s == nil || s.Disk == nil || s.Waiting == 0 || s.Last == nil || s.Rounds < 3 {
			return false
		}
		bad = s.Last.ID
		return true
	})
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	a.until("what waited to be on disk", func() bool { return slices.Contains(l.list(t, a), bad) })
	a.stop()
}
