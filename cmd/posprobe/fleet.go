//go:build !(linux && arm)

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"posprobe/probe/clean"
	"posprobe/report/fleet"
)

// allNames is how many terminals are named where somebody asks for one of them.
const allNames = 1000

// fleet says what the reports of many terminals have in common. Its exit status is 0 when
// everything could be read, 1 when a file ended in an error.
func (a app) fleet(ctx context.Context, args []string) int {
	var out output
	flags := a.flagSet("fleet")
	out.flags(flags, a.lang)
	last := flags.Duration("last", 24*time.Hour, "")
	at := flags.String("at", "", "")
	terminal := flags.String("terminal", "", "")
	files, status, ok := a.parse(flags, args, 0, 10_000)
	if !ok {
		return status
	}
	if err := out.check(); err != nil {
		return a.misuse("%v", err)
	}
	if *last < 10*time.Minute || *last > 7*24*time.Hour {
		return a.misuse("--last %v: out of range; write 10m to 168h", *last)
	}
	o := fleet.Options{Now: time.Now(), Last: *last, Terminal: *terminal}
	if *at != "" {
		now, err := time.Parse(time.RFC3339, *at)
		if err != nil {
			return a.misuse("--at %s: no time; write it as in 2026-12-01T09:30:00+08:00", clean.Text(*at))
		}
		o.Now = now
	}
	if *terminal != "" {
		o.Names = allNames
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	f := fleet.New(o)
	for _, name := range files {
		if err := a.readFleet(ctx, f, name); err != nil {
			a.complain(fmt.Sprintf("%s: %v", name, err))
			status = exitFailed
			if errors.Is(err, os.ErrNotExist) {
				return exitUsage
			}
		}
	}
	s := f.Summary()
	var text string
	if out.format == "json" {
		line, err := json.Marshal(s)
		if err != nil {
			return a.fail(err)
		}
		text = string(line) + "\n"
	} else {
		text = fleetText(s, *terminal, out.options(a.stdout))
	}
	if _, err := io.WriteString(a.stdout, text); err != nil {
		return a.fail(err)
	}
	return status
}

// readFleet adds the lines of a file; "-" is standard input. A line that names no terminal
// is taken for one of a terminal that the file is named after.
func (a app) readFleet(ctx context.Context, f *fleet.Fleet, name string) error {
	in, source := a.stdin, ""
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		in, source = file, strings.TrimSuffix(filepath.Base(name), ".gz")
	}
	r, err := fleet.NewReader(in)
	if err != nil {
		return err
	}
	defer func() { f.AddLong(r.Long) }()
	for ctx.Err() == nil {
		line, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(line) > 0 {
			f.AddLine(line, source)
		}
	}
	return ctx.Err()
}
