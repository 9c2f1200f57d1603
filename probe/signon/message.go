package signon

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"

	"posprobe/probe/clean"
)

// grammar is how the messages of a protocol stand on the wire.
type grammar struct {
	encoding
	formats *formats
	// version is the first digit of a message type: 0 for ISO 8583:1987, 1 for 1993.
	version byte
	// wordsIn56: field 56 holds words of the host.
	wordsIn56 bool
	// requirement: digit 6 of a header of six bytes says what the host wants.
	requirement bool
}

// message is what the walk through a message has met. Its slices are parts of the
// frame and gone once that is wiped.
type message struct {
	*grammar
	mti      string
	bitmap   [16]byte
	code     string // field 39, "" when it was not reached or has no readable form
	terminal []byte // field 41
	stamp    []byte // field 7
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

// mtiSize is how many bytes a message type takes.
func (g *grammar) mtiSize() int { return g.digitsSize(4) }

// walk reads a message from its bitmap on, field by field, until one is unknown, ends
// outside the message, or none is left. What has been read until then counts.
func (g *grammar) walk(mti string, b []byte) message {
	m := message{grammar: g, mti: mti}
	rest, ok := m.readBitmap(b)
	if !ok {
		m.cutIn = 1
		return m
	}
	for f := 2; f < len(g.formats); f++ {
		if !m.has(f) {
			continue
		}
		content, after, ok := g.cut(g.formats[f], rest)
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
	m.even = len(rest) == 0 && m.bitmap != [16]byte{}
	return m
}

// readBitmap reads the bitmap and the second one, for fields 65 to 128, that bit 1 of the
// first announces. Hexadecimal characters that are none leave a bitmap that names no
// field.
func (m *message) readBitmap(b []byte) (rest []byte, ok bool) {
	size := m.bitmapSize()
	for i := 0; i == 0 || i == 1 && m.has(1); i++ {
		if len(b) < size {
			return nil, false
		}
		part := m.bitmap[8*i : 8*i+8]
		if m.hexBitmap {
			if _, err := hex.Decode(part, b[:size]); err != nil {
				m.bitmap = [16]byte{}
				return b, true
			}
		} else {
			copy(part, b)
		}
		b = b[size:]
	}
	return b, true
}

// keep notes the fields that say something and steps over all others.
func (m *message) keep(f int, content []byte) {
	if isSecret(f) && m.secretBefore == 0 {
		m.secretBefore = f
	}
	switch f {
	case 7:
		m.stamp = content
	case 12:
		m.time = content
	case 13:
		m.date = content
	case 39:
		m.code = m.responseCode(content)
	case 41:
		m.terminal = content
	case 44:
		m.text44 = content
	case 56:
		m.text56 = content
	}
}

// responseCode reads field 39, "" if it has no readable form. Packed in two bytes, the
// three digits of ISO 8583:1993 begin with a zero nibble; hosts that end with it instead
// (ISO93BPackager of jPOS) are understood as far as that is not ambiguous.
func (m *message) responseCode(content []byte) string {
	if m.formats[39].unit != numeric {
		if isAlphanumeric(content) {
			return string(content)
		}
		return ""
	}
	digits, ok := m.digits(content)
	switch size := int(m.formats[39].size); {
	case !ok:
		return ""
	case len(digits) == size:
		return digits
	case digits[0] == '0':
		return digits[1:]
	case digits[size] == '0':
		return digits[:size]
	}
	return ""
}

// has reports whether the bitmap names field f, 1 to 128.
func (m *message) has(f int) bool { return m.bitmap[(f-1)/8]>>(7-(f-1)%8)&1 == 1 }

// readable reports whether there is a response code.
func (m *message) readable() bool { return m.code != "" }

// believes reports whether the content of field f is surely what it seems. If this host
// counted the length of a secret field before it in another way, card data would stand
// in its place; when the walk comes out even, it does not.
func (m *message) believes(f int) bool {
	return m.even || m.secretBefore == 0 || m.secretBefore > f
}

// text returns what the host says in words: field 44, else field 56 where that is for
// words. The form of the fields between the two differs from dialect to dialect, so
// field 56 always needs a walk that comes out even.
func (m *message) text() string {
	if m.believes(44) {
		if s := clean.GBK(m.text44); s != "" {
			return s
		}
	}
	if m.even && m.wordsIn56 {
		return clean.GBK(m.text56)
	}
	return ""
}

// timeOf returns the digits of field 7, 12 or 13, "" unless it has some that can be
// believed.
func (m *message) timeOf(f int, content []byte) string {
	if len(content) == 0 || !m.believes(f) {
		return ""
	}
	digits, _ := m.digits(content)
	return digits
}

// cutAt names the place at which the message was cut.
func (m *message) cutAt() string {
	if m.cutIn == 1 {
		return "the bitmap"
	}
	return "field " + strconv.Itoa(m.cutIn)
}

// pack builds a message behind the bytes that stand before it. Each value is digits or
// characters, as its field's format has it, and fits.
func (g *grammar) pack(lead []byte, mti string, values map[int]string) []byte {
	b := make([]byte, 0, 256)
	b = g.appendDigits(append(b, lead...), format{}, mti)
	var bitmap [2]uint64
	for f := range values {
		bitmap[(f-1)/64] |= 1 << (63 - (f-1)%64)
	}
	both := bitmap[:1]
	if bitmap[1] != 0 {
		bitmap[0] |= 1 << 63
		both = bitmap[:]
	}
	for _, part := range both {
		raw := binary.BigEndian.AppendUint64(nil, part)
		if g.hexBitmap {
			raw = []byte(upperHex(raw))
		}
		b = append(b, raw...)
	}
	for f, form := range g.formats {
		if value, ok := values[f]; ok {
			b = g.appendField(b, form, value)
		}
	}
	return b
}

// upperHex writes hexadecimal digits as ISO 8583 messages in characters mostly have them.
func upperHex(b []byte) string {
	const digits = "0123456789ABCDEF"
	s := make([]byte, 0, 2*len(b))
	for _, v := range b {
		s = append(s, digits[v>>4], digits[v&15])
	}
	return string(s)
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
