//go:build !(linux && arm)

package main

import (
	"fmt"
	"strings"
	"time"

	"posprobe/report"
	"posprobe/report/fleet"
	"posprobe/report/render"
)

// maxListed is how many shops, causes and groups of which nothing can be told the text
// lists; JSON has them all.
const maxListed = 20

// fleetScreen collects the lines of a summary.
type fleetScreen struct {
	b     strings.Builder
	lang  report.Lang
	width int
}

// fleetText is a summary for people, no line wider than the screen.
func fleetText(s fleet.Summary, terminal string, o render.Options) string {
	p := &fleetScreen{lang: o.Lang, width: o.Width}
	if p.width == 0 {
		p.width = 80
	}
	if s.Terminals == 0 {
		p.say(0, report.Text{ZH: "没有读到任何终端的报告。", EN: "No report of any terminal was read."})
		p.lines(s.Lines)
		return p.b.String()
	}
	p.say(0, report.Text{ZH: "%s 至 %s：%d 台终端，其中 %d 台不正常", EN: "%s to %s: %d terminals, %d of them bad at some time"},
		moment(s.From), moment(s.Until), s.Terminals, s.Bad)
	unknown := 0
	for i := range s.Groups {
		if g := &s.Groups[i]; g.Kind != fleet.KindUnknown || unknown < maxListed {
			p.group(g, terminal != "")
			if g.Kind == fleet.KindUnknown {
				unknown++
			}
		}
	}
	p.shops(s)
	if terminal != "" && len(s.Groups)+len(s.Shops) == 0 {
		p.say(0, report.Text{ZH: "这台终端在这段时间内没有不正常，或没有它的报告。", EN: "This terminal was not bad in this time, or nothing was heard of it."})
	}
	if terminal == "" {
		p.causes(s.Causes)
	}
	p.lines(s.Lines)
	return p.b.String()
}

// say writes a sentence, wrapped, at an indent that its further lines have two more of.
func (p *fleetScreen) say(indent int, t report.Text, args ...any) {
	for i, line := range render.Wrap(printable(fmt.Sprintf(t.In(p.lang), args...)), max(p.width-indent-2, 2)) {
		if i == 1 {
			indent += 2
		}
		p.b.WriteString(strings.Repeat(" ", min(indent, p.width/2)) + line + "\n")
	}
}

func (p *fleetScreen) head(t report.Text) {
	p.b.WriteByte('\n')
	p.say(0, t)
}

func moment(t time.Time) string { return t.Local().Format("01-02 15:04 -07:00") }

var kindWords = map[fleet.Kind]report.Text{
	fleet.KindAcquirer: {
		ZH: "收单机构：%[1]s 对 %[3]d 台终端不正常；它们各在不同的网络，网络可用",
		EN: "THE ACQUIRER: %[1]s fails for %[3]d terminals, whose networks carry other traffic or reports that name the host",
	},
	fleet.KindProvider: {
		ZH: "运营商（%[2]s）：%[3]d 台终端全都连不通；它们的收单地址从别处可用",
		EN: "A PROVIDER (%[2]s): %[3]d terminals reach nothing; from elsewhere their acquirer is reached",
	},
	fleet.KindPath: {
		ZH: "%[2]s 与 %[1]s 之间：%[3]d 台终端不通，从别处能通。是线路，还是收单机构拒绝这个网络，不能判定",
		EN: "BETWEEN %[2]s and %[1]s: %[3]d terminals fail, others reach it. The way between, or an acquirer that refuses that network: cannot tell",
	},
	fleet.KindUnknown: {
		ZH: "无法判定：%[3]d 台终端在 %[1]s 不正常；终端太少，或没有别的终端可作对照",
		EN: "CANNOT TELL: %[3]d terminals fail at %[1]s; too few, or nobody to compare them with",
	},
}

func (p *fleetScreen) group(g *fleet.Group, all bool) {
	p.b.WriteByte('\n')
	p.say(0, kindWords[g.Kind], nonempty(g.Endpoint), g.Provider, g.Terminals)
	if g.Now {
		p.say(2, report.Text{ZH: "自 %s 至今", EN: "since %s, still so"}, moment(g.Since))
	} else {
		p.say(2, report.Text{ZH: "%s 至 %s", EN: "%s to %s"}, moment(g.Since), moment(g.Until))
	}
	if g.Others > 0 {
		p.say(2, report.Text{ZH: "同一时间正常的：至多 %d 台", EN: "good there at the same time: %d at most"}, g.Others)
	}
	if g.Planned {
		p.say(2, report.Text{ZH: "在公告的停机时间内", EN: "within an announced absence"})
	}
	for _, c := range g.Codes {
		p.say(2, report.Text{ZH: "%d 台：%s", EN: "%d say: %s"}, c.Terminals, p.code(c.Code))
	}
	names := strings.Join(g.Names, " ")
	if more := g.Terminals - int64(len(g.Names)); more > 0 && !all {
		names += fmt.Sprintf(report.Text{ZH: " 等（--terminal 可列出其余 %d 台）", EN: " and %d more (--terminal names them)"}.In(p.lang), more)
	}
	p.say(2, report.Text{ZH: "终端：%s", EN: "terminals: %s"}, names)
}

