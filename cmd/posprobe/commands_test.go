package main

import (
	"bytes"
	"flag"
	"regexp"
	"slices"
	"strings"
	"testing"

	"posprobe/report"
)

// TestFlagsAreInTheTable: each command has the flags that the table says it has, and no
// others; what help, manual page and completions tell is what can be typed.
func TestFlagsAreInTheTable(t *testing.T) {
	for _, c := range commands() {
		var has, want []string
		var out bytes.Buffer
		a := app{stdin: strings.NewReader(""), stdout: &out, stderr: &out, lang: report.EN, env: func(string) string { return "" }}
		a.flags = func(f *flag.FlagSet) {
			if f.Name() != c.name {
				t.Errorf("%s has the flags of %s", c.name, f.Name())
			}
			f.VisitAll(func(f *flag.Flag) { has = append(has, f.Name) })
		}
		args := append(strings.Fields(c.name), "--help")
		if c.name == "help" { // which has no flags
			args = args[:1]
		}
		if status := a.run(t.Context(), args); status != exitHealthy || !strings.Contains(out.String(), "posprobe "+c.name) {
			t.Errorf("%s: status %d, %s", c.name, status, out.String())
		}
		for _, o := range c.all() {
			want = append(want, o.name)
		}
		slices.Sort(want)
		if !slices.Equal(has, want) {
			t.Errorf("%s has the flags %v, the table %v", c.name, has, want)
		}
	}
}

// TestTableIsComplete: every entry speaks both languages, and a flag that takes a value
// is one that the flag set takes one for.
func TestTableIsComplete(t *testing.T) {
	for _, c := range commands() {
		if c.text.ZH == "" || c.text.EN == "" || c.run == nil {
			t.Errorf("%s is incomplete", c.name)
		}
		for _, o := range c.all() {
			if o.text.ZH == "" || o.text.EN == "" {
				t.Errorf("%s --%s is not explained in both languages", c.name, o.name)
			}
		}
		a := app{stdin: strings.NewReader(""), stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}, env: func(string) string { return "" }}
		a.flags = func(f *flag.FlagSet) {
			for _, o := range c.all() {
				b, is := f.Lookup(o.name).Value.(interface{ IsBoolFlag() bool })
				if isSwitch := is && b.IsBoolFlag(); isSwitch != (o.value == "") {
					t.Errorf("%s --%s: takes a value: %t, the table says %q", c.name, o.name, !isSwitch, o.value)
				}
			}
		}
		a.run(t.Context(), append(strings.Fields(c.name), "--help"))
	}
}

// TestHelpExplainsOnce: the help of all commands explains each flag once, and names it
// wherever it belongs.
func TestHelpExplainsOnce(t *testing.T) {
	for _, lang := range []report.Lang{report.ZH, report.EN} {
		all := usage(lang)
		for _, c := range commands() {
			if strings.Count(all, "\n  posprobe "+strings.TrimSpace(c.name+" "+c.args)) != 1 {
				t.Errorf("%s: %s stands there not once", lang, c.name)
			}
			one := usageOf(c.name, lang)
			for _, o := range c.all() {
				term := regexp.MustCompile(`(?m)^    ` + regexp.QuoteMeta(o.term()) + `( |$)`)
				if n := len(term.FindAllString(one, -1)); n != 1 {
					t.Errorf("%s: --%s stands %d times in the help of %s", lang, o.name, n, c.name)
				}
			}
		}
		for _, o := range slices.Concat(siteOptions, outputOptions) {
			if n := strings.Count(all, "\n    "+o.term()+" "); n != 1 {
				t.Errorf("%s: --%s is explained %d times", lang, o.name, n)
			}
		}
	}
	for name, want := range map[string]string{"config": "write posprobe config check", "chekc": "is no command", "config chekc": "is no command"} {
		if o := run(t, nil, append([]string{"help"}, strings.Fields(name)...)...); o.exit != 2 || !strings.Contains(o.stderr, want) {
			t.Errorf("help %s: %+v", name, o)
		}
	}
}
