package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"posprobe/report"
	"posprobe/report/render"
)

// manDate is when what the page says last changed.
const manDate = "2026-11-23"

// The parts of the manual page that are no commands.
var (
	manName = report.Text{
		ZH: "判断支付终端签到失败是终端、网络还是主机的问题",
		EN: "find out whether the device, the network or the host keeps a payment terminal from signing on",
	}
	manAbout = report.Text{
		ZH: "posprobe 逐层检查从支付终端到收单主机的路径，保留所见作为证据，只根据证据得出结论，并说明由谁、怎样处理。它只联系所配置的地址、系统的 DNS 服务器和网关，缺省的报文（回响测试）没有副作用。",
		EN: "posprobe measures the way from a payment terminal to its acquirer layer by layer, keeps what it saw as evidence, draws a verdict from that evidence alone, and says who should act and how. It contacts configured addresses, the system's name servers and the gateway alone, and its default message, an echo, is harmless.",
	}
	manFlags = report.Text{
		ZH: "参数可以写一个或两个短横线，可以放在其他参数之前或之后。",
		EN: "Flags may be written with one dash or two, before other arguments or after them.",
	}
	manSections = [...]report.Text{
		{ZH: "名称", EN: "NAME"}, {ZH: "概要", EN: "SYNOPSIS"}, {ZH: "说明", EN: "DESCRIPTION"},
		{ZH: "命令", EN: "COMMANDS"}, {ZH: "退出码", EN: "EXIT STATUS"}, {ZH: "文件", EN: "FILES"}, {ZH: "示例", EN: "EXAMPLES"},
	}
	manExit = []struct {
		status int
		means  report.Text
	}{
		{exitHealthy, report.Text{ZH: "正常；其他命令为成功", EN: "healthy; for other commands: done"}},
		{exitFailed, report.Text{ZH: "posprobe 自身出错", EN: "posprobe itself failed"}},
		{exitUsage, report.Text{ZH: "用法或配置错误", EN: "wrong usage or configuration"}},
		{exitDevice, report.Text{ZH: "终端", EN: "the device"}},
		{exitNetwork, report.Text{ZH: "网络", EN: "the network"}},
		{exitHost, report.Text{ZH: "收单主机", EN: "the host"}},
		{exitPlanned, report.Text{ZH: "收单主机（计划内）", EN: "the host, and it was announced"}},
		{exitAccount, report.Text{ZH: "商户或终端登记", EN: "the merchant's or terminal's record at the acquirer"}},
		{exitInconclusive, report.Text{ZH: "无法判定", EN: "cannot tell"}},
	}
	manFiles = []struct {
		name string
		is   report.Text
	}{
		{defaultConfig, report.Text{ZH: "配置；posprobe init 写出带说明的一份", EN: "the configuration; posprobe init writes one with explanations"}},
		{"/run/posprobe", report.Text{ZH: "暂停、锁，以及本次开机以来的记忆；环境变量 POSPROBE_RUN_DIR 可另指一处", EN: "pauses, the lock, and what was learned since the terminal started; POSPROBE_RUN_DIR in the environment names another place"}},
	}
	manExamples = []struct {
		line string
		does report.Text
	}{
		{"posprobe check --endpoint pos.acquirer.example:5500", report.Text{ZH: "能连上收单主机吗？", EN: "Can the acquirer's host be reached?"}},
		{"posprobe init && posprobe check", report.Text{ZH: "写好配置，再完整检查一次。", EN: "Write a configuration, then check everything."}},
		{"posprobe check --format json >report.json; posprobe diagnose report.json", report.Text{ZH: "保存证据，以后再得出结论。", EN: "Keep the evidence, and draw the verdict again later."}},
	}
)

// man prints the manual page: roff with the macros of man(7), from the table of commands.
func (a app) man(_ context.Context, args []string) int {
	lang, _, status, ok := a.langOnly("man", args, 0)
	if !ok {
		return status
	}
	fmt.Fprint(a.stdout, manual(lang))
	return exitHealthy
}

