package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"posprobe/report"
	"posprobe/report/render"
)

// The columns of the help: no line is wider than usageWidth, and what something is for
// begins at usageColumn.
const (
	usageWidth  = 80
	usageColumn = 31
)

var (
	usageHead = report.Text{
		EN: "posprobe: when a payment terminal cannot sign on, is it the device, the network or the host?",
		ZH: "posprobe：终端签到不上时，判断是终端、网络还是主机的问题",
	}
	// usageAgain stands behind flags that were explained before, usageSite for siteOptions.
	usageAgain = report.Text{ZH: "同上", EN: "as above"}
	usageSite  = report.Text{ZH: "从 --%s 到 --%s：同 check", EN: "--%s to --%s as with check"}
	usageExit  = report.Text{
		EN: `exit status: 0 healthy  10 device  20 network  30 host  35 host, planned
             40 account  50 cannot tell  2 wrong usage or configuration
             1 posprobe itself failed
`,
		ZH: `退出码：0 正常  10 终端  20 网络  30 收单主机  35 收单主机（计划内）
        40 商户或终端登记  50 无法判定  2 用法或配置错误  1 posprobe 自身出错
`,
	}
)

// usage is the help: all commands with their flags, each flag explained once. Flags may
// be written with one dash or two.
func usage(lang report.Lang) string {
	var b strings.Builder
	for _, line := range render.Wrap(usageHead.In(lang), usageWidth) {
		b.WriteString(line + "\n")
	}
	b.WriteString("\n")
	known := map[report.Text]bool{}
	for _, c := range commands() {
		c.describe(&b, lang, known)
	}
	b.WriteString("\n" + usageExit.In(lang))
	return b.String()
}

// usageOf is the help of one command, or all of it where there is none of that name.
func usageOf(name string, lang report.Lang) string {
	for _, c := range commands() {
		if c.name == name {
			var b strings.Builder
			c.describe(&b, lang, map[report.Text]bool{})
			return b.String()
		}
	}
	return usage(lang)
}

// describe writes a command's part of the help, flags that are known by their texts in
// short.
func (c command) describe(b *strings.Builder, lang report.Lang, known map[report.Text]bool) {
	entry(b, "  posprobe "+strings.TrimSpace(c.name+" "+c.args), c.text.In(lang))
	fresh, again := c.split(known)
	for _, o := range fresh {
		entry(b, "    "+o.term(), o.text.In(lang))
	}
	if again != nil {
		entry(b, "    "+strings.Join(again, " "), usageAgain.In(lang))
	}
	if c.site && !slices.ContainsFunc(fresh, func(o option) bool { return o.name == siteOptions[0].name }) {
		entry(b, "", siteRange(lang))
	}
}

// split parts a command's options into those that are not known yet by their texts, which
// then are, and the names of the others. SiteOptions are left out where they are known.
func (c command) split(known map[report.Text]bool) (fresh []option, again []string) {
	options := c.options
	if c.site && !known[siteOptions[0].text] {
		options = c.all()
	}
	for _, o := range options {
		if known[o.text] {
			again = append(again, "--"+o.name)
		} else {
			fresh = append(fresh, o)
		}
		known[o.text] = true
	}
	return fresh, again
}

// term is the option as it is typed.
func (o option) term() string { return strings.TrimSpace("--" + o.name + " " + o.value) }

// siteRange stands for siteOptions where another command has shown them.
func siteRange(lang report.Lang) string {
	return fmt.Sprintf(usageSite.In(lang), siteOptions[0].name, siteOptions[len(siteOptions)-1].name)
}

// entry writes a term and what it means beside it, or below it where the term is long.
func entry(b *strings.Builder, term, meaning string) {
	room := usageColumn - render.Columns(term)
	if room < 2 {
		b.WriteString(term + "\n")
		term, room = "", usageColumn
	}
	for _, line := range render.Wrap(meaning, usageWidth-usageColumn) {
		b.WriteString(term + strings.Repeat(" ", room) + line + "\n")
		term, room = "", usageColumn
	}
}

// help prints the help of all commands or of one.
func (a app) help(_ context.Context, args []string) int {
	name := strings.Join(args, " ")
	for _, c := range commands() {
		if name == "" || c.name == name {
			fmt.Fprint(a.stdout, usageOf(name, a.lang))
			return exitHealthy
		}
	}
	return a.noCommand(name)
}
