package ship

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"os"
	"strings"
)

// The largest files that are read, in bytes: a system's whole bundle of roots has about
// 250 kB.
const (
	maxRoots  = 1 << 20
	maxChain  = 64 << 10
	maxSecret = 8 << 10
)

// files are those of a destination. What they hold is kept until it changes.
type files struct {
	d      Destination
	t      target
	sum    [sha256.Size]byte
	loaded *loaded
}

// loaded is what the files hold.
type loaded struct {
	tls   *tls.Config
	token string // for Authorization, "" for none
	proxy string // USER:PASSWORD
}

// load reads the files. TLS sessions are resumed, which saves half the bytes of a
// handshake, until a file changes.
func (f *files) load() (*loaded, *Trouble) {
	contents, sum, err := f.read()
	defer func() {
		for _, c := range contents {
			clear(c)
		}
	}()
	if f.loaded != nil && sum == f.sum {
		return f.loaded, nil
	}
	// Remembered even if it is of no use: another attempt waits for another content.
	f.sum, f.loaded = sum, nil
	if err != nil {
		return nil, trouble(Misconfigured, "%v", err)
	}
	l := &loaded{token: secretOf(contents[3]), proxy: secretOf(contents[4])}
	switch {
	case f.d.Token != "" && !ascii(l.token) || f.d.ProxyCredentials != "" && !ascii(l.proxy):
		return nil, trouble(Misconfigured, "a token, or the proxy's user and password, is not one line of visible ASCII")
	case f.d.Token != "" && l.token == "" || f.d.ProxyCredentials != "" && !strings.Contains(l.proxy, ":"):
		return nil, trouble(Misconfigured, "the token is empty, or the proxy's file is not USER:PASSWORD")
	}
	if l.tls, err = f.tlsConfig(contents[0], contents[1], contents[2]); err != nil {
		return nil, trouble(Misconfigured, "%v", err)
	}
	f.loaded = l
	return l, nil
}

// changed reports whether the files hold something else than at the last load.
func (f *files) changed() bool {
	contents, sum, _ := f.read()
	for _, c := range contents {
		clear(c)
	}
	return sum != f.sum
}

// read returns the contents of CA, Certificate, Key, Token and ProxyCredentials, and a
// sum of all, or of the error.
func (f *files) read() (contents [5][]byte, sum [sha256.Size]byte, err error) {
	all := sha256.New()
	for i, file := range []struct {
		name string
		most int64
	}{{f.d.CA, maxRoots}, {f.d.Certificate, maxChain}, {f.d.Key, maxChain}, {f.d.Token, maxSecret}, {f.d.ProxyCredentials, maxSecret}} {
		if file.name == "" {
			continue
		}
		if contents[i], err = readFile(file.name, file.most); err != nil {
			return contents, sha256.Sum256([]byte(err.Error())), err
		}
		one := sha256.Sum256(contents[i])
		all.Write(one[:])
	}
	return contents, [sha256.Size]byte(all.Sum(nil)), nil
}

func readFile(name string, most int64) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, errors.New(name+" is no file"))
	}
	content, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(content)) > most {
		err = errors.New(name + " is too large")
	}
	return content, err
}

func secretOf(content []byte) string { return string(bytes.TrimSpace(content)) }

// tlsConfig is that of the connection, nil where there is no TLS.
func (f *files) tlsConfig(ca, certificate, key []byte) (*tls.Config, error) {
	if !f.t.secure {
		return nil, nil
	}
	c := &tls.Config{
		ServerName: f.t.host,
		MinVersion: tls.VersionTLS12,
		// The hybrid key exchange that Go offers first costs 2.5 kB a handshake on a metered
		// line, for news that nobody will want to read in ten years.
		CurvePreferences:   []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384},
		ClientSessionCache: tls.NewLRUClientSessionCache(1),
		VerifyConnection:   refuseWeak,
	}
	if f.d.Format != Syslog {
		c.NextProtos = []string{"http/1.1"}
	}
	if f.d.CA != "" {
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(ca) {
			return nil, errors.New(f.d.CA + " holds no certificate")
		}
	}
	if f.d.Certificate != "" {
		pair, err := tls.X509KeyPair(certificate, key)
		if err != nil { // whose words may be about the content of the key
			return nil, errors.New(f.d.Key + " is not the unencrypted key of " + f.d.Certificate)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}

// refuseWeak holds the receiver's key to today's measure: the program as a whole lets
// weaker ones pass, because it has to look at old hosts.
func refuseWeak(s tls.ConnectionState) error {
	if len(s.PeerCertificates) == 0 {
		return nil
	}
	if k, ok := s.PeerCertificates[0].PublicKey.(*rsa.PublicKey); ok && k.N.BitLen() < 2048 {
		return errors.New("the receiver's RSA key has fewer than 2048 bits")
	}
	return nil
}
