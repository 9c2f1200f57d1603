// Command acquirersim is an acquirer to practise on: it listens like a payment host,
// answers echoes and sign-ons in each protocol that posprobe speaks, and fails on
// request in the ways in which real ones fail. It holds no keys, knows no merchants and
// is of no use as a host.
//
//	acquirersim -listen 127.0.0.1:8583 -behaviour slow=4s
//	acquirersim -protocol iso8583-1987 -encoding bcd -framing base24 -behaviour poll
//	acquirersim -http -behaviour empty-500
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
	protocol := flags.String("protocol", "unionpay", "what to speak: `NAME`, see -list")
	framing := flags.String("framing", "", "what stands around a message: `NAME`, see -list (default 2-byte)")
	encoding := flags.String("encoding", "", "how protocols iso8583-* pack their fields: `NAME`, see -list (default ascii)")
	post := flags.Bool("http", false, "take messages as the body of a POST, as access gateways do")
	path := flags.String("http-path", "", "answer HTTP requests at `PATH` alone; implies -http (default "+signontest.DefaultPath+" for messages, every path for protocol http)")
	behaviour := flags.String("behaviour", "good", "what to do with requests: `NAME` or NAME=ARGUMENT, see -list")
	useTLS := flags.Bool("tls", false, "speak TLS, with a certificate made at start")
	kind := flags.String("cert", "good", "`KIND` of TLS, see -list; implies -tls")
	names := flags.String("names", "", "further host names and addresses for the certificate: `NAME,NAME,...`")
	zone := flags.String("zone", "", "time `ZONE` of the host's clock, such as Asia/Tokyo or Local (default UTC+8)")
	quiet := flags.Bool("quiet", false, "do not report each connection on standard error")
	flags.StringVar(&set.caOut, "ca-out", "", "write the certificate of the authority, PEM, to `FILE`")
	flags.BoolVar(&set.list, "list", false, "list protocols, framings, behaviours and kinds of TLS, and exit")
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
		set.options = signontest.Options{
			Listen: *listen, Protocol: *protocol, Framing: *framing, Encoding: *encoding, Behaviour: *behaviour, Location: location,
		}
		if *post || given["http-path"] {
			set.options.HTTP = &signontest.HTTP{Path: *path}
		}
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

An acquirer host to practise on. It answers echoes and sign-ons over TCP or TLS, in the
protocol, framing and encoding that the flags name (UnionPay's messages unless they say
otherwise), and fails in the way that -behaviour names. A terminal id can choose a
behaviour for a single request: RC960000 is answered with response code 96, SLOW0030
after three seconds; -list shows them all. When it is ready it prints one line,
"listening on ADDRESS". SIGINT and SIGTERM end it.

`)
	flags.PrintDefaults()
}
