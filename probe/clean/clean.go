// Package clean makes text from outside safe to store and to show: what a host, a
// certificate, a name server or an access point says about itself reaches a terminal
// emulator, a log and a web page, and none of them may be steered by it.
//
// Text is cleaned once, where it enters the program.
package clean

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// MaxRunes is the longest text that Text and GBK return, in runes; the last one is an
// ellipsis when something was cut off.
const MaxRunes = 128

// maxInput bounds, in bytes, how much is looked at. It is far above what any caller
// has to clean and keeps a hostile megabyte from costing time.
const maxInput = 16 << 10

// Text returns s as one line of valid UTF-8 without control, escape, bidirectional,
// zero-width or otherwise invisible characters, at most MaxRunes long. Invalid bytes
// become U+FFFD, so that it shows that something was there; white space, line breaks
// included, becomes single spaces. Text(Text(s)) is Text(s).
func Text(s string) string {
	if len(s) > maxInput {
		s = s[:maxInput]
	}
	var b strings.Builder
	runes, space := 0, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = runes > 0
			continue
		case !visible(r):
			continue
		}
		if space && runes < MaxRunes {
			b.WriteByte(' ')
			runes++
		}
		space = false
		if runes >= MaxRunes {
			return ellipsis(b.String())
		}
		b.WriteRune(r)
		runes++
	}
	return b.String()
}

// GBK decodes text in GBK, the encoding of host texts on Chinese terminals, and cleans
// it like Text. Some hosts send UTF-8 in the same place: bytes that are valid UTF-8
// with nothing but three- and four-byte sequences beside ASCII are taken as such, which
// GBK text of more than a few characters practically never is.
func GBK(b []byte) string {
	if len(b) > maxInput {
		b = b[:maxInput]
	}
	if likelyUTF8(b) {
		return Text(string(b))
	}
	// The decoder replaces what it cannot read by U+FFFD; it returns no error for it.
	decoded, err := simplifiedchinese.GBK.NewDecoder().Bytes(b)
	if err != nil {
		return ""
	}
	return Text(string(decoded))
}

// visible reports whether a character has a shape of its own. unicode.IsPrint already
// leaves out the categories Cc, Cf (bidirectional controls, zero-width characters,
// tags), Co, Cs and unassigned code points; the properties add the invisible letters
// and marks that the Unicode Character Database lists as default-ignorable.
func visible(r rune) bool {
	return unicode.IsPrint(r) && !unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// likelyUTF8 reports whether b is UTF-8 rather than GBK. A GBK character can look like
// a two-byte sequence (U+0080 to U+07FF); no Chinese text consists of those.
func likelyUTF8(b []byte) bool {
	if !utf8.Valid(b) {
		return false
	}
	for _, r := range string(b) {
		if r >= utf8.RuneSelf && r < 0x800 {
			return false
		}
	}
	return true
}

// ellipsis replaces the last rune of a full text.
func ellipsis(s string) string {
	_, size := utf8.DecodeLastRuneInString(s)
	return s[:len(s)-size] + "…"
}
