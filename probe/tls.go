package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/netip"
	"slices"
	"strings"

	"posprobe/report"
)

// handshake speaks TLS for the terminal, not for Go: every version and suite that the
// library still knows is offered, whatever certificate comes is accepted and then
// judged on its own (verify.go).
func (x *exchange) handshake(ctx context.Context) *report.Failure {
	began := now()
	want := x.to.TLS
	h := report.Handshake{
		Endpoint: x.to.Address, Address: x.task.address.String(),
		KeepaliveMs: x.keepalive,
	}
	wait := x.wait(x.r.req.Connect, followUpReply)
	h.WaitMs = ms(wait)
	name := x.serverName()
	if _, err := netip.ParseAddr(name); err != nil {
		h.ServerName = name // an address is not sent (RFC 6066 section 3)
	}
	config := clientConfig(name, want.LargeHello)
	x.problems = []report.CertificateProblem{report.CertInvalid} // until it is judged
	config.VerifyPeerCertificate = func(raw [][]byte, _ [][]*x509.Certificate) error {
		x.judge(&h, raw, name) // here, as a handshake that fails later leaves no other trace of them
		return nil
	}
	// Every version presents the server's certificate before it asks for the client's
	// (RFC 5246 section 7.3, RFC 8446 section 2): by now the peer is judged. What the
	// terminal is called in its certificate is not for everybody.
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		h.ClientCertificateRequested = true
		if want.Certificate != nil && !x.impostor() {
			return want.Certificate, nil
		}
		x.wantedCertificate = true
		return new(tls.Certificate), nil
	}

	x.wire.endAfterHello = x.task.early == report.StepTLS
	conn := tls.Client(x.wire, config)
	err := x.wire.limit(wait)
	if err == nil {
		err = conn.HandshakeContext(ctx)
	}
	h.ElapsedMs = ms(now().Sub(began))
	h.HelloBytes = x.wire.hello
	h.Failure = failureIn(ctx, report.OpTLSHandshake, err)
	h.TCP = x.snapshot(h.Failure)
	if h.Failure.Is(report.FailDeadline) && x.task.early == "" {
		h.Ending = x.ending(ctx, false)
	}
	h.Failure = x.handshakeFailure(h.Failure, err)
	if code, ok := alertOf(err); ok {
		h.Alert = &code
	}
	if state := conn.ConnectionState(); err == nil {
		h.Version, h.Cipher = tls.VersionName(state.Version), tls.CipherSuiteName(state.CipherSuite)
		x.conn = conn
	}
	x.a.saw(began, func(e *report.Evidence, head report.Observation) {
		h.Observation = head
		e.TLS = append(e.TLS, h)
	})
	return h.Failure
}

// judge records the peer's certificates and what is wrong with them.
func (x *exchange) judge(h *report.Handshake, presented [][]byte, name string) {
	var chain []*x509.Certificate
	for _, raw := range presented[:min(len(presented), maxCertificates)] {
		c, err := x509.ParseCertificate(raw)
		if err != nil {
			continue
		}
		chain = append(chain, c)
		h.Certificates = append(h.Certificates, describeCertificate(c))
	}
	if len(chain) == 0 {
		return
	}
	want := x.to.TLS
	x.problems = verify(chain, expectation{now: x.r.sys.Now(), name: name, roots: want.Roots, pin: want.Pin})
	h.Problems = x.problems
	h.Verified = new(len(h.Problems) == 0)
}

// serverName is the name, or the literal address, that the certificate must be for.
func (x *exchange) serverName() string {
	if name := x.to.TLS.ServerName; name != "" {
		return strings.TrimSuffix(name, ".")
	}
	host, _, _ := x.to.split()
	return strings.TrimSuffix(host, ".")
}

// clientConfig offers TLS 1.0 to 1.3 and every suite. The key shares decide the size
// of the ClientHello: with the classical curves it fits one segment.
func clientConfig(name string, large bool) *tls.Config {
	c := &tls.Config{
		ServerName:             name,
		MinVersion:             tls.VersionTLS10,
		InsecureSkipVerify:     true, // verify judges instead
		SessionTicketsDisabled: true,
	}
	for _, s := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		c.CipherSuites = append(c.CipherSuites, s.ID)
	}
	if !large {
		c.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384}
	}
	return c
}

// handshakeFailure names a failed handshake more closely. Where the general words fall
// short, the bytes on the wire decide: an end before any of them, or in the middle. A
// peer that began to speak TLS and then let our patience run out is not silent.
func (x *exchange) handshakeFailure(f *report.Failure, err error) *report.Failure {
	switch {
	case f == nil || f.Is(report.FailCancelled):
	case x.wantedCertificate && refusedCertificate(err):
		f.Type = report.FailClientCert
	case f.Is(report.FailClosed, report.FailCutShort):
		f.Type = report.FailClosed
		if x.wire.in > 0 {
			f.Type = report.FailCutShort
		}
	case f.Is(report.FailDeadline) && x.wire.spokeTLS():
		f.Type = report.FailCutShort
	case f.Is(report.FailUnknown) && x.wire.ancientServer():
		f.Type = report.FailTLSVersion
	case f.Is(report.FailUnknown):
		f.Type = report.FailTLSMalformed // crypto/tls has no types for what a peer can do wrong
	}
	return f
}

// refusedCertificate reports whether an error is one of the alerts by which servers say
// that they want a certificate: the one made for it (RFC 8446), and those in use before.
func refusedCertificate(err error) bool {
	code, ok := alertOf(err)
	return ok && (code == alertCertificateRequired || code == alertBadCertificate || code == alertHandshakeFailure)
}
