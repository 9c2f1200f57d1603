package http1

import (
	"fmt"
	"strings"
)

// Request returns a request as it is sent. The caller has checked its parts (see IsToken,
// IsValue and IsTarget). fields are further lines of the head, "Name: value" each; host
// goes into Host (RFC 9110 section 7.2), and Content-Length is stated where there is a
// body or the method is POST (RFC 9110 section 8.6).
func Request(method, target, host string, fields []string, body []byte) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, target, host)
	for _, f := range fields {
		b.WriteString(f + "\r\n")
	}
	if len(body) > 0 || method == "POST" {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n")
	return append([]byte(b.String()), body...)
}

// IsToken reports whether s can be the name of a field or a method (RFC 9110 section
// 5.6.2).
func IsToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return s != ""
}

// IsValue reports whether s can be the value of a field: visible ASCII, spaces and tabs
// (RFC 9110 section 5.5).
func IsValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < ' ' || c > '~') && c != '\t' {
			return false
		}
	}
	return true
}

// IsTarget reports whether s can be a request's target in origin form: a path that
// begins with a slash, perhaps a query, without spaces and fragment (RFC 9112 section
// 3.2.1).
func IsTarget(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c > '~' || c == '#' {
			return false
		}
	}
	return strings.HasPrefix(s, "/")
}
