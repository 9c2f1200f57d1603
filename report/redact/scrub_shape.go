package redact

import (
	"net/netip"
	"strings"
	"unicode/utf8"
)

// hardware finds a hardware address: six or more pairs with colons or hyphens between
// them, three groups of four with dots, or twelve digits on end.
func hardware(s string, from int) (begin, end int) {
	for i := from; i < len(s); i++ {
		inside := i > 0 && (letter(s[i-1]) || digit(s[i-1]))
		if !inside && hexDigit(s[i]) {
			if n := hardwareAt(s[i:]); n > 0 {
				return i, i + n
			}
		}
	}
	return -1, 0
}

// hardwareAt is how long the hardware address is that s begins with, 0 without one. Of
// the forms that other things have too (a date, a serial number) only those count in
// which letters and digits are mixed.
func hardwareAt(s string) int {
	for _, sep := range ":-" {
		if n, groups := groupsAt(s, 2, byte(sep)); groups >= 6 {
			return n
		}
	}
	for _, size := range []int{4, 12} {
		n, groups := groupsAt(s, size, '.')
		if groups*size == 12 && strings.ContainsAny(s[:n], "abcdefABCDEF") && strings.ContainsAny(s[:n], "0123456789") {
			return n
		}
	}
	return 0
}

// groupsAt counts the groups of hexadecimal digits, all of one size, that s begins with.
func groupsAt(s string, size int, sep byte) (n, groups int) {
	for {
		at := n
		if groups > 0 {
			if at >= len(s) || s[at] != sep {
				return n, groups
			}
			at++
		}
		end := at + size
		if len(s) < end || run(s[at:end], hexDigit) < size || end < len(s) && (letter(s[end]) || digit(s[end])) {
			return n, groups
		}
		n, groups = end, groups+1
	}
}

// interfaces takes the hardware address out of IPv6 addresses that were made of one (RFC
// 4291 appendix A: ff:fe in the middle of the interface identifier). What is left is an
// address still, with the manufacturer's half and a number: the same one for the same
// interface throughout a line.
func (s scrubber) interfaces(text string) string {
	for i := 0; i < len(text); {
		n := run(text[i:], func(c byte) bool { return hexDigit(c) || c == ':' })
		word := text[i : i+n]
		i += max(n, 1)
		if strings.Count(word, ":") < 2 {
			continue
		}
		for _, trim := range []string{word, strings.TrimSuffix(word, ":"), strings.TrimPrefix(word, ":")} {
			a, err := netip.ParseAddr(trim)
			if err != nil {
				continue
			}
			if less := s.without(a); less != a {
				before := i - n + strings.Index(word, trim)
				text = text[:before] + less.String() + text[before+len(trim):]
				i = before + len(less.String())
			}
			break
		}
	}
	return text
}

func (s scrubber) without(a netip.Addr) netip.Addr {
	bytes := a.As16()
	if bytes[11] != 0xff || bytes[12] != 0xfe || a.Is4In6() {
		return a
	}
	id := [8]byte(bytes[8:])
	if s.seen[id] == 0 {
		s.seen[id] = len(s.seen) + 1
	}
	n := s.seen[id]
	bytes[13], bytes[14], bytes[15] = byte(n>>16), byte(n>>8), byte(n)
	return netip.AddrFrom16(bytes)
}

// Lengths of numbers, in digits. A card number has 12 to 19 (ISO/IEC 7812-1), an IMEI and
// an IMSI 15, an ICCID 19 or 20, a merchant id 15.
const (
	longNumber = 13
	cardNumber = 12 // from here on only with a right check digit
)

// number finds a long number: the digits may stand in groups with a space or a hyphen
// between them, or, as on a card's track, an equals sign, and may be full-width ones.
func number(s string, from int) (begin, end int) {
	for i := from; i < len(s); {
		digits, n := numberAt(s[i:])
		if len(digits) >= longNumber || len(digits) >= cardNumber && luhn(digits) {
			return i, i + n
		}
		i += max(n, 1)
	}
	return -1, 0
}

// numberAt returns the digits that s begins with and how many bytes they take.
func numberAt(s string) (digits []byte, n int) {
	for {
		at := n
		if n > 0 && at < len(s) && strings.IndexByte(" -=", s[at]) >= 0 {
			at++
		}
		d, size := digitAt(s[at:])
		if size == 0 {
			return digits, n
		}
		digits, n = append(digits, d), at+size
	}
}

func digitAt(s string) (d byte, size int) {
	const fullZero, fullNine = '０', '９'
	switch r, size := utf8.DecodeRuneInString(s); {
	case '0' <= r && r <= '9':
		return byte(r - '0'), size
	case fullZero <= r && r <= fullNine:
		return byte(r - fullZero), size
	}
	return 0, 0
}

// luhn reports whether the last digit is the check digit of the others (ISO/IEC 7812-1
// annex B).
func luhn(digits []byte) bool {
	sum := 0
	for i, d := range digits {
		v := int(d)
		if (len(digits)-i)%2 == 0 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}
