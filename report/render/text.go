package render

import (
	"io"

	"posprobe/report"
)

// Options is how a report is written.
type Options struct {
	// Lang is the language; English unless it is report.ZH.
	Lang report.Lang
	// Width is the number of columns of the screen or paper: 0 stands for 80, values
	// under 20 for 20. No line is wider, counted as terminals count (see columns).
	Width int
	// Color adds ANSI colours (ECMA-48 SGR sequences); without it there is no escape
	// sequence in the text, whatever the report holds.
	Color bool
	// ASCII draws marks with ASCII characters alone. English text is then ASCII
	// throughout; what the report holds in other scripts becomes "?".
	ASCII bool
}

// Text writes r for people, and returns the error of w. Strings inside the report are
// cleaned again (no control and format characters) and cut: a report may come from a
// file that others wrote. A report without evidence or diagnosis gives a short text.
func Text(w io.Writer, r report.Report, o Options) error {
	_, err := io.WriteString(w, text(&r, o, report.LookupRow))
	return err
}

// lookup finds the row of a code: report.LookupRow, or a table that stands still for
// the golden files.
type lookup func(report.Code) (report.Row, bool)

func text(r *report.Report, o Options, rows lookup) string {
	v := newView(r, o.Lang, rows)
	p := newPage(o)
	way := v.way()
	v.judge(way)
	v.headline(p)
	v.screen(p, way)
	v.action(p)
	v.others(p)
	v.path(p, way)
	v.followed(p)
	v.timings(p)
	v.remarks(p)
	v.footer(p)
	return p.String()
}
