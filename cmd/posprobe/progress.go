package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"posprobe/report"
)

// progress shows on standard error what a round is doing, if somebody watches it: one
// line that is written over.
type progress struct {
	w       io.Writer // nil when nobody watches
	lang    report.Lang
	columns int
	running []string
	shown   bool
}

func newProgress(w io.Writer, lang report.Lang) *progress {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || os.Getenv("TERM") == "dumb" {
		return &progress{}
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil || columns < 20 {
		columns = 80
	}
	return &progress{w: w, lang: lang, columns: columns}
}

var progressWord = report.Text{ZH: "检查中", EN: "checking"}

// task notes that a task began or ended.
func (p *progress) task(t report.Task) {
	if p.w == nil {
		return
	}
	if t.Outcome == "" {
		p.running = append(p.running, t.ID)
	} else {
		for i, id := range p.running {
			if id == t.ID {
				p.running = append(p.running[:i], p.running[i+1:]...)
				break
			}
		}
	}
	line := progressWord.In(p.lang) + "…"
	if len(p.running) > 0 {
		line += " " + p.running[0]
		if more := len(p.running) - 1; more > 0 {
			line += fmt.Sprintf(" (+%d)", more)
		}
	}
	runes := []rune(line)
	if room := p.columns - 8; len(runes) > room { // room for wide characters
		runes = runes[:room]
	}
	fmt.Fprintf(p.w, "\r\x1b[K%s", printable(string(runes)))
	p.shown = true
}

// done clears the line.
func (p *progress) done() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
