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
	"fmt"
	"io"
	"os"
	"runtime/debug"
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
}

func main() {
	debug.SetTraceback("none") // a stack could show what was being read
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
		fmt.Fprint(a.stderr, usageText.In(a.lang))
		return exitUsage
	}
	for _, c := range commands {
		if args[0] == c.name {
			return c.run(a, ctx, args[1:])
		}
	}
	switch args[0] {
	case "help", "-h", "--help":
		fmt.Fprint(a.stdout, usageText.In(a.lang))
		return exitHealthy
	}
	return a.misuse("%q is no command; posprobe help lists them", clean.Text(args[0]))
}

// commands are the subcommands.
var commands = []struct {
	name string
	run  func(a app, ctx context.Context, args []string) int
}{
	{"check", app.check},
	{"diagnose", app.diagnose},
	{"pause", app.pause},
	{"resume", app.resume},
	{"config", app.config},
	{"version", app.version},
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
