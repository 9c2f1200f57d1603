package clean

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "System malfunction", "System malfunction"},
		{"chinese", "终端未登记", "终端未登记"},
		{"terminal escapes", "a\x1b[31mred\x1b]0;title\x07", "a[31mred]0;title"},
		{"eight-bit escapes", "a\u009b2Jb", "a2Jb"},
		{"line breaks", " one\r\n\ttwo\u2028three ", "one two three"},
		{"bidirectional", "abc\u202egnp.exe\u2066x", "abcgnp.exex"},
		{"zero width", "a\u200bb\u200dc\ufeffd\u2060e", "abcde"},
		{"invisible letters", "a\u3164b\u115fc\ufe0fd\U000e0100e\u034ff", "abcdef"},
		{"tags", "a\U000e0041b", "ab"},
		{"invalid bytes", "a\xff\xfeb", "a��b"},
		{"nul", "a\x00b", "ab"},
		{"wide spaces", "a\u00a0\u3000b", "a b"},
		{"nothing left", "\x1b\x07\r\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Text(c.in); got != c.want {
				t.Errorf("Text(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestTextIsCutAtMaxRunes(t *testing.T) {
	if full := strings.Repeat("终", MaxRunes); Text(full) != full {
		t.Errorf("a text of %d runes was changed", MaxRunes)
	}
	got := Text(strings.Repeat("终", MaxRunes+1))
	if want := strings.Repeat("终", MaxRunes-1) + "…"; got != want {
		t.Errorf("one rune too many: got %d runes ending in %q", utf8.RuneCountInString(got), got[len(got)-3:])
	}
	if got := Text(strings.Repeat("x", MaxRunes) + "\x1b  "); strings.HasSuffix(got, "…") {
		t.Error("an ellipsis although only invisible characters were cut off")
	}
}

func TestGBK(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []byte
		want string
	}{
		// 终端未登记 in GBK (GB 2312 rows), written down by hand.
		{"gbk", []byte{0xd6, 0xd5, 0xb6, 0xcb, 0xce, 0xb4, 0xb5, 0xc7, 0xbc, 0xc7}, "终端未登记"},
		{"ascii", []byte("HSM failure"), "HSM failure"},
		{"utf-8 in a gbk field", []byte("终端未登记"), "终端未登记"},
		// 联通: its GBK bytes fool detectors that accept overlong UTF-8.
		{"looks like utf-8", []byte{0xc1, 0xaa, 0xcd, 0xa8}, "联通"},
		{"escape in gbk", []byte{0x1b, '[', 'm', 0xd6, 0xd5}, "[m终"},
		{"half a character", []byte{0xd6, 0xd5, 0xb6}, "终�"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := GBK(c.in); got != c.want {
				t.Errorf("GBK(% x) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	f.Add([]byte("a\x1b[31m\u202e\u200b\xff终端"))
	f.Add([]byte{0xd6, 0xd5, 0xb6, 0xcb, 0x80, 0x00})
	f.Add([]byte(strings.Repeat("a ", 300)))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, got := range []string{Text(string(b)), GBK(b)} {
			if !utf8.ValidString(got) || utf8.RuneCountInString(got) > MaxRunes {
				t.Fatalf("not valid UTF-8 of at most %d runes: %q", MaxRunes, got)
			}
			for _, r := range got {
				if r != ' ' && (unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)) {
					t.Fatalf("%U in %q", r, got)
				}
			}
			if again := Text(got); again != got {
				t.Fatalf("not idempotent: %q, then %q", got, again)
			}
		}
	})
}
