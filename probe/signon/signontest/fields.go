package signontest

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// field is how one field of a message is made up.
type field struct {
	// kind is n for digits, c for characters, b for bytes.
	kind byte
	// length is that of a fixed field in digits, characters or bytes.
	length int
	// prefix is how many digits of length stand before a variable field, 0 for a fixed
	// one.
	prefix int
}

// fieldTable reads fields by number from text: "11 n6 60 n... 64 b8" are six digits,
// digits behind a length of three digits, and eight bytes.
func fieldTable(text string) map[int]field {
	words := strings.Fields(text)
	table := make(map[int]field, len(words)/2)
	for i := 0; i < len(words); i += 2 {
		n, err := strconv.Atoi(words[i])
		if err != nil {
			panic("signontest: " + err.Error())
		}
		f := field{kind: words[i+1][0], prefix: strings.Count(words[i+1], ".")}
		if f.prefix == 0 {
			if f.length, err = strconv.Atoi(words[i+1][1:]); err != nil {
				panic("signontest: " + err.Error())
			}
		}
		table[n] = f
	}
	return table
}

// The fields of the three versions. Those of 1987 and 1993 are the standard's, as jPOS
// has them in ISO87APackager and ISO93APackager; a track's separator is a digit here.
var (
	fieldsUnionPay = fieldTable(`2 n.. 3 n6 4 n12 5 n12 6 n12 7 n10 9 n8 10 n8 11 n6 12 n6 13 n4 14 n4 15 n4 16 n4 18 n4 19 n3 22 n3
		23 n3 25 n2 26 n2 28 c9 32 n.. 33 n.. 35 n.. 36 n... 37 c12 38 c6 39 c2 40 c3 41 c8 42 c15 43 c40 44 c.. 45 c.. 46 c...
		47 c... 48 n... 49 c3 50 c3 51 c3 52 b8 53 n16 54 c... 55 b... 56 c... 57 c... 58 c... 59 c... 60 n... 61 n... 62 b...
		63 c... 64 b8`)

	fields1987 = fieldTable(`2 n.. 3 n6 4 n12 5 n12 6 n12 7 n10 8 n8 9 n8 10 n8 11 n6 12 n6 13 n4 14 n4 15 n4 16 n4 17 n4 18 n4
		19 n3 20 n3 21 n3 22 n3 23 n3 24 n3 25 n2 26 n2 27 n1 32 n.. 33 n.. 34 c.. 35 n.. 36 c... 37 c12 38 c6 39 c2 40 c3 41 c8
		42 c15 43 c40 44 c.. 45 c.. 46 c... 47 c... 48 c... 49 c3 50 c3 51 c3 52 b8 53 n16 54 c... 55 c... 56 c... 57 c... 58 c...
		59 c... 60 c... 61 c... 62 c... 63 c... 64 b8 66 n1 67 n2 68 n3 69 n3 70 n3 71 n4 72 n4 73 n6 90 n42 91 c1 92 c2 93 c6
		94 c7 95 c42 96 b8 98 c25 99 n.. 100 n.. 101 c.. 102 c.. 103 c.. 104 c... 120 c... 121 c... 122 c... 123 c... 124 c...
		125 c... 126 c... 127 c... 128 b8`)

	fields1993 = fieldTable(`2 n.. 3 n6 4 n12 5 n12 6 n12 7 n10 8 n8 9 n8 10 n8 11 n6 12 n12 13 n4 14 n4 15 n6 16 n4 17 n4 18 n4
		19 n3 20 n3 21 n3 22 c12 23 n3 24 n3 25 n4 26 n4 27 n1 28 n6 29 n3 30 n24 31 c.. 32 n.. 33 n.. 34 c.. 35 c.. 36 c...
		37 c12 38 c6 39 n3 40 n3 41 c8 42 c15 43 c.. 44 c.. 45 c.. 46 c... 47 c... 48 c... 49 c3 50 c3 51 c3 52 b8 53 b.. 54 c...
		55 b... 56 n.. 57 n3 58 n.. 59 c... 60 c... 61 c... 62 c... 63 c... 64 b8 70 n3 71 n8 72 c... 73 n6 93 n.. 94 n.. 95 c..
		96 b... 98 c25 99 c.. 100 n.. 101 c.. 102 c.. 103 c.. 104 c... 123 c... 124 c... 125 c... 126 c... 127 c... 128 b8`)
)

