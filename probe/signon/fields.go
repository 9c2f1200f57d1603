package signon

// unit is what a field's size counts.
type unit int

const (
	inBytes  unit = iota // ASCII or binary, one byte each
	inDigits             // BCD, two digits to a byte
)

// format is how a field stands on the wire.
type format struct {
	// prefix is how many bytes of BCD length come first: 0 for a field of fixed size, 1
	// for LLVAR, 2 for LLLVAR. The length counts units, not bytes, where they differ.
	prefix int
	unit   unit
	// size is the fixed size, or the greatest one, in units.
	size int
}

// bytes returns how many bytes n units take; an odd number of digits is padded.
func (f format) bytes(n int) int {
	if f.unit == inDigits {
		return (n + 1) / 2
	}
	return n
}

// formats are the fields whose form is known: those of UnionPay's terminal messages,
// and beside them the fixed and LLVAR ones that ISO 8583:1987 gives everybody, so that
// a host that adds one does not stop the walk before field 39. Lengths of 46, 56 and 57
// follow the dialects that use them.
//
// Variable numeric fields are left-aligned with a zero nibble at the end when odd, and
// so is 22; 23 is right-aligned. The bytes they take are the same.
var formats = map[int]format{
	2: llDigits(19), 3: digits(6), 4: digits(12), 5: digits(12), 6: digits(12), 7: digits(10),
	8: digits(8), 9: digits(8), 10: digits(8), 11: digits(6), 12: digits(6), 13: digits(4),
	14: digits(4), 15: digits(4), 16: digits(4), 17: digits(4), 18: digits(4), 19: digits(3),
	20: digits(3), 21: digits(3), 22: digits(3), 23: digits(3), 24: digits(3), 25: digits(2),
	26: digits(2), 32: llDigits(11), 33: llDigits(11), 35: llDigits(37), 36: lllDigits(104),
	37: chars(12), 38: chars(6), 39: chars(2), 40: chars(3), 41: chars(8), 42: chars(15),
	43: chars(40), 44: llChars(99), 45: llChars(76), 46: lllChars(999), 47: lllChars(999),
	48: lllDigits(999), 49: chars(3), 50: chars(3), 51: chars(3), 52: chars(8), 53: digits(16),
	54: lllChars(120), 55: lllChars(999), 56: lllChars(999), 57: lllChars(999), 58: lllChars(999),
	59: lllChars(999), 60: lllDigits(17), 61: lllDigits(999), 62: lllChars(999), 63: lllChars(999),
	64: chars(8),
}

func digits(n int) format    { return format{0, inDigits, n} }
func llDigits(n int) format  { return format{1, inDigits, n} }
func lllDigits(n int) format { return format{2, inDigits, n} }
func chars(n int) format     { return format{0, inBytes, n} }
func llChars(n int) format   { return format{1, inBytes, n} }
func lllChars(n int) format  { return format{2, inBytes, n} }

// secret are the fields that can hold card data, keys, a PIN block or a MAC (PCI DSS
// v4 3.3 to 3.5 and the working keys of field 62). They are never sent; in a reply
// they are stepped over and wiped with the rest.
var secret = map[int]bool{
	2: true, 14: true, 35: true, 36: true, 45: true, 48: true, 52: true, 53: true, 55: true,
	59: true, 61: true, 62: true, 64: true,
}
