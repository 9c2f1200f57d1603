package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"posprobe/cmd/posprobe/config"
)

// flagSet is a flag set that reports errors in posprobe's own form.
func (a app) flagSet(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	return f
}

// siteFlags collects the flags of siteOptions in their order on the command line.
func siteFlags(f *flag.FlagSet, into *[]config.Flag) {
	for _, o := range siteOptions {
		take := func(value string) error {
			*into = append(*into, config.Flag{Name: "--" + o.name, Value: value})
			return nil
		}
		if o.value == "" {
			f.BoolFunc(o.name, "", take)
		} else {
			f.Func(o.name, "", take)
		}
	}
}

// parse parses a command's arguments, flags and others in any order, and checks how
// many of the others there are. With ok false, status is the exit status.
func (a app) parse(f *flag.FlagSet, args []string, least, most int) (others []string, status int, ok bool) {
	if a.flags != nil {
		a.flags(f)
	}
	for {
		switch err := f.Parse(args); {
		case errors.Is(err, flag.ErrHelp):
			fmt.Fprint(a.stdout, usageOf(f.Name(), a.lang))
			return nil, exitHealthy, false
		case err != nil:
			return nil, a.misuse("%s: %v; posprobe help %s lists the flags", f.Name(), err, f.Name()), false
		}
		if f.NArg() == 0 {
			break
		}
		others, args = append(others, f.Arg(0)), f.Args()[1:]
	}
	switch {
	case len(others) < least:
		return nil, a.misuse("%s: an argument is missing; posprobe help %s shows which", f.Name(), f.Name()), false
	case len(others) > most:
		return nil, a.misuse("%s: one argument too many; posprobe help %s shows which are meant", f.Name(), f.Name()), false
	}
	return others, 0, true
}
