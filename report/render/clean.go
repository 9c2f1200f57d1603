package render

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxRunes is how much of one string of the report is written. Strings from outside
// have at most 128 runes when they are recorded, a DNS name with its port 260 bytes
// (RFC 1035 section 2.3.4); a report from a file may hold anything.
const maxRunes = 260

// short cuts a string of the report to maxRunes.
func short(s string) string {
	n := 0
	for i := range s {
		if n == maxRunes {
			return s[:i] + "..."
		}
		n++
	}
	return s
}

// clean makes s safe to show: one line, no control characters (C0, C1), no format
// characters (Unicode category Cf, which holds the bidirectional controls that can
// show a text in another order than it has), "?" where it is no UTF-8. noBreak stays.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError:
			return '?'
		case string(r) == noBreak:
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
}

// ascii replaces what is not ASCII by what looks like it.
var ascii = strings.NewReplacer("…", "...", "–", "-", "—", "-", "‘", "'", "’", "'", "“", `"`, "”", `"`,
	"µ", "u", "μ", "u", "×", "x", "≥", ">=", "≤", "<=", "→", "->")

// toASCII returns s in 7 bits: replaced where there is a likeness, "?" elsewhere.
func toASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII && string(r) != noBreak {
			return '?'
		}
		return r
	}, ascii.Replace(s))
}
