package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"posprobe/report"
	"posprobe/report/render"
)

// What service status says where no daemon runs.
var (
	daemonAbsent = report.Text{ZH: "常驻程序没有运行（posprobe run）", EN: "no daemon runs here (posprobe run)"}
	daemonDead   = report.Text{
		ZH: "常驻程序没有运行：进程 %d 未经正常停止就结束了（被杀死或出错），它最后一次更新状态是 %s；请重新启动 posprobe run",
		EN: "no daemon runs here: process %d ended without being stopped in order (killed, or it failed); it last said how it did at %s; start posprobe run again",
	}
)

// serviceStatus says how the daemon does, on one screen. Its exit status is 1 where none
// runs.
func (a app) serviceStatus(_ context.Context, args []string) int {
	lang, _, status, ok := a.langOnly("service status", args, 0)
	if !ok {
		return status
	}
	dir := runDir(a.env)
	s := dir.status()
	switch {
	case s == nil:
		a.complain(daemonAbsent.In(lang))
		return exitFailed
	case !dir.daemonLives(s.PID):
		a.complain(fmt.Sprintf(daemonDead.In(lang), s.PID, momentOf(s.UpdatedAt)))
		return exitFailed
	}
	for _, l := range statusLines(s, string(dir.read(refusedFile)), lang) {
		fmt.Fprintln(a.stdout, printable(l))
	}
	return exitHealthy
}

