package redact

import (
	"encoding/json"
	"strings"
	"testing"
)

// FuzzLine: whatever stands in a line, what is sent is JSON of the same shape, and holds
// neither what was known as secret nor a card number.
func FuzzLine(f *testing.F) {
	for _, s := range []string{
		`{"schema":1,"terminal":{"site":"x"},"evidence":{"wifi":{"ssid":"abcd"}}}`,
		`{"kind":"self","body":{"a":[1,2,{"b":"4111111111111111 sEcReTvAlUe"}]}}`,
		`{"a":"secretvalue","secretvalue":"fe80::211:22ff:fe33:4455"}`,
		`{"a":"password=\"secretvalue","token":[null,1,"x"]}`,
		"{\"a\":\"\xff\\ud800\"}", `{`, `[]`, `{"a":1}x`,
	} {
		f.Add([]byte(s))
	}
	r := Redactor{Ref: "ref", Secrets: []string{"SecretValue"}}
	f.Fuzz(func(t *testing.T, line []byte) {
		out, err := r.Line(line)
		if err != nil {
			if json.Valid(line) && len(line) < 100 && line[0] == '{' && strings.Count(string(line), "{")+strings.Count(string(line), "[") < 20 {
				t.Fatalf("%q: %v", line, err)
			}
			return
		}
		var v struct {
			Terminal any `json:"terminal"`
		}
		if err := json.Unmarshal(out, &v); err != nil {
			t.Fatalf("%q became %q: %v", line, out, err)
		}
		for _, secret := range []string{"secretvalue", "4111111111111111"} {
			if texts := textsOf(out); strings.Contains(strings.ToLower(texts), secret) {
				t.Fatalf("%q became %q", line, out)
			}
		}
	})
}

// textsOf is the text in a line that is not posprobe's own.
func textsOf(line []byte) string {
	c := &freeTexts{}
	if err := rewrite(line, c); err != nil {
		return ""
	}
	return c.all.String()
}

type freeTexts struct {
	nothing
	all strings.Builder
}

func (c *freeTexts) text(path, s string) {
	if actionOf(path) == free {
		c.all.WriteString(s + "\x00")
	}
}

// FuzzText: nothing panics or hangs, and what is known does not stay.
func FuzzText(f *testing.F) {
	for _, s := range []string{"00:11:22:33:44:55", "4111 1111 1111 1111", "a://b:c@d@e", "ssid='", "fe80::211:22ff:fe33:4455", "bearer ", "\xff１２", "[redacted]"} {
		f.Add(s)
	}
	r := Redactor{Secrets: []string{"hunter22"}}
	f.Fuzz(func(t *testing.T, s string) {
		out := r.Text(s + " hunter22")
		if strings.Contains(strings.ToLower(out), "hunter22") {
			t.Fatalf("%q became %q", s, out)
		}
		if len(out) > 12*len(s)+100 {
			t.Fatalf("%q grew to %q", s, out)
		}
	})
}
