package signon

import (
	"strconv"
	"strings"

	"posprobe/probe/http1"
)

// Limits of an HTTP request's parts, in bytes.
const (
	maxPath    = 1024
	maxHeaders = 8192 // all of them
)

// checkWeb complains about what cannot stand in an HTTP request. The value of a header
// field may be a secret and is not repeated.
func (c *Config) checkWeb(errs *ConfigErrors) {
	h := c.HTTP
	if h.Path != "" && (!http1.IsTarget(h.Path) || len(h.Path) > maxPath) {
		errs.add(keyPath, h.Path, "is no path", "give a path and perhaps a query, as in /health?deep=1, in at most 1024 ASCII characters without spaces")
	}
	if !http1.IsValue(c.Host) || strings.ContainsAny(c.Host, " \t") {
		errs.add(keyHost, c.Host, "cannot be named in an HTTP request", "give a host name or an address, and a port")
	}
	total := 0
	for _, line := range h.Headers {
		total += len(line)
		name, value, found := strings.Cut(line, ":")
		switch {
		case !found || !http1.IsToken(name):
			errs.add(keyHeaders, "", "have a line that is no header field", "write one a line, as in X-Token: abc")
		case !http1.IsValue(value):
			errs.add(keyHeaders, name, "has a value that is not printable ASCII", "write one a line, as in X-Token: abc")
		case isOwnField(name):
			errs.add(keyHeaders, name, "is set by posprobe itself", "leave it out")
		}
	}
	if total > maxHeaders {
		errs.add(keyHeaders, strconv.Itoa(total)+" bytes", "are longer than 8192 bytes", "send less")
	}
	for _, status := range h.Status {
		if status < 100 || status > 599 {
			errs.add(keyStatus, strconv.Itoa(status), "is no status code", "give numbers from 100 to 599, such as 200 or 204")
		}
	}
}

// isOwnField reports whether a field of the head decides where request and answer end
// (RFC 9112 section 6), or whom they are for.
func isOwnField(name string) bool {
	for _, own := range []string{"host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect"} {
		if strings.EqualFold(name, own) {
			return true
		}
	}
	return false
}
