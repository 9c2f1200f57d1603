package report

// Lang is a language that people read.
type Lang string

// The languages.
const (
	ZH Lang = "zh"
	EN Lang = "en"
)

// Text is a sentence in both languages.
type Text struct{ ZH, EN string }

// In returns the text in a language; English unless it is ZH.
func (t Text) In(l Lang) string {
	if l == ZH {
		return t.ZH
	}
	return t.EN
}
