package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"posprobe/probe/signon/signontest"
)

// TestMain lets the test binary be the program: the tests start the real one.
func TestMain(m *testing.M) {
	if os.Getenv("ACQUIRERSIM_MAIN") == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program starts acquirersim and returns it with its address.
func program(t *testing.T, args ...string) (*exec.Cmd, string, *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, append([]string{"-listen", "127.0.0.1:0"}, args...)...)
	cmd.Env = append(os.Environ(), "ACQUIRERSIM_MAIN=1")
	stderr := new(bytes.Buffer)
	cmd.Stderr = stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		t.Fatalf("first line %q, %v", line, err)
	}
	return cmd, address, stderr
}

const echo = "0034600003000060310031100008200000000000c0001039393939393930363030313433303137303131393939390011000000003010"

func ask(t *testing.T, c net.Conn) []byte {
	t.Helper()
	c.SetDeadline(time.Now().Add(20 * time.Second))
	b, _ := hex.DecodeString(echo)
	if _, err := c.Write(b); err != nil {
		t.Fatal(err)
	}
	reply, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

func TestProgram(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("SIGTERM cannot be sent here")
	}
	for _, sig := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		cmd, address, stderr := program(t, "-behaviour", "code=97")
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if reply := ask(t, c); !bytes.Contains(reply, []byte("9799999906")) {
			t.Errorf("reply %x", reply)
		}
		idle, err := net.Dial("tcp", address) // must not keep it from ending
		if err != nil {
			t.Fatal(err)
		}
		defer idle.Close()
		cmd.Process.Signal(sig)
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %v", sig, err)
		}
		if log := stderr.String(); !strings.Contains(log, "0820, code 301: code=97") || strings.Contains(log, "99999906") {
			t.Errorf("log %q", log)
		}
	}
}

func TestProgramWithTLS(t *testing.T) {
	ca := filepath.Join(t.TempDir(), "ca.pem")
	_, address, _ := program(t, "-tls", "-ca-out", ca, "-names", "host.example,other.example", "-quiet")
	pem, err := os.ReadFile(ca)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	c, err := tls.Dial("tcp", address, &tls.Config{RootCAs: pool, ServerName: "host.example"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if reply := ask(t, c); len(reply) != 61 {
		t.Errorf("reply %x", reply)
	}
}

func TestUsage(t *testing.T) {
	for _, c := range []struct {
		args   string
		status int
		stdout string
		stderr string
	}{
		{"-h", 0, "", "usage: acquirersim"},
		{"-list", 0, "SLOWnnnn", ""},
		{"-nonsense", 2, "", "-nonsense"},
		{"good", 2, "", `unexpected argument "good"`},
		{"-behaviour nonsense", 2, "", `no behaviour "nonsense"`},
		{"-behaviour slow", 2, "", "slow=DURATION"},
		{"-cert nonsense", 2, "", `no kind of TLS "nonsense"`},
		{"-ca-out ca.pem", 2, "", "-ca-out needs -tls"},
		{"-zone Nowhere/Land", 2, "", "Nowhere/Land"},
		{"-listen 127.0.0.1:99999", 1, "", "invalid port"},
		{"-listen 127.0.0.1:0 -tls -ca-out /nonexistent/ca.pem", 1, "", "/nonexistent/ca.pem"},
	} {
		var stdout, stderr bytes.Buffer
		if got := run(t.Context(), strings.Fields(c.args), &stdout, &stderr); got != c.status {
			t.Errorf("%s: exit %d, want %d", c.args, got, c.status)
		}
		if !strings.Contains(stdout.String(), c.stdout) || !strings.Contains(stderr.String(), c.stderr) {
			t.Errorf("%s: stdout %q, stderr %q", c.args, stdout.String(), stderr.String())
		}
		if c.status == 2 && stdout.Len() > 0 {
			t.Errorf("%s: an error on stdout: %q", c.args, stdout.String())
		}
	}
}

// Whoever reads -list must find everything.
func TestListIsComplete(t *testing.T) {
	var out bytes.Buffer
	list(&out)
	for _, b := range signontest.Behaviours() {
		if !strings.Contains(out.String(), "\n"+b.Name) || !strings.Contains(out.String(), b.Imitates) {
			t.Errorf("%s is missing", b.Name)
		}
	}
	for _, k := range signontest.TLSKinds() {
		if !strings.Contains(out.String(), "\n"+k.Name+" ") || !strings.Contains(out.String(), k.Imitates) {
			t.Errorf("TLS %s is missing", k.Name)
		}
	}
}
