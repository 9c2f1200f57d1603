package redact

import (
	"strconv"
	"unicode/utf8"
)

// masker writes a line again, without what must not leave.
type masker struct {
	ref   string
	scrub scrubber
	out   []byte
	named bool // a member called terminal was written
}

// The member that names the terminal, whose ref is what stands for it.
const (
	terminal     = "terminal"
	terminalPath = "." + terminal
)

// next writes the comma in front of whatever is not the first of its kind.
func (m *masker) next() {
	if n := len(m.out); n > 0 && m.out[n-1] != '{' && m.out[n-1] != '[' && m.out[n-1] != ':' {
		m.out = append(m.out, ',')
	}
}

func (m *masker) open(path string, delim byte) {
	m.next()
	m.out = append(m.out, delim)
	if path == terminalPath && delim == '{' {
		m.out = appendString(append(m.out, `"ref":`...), m.ref)
	}
}

func (m *masker) close(path string, delim byte) {
	if path == "" && !m.named {
		m.key("", terminal)
		m.open(terminalPath, '{')
		m.out = append(m.out, '}')
	}
	m.out = append(m.out, delim)
}

func (m *masker) key(path, name string) bool {
	switch {
	case path == terminalPath && name == "ref":
		return false
	case path == "" && name == terminal:
		if m.named { // JSON does not forbid it; a reader would take the second one
			return false
		}
		m.named = true
	}
	m.next()
	// A name that posprobe did not choose may be anything.
	m.out = append(appendString(m.out, m.scrub.free(name)), ':')
	return true
}

func (m *masker) text(path, s string) {
	m.next()
	m.out = appendString(m.out, m.scrub.apply(actionOf(path), s))
}

func (m *masker) other(path, literal string) {
	m.next()
	if actionOf(path) == mask {
		literal = "null"
	}
	m.out = append(m.out, literal...)
}

// appendString appends s as a JSON string (RFC 8259 section 7) in which whatever could
// steer a screen or hide text is escaped, as report.Encode does.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < 0x80 && r >= ' ' && r != 0x7f, r >= 0x80 && strconv.IsPrint(r):
			b = utf8.AppendRune(b, r)
		case r > 0xffff: // a surrogate pair
			r -= 0x10000
			b = appendEscape(appendEscape(b, 0xd800+r>>10), 0xdc00+r&0x3ff)
		default:
			b = appendEscape(b, r)
		}
	}
	return append(b, '"')
}

func appendEscape(b []byte, r rune) []byte {
	const hex = "0123456789abcdef"
	return append(b, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}