func nonempty(s string) string {
	if s == "" {
		return "?"
	}
	return s
}

// code is a cause in words.
func (p *fleetScreen) code(c report.Code) string {
	if c == "" {
		return report.Text{ZH: "报告本身不能判定", EN: "the report alone cannot tell"}.In(p.lang)
	}
	if row, ok := report.LookupRow(c); ok {
		return string(c) + "  " + row.Title.In(p.lang)
	}
	return string(c)
}

func (p *fleetScreen) shops(s fleet.Summary) {
	if len(s.Shops) == 0 {
		return
	}
	p.head(report.Text{ZH: "单独一家店的问题：", EN: "By themselves (this shop):"})
	for _, v := range s.Shops[:min(len(s.Shops), maxListed)] {
		since := moment(v.Since)
		if !v.Now {
			since += " - " + moment(v.Until)
		}
		p.say(2, report.Text{ZH: "%s  %s  %s；%s", EN: "%s  %s  %s; %s"}, v.Terminal, since, p.code(v.Code), p.why(v))
	}
	if more := int64(max(len(s.Shops)-maxListed, 0)) + s.MoreShops; more > 0 {
		p.say(2, report.Text{ZH: "另有 %d 台（--format json 列出）", EN: "and %d more (--format json lists them)"}, more)
	}
}

// why says what lays a fault on a shop alone.
func (p *fleetScreen) why(v fleet.Shop) string {
	switch {
	case v.Own:
		return report.Text{ZH: "报告本身已指明", EN: "its own report says so"}.In(p.lang)
	case v.ProviderWorks == 0:
		return fmt.Sprintf(report.Text{ZH: "收单地址对 %d 台正常；不能排除它的运营商", EN: "the endpoint works for %d others; its provider cannot be excluded"}.In(p.lang), v.EndpointWorks)
	}
	return fmt.Sprintf(report.Text{ZH: "收单地址对 %d 台正常，同一运营商 %d 台正常", EN: "the endpoint works for %d others, the provider for %d"}.In(p.lang), v.EndpointWorks, v.ProviderWorks)
}

func (p *fleetScreen) causes(causes []fleet.Cause) {
	if len(causes) == 0 {
		return
	}
	p.head(report.Text{ZH: "各终端报告的原因（台数，其中现在，自）：", EN: "What the reports name (terminals, of them now, since):"})
	for _, c := range causes[:min(len(causes), maxListed)] {
		p.say(2, report.Text{ZH: "%d  %d  %s  %s", EN: "%d  %d  %s  %s"}, c.Terminals, c.Now, moment(c.Since), p.code(c.Code))
		for _, s := range c.Shared {
			p.say(6, report.Text{ZH: "%s：%d 台中的 %d 台；其余 %d 台中的 %d 台", EN: "%s: of %d terminals %d; of the %d others %d"}, s.By, s.All, s.With, s.AllElse, s.WithElse)
		}
	}
}

// lines says what was read, and what could not be.
func (p *fleetScreen) lines(l fleet.Lines) {
	p.b.WriteByte('\n')
	p.say(0, report.Text{ZH: "读到 %d 份报告、%d 条其他记录；重复 %d", EN: "read: %d reports, %d other records; %d repeated"}, l.Reports, l.Records, l.Repeated)
	for _, c := range []struct {
		n    int64
		what report.Text
	}{
		{l.Broken, report.Text{ZH: "损坏的行：%d", EN: "broken lines: %d"}},
		{l.Long, report.Text{ZH: "过长的行：%d", EN: "lines that are too long: %d"}},
		{l.Unnamed, report.Text{ZH: "没有终端名称：%d", EN: "without a terminal's name: %d"}},
		{l.Misdated, report.Text{ZH: "没有时间或时间在将来（终端时钟不对）：%d", EN: "without a time, or dated in the future (a terminal's clock is wrong): %d"}},
		{l.TooMany, report.Text{ZH: "终端过多而未计入：%d", EN: "of more terminals than are told apart: %d"}},
		{l.Forgotten, report.Text{ZH: "为新状态让位的旧状态：%d", EN: "old states that gave way to newer ones: %d"}},
	} {
		if c.n > 0 {
			p.say(2, c.what, c.n)
		}
	}
}
