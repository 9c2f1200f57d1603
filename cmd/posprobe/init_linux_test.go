package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"posprobe/cmd/posprobe/config"
	"posprobe/probe/signon/signontest"
)

// typing runs the binary with a pseudo terminal as its standard input, on which somebody
// types the lines.
func typing(t *testing.T, lines []string, args ...string) outcome {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("NOT TESTED: no pseudo terminals here: %v", err)
	}
	defer master.Close()
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	terminal, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	// Ctrl-D (04) ends the answers.
	if _, err := master.WriteString(strings.Join(lines, "\n") + "\n\x04"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary(t), args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "POSPROBE_RUN_DIR=" + t.TempDir(), "LANG=C.UTF-8"}
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal, &stdout, &stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{stdout: stdout.String(), stderr: stderr.String(), exit: cmd.ProcessState.ExitCode()}
}

// TestInitAsks: on a terminal at most six questions, each answer checked at once, the
// host tried as soon as that can be done, and a file that works.
func TestInitAsks(t *testing.T) {
	host := acquirer(t, signontest.Options{})
	path := filepath.Join(t.TempDir(), "posprobe.yaml")
	o := typing(t, []string{"127.0.0.1", host.Addr(), "n", "", testTerminal + " 123", testTerminal + " " + testMerchant, "6000030000", "06:00-23:30"},
		"init", "--config", path)
	c, err := config.Load(path)
	if o.exit != 0 || err != nil {
		t.Fatalf("%+v, %v", o, err)
	}
	if c.Acquirer.SignOn.Protocol != "unionpay" || c.Terminal.Merchant != testMerchant || c.Acquirer.ServiceHours.Daily != "06:00-23:30" || c.Check() != nil {
		t.Errorf("%+v\n%s", c, o.stderr)
	}
	for _, want := range []string{`"127.0.0.1": has no port`, "--merchant (3 characters): has not the right form", ": connected in ", "answered in ", "response code 00"} {
		if !strings.Contains(o.stderr, want) {
			t.Errorf("no %q:\n%s", want, o.stderr)
		}
	}
	if asked := strings.Count(o.stderr, ": ") - strings.Count(o.stderr, "posprobe: "); host.Requests() != 1 || asked < 6 {
		t.Errorf("%d messages\n%s", host.Requests(), o.stderr)
	}
	for _, protocol := range config.Protocols() {
		n := 0
		for _, q := range questions {
			if q.only == nil || q.only(protocol) {
				n++
			}
		}
		if n > 6 {
			t.Errorf("%s: %d questions", protocol, n)
		}
	}
}

// TestInitAsksForOtherProtocols: what a protocol has no need of may be left out, and what
// it never has is not asked for.
func TestInitAsksForOtherProtocols(t *testing.T) {
	for protocol, answers := range map[string][]string{
		"iso8583-1987": {"n", "iso8583-1987", "", "", "08:00-20:00"},
		"iso8583-1993": {"n", "iso8583-1993", testTerminal, "6000030000", ""},
		"none":         {"n", "none", ""},
	} {
		host := acquirer(t, signontest.Options{Protocol: protocolOf(protocol)})
		path := filepath.Join(t.TempDir(), "posprobe.yaml")
		o := typing(t, answers, "init", "--config", path, "--endpoint", host.Addr())
		c, err := config.Load(path)
		if o.exit != 0 || err != nil || c.Acquirer.SignOn.Protocol != protocol || c.Check() != nil {
			t.Errorf("%s: %+v, %v", protocol, o, err)
		}
		if asked := strings.Contains(o.stderr, "TPDU"); asked != (protocol != "none") || host.Requests() > 0 != asked {
			t.Errorf("%s: %d messages\n%s", protocol, host.Requests(), o.stderr)
		}
	}
}

// protocolOf is what the practice acquirer speaks where nothing is asked.
func protocolOf(protocol string) string {
	if protocol == "none" {
		return ""
	}
	return protocol
}

// TestInitAsksBeforeItVaries: other messages are tried after a yes alone.
func TestInitAsksBeforeItVaries(t *testing.T) {
	for answer, asked := range map[string]int64{"n": 1, "": 1, "y": 2} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			host := startPicky(t, "6000000003", config.DefaultHeader)
			path := filepath.Join(t.TempDir(), "posprobe.yaml")
			o := typing(t, []string{"n", testTerminal + " " + testMerchant, "6000030000", answer, ""},
				"init", "--config", path, "--endpoint", host.Addr().String(), "--protocol", "unionpay", "--wait", "1s")
			c, err := config.Load(path)
			if o.exit != 0 || err != nil || host.asked.Load() != asked {
				t.Fatalf("asked %d times, want %d: %+v, %v", host.asked.Load(), asked, o, err)
			}
			if wrote := hex.EncodeToString(c.Acquirer.SignOn.TPDU); (wrote == "6000000003") != (answer == "y") {
				t.Errorf("wrote %s\n%s", wrote, o.stderr)
			}
			if !strings.Contains(o.stderr, "does not answer this message. Try 5 other") {
				t.Errorf("not asked:\n%s", o.stderr)
			}
		})
	}
}

// TestInitWithoutAnswers: whoever stops answering gets told what is missing.
func TestInitWithoutAnswers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "posprobe.yaml")
	for _, lines := range [][]string{nil, {"", "", ""}, {"203.0.113.20"}} {
		o := typing(t, lines, "init", "--config", path)
		if _, err := os.Stat(path); o.exit != 2 || err == nil || !strings.Contains(o.stderr, "acquirer.endpoints: is empty") {
			t.Errorf("%q: %+v", lines, o)
		}
	}
}
