package signontest

import (
	"cmp"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
)

// Message is an ISO 8583 message. The zero values of its first three fields are a
// message as UnionPay hosts pack it.
type Message struct {
	// Protocol is unionpay, iso8583-1987 or iso8583-1993; "" is unionpay.
	Protocol string
	// Encoding is one of Encodings in protocols iso8583-*; "" is ascii. Unionpay has its
	// own alone.
	Encoding string
	// Framing is one of Framings; "" is 2-byte.
	Framing string

	// TPDU and Header stand before the message type; protocols iso8583-* do without them.
	TPDU, Header []byte
	// MTI is the message type in four digits.
	MTI string
	// Fields holds, by number from 2 to 128 (64 in protocol unionpay), digits for numeric
	// fields and raw bytes for all others. The caller sees to it that they have the right
	// length.
	Fields map[int]string

	// left: numeric fields of an odd length were aligned to the left where encoding bcd
	// aligns them to the right.
	left bool
}

// Frame returns the message as it is sent, framing included.
func (m Message) Frame() []byte {
	f, err := findFraming(m.Framing)
	if err != nil {
		panic("signontest: " + err.Error())
	}
	return f.around(m.body())
}

// packing returns how the message's fields are put on the wire.
func (m Message) packing() packing {
	if cmp.Or(m.Protocol, unionPay) == unionPay {
		return packing{}
	}
	p := packings[cmp.Or(m.Encoding, ascii)]
	p.right = p.right && !m.left
	return p
}

// table returns the fields of the message's version.
func (m Message) table() map[int]field {
	switch m.Protocol {
	case iso1987:
		return fields1987
	case iso1993:
		return fields1993
	}
	return fieldsUnionPay
}

// body returns the message without framing.
func (m Message) body() []byte {
	p := m.packing()
	numbers := slices.Sorted(maps.Keys(m.Fields))
	var fields strings.Builder
	for _, n := range numbers {
		fields.WriteString(p.wire(n, m.table()[n], m.Fields[n]))
	}
	mti, bitmap := m.MTI, bitmapOf(numbers)
	if p.text {
		mti = hex.EncodeToString([]byte(mti))
	}
	if p.textBitmap {
		bitmap = hex.EncodeToString([]byte(strings.ToUpper(bitmap)))
	}
	b, err := hex.DecodeString(hex.EncodeToString(m.TPDU) + hex.EncodeToString(m.Header) + mti + bitmap + fields.String())
	if err != nil {
		panic("signontest: a numeric field is not digits: " + err.Error())
	}
	return b
}

// nibbles are the bits of each hexadecimal digit.
const nibbles = "0000 0001 0010 0011 0100 0101 0110 0111 1000 1001 1010 1011 1100 1101 1110 1111"

// bitmapOf returns the bitmap of fields in hexadecimal: 16 digits, or 32 with a field
// beyond 64, which bit 1 announces.
func bitmapOf(numbers []int) string {
	bits := []byte(strings.Repeat("0", 64))
	if len(numbers) > 0 && numbers[len(numbers)-1] > 64 {
		bits = []byte("1" + strings.Repeat("0", 127))
	}
	for _, n := range numbers {
		bits[n-1] = '1'
	}
	var out strings.Builder
	for nibble := range slices.Chunk(bits, 4) {
		out.WriteByte("0123456789abcdef"[strings.Index(nibbles, string(nibble))/5])
	}
	return out.String()
}

// numbersOf returns the fields that a bitmap in hexadecimal announces.
func numbersOf(bitmap string) []int {
	var out []int
	for i, c := range []byte(strings.ToLower(bitmap)) {
		digit := strings.IndexByte("0123456789abcdef", c)
		if digit < 0 {
			continue
		}
		for j, bit := range []byte(nibbles[5*digit : 5*digit+4]) {
			if n := 4*i + j + 1; bit == '1' && n > 1 {
				out = append(out, n)
			}
		}
	}
	return out
}

// parse reads a message of m's protocol and encoding from its message type on, and
// reports whether it is whole: every field known, and nothing behind the last one.
func (m Message) parse(text string) (Message, bool) {
	p, c := m.packing(), cursor{rest: text}
	m.MTI = c.digits(4, p.text)
	bitmap := m.bitmap(&c)
	if bitmap != "" && strings.Contains("89abcdefABCDEF", bitmap[:1]) { // bit 1
		bitmap += m.bitmap(&c)
	}
	m.Fields = map[int]string{}
	table := m.table()
	for _, n := range numbersOf(bitmap) {
		f, ok := table[n]
		if !ok {
			return m, false
		}
		value := p.read(n, f, &c)
		if c.bad {
			return m, false
		}
		m.Fields[n] = value
	}
	m.left = c.left
	return m, !c.bad && c.rest == ""
}

// bitmap reads sixteen digits of bitmap.
func (m Message) bitmap(c *cursor) string {
	if m.packing().textBitmap {
		return characters(c.take(32))
	}
	return c.take(16)
}
