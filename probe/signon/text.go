package signon

import (
	"regexp"
	"strings"
)

// suspicious is what could be a card number or a key in text, or the beginning of one
// or of an id where the text was cut off. The shortest card numbers have 12 digits, in
// groups of four or without; an encrypted key has at least 16 hexadecimal ones.
var suspicious = regexp.MustCompile(`[0-9A-Fa-f]{12,}|[0-9]{4}[ -][0-9]{4}[ -][0-9]{4}[0-9 -]*|[0-9A-Za-z]+…$`)

// hostText takes the terminal's own ids and long runs of digits out of cleaned text.
func hostText(s string, ids ...string) string {
	for _, id := range ids {
		if id != "" {
			s = strings.ReplaceAll(s, id, "…")
		}
	}
	return suspicious.ReplaceAllString(s, "…")
}
