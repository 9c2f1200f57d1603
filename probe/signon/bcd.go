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

// appendLength appends n as right-aligned BCD in one or two bytes.
func appendLength(b []byte, n, size int) []byte {
	if size == 2 {
		b = append(b, byte(n/1000%10<<4|n/100%10))
	}
	return append(b, byte(n/10%10<<4|n%10))
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

// readLength returns the number in the length prefix b. Hosts that count in binary
// exist: a single byte that is no BCD number is read as one. Two bytes that are none
// have no meaning.
func readLength(b []byte) (int, bool) {
	n := 0
	for _, v := range b {
		if v>>4 > 9 || v&15 > 9 {
			return int(v), len(b) == 1
		}
		n = n*100 + int(v>>4)*10 + int(v&15)
	}
	return n, true
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
