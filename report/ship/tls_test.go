package ship

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var quietLog = log.New(io.Discard, "", 0)

// servers makes a receiver with TLS out of one without.
func secureReceiver(t *testing.T, c *tls.Config, answer func(int, []string, http.ResponseWriter, *http.Request) bool) (*inbox, *httptest.Server) {
	b, plain := receive(t, answer)
	return b, secure(t, plain, c)
}

// TestWrongCertificate: nothing is said to a server that is not the one that is meant.
func TestWrongCertificate(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	weak := weakKey(t)
	for name, c := range map[string]tls.Certificate{
		"of another authority":    other.pair(nil, nil),
		"expired":                 ca.pair(nil, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }),
		"not yet valid":           ca.pair(nil, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) }),
		"of another name":         ca.pair(nil, func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = []string{"other.example"}, nil }),
		"not meant for a server":  ca.pair(nil, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning} }),
		"with a key of 1024 bits": ca.pair(weak, nil),
	} {
		t.Run(name, func(t *testing.T) {
			leaks(t)
			b, server := secureReceiver(t, &tls.Config{Certificates: []tls.Certificate{c}}, nil)
			m := newMemory()
			m.add("failures", bad(0))
			s := ship(t, m, Config{}, Destination{To: server.URL, CA: ca.file()})
			eventually(t, "the trouble", func() bool { return s.Status()[0].Trouble != nil })
			if w := s.Status()[0].Trouble; w.Kind != Untrusted && !strings.Contains(w.Detail, "2048") {
				t.Errorf("%v", w)
			}
			s.Stop()
			if b.count() != 0 {
				t.Error("a request was made")
			}
		})
	}
}

func TestOldTLS(t *testing.T) {
	ca := newAuthority(t)
	b, server := secureReceiver(t, &tls.Config{Certificates: []tls.Certificate{ca.pair(nil, nil)}, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}, nil)
	m := newMemory()
	m.add("failures", bad(0))
	s := ship(t, m, Config{}, Destination{To: server.URL, CA: ca.file()})
	eventually(t, "the trouble", func() bool { return s.Status()[0].Trouble != nil })
	if w := s.Status()[0].Trouble; w.Kind != Untrusted || b.count() != 0 {
		t.Errorf("%v", w)
	}
}

// TestNotTLS: plain HTTP where TLS is due.
func TestNotTLS(t *testing.T) {
	_, server := receive(t, nil)
	m := newMemory()
	m.add("failures", bad(0))
	s := ship(t, m, Config{}, Destination{To: strings.Replace(server.URL, "http:", "https:", 1), CA: newAuthority(t).file()})
	eventually(t, "the trouble", func() bool { return s.Status()[0].Trouble != nil })
	if w := s.Status()[0].Trouble; w.Kind != Untrusted {
		t.Errorf("%v", w)
	}
}

// TestClientCertificate: it is shown, and a new one is used as soon as it is there.
func TestClientCertificate(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			ca, other := newAuthority(t), newAuthority(t)
			var shown atomic.Value
			b, server := secureReceiver(t, &tls.Config{
				Certificates: []tls.Certificate{ca.pair(nil, nil)}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: ca.pool(), MinVersion: version, MaxVersion: version,
			}, func(_ int, _ []string, _ http.ResponseWriter, r *http.Request) bool {
				shown.Store(r.TLS.PeerCertificates[0].Subject.CommonName)
				return true
			})
			dir := t.TempDir()
			certificate, key := other.issue("stranger", nil, nil)
			d := Destination{To: server.URL, CA: ca.file(), Certificate: write(t, filepath.Join(dir, "c"), certificate), Key: write(t, filepath.Join(dir, "k"), key)}
			m := newMemory()
			m.add("failures", bad(0))
			s := ship(t, m, Config{}, d)
			eventually(t, "the refusal", func() bool { return s.Status()[0].Trouble != nil })
			if w := s.Status()[0].Trouble; w.Kind != Untrusted {
				t.Errorf("%v", w)
			}
			// Half of the new pair is there: nothing can be done with that.
			certificate, key = ca.issue("terminal-1", nil, nil)
			write(t, d.Certificate, certificate)
			eventually(t, "the halves that do not fit", func() bool { w := s.Status()[0].Trouble; return w != nil && w.Kind == Misconfigured })
			if w := s.Status()[0].Trouble; strings.Contains(w.Detail, "BEGIN") {
				t.Errorf("%v", w)
			}
			write(t, d.Key, key)
			eventually(t, "the report", func() bool { return b.has(0) && shown.Load() == "terminal-1" })
			certificate, key = ca.issue("terminal-2", nil, nil)
			write(t, d.Certificate, certificate)
			write(t, d.Key, key)
			m.add("failures", bad(1))
			s.Stored("failures", 1)
			eventually(t, "the new certificate", func() bool { return b.has(0, 1) && shown.Load() == "terminal-2" })
		})
	}
}

