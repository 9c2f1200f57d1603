//go:build unix

package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
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
	"posprobe/report"
)

// need skips a test that lacks a program or root, or fails it where nothing may be
// left out.
func need(t *testing.T, root bool, programs ...string) {
	t.Helper()
	missing := ""
	if root && os.Geteuid() != 0 {
		missing = "not root"
	}
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			missing = "no " + p
		}
	}
	switch {
	case missing == "":
	case os.Getenv("POSPROBE_REQUIRE_LAB") == "1":
		t.Fatalf("%s, and nothing may be left out", missing)
	default:
		t.Skipf("NOT TESTED: %s", missing)
	}
}

// serve starts a server in the foreground and waits until its port answers.
func serve(t *testing.T, address string, argv ...string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) } // its children too
	cmd.WaitDelay = 3 * time.Second
	if err := cmd.Start(); err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); cmd.Wait() })
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%v does not listen: %v\n%s", argv, err, out.String())
		}
	}
}

// TestRealServers checks servers that know nothing of posprobe: no file, no root.
func TestRealServers(t *testing.T) {
	need(t, true, "nginx", "/usr/sbin/sshd", "ssh-keygen", "/usr/sbin/exim4")
	dir := t.TempDir()
	for _, d := range []string{filepath.Dir(dir), dir} { // the servers read as users of their own
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	certificate, key := selfSigned(t, dir)
	web, websec, ssh, smtp := closedPort(t), closedPort(t), closedPort(t), closedPort(t)

	conf := filepath.Join(dir, "nginx.conf")
	writeFile(t, conf, fmt.Sprintf(`daemon off; pid %[1]s/nginx.pid; error_log %[1]s/error.log;
events {}
http { access_log off; client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
 server { listen %[2]s; }
 server { listen %[3]s ssl; ssl_certificate %[4]s; ssl_certificate_key %[5]s; } }
`, dir, web, websec, certificate, key))
	serve(t, websec, "nginx", "-p", dir, "-c", conf)

	hostKey := filepath.Join(dir, "hostkey")
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", hostKey).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if err := os.MkdirAll("/run/sshd", 0o755); err != nil { // sshd's own requirement
		t.Fatal(err)
	}
	_, sshPort, _ := net.SplitHostPort(ssh)
	serve(t, ssh, "/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-h", hostKey, "-p", sshPort, "-o", "ListenAddress=127.0.0.1", "-o", "PidFile=none")

	mail := filepath.Join(dir, "mail") // exim writes as a user of its own
	if err := os.Mkdir(mail, 0o777); err != nil || os.Chmod(mail, 0o777) != nil {
		t.Fatal(err)
	}
	eximConf := filepath.Join(dir, "exim.conf")
	writeFile(t, eximConf, "spool_directory = "+mail+"/spool\nlog_file_path = "+mail+"/exim-%s.log\nprimary_hostname = mail.example\n"+
		"tls_advertise_hosts =\nkeep_environment =\nacl_smtp_rcpt = deny\nbegin acl\ndeny:\n deny\nbegin routers\nbegin transports\n")
	if err := os.Chown(eximConf, 0, 0); err != nil {
		t.Fatal(err)
	}
	_, smtpPort, _ := net.SplitHostPort(smtp)
	serve(t, smtp, "/usr/sbin/exim4", "-C", eximConf, "-bdf", "-oX", "127.0.0.1."+smtpPort)

	for _, c := range []struct {
		name string
		args []string
		exit int
		code report.Code
	}{
		{"nginx", []string{"--endpoint", web}, 0, ""},
		{"nginx over TLS with its CA", []string{"--endpoint", websec, "--tls", "--ca", certificate}, 0, ""},
		{"nginx over TLS, unknown", []string{"--endpoint", websec, "--tls"}, 50, ""},
		{"TLS to a plain port", []string{"--endpoint", web, "--tls"}, 50, ""},
		{"SSH", []string{"--endpoint", ssh}, 0, ""},
		{"SSH banner", []string{"--endpoint", ssh, "--protocol", "tcp"}, 0, ""},
		{"SSH taken for an acquirer", echo(ssh, testTerminal)[1:], 50, ""},
		{"SMTP", []string{"--endpoint", smtp}, 0, ""},
		{"SMTP banner", []string{"--endpoint", smtp, "--protocol", "tcp"}, 0, ""},
		{"all at once", []string{"--endpoint", web, "--endpoint", ssh, "--endpoint", smtp}, 0, ""},
	} {
		o := steady(t, append([]string{"check", "--format", "json"}, c.args...)...)
		d := decode(t, o).Diagnosis
		if o.exit != c.exit || d.Code != c.code {
			t.Errorf("%s: exit %d %q, want %d %q\n%s", c.name, o.exit, d.Code, c.exit, c.code, o.stdout)
		}
	}
}

// selfSigned writes a certificate for 127.0.0.1 and its key.
func selfSigned(t *testing.T, dir string) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	certificate, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	writeFile(t, certificate, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	writeFile(t, key, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})))
	return certificate, key
}

// TestARM runs the ARMv7 binary under user emulation: what it does, not what the
// kernel tells, which emulation falsifies.
func TestARM(t *testing.T) {
	need(t, false, "qemu-arm-static")
	if runtime.GOOS != "linux" {
		t.Skip("NOT TESTED: needs Linux")
	}
	arm := filepath.Join(t.TempDir(), "posprobe-arm")
	if err := build(arm, "GOOS=linux", "GOARCH=arm", "GOARM=7"); err != nil {
		t.Fatal(err)
	}
	s := acquirer(t, signontest.Options{})
	secure := acquirer(t, signontest.Options{TLS: "good"})
	ca := filepath.Join(t.TempDir(), "ca.pem")
	writeFile(t, ca, string(secure.Authority().PEM()))
	for _, c := range []struct {
		args []string
		exit int
	}{
		{echo(s.Addr(), testTerminal), 0},
		{echo(secure.Addr(), testTerminal, "--tls", "--ca", ca), 0},
		{echo(s.Addr(), "RC960000"), 30},
		{echo(s.Addr(), "RC900000"), 35},
		{echo(s.Addr(), "RC970000"), 40},
		{echo(s.Addr(), "HTTP0000"), 50},
		{[]string{"check", "--endpoint", "pos.acquirer.example:5500", "--resolver", "127.0.0.1:9"}, 10},
	} {
		var out []byte
		var cmd *exec.Cmd
		for range 3 { // again while this machine was too busy to judge
			ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
			cmd = exec.CommandContext(ctx, "qemu-arm-static", append([]string{arm}, append(c.args, "--format", "json", "--wait", "5s")...)...)
			cmd.Env = append(os.Environ(), "POSPROBE_RUN_DIR="+t.TempDir())
			out, _ = cmd.Output()
			cancel()
			if !strings.Contains(string(out), `"note.device_busy"`) {
				break
			}
		}
		r, err := report.Decode(out)
		if err != nil {
			t.Errorf("%v: %v: %s", c.args, err, out)
			continue
		}
		if got := cmd.ProcessState.ExitCode(); got != c.exit || r.Agent.Arch != "arm" {
			t.Errorf("%v: exit %d, want %d: %+v", c.args, got, c.exit, r.Diagnosis)
		}
	}
}
