package signon

import (
	"regexp"
	"strings"
	"unicode"
)

const (
	// minCard is the shortest card number, in digits; maxBetween is how many other
	// characters a host may put between two of them: spaces, dots, dashes.
	minCard    = 12
	maxBetween = 2
)

// longHex is what could be a key: an encrypted one has at least 16 hexadecimal digits.
var longHex = regexp.MustCompile(`[0-9A-Fa-f]{12,}`)

// hostText takes the terminal's own ids, and what could be a card number or a key, out
// of cleaned text. Where the text was cut off, so is what could be the beginning of one.
func hostText(s string, ids ...string) string {
	m := mask{shown: []rune(s)}
	m.folded = make([]rune, len(m.shown))
	m.hidden = make([]bool, len(m.shown))
	for i, r := range m.shown {
		m.folded[i] = fold(r)
	}
	for _, id := range ids {
		m.hideID(id)
	}
	m.hideHex()
	m.hideDigits(minCard)
	m.hideCutOff()
	return m.String()
}

// mask is a text of which some characters are not shown.
type mask struct {
	shown, folded []rune // the text, and the same character by character as fold has it
	hidden        []bool
}

// fold maps a letter or digit of full width (U+FF01 to U+FF5E) to its ASCII twin, as
// compatibility normalization does (UAX #15), and letters to lower case.
func fold(r rune) rune {
	if 0xFF01 <= r && r <= 0xFF5E {
		r -= 0xFF01 - '!'
	}
	return unicode.ToLower(r)
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// hide hides the characters from to to, both included.
func (m *mask) hide(from, to int) {
	for i := from; i <= to; i++ {
		m.hidden[i] = true
	}
}

// hideID hides an id, whatever its case and whatever separates its characters.
func (m *mask) hideID(id string) {
	var wanted, words []rune
	var at []int // where each of words stands
	for _, r := range id {
		if r = fold(r); isWord(r) {
			wanted = append(wanted, r)
		}
	}
	for i, r := range m.folded {
		if isWord(r) {
			words, at = append(words, r), append(at, i)
		}
	}
	for i := 0; len(wanted) > 0 && i+len(wanted) <= len(words); i++ {
		if string(words[i:i+len(wanted)]) == string(wanted) {
			m.hide(at[i], at[i+len(wanted)-1])
		}
	}
}

// hideHex hides long hexadecimal numbers.
func (m *mask) hideHex() {
	// One byte for each character, so that places in the two are the same.
	ascii := make([]byte, len(m.folded))
	for i, r := range m.folded {
		if ascii[i] = ' '; r < 0x80 {
			ascii[i] = byte(r)
		}
	}
	for _, found := range longHex.FindAllIndex(ascii, -1) {
		m.hide(found[0], found[1]-1)
	}
}

// hideDigits hides runs of at least n digits, with at most maxBetween characters that
// are neither letters nor digits between two of them.
func (m *mask) hideDigits(n int) {
	for _, run := range m.digitRuns() {
		if run.digits >= n {
			m.hide(run.from, run.to)
		}
	}
}

// digitRun is a run of digits; from and to are its first and last one.
type digitRun struct{ from, to, digits int }

func (m *mask) digitRuns() []digitRun {
	var out []digitRun
	open := false // the last run may go on
	for i, r := range m.folded {
		switch {
		case unicode.IsDigit(r):
			if !open || i-out[len(out)-1].to > maxBetween+1 {
				out = append(out, digitRun{from: i})
			}
			open = true
			last := &out[len(out)-1]
			last.to = i
			last.digits++
		case unicode.IsLetter(r):
			open = false
		}
	}
	return out
}

// hideCutOff hides the last word, and a run of digits in groups, of a text that was cut
// off: the rest of it would have told what they are.
func (m *mask) hideCutOff() {
	end := len(m.shown) - 1
	if end < 0 || m.shown[end] != '…' {
		return
	}
	from := end
	for from > 0 && isWord(m.folded[from-1]) && m.folded[from-1] < 0x80 {
		from--
	}
	if runs := m.digitRuns(); len(runs) > 0 {
		if last := runs[len(runs)-1]; end-last.to <= maxBetween+1 {
			from = min(from, last.from)
		}
	}
	m.hide(from, end)
}

// String returns the text with an ellipsis in place of what is hidden.
func (m *mask) String() string {
	var b strings.Builder
	for i, r := range m.shown {
		switch {
		case !m.hidden[i]:
			b.WriteRune(r)
		case i == 0 || !m.hidden[i-1]:
			b.WriteRune('…')
		}
	}
	return b.String()
}
