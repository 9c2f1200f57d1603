package render

import "strings"

// noStart are the characters that begin no line, noEnd those that end none, after the
// rules for Chinese text (GB/T 15834-2011 section 5.1: stops and closing brackets stay
// with what they close, opening ones with what they open).
const (
	noStart = "，。；：！？、）」』》〉】〕％～,.;:!?)]}%"
	noEnd   = "（「『《〈【〔([{" + noBreak
)

// unit is a piece of text that is not broken: a word, or a Chinese character with the
// punctuation that belongs to it.
type unit struct {
	gap  int // spaces before it, dropped where a line begins
	text string
	cols int
}

// units cuts s at spaces, and between characters where one of them is wide.
func units(s string) []unit {
	var list []unit
	var current unit
	var prev rune
	start := 0
	flush := func(end int) {
		if current.text = s[start:end]; current.text != "" {
			list = append(list, current)
			current = unit{}
		}
	}
	for i, r := range s {
		cols := runeColumns(r)
		switch {
		case r == ' ':
			flush(i)
			current.gap++
			start, prev = i+1, 0
			continue
		case prev != 0 && mayBreak(prev, r, cols):
			flush(i)
			start = i
		}
		current.cols += cols
		prev = r
	}
	flush(len(s))
	return list
}

func mayBreak(prev, r rune, cols int) bool {
	return cols > 0 && (cols == 2 || isWide(prev)) &&
		!strings.ContainsRune(noStart, r) && !strings.ContainsRune(noEnd, prev)
}

// wrap sets s into lines of at most room columns; a unit wider than a line is cut. No
// line begins or ends with a space. Room is at least 2: every character fits.
func wrap(s string, room int) []string {
	var lines []string
	var line strings.Builder
	used := 0
	next := func() {
		lines = append(lines, line.String())
		line.Reset()
		used = 0
	}
	for _, u := range units(s) {
		switch {
		case line.Len() == 0:
			u.gap = 0
		case used+u.gap+u.cols > room:
			next()
			u.gap = 0
		}
		line.WriteString(strings.Repeat(" ", u.gap))
		used += u.gap
		for used+u.cols > room {
			n := fitting(u.text, room-used)
			line.WriteString(u.text[:n])
			u.text, u.cols = u.text[n:], u.cols-columns(u.text[:n])
			next()
		}
		line.WriteString(u.text)
		used += u.cols
	}
	if line.Len() > 0 {
		next()
	}
	return lines
}

// fitting returns how many bytes of s to put into room columns: what fits, less the
// last characters where the next line would begin with a stop.
func fitting(s string, room int) int {
	end, last := len(s), 0
	for i, r := range s {
		if room -= runeColumns(r); room < 0 {
			end = i
			break
		}
	}
	for i, r := range s {
		if i > end {
			break
		}
		if i > 0 && runeColumns(r) > 0 && !strings.ContainsRune(noStart, r) {
			last = i
		}
	}
	if end == len(s) || last == 0 {
		return end
	}
	return last
}
