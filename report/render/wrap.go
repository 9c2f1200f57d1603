package render

import "strings"

// noStart are the characters that begin no line, noEnd those that end none, after the
// rules for Chinese text (GB/T 15834-2011 section 5.1: stops and closing brackets stay
// with what they close, opening ones with what they open).
const (
	noStart = "，。；：！？、）」』》〉】〕％～,.;:!?)]}%"
	noEnd   = "（「『《〈【〔([{" + noBreak
)

// whole are words that are read wrongly, or not at once, when a line ends inside them.
var whole = []string{"不能", "可能", "很可能", "已证实", "收单机构", "收单主机", "网络", "终端", "主机"}

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
		case prev != 0 && mayBreak(prev, r, cols) && !insideWord(s, i):
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

// insideWord reports whether s[i:] begins inside one of the words that stay whole.
func insideWord(s string, i int) bool {
	for _, w := range whole {
		for k := range w {
			if k > 0 && strings.HasSuffix(s[:i], w[:k]) && strings.HasPrefix(s[i:], w[k:]) {
				return true
			}
		}
	}
	return false
}

// wrap sets s into lines of at most room columns; a unit wider than a line is cut. No
// line begins or ends with a space, and no Chinese character stands alone on the last
// one. Room is at least 2: every character fits.
func wrap(s string, room int) []string {
	var lines [][]unit
	var line []unit
	used := 0
	next := func() {
		lines = append(lines, line)
		line, used = nil, 0
	}
	for _, u := range units(s) {
		if len(line) > 0 && used+u.gap+u.cols > room {
			next()
		}
		if len(line) > 0 {
			used += u.gap
		}
		for used+u.cols > room {
			n := fitting(u.text, room-used)
			piece := unit{gap: u.gap, text: u.text[:n], cols: columns(u.text[:n])}
			line = append(line, piece)
			u = unit{text: u.text[n:], cols: u.cols - piece.cols}
			next()
		}
		line = append(line, u)
		used += u.cols
	}
	if len(line) > 0 {
		next()
	}
	keepCompany(lines, room)
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = lineText(l)
	}
	return out
}

// keepCompany moves the end of the last line but one down to a character that would
// stand alone under it.
func keepCompany(lines [][]unit, room int) {
	n := len(lines) - 1
	if n < 1 || len(lines[n]) != 1 || !lines[n][0].alone() || len(lines[n-1]) < 2 {
		return
	}
	above := lines[n-1]
	down := above[len(above)-1]
	if down.cols+lines[n][0].gap+lines[n][0].cols <= room {
		lines[n-1], lines[n] = above[:len(above)-1], []unit{down, lines[n][0]}
	}
}

// alone reports whether u is a single Chinese character, stops and brackets apart.
func (u unit) alone() bool {
	count := 0
	for _, r := range u.text {
		switch {
		case strings.ContainsRune(noStart, r) || strings.ContainsRune(noEnd, r):
		case !isWide(r):
			return false
		default:
			count++
		}
	}
	return count == 1
}

// lineText is a line of units; the first one's gap is dropped.
func lineText(line []unit) string {
	var b strings.Builder
	for i, u := range line {
		if i > 0 {
			b.WriteString(strings.Repeat(" ", u.gap))
		}
		b.WriteString(u.text)
	}
	return b.String()
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
