package render

import (
	"cmp"
	"strings"

	"posprobe/report"
)

const (
	defaultWidth = 80
	minWidth     = 20 // under this, indented lines have no room for words

	// noBreak keeps a number and its unit on one line; it is written as a space.
	noBreak = "\u00a0"
)

// style is an ECMA-48 SGR parameter; "" is plain.
type style string

const (
	plain  style = ""
	bold   style = "1"
	dim    style = "2"
	red    style = "1;31"
	green  style = "1;32"
	yellow style = "1;33"
)

// page collects lines. All text passes through put, which cleans it and keeps it
// within the width.
type page struct {
	text  strings.Builder
	width int
	color bool
	marks [markCount]string
	seven bool // 7-bit output
	gap   bool // an empty line comes before the next line
}

func newPage(o Options) *page {
	p := &page{width: max(cmp.Or(o.Width, defaultWidth), minWidth), color: o.Color, marks: markSigns}
	if o.ASCII {
		p.marks = markASCII
		p.seven = o.Lang != report.ZH
	}
	return p
}

// String returns the text so far.
func (p *page) String() string { return p.text.String() }

// space asks for an empty line before the next text, but not at the top.
func (p *page) space() { p.gap = p.text.Len() > 0 }

// head writes the heading of a section, after an empty line.
func (p *page) head(s string) {
	p.space()
	p.put(0, "", plain, s, bold)
}

// say writes a paragraph over the full width.
func (p *page) say(s string, st style) { p.put(0, "", plain, s, st) }

// item writes an entry of a list.
func (p *page) item(s string) { p.put(4, "  - ", plain, s, plain) }

// entry writes a labelled text: the label at indent, the text column columns later.
func (p *page) entry(indent, column int, label, s string) {
	p.put(indent+column, strings.Repeat(" ", indent)+label, plain, s, plain)
}

// put writes s at indent, hanging from lead, which stands before it on its first line.
// A lead that leaves no room gets lines of its own.
func (p *page) put(indent int, lead string, leadStyle style, s string, st style) {
	lead, s = p.safe(lead), p.safe(s)
	indent = min(indent, p.width/2)
	if words := strings.TrimSpace(lead); words != "" && columns(strings.TrimRight(lead, " ")) >= indent {
		p.put(columns(lead)-columns(strings.TrimLeft(lead, " ")), "", plain, words, leadStyle)
		lead = ""
	}
	lines := wrap(s, p.width-indent)
	if len(lines) == 0 && lead != "" {
		lines = []string{""}
	}
	for _, l := range lines {
		p.line(lead+strings.Repeat(" ", indent-columns(lead)), leadStyle, l, st)
		lead = ""
	}
}

// safe returns s as it may be shown on this page.
func (p *page) safe(s string) string {
	if s = clean(s); p.seven {
		s = toASCII(s)
	}
	return s
}

// line writes one line that is known to fit.
func (p *page) line(lead string, leadStyle style, s string, st style) {
	if p.gap {
		p.text.WriteByte('\n')
		p.gap = false
	}
	lead = strings.ReplaceAll(lead, noBreak, " ")
	s = strings.TrimRight(strings.ReplaceAll(s, noBreak, " "), " ")
	if s == "" {
		lead = strings.TrimRight(lead, " ")
	}
	p.paint(lead, leadStyle)
	p.paint(s, st)
	p.text.WriteByte('\n')
}

func (p *page) paint(s string, st style) {
	if !p.color || st == plain || strings.TrimSpace(s) == "" {
		p.text.WriteString(s)
		return
	}
	p.text.WriteString("\x1b[" + string(st) + "m" + s + "\x1b[0m")
}

// unbroken writes words in a row at indent; a line ends between two of them.
func (p *page) unbroken(indent int, list []string, st style) {
	line := ""
	for _, s := range list {
		if line != "" && indent+columns(line)+2+columns(s) > p.width {
			p.put(indent, "", plain, line, st)
			line = ""
		}
		if line != "" {
			line += "  "
		}
		line += s
	}
	p.put(indent, "", plain, line, st)
}
