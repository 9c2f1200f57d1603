package signon

import (
	"encoding/binary"
	"strconv"
	"time"

	"posprobe/probe/clean"
)

// message is what the walk through a message has met. Its slices are parts of the
// frame and gone once that is wiped.
type message struct {
	mti      string
	bitmap   uint64
	code     string // field 39, "" when it was not reached or has no readable form
	terminal []byte // field 41
	time     []byte // field 12
	date     []byte // field 13
	text44   []byte
	text56   []byte
	// cutIn is the field inside which the message ended, 1 for the bitmap, 0 for none.
	cutIn int
	// even is true when there are fields and the last one ends where the message does.
	even bool
	// secretBefore is the first secret field that was stepped over, 0 without one.
	secretBefore int
}

// walk reads a message from its bitmap on, field by field, until one is unknown, ends
// outside the message, or none is left. What has been read until then counts.
func walk(mti string, b []byte) message {
	m := message{mti: mti}
	if len(b) < bitmapSize {
		m.cutIn = 1
		return m
	}
	m.bitmap = binary.BigEndian.Uint64(b)
	rest := b[bitmapSize:]
	if m.has(1) { // a second bitmap, for fields 65 to 128
		if len(rest) < bitmapSize {
			m.cutIn = 1
			return m
		}
		rest = rest[bitmapSize:]
	}
	for f := 2; f <= 64; f++ {
		if !m.has(f) {
			continue
		}
		content, after, ok := cutField(f, rest)
		if !ok {
			return m
		}
		if content == nil {
			m.cutIn = f
			return m
		}
		m.keep(f, content)
		rest = after
	}
	m.even = len(rest) == 0 && m.bitmap != 0
	return m
}

// cutField cuts field f off b. It returns ok false when the field's form is not known,
// and nil content when it does not fit into b.
func cutField(f int, b []byte) (content, rest []byte, ok bool) {
	form, known := formats[f]
	if !known {
		return nil, nil, false
	}
	if len(b) < form.prefix {
		return nil, nil, true
	}
	n := form.size
	if form.prefix > 0 {
		if n, ok = readLength(b[:form.prefix]); !ok || n > form.size {
			return nil, nil, false
		}
	}
	end := form.prefix + form.bytes(n)
	if end > len(b) {
		return nil, nil, true
	}
	return b[form.prefix:end:end], b[end:], true
}

// keep notes the fields that say something and steps over all others.
func (m *message) keep(f int, content []byte) {
	if secret[f] && m.secretBefore == 0 {
		m.secretBefore = f
	}
	switch f {
	case 12:
		m.time = content
	case 13:
		m.date = content
	case 39:
		if isAlphanumeric(content) {
			m.code = string(content)
		}
	case 41:
		m.terminal = content
	case 44:
		m.text44 = content
	case 56:
		m.text56 = content
	}
}

// has reports whether the first bitmap names field f, 1 to 64.
func (m *message) has(f int) bool { return m.bitmap>>(64-f)&1 == 1 }

// readable reports whether there is a response code.
func (m *message) readable() bool { return m.code != "" }

// believes reports whether the content of field f is surely what it seems. If this host
// counted the length of a secret field before it in another way, card data would stand
// in its place; when the walk comes out even, it does not.
func (m *message) believes(f int) bool {
	return m.even || m.secretBefore == 0 || m.secretBefore > f
}

// text returns what the host says in words: field 44, else field 56. The form of the
// fields between the two differs from dialect to dialect, so field 56 always needs a
// walk that comes out even.
func (m *message) text() string {
	if m.believes(44) {
		if s := clean.GBK(m.text44); s != "" {
			return s
		}
	}
	if m.even {
		return clean.GBK(m.text56)
	}
	return ""
}

// hostTime returns fields 13 (MMDD) and 12 (hhmmss), "" unless they are a date and time.
func (m *message) hostTime() string {
	if len(m.date) == 0 || len(m.time) == 0 || !m.believes(13) {
		return ""
	}
	date, ok1 := bcd(m.date)
	clock, ok2 := bcd(m.time)
	if !ok1 || !ok2 {
		return ""
	}
	// Any leap year will do: the message has none.
	if _, err := time.Parse("20060102150405", "2000"+date+clock); err != nil {
		return ""
	}
	return date + clock
}

// cutAt names the place at which the message was cut.
func (m *message) cutAt() string {
	if m.cutIn == 1 {
		return "the bitmap"
	}
	return "field " + strconv.Itoa(m.cutIn)
}

// isAlphanumeric reports whether b consists of ASCII letters and digits.
func isAlphanumeric(b []byte) bool {
	for _, c := range b {
		if !('0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z') {
			return false
		}
	}
	return len(b) > 0
}
