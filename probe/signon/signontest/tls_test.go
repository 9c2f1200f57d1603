package signontest

import (
	"bufio"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// handshake connects with a verifying client and asks for an echo.
func handshake(t *testing.T, s *Server, change func(*tls.Config)) (*tls.Conn, string, error) {
	t.Helper()
	config := &tls.Config{RootCAs: s.Authority().Pool(), ServerName: "pos.acquirer.example"}
	if change != nil {
		change(config)
	}
	c := tls.Client(dial(t, s), config)
	if err := c.Handshake(); err != nil {
		return c, "", err
	}
	b, _ := hex.DecodeString(echo("99999906"))
	if _, err := c.Write(b); err != nil {
		return c, "", err
	}
	reply, err := io.ReadAll(c)
	return c, hex.EncodeToString(reply), err
}

func TestCertificates(t *testing.T) {
	invalid := func(reason x509.InvalidReason) func(error) bool {
		return func(err error) bool {
			var e x509.CertificateInvalidError
			return errors.As(err, &e) && e.Reason == reason
		}
	}
	for kind, right := range map[string]func(error) bool{
		"good":       func(err error) bool { return err == nil },
		"rsa1024":    func(err error) bool { return err == nil },
		"expired":    invalid(x509.Expired),
		"wrong-name": func(err error) bool { var e x509.HostnameError; return errors.As(err, &e) },
		"unknown-ca": func(err error) bool { var e x509.UnknownAuthorityError; return errors.As(err, &e) },
		"tls10":      func(err error) bool { return err != nil && strings.Contains(err.Error(), "protocol version") },
		"sha1":       func(err error) bool { return err != nil && strings.Contains(err.Error(), "SHA1") },
		"escape":     func(err error) bool { return err == nil },
		"client-cert": func(err error) bool {
			return err != nil && strings.Contains(err.Error(), "certificate required")
		},
	} {
		t.Run(kind, func(t *testing.T) {
			_, reply, err := handshake(t, start(t, Options{TLS: kind}), nil)
			if !right(err) {
				t.Errorf("error %v", err)
			}
			if err == nil {
				match(t, reply, goodEcho("99999906", "3030"))
			}
		})
	}
}

// Each fault is the one it is called after and no other: with the fault allowed for,
// the exchange succeeds.
func TestNothingElseIsWrong(t *testing.T) {
	for kind, allow := range map[string]func(*Server) func(*tls.Config){
		"expired": func(*Server) func(*tls.Config) {
			return func(c *tls.Config) { c.Time = func() time.Time { return time.Now().Add(-30 * day) } }
		},
		"not-yet-valid": func(*Server) func(*tls.Config) {
			return func(c *tls.Config) { c.Time = func() time.Time { return time.Now().Add(30 * day) } }
		},
		"wrong-name": func(*Server) func(*tls.Config) { return func(c *tls.Config) { c.ServerName = "other.example" } },
		"unknown-ca": func(*Server) func(*tls.Config) { return func(c *tls.Config) { c.InsecureSkipVerify = true } },
		"sha1":       func(*Server) func(*tls.Config) { return func(c *tls.Config) { c.InsecureSkipVerify = true } },
		"tls10":      func(*Server) func(*tls.Config) { return func(c *tls.Config) { c.MinVersion = tls.VersionTLS10 } },
		"client-cert": func(s *Server) func(*tls.Config) {
			own, err := s.Authority().ClientCertificate()
			if err != nil {
				t.Fatal(err)
			}
			return func(c *tls.Config) { c.Certificates = []tls.Certificate{own} }
		},
	} {
		t.Run(kind, func(t *testing.T) {
			s := start(t, Options{TLS: kind})
			_, reply, err := handshake(t, s, allow(s))
			if err != nil {
				t.Fatal(err)
			}
			match(t, reply, goodEcho("99999906", "3030"))
		})
	}
}

func TestNotYetValidIsAboutTheBeginning(t *testing.T) {
	c, _, err := handshake(t, start(t, Options{TLS: "not-yet-valid"}), nil)
	var invalid x509.CertificateInvalidError
	if !errors.As(err, &invalid) || !invalid.Cert.NotBefore.After(time.Now()) {
		t.Errorf("error %v", err)
	}
	c.Close()
}

func TestWhatCertificatesHold(t *testing.T) {
	peer := func(kind string) *x509.Certificate {
		c, _, err := handshake(t, start(t, Options{TLS: kind, Names: []string{"10.9.8.7", "host.example:5500"}}),
			func(c *tls.Config) { c.InsecureSkipVerify = true })
		if err != nil {
			t.Fatal(err)
		}
		return c.ConnectionState().PeerCertificates[0]
	}
	if c := peer("good"); c.VerifyHostname("host.example") != nil || c.VerifyHostname("10.9.8.7") != nil || c.VerifyHostname("127.0.0.1") != nil {
		t.Errorf("names %v, addresses %v", c.DNSNames, c.IPAddresses)
	}
	if key, ok := peer("rsa1024").PublicKey.(*rsa.PublicKey); !ok || key.N.BitLen() != 1024 {
		t.Error("rsa1024 has another key")
	}
	if c := peer("escape"); !strings.Contains(c.Subject.CommonName, "\x1b[31m\u202e") || !slices.Contains(c.Subject.Organization, "a\r\nb\u200b\u2066c") {
		t.Errorf("subject %q", c.Subject)
	}
	if alg := peer("sha1").SignatureAlgorithm; alg != x509.ECDSAWithSHA1 {
		t.Errorf("signed with %v", alg)
	}
}

func TestTLSNotSpoken(t *testing.T) {
	if _, _, err := handshake(t, start(t, Options{TLS: "close"}), nil); !errors.Is(err, io.EOF) {
		t.Errorf("close: %v", err)
	}
	var record tls.RecordHeaderError
	if _, _, err := handshake(t, start(t, Options{TLS: "plain-text"}), nil); !errors.As(err, &record) || string(record.RecordHeader[:4]) != "HTTP" {
		t.Errorf("plain-text: %v", err)
	}
	c := dial(t, start(t, Options{TLS: "hang"}))
	c.SetDeadline(time.Now().Add(300 * time.Millisecond))
	if err := tls.Client(c, &tls.Config{InsecureSkipVerify: true}).Handshake(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("hang: %v", err)
	}
}

// Behaviours work over TLS as they do without.
func TestBehavioursOverTLS(t *testing.T) {
	s := start(t, Options{TLS: "good"})
	c := tls.Client(dial(t, s), &tls.Config{RootCAs: s.Authority().Pool(), ServerName: "127.0.0.1"})
	b, _ := hex.DecodeString(echo("CUT00000"))
	if _, err := c.Write(b); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(bufio.NewReader(c)); err != nil || len(got) != 30 {
		t.Errorf("cut: %d bytes, %v", len(got), err)
	}
}

func TestAuthorityPEM(t *testing.T) {
	pool := x509.NewCertPool()
	if s := start(t, Options{TLS: "good"}); !pool.AppendCertsFromPEM(s.Authority().PEM()) || !pool.Equal(s.Authority().Pool()) {
		t.Error("the PEM is not the authority's")
	}
	if _, err := Start(Options{TLS: "nonsense"}); err == nil {
		t.Error("an unknown kind of TLS was taken")
	}
}
