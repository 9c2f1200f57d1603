//go:build linux

package lab

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// runTimeout ends a program whose context has no deadline of its own.
const runTimeout = 60 * time.Second

// Result is what a program left behind.
type Result struct {
	Stdout, Stderr string // the first 1 MiB of each
	Exit           int    // exit status; -1 when a signal ended it, as at the context's end
}

// command prepares a program inside a namespace, in a process group of its own. It goes
// through `ip netns exec`, which also gives it the namespace's /sys (without which
// /sys/class/net shows another namespace's links), resolv.conf and hosts file, and
// which then becomes the program, so that its process id is the program's.
func (w *World) command(ctx context.Context, ns NS, argv []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "ip", append([]string{"netns", "exec", w.Name(ns)}, argv...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 2 * time.Second
	return cmd
}

// Run runs a program in a namespace to its end, or to the end of ctx, which kills it and
// its children.
func (w *World) Run(ctx context.Context, ns NS, argv ...string) Result {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(ctx, runTimeout)
	defer cancel()
	cmd := w.command(ctx, ns, argv)
	var stdout, stderr limitedBuffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if cmd.ProcessState == nil {
		w.t.Fatalf("lab: start %v in %s: %v", argv, ns, err)
	}
	return Result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// Process is a program that runs in a namespace until it ends or the test does.
type Process struct {
	w    *World
	argv []string
	cmd  *exec.Cmd
	out  limitedBuffer
	// stdout is what went to standard output, where that is kept apart.
	stdout limitedBuffer
	ended  chan struct{}
}

// Start starts a program in a namespace. Its process group is killed when the test ends.
func (w *World) Start(ns NS, argv ...string) *Process {
	w.t.Helper()
	return w.start(ns, argv, false)
}

// start is Start, with standard output apart from standard error or not.
func (w *World) start(ns NS, argv []string, apart bool) *Process {
	w.t.Helper()
	p := &Process{w: w, argv: argv, ended: make(chan struct{})}
	p.cmd = w.command(context.Background(), ns, argv)
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	if apart {
		p.cmd.Stdout = &p.stdout
	}
	if err := p.cmd.Start(); err != nil {
		w.t.Fatalf("lab: start %v in %s: %v", argv, ns, err)
	}
	go func() {
		defer close(p.ended)
		_ = p.cmd.Wait() // ProcessState has it
	}()
	w.t.Cleanup(p.Stop)
	return p
}

// Output returns what the program has written so far to standard output and error.
func (p *Process) Output() string { return p.out.String() }

// WaitFor waits until the program has written text and returns the rest of that line.
// It ends the test when the program ends first, or after 10 s.
func (p *Process) WaitFor(text string) string {
	p.w.t.Helper()
	line, err := p.waitFor(text, 10*time.Second)
	if err != nil {
		p.w.t.Fatalf("lab: %v", err)
	}
	return line
}

func (p *Process) waitFor(text string, patience time.Duration) (string, error) {
	late := time.After(patience)
	ended := p.ended
	for {
		out, more := p.out.watch()
		if _, rest, ok := strings.Cut(out, text); ok {
			if line, _, whole := strings.Cut(rest, "\n"); whole {
				return strings.TrimSpace(line), nil
			}
		}
		if ended == nil {
			return "", fmt.Errorf("%v ended (%v) without saying %q:\n%s", p.argv, p.cmd.ProcessState, text, out)
		}
		select {
		case <-more:
		case <-ended:
			ended = nil // look once more: its last words may have come with its end
		case <-late:
			return "", fmt.Errorf("%v has not said %q for %v:\n%s", p.argv, text, patience, out)
		}
	}
}

// Pause stops the program as SIGSTOP does: its kernel still answers for it.
func (p *Process) Pause() { p.signal(syscall.SIGSTOP) }

// Resume lets a paused program go on.
func (p *Process) Resume() { p.signal(syscall.SIGCONT) }

// Stop kills the program and what it started, and waits for it. A program that has
// ended already is left alone.
func (p *Process) Stop() {
	p.signal(syscall.SIGKILL)
	select {
	case <-p.ended:
	case <-time.After(10 * time.Second):
		p.w.t.Errorf("lab: %v does not end", p.argv)
	}
}

func (p *Process) signal(s syscall.Signal) {
	select {
	case <-p.ended:
		return // its id may be somebody else's by now; children end with the namespace
	default:
	}
	if err := syscall.Kill(-p.cmd.Process.Pid, s); err != nil && !errors.Is(err, syscall.ESRCH) {
		p.w.t.Errorf("lab: signal %v to %v: %v", s, p.argv, err)
	}
}

// Pause stops a program of this world as SIGSTOP does.
func (w *World) Pause(p *Process) { p.Pause() }
