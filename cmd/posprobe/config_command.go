package main

import (
	"context"
	"fmt"
)

// config checks a configuration: every mistake with file, line, value and remedy.
func (a app) config(_ context.Context, args []string) int {
	file := ""
	flags := a.flagSet("config check")
	flags.StringVar(&file, "config", defaultConfig, "")
	if _, status, ok := a.parse(flags, args, 0, 0); !ok {
		return status
	}
	c, err := loadConfig(file)
	if err != nil {
		return a.misuse("%v; name the file with --config", err)
	}
	if m := c.Check(); m != nil {
		return a.misuse("%v", m)
	}
	fmt.Fprintf(a.stdout, "%s: no mistakes\n", file)
	return exitHealthy
}
