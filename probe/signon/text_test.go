package signon

import (
	"strings"
	"testing"
	"unicode"

	"posprobe/probe/clean"
)

func TestHostText(t *testing.T) {
	const terminal, merchant = "A9999906", "001430170119999"
	long := strings.Repeat("字", clean.MaxRunes)
	for in, want := range map[string]string{
		"":                                 "",
		"交易失败，请联系发卡行":                      "交易失败，请联系发卡行",
		"code 96, batch 000777":            "code 96, batch 000777",
		"call 95516 or 4008-200":           "call 95516 or 4008-200",
		"card 6222021234567890 refused":    "card … refused",
		"card 6222 0212 3456 7890 refused": "card … refused",
		"6222.0212.3456.7890":              "…",
		"6222-0212-3456-7890":              "…",
		"6222/0212/3456/7890":              "…",
		"6222_0212_3456_7890":              "…",
		"6222  0212 -3456. 7890":           "…",
		"6-2-2-2-0-2-1-2-3-4-5-6":          "…",
		"卡号６２２２０２１２３４５６７８９０":                 "卡号…",
		"６２２２ ０２１２・３４５６":                     "…",
		"6２2２0２1２3４5６":                       "…",
		"٦٢٢٢٠٢١٢٣٤٥٦":                       "…",
		"62220212345":                        "62220212345", // 11 digits
		"6222 --- 0212 --- 3456":             "6222 --- 0212 --- 3456",
		"6222a0212b3456":                     "…",              // hexadecimal
		"6222g0212h3456":                     "6222g0212h3456", // letters end a run
		"key 0123456789ABCDEF":               "key …",
		"key 0123456789abcdef":               "key …",
		"key ０１２３４５６７８９ＡＢＣＤＥＦ":               "key …",
		"terminal A9999906 unknown":          "terminal … unknown",
		"terminal a9999906 unknown":          "terminal … unknown",
		"terminal a-9999 906 unknown":        "terminal … unknown",
		"terminal Ａ９９９９９０６ unknown":          "terminal … unknown",
		"A 9 9 9 9 9 0 6":                    "…",
		"merchant 0014 3017 0119 999":        "merchant …",
		"merchant 001.430.170.119.999!":      "merchant …!",
		"two: A9999906 and 6222021234567890": "two: … and …",
		long[:len(long)-9] + "62…":           long[:len(long)-9] + "…",
		"see 6222 0212 34…":                  "see …",
		"see 6222 0212 …":                    "see …",
		"that is a word…":                    "that is a …",
	} {
		if got := hostText(in, terminal, merchant, "", "--"); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// Whatever comes, no run of digits that could be a card number is left, and nothing is
// added.
func FuzzHostText(f *testing.F) {
	f.Add("6222 0212 3456 7890", "99999906")
	f.Add("６２２２０２１２３４５６…", "a-1")
	f.Fuzz(func(t *testing.T, s, id string) {
		s = clean.Text(s)
		got := hostText(s, id)
		if strings.Count(got, "") > strings.Count(s, "") {
			t.Fatalf("%q became longer: %q", s, got)
		}
		digits, between := 0, 0
		for _, r := range got {
			switch r = fold(r); {
			case unicode.IsDigit(r):
				digits, between = digits+1, 0
			case r == '…' || unicode.IsLetter(r):
				digits = 0
			default:
				if between++; between > maxBetween {
					digits = 0
				}
			}
			if digits >= minCard {
				t.Fatalf("%q became %q", s, got)
			}
		}
	})
}
