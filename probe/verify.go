package probe

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"posprobe/probe/clean"
	"posprobe/report"
)

const (
	maxCertificates = 8
	maxNames        = 16
	// weakRSA is the key size below which RSA counts as weak (NIST SP 800-131A).
	weakRSA = 2048
)

// expectation is what a peer's certificate is held against.
type expectation struct {
	now   time.Time
	name  string // host name or literal address
	roots *x509.CertPool
	pin   string
}

// verify judges a chain, leaf first, each problem on its own: an expired certificate
// may be of an unknown issuer too.
func verify(chain []*x509.Certificate, want expectation) []report.CertificateProblem {
	leaf := chain[0]
	var out []report.CertificateProblem
	add := func(p report.CertificateProblem) {
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	switch {
	case want.now.After(leaf.NotAfter):
		add(report.CertExpired)
	case want.now.Before(leaf.NotBefore):
		add(report.CertNotYetValid)
	}
	if want.pin != "" {
		if want.pin != pinOf(leaf) {
			add(report.CertPinMismatch)
		}
	} else if !named(leaf, want.name) {
		add(report.CertWrongName)
	}
	weak := weakChain(chain)
	if want.pin == "" || want.roots != nil {
		if p := issuerProblem(chain, want, weak); p != "" {
			add(p)
		}
	}
	if weak {
		add(report.CertWeak)
	}
	return out
}

// issuerProblem says whether the chain leads to a trusted root, judged at a moment
// inside the leaf's own validity, so that its expiry does not hide the rest. Go refuses
// to follow SHA-1 and MD5 signatures, which a terminal may well accept: of such a chain
// nothing can be said about the issuer.
func issuerProblem(chain []*x509.Certificate, want expectation, weak bool) report.CertificateProblem {
	leaf := chain[0]
	options := x509.VerifyOptions{
		Roots:         want.roots,
		Intermediates: x509.NewCertPool(),
		CurrentTime:   want.now,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	}
	switch {
	case want.now.After(leaf.NotAfter):
		options.CurrentTime = leaf.NotAfter
	case want.now.Before(leaf.NotBefore):
		options.CurrentTime = leaf.NotBefore
	}
	for _, c := range chain[1:] {
		options.Intermediates.AddCert(c)
	}
	_, err := leaf.Verify(options)
	if err == nil {
		return ""
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		if invalid.Reason == x509.Expired && invalid.Cert != nil {
			if options.CurrentTime.Before(invalid.Cert.NotBefore) {
				return report.CertNotYetValid
			}
			return report.CertExpired // of an issuer
		}
		return report.CertInvalid
	}
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	_, noRoots := errors.AsType[x509.SystemRootsError](err)
	if (unknown || noRoots) && !(weak && brokenSignature(chain)) {
		return report.CertUnknownIssuer
	}
	return report.CertInvalid
}

// named reports whether the certificate is for a name or address. Certificates without
// any alternative name are matched by common name, as RFC 2818 section 3.1 allows and
// the libraries of terminals still do; Go no longer does.
func named(leaf *x509.Certificate, name string) bool {
	if leaf.VerifyHostname(name) == nil {
		return true
	}
	if len(leaf.DNSNames) > 0 || len(leaf.IPAddresses) > 0 || leaf.Subject.CommonName == "" {
		return false
	}
	byCommonName := *leaf
	byCommonName.DNSNames = []string{leaf.Subject.CommonName}
	return byCommonName.VerifyHostname(name) == nil
}

// weakChain reports whether a key or a signature that matters is weak. The signature
// of a root that signed itself protects nothing.
func weakChain(chain []*x509.Certificate) bool {
	for _, c := range chain {
		if key, ok := c.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < weakRSA {
			return true
		}
	}
	return brokenSignature(chain)
}

func brokenSignature(chain []*x509.Certificate) bool {
	for i, c := range chain {
		if i > 0 && slices.Equal(c.RawSubject, c.RawIssuer) {
			continue
		}
		switch c.SignatureAlgorithm {
		case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
			return true
		}
	}
	return false
}

// pinOf is the SHA-256 of the public key as a pin (RFC 7469 section 2.4).
func pinOf(c *x509.Certificate) string {
	sum := sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return "sha256/" + base64.StdEncoding.EncodeToString(sum[:])
}

// describeCertificate says what is worth saying of a certificate, cleaned.
func describeCertificate(c *x509.Certificate) report.Certificate {
	out := report.Certificate{
		Subject: clean.Text(c.Subject.String()), Issuer: clean.Text(c.Issuer.String()),
		NotBefore: c.NotBefore, NotAfter: c.NotAfter,
		Key: keyOf(c), Signature: c.SignatureAlgorithm.String(), SPKI: pinOf(c),
	}
	for _, n := range c.DNSNames {
		out.Names = append(out.Names, clean.Text(n))
	}
	for _, ip := range c.IPAddresses {
		out.Names = append(out.Names, ip.String())
	}
	out.Names = out.Names[:min(len(out.Names), maxNames)]
	return out
}

func keyOf(c *x509.Certificate) string {
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA-%d", key.N.BitLen())
	case *ecdsa.PublicKey:
		return fmt.Sprintf("ECDSA-%d", key.Curve.Params().BitSize)
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return c.PublicKeyAlgorithm.String()
}
