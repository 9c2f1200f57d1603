package config_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"posprobe/cmd/posprobe/config"
)

func TestTLSLoadsItsFiles(t *testing.T) {
	path := writeConfig(t, `
acquirer:
  endpoints:
    - {address: 203.0.113.20:5500}
    - {address: pos.acquirer.example:5500, tls: {}}
    - address: "[2001:db8::20]:5500"
      tls: {ca: ca.pem, pin: sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=, certificate: own.pem, key: own.key, hello: large}
    - {address: 203.0.113.21:5500, tls: {server_name: pos.acquirer.example}}
`)
	dir := filepath.Dir(path)
	keyPair(t, filepath.Join(dir, "ca.pem"), filepath.Join(dir, "ca.key"))
	keyPair(t, filepath.Join(dir, "own.pem"), filepath.Join(dir, "own.key"))
	c, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if all := c.Check(); len(all) > 0 {
		t.Fatal(all)
	}
	loaded := make([]*config.Secrets, 4)
	for i := range loaded {
		if loaded[i], err = c.TLS(i); err != nil {
			t.Fatal(err)
		}
	}
	if loaded[0] != nil {
		t.Error("plain TCP has TLS")
	}
	if s := loaded[1]; s.Roots != nil || s.Pin != nil || s.Certificate != nil || s.LargeHello || s.ServerName != "pos.acquirer.example" {
		t.Errorf("tls: {} is %+v", s)
	}
	if s := loaded[2]; s.Roots == nil || len(s.Pin) != 32 || s.Certificate == nil || !s.LargeHello || s.ServerName != "2001:db8::20" {
		t.Errorf("everything is %+v", s)
	}
	if s := loaded[3]; s.ServerName != "pos.acquirer.example" {
		t.Errorf("server name %q", s.ServerName)
	}
}

// A file named in a flag is looked for where the command is run.
func TestFileOfAFlagStartsFromTheWorkingDirectory(t *testing.T) {
	path := writeConfig(t, "acquirer: {endpoints: [{address: pos.acquirer.example:5500}]}\n")
	c, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Override(config.Flag{Name: "--ca", Value: "testdata/good/ca.pem"}); err != nil {
		t.Fatal(err)
	}
	if s, err := c.TLS(0); err != nil || s.Roots == nil {
		t.Errorf("%+v, %v", s, err)
	}
}

// Each case breaks one of the files of a configuration that is otherwise right.
func TestTLSFilesThatCannotBeUsed(t *testing.T) {
	const text = "acquirer: {endpoints: [{address: pos.acquirer.example:5500, tls: {ca: ca.pem, certificate: own.pem, key: own.key}}]}\n"
	for name, test := range map[string]struct {
		damage func(t *testing.T, dir string)
		want   string // "" for no mistake
	}{
		"nothing": {func(*testing.T, string) {}, ""},
		"key for others": {func(t *testing.T, dir string) {
			if err := os.Chmod(filepath.Join(dir, "own.key"), 0o640); err != nil {
				t.Fatal(err)
			}
		}, `tls.key: "own.key": has the rights 0640: others than its owner can get at the key; run chmod 600 on it`},
		"another key": {func(t *testing.T, dir string) {
			keyPair(t, filepath.Join(dir, "other.pem"), filepath.Join(dir, "own.key"))
		}, `tls.key: "own.key": does not parse, or does not belong to the certificate; `},
		"damaged key": {func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "own.key"), []byte("-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n-----END PRIVATE KEY-----\n"))
		}, `tls.key: "own.key": does not parse, or does not belong to the certificate; `},
		"certificate in place of the key": {func(t *testing.T, dir string) {
			keyPair(t, filepath.Join(dir, "own.key"), filepath.Join(dir, "other.key"))
		}, `tls.key: "own.key": holds no private key in PEM form; `},
		"key in place of the roots": {func(t *testing.T, dir string) {
			keyPair(t, filepath.Join(dir, "other.pem"), filepath.Join(dir, "ca.pem"))
		}, `tls.ca: "ca.pem": holds no certificate in PEM form; `},
		"damaged root": {func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "ca.pem"), []byte("-----BEGIN CERTIFICATE-----\nMC4CAQAw\n-----END CERTIFICATE-----\n"))
		}, `tls.ca: "ca.pem": holds a certificate that does not parse; `},
		"no root": {func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, "ca.pem")); err != nil {
				t.Fatal(err)
			}
		}, `tls.ca: "ca.pem": cannot be used: `},
		"endless root": {func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "ca.pem"), make([]byte, 1<<20+1))
		}, `tls.ca: "ca.pem": cannot be used: is too large; `},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "key for others" && runtime.GOOS == "windows" {
				t.Skip("this system's files have no such rights")
			}
			path := writeConfig(t, text)
			dir := filepath.Dir(path)
			keyPair(t, filepath.Join(dir, "ca.pem"), filepath.Join(dir, "ca.key"))
			keyPair(t, filepath.Join(dir, "own.pem"), filepath.Join(dir, "own.key"))
			test.damage(t, dir)
			got := complaints(t, path)
			if !strings.Contains(got, test.want) || (got == "") != (test.want == "") || strings.Count(got, "\n") > 1 {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
			c, _ := config.Load(path)
			if _, err := c.TLS(0); (err == nil) != (test.want == "") {
				t.Errorf("TLS: %v", err)
			}
		})
	}
}

// A pipe in the place of a file must not be waited for.
func TestPipesAreRefused(t *testing.T) {
	path := writeConfig(t, "acquirer: {endpoints: [{address: pos.acquirer.example:5500, tls: {ca: pipe}}]}\n")
	makePipe(t, filepath.Join(filepath.Dir(path), "pipe"))
	done := make(chan string, 1)
	go func() { done <- complaints(t, path) }()
	select {
	case got := <-done:
		if !strings.Contains(got, "is no regular file") {
			t.Errorf("got %q", got)
		}
	case <-time.After(time.Minute):
		t.Fatal("still waiting for the pipe")
	}
}
