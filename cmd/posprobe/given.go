package main

import (
	"flag"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"posprobe/probe/clean"
	"posprobe/report"
	"posprobe/report/prompt"
)

// screen is what somebody read off the terminal's screen, as it stands on the command line.
type screen struct{ prompt, code *string }

// flags adds what checkOptions says of it.
func (s *screen) flags(f *flag.FlagSet) {
	f.Func("prompt", "", func(v string) error { s.prompt = &v; return nil })
	f.Func("response-code", "", func(v string) error { s.code = &v; return nil })
}

// evidence is what was read in the report's words, or how it is wrong and what to write
// instead. Own are the codes that the site gives a class of its own.
func (s screen) evidence(own map[string]report.Class) (report.Given, error) {
	var out report.Given
	var err error
	if s.prompt != nil {
		if out.Prompt, err = promptOf(typed(*s.prompt)); err != nil {
			return out, err
		}
	}
	if s.code != nil {
		out.ResponseCode, err = responseCodeOf(*s.code, own)
	}
	return out, err
}

// typed is text from the command line: in UTF-8, or in GBK where the terminal is set so.
func typed(s string) string {
	if utf8.ValidString(s) {
		return clean.Text(s)
	}
	return clean.GBK([]byte(s))
}

func promptOf(text string) (string, error) {
	found := prompt.Match(text)
	switch {
	case len(found) == 1:
		return found[0].ID, nil
	case len(found) > 1:
		return "", fmt.Errorf("--prompt %s: it could be %s; write which", quoted(text), named(found, " or "))
	}
	hint := ""
	if codes := codesShowing(text); len(codes) > 0 {
		hint = "; it is what terminals show for response code " + strings.Join(codes, ", ") + ": give the code with --response-code"
	}
	return "", fmt.Errorf("--prompt %s: no prompt that posprobe knows%s; write one of %s", quoted(text), hint, named(prompt.All(), ", "))
}

// named lists prompts with their words.
func named(list []*prompt.Prompt, between string) string {
	var names []string
	for _, p := range list {
		names = append(names, p.ID+" "+p.Words.ZH+" ("+p.Words.EN+")")
	}
	return strings.Join(names, between)
}

// codesShowing are the response codes for which terminals show a text, at most five.
func codesShowing(text string) []string {
	var codes []string
	for _, table := range report.ResponseCodes() {
		for _, c := range table {
			if text != "" && (c.Screen.Old == text || c.Screen.New == text) && len(codes) < 5 {
				codes = append(codes, c.Code)
			}
		}
	}
	return codes
}

func responseCodeOf(code string, own map[string]report.Class) (string, error) {
	if len(code) < 2 || len(code) > 3 || strings.ContainsFunc(code, func(r rune) bool { return r >= 0x80 || !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		return "", fmt.Errorf("--response-code %s: no response code; write the two letters or digits that the screen shows, or three digits of ISO 8583:1993", quoted(code))
	}
	_, listed := report.FindResponseCode(code)
	if _, here := own[code]; listed || here {
		return code, nil
	}
	if other, ok := report.FindResponseCode(strings.ToUpper(code)); ok {
		return "", fmt.Errorf("--response-code %s: in no public table; write %s if that is meant", quoted(code), other.Code)
	}
	return "", fmt.Errorf("--response-code %s: in no public table; ask the acquirer what it means and give it a class in acquirer.sign_on.response_codes, or leave it out", quoted(code))
}

// quoted shows what was typed: cut, and not at all where it may hold a card number.
func quoted(s string) string {
	digits := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if s = clean.Text(s); s == "" || digits > 8 {
		return "(not shown)"
	}
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "…"
	}
	return `"` + s + `"`
}
