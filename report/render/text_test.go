package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"posprobe/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden compares each fixture, in both languages and two widths, with a file that
// people read: a changed sentence or a changed column is a visible difference.
func TestGolden(t *testing.T) {
	for name, r := range fixtures() {
		for _, lang := range []report.Lang{report.ZH, report.EN} {
			for _, width := range []int{80, 40} {
				file := filepath.Join("testdata", fmt.Sprintf("%s.%s.%d.txt", name, lang, width))
				got := text(&r, Options{Lang: lang, Width: width}, testRows)
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("%s differs (go test -update, then read the difference); got:\n%s", file, got)
				}
			}
		}
	}
}

// TestLines holds what is true of every line of every text.
func TestLines(t *testing.T) {
	for name, r := range fixtures() {
		for _, lang := range []report.Lang{report.ZH, report.EN, ""} {
			for _, width := range []int{-1, 0, 1, 20, 24, 32, 40, 80, 200} {
				for _, o := range []Options{{}, {ASCII: true}} {
					o.Lang, o.Width = lang, width
					checkLines(t, name, text(&r, o, testRows), o)
				}
			}
		}
	}
}

// checkLines fails unless s keeps to what Options promises.
func checkLines(t *testing.T, name, s string, o Options) {
	t.Helper()
	width := o.Width
	switch {
	case width == 0:
		width = 80
	case width < 20:
		width = 20
	}
	if !utf8.ValidString(s) {
		t.Errorf("%s %+v: no UTF-8", name, o)
	}
	if s == "" || !strings.HasSuffix(s, "\n") || strings.HasPrefix(s, "\n") || strings.Contains(s, "\n\n\n") {
		t.Errorf("%s %+v: empty, unfinished or loose: %q", name, o, s)
	}
	for line := range strings.Lines(s) {
		line = strings.TrimSuffix(line, "\n")
		if n := columns(line); n > width {
			t.Errorf("%s %+v: %d columns: %q", name, o, n, line)
		}
		if strings.TrimRightFunc(line, unicode.IsSpace) != line {
			t.Errorf("%s %+v: trailing space: %q", name, o, line)
		}
		if strings.HasSuffix(line, "<==") {
			t.Errorf("%s %+v: an arrow without its words: %q", name, o, line)
		}
		for _, r := range line {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				t.Errorf("%s %+v: %U in %q", name, o, r, line)
			}
			if o.ASCII && o.Lang != report.ZH && r > unicode.MaxASCII {
				t.Errorf("%s %+v: %U in %q", name, o, r, line)
			}
		}
		if first, _ := utf8.DecodeRuneInString(strings.TrimLeft(line, " ")); strings.ContainsRune("，。；：！？）」』", first) {
			t.Errorf("%s %+v: begins with a stop: %q", name, o, line)
		}
	}
}

// TestColor: colours change nothing but the colour.
func TestColor(t *testing.T) {
	for name, r := range fixtures() {
		o := Options{Width: 40}
		want := text(&r, o, testRows)
		o.Color = true
		got := text(&r, o, testRows)
		if !strings.Contains(got, "\x1b[") {
			t.Errorf("%s: no colour", name)
		}
		for _, s := range []style{bold, dim, red, green, yellow, "0"} {
			got = strings.ReplaceAll(got, "\x1b["+string(s)+"m", "")
		}
		if got != want {
			t.Errorf("%s: without the sequences:\n%q\nwant\n%q", name, got, want)
		}
	}
}

// TestDiagnosed: what Diagnose makes of the same evidence can be shown too.
func TestDiagnosed(t *testing.T) {
	for name, r := range fixtures() {
		r.Diagnosis = report.Diagnose(r.Evidence)
		for _, lang := range []report.Lang{report.ZH, report.EN} {
			o := Options{Lang: lang, Width: 40}
			var b strings.Builder
			if err := Text(&b, r, o); err != nil {
				t.Fatal(err)
			}
			checkLines(t, name, b.String(), o)
			if want := verdictWords.in(lang, r.Diagnosis.Verdict); !strings.HasPrefix(b.String(), want) {
				t.Errorf("%s begins with no %q:\n%s", name, want, b.String())
			}
		}
	}
}

