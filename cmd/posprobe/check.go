package main

import (
	"context"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"posprobe/cmd/posprobe/config"
	"posprobe/probe"
	"posprobe/report"
)

// defaultConfig is read if it exists and no other file is named.
const defaultConfig = "/etc/posprobe/posprobe.yaml"

// defaultWait is how long a check waits for a reply at the most, unless --wait says
// otherwise: long enough for keepalives to show who is silent, and no longer than a
// technician stands there for.
const defaultWait = 8 * time.Second

// consentFlag is what a sign-on with the payment application's own terminal id needs.
const consentFlag = "--i-know-the-application-must-sign-on-again"

// check runs one round now and tells what it found.
func (a app) check(ctx context.Context, args []string) int {
	// The first signal ends the round, a second one the program.
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	var out output
	var file string
	var consent bool
	var overrides []config.Flag
	flags := a.flagSet("check")
	flags.StringVar(&file, "config", "", "")
	flags.BoolVar(&consent, strings.TrimLeft(consentFlag, "-"), false, "")
	out.flags(flags, a.lang)
	for _, name := range []string{"endpoint", "resolver", "ca", "pin", "protocol", "message", "tpdu", "header", "terminal", "merchant", "wait"} {
		flags.Func(name, "", func(value string) error {
			overrides = append(overrides, config.Flag{Name: "--" + name, Value: value})
			return nil
		})
	}
	flags.BoolFunc("tls", "", func(value string) error {
		overrides = append(overrides, config.Flag{Name: "--tls", Value: value})
		return nil
	})
	if _, status, ok := a.parse(flags, args, 0, 0); !ok {
		return status
	}
	if err := out.check(); err != nil {
		return a.misuse("%v", err)
	}
	c, err := loadConfig(file)
	if err != nil {
		return a.misuse("%v; name a file that exists, or leave --config out and use --endpoint", err)
	}
	c.Override(overrides...) // Check tells its mistakes with all others
	if m := c.Check(); m != nil {
		return a.misuse("%v", m)
	}
	if flag := idle(c, overrides); flag != "" {
		return a.misuse("%s: has no use without a sign-on protocol; add --protocol unionpay", flag)
	}
	if !given(overrides, "--wait") {
		c.Limits.Reply = min(c.Limits.Reply, defaultWait)
	}
	if c.NeedsConsent() {
		if !consent {
			return a.misuse("--message sign-on replaces the terminal's working keys: the payment application cannot pay until it signs on again; add %s if that is wanted", consentFlag)
		}
		fmt.Fprintln(a.stderr, consentWarning.In(out.lang))
	}
	r, err := a.round(ctx, c, out)
	if err != nil {
		return a.fail(err)
	}
	if err := out.write(a.stdout, r); err != nil {
		return a.fail(err)
	}
	return exitStatus(r.Diagnosis)
}

func given(flags []config.Flag, name string) bool {
	return slices.ContainsFunc(flags, func(f config.Flag) bool { return f.Name == name })
}

// idle is the first flag of a message that no protocol sends, "" if there is none: a
// sign-on that somebody thinks was tested, and was not, is worse than an error.
func idle(c *config.Config, flags []config.Flag) string {
	if c.Acquirer.SignOn.Protocol == "unionpay" {
		return ""
	}
	for _, name := range []string{"--terminal", "--merchant", "--tpdu", "--header", "--message"} {
		if given(flags, name) {
			return name
		}
	}
	return ""
}

// loadConfig reads the named file, or the default one if it exists, or none.
func loadConfig(file string) (*config.Config, error) {
	if file == "" {
		c, err := config.Load(defaultConfig)
		if errors.Is(err, fs.ErrNotExist) {
			return config.Default(), nil
		}
		return keep(c, err)
	}
	return keep(config.Load(file))
}

// keep lets a configuration with mistakes pass: its Check tells them again, with
// those that flags have mended left out.
func keep(c *config.Config, err error) (*config.Config, error) {
	if c == nil {
		return nil, err
	}
	return c, nil
}