// langOnly parses the arguments of a command that has no flag but --lang.
func (a app) langOnly(name string, args []string, arguments int) (lang report.Lang, others []string, status int, ok bool) {
	flags := a.flagSet(name)
	langFlag := flags.String(langOption.name, "", "")
	if others, status, ok = a.parse(flags, args, arguments, arguments); !ok {
		return "", nil, status, false
	}
	lang, err := chosenLang(*langFlag, a.lang)
	if err != nil {
		return "", nil, a.misuse("%v", err), false
	}
	return lang, others, 0, true
}

func manual(lang report.Lang) string {
	p := &manPage{lang: lang}
	p.line(`.TH POSPROBE 8 ` + manDate + ` posprobe`)
	if lang == report.ZH {
		p.line(".ad l") // there are few spaces that could be stretched
	}
	p.section(0)
	p.line(`posprobe \-`)
	p.text(manName)
	p.section(1)
	for i, c := range commands() {
		if i > 0 {
			p.line(".br")
		}
		p.line(".B " + roff("posprobe "+c.name))
		if c.args != "" {
			p.line(".I " + roff(c.args))
		}
		if len(c.all()) > 0 {
			p.line("[" + roff("flags") + "]")
		}
	}
	p.section(2)
	p.text(manAbout)
	p.section(3)
	p.text(manFlags)
	known := map[report.Text]bool{}
	for _, c := range commands() {
		p.command(c, known)
	}
	p.section(4)
	for _, e := range manExit {
		p.entry(fmt.Sprintf(".B %d", e.status), e.means)
	}
	p.section(5)
	for _, f := range manFiles {
		p.entry(".I "+roff(f.name), f.is)
	}
	p.section(6)
	for _, e := range manExamples {
		p.entry(".B "+roff(e.line), e.does)
	}
	return p.b.String()
}

type manPage struct {
	b    strings.Builder
	lang report.Lang
}

func (p *manPage) line(s string) { p.b.WriteString(s + "\n") }

func (p *manPage) section(i int) { p.line(".SH " + manSections[i].In(p.lang)) }

// manWidth is the longest line of the page's source, before its hyphens are escaped.
const manWidth = 64

// text writes a paragraph, each sentence from a new line on. Chinese is left on one, as
// the formatter would put a space between the lines, and may be broken after its stops.
func (p *manPage) text(t report.Text) {
	for s := range strings.SplitAfterSeq(strings.ReplaceAll(t.In(p.lang), ". ", ".\n"), "\n") {
		if p.lang == report.ZH {
			p.line(mayBreak.Replace(roff(strings.TrimSpace(s))))
			continue
		}
		for _, line := range render.Wrap(s, manWidth) {
			p.line(roff(strings.TrimSpace(line)))
		}
	}
}

// entry writes a tagged paragraph.
func (p *manPage) entry(tag string, t report.Text) {
	p.line(".TP")
	p.line(tag)
	p.text(t)
}

// command writes a command's subsection, flags that are known by their texts in short.
func (p *manPage) command(c command, known map[report.Text]bool) {
	p.line(".SS " + roff(strings.TrimSpace(c.name+" "+c.args)))
	p.text(c.text)
	fresh, again := c.split(known)
	for _, o := range fresh {
		tag := ".B " + roff("--"+o.name)
		if o.value != "" {
			tag = ".BI " + roff("--"+o.name) + ` " ` + roff(o.value) + `"`
		}
		p.entry(tag, o.text)
	}
	if again != nil {
		p.entry(".B "+roff(strings.Join(again, " ")), usageAgain)
	}
	if c.site && !slices.ContainsFunc(fresh, func(o option) bool { return o.name == siteOptions[0].name }) {
		p.line(".PP")
		p.line(roff(siteRange(p.lang)))
	}
}

// mayBreak lets a line end after Chinese stops.
var mayBreak = strings.NewReplacer("，", `，\:`, "、", `、\:`, "；", `；\:`, "。", `。\:`, "：", `：\:`)

// roff makes text mean itself in a manual page (groff_char(7), man(7)): the escape
// character, the hyphens of options, which must be found again as ASCII, double quotes,
// which delimit the arguments of macros, and a control character where a line begins.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, `"`, `\(dq`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(s)
	if strings.HasPrefix(s, ".") {
		s = `\&` + s
	}
	return s
}
