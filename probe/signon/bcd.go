package signon

// appendBCD appends decimal digits two to a byte, left-aligned: an odd number of them
// is followed by a zero nibble. The caller has checked that s holds digits only.
func appendBCD(b []byte, s string) []byte {
	for i := 0; i < len(s); i += 2 {
		v := (s[i] - '0') << 4
		if i+1 < len(s) {
			v |= s[i+1] - '0'
		}
		b = append(b, v)
	}
	return b
}

// bcd returns the digits in b, and whether there are only decimal ones.
func bcd(b []byte) (string, bool) {
	s := make([]byte, 0, 2*len(b))
	for _, v := range b {
		if v>>4 > 9 || v&15 > 9 {
			return "", false
		}
		s = append(s, '0'+v>>4, '0'+v&15)
	}
	return string(s), true
}

// decimals returns the last digits of n.
func decimals(n, digits int) string {
	b := make([]byte, digits)
	for i := range b {
		b[digits-1-i] = byte('0' + n%10)
		n /= 10
	}
	return string(b)
}

// isDigits reports whether s is n decimal digits.
func isDigits(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// isPrintable reports whether s consists of printable ASCII.
func isPrintable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
