package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"posprobe/report"
	"posprobe/report/render"
)

// output is how a report is written.
type output struct {
	format   string
	lang     report.Lang
	langFlag string
	width    int
}

func (o *output) flags(f *flag.FlagSet, lang report.Lang) {
	o.textFlags(f, lang)
	f.StringVar(&o.format, "format", "text", "")
}

// textFlags are the flags of what is only ever text.
func (o *output) textFlags(f *flag.FlagSet, lang report.Lang) {
	o.format, o.lang = "text", lang
	f.StringVar(&o.langFlag, "lang", "", "")
	f.IntVar(&o.width, "width", 0, "")
}

// check refuses values that the flags cannot have.
func (o *output) check() error {
	switch o.format {
	case "text", "json":
	default:
		return fmt.Errorf(`--format %q: no such format; write text or json`, o.format)
	}
	lang, err := chosenLang(o.langFlag, o.lang)
	if err != nil {
		return err
	}
	o.lang = lang
	if o.width != 0 && (o.width < 20 || o.width > 500) {
		return fmt.Errorf(`--width %d: out of range; write 20 to 500 columns`, o.width)
	}
	return nil
}

// write writes a report to standard output in the form that was asked for.
func (o *output) write(w io.Writer, r report.Report) error {
	if o.format == "json" {
		line, err := report.Encode(r)
		if err == nil {
			_, err = w.Write(append(line, '\n'))
		}
		return err
	}
	return render.Text(w, r, o.options(w))
}

// options is how text is written to w.
func (o *output) options(w io.Writer) render.Options {
	options := render.Options{Lang: o.lang, Width: o.width, ASCII: o.lang == report.EN && !utf8Locale(os.Getenv)}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		options.Color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && os.Getenv("TERM") != ""
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil && options.Width == 0 {
			options.Width = min(columns, 120)
		}
	}
	return options
}

// chosenLang is the language that --lang names, or the locale's when it names none.
func chosenLang(flag string, locale report.Lang) (report.Lang, error) {
	switch flag {
	case "":
		return locale, nil
	case "zh", "en":
		return report.Lang(flag), nil
	}
	return "", fmt.Errorf(`--lang %q: no such language; write zh or en`, flag)
}

// localeLang is the language of the environment: Chinese if the locale says so.
func localeLang(env func(string) string) report.Lang {
	if strings.HasPrefix(locale(env), "zh") {
		return report.ZH
	}
	return report.EN
}

// utf8Locale reports whether the environment's locale is written in UTF-8.
func utf8Locale(env func(string) string) bool {
	l := strings.ToLower(locale(env))
	return strings.Contains(l, "utf-8") || strings.Contains(l, "utf8")
}

// locale is the locale for messages, by the precedence of POSIX (XBD section 8.2).
func locale(env func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := env(name); v != "" {
			return v
		}
	}
	return ""
}
