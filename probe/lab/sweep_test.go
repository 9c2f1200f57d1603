//go:build linux

package lab

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// childRole makes TestChild play a part for another test.
const childRole = "POSPROBE_LAB_CHILD"

// TestChild does nothing by itself: other tests run it in a process of its own.
func TestChild(t *testing.T) {
	switch os.Getenv(childRole) {
	case "new":
		New(t, Options{})
	case "hang":
		w := New(t, Options{})
		p := w.Start(Term, "sh", "-c", "echo inside; exec sleep 1000")
		p.WaitFor("inside")
		w.Dir()
		fmt.Printf("built %s %d\n", w.prefix, p.cmd.Process.Pid)
		time.Sleep(time.Minute)
	}
}

// childCommand prepares a run of TestChild.
func childCommand(t *testing.T, role string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestChild$", "-test.v")
	cmd.Env = append(os.Environ(), childRole+"="+role)
	cmd.WaitDelay = time.Second
	return cmd
}

func TestSweepAfterAKill(t *testing.T) {
	require(t)
	cmd := childCommand(t, "hang")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var prefix string
	var inside int
	for lines := bufio.NewScanner(stdout); prefix == "" && lines.Scan(); {
		fmt.Sscanf(lines.Text(), "built %s %d", &prefix, &inside)
	}
	if prefix == "" {
		t.Fatal("the child built no world")
	}
	left := func() []string {
		a, _ := filepath.Glob(netnsDir + "/" + prefix + "*")
		b, _ := filepath.Glob(netnsEtcDir + "/" + prefix + "*")
		c, _ := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*"))
		return slices.Concat(a, b, c)
	}
	// Only this child's: other processes may be at work on this machine.
	gone := func(o owner) bool { return o.pid == cmd.Process.Pid && o.gone() }
	sweep(gone)
	if n := len(left()); n != len(present(Options{}))+2 {
		t.Fatalf("%d names of a living process, want %d", n, len(present(Options{}))+2)
	}

	cmd.Process.Kill()
	wantDead(t, cmd.Process.Pid) // a zombie: its parent waits only after the sweep
	if len(left()) == 0 || syscall.Kill(inside, 0) != nil {
		t.Fatal("nothing was left behind: this test proves nothing")
	}
	sweep(gone)
	cmd.Wait()
	if names := left(); len(names) > 0 {
		t.Errorf("not swept: %v", names)
	}
	wantDead(t, inside)
}

// wantDead waits for a process to end. Nobody here waits for an orphan as wait(2) does:
// a zombie is as good as gone.
func wantDead(t *testing.T, pid int) {
	t.Helper()
	for end := time.Now().Add(generous); ; time.Sleep(10 * time.Millisecond) {
		if state, _, err := processStat(pid); err != nil || state == "Z" {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("process %d lives", pid)
		}
	}
}

// A process id comes round again: its new bearer owns nothing of the old one's.
func TestOwnerGone(t *testing.T) {
	me, err := self()
	if err != nil {
		t.Fatal(err)
	}
	if me.gone() {
		t.Error("this process is gone")
	}
	for _, other := range []owner{{me.pid, me.start - 1}, {1 << 30, me.start}} {
		if !other.gone() {
			t.Errorf("%v lives", other)
		}
	}
}

func TestRequire(t *testing.T) {
	for _, strict := range []string{"", "1"} {
		cmd := childCommand(t, "new")
		cmd.Env = append(cmd.Env, "PATH=/nonexistent", requireVariable+"="+strict)
		out, err := cmd.CombinedOutput()
		skipped := strings.Contains(string(out), "SKIP: TestChild") && strings.Contains(string(out), "no nft")
		failed := strings.Contains(string(out), "FAIL: TestChild") && strings.Contains(string(out), "no nft")
		if strict == "" && (err != nil || !skipped) || strict == "1" && (err == nil || !failed) {
			t.Errorf("%s=%q: %v\n%s", requireVariable, strict, err, out)
		}
	}
}

func FuzzOwnerOf(f *testing.F) {
	for _, name := range []string{owner{42, 7}.name("1-term"), "posprobe-lab-42-7-build", "posprobe-lab-042-7-x",
		"posprobe-lab--1-7-x", "posprobe-lab-42", "lab", "posprobe-lab-9999999999999999999999-7-x"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if o, ok := ownerOf(name); ok && (o.pid <= 0 || !strings.HasPrefix(name, o.name(""))) {
			t.Errorf("%q belongs to %v", name, o)
		}
	})
}
