//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"posprobe/probe/signon/signontest"
)

// TestWaitForConfig: a daemon that nobody has configured waits, tells its manager and
// service status what for, and begins once the file is there; a daemon that may not wait
// ends with status 2.
func TestWaitForConfig(t *testing.T) {
	host := acquirer(t, signontest.Options{})
	dir := t.TempDir()
	file := filepath.Join(dir, "posprobe.yaml")
	if o := run(t, []string{"POSPROBE_RUN_DIR=" + t.TempDir()}, "run", "--config", file); o.exit != exitUsage {
		t.Errorf("without --wait-for-config: status %d", o.exit)
	}
	address, heard := managerSocket(t, filepath.Join(dir, "notify"))
	a := startAgent(t, "", []string{"NOTIFY_SOCKET=" + address, "WATCHDOG_USEC=300000"}, hasty(t), "run", "--wait-for-config", "--config", file)
	a.until("it is ready although it waits", func() bool {
		return strings.Contains(heard.String(), "READY=1\n") && strings.Contains(heard.String(), "STATUS=waiting for a valid configuration: ")
	})
	a.until("the watchdog hears from it", func() bool { return strings.Count(heard.String(), "WATCHDOG=1\n") > 1 })
	if o := a.ask("service", "status"); o.exit != exitHealthy || !strings.Contains(o.stdout, "no such file") {
		t.Errorf("service status: %+v", o)
	}
	good := daemonYAML(host.Addr(), filepath.Join(dir, "store"), "")
	replace(t, file, strings.Replace(good, "endpoints", "endpoint", 1))
	a.until("another mistake is told", func() bool { return strings.Contains(heard.String(), "acquirer.endpoint") })
	replace(t, file, good)
	a.signal(syscall.SIGHUP)
	a.rounds(2)
	a.until("the manager hears of rounds", func() bool { return strings.Contains(heard.String(), "STATUS=healthy") })
	if _, err := os.Stat(filepath.Join(a.run, refusedFile)); err == nil {
		t.Error("the configuration is in force, and yet called refused")
	}
	if n := strings.Count(a.said.String(), "waiting for a valid configuration"); n != 2 {
		t.Errorf("complained %d times of two mistakes:\n%s", n, a.said.String())
	}
	a.stop()
	if got := a.cmd.ProcessState.ExitCode(); got != exitHealthy {
		t.Errorf("status %d", got)
	}
}

// TestWaitEnds: SIGTERM ends the wait in order.
func TestWaitEnds(t *testing.T) {
	a := startAgent(t, "", nil, hasty(t), "run", "--wait-for-config", "--config", filepath.Join(t.TempDir(), "none.yaml"))
	a.until("it waits", func() bool { return strings.Contains(a.said.String(), "waiting for a valid configuration") })
	a.stop()
	if got := a.cmd.ProcessState.ExitCode(); got != exitHealthy {
		t.Errorf("status %d", got)
	}
	left, err := os.ReadDir(a.run)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		if f.Name() != daemonFile {
			t.Errorf("%s is left", f.Name())
		}
	}
}
