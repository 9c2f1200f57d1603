// Command acquirersim is an acquirer to practise on: it listens like a payment host,
// answers UnionPay echoes and sign-ons, and fails on request in the ways in which real
// ones fail. It holds no keys, knows no merchants and is of no use as a host.
//
//	acquirersim -listen 127.0.0.1:8583 -behaviour slow=4s
//	acquirersim -tls -cert expired -ca-out ca.pem
//	acquirersim -list
//
// One line on standard output, "listening on ADDRESS", says that it is ready. It ends
// on SIGINT and SIGTERM. Exit status: 0 ended by a signal, 1 the system did not let it
// listen or write, 2 wrong usage.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"posprobe/probe/signon/signontest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// settings are what the flags say.
type settings struct {
	options signontest.Options
	caOut   string
	list    bool
}

// run serves until ctx ends and returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case set.list:
		list(stdout)
		return 0
	}
	server, err := signontest.Start(set.options)
	if err != nil {
		fmt.Fprintln(stderr, "acquirersim:", err)
		return 1
	}
	defer server.Close()
	if set.caOut != "" {
		if err := os.WriteFile(set.caOut, server.Authority().PEM(), 0o644); err != nil {
			fmt.Fprintln(stderr, "acquirersim:", err)
			return 1
		}
	}
	fmt.Fprintln(stdout, "listening on", server.Addr())
	<-ctx.Done()
	return 0
}

// parse reads the flags. It has already printed the error that it returns.
func parse(args []string, stderr io.Writer) (settings, error) {
	var set settings
	flags := flag.NewFlagSet("acquirersim", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { usage(flags) }
	listen := flags.String("listen", "127.0.0.1:8583", "`ADDRESS` to listen on; port 0 takes a free one")
	behaviour := flags.String("behaviour", "good", "what to do with requests: `NAME` or NAME=ARGUMENT, see -list")
	useTLS := flags.Bool("tls", false, "speak TLS, with a certificate made at start")
	kind := flags.String("cert", "good", "`KIND` of TLS, see -list; implies -tls")
	names := flags.String("names", "", "further host names and addresses for the certificate: `NAME,NAME,...`")
	zone := flags.String("zone", "", "time `ZONE` of the host's clock, such as Asia/Tokyo or Local (default UTC+8)")
	quiet := flags.Bool("quiet", false, "do not report each connection on standard error")
	flags.StringVar(&set.caOut, "ca-out", "", "write the certificate of the authority, PEM, to `FILE`")
	flags.BoolVar(&set.list, "list", false, "list behaviours and kinds of TLS, and exit")
	if err := flags.Parse(args); err != nil {
		return set, err
	}
	var location *time.Location
	var err error
	if *zone != "" {
		location, err = time.LoadLocation(*zone)
	}
	if err == nil {
		given := map[string]bool{}
		flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
		set.options = signontest.Options{Listen: *listen, Behaviour: *behaviour, Location: location}
		if *useTLS || given["cert"] {
			set.options.TLS = *kind
		}
		if *names != "" {
			set.options.Names = strings.Split(*names, ",")
		}
		if !*quiet {
			set.options.Log = func(line string) { fmt.Fprintln(stderr, time.Now().Format("15:04:05.000"), line) }
		}
		err = set.check(flags.Args())
	}
	if err != nil {
		fmt.Fprintln(stderr, "acquirersim:", err)
		fmt.Fprintln(stderr, "acquirersim -h explains the flags, acquirersim -list the behaviours")
	}
	return set, err
}

// check finds what a single flag cannot know to be wrong.
func (s settings) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q", rest[0])
	case s.caOut != "" && s.options.TLS == "":
		return errors.New("-ca-out needs -tls: without it there is no authority")
	}
	return s.options.Check()
}

func usage(flags *flag.FlagSet) {
	fmt.Fprint(flags.Output(), `usage: acquirersim [flags]

An acquirer host to practise on. It answers echoes (0820/301) and sign-ons (0800) over
TCP or TLS, and fails in the way that -behaviour names. A terminal id can choose a
behaviour for a single request: RC960000 is answered with response code 96, SLOW0030
after three seconds; -list shows them all. When it is ready it prints one line,
"listening on ADDRESS". SIGINT and SIGTERM end it.

`)
	flags.PrintDefaults()
}

// list prints the behaviours and the kinds of TLS, one line each.
func list(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	defer t.Flush()
	fmt.Fprintln(t, "BEHAVIOUR\tTERMINAL ID\tIMITATES")
	for _, b := range signontest.Behaviours() {
		name, id := b.Name, b.TerminalID
		switch {
		case b.Default != "":
			name += "[=" + b.Argument + "]"
		case b.Argument != "":
			name += "=" + b.Argument
		}
		if id == "" {
			id = "-"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", name, id, b.Imitates)
	}
	fmt.Fprintln(t, "In a terminal id n is a digit, x a letter or digit, s P (plus) or M (minus), _ anything.")
	fmt.Fprintln(t)
	fmt.Fprintln(t, "TLS\t\tIMITATES")
	for _, k := range signontest.TLSKinds() {
		fmt.Fprintf(t, "%s\t\t%s\n", k.Name, k.Imitates)
	}
}
