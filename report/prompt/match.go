package prompt

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxRunes is how much of a text Match looks at: no screen of a terminal holds more.
const MaxRunes = 128

// words are what a prompt is known by, as fold leaves them, separated by spaces: full
// words name it; a part of them does where nothing else is named in full; weak ones are
// what remains when words are left out or cut off.
type words struct{ full, part, weak string }

func (w words) levels() [3]string { return [3]string{w.full, w.part, w.weak} }

// Named returns the prompt whose ID or full words a text holds, nil when it holds those of
// none, or of several.
func Named(text string) *Prompt {
	if found := find(fold(text), 1); len(found) == 1 {
		return found[0]
	}
	return nil
}

// Match finds the prompt that a text is: its words in Chinese, simplified or traditional,
// or English, with other words around them, cut short, with a typing mistake; or its ID.
// It returns one prompt, or several between which the text does not decide, or none.
func Match(text string) []*Prompt {
	s := fold(text)
	if found := find(s, 3); len(found) > 0 {
		return found
	}
	if utf8.RuneCountInString(s) < 2 {
		return nil
	}
	if found := having(func(p *Prompt) bool {
		return anyWord(p.words.full+" "+p.words.part, func(w string) bool { return strings.Contains(w, s) })
	}); len(found) > 0 {
		return found
	}
	return having(func(p *Prompt) bool {
		return anyWord(p.words.full, func(w string) bool { return Mistyped(s, w) })
	})
}

// find looks for the words of the first levels in a folded text.
func find(s string, levels int) []*Prompt {
	for _, p := range all {
		if strings.EqualFold(s, p.ID) {
			return []*Prompt{p}
		}
	}
	for level := range levels {
		if found := having(func(p *Prompt) bool {
			return anyWord(p.words.levels()[level], func(w string) bool { return strings.Contains(s, w) })
		}); len(found) > 0 {
			return found
		}
	}
	return nil
}

func having(is func(*Prompt) bool) []*Prompt {
	var found []*Prompt
	for _, p := range all {
		if is(p) {
			found = append(found, p)
		}
	}
	return found
}

func anyWord(list string, is func(string) bool) bool {
	for w := range strings.FieldsSeq(list) {
		if is(w) {
			return true
		}
	}
	return false
}

// fold brings a text to the form of the tables: at most MaxRunes of it, small letters,
// simplified characters, full-width forms as ASCII (Unicode block FF00), and nothing but
// letters and digits.
func fold(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n++; n > MaxRunes {
			break
		}
		if r >= 0xff01 && r <= 0xff5e {
			r -= 0xff01 - '!'
		}
		if r == unicode.ReplacementChar || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		b.WriteRune(simplified(unicode.ToLower(r)))
	}
	return b.String()
}

// traditional holds the traditional characters that occur in prompts, each before its
// simplified one.
const traditional = "務务時时間间內内無无應应簽签護护請请與与聯联繫系絡络連连機机戶户單单線线營营業业統统暫暂維维檢检級级響响錄录陸陆後后臺台銀银網网訊讯進进過过運运構构範范圍围終终設设備备發发動动員员關关閉闭異异錯错誤误敗败請请求求輸输" +
	"載载結结從从對对處处現现電电話话絕绝"

func simplified(r rune) rune {
	if r < 0x80 {
		return r
	}
	var before rune
	second := false
	for _, t := range traditional {
		if second && before == r {
			return t
		}
		before, second = t, !second
	}
	return r
}

// Mistyped reports whether a text is a word but for one wrong, missing or additional
// character, or two where the word has ten or more. Words of less than four characters
// would be anything.
func Mistyped(text, word string) bool {
	a, b := []rune(text[:min(len(text), 4*MaxRunes)]), []rune(word)
	allowed := 1
	if len(b) >= 10 {
		allowed = 2
	}
	if len(b) < 4 || len(a) > len(b)+allowed || len(b) > len(a)+allowed {
		return false
	}
	// Levenshtein's distance, a row at a time.
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost = min(diagonal, row[j], row[j+1]) + 1
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)] <= allowed
}