// momentOf is a time as the terminal's own clock shows it.
func momentOf(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05 -07:00") }

// statusLines is a status in words; refused is what is wrong with the configuration on
// disk, "" for nothing.
func statusLines(s *shown, refused string, lang report.Lang) []string {
	var out []string
	say := func(t report.Text, args ...any) { out = append(out, fmt.Sprintf(t.In(lang), args...)) }
	mistakes := func() {
		for line := range strings.Lines(refused) {
			out = append(out, "  "+strings.TrimRight(line, "\n"))
		}
	}
	say(report.Text{ZH: "运行自：%s（进程 %d，%d 次检查）", EN: "running since: %s (process %d, %d rounds)"}, momentOf(s.StartedAt), s.PID, s.Rounds)
	if s.Unconfigured {
		say(report.Text{ZH: "没有可用的配置，改好后自动开始检查：", EN: "no valid configuration yet; rounds begin by themselves once there is one:"})
		mistakes()
		return out
	}
	if l := s.Last; l != nil {
		r := report.Report{Diagnosis: report.Diagnosis{Verdict: l.Verdict, Code: l.Code, Confidence: l.Confidence}}
		say(report.Text{ZH: "上次检查：%s  %s", EN: "last round: %s  %s"}, momentOf(l.At), render.Brief(r, lang))
	}
	say(report.Text{ZH: "下次检查：%s", EN: "next round: %s"}, momentOf(s.UpdatedAt.Add(time.Duration(s.NextInMs*float64(time.Millisecond)))))
	if i := s.Incident; i != nil {
		say(report.Text{ZH: "未结束的事件：%s，自 %s，%d 次异常", EN: "open incident: %s, since %s, %d bad rounds"}, i.ID, momentOf(i.OpenedAt), i.Rounds)
	} else {
		say(report.Text{ZH: "没有未结束的事件", EN: "no open incident"})
	}
	say(report.Text{ZH: "24 小时流量：%d / %d 字节", EN: "data within 24 hours: %d of %d bytes"}, s.BytesDay, s.BytesLimit)
	if s.Metered {
		say(report.Text{ZH: "按流量计费的线路，检查间隔加长", EN: "the link is paid by the byte: rounds are rarer"})
	}
	for _, why := range slices.Sorted(maps.Keys(s.Skipped)) {
		say(report.Text{ZH: "未进行或缩短的检查：%d 次（%s）", EN: "rounds not made, or cut short: %d (%s)"}, s.Skipped[why], skippedFor(why, lang))
	}
	say(report.Text{ZH: "等待写盘：%d 条", EN: "waiting to be written: %d"}, s.Waiting)
	if s.Disk != nil {
		say(report.Text{ZH: "写盘出错：%s（%s）", EN: "the disk takes nothing: %s (%s)"}, render.Failure(s.Disk.Type, lang), s.Disk.Detail)
	}
	if d := s.Dropped; d.Lines > 0 {
		say(report.Text{ZH: "已丢弃：%d 条，其中报告 %d 份，自 %s", EN: "given up for want of room: %d records, %d of them reports, since %s"}, d.Lines, d.Reports, momentOf(d.Since))
	}
	for _, d := range s.Shipping {
		out = append(out, shippingLine(d, lang))
	}
	for _, m := range s.Missing {
		say(report.Text{ZH: "得不到的证据：%s", EN: "evidence that is missing: %s"}, missingEvidence(m, lang))
	}
	if refused != "" {
		say(report.Text{ZH: "磁盘上的配置有错，未被采用，仍按原来的配置运行：", EN: "the configuration on disk is wrong and not in force; the one before it is:"})
		mistakes()
	}
	return out
}

// shippingLine says how a destination of reports fares.
func shippingLine(d shipStatus, lang report.Lang) string {
	line := fmt.Sprintf(report.Text{ZH: "上报到 %s：已送 %d 条，待送 %d 条", EN: "shipping to %s: %d records sent, %d wait"}.In(lang), d.Destination, d.Sent, d.Backlog)
	if n := d.SetAside + d.Rejected; n > 0 {
		line += fmt.Sprintf(report.Text{ZH: "，对方拒收 %d 条（本机保留）", EN: ", %d not taken (kept here)"}.In(lang), n)
	}
	if d.Missed > 0 {
		line += fmt.Sprintf(report.Text{ZH: "，未送先被丢弃 %d 条", EN: ", %d dropped before they could be sent"}.In(lang), d.Missed)
	}
	if d.Trouble != nil {
		line += fmt.Sprintf(report.Text{ZH: "；自 %s 起送不出：%s", EN: "; nothing goes there since %s: %s"}.In(lang), momentOf(d.Since), d.Trouble)
	}
	return line
}

// skippedWords are the reasons for which rounds are not made, or cut short, by the daemon.
var skippedWords = map[report.Reason]report.Text{
	report.ReasonBudget:   {ZH: "当日流量限额已用完", EN: "the day's data budget is used up"},
	report.ReasonPaused:   {ZH: "已暂停", EN: "paused"},
	report.ReasonPayment:  {ZH: "支付应用正在交易", EN: "a payment was in progress"},
	report.ReasonOnDemand: {ZH: "线路未拨通", EN: "the link was not dialled"},
}

func skippedFor(why report.Reason, lang report.Lang) string {
	if t, ok := skippedWords[why]; ok {
		return t.In(lang)
	}
	return string(why)
}

// permission is evidence that takes a permission.
type permission struct {
	evidence report.Text
	needs    string
}

// permissions are those that the service manager, or whoever built the system, may not
// have given (capabilities(7), icmp(7), proc(5)), by the task that wants them.
var permissions = map[report.TaskKind]permission{
	report.TaskPing:      {report.Text{ZH: "ping", EN: "ping"}, "CAP_NET_RAW / net.ipv4.ping_group_range"},
	report.TaskDuplicate: {report.Text{ZH: "地址冲突", EN: "duplicate addresses"}, "CAP_NET_RAW"},
	report.TaskUplink:    {report.Text{ZH: "另一条上行线路", EN: "the other uplink"}, "CAP_NET_RAW"},
	report.TaskTrace:     {report.Text{ZH: "沿途的路由器", EN: "routers on the way"}, "CAP_NET_RAW"},
	report.TaskNeighbor:  {report.Text{ZH: "网关的邻居表项", EN: "the gateway's neighbour entry"}, "AF_NETLINK"},
	report.TaskNeighbors: {report.Text{ZH: "邻居表", EN: "neighbours"}, "AF_NETLINK"},
	report.TaskLinks:     {report.Text{ZH: "网络接口", EN: "network interfaces"}, "AF_NETLINK"},
	report.TaskAddresses: {report.Text{ZH: "地址", EN: "addresses"}, "AF_NETLINK"},
	report.TaskRoutes:    {report.Text{ZH: "路由", EN: "routes"}, "AF_NETLINK"},
	report.TaskResolvers: {report.Text{ZH: "DNS 服务器", EN: "resolvers"}, "/etc/resolv.conf"},
	report.TaskHosts:     {report.Text{ZH: "hosts 文件", EN: "the hosts file"}, "/etc/hosts"},
	report.TaskDevice:    {report.Text{ZH: "设备读数", EN: "readings of the device"}, "/proc, /sys"},
}

// missingEvidence puts into words what a daemon says is missing, which is the kind of a
// task and the reason.
func missingEvidence(m string, lang report.Lang) string {
	kind, reason, _ := strings.Cut(m, ": ")
	p, ok := permissions[report.TaskKind(kind)]
	if !ok {
		return m
	}
	if report.Reason(reason) == report.ReasonNotPermitted {
		return fmt.Sprintf(report.Text{ZH: "%s（没有权限：需要 %s）", EN: "%s (not permitted: it takes %s)"}.In(lang), p.evidence.In(lang), p.needs)
	}
	return fmt.Sprintf(report.Text{ZH: "%s（本系统没有）", EN: "%s (this system has no such thing)"}.In(lang), p.evidence.In(lang))
}
