package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Mistake is one thing wrong with the configuration. Every part is fit to be shown:
// valid UTF-8 without control characters, and never the content of a key.
type Mistake struct {
	// File is the configuration file's name; a command line flag with its dashes
	// ("--tpdu"); or "" when the value came from neither.
	File string
	// Line counts from 1; 0 when there is no line.
	Line int
	// Key is the path of the key, as in acquirer.endpoints[0].address; "" when the
	// mistake concerns the file as a whole.
	Key string
	// Value is what was written, at most 64 characters; "" when nothing was or when it
	// must not be shown.
	Value string
	// Problem says what is wrong, Remedy what to write or do instead.
	Problem string
	Remedy  string
}

// Error returns the mistake on one line: FILE:LINE: KEY: "VALUE": problem; remedy, or
// --flag "VALUE": problem; remedy.
func (m Mistake) Error() string {
	var b strings.Builder
	if strings.HasPrefix(m.File, "--") {
		b.WriteString(m.File)
		if value := m.masked(); value != "" {
			b.WriteString(" " + value)
		}
		b.WriteString(": ")
	} else {
		if m.File != "" {
			b.WriteString(m.File + ":")
			if m.Line > 0 {
				fmt.Fprintf(&b, "%d:", m.Line)
			}
			b.WriteString(" ")
		}
		if m.Key != "" {
			b.WriteString(m.Key + ": ")
		}
		if value := m.masked(); value != "" {
			b.WriteString(value + ": ")
		}
	}
	b.WriteString(m.Problem)
	if m.Remedy != "" {
		b.WriteString("; " + m.Remedy)
	}
	return b.String()
}

// masked is the value as it may be shown: quoted; of terminal and merchant id the length
// alone, because the two suffice for signing on in the terminal's place; and with long
// runs of digits, which may be a card number or a key, replaced.
func (m Mistake) masked() string {
	switch {
	case m.Value == "":
		return ""
	case m.Key == "terminal.id", m.Key == "terminal.merchant", m.File == flagOf("terminal.id"), m.File == flagOf("terminal.merchant"):
		return fmt.Sprintf("(%d characters)", utf8.RuneCountInString(m.Value))
	case strings.HasPrefix(m.Value, pinPrefix): // a digest of what is public
		return `"` + m.Value + `"`
	}
	return `"` + longDigits.ReplaceAllString(m.Value, "***") + `"`
}

// longDigits are 13 or more digits, as card numbers have (ISO/IEC 7812-1), or 24 or more
// hexadecimal ones, as keys have.
var longDigits = regexp.MustCompile(`[0-9](?:[ ./_-]?[0-9]){12,}|[0-9A-Fa-f]{24,}`)

// Mistakes are in the order of the file's lines, those of flags last. It is an error
// of one line a mistake; a nil Mistakes must not be returned as an error.
type Mistakes []Mistake

// Error returns the mistakes, one a line.
func (m Mistakes) Error() string {
	lines := make([]string, len(m))
	for i := range m {
		lines[i] = m[i].Error()
	}
	return strings.Join(lines, "\n")
}

// err returns the mistakes as an error, nil when there are none.
func (m Mistakes) err() error {
	if len(m) == 0 {
		return nil
	}
	return m
}

// mistakeCap bounds what one run tells: whoever made more than that will run it again.
const mistakeCap = 100

// ordered returns the mistakes in their order, each once, cut at mistakeCap with a
// last one that counts the rest.
func (m Mistakes) ordered() Mistakes {
	out := slices.Clone(m)
	slices.SortStableFunc(out, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(flagsLast(a), flagsLast(b)), cmp.Compare(a.Line, b.Line))
	})
	told := map[string]bool{} // a flag that is wrong for every endpoint is wrong once
	out = slices.DeleteFunc(out, func(m Mistake) bool {
		line := m.Error()
		again := told[line]
		told[line] = true
		return again
	})
	if len(out) > mistakeCap {
		out = append(out[:mistakeCap:mistakeCap], Mistake{
			File:    out[0].File,
			Problem: "there are more mistakes than are shown",
			Remedy:  "mend these and check again",
		})
	}
	return out
}

func flagsLast(m Mistake) int {
	if strings.HasPrefix(m.File, "--") {
		return 1
	}
	return 0
}

// fault is what is wrong with a value, before it is known where the value stands.
type fault struct{ problem, remedy string }

// valueCap is how many characters of a value a mistake repeats.
const valueCap = 64

// clean makes text from outside fit to be shown: unprintable characters become question
// marks, so that it shows that something was there, and what exceeds valueCap is cut.
func clean(text string) string {
	var b strings.Builder
	count := 0
	for _, r := range text {
		if count == valueCap {
			b.WriteRune('…')
			break
		}
		if unprintable(r) {
			r = '?'
		}
		b.WriteRune(r)
		count++
	}
	return b.String()
}

// shown makes a whole sentence fit to be shown: other packages' words about a value
// may repeat it.
func shown(sentence string) string {
	return strings.Map(func(r rune) rune {
		if unprintable(r) {
			return '?'
		}
		return r
	}, sentence)
}

// telling is showable for the value of a key: what a message's fields are filled with is
// never told, because people try fields that posprobe then refuses to send; nor a
// destination with a query, where some receivers want a token.
func telling(key, value string) string {
	if within(key, keyValues) || within(key, "ship") && strings.Contains(value, "?") {
		return ""
	}
	return showable(value)
}

// showable is clean for a value, which may be a key that was pasted where its file's
// name belongs: PEM text, or a long run of base64 in both cases; or a URL with a user and
// a password before the host (RFC 3986 section 3.2.1). A pin is no secret.
func showable(value string) string {
	if strings.Contains(value, "-----") || strings.Contains(value, "PRIVATE KEY") || strings.Contains(value, "://") && strings.Contains(value, "@") {
		return ""
	}
	if strings.HasPrefix(value, pinPrefix) {
		return clean(value)
	}
	for word := range strings.FieldsSeq(value) {
		if looksLikeKey(word) {
			return ""
		}
	}
	return clean(value)
}

// looksLikeKey is true for 40 or more base64 characters of both cases and without the
// dot that a file name or address has. 40 is below the 64 of the shortest private key
// in PKCS #8 (Ed25519, RFC 8410).
func looksLikeKey(word string) bool {
	if len(word) < 40 {
		return false
	}
	upper, lower := false, false
	for _, r := range word {
		switch {
		case r >= 'A' && r <= 'Z':
			upper = true
		case r >= 'a' && r <= 'z':
			lower = true
		case r >= '0' && r <= '9', strings.ContainsRune("+/=-_", r):
		default:
			return false
		}
	}
	return upper && lower
}
