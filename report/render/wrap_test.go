package render

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/width"

	"posprobe/report"
)

// TestColumns compares the table with another implementation, over all of Unicode.
func TestColumns(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		want := 1
		switch kind := width.LookupRune(r).Kind(); {
		case unicode.In(r, unicode.Mn, unicode.Me):
			want = 0
		case kind == width.EastAsianWide, kind == width.EastAsianFullwidth:
			want = 2
		}
		if got := runeColumns(r); got != want {
			t.Errorf("%U: %d columns, want %d (Unicode %s)", r, got, want, width.UnicodeVersion)
		}
	}
	if n := columns("签到 ok e\u0301"); n != 9 {
		t.Errorf("got %d columns", n)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text string
		room int
		want []string
	}{
		{"", 10, nil},
		{"   ", 10, nil},
		{"one two three", 7, []string{"one two", "three"}},
		{"one two three", 8, []string{"one two", "three"}},
		{"a  b", 10, []string{"a  b"}},
		{"  a", 10, []string{"a"}},
		{"abcdefgh", 3, []string{"abc", "def", "gh"}},
		{"ab cdefgh", 4, []string{"ab", "cdef", "gh"}},
		{"签到超时", 4, []string{"签到", "超时"}},
		{"签到超时", 5, []string{"签到", "超时"}},
		{"签到，超时", 4, []string{"签", "到，", "超时"}},       // a comma begins no line
		{"签（超时）", 4, []string{"签", "（超", "时）"}},       // brackets stay with what they hold
		{"连接TCP端口号", 6, []string{"连接", "TCP端", "口号"}}, // words between characters stay whole
		{"重发 3 次。", 6, []string{"重发", "3 次。"}},        // no character alone
		{"终端签到超时", 10, []string{"终端签到", "超时"}},
		{"连接TCP端口", 6, []string{"连接", "TCP", "端口"}},
		{"很可能是主机", 7, []string{"很可能", "是主机"}}, // words that are not broken
		{"这不能判定", 4, []string{"这", "不能", "判定"}},
		{"e\u0301e\u0301e\u0301", 2, []string{"e\u0301e\u0301", "e\u0301"}},
	} {
		if got := wrap(c.text, c.room); !slices.Equal(got, c.want) {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.text, c.room, got, c.want)
		}
	}
}

// TestWrapCompany: whatever the width, no character stands alone on the last line, and
// no line ends inside a word that must stay whole.
func TestWrapCompany(t *testing.T) {
	for _, row := range report.Catalogue() {
		for _, s := range []string{row.Title.ZH, row.Advice.ZH} {
			for room := 12; room < 80; room++ {
				lines := wrap(s, room)
				if n := len(lines); n > 1 && len(lines[n-1]) > 0 && (unit{text: lines[n-1]}).alone() {
					t.Errorf("room %d: %q", room, lines)
				}
				for i := 1; i < len(lines); i++ {
					for _, w := range whole {
						for k := range w {
							if k > 0 && strings.HasSuffix(lines[i-1], w[:k]) && strings.HasPrefix(lines[i], w[k:]) {
								t.Errorf("room %d: %s is broken: %q", room, w, lines)
							}
						}
					}
				}
			}
		}
	}
}

// TestWrapKeeps: nothing is lost but white space, at any width.
func TestWrapKeeps(t *testing.T) {
	const s = "主机 pos.acquirer.example:5500 没有应答（很可能），请收单机构确认：port 5500, please. 「好」！"
	for room := 2; room < 100; room++ {
		lines := wrap(s, room)
		if got := squeeze(strings.Join(lines, "")); got != squeeze(s) {
			t.Errorf("room %d: %q", room, got)
		}
		for _, l := range lines {
			if columns(l) > room || strings.TrimSpace(l) != l || l == "" {
				t.Errorf("room %d: line %q", room, l)
			}
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"a\x1b[31mb":           "a[31mb",
		"a\r\nb\tc\u2028d":     "a  b c d",
		"\u202eabc\u2066":      "abc",
		"\xff\ufffd":           "??",
		"终端 e\u0301":           "终端 e\u0301",
		"\u0080\u009b31m\a":    "31m",
		"a\u00ad\u200d\ufeffb": "ab",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
	if got := short(strings.Repeat("终", 5000)); got != strings.Repeat("终", maxRunes)+"..." {
		t.Errorf("short kept %d bytes", len(got))
	}
	if got := toASCII("≤ 5 µs — “终”"); got != `<= 5 us - "?"` {
		t.Errorf("toASCII: %q", got)
	}
}

func TestDuration(t *testing.T) {
	v := newView(&report.Report{}, report.EN, testRows)
	for ms, want := range map[float64]string{
		0: "less than 0.1 ms", 0.049: "less than 0.1 ms", 0.05: "0.1 ms", 0.44: "0.4 ms", 9.94: "9.9 ms", 9.96: "10 ms", 312.5: "312 ms", 999.4: "999 ms", 999.6: "1.0 s",
		8003: "8.0 s", 9951: "10 s", 60000: "60 s", 119_600: "2 min", -180e3: "3 min", 7.3 * 3600e3: "7 h",
		2.5 * 86400e3: "2 days", 1e300: ">1000 days",
	} {
		if got := v.duration(ms); strings.ReplaceAll(got, noBreak, " ") != want {
			t.Errorf("duration(%v) = %q, want %q", ms, got, want)
		}
	}
}

func TestFirstSentence(t *testing.T) {
	en, zh := newView(&report.Report{}, report.EN, testRows), newView(&report.Report{}, report.ZH, testRows)
	for in, want := range map[string]string{
		"Check it. Then wait.":              "Check it.",
		"Use e.g. 192.0.2.1 or so. Repeat.": "Use e.g. 192.0.2.1 or so.",
		"No stop":                           "No stop",
		"":                                  "",
	} {
		if got := en.firstSentence(in); got != want {
			t.Errorf("firstSentence(%q) = %q", in, got)
		}
	}
	if got := zh.firstSentence("先检查网线。再试。"); got != "先检查网线。" {
		t.Errorf("got %q", got)
	}
}

// FuzzWrap: any text, cleaned, fits into any room of two columns or more, and loses
// nothing but spaces.
func FuzzWrap(f *testing.F) {
	f.Add("主机 pos.acquirer.example:5500 没有应答（很可能），「好」！ e\u0301\u00a0x", 7)
	f.Fuzz(func(t *testing.T, s string, room int) {
		room = 2 + int(uint(room)%200)
		s = clean(s)
		lines := wrap(s, room)
		for _, l := range lines {
			if columns(l) > room || l == "" || strings.Trim(l, " ") != l {
				t.Errorf("room %d: %q", room, l)
			}
		}
		drop := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got := strings.Join(lines, ""); drop(got) != drop(s) {
			t.Errorf("room %d: %q became %q", room, s, got)
		}
	})
}
