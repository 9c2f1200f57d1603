package probe

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"io"
	"math/big"
	"net"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"posprobe/report"
)

// authority signs certificates for tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test Root"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().AddDate(-10, 0, 0), NotAfter: time.Now().AddDate(10, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{cert, key}
}

func (a *authority) pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.cert)
	return p
}

// issue makes a certificate; change may alter it before it is signed.
func (a *authority) issue(t *testing.T, change func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return a.issueFor(t, key, &key.PublicKey, change)
}

func (a *authority) issueFor(t *testing.T, key, public any, change func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: posName}, DNSNames: []string{posName},
		NotBefore: time.Now().AddDate(0, -1, 0), NotAfter: time.Now().AddDate(0, 1, 0),
	}
	if change != nil {
		change(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, public, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// serveTLS answers PING with PONG over TLS.
func serveTLS(t *testing.T, config *tls.Config) string {
	return serve(t, func(c net.Conn) {
		s := tls.Server(c, config)
		b := make([]byte, 4)
		if _, err := io.ReadFull(s, b); err == nil {
			io.WriteString(s, "PONG")
		}
		s.Close()
	})
}

// shake runs an exchange with a TLS endpoint and returns the handshake.
func shake(t *testing.T, address string, want *TLS) (report.Handshake, report.Evidence) {
	t.Helper()
	e := Round(t.Context(), loopbackSystem(t), requestFor(Endpoint{Address: address, TLS: want, Dialect: wordDialect{request: "PING"}}))
	checkCounts(t, e)
	if len(e.TLS) != 1 {
		t.Fatalf("handshakes %+v, connects %+v", e.TLS, e.Connects)
	}
	return e.TLS[0], e
}

func TestTLSTrusted(t *testing.T) {
	ca := newAuthority(t)
	address := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{ca.issue(t, nil)}})
	h, e := shake(t, address, &TLS{ServerName: posName, Roots: ca.pool()})
	if h.Failure != nil || h.Verified == nil || !*h.Verified || len(h.Problems) != 0 || h.Version != "TLS 1.3" || h.ServerName != posName {
		t.Fatalf("handshake %+v", h)
	}
	if h.HelloBytes < 150 || h.HelloBytes > 400 {
		t.Errorf("a ClientHello of %d bytes", h.HelloBytes)
	}
	if c := h.Certificates[0]; c.Key != "ECDSA-256" || c.Signature != "ECDSA-SHA256" || !slices.Equal(c.Names, []string{posName}) || !strings.HasPrefix(c.SPKI, "sha256/") {
		t.Errorf("certificate %+v", c)
	}
	if s := e.SignOns[0]; s.Failure != nil || s.ReplyBytes != 4 {
		t.Errorf("sign-on %+v", s)
	}
}

func TestTLSLargeHello(t *testing.T) {
	ca := newAuthority(t)
	address := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{ca.issue(t, nil)}})
	if h, _ := shake(t, address, &TLS{ServerName: posName, Roots: ca.pool(), LargeHello: true}); h.HelloBytes < 1200 {
		t.Errorf("a ClientHello of %d bytes", h.HelloBytes)
	}
}

func TestTLSOldVersions(t *testing.T) {
	ca := newAuthority(t)
	for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS12} {
		address := serveTLS(t, &tls.Config{
			Certificates: []tls.Certificate{ca.issue(t, nil)}, MinVersion: tls.VersionTLS10, MaxVersion: version,
		})
		h, _ := shake(t, address, &TLS{ServerName: posName, Roots: ca.pool()})
		if h.Failure != nil || h.Version != tls.VersionName(version) {
			t.Errorf("%s: %+v", tls.VersionName(version), h.Failure)
		}
	}
}

