package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"posprobe/probe/signon/signontest"
	"posprobe/report"
)

// The tests of this package run the real binary as a stranger would: built once, with
// arguments, judged by what it prints and by its exit status.

var built struct {
	sync.Once
	path, dir string
	err       error
}

func TestMain(m *testing.M) {
	status := m.Run()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	os.Exit(status)
}

// binary builds posprobe as it is released.
func binary(t *testing.T) string {
	t.Helper()
	built.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "posprobe-test-"); built.err != nil {
			return
		}
		built.path = filepath.Join(built.dir, "posprobe")
		built.err = build(built.path)
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.path
}

func build(path string, env ...string) error {
	return buildWith(path, []string{"-trimpath", "-ldflags", "-s -w"}, env...)
}

// buildWith builds posprobe with flags of the go command.
func buildWith(path string, flags []string, env ...string) error {
	cmd := exec.Command("go", slices.Concat([]string{"build"}, flags, []string{"-o", path, "."})...)
	cmd.Env = slices.Concat(os.Environ(), []string{"CGO_ENABLED=0"}, env)
	if out, err := cmd.CombinedOutput(); err != nil {
		return errors.New(string(out) + err.Error())
	}
	return nil
}

// outcome is what a run of the binary left.
type outcome struct {
	stdout, stderr string
	exit           int
	took           time.Duration
	state          *os.ProcessState
}

// run runs the binary with arguments and an environment of its own.
func run(t *testing.T, env []string, args ...string) outcome {
	t.Helper()
	return runWith(t, "", env, args...)
}

func runWith(t *testing.T, stdin string, env []string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary(t), args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "POSPROBE_RUN_DIR=" + t.TempDir(), "LANG=C.UTF-8"}, env...)
	cmd.Stdin = strings.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode(), time.Since(began), cmd.ProcessState}
}

// steady is run, again and ever later while this machine was too busy for the round to
// judge: a starved round rightly blames nobody.
func steady(t *testing.T, args ...string) outcome {
	t.Helper()
	return steadyWith(t, nil, args...)
}

func steadyWith(t *testing.T, env []string, args ...string) outcome {
	t.Helper()
	for try := range 5 {
		time.Sleep(time.Duration(try) * time.Second)
		if o := run(t, env, args...); !strings.Contains(o.stdout, `"note.device_busy"`) && !strings.Contains(o.stdout, "timings are unreliable") {
			return o
		}
	}
	t.Fatal("this machine is too busy to judge")
	return outcome{}
}

// acquirer starts a practice acquirer for the test.
func acquirer(t *testing.T, o signontest.Options) *signontest.Server {
	t.Helper()
	s, err := signontest.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

const (
	testTerminal = "99999906"
	testMerchant = "001430170119999"
)

// echo are the arguments of a check with a terminal id that chooses the behaviour.
func echo(address, terminal string, more ...string) []string {
	return append([]string{"check", "--endpoint", address, "--protocol", "unionpay", "--terminal", terminal,
		"--merchant", testMerchant, "--tpdu", "6000030000"}, more...)
}

// decode reads the report that a check printed.
func decode(t *testing.T, o outcome) report.Report {
	t.Helper()
	r, err := report.Decode([]byte(o.stdout))
	if err != nil {
		t.Fatalf("%v\nstdout %s\nstderr %s", err, o.stdout, o.stderr)
	}
	return r
}
