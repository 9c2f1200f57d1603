package main

import (
	"context"
	"strings"

	"posprobe/report/explain"
	"posprobe/report/render"
)

// explain tells what a code, a prompt, a response code or a word means.
func (a app) explain(_ context.Context, args []string) int {
	var out output
	flags := a.flagSet("explain")
	out.textFlags(flags, a.lang)
	words, status, ok := a.parse(flags, args, 1, 16)
	if !ok {
		return status
	}
	if err := out.check(); err != nil {
		return a.misuse("%v", err)
	}
	question := typed(strings.Join(words, " "))
	topics := explain.Find(question)
	if len(topics) == 0 {
		near := ""
		if names := explain.Near(question); len(names) > 0 {
			near = "; perhaps " + strings.Join(names, ", ") + " is meant"
		}
		return a.misuse("explain %s: nothing is known of it%s; write a code from a report, a prompt (P1 to P5), a response code, or another word", quoted(question), near)
	}
	if err := render.Topics(a.stdout, topics, out.options(a.stdout)); err != nil {
		return a.fail(err)
	}
	return exitHealthy
}
