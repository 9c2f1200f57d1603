//go:build linux

package lab

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// nginxConf and haproxyConf are TCP proxies for one application; the words in
// capitals are put in.
const (
	nginxConf = `load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off;
master_process off;
worker_processes 1;
pid DIR/nginx.pid;
error_log stderr notice;
events { worker_connections 64; }
stream {
	server {
		LISTEN
		proxy_connect_timeout 30s;
		proxy_pass APPLICATION;
	}
}
`
	haproxyConf = `global
	maxconn 64
defaults
	mode tcp
	timeout connect 30s
	timeout client 120s
	timeout server 120s
frontend acquirer
		LISTEN
	default_backend application
backend application
	server app APPLICATION
`
)

// Front runs a real front end before the application in App: nginx or haproxy, on the
// acquirer's port of each of the addresses. With TLS it ends it there, under a
// certificate of which it writes the issuer to the returned file.
func (w *World) Front(kind string, addresses []string, application string, tls bool) (p *Process, issuer string) {
	w.t.Helper()
	require(w.t, kind)
	dir := w.Dir()
	var pair string
	if tls {
		pair, issuer = w.serverCertificate(dir, append([]string{acquirerName}, addresses...))
	}
	var lines []string
	for _, a := range addresses {
		at := net.JoinHostPort(a, fmt.Sprint(AcquirerPort))
		switch {
		case kind == "nginx" && tls:
			lines = append(lines, "listen "+at+" ssl;")
		case kind == "nginx":
			lines = append(lines, "listen "+at+";")
		case tls:
			lines = append(lines, "bind "+at+" ssl crt "+pair)
		default:
			lines = append(lines, "bind "+at)
		}
	}
	config, argv := haproxyConf, []string{"haproxy", "-db", "-V", "-f"}
	if kind == "nginx" {
		if tls {
			lines = append(lines, "ssl_certificate "+pair+";", "ssl_certificate_key "+pair+";")
		}
		config, argv = nginxConf, []string{"nginx", "-p", dir, "-c"}
	}
	path := filepath.Join(dir, "front.conf")
	text := strings.NewReplacer("DIR", dir, "LISTEN", strings.Join(lines, "\n\t\t"), "APPLICATION", application).Replace(config)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		w.t.Fatalf("lab: %v", err)
	}
	p = w.Start(Acq, append(argv, path)...)
	w.awaitListener(p, net.JoinHostPort(addresses[0], fmt.Sprint(AcquirerPort)))
	return p, issuer
}

// awaitListener waits until something listens in the acquirer's namespace.
func (w *World) awaitListener(p *Process, addr string) {
	w.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		r := w.Run(w.t.Context(), Acq, "ss", "-Hltn", "src", addr)
		if strings.TrimSpace(r.Stdout) != "" {
			return
		}
		if time.Now().After(end) {
			w.t.Fatalf("lab: nobody listens on %s: %s %s", addr, r.Stderr, p.Output())
		}
	}
}

// serverCertificate writes a certificate with its key, signed by itself, and the same
// certificate again as its issuer's.
func (w *World) serverCertificate(dir string, names []string) (pair, issuer string) {
	w.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.t.Fatalf("lab: %v", err)
	}
	t := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: acquirerName},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, n := range names {
		if ip := net.ParseIP(n); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, n)
		}
	}
	certificate, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		w.t.Fatalf("lab: %v", err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		w.t.Fatalf("lab: %v", err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})
	both := append(public, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...)
	pair, issuer = filepath.Join(dir, "pair.pem"), filepath.Join(dir, "issuer.pem")
	for path, data := range map[string][]byte{pair: both, issuer: public} {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			w.t.Fatalf("lab: %v", err)
		}
	}
	return pair, issuer
}
