// TLS is judged for the terminal, not for Go: what old hosts still sign with, and the
// certificates they have, are read and reported, not refused.
//
//go:debug tlssha1=1
//go:debug rsa1024min=0
//go:debug x509negativeserial=1

// Command posprobe says, when a payment terminal cannot sign on to its acquirer,
// whether the device, the network or the host is at fault.
//
// The program is five functions, in this order: probe.Round looks (it surveys, plans
// and performs), report.Diagnose judges, report.Encode keeps, render.Text tells, and
// exitStatus (exit.go) answers scripts.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"unicode"

	"posprobe/probe/clean"
	"posprobe/report"
)

// app is what a command may touch.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	lang           report.Lang
	env            func(string) string
	// flags sees the flags of a command before they are parsed; nil but in tests, which
	// compare them with the table.
	flags func(*flag.FlagSet)
}

func main() {
	debug.SetTraceback("none") // a stack could show what was being read
	// A terminal may have 32 MB in all: collecting garbage four times as often costs
	// milliseconds of a round that waits for seconds, and saves 2 MB.
	debug.SetGCPercent(25)
	harden()
	a := app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, lang: localeLang(os.Getenv), env: os.Getenv}
	os.Exit(a.run(context.Background(), os.Args[1:]))
}

// run is the program without the process around it.
func (a app) run(ctx context.Context, args []string) (status int) {
	defer func() {
		if p := recover(); p != nil { // a stack could show what was being read
			fmt.Fprintf(a.stderr, "posprobe: internal error: %s; please report it with the version and the command\n", clean.Text(fmt.Sprint(p)))
			status = exitFailed
		}
	}()
	if len(args) == 0 {
		fmt.Fprint(a.stderr, usage(a.lang))
		return exitUsage
	}
	if args[0] == "-h" || args[0] == "--help" {
		args[0] = "help"
	}
	for _, c := range commands() {
		words := strings.Fields(c.name)
		if len(args) >= len(words) && slices.Equal(args[:len(words)], words) {
			return c.run(a, ctx, args[len(words):])
		}
	}
	return a.noCommand(args[0])
}

// noCommand tells that there is no such command, and what was left out where it is the
// beginning of one.
func (a app) noCommand(name string) int {
	for _, c := range commands() {
		if strings.HasPrefix(c.name, name+" ") {
			return a.misuse("%s: write posprobe %s", name, c.name)
		}
	}
	return a.misuse("%q is no command; posprobe help lists them", clean.Text(name))
}

// misuse tells how the command line is wrong.
func (a app) misuse(format string, args ...any) int {
	a.complain(fmt.Sprintf(format, args...))
	return exitUsage
}

// fail tells that posprobe itself could not do its work.
func (a app) fail(err error) int {
	a.complain(err.Error())
	return exitFailed
}

// complain writes a message to standard error, each of its lines cleaned: it may hold
// what the command line or a file did.
func (a app) complain(message string) {
	for i, line := range strings.Split(message, "\n") {
		if i == 0 {
			line = "posprobe: " + line
		}
		fmt.Fprintln(a.stderr, printable(line))
	}
}

// printable replaces what may steer a terminal or hide text.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}