// round looks, judges, and makes the report of it.
func (a app) round(ctx context.Context, c *config.Config, out output) (report.Report, error) {
	began := time.Now()
	request, err := request(c, began)
	if err != nil {
		return report.Report{}, err
	}
	dir := runDir(a.env)
	unlock, err := dir.lock(ctx)
	if err != nil {
		return report.Report{}, err
	}
	defer unlock()
	request.Paused = dir.paused(began)
	request.Memory = dir.remembered()
	progress := newProgress(a.stderr, out.lang)
	request.Progress = progress.task
	began = time.Now()
	evidence := probe.Round(ctx, probe.Local(), request)
	progress.done()
	dir.remember(request.Memory, evidence)
	return report.Report{
		Schema: report.SchemaVersion, ID: newID(began), Agent: thisAgent(), Trigger: report.TriggerManual,
		ObservedAt: began.Round(time.Millisecond), ElapsedMs: float64(time.Since(began)) / float64(time.Millisecond),
		Terminal: report.Terminal{Model: c.Terminal.Model, Serial: c.Terminal.Serial, Site: c.Terminal.Site, Asset: c.Terminal.Asset},
		Acquirer: report.Acquirer{Name: c.Acquirer.Name},
		Evidence: evidence, Diagnosis: report.Diagnose(evidence),
	}, nil
}

// request is what the configuration asks of a round.
func request(c *config.Config, now time.Time) (probe.Request, error) {
	dialect, err := c.Dialect(firstSTAN + rand.Uint32N(lastSTAN-firstSTAN+1))
	if err != nil {
		return probe.Request{}, err
	}
	r := probe.Request{
		Site: c.Site(now, 0), Resolvers: c.Network.Resolvers,
		Connect: c.Limits.Connect, Reply: c.Limits.Reply, Zone: c.Acquirer.Location(),
		FollowUp: c.Limits.FollowUp, References: c.Network.References,
		IndependentResolver: c.Network.IndependentResolver, Portal: c.Network.PortalURL,
	}
	if c.Limits.FollowUp > 0 {
		r.Wants = func(e report.Evidence) []report.Question { return report.Diagnose(e).Wants }
	}
	if dialect != nil && dialect.KeysComeBack() { // it is sent once, to the main endpoint
		for i := range r.Site.Endpoints[1:] {
			connectionOnly(&r.Site.Endpoints[i+1])
		}
	}
	for i, e := range c.Acquirer.Endpoints {
		target := probe.Endpoint{Address: e.Address, Dialect: dialect}
		s, err := c.TLS(i)
		if err != nil {
			return probe.Request{}, err
		}
		if s != nil {
			target.TLS = &probe.TLS{ServerName: s.ServerName, Roots: s.Roots, Certificate: s.Certificate, LargeHello: s.LargeHello}
			if s.Pin != nil {
				target.TLS.Pin = "sha256/" + base64.StdEncoding.EncodeToString(s.Pin)
			}
		}
		r.Endpoints = append(r.Endpoints, target)
	}
	return r, nil
}

// connectionOnly makes an endpoint one whose exchange ends with the connection.
func connectionOnly(e *report.Endpoint) {
	e.Goal, e.Fingerprint = report.StepConnect, ""
	if e.TLS {
		e.Goal = report.StepTLS
	}
}

// System trace audit numbers (field 11) of one-shot sign-ons: the top of the range,
// where a payment application that counts from 1 and wraps rarely is.
const firstSTAN, lastSTAN = 990000, 999999

var consentWarning = report.Text{
	ZH: "注意：这次签到会更换终端的工作密钥。支付应用必须重新签到，否则下一笔交易会失败。",
	EN: "Note: this sign-on replaces the terminal's working keys. The payment application must sign on again, or its next transaction fails.",
}

// flagSet is a flag set that reports errors in posprobe's own form.
func (a app) flagSet(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(discard{})
	return f
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// parse parses a command's arguments, flags and others in any order, and checks how
// many of the others there are. With ok false, status is the exit status.
func (a app) parse(f *flag.FlagSet, args []string, least, most int) (others []string, status int, ok bool) {
	for {
		switch err := f.Parse(args); {
		case errors.Is(err, flag.ErrHelp):
			fmt.Fprint(a.stdout, usageText.In(a.lang))
			return nil, exitHealthy, false
		case err != nil:
			return nil, a.misuse("%s: %v; posprobe help lists the flags", f.Name(), err), false
		}
		if f.NArg() == 0 {
			break
		}
		others, args = append(others, f.Arg(0)), f.Args()[1:]
	}
	switch {
	case len(others) < least:
		return nil, a.misuse("%s: an argument is missing; posprobe help shows which", f.Name()), false
	case len(others) > most:
		return nil, a.misuse("%s: one argument too many; posprobe help shows which are meant", f.Name()), false
	}
	return others, 0, true
}
