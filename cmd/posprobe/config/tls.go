package config

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"path/filepath"
	"strings"
)

// Secrets is what an endpoint's TLS needs, loaded from its files.
type Secrets struct {
	// Roots are the trusted roots of the file ca; nil without one: then the system's
	// roots are meant, unless there is a Pin, which decides alone.
	Roots *x509.CertPool
	// Pin is the SHA-256 of the peer's SubjectPublicKeyInfo, 32 bytes; nil for none.
	Pin []byte
	// ServerName is the name to ask for and to verify, never "".
	ServerName string
	// Certificate is what to answer a request for a client certificate with; nil: none.
	Certificate *tls.Certificate
	// LargeHello asks for a ClientHello of Go's usual size.
	LargeHello bool
}

// The largest files that are read, in bytes: a system's whole bundle of roots has
// about 250 kB, a chain and a key a few kB.
const (
	rootsCap = 1 << 20
	chainCap = 64 << 10
)

// TLS loads what endpoint i needs for TLS; nil without an error when it speaks plain
// TCP. The error is Mistakes. It panics when there is no endpoint i.
func (c *Config) TLS(i int) (*Secrets, error) {
	if c.Acquirer.Endpoints[i].TLS == nil {
		return nil, nil
	}
	s, wrong := c.loadTLS(i)
	if len(wrong) > 0 {
		return nil, wrong
	}
	return s, nil
}

func (c *Config) loadTLS(i int) (*Secrets, Mistakes) {
	e := c.Acquirer.Endpoints[i]
	at := "acquirer.endpoints" + index(i) + ".tls"
	s := &Secrets{ServerName: e.TLS.ServerName, LargeHello: e.TLS.Hello == helloLarge}
	if s.ServerName == "" {
		s.ServerName, _, _ = net.SplitHostPort(e.Address)
	}
	if e.TLS.Pin != "" {
		s.Pin = pinOf(e.TLS.Pin)
	}
	var wrong Mistakes
	if e.TLS.CA != "" {
		roots, f := readRoots(c.path(at+".ca", e.TLS.CA))
		if f != nil {
			wrong = append(wrong, c.at(at+".ca", *f))
		}
		s.Roots = roots
	}
	cert, more := c.loadCertificate(at, e.TLS.Certificate, e.TLS.Key)
	s.Certificate = cert
	return s, append(wrong, more...)
}

// loadCertificate loads the client's certificate and key; nil when there are none.
func (c *Config) loadCertificate(at, certificate, private string) (*tls.Certificate, Mistakes) {
	keyAt, certificateAt := at+".key", at+".certificate"
	switch {
	case private == "" && certificate == "":
		return nil, nil
	case private == "" && c.faulty(keyAt), certificate == "" && c.faulty(certificateAt):
		return nil, nil
	case private == "":
		return nil, Mistakes{c.at(certificateAt, fault{"stands without a key", "write key: FILE beside it, or remove it"})}
	case certificate == "":
		return nil, Mistakes{c.at(keyAt, fault{"stands without a certificate", "write certificate: FILE beside it, or remove it"})}
	}
	var wrong Mistakes
	chain, f := readPEM(c.path(certificateAt, certificate), chainCap, "CERTIFICATE", "a certificate")
	if f != nil {
		wrong = append(wrong, c.at(certificateAt, *f))
	}
	keyPath := c.path(keyAt, private)
	key, f := readPEM(keyPath, chainCap, "PRIVATE KEY", "a private key")
	defer clear(key)
	if f == nil {
		f = checkPrivate(keyPath, "the key")
	}
	if f != nil {
		wrong = append(wrong, c.at(keyAt, *f))
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	// The library's words are not repeated: they are about the content of the key.
	pair, err := tls.X509KeyPair(chain, key)
	if err != nil {
		return nil, Mistakes{c.at(keyAt, fault{"does not parse, or does not belong to the certificate", "write the certificate and the unencrypted key that were issued together"})}
	}
	return &pair, nil
}

// readRoots reads the trusted roots of a PEM file.
func readRoots(path string) (*x509.CertPool, *fault) {
	data, f := readPEM(path, rootsCap, "CERTIFICATE", "a certificate")
	if f != nil {
		return nil, f
	}
	roots := x509.NewCertPool()
	found := false
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, &fault{"holds a certificate that does not parse", "have the file issued again by whoever issued it"}
		}
		roots.AddCert(cert)
		found = true
	}
	if !found {
		return nil, &fault{"holds no certificate that can be read", "have the file issued again by whoever issued it"}
	}
	return roots, nil
}

// readPEM reads a file that must hold a PEM block whose type ends in kind.
func readPEM(path string, limit int64, kind, what string) ([]byte, *fault) {
	data, err := readFile(path, limit)
	if err != nil {
		return nil, &fault{"cannot be used: " + err.Error(), readableFile}
	}
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if strings.HasSuffix(block.Type, kind) {
			return data, nil
		}
		clear(block.Bytes)
	}
	clear(data)
	return nil, &fault{"holds no " + strings.TrimPrefix(what, "a ") + " in PEM form", fmt.Sprintf("write the name of a file with a line -----BEGIN … %s-----", kind)}
}

// path returns the file's name as it can be opened: relative to the configuration
// file when it stands there, to the working directory when it came from a flag.
func (c *Config) path(key, name string) string {
	if filepath.IsAbs(name) || c.fromFlag(key) || c.file == "" {
		return name
	}
	return filepath.Join(c.dir, name)
}
