//go:build linux

package lab

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestRun(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	if got, want := w.Run(t.Context(), Acq, "sh", "-c", "echo out; echo err >&2; exit 7"), (Result{"out\n", "err\n", 7}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := w.Run(t.Context(), Acq, "ip", "-4", "-br", "addr", "show", "eth0"); !strings.Contains(got.Stdout, AcqAddr) {
		t.Errorf("not inside: %+v", got)
	}
	// The context's end takes the children along.
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	began := time.Now()
	got := w.Run(ctx, Acq, "sh", "-c", "sleep 1000 & echo $!; wait")
	if child, err := strconv.Atoi(strings.TrimSpace(got.Stdout)); err != nil || got.Exit != -1 {
		t.Errorf("killed: %+v", got)
	} else {
		wantDead(t, child)
	}
	if d := time.Since(began); d > generous {
		t.Errorf("killed after %v", d)
	}
	// However much a program writes, it ends and little is kept.
	if got := w.Run(t.Context(), Acq, "head", "-c", "5000000", "/dev/zero"); got.Exit != 0 || len(got.Stdout) != maxOutput {
		t.Errorf("exit %d, %d bytes kept", got.Exit, len(got.Stdout))
	}
}

func TestWaitFor(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	p := w.Start(Acq, "sh", "-c", "echo one; sleep 0.1; printf 'port '; sleep 0.1; echo 5500; echo more; sleep 1000")
	if got := p.WaitFor("port "); got != "5500" {
		t.Errorf("the rest of the line is %q", got)
	}
	if _, err := p.waitFor("never", 50*time.Millisecond); err == nil || !strings.Contains(err.Error(), "has not said") {
		t.Errorf("silence: %v", err)
	}
	p.Stop()
	p.Stop()
	short := w.Start(Acq, "sh", "-c", "echo last words")
	if _, err := short.waitFor("last ", generous); err != nil {
		t.Error(err)
	}
	if _, err := short.waitFor("never", generous); err == nil || !strings.Contains(err.Error(), "ended") {
		t.Errorf("an early end: %v", err)
	}
}

func TestPauseAndResume(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	p := w.Start(Acq, "sh", "-c", "while :; do echo tick; sleep 0.02; done")
	p.WaitFor("tick")
	p.Pause()
	time.Sleep(100 * time.Millisecond) // what was on its way is written
	before := len(p.Output())
	time.Sleep(300 * time.Millisecond)
	if after := len(p.Output()); after != before {
		t.Errorf("it wrote %d bytes while paused", after-before)
	}
	p.Resume()
	for end := time.Now().Add(generous); len(p.Output()) == before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not go on")
		}
	}
}
