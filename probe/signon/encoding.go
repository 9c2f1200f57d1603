package signon

// encoding is how the fields of a message stand on the wire.
type encoding struct {
	word string
	// packed: digits, those of lengths included, are packed two to a byte; otherwise each
	// is a character.
	packed bool
	// hexBitmap and hexBinary: bitmaps, and the content of binary fields, are written in
	// hexadecimal characters.
	hexBitmap, hexBinary bool
}

// encodings are those of protocols iso8583-1987 and iso8583-1993; the first is the
// default. They are the packagers of jPOS that bear the same letters (github.com/jpos/jPOS,
// package org.jpos.iso.packager).
var encodings = []encoding{
	// ISO87APackager, ISO93APackager: characters throughout.
	{word: "ascii", hexBitmap: true, hexBinary: true},
	// ISO87BPackager: fixed numeric fields of an odd size begin with a zero nibble, those
	// of a variable size end with one.
	packedBCD,
	// ISO87APackagerBBitmap: as ascii, but for the bitmap.
	{word: "binary", hexBinary: true},
}

var packedBCD = encoding{word: "bcd", packed: true}

// Encodings are the words for Config.Encoding; the first is the default.
func Encodings() []string { return words(encodings, func(e encoding) string { return e.word }) }

// unit is what a field consists of and what its size counts.
type unit uint8

const (
	unknown unit = iota // the form of this field is not known
	numeric             // digits
	chars               // characters, one byte each
	octets              // bytes
	amount              // a character that is a sign, and digits; the size counts both
)

// format is the form of a field.
type format struct {
	unit unit
	// prefix is how many digits of length come first: 0 for a field of fixed size, 2 for
	// LLVAR, 3 for LLLVAR. The length counts units, not bytes, where they differ.
	prefix uint8
	// size is the fixed size, or the greatest one, in units.
	size uint16
}

// formats are the fields by number.
type formats [129]format

// bitmapSize is how many bytes a bitmap of 64 fields takes.
func (e encoding) bitmapSize() int {
	if e.hexBitmap {
		return 16
	}
	return 8
}

// digitsSize is how many bytes n digits take; an odd number of them is padded.
func (e encoding) digitsSize(n int) int {
	if e.packed {
		return (n + 1) / 2
	}
	return n
}

// size is how many bytes n units take.
func (e encoding) size(u unit, n int) int {
	switch {
	case u == numeric:
		return e.digitsSize(n)
	case u == amount:
		return 1 + e.digitsSize(n-1)
	case u == octets && e.hexBinary:
		return 2 * n
	}
	return n
}

// length reads the number in the length prefix b. Hosts that pack digits and yet count
// in binary exist: a single byte that is no BCD number is read as one.
func (e encoding) length(b []byte) (int, bool) {
	if e.packed && len(b) == 1 && (b[0]>>4 > 9 || b[0]&15 > 9) {
		return int(b[0]), true
	}
	digits, ok := e.digits(b)
	n := 0
	for _, c := range digits {
		n = n*10 + int(c-'0')
	}
	return n, ok
}

// digits returns the digits in b, padding included, and whether there is nothing else.
func (e encoding) digits(b []byte) (string, bool) {
	if e.packed {
		return bcd(b)
	}
	return string(b), isDigits(string(b), len(b))
}

// appendField writes a field. Its value fits.
func (e encoding) appendField(b []byte, f format, value string) []byte {
	if f.prefix > 0 {
		b = e.appendDigits(b, format{numeric, 0, uint16(f.prefix)}, decimals(len(value), int(f.prefix)))
	}
	if f.unit == numeric {
		return e.appendDigits(b, f, value)
	}
	return append(b, value...)
}

// appendDigits writes the digits of a field.
func (e encoding) appendDigits(b []byte, f format, digits string) []byte {
	switch {
	case !e.packed:
		return append(b, digits...)
	case f.prefix == 0 && len(digits)%2 == 1:
		digits = "0" + digits
	}
	return appendBCD(b, digits)
}

// cut cuts a field off b. It returns ok false when the field's form is not known, and nil
// content when it does not fit into b.
func (e encoding) cut(f format, b []byte) (content, rest []byte, ok bool) {
	if f.unit == unknown {
		return nil, nil, false
	}
	n, prefix := int(f.size), e.digitsSize(int(f.prefix))
	if len(b) < prefix {
		return nil, nil, true
	}
	if prefix > 0 {
		if n, ok = e.length(b[:prefix]); !ok || n > int(f.size) {
			return nil, nil, false
		}
	}
	end := prefix + e.size(f.unit, n)
	if end > len(b) {
		return nil, nil, true
	}
	return b[prefix:end:end], b[end:], true
}
