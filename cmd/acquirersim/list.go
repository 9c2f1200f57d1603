package main

import (
	"cmp"
	"fmt"
	"io"
	"text/tabwriter"

	"posprobe/probe/signon/signontest"
)

// list prints what the flags take, one line each.
func list(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	defer t.Flush()
	choices := func(title string, list []signontest.Choice) {
		fmt.Fprintf(t, "%s\t\t\n", title)
		for _, c := range list {
			fmt.Fprintf(t, "%s\t\t%s\n", c.Name, c.About)
		}
		fmt.Fprintln(t, "\t\t")
	}
	choices("PROTOCOL", signontest.Protocols())
	var framings []signontest.Choice
	for _, f := range signontest.Framings() {
		framings = append(framings, signontest.Choice{Name: f.Name, About: f.About})
	}
	choices("FRAMING", framings)
	choices("ENCODING", signontest.Encodings())

	fmt.Fprintln(t, "BEHAVIOUR\tTERMINAL ID\tIMITATES")
	for _, b := range signontest.Behaviours() {
		fmt.Fprintf(t, "%s\t%s\t%s\n", form(b), cmp.Or(b.TerminalID, "-"), about(b))
	}
	fmt.Fprintln(t, "In a terminal id n is a digit, x a letter or digit, s P (plus) or M (minus), _ anything.")
	fmt.Fprintln(t)
	fmt.Fprintln(t, "TLS\t\tIMITATES")
	for _, k := range signontest.TLSKinds() {
		fmt.Fprintf(t, "%s\t\t%s\n", k.Name, k.Imitates)
	}
}

// form is how -behaviour names a behaviour.
func form(b signontest.Behaviour) string {
	switch {
	case b.Default != "":
		return b.Name + "[=" + b.Argument + "]"
	case b.Argument != "":
		return b.Name + "=" + b.Argument
	}
	return b.Name
}

// about is what a behaviour imitates, and what it needs for that.
func about(b signontest.Behaviour) string {
	if b.Needs() == "" {
		return b.Imitates
	}
	return b.Imitates + " [needs " + b.Needs() + "]"
}