// packing is how fields are put on the wire. The zero value is UnionPay's.
type packing struct {
	// text: every digit is a character, and so is every digit of a length.
	text bool
	// textBitmap: the bitmap is sixteen hexadecimal characters.
	textBitmap bool
	// right: three digits in two bytes are aligned to the right, as ISO87BPackager of
	// jPOS has them; otherwise to the left, as UnionPay (but for field 23) and
	// ISO93BPackager have them.
	right bool
}

// packings are those of protocols iso8583-1987 and iso8583-1993, by name.
var packings = map[string]packing{
	"ascii":  {text: true, textBitmap: true},
	"bcd":    {right: true},
	"binary": {text: true},
}

// wire returns field n as it stands on the wire, in hexadecimal.
func (p packing) wire(n int, f field, value string) string {
	content := hex.EncodeToString([]byte(value))
	switch {
	case f.kind == 'n' && p.text:
	case f.kind == 'n':
		if content = value; len(value)%2 == 1 {
			if f.prefix == 0 && (p.right || n == 23) {
				content = "0" + value
			} else {
				content = value + "0"
			}
		}
	case f.kind == 'b' && p.text:
		content = hex.EncodeToString([]byte(strings.ToUpper(content)))
	}
	if f.prefix == 0 {
		return content
	}
	length := fmt.Sprintf("%0*d", f.prefix, len(value))
	if p.text {
		return hex.EncodeToString([]byte(length)) + content
	}
	return strings.Repeat("0", f.prefix%2) + length + content
}

// cursor is the rest of a message that is read, in hexadecimal.
type cursor struct {
	rest string
	bad  bool // it ended too early, or held something else than is due
	left bool // a numeric field of an odd length was aligned to the left
}

// take returns the next n hexadecimal digits.
func (c *cursor) take(n int) string {
	if n < 0 || n > len(c.rest) {
		c.bad = true
		n = min(max(n, 0), len(c.rest))
	}
	var s string
	s, c.rest = c.rest[:n], c.rest[n:]
	return s
}

// digits returns n digits, which text has as characters.
func (c *cursor) digits(n int, text bool) string {
	s := c.take(n)
	if text {
		s = characters(s + c.take(n))
	}
	if strings.Trim(s, "0123456789") != "" {
		c.bad = true
	}
	return s
}

// read takes field n from the wire and returns its value.
func (p packing) read(n int, f field, c *cursor) string {
	length := f.length
	if f.prefix > 0 {
		digits := f.prefix
		if !p.text {
			digits += digits % 2
		}
		length, _ = strconv.Atoi(c.digits(digits, p.text))
	}
	switch {
	case f.kind == 'n' && !p.text:
		s := c.take(length + length%2)
		if length%2 == 0 || len(s) <= length {
			return s
		}
		// Both alignments occur (see packing); what begins with a zero is taken to be
		// aligned to the right.
		if f.prefix == 0 && (p.right || n == 23) && s[0] == '0' {
			return s[1:]
		}
		c.left = c.left || f.prefix == 0 && p.right
		return s[:length]
	case f.kind == 'b' && p.text:
		return characters(characters(c.take(4 * length)))
	}
	return characters(c.take(2 * length))
}

// characters returns the bytes that hexadecimal digits stand for, as far as they are
// such.
func characters(digits string) string {
	b, _ := hex.DecodeString(digits)
	return string(b)
}
