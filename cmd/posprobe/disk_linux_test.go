package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"posprobe/probe/signon/signontest"
	"posprobe/report/store"
	"posprobe/report/store/disktest"
)

// TestDaemonAndDisk breaks the disk under a daemon whose host fails: it goes on looking,
// says what is wrong, keeps the newest failures in memory and writes them when the disk
// comes back.
func TestDaemonAndDisk(t *testing.T) {
	dir := disktest.Own(t)
	if dir == "" {
		return
	}
	for _, c := range []struct {
		name string
		// disrupt breaks the disk that is mounted at a place; repair is nil where that is for
		// good. detail is what the status says.
		disrupt func(t *testing.T, at string) (repair func())
		detail  string
	}{
		{"full", fill, "no space left"},
		{"read-only", readOnly, "read-only file system"},
		{"dead", func(t *testing.T, at string) func() { disktest.Cut(t, at); return nil }, "input/output error"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			at := filepath.Join(dir, c.name)
			disktest.Format(t, at+".image", 4<<20)
			disktest.Mount(t, at+".image", at, "")
			kept := filepath.Join(at, "store")
			host := acquirer(t, signontest.Options{})
			file := filepath.Join(dir, c.name+".yaml")
			writeFile(t, file, daemonYAML(host.Addr(), kept, ""))
			a := startAgent(t, "", nil, hasty(t), "run", "--config", file)
			a.rounds(2)
			repair := c.disrupt(t, at)
			if err := host.SetBehaviour("code=96"); err != nil {
				t.Fatal(err)
			}
			a.until("failures that wait for the disk", func() bool {
				s := a.dir.status()
				return s.Incident != nil && s.Incident.Rounds > 2 && s.Waiting > 2 && s.Disk != nil
			})
			if err := host.SetBehaviour("good"); err != nil { // in an incident rounds become rare
				t.Fatal(err)
			}
			a.rounds(a.dir.status().Rounds + 2)
			o := a.ask("service", "status")
			if m := lacking(o.stdout, "the disk takes nothing", c.detail, "waiting to be written: "); m != nil || o.exit != 0 {
				t.Errorf("%q missing in\n%s", m, o.stdout)
			}
			if repair == nil {
				a.stop()
				disktest.Unmount(t, at)
				return
			}
			a.flood()
			repair()
			a.until("a disk", func() bool { return a.dir.status().Disk == nil })
			a.stop()
			events, dropped := 0, false
			var failures []string
			for _, e := range keptLines(t, kept) {
				switch {
				case e.Kind == store.KindIncident:
					events++
				case e.Kind == store.KindDropped:
					dropped = true
				case e.Kind == "" && e.Stream == store.Failures:
					failures = append(failures, e.ID)
				}
			}
			if events == 0 || len(failures) < 3 || !dropped {
				t.Errorf("%d events, %d failures, drops noted %v", events, len(failures), dropped)
			}
			disktest.Unmount(t, at)
		})
	}
}

// flood makes a daemon whose disk takes nothing store more than memory holds, of what
// matters less than failures, until it says that it dropped some.
func (a *agent) flood() {
	a.t.Helper()
	a.until("drops", func() bool {
		for range 50 {
			a.signal(syscall.SIGUSR1)
			time.Sleep(5 * time.Millisecond) // those that are not taken yet become one
		}
		s := a.dir.status()
		return s.Dropped.Lines > 0
	})
	o := a.ask("service", "status", "--lang", "zh")
	if !strings.Contains(o.stdout, "已丢弃") {
		a.t.Errorf("%s", o.stdout)
	}
}

// fill leaves no room on a disk.
func fill(t *testing.T, at string) (repair func()) {
	t.Helper()
	path := filepath.Join(at, "filler")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for size := 1 << 20; size > 0; { // until the last block is gone
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	_ = f.Close()
	return func() {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

// readOnly makes a disk one that can only be read, as ext4 makes it after an error.
func readOnly(t *testing.T, at string) (repair func()) {
	t.Helper()
	remount := func(flags uintptr) {
		if err := unix.Mount("", at, "", unix.MS_REMOUNT|flags, ""); err != nil {
			t.Fatal(err)
		}
	}
	remount(unix.MS_RDONLY)
	return func() { remount(0) }
}

// TestDaemonWithoutDirectory: where no directory can be made the daemon looks all the
// same, and says why it keeps nothing.
func TestDaemonWithoutDirectory(t *testing.T) {
	host := acquirer(t, signontest.Options{})
	file, kept := daemonSite(t, host.Addr(), "")
	writeFile(t, kept, "") // not a directory
	a := startAgent(t, "", nil, hasty(t), "run", "--config", file)
	a.rounds(3)
	o := a.ask("service", "status")
	if m := lacking(o.stdout, "the disk takes nothing", "is no directory"); m != nil || o.exit != 0 {
		t.Errorf("%q missing in\n%s", m, o.stdout)
	}
	if host.Requests() == 0 {
		t.Error("nothing was asked")
	}
	if err := os.Remove(kept); err != nil {
		t.Fatal(err)
	}
	a.until("a disk", func() bool { s := a.dir.status(); return s.Disk == nil })
	a.stop()
	if a.cmd.ProcessState.ExitCode() != 0 {
		t.Errorf("%v\n%s", a.cmd.ProcessState, a.said.String())
	}
}
