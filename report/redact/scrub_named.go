package redact

import (
	"slices"
	"strings"
)

// named finds the value that follows the name of a secret, as in password=x, "ssid": "x"
// and IMSI x, and what follows the name of an authentication scheme (RFC 9110 section
// 11.1).
func named(s string, from int) (begin, end int) {
	for i := from; i < len(s); {
		n := run(s[i:], nameByte)
		if n == 0 {
			i++
			continue
		}
		name := s[i : i+n]
		i += n
		if between, value := valueAfter(name, s[i:]); value > 0 {
			return i + between, i + between + value
		}
	}
	return -1, 0
}

func nameByte(c byte) bool { return letter(c) || digit(c) || c == '_' || c == '-' }

// spoken are the secrets that are named without a sign between name and value, and
// schemes those whose credentials follow.
var (
	spoken  = []string{"ssid", "bssid", "imei", "imsi", "iccid", "msisdn"}
	schemes = []string{"bearer", "basic", "negotiate"}
)

// valueAfter says how many bytes stand between a name and its value, and how long the
// value is, 0 when what follows is none.
func valueAfter(name, rest string) (between, value int) {
	at := run(rest, func(c byte) bool { return c == ' ' || c == '"' || c == '\'' || c == '\\' })
	sign := at < len(rest) && (rest[at] == '=' || rest[at] == ':')
	switch {
	case sign && secretName(name):
		at++
		at += run(rest[at:], func(c byte) bool { return c == ' ' || c == '\\' })
	case at == 0:
		return 0, 0
	case oneOf(name, schemes):
		n := run(rest[at:], credentialByte)
		if run(rest[at:], func(c byte) bool { return 'a' <= c && c <= 'z' }) == n {
			return 0, 0 // a word of a sentence
		}
		return at, n
	case !oneOf(name, spoken):
		return 0, 0
	}
	// The credentials of a scheme follow its name.
	if n := run(rest[at:], letter); oneOf(rest[at:at+n], schemes) {
		if gap := run(rest[at+n:], func(c byte) bool { return c == ' ' }); gap > 0 {
			at += n + gap
		}
	}
	return at, valueLength(rest[at:])
}

func oneOf(name string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, name) })
}

// valueLength is how long a value is: to the quote that ends it where one begins it, else
// to the next space or separator.
func valueLength(s string) int {
	if s == "" || strings.HasPrefix(s, Mask) {
		return 0
	}
	if quote := s[0]; quote == '"' || quote == '\'' {
		if end := strings.IndexByte(s[1:], quote); end >= 0 {
			return end + 2
		}
		return len(s)
	}
	return run(s, func(c byte) bool { return !strings.ContainsRune(" ,;&)]}\"'", rune(c)) })
}

// credentialByte are those of a token68 (RFC 9110 section 11.2).
func credentialByte(c byte) bool {
	return letter(c) || digit(c) || strings.IndexByte("-._~+/=", c) >= 0
}
