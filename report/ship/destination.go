package ship

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"posprobe/report/redact"
)

// Format is the form in which reports are shipped.
type Format string

// The formats.
const (
	NDJSON Format = "ndjson" // a line of JSON each, over HTTP
	OTLP   Format = "otlp"   // OpenTelemetry logs in protobuf, over HTTP
	Syslog Format = "syslog" // RFC 5424, over TCP or TLS
)

// Destination is where reports go, and how. Every file is read again before each
// connection, so that a new certificate or token is used without a restart.
type Destination struct {
	// Name tells destinations apart in cursors and messages, and may not change while they
	// are to go on where they were; "": To.
	Name string
	// To is https://HOST[:PORT]/PATH, http://…, syslog+tls://HOST[:PORT] (port 6514, RFC
	// 5425 section 4.1) or syslog+tcp://HOST[:PORT] (port 514).
	To string
	// Format is by default Syslog over syslog, else NDJSON.
	Format Format
	// CA is a PEM file of roots to trust instead of the system's, which take a megabyte of
	// memory. Certificate and Key are PEM files to show where a certificate is asked for.
	CA, Certificate, Key string
	// Token is a file with a bearer token (RFC 6750 section 2.1).
	Token string
	// Proxy is http://HOST:PORT, an HTTP proxy that is asked to CONNECT (RFC 9110 section
	// 9.3.6), and ProxyCredentials a file with USER:PASSWORD for it; "" for none.
	Proxy, ProxyCredentials string
	// Insecure permits to send without TLS to another machine.
	Insecure bool

	// Redact makes lines fit for leaving the terminal.
	Redact redact.Redactor

	// Batch is how many bytes of reports go together at most, before compression; a longer
	// report goes alone. 0: 100 kB.
	Batch int64
	// Every is how long healthy reports wait for each other; 0: 1 h.
	Every time.Duration
	// Rate is how many bytes a second are sent on the average while there is more; 0: 16 kB.
	Rate int64
	// MessageBytes is the longest syslog message; a report that would be longer goes
	// without its evidence. 0: 64 KiB. A receiver must take 2 KiB and should take 8 KiB
	// (RFC 5425 section 4.3.1), which is less than most reports have: it has to be told, or
	// it cuts them (rsyslog: global(maxMessageSize="64k")).
	MessageBytes int
	// Timeout is how long to wait for a connection, for TLS, and for an answer, each; 0: 30 s.
	Timeout time.Duration
}

// target is To, taken apart.
type target struct {
	host, address string // HOST and HOST:PORT
	secure        bool
	path          string // of HTTP, with its query
	authority     string // of HTTP: what goes into Host
}

// Check reports what makes a destination unusable. It reads no file.
func (d Destination) Check() error {
	_, err := d.withDefaults().target()
	return err
}

func (d Destination) withDefaults() Destination {
	if d.Name == "" {
		d.Name = d.To
	}
	if d.Format == "" {
		d.Format = NDJSON
		if strings.HasPrefix(d.To, "syslog+") {
			d.Format = Syslog
		}
	}
	d.Batch = or(d.Batch, 100_000)
	d.Every = or(d.Every, time.Hour)
	d.Rate = or(d.Rate, 16_000)
	d.MessageBytes = or(d.MessageBytes, 64<<10)
	d.Timeout = or(d.Timeout, 30*time.Second)
	return d
}

// writing is how long it may take to write a batch: a slow line takes a kilobyte a second.
func (d Destination) writing(batch []byte) time.Duration {
	return d.Timeout + time.Duration(len(batch))*time.Millisecond
}

func or[T int | int64 | time.Duration](v, otherwise T) T {
	if v <= 0 {
		return otherwise
	}
	return v
}

// schemes say which format a scheme is for, whether it is secure, and its port.
var schemes = map[string]struct {
	syslog, secure bool
	port           string
}{
	"https":      {false, true, "443"},
	"http":       {false, false, "80"},
	"syslog+tls": {true, true, "6514"},
	"syslog+tcp": {true, false, "514"},
}

func (d Destination) target() (target, error) {
	u, err := url.Parse(d.To)
	if err != nil {
		return target{}, errors.New("the address cannot be read") // the error repeats it, with what is secret in it
	}
	s, known := schemes[u.Scheme]
	t := target{host: u.Hostname(), secure: s.secure, path: u.RequestURI(), authority: u.Host}
	t.address = net.JoinHostPort(t.host, portOf(u, s.port))
	switch {
	case !known:
		return t, fmt.Errorf("scheme %q is none of https, http, syslog+tls, syslog+tcp", u.Scheme)
	case t.host == "" || !ascii(d.To):
		return t, errors.New("the address has no host, or other characters than ASCII")
	case u.User != nil:
		return t, errors.New("credentials do not belong into the address: use a token file")
	case u.Fragment != "" || s.syslog && (strings.Trim(u.Path, "/") != "" || u.RawQuery != ""):
		return t, errors.New("the address says more than a destination can have")
	case s.syslog != (d.Format == Syslog) || d.Format != NDJSON && d.Format != OTLP && d.Format != Syslog:
		return t, fmt.Errorf("format %q does not go over %s", d.Format, u.Scheme)
	case !s.secure && !d.Insecure && !loopback(t.host):
		return t, errors.New("it would be sent without TLS, which has to be permitted")
	case d.Token != "" && (s.syslog || !s.secure && !loopback(t.host)):
		return t, errors.New("a token goes over https alone")
	case (d.Certificate == "") != (d.Key == ""):
		return t, errors.New("certificate and key go together")
	}
	if d.Proxy != "" {
		if _, err := d.proxy(); err != nil {
			return t, err
		}
	}
	return t, nil
}

// proxy is the proxy's HOST:PORT, "" for none.
func (d Destination) proxy() (string, error) {
	if d.Proxy == "" {
		return "", nil
	}
	address, ok := strings.CutPrefix(d.Proxy, "http://")
	address = strings.TrimSuffix(address, "/")
	host, port, err := net.SplitHostPort(address)
	if !ok || err != nil || host == "" || port == "" || !ascii(address) || strings.ContainsAny(address, "@/?#") {
		return "", errors.New("the proxy is not http://HOST:PORT")
	}
	return address, nil
}

func portOf(u *url.URL, otherwise string) string {
	if p := u.Port(); p != "" {
		return p
	}
	return otherwise
}

// ascii reports whether s is visible ASCII, so that it can stand in a request.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