// TestMany: a file may hold any number of anything. The text stays short, and is made
// in a time in proportion to the file: with quadratic work this test takes minutes.
func TestMany(t *testing.T) {
	const many = 20000
	r := sound()
	e, d := &r.Evidence, &r.Diagnosis
	r.Terminal.Site = strings.Repeat("x", 1<<20)
	refused := &report.Failure{Operation: report.OpConnect, Type: report.FailRefused}
	for i := range many {
		c := e.Connects[0]
		c.Address, c.Failure, c.Link, c.Gateway = fmt.Sprintf("203.0.113.10%05d:5500", i), refused, fmt.Sprint("eth", i), fmt.Sprint("192.0.2.", i)
		e.Connects = append(e.Connects, c)
		c.Address = mainAddr
		e.Connects = append(e.Connects, c)
		l := e.Lookups[0]
		l.Resolver, l.Failure = fmt.Sprint("192.0.2.", i), refused
		e.Lookups = append(e.Lookups, l)
		e.Links = append(e.Links, report.Link{Name: fmt.Sprint("eth", i)})
		e.Site.Endpoints = append(e.Site.Endpoints, report.Endpoint{Address: fmt.Sprint("h", i, ":1")})
		p := pointer("connects", i)
		d.Unexplained = append(d.Unexplained, p)
		d.Wants, d.Untested = append(d.Wants, "x"), append(d.Untested, "y")
		d.Findings = append(d.Findings, fault("host.refused", "", report.Possible, "", p, p+"/tcp"), fault("host.silent", mainAddr, report.Likely, "host.refused", p),
			fault("network.local.flapping", fmt.Sprint("none", i), report.Likely, ""), fault(fmt.Sprint("x.", i), "", report.Likely, ""))
	}
	got := text(&r, Options{}, testRows)
	if n := strings.Count(got, "\n"); n > 300 {
		t.Errorf("%d lines", n)
	}
	checkLines(t, "many", got, Options{})
}

func TestWriteError(t *testing.T) {
	broken := errors.New("paper out")
	if err := Text(writerFunc(func([]byte) (int, error) { return 0, broken }), sound(), Options{}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// TestUnchanged: the report is read, not written to.
func TestUnchanged(t *testing.T) {
	for name, r := range fixtures() {
		before, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		text(&r, Options{}, testRows)
		if after, _ := json.Marshal(r); !bytes.Equal(before, after) {
			t.Errorf("%s was changed", name)
		}
	}
}

// TestCatalogue: every row of the real catalogue is shown with its title and the start
// of its advice, at the width of a terminal's own screen.
func TestCatalogue(t *testing.T) {
	if len(report.Catalogue()) == 0 {
		t.Fatal("no catalogue")
	}
	for _, row := range report.Catalogue() {
		for _, lang := range []report.Lang{report.ZH, report.EN} {
			r := sound()
			r.Diagnosis.Findings = report.List[report.Finding]{{Kind: row.Kind, Code: row.Code, Domain: row.Domain, Confidence: report.Likely}}
			if row.Kind == report.KindFault {
				r.Diagnosis.Verdict, r.Diagnosis.Code, r.Diagnosis.Domain = report.VerdictFault, row.Code, row.Domain
				r.Diagnosis.Confidence, r.Diagnosis.Party = report.Likely, row.Party
				if placeOf(row) == placeNone {
					t.Errorf("%s has no place on the way", row.Code)
				}
			}
			o := Options{Lang: lang, Width: 32}
			got := text(&r, o, report.LookupRow)
			checkLines(t, string(row.Code), got, o)
			for _, want := range []string{row.Title.In(lang), newView(&r, lang, report.LookupRow).firstSentence(row.Advice.In(lang))} {
				if !strings.Contains(squeeze(got), strings.TrimRight(squeeze(want), ".。")) {
					t.Errorf("%s: %q is missing in\n%s", row.Code, want, got)
				}
			}
		}
	}
}

// squeeze drops white space, which wrapping changes.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// FuzzText: whatever a report file holds, the text keeps to its width and is clean.
func FuzzText(f *testing.F) {
	for _, r := range fixtures() {
		b, err := json.Marshal(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, 40, true, false)
		f.Add(b, 20, false, true)
	}
	f.Fuzz(func(t *testing.T, b []byte, width int, zh, ascii bool) {
		var r report.Report
		if json.Unmarshal(b, &r) != nil {
			return
		}
		o := Options{Width: width % 300, ASCII: ascii}
		if zh {
			o.Lang = report.ZH
		}
		got := text(&r, o, testRows)
		if s := strings.Count(got, "\n"); s > 4000 {
			t.Errorf("%d lines", s)
		}
		for line := range strings.Lines(got) {
			limit := max(o.Width, 20)
			if o.Width == 0 {
				limit = 80
			}
			if n := columns(strings.TrimSuffix(line, "\n")); n > limit {
				t.Errorf("%d columns: %q", n, line)
			}
			for _, c := range strings.TrimSuffix(line, "\n") {
				if unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || o.ASCII && !zh && c > unicode.MaxASCII {
					t.Errorf("%U in %q", c, line)
				}
			}
		}
	})
}
