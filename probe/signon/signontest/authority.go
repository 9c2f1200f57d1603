package signontest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// Authority is a certificate authority that lives in memory and ends with the program.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// template is a certificate to be made.
type template struct {
	x509.Certificate
	key      func() (any, error) // makes the private key
	stranger bool                // issued by an authority that nobody knows
}

func newAuthority(name string) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{
		SerialNumber:          serial(),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Now().Add(-365 * day),
		NotAfter:              time.Now().Add(365 * day),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return &Authority{certificate, key}, err
}

// PEM returns the authority's certificate for a trust store.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

// Pool returns a pool with the authority's certificate alone.
func (a *Authority) Pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.certificate)
	return p
}

// ClientCertificate makes a certificate that TLS kind client-cert accepts.
func (a *Authority) ClientCertificate() (tls.Certificate, error) {
	t := newTemplate("terminal")
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	return a.issue(t)
}

// serverTemplate is a good certificate for the practice host and further names.
func serverTemplate(names []string) *template {
	t := newTemplate("acquirer.example")
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	for _, n := range append([]string{"localhost", "acquirer.example", "pos.acquirer.example", "127.0.0.1", "::1"}, names...) {
		if host, _, err := net.SplitHostPort(n); err == nil {
			n = host
		}
		if ip := net.ParseIP(n); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, n)
		}
	}
	return t
}

func newTemplate(name string) *template {
	return &template{
		Certificate: x509.Certificate{
			SerialNumber: serial(),
			Subject:      pkix.Name{CommonName: name, Organization: []string{"Practice Acquirer"}},
			NotBefore:    time.Now().Add(-day),
			NotAfter:     time.Now().Add(90 * day),
			KeyUsage:     x509.KeyUsageDigitalSignature,
		},
		key: func() (any, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) },
	}
}

// issue makes the key and signs the certificate.
func (a *Authority) issue(t *template) (tls.Certificate, error) {
	key, err := t.key()
	if err != nil {
		return tls.Certificate{}, err
	}
	der, err := x509.CreateCertificate(rand.Reader, &t.Certificate, a.certificate, key.(crypto.Signer).Public(), a.key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

func serial() *big.Int {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		panic(err) // crypto/rand.Reader never fails
	}
	return n
}
