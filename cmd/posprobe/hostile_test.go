//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"

	"posprobe/probe/signon/signontest"
	"posprobe/report"
)

// TestSecrets plants keys, card data and ids where hosts have them, and switches on
// every debugging aid that a Go program has: none of them appears in any output.
func TestSecrets(t *testing.T) {
	plain := acquirer(t, signontest.Options{Behaviour: "secrets"})
	secure := acquirer(t, signontest.Options{Behaviour: "secrets", TLS: "good"})
	keylog := filepath.Join(t.TempDir(), "keys")
	loud := []string{"GODEBUG=netdns=go+2,http2debug=2,x509roots=1,execerrdot=0,inittrace=1", "GOTRACEBACK=crash", "SSLKEYLOGFILE=" + keylog, "DEBUG=1", "POSPROBE_DEBUG=1"}
	hidden := append(signontest.PlantedSecrets(), testTerminal, testMerchant, "6222021234567890")
	for _, args := range [][]string{
		echo(plain.Addr(), testTerminal),
		echo(plain.Addr(), testTerminal, "--lang", "zh"),
		echo(plain.Addr(), testTerminal, "--format", "json"),
		echo(secure.Addr(), testTerminal, "--tls", "--format", "json"),
		echo(plain.Addr(), testTerminal, "--message", "sign-on", consentFlag, "--format", "json"),
		echo(plain.Addr(), testTerminal, "--message", "sign-on", consentFlag),
		echo(closedPort(t), testTerminal),
		echo("127.0.0.1:1", testTerminal, "--wait", "nonsense"),
	} {
		o := run(t, loud, args...)
		for _, secret := range hidden {
			for name, s := range map[string]string{"standard output": o.stdout, "standard error": o.stderr} {
				if strings.Contains(s, secret) || strings.Contains(s, fmt.Sprintf("%x", secret)) || strings.Contains(s, fmt.Sprintf("%X", secret)) {
					t.Errorf("%q on %s of %v:\n%s", secret, name, args, s)
				}
			}
		}
	}
	if _, err := os.Stat(keylog); err == nil {
		t.Error("TLS keys were logged")
	}
	if plain.Requests() < 4 || secure.Requests() != 1 {
		t.Fatalf("%d and %d requests were answered: nothing was tested", plain.Requests(), secure.Requests())
	}
}

// TestHostile: a host that sends whatever it likes gets clean output, bounded memory
// and a kept deadline.
func TestHostile(t *testing.T) {
	for _, c := range []struct {
		behaviour, tls string
		protocol       []string
	}{
		{"escape", "", nil}, {"flood=10000000", "", nil}, {"trickle", "", nil}, {"length-long", "", nil}, {"banner", "", nil},
		{"good", "escape", nil}, {"flood=10000000", "good", nil}, {"trickle", "good", nil}, {"good", "hang", nil}, {"good", "plain-text", nil},
		{"escape", "", []string{"--protocol", "tcp"}}, {"banner", "", []string{"--protocol", "tcp"}}, {"flood=10000000", "", []string{"--protocol", "tcp"}},
	} {
		t.Run(c.behaviour+"/"+c.tls+strings.Join(c.protocol, "="), func(t *testing.T) {
			t.Parallel()
			s := acquirer(t, signontest.Options{Behaviour: c.behaviour, TLS: c.tls})
			args := echo(s.Addr(), testTerminal, "--wait", "3s")
			if c.protocol != nil {
				args = append([]string{"check", "--endpoint", s.Addr(), "--wait", "3s"}, c.protocol...)
			}
			if c.tls != "" {
				args = append(args, "--tls")
			}
			for _, form := range []string{"json", "text"} {
				o := run(t, nil, append(args, "--format", form)...)
				if o.took > 20*time.Second {
					t.Errorf("%s took %v", form, o.took)
				}
				if bad := strings.IndexFunc(o.stdout+o.stderr, unfit); bad >= 0 {
					t.Errorf("%s: %q", form, (o.stdout + o.stderr)[bad:min(bad+40, len(o.stdout+o.stderr))])
				}
				if usage, ok := o.state.SysUsage().(*syscall.Rusage); ok && runtime.GOOS == "linux" && usage.Maxrss > 64<<10 {
					t.Errorf("%s: %d kB of memory at the most", form, usage.Maxrss)
				}
				if len(o.stdout) > 100_000 {
					t.Errorf("%s: %d bytes of output", form, len(o.stdout))
				}
			}
		})
	}
}

// unfit reports whether a character may steer a terminal or hide text.
func unfit(r rune) bool {
	return r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) || r == unicode.ReplacementChar
}

// TestNoCore: a crash leaves no core file, and what the runtime prints holds no id.
func TestNoCore(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("NOT TESTED: core files are looked for on Linux only")
	}
	s := acquirer(t, signontest.Options{Behaviour: "silent"})
	dir := t.TempDir()
	cmd := exec.Command("sh", append([]string{"-c", "ulimit -c unlimited && exec \"$@\"", "sh", binary(t)}, echo(s.Addr(), testTerminal, "--wait", "30s")...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOTRACEBACK=crash", "POSPROBE_RUN_DIR="+t.TempDir())
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(15 * time.Second); s.Requests() == 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			cmd.Process.Kill()
			t.Fatal("no request came")
		}
	}
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", cmd.Process.Pid))
	if err != nil || !strings.Contains(strings.Join(strings.Fields(string(limits)), " "), "Max core file size 0 0 bytes") {
		t.Errorf("core limit: %v\n%s", err, limits)
	}
	if err := cmd.Process.Signal(syscall.SIGABRT); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	status := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !status.Signaled() || status.CoreDump() {
		t.Errorf("ended %v, core dumped: %v", cmd.ProcessState, status.CoreDump())
	}
	if files, _ := os.ReadDir(dir); len(files) > 0 {
		t.Errorf("left behind: %v", files)
	}
	for _, id := range []string{testTerminal, testMerchant, fmt.Sprintf("%x", testTerminal)} {
		if strings.Contains(out.String(), id) {
			t.Errorf("%q in what the crash printed", id)
		}
	}
}

// TestUntrusted: what is sent to a peer whose TLS failed verification.
func TestUntrusted(t *testing.T) {
	s := acquirer(t, signontest.Options{TLS: "unknown-ca"})
	o := run(t, nil, echo(s.Addr(), testTerminal, "--tls", "--message", "sign-on", consentFlag, "--format", "json")...)
	r := decode(t, o)
	if s.Requests() != 0 || len(r.Evidence.SignOns) != 1 || !r.Evidence.SignOns[0].Failure.Is(report.FailUntrusted) {
		t.Errorf("%d requests: %s", s.Requests(), o.stdout)
	}
	if o.exit != 50 {
		t.Errorf("exit %d", o.exit)
	}
	// The echo goes out where nobody said whom to trust, and its good answer proves nothing.
	if o := run(t, nil, echo(s.Addr(), testTerminal, "--tls")...); o.exit != 50 || s.Requests() != 1 {
		t.Errorf("echo: exit %d, %d requests\n%s", o.exit, s.Requests(), o.stdout)
	}
	// With a pin or roots that it does not match, nothing is sent at all: the echo names
	// terminal and merchant.
	if o := run(t, nil, echo(s.Addr(), testTerminal, "--pin", "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")...); o.exit != 50 || s.Requests() != 1 {
		t.Errorf("wrong pin: exit %d, %d requests\n%s", o.exit, s.Requests(), o.stdout)
	}
}