// TestNewCA: the roots are read again too.
func TestNewCA(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	b, server := secureReceiver(t, &tls.Config{Certificates: []tls.Certificate{ca.pair(nil, nil)}}, nil)
	file := write(t, "ca.pem", other.pem())
	m := newMemory()
	m.add("failures", bad(0))
	s := ship(t, m, Config{}, Destination{To: server.URL, CA: file})
	eventually(t, "the trouble", func() bool { return s.Status()[0].Trouble != nil })
	write(t, file, other.pem()+ca.pem())
	eventually(t, "the report", func() bool { return b.has(0) })
}

// TestResumes: the second connection costs less than the first.
func TestResumes(t *testing.T) {
	ca := newAuthority(t)
	var resumed atomic.Bool
	b, server := secureReceiver(t, &tls.Config{Certificates: []tls.Certificate{ca.pair(nil, nil)}}, func(_ int, _ []string, _ http.ResponseWriter, r *http.Request) bool {
		resumed.Store(r.TLS.DidResume)
		return true
	})
	m := newMemory()
	m.add("failures", bad(0))
	s := ship(t, m, Config{}, Destination{To: server.URL, CA: ca.file()})
	eventually(t, "the first", func() bool { return s.Status()[0].Sent == 1 })
	first := s.Status()[0].Bytes
	m.add("failures", bad(1))
	s.Stored("failures", 1)
	eventually(t, "the second", func() bool { return s.Status()[0].Sent == 2 })
	second := s.Status()[0].Bytes - first
	t.Logf("a report over a new session takes %d bytes, over a resumed one %d", first, second)
	if !resumed.Load() || second >= first || !b.has(0, 1) {
		t.Errorf("resumed %v, %d and %d bytes", resumed.Load(), first, second)
	}
}

// TestToken: it is sent, and after a refusal a new one is used as soon as it is there.
func TestToken(t *testing.T) {
	b, server := receive(t, func(_ int, _ []string, w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Authorization") != "Bearer new.token-1~" {
			w.WriteHeader(401)
			return false
		}
		return true
	})
	file := write(t, "token", "old\n")
	m := newMemory()
	m.add("failures", bad(0))
	s, err := start(Config{Streams: m.streams(), Keeper: m}, []Destination{{To: server.URL, Token: file}},
		times{first: time.Hour, last: time.Hour, slow: time.Hour, look: 5 * time.Millisecond}) // it is the file that ends the wait
	if err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	eventually(t, "the refusal", func() bool { w := s.Status()[0].Trouble; return w != nil && w.Kind == Unauthorized })
	if b.count() != 1 {
		t.Errorf("%d requests", b.count())
	}
	for content, want := range map[string]Kind{"": Misconfigured, "two words": Misconfigured, "a\r\nX: y": Misconfigured, strings.Repeat("x", maxSecret+1): Misconfigured} {
		write(t, file, content)
		eventually(t, "a token that is none", func() bool { w := s.Status()[0].Trouble; return w != nil && w.Kind == want })
	}
	os.Remove(file)
	write(t, file, "  new.token-1~\r\n")
	eventually(t, "the report", func() bool { return b.has(0) })
}

func TestUnusableFiles(t *testing.T) {
	ca := newAuthority(t)
	certificate, key := ca.issue("terminal", nil, nil)
	c, k := write(t, "c", certificate), write(t, "k", key)
	m := newMemory()
	m.add("failures", bad(0))
	for name, d := range map[string]Destination{
		"no such file":  {CA: filepath.Join(t.TempDir(), "nothing")},
		"a directory":   {CA: t.TempDir()},
		"no CA":         {CA: k},
		"no key":        {CA: ca.file(), Certificate: c, Key: c},
		"a huge CA":     {CA: write(t, "huge", strings.Repeat("x", maxRoots+1))},
		"not its key":   {CA: ca.file(), Certificate: c, Key: write(t, "other", func() string { _, k := ca.issue("x", nil, nil); return k }())},
		"no such token": {CA: ca.file(), Token: filepath.Join(t.TempDir(), "nothing")},
		"no password":   {CA: ca.file(), Proxy: "http://127.0.0.1:1", ProxyCredentials: write(t, "p", "user")},
	} {
		d.To = "https://127.0.0.1:1/"
		s := ship(t, m, Config{}, d)
		eventually(t, name, func() bool { w := s.Status()[0].Trouble; return w != nil && w.Kind == Misconfigured })
		s.Stop()
	}
}