func TestTLSProblems(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	weakKey, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	good := ca.issue(t, nil)
	leaf, err := x509.ParseCertificate(good.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	expired := func(c *x509.Certificate) { c.NotAfter = time.Now().AddDate(0, 0, -1) }
	for name, tt := range map[string]struct {
		cert tls.Certificate
		want TLS
		has  []report.CertificateProblem
	}{
		"expired":                    {ca.issue(t, expired), TLS{Roots: ca.pool()}, []report.CertificateProblem{report.CertExpired}},
		"expired of unknown issuer":  {other.issue(t, expired), TLS{Roots: ca.pool()}, []report.CertificateProblem{report.CertExpired, report.CertUnknownIssuer}},
		"not yet valid":              {ca.issue(t, func(c *x509.Certificate) { c.NotBefore = time.Now().AddDate(0, 0, 1) }), TLS{Roots: ca.pool()}, []report.CertificateProblem{report.CertNotYetValid}},
		"unknown issuer":             {other.issue(t, nil), TLS{Roots: ca.pool()}, []report.CertificateProblem{report.CertUnknownIssuer}},
		"wrong name":                 {ca.issue(t, func(c *x509.Certificate) { c.DNSNames = []string{"web.example"} }), TLS{Roots: ca.pool()}, []report.CertificateProblem{report.CertWrongName}},
		"wrong address":              {good, TLS{Roots: ca.pool(), ServerName: "127.0.0.1"}, []report.CertificateProblem{report.CertWrongName}},
		"address":                    {ca.issue(t, func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)} }), TLS{Roots: ca.pool(), ServerName: "127.0.0.1"}, nil},
		"common name only":           {ca.issue(t, func(c *x509.Certificate) { c.DNSNames = nil }), TLS{Roots: ca.pool()}, nil},
		"pin":                        {good, TLS{Pin: pinOf(leaf), ServerName: "anything.example"}, nil},
		"pin mismatch":               {other.issue(t, nil), TLS{Pin: pinOf(leaf)}, []report.CertificateProblem{report.CertPinMismatch}},
		"pin and roots":              {good, TLS{Pin: pinOf(leaf), Roots: other.pool()}, []report.CertificateProblem{report.CertUnknownIssuer}},
		"weak key":                   {ca.issueFor(t, weakKey, &weakKey.PublicKey, nil), TLS{Roots: ca.pool()}, []report.CertificateProblem{report.CertWeak}},
		"system roots know it as no": {good, TLS{}, []report.CertificateProblem{report.CertUnknownIssuer}},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.want.ServerName == "" {
				tt.want.ServerName = posName
			}
			h, e := shake(t, serveTLS(t, &tls.Config{Certificates: []tls.Certificate{tt.cert}}), &tt.want)
			if h.Failure != nil || !slices.Equal(h.Problems, tt.has) || *h.Verified != (len(tt.has) == 0) {
				t.Fatalf("problems %q, failure %+v", h.Problems, h.Failure)
			}
			if len(e.SignOns) != 1 {
				t.Fatalf("sign-ons %+v", e.SignOns)
			}
			// The echo names the terminal. Whoever said whom to trust is taken at that word;
			// wrong dates and weak keys do not make a stranger.
			s, told := e.SignOns[0], tt.want.Roots != nil || tt.want.Pin != ""
			if told && slices.ContainsFunc(tt.has, func(p report.CertificateProblem) bool { return slices.Contains(strange, p) }) {
				wantFailure(t, s.Failure, report.OpWrite, report.FailUntrusted)
				if s.RequestBytes != 0 {
					t.Errorf("%d bytes were sent", s.RequestBytes)
				}
			} else if s.Failure != nil || s.RequestBytes != 4 {
				t.Errorf("sign-on %+v", s.Failure)
			}
		})
	}
}

