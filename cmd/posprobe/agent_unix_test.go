//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"posprobe/report/store"
)

// agent is a daemon that a test runs.
type agent struct {
	t     *testing.T
	run   string // the directory where posprobe's processes meet
	dir   directories
	cmd   *exec.Cmd
	said  said
	ended chan struct{}
}

// said is what a program wrote so far.
type said struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write takes p.
func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

// String is all of it.
func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// startAgent starts a daemon; it is killed when the test ends. runDir is "" for one of its
// own.
func startAgent(t *testing.T, runDir string, env []string, argv ...string) *agent {
	t.Helper()
	if runDir == "" {
		runDir = t.TempDir()
	}
	a := &agent{t: t, run: runDir, dir: directories{system: runDir, own: runDir}, ended: make(chan struct{})}
	a.cmd = exec.Command(argv[0], argv[1:]...)
	a.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "POSPROBE_RUN_DIR=" + runDir, "LANG=C.UTF-8"}, env...)
	a.cmd.Stdout, a.cmd.Stderr = &a.said, &a.said
	if err := a.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(a.ended)
		_ = a.cmd.Wait() // ProcessState has it
	}()
	t.Cleanup(func() {
		a.kill()
		if out := a.said.String(); strings.Contains(out, "DATA RACE") || strings.Contains(out, "panic") {
			t.Errorf("%s", out)
		}
	})
	return a
}

// kill ends it as power or the kernel would.
func (a *agent) kill() {
	_ = a.cmd.Process.Kill() // it may have ended
	<-a.ended
}

func (a *agent) signal(s syscall.Signal) {
	a.t.Helper()
	if err := a.cmd.Process.Signal(s); err != nil {
		a.t.Fatalf("%v: %v\n%s", s, err, a.said.String())
	}
}

// stop stops it in order.
func (a *agent) stop() {
	a.t.Helper()
	a.signal(syscall.SIGTERM)
	a.wait()
}

// wait waits for its end.
func (a *agent) wait() {
	a.t.Helper()
	select {
	case <-a.ended:
	case <-time.After(30 * time.Second):
		a.t.Fatalf("the daemon does not end:\n%s", a.said.String())
	}
}

// rounds waits for so many rounds.
func (a *agent) rounds(n int64) {
	a.t.Helper()
	a.until(fmt.Sprint(n, " rounds"), func() bool { s := a.dir.status(); return s != nil && s.PID == a.cmd.Process.Pid && s.Rounds >= n })
}

// until waits for what a daemon that runs will bring about.
func (a *agent) until(what string, holds func() bool) {
	a.t.Helper()
	until(a.t, what, func() bool {
		select {
		case <-a.ended:
			if holds() {
				return true
			}
			a.t.Fatalf("the daemon ended (%v) before: %s\n%s", a.cmd.ProcessState, what, a.said.String())
		default:
		}
		return holds()
	})
}

// ask runs another posprobe on the same terminal.
func (a *agent) ask(args ...string) outcome {
	a.t.Helper()
	return run(a.t, []string{"POSPROBE_RUN_DIR=" + a.run}, args...)
}

// keptLines reads everything that is kept, but for states.
func keptLines(t *testing.T, dir string) []store.Entry {
	t.Helper()
	r := store.NewReader(dir, nil)
	defer r.Close()
	var out []store.Entry
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		e.Text = bytes.Clone(e.Text)
		out = append(out, e)
	}
}

// replace writes a file anew, as an editor does.
func replace(t *testing.T, path, text string) {
	t.Helper()
	writeFile(t, path+".new", text)
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}
