package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"posprobe/cmd/posprobe/daemon"
	"posprobe/report"
	"posprobe/report/render"
)

// serviceStatus says how the daemon does, on one screen. Its exit status is 1 where none
// runs.
func (a app) serviceStatus(_ context.Context, args []string) int {
	lang, _, status, ok := a.langOnly("service status", args, 0)
	if !ok {
		return status
	}
	s := runDir(a.env).status()
	if s == nil {
		a.complain(report.Text{ZH: "常驻程序没有运行（posprobe run）", EN: "no daemon runs here (posprobe run)"}.In(lang))
		return exitFailed
	}
	for _, l := range statusLines(s, lang) {
		fmt.Fprintln(a.stdout, printable(l))
	}
	return exitHealthy
}

// statusLines is a status in words.
func statusLines(s *daemon.Status, lang report.Lang) []string {
	var out []string
	say := func(t report.Text, args ...any) { out = append(out, fmt.Sprintf(t.In(lang), args...)) }
	moment := func(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05 -07:00") }
	say(report.Text{ZH: "运行自：%s（进程 %d，%d 次检查）", EN: "running since: %s (process %d, %d rounds)"}, moment(s.StartedAt), s.PID, s.Rounds)
	if l := s.Last; l != nil {
		r := report.Report{Diagnosis: report.Diagnosis{Verdict: l.Verdict, Code: l.Code, Confidence: l.Confidence}}
		say(report.Text{ZH: "上次检查：%s  %s", EN: "last round: %s  %s"}, moment(l.At), render.Brief(r, lang))
	}
	say(report.Text{ZH: "下次检查：%s", EN: "next round: %s"}, moment(s.UpdatedAt.Add(time.Duration(s.NextInMs*float64(time.Millisecond)))))
	if i := s.Incident; i != nil {
		say(report.Text{ZH: "未结束的事件：%s，自 %s，%d 次异常", EN: "open incident: %s, since %s, %d bad rounds"}, i.ID, moment(i.OpenedAt), i.Rounds)
	} else {
		say(report.Text{ZH: "没有未结束的事件", EN: "no open incident"})
	}
	say(report.Text{ZH: "24 小时流量：%d / %d 字节", EN: "data within 24 hours: %d of %d bytes"}, s.BytesDay, s.BytesLimit)
	for why, n := range s.Skipped {
		say(report.Text{ZH: "未进行的检查：%d 次（%s）", EN: "rounds not made: %d (%s)"}, n, why)
	}
	say(report.Text{ZH: "等待写盘：%d 条", EN: "waiting for the disk: %d"}, s.Waiting)
	if s.Disk != nil {
		say(report.Text{ZH: "写盘出错：%s", EN: "the disk takes nothing: %s"}, render.Failure(s.Disk.Type, lang))
	}
	if len(s.Missing) > 0 {
		say(report.Text{ZH: "得不到的证据：%s", EN: "evidence that is missing: %s"}, strings.Join(s.Missing, ", "))
	}
	return out
}