// A message that brings keys back goes to a peer that was verified, and to no other.
func TestKeysOnlyFromAVerifiedPeer(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	for name, tt := range map[string]struct {
		roots *x509.CertPool
		sent  int64
	}{"verified": {ca.pool(), 4}, "not verified": {other.pool(), 0}, "system roots": {nil, 0}} {
		got := make(chan int, 1)
		address := serve(t, func(c net.Conn) {
			s := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{ca.issue(t, nil)}})
			n, _ := io.ReadFull(s, make([]byte, 4))
			io.WriteString(s, "PONG")
			got <- n
		})
		e := Round(t.Context(), loopbackSystem(t), requestFor(Endpoint{
			Address: address, TLS: &TLS{ServerName: posName, Roots: tt.roots}, Dialect: wordDialect{request: "PING", keys: true},
		}))
		s := e.SignOns[0]
		if s.RequestBytes != tt.sent || int64(<-got) != tt.sent {
			t.Errorf("%s: %d bytes sent", name, s.RequestBytes)
		}
		if tt.sent == 0 {
			wantFailure(t, s.Failure, report.OpWrite, report.FailUntrusted)
		}
	}
}

func TestTLSFailures(t *testing.T) {
	ca := newAuthority(t)
	for name, tt := range map[string]struct {
		handle func(net.Conn)
		fail   report.FailureType
		alert  int64
	}{
		"not TLS":                    {func(c net.Conn) { io.WriteString(c, "SSH-2.0-test\r\n"); hang(c) }, report.FailNotTLS, 0},
		"closed":                     {func(c net.Conn) { c.Read(make([]byte, 1024)) }, report.FailClosed, 0},
		"reset":                      {func(c net.Conn) { c.Read(make([]byte, 1024)); reset(c) }, report.FailReset, 0},
		"silent":                     {hang, report.FailDeadline, 0},
		"version":                    {func(c net.Conn) { c.Read(make([]byte, 1024)); c.Write([]byte{21, 3, 1, 0, 2, 2, 70}); hang(c) }, report.FailTLSVersion, 70},
		"alert":                      {func(c net.Conn) { c.Read(make([]byte, 1024)); c.Write([]byte{21, 3, 1, 0, 2, 2, 40}); hang(c) }, report.FailTLSAlert, 40},
		"cut short":                  {func(c net.Conn) { c.Read(make([]byte, 1024)); c.Write([]byte{22, 3, 3, 0, 90, 2}) }, report.FailCutShort, 0},
		"an alert, then silence":     {func(c net.Conn) { c.Read(make([]byte, 1024)); c.Write([]byte{21, 3, 3, 0, 2, 1, 0}); hang(c) }, report.FailCutShort, 0},
		"one byte, then silence":     {func(c net.Conn) { c.Read(make([]byte, 1024)); c.Write([]byte{22}); hang(c) }, report.FailCutShort, 0},
		"half a flight and silence":  {func(c net.Conn) { c.Read(make([]byte, 1024)); c.Write([]byte{22, 3, 3, 0, 90, 2, 0, 0}); hang(c) }, report.FailCutShort, 0},
		"one byte of something else": {func(c net.Conn) { c.Read(make([]byte, 1024)); c.Write([]byte{'2'}); hang(c) }, report.FailDeadline, 0},
		"SSL 3.0":                    {func(c net.Conn) { c.Read(make([]byte, 1024)); c.Write(ancientHello()); hang(c) }, report.FailTLSVersion, 0},
		"broken hello":               {func(c net.Conn) { c.Read(make([]byte, 1024)); c.Write([]byte{22, 3, 3, 0, 5, 2, 0, 0, 1, 9}); hang(c) }, report.FailTLSMalformed, 0},
	} {
		t.Run(name, func(t *testing.T) {
			req := requestFor(Endpoint{Address: serve(t, tt.handle), TLS: &TLS{Roots: ca.pool()}, Dialect: wordDialect{request: "PING"}})
			req.Connect = time.Second
			e := Round(t.Context(), loopbackSystem(t), req)
			checkCounts(t, e)
			h := e.TLS[0]
			wantFailure(t, h.Failure, report.OpTLSHandshake, tt.fail)
			if tt.alert == 0 && h.Alert != nil || tt.alert != 0 && (h.Alert == nil || *h.Alert != tt.alert) {
				t.Errorf("alert %v", h.Alert)
			}
			if h.Verified != nil || len(e.SignOns) != 0 || h.HelloBytes == 0 {
				t.Errorf("handshake %+v", h)
			}
			if strings.HasSuffix(name, "silence") && runtime.GOOS == "linux" && (h.TCP == nil || h.TCP.State != "established" || *h.TCP.BytesReceived == 0) {
				t.Errorf("the kernel's view is not kept: %+v", h.TCP)
			}
		})
	}
}

