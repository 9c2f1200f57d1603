package redact

import (
	"cmp"
	"slices"
	"strings"
)

// scrubber takes secrets out of text.
type scrubber struct {
	secrets []string // in small letters, longest first
	// seen numbers the interfaces whose hardware address stood in an IPv6 address.
	seen map[[8]byte]int
}

func (s scrubber) apply(a action, text string) string {
	switch {
	case a == keep || text == "":
		return text
	case a == own:
		return s.words(text)
	case a == mask:
		return Mask
	}
	return s.free(text)
}

// words takes out what is known to be secret. Mask itself is left alone, so that what was
// cleaned once stays as it is.
func (s scrubber) words(text string) string {
	if len(s.secrets) == 0 {
		return text
	}
	low := lower(text)
	for _, secret := range s.secrets {
		if strings.Contains(low, secret) && !strings.Contains(Mask, secret) {
			text = each(text, func(_ string, from int) (int, int) {
				i := strings.Index(low[from:], secret)
				return from + i, from + i + len(secret)
			})
			low = lower(text)
		}
	}
	return text
}

// free takes out what is known, what is named and what has the shape of a secret.
func (s scrubber) free(text string) string {
	text = s.words(text)
	text = each(text, userinfo)
	text = each(text, named)
	text = each(text, hardware)
	text = s.interfaces(text)
	return each(text, number)
}

// each puts Mask in place of everything that find finds: it returns where the first find
// at or behind a place begins and ends, a beginning before that place for none.
func each(text string, find func(text string, from int) (begin, end int)) string {
	from, done := 0, 0
	var b []byte
	for from < len(text) {
		begin, end := find(text, from)
		if begin < from {
			break
		}
		b = append(append(b, text[done:begin]...), Mask...)
		from, done = end, end
	}
	if done == 0 {
		return text
	}
	return string(append(b, text[done:]...))
}

// lowered are the texts in small letters, those that are long enough.
func lowered(texts []string) []string {
	var out []string
	for _, t := range texts {
		if t != Mask && len(t) >= minSecret {
			out = append(out, lower(t))
		}
	}
	return out
}

// longestFirst sorts, so that a secret that holds another one goes as a whole.
func longestFirst(texts []string) {
	slices.SortFunc(texts, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
}

// lower is s with small ASCII letters: the same bytes in the same places.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// userinfo finds user and password in a URL (RFC 3986 section 3.2.1).
func userinfo(s string, from int) (begin, end int) {
	const scheme = "://"
	for {
		i := strings.Index(s[from:], scheme)
		if i < 0 {
			return -1, 0
		}
		from += i + len(scheme)
		authority := s[from:]
		if end := strings.IndexAny(authority, "/?# \t\"'<>"); end >= 0 {
			authority = authority[:end]
		}
		if at := strings.LastIndexByte(authority, '@'); at >= 0 && authority[:at] != Mask {
			return from, from + at
		}
	}
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func digit(c byte) bool  { return '0' <= c && c <= '9' }
func hexDigit(c byte) bool {
	return digit(c) || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// run is the length of the longest prefix of s whose bytes all satisfy f.
func run(s string, f func(byte) bool) int {
	for i := range len(s) {
		if !f(s[i]) {
			return i
		}
	}
	return len(s)
}
