package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"posprobe/cmd/posprobe/config"
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
	var consent, save bool
	var overrides []config.Flag
	var screen screen
	flags := a.flagSet("check")
	flags.StringVar(&file, "config", "", "")
	flags.BoolVar(&consent, strings.TrimLeft(consentFlag, "-"), false, "")
	flags.BoolVar(&save, "save", false, "")
	out.flags(flags, a.lang)
	siteFlags(flags, &overrides)
	screen.flags(flags)
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
		return a.misuse("%s: has no use with protocol %s; add --protocol unionpay or another that sends it", flag, c.Acquirer.SignOn.Protocol)
	}
	read, err := screen.evidence(c.Acquirer.SignOn.ResponseCodes)
	if err != nil {
		return a.misuse("%v", err)
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
	progress := newProgress(a.stderr, out.lang)
	r, err := a.look(ctx, c, look{Trigger: report.TriggerManual, Given: read, FollowUps: true, Progress: progress.task})
	progress.done()
	if err != nil {
		return a.fail(err)
	}
	if err := out.write(a.stdout, r); err != nil {
		return a.fail(err)
	}
	if save {
		a.save(c, r, out.lang)
	}
	return exitStatus(r.Diagnosis)
}

func given(flags []config.Flag, name string) bool {
	return slices.ContainsFunc(flags, func(f config.Flag) bool { return f.Name == name })
}

// idle is the first flag of a message that no protocol sends, "" if there is none: a
// sign-on that somebody thinks was tested, and was not, is worse than an error.
func idle(c *config.Config, flags []config.Flag) string {
	for _, f := range flags {
		if !config.Uses(c.Acquirer.SignOn.Protocol, f.Name) {
			return f.Name
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

var consentWarning = report.Text{
	ZH: "注意：这次签到会更换终端的工作密钥。支付应用必须重新签到，否则下一笔交易会失败。",
	EN: "Note: this sign-on replaces the terminal's working keys. The payment application must sign on again, or its next transaction fails.",
}