// ancientHello is a ServerHello of SSL 3.0.
func ancientHello() []byte {
	hello, _ := hex.DecodeString("02000026" + "0300" + strings.Repeat("00", 32) + "00" + "002f" + "00")
	return append([]byte{22, 3, 0, 0, byte(len(hello))}, hello...)
}

func TestClientCertificate(t *testing.T) {
	ca := newAuthority(t)
	ours := ca.issue(t, nil)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		server := &tls.Config{
			Certificates: []tls.Certificate{ca.issue(t, nil)}, ClientCAs: ca.pool(), MaxVersion: version,
			ClientAuth: tls.RequireAndVerifyClientCert,
		}
		t.Run(tls.VersionName(version)+" without", func(t *testing.T) {
			h, e := shake(t, serveTLS(t, server), &TLS{ServerName: posName, Roots: ca.pool()})
			if !h.ClientCertificateRequested || len(h.Certificates) != 1 {
				t.Fatalf("handshake %+v", h)
			}
			if version == tls.VersionTLS12 { // the server says so within the handshake
				wantFailure(t, h.Failure, report.OpTLSHandshake, report.FailClientCert)
				return
			}
			// After it: the handshake stands, the first read shows the alert.
			if h.Failure != nil || len(e.SignOns) != 1 {
				t.Fatalf("handshake %+v", h.Failure)
			}
			wantFailure(t, e.SignOns[0].Failure, report.OpTLSHandshake, report.FailClientCert)
		})
		t.Run(tls.VersionName(version)+" with", func(t *testing.T) {
			h, e := shake(t, serveTLS(t, server), &TLS{ServerName: posName, Roots: ca.pool(), Certificate: &ours})
			if h.Failure != nil || !h.ClientCertificateRequested || e.SignOns[0].Failure != nil {
				t.Fatalf("handshake %+v, sign-on %+v", h.Failure, e.SignOns)
			}
		})
	}
}

// The client certificate tells who the terminal is: a peer that is somebody else asks
// for it in vain, and that it asked is on record.
func TestClientCertificateForTheRightPeerOnly(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	ours := ca.issue(t, nil)
	for name, tt := range map[string]struct {
		want  TLS
		given bool
	}{
		"trusted":        {TLS{ServerName: posName, Roots: ca.pool()}, true},
		"unknown issuer": {TLS{ServerName: posName, Roots: other.pool()}, false},
		"wrong name":     {TLS{ServerName: "web.example", Roots: ca.pool()}, false},
		"pin mismatch":   {TLS{ServerName: posName, Pin: "sha256/" + strings.Repeat("A", 43) + "="}, false},
		"system roots":   {TLS{ServerName: posName}, false},
	} {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			t.Run(name+" "+tls.VersionName(version), func(t *testing.T) {
				presented := make(chan int, 1)
				server := &tls.Config{
					Certificates: []tls.Certificate{ca.issue(t, nil)}, MaxVersion: version, ClientAuth: tls.RequestClientCert,
					VerifyConnection: func(s tls.ConnectionState) error { presented <- len(s.PeerCertificates); return nil },
				}
				want := tt.want
				want.Certificate = &ours
				h, _ := shake(t, serveTLS(t, server), &want)
				if h.Failure != nil || !h.ClientCertificateRequested || h.Version != tls.VersionName(version) {
					t.Fatalf("handshake %+v", h)
				}
				if got := <-presented > 0; got != tt.given {
					t.Errorf("certificate given: %v", got)
				}
			})
		}
	}
}
