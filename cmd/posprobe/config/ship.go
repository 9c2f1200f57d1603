package config

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"unicode"
)

// A destination is where reports are shipped to, taken apart.
type destination struct {
	scheme     string
	host, port string // port "" for the scheme's own
	rest       string // path and query
}

var schemes = []string{"https", "http", "syslog+tls", "syslog+tcp"}

// destinationCap is the longest destination, in bytes.
const destinationCap = 256

// syslog is true for the destinations that take no HTTP.
func (d destination) syslog() bool { return strings.HasPrefix(d.scheme, formatSyslog) }

// plain is true for those that are not encrypted.
func (d destination) plain() bool { return d.scheme == "http" || d.scheme == "syslog+tcp" }

// here is true for this machine: what is sent there is seen by nobody else.
func (d destination) here() bool {
	a, err := netip.ParseAddr(d.host)
	return err == nil && a.IsLoopback() || strings.EqualFold(d.host, "localhost")
}

func checkDestination(s string) *fault {
	_, f := parseDestination(s)
	return f
}

func parseDestination(s string) (d destination, f *fault) {
	remedy := "write https://HOST/PATH, syslog+tls://HOST or syslog+tcp://HOST, with :PORT after HOST where it needs one"
	scheme, rest, is := strings.Cut(s, "://")
	authority, path, _ := strings.Cut(rest, "/")
	if i := strings.IndexByte(authority, '?'); i >= 0 {
		authority = authority[:i]
	}
	d.scheme = strings.ToLower(scheme)
	d.rest = strings.TrimPrefix(rest, authority)
	switch {
	case len(s) > destinationCap:
		return d, &fault{fmt.Sprintf("is longer than %d characters", destinationCap), "write a shorter address"}
	case !is:
		return d, &fault{"is no address of a receiver", remedy}
	case strings.HasPrefix(d.scheme, "otlp"):
		return d, &fault{"has a scheme that is a format", "write https://HOST/v1/logs and format: otlp"}
	case d.scheme == "syslog" || d.scheme == "tcp" || d.scheme == "tls":
		return d, &fault{fmt.Sprintf("has the scheme %q, which leaves open how", d.scheme), "write syslog+tls:// or, without encryption, syslog+tcp://"}
	case !slices.Contains(schemes, d.scheme):
		return d, &fault{fmt.Sprintf("has the scheme %q, which is none for reports", clean(scheme)), remedy}
	case strings.ContainsAny(s, "@#\\"):
		return d, &fault{"contains more than host, port, path and query", "write it without user and fragment; a token belongs in a file of its own, which token names"}
	case strings.ContainsFunc(rest, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return d, &fault{"contains a character that no address has", "write it as %XX"}
	case d.syslog() && (path != "" || strings.Contains(rest, "?")):
		return d, &fault{"has a path, which syslog has not", "write " + d.scheme + "://HOST or " + d.scheme + "://HOST:PORT"}
	}
	found := false
	if d.host, d.port, found = cutPort(authority); found {
		if f := checkPort(d.port); f != nil {
			return d, f
		}
	}
	d.host = strings.TrimSuffix(strings.TrimPrefix(d.host, "["), "]")
	if d.host == "" {
		return d, &fault{"has no host", remedy}
	}
	if a, err := netip.ParseAddr(d.host); err == nil && a.Is6() && !strings.HasPrefix(authority, "[") {
		return d, &fault{"has an IPv6 address without brackets", fmt.Sprintf("write %s://[%s]", d.scheme, a)}
	}
	return d, checkHost(d.host)
}

// checkProxy accepts http://HOST:PORT; what goes through it is encrypted by itself.
func checkProxy(s string) *fault {
	remedy := "write http://HOST:PORT, as in http://proxy.shop.example:3128"
	authority, is := strings.CutPrefix(s, "http://")
	if strings.Contains(s, "@") {
		return &fault{"contains a user or a password", "keep them in a file of its own, which proxy_credentials names"}
	}
	if _, _, found := cutPort(authority); !is || !found || strings.Contains(authority, "/") {
		return &fault{"is no proxy's address", remedy}
	}
	return checkEndpoint(authority)
}

// The largest files of secrets, in bytes, and the shortest key of a reference: half of
// what HMAC-SHA256 gives, below which RFC 2104 section 3 discourages keys.
const (
	tokenCap        = 8 << 10
	credentialsCap  = 8 << 10
	referenceKeyCap = 8 << 10
	referenceKeyMin = 16
)

// checkShip holds each destination to what belongs together, and looks at its files.
func (c *Config) checkShip() Mistakes {
	var out Mistakes
	for i, s := range c.Ship {
		at := "ship" + index(i)
		say := func(key string, f *fault) {
			if f != nil && !c.faulty(at+key) {
				out = append(out, c.at(at+key, *f))
			}
		}
		if s.To == "" {
			say(".to", &fault{"is missing", "write the receiver's address, as in https://logs.acquirer.example/posprobe"})
		} else if d, f := parseDestination(s.To); f == nil {
			say(".to", s.checkPlain(d))
			say(".format", s.checkFormat(d))
			if f := s.checkToken(d); f != nil || s.Token == "" {
				say(".token", f)
			} else {
				say(".token", checkToken(c.path(at+".token", s.Token)))
			}
			if s.Proxy != "" && d.syslog() {
				say(".proxy", &fault{"has no use: syslog does not go through an HTTP proxy", "remove it"})
			}
		}
		if s.CA != "" {
			_, f := readRoots(c.path(at+".ca", s.CA))
			say(".ca", f)
		}
		_, wrong := c.loadCertificate(at, s.Certificate, s.Key)
		out = append(out, wrong...)
		switch {
		case s.ProxyCredentials != "" && s.Proxy == "":
			say(".proxy_credentials", &fault{"stands without a proxy", "write proxy: http://HOST:PORT beside it, or remove it"})
		case s.ProxyCredentials != "":
			say(".proxy_credentials", checkCredentials(c.path(at+".proxy_credentials", s.ProxyCredentials)))
		}
		switch {
		case s.Terminal != shipReference && s.ReferenceKey != "":
			say(".reference_key", &fault{"has no use", "write terminal: " + shipReference + " as well, or remove it"})
		case s.Terminal == shipReference && s.ReferenceKey == "":
			say(".reference_key", &fault{"is missing", "write the name of a file with a key, the same on every terminal"})
		case s.ReferenceKey != "":
			key, f := readSecret(c.path(at+".reference_key", s.ReferenceKey), referenceKeyCap)
			if f == nil && len(key) < referenceKeyMin {
				f = &fault{fmt.Sprintf("holds less than %d bytes", referenceKeyMin), "make one with `head -c 32 /dev/urandom`"}
			}
			clear(key)
			say(".reference_key", f)
		}
	}
	return out
}

func (s Ship) checkPlain(d destination) *fault {
	if !d.plain() || s.Insecure || d.here() {
		return nil
	}
	safe := "https"
	if d.syslog() {
		safe = "syslog+tls"
	}
	return &fault{"sends reports to another machine without encryption", "write " + safe + "://, or insecure: true beside it if the way there is safe"}
}

func (s Ship) checkFormat(d destination) *fault {
	switch {
	case s.Format == "" || d.syslog() == (s.Format == formatSyslog):
		return nil
	case d.syslog():
		return &fault{"is not what a syslog receiver takes", "write syslog, or remove the key"}
	}
	return &fault{"needs a syslog receiver", "write ndjson or otlp, or an address with syslog+tls://"}
}

func (s Ship) checkToken(d destination) *fault {
	switch {
	case s.Token == "":
		return nil
	case d.syslog():
		return &fault{"has no use: syslog knows no tokens", "remove it; a certificate and key can stand for it"}
	case d.plain() && !d.here():
		return &fault{"would be sent without encryption", "write an https:// address"}
	}
	return nil
}

// checkCredentials accepts a file of one line USER:PASSWORD (RFC 7617 section 2).
func checkCredentials(path string) *fault {
	data, f := readSecret(path, credentialsCap)
	defer clear(data)
	if f != nil {
		return f
	}
	user, _, found := strings.Cut(strings.TrimSpace(string(data)), ":")
	if !found || user == "" || strings.ContainsFunc(strings.TrimSpace(string(data)), unicode.IsControl) {
		return &fault{"holds no credentials", "write one line USER:PASSWORD into the file"}
	}
	return nil
}

// checkToken accepts a file of one bearer token: the characters of RFC 6750 section 2.1.
func checkToken(path string) *fault {
	data, f := readSecret(path, tokenCap)
	defer clear(data)
	if f != nil {
		return f
	}
	token := strings.TrimSpace(string(data))
	if token == "" || strings.ContainsFunc(token, func(r rune) bool { return !alphanumeric(r) && !strings.ContainsRune("-._~+/=", r) }) {
		return &fault{"holds no bearer token", "write the token alone into the file, without the word Bearer and without quotes"}
	}
	return nil
}
