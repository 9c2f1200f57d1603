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
	"slices"
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

// Each dialect is there for whoever has the program alone.
func TestProgramSpeaks(t *testing.T) {
	for _, c := range []struct{ args, request, want string }{
		{"-http -http-path /iso", "POST /iso HTTP/1.1\r\nHost: a\r\nContent-Length: 54\r\n\r\n" + unhex(t, echo), "HTTP/1.1 200 OK\r\n"},
		{"-http-path /iso", "POST /other HTTP/1.1\r\nHost: a\r\nContent-Length: 54\r\n\r\n" + unhex(t, echo), "HTTP/1.1 404 Not Found\r\n"},
		{"-protocol iso8583-1993 -framing 4-ascii", "00231804" + "0000010000000000" + "831", "00381814" + "0010010002000000"},
		{"-protocol http -behaviour empty-500", "GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 500 Internal Server Error\r\n"},
		{"-protocol tcp", "HELLO\r\n", "220 ready\r\n"},
	} {
		_, address, _ := program(t, append(strings.Fields(c.args), "-quiet")...)
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(20 * time.Second))
		if _, err := io.WriteString(conn, c.request); err != nil {
			t.Fatal(err)
		}
		conn.(*net.TCPConn).CloseWrite()
		reply, err := io.ReadAll(conn)
		if err != nil || !strings.HasPrefix(string(reply), c.want) {
			t.Errorf("%s: %q, %v", c.args, reply, err)
		}
	}
}

func unhex(t *testing.T, s string) string {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
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
		{"-protocol nonsense", 2, "", `no protocol "nonsense"`},
		{"-framing nonsense", 2, "", `no framing "nonsense"`},
		{"-protocol iso8583-1987 -encoding nonsense", 2, "", `no encoding "nonsense"`},
		{"-protocol http -framing visa", 2, "", "protocol http has no framing"},
		{"-protocol tcp -http", 2, "", "protocol tcp does not go over HTTP"},
		{"-behaviour poll", 2, "", "behaviour poll needs a framing with polls"},
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
	for _, c := range slices.Concat(signontest.Protocols(), signontest.Encodings()) {
		if !strings.Contains(out.String(), "\n"+c.Name+" ") && !strings.HasPrefix(out.String(), c.Name) || !strings.Contains(out.String(), c.About) {
			t.Errorf("%s is missing", c.Name)
		}
	}
	for _, f := range signontest.Framings() {
		if !strings.Contains(out.String(), "\n"+f.Name+" ") || !strings.Contains(out.String(), f.About) {
			t.Errorf("framing %s is missing", f.Name)
		}
	}
	for _, k := range signontest.TLSKinds() {
		if !strings.Contains(out.String(), "\n"+k.Name+" ") || !strings.Contains(out.String(), k.Imitates) {
			t.Errorf("TLS %s is missing", k.Name)
		}
	}
}
