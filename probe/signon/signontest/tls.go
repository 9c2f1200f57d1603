package signontest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"time"
)

// TLSKind is one way in which the practice acquirer can do TLS.
type TLSKind struct {
	Name string
	// Imitates is what it is like in the field.
	Imitates string

	certificate func(*template)   // changes the good certificate
	config      func(*tls.Config) // changes the good configuration
	instead     func(s *session)  // what is done instead of a handshake
}

const day = 24 * time.Hour

// TLSKinds lists every kind of TLS, the good one first.
func TLSKinds() []TLSKind {
	return []TLSKind{
		{Name: "good",
			Imitates: "a valid certificate of the practice authority, TLS 1.2 and 1.3"},
		{Name: "expired",
			Imitates:    "a certificate that nobody renewed: it ended yesterday",
			certificate: func(t *template) { t.NotBefore, t.NotAfter = time.Now().Add(-90*day), time.Now().Add(-day) }},
		{Name: "not-yet-valid",
			Imitates:    "a certificate that begins tomorrow, as every one seems to where the terminal's clock is behind",
			certificate: func(t *template) { t.NotBefore, t.NotAfter = time.Now().Add(day), time.Now().Add(90*day) }},
		{Name: "wrong-name",
			Imitates: "the certificate of another host, as behind a misconfigured balancer",
			certificate: func(t *template) {
				t.DNSNames, t.IPAddresses = []string{"other.example"}, nil
			}},
		{Name: "unknown-ca",
			Imitates:    "an authority that the terminal does not know: interception, or an acquirer that changed its own",
			certificate: func(t *template) { t.stranger = true }},
		{Name: "tls10",
			Imitates: "a host that stopped at TLS 1.0",
			config:   func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS10 }},
		{Name: "client-cert",
			Imitates: "a host that demands the payment application's certificate",
			config:   func(c *tls.Config) { c.ClientAuth = tls.RequireAndVerifyClientCert }},
		{Name: "rsa1024",
			Imitates: "a certificate with an RSA key of 1024 bits, from before 2013",
			certificate: func(t *template) {
				t.key = func() (any, error) { return rsa.GenerateKey(rand.Reader, 1024) }
			}},
		{Name: "sha1",
			Imitates:    "a certificate signed over SHA-1, which verifiers have refused since 2017",
			certificate: func(t *template) { t.SignatureAlgorithm = x509.ECDSAWithSHA1 }},
		{Name: "escape",
			Imitates: "a certificate whose names try to steer whatever shows them",
			certificate: func(t *template) {
				t.Subject.CommonName = "pos\x1b[2J\x1b[31m\u202e.example\x07"
				t.Subject.Organization = []string{"a\r\nb\u200b\u2066c"}
			}},
		{Name: "hang",
			Imitates: "a host whose TLS front end hangs: it takes the ClientHello and never answers",
			instead:  (*session).stick},
		{Name: "close",
			Imitates: "a port that closes on a ClientHello without a word, as some do on a server name they do not serve",
			instead:  func(s *session) { s.conn.Read(make([]byte, 4096)) }},
		{Name: "plain-text",
			Imitates: "a port that speaks no TLS: a plain web server's answer to a ClientHello",
			instead: func(s *session) {
				s.conn.Read(make([]byte, 4096))
				s.send([]byte("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"))
			}},
	}
}

// findTLSKind returns the kind of TLS with a name; "" has none.
func findTLSKind(name string) (TLSKind, error) {
	for _, k := range TLSKinds() {
		if k.Name == name {
			return k, nil
		}
	}
	if name != "" {
		return TLSKind{}, fmt.Errorf("no kind of TLS %q", name)
	}
	return TLSKind{}, nil
}

// prepareTLS makes authority, certificate and configuration.
func (s *Server) prepareTLS() error {
	if s.options.TLS == "" {
		return nil
	}
	var err error
	if s.kind, err = findTLSKind(s.options.TLS); err != nil {
		return err
	}
	if s.authority, err = newAuthority("Practice Acquirer CA"); err != nil {
		return err
	}
	t := serverTemplate(append(s.options.Names, s.Addr()))
	if s.kind.certificate != nil {
		s.kind.certificate(t)
	}
	issuer := s.authority
	if t.stranger {
		if issuer, err = newAuthority("Unknown CA"); err != nil {
			return err
		}
	}
	certificate, err := issuer.issue(t)
	if err != nil {
		return err
	}
	s.tls = &tls.Config{Certificates: []tls.Certificate{certificate}, ClientCAs: s.authority.Pool()}
	if s.kind.config != nil {
		s.kind.config(s.tls)
	}
	return nil
}
