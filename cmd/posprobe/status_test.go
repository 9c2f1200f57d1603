package main

import (
	"strings"
	"testing"
	"time"

	"posprobe/cmd/posprobe/daemon"
	"posprobe/report"
	"posprobe/report/incident"
	"posprobe/report/store"
)

// TestStatusLines: everything that can be wrong with a daemon fits on one screen, in
// both languages, and says which permission it lacks.
func TestStatusLines(t *testing.T) {
	at := time.Date(2026, 12, 1, 9, 30, 0, 0, time.UTC)
	s := &shown{
		Status: daemon.Status{
			PID: 4711, StartedAt: at, UpdatedAt: at, Rounds: 12, NextInMs: 60_000, Metered: true,
			Last:     &daemon.LastRound{ID: "X", At: at, Verdict: report.VerdictFault, Code: "host.no_response", Confidence: report.Proven},
			Incident: &incident.Incident{ID: "I1", OpenedAt: at, Rounds: 3},
			Waiting:  7, Disk: &report.Failure{Operation: report.OpWrite, Type: report.FailIO, Detail: "no space left on device"},
			BytesDay: 99_000, BytesLimit: 100_000,
			Skipped: map[report.Reason]int64{report.ReasonBudget: 5, report.ReasonPaused: 4, report.ReasonPayment: 3, report.ReasonOnDemand: 2},
			Missing: report.List[string]{"ping: not_permitted", "duplicate_address: not_permitted", "device: unsupported", "links: not_permitted"},
		},
		Dropped: store.DropCount{Lines: 9, Reports: 8, Since: at},
	}
	refused := "posprobe.yaml:3: schedule.light: \"1 fortnight\": no duration; write for example 5m"
	for lang, want := range map[report.Lang][]string{
		report.EN: {"4711", "12 rounds", "host.no_response", "open incident: I1", "99000 of 100000", "paid by the byte", "5 (the day's data budget is used up)",
			"4 (paused)", "3 (a payment was in progress)", "2 (the link was not dialled)", "waiting to be written: 7", "no space left on device",
			"9 records, 8 of them reports", "ping (not permitted: it takes CAP_NET_RAW", "duplicate addresses (not permitted: it takes CAP_NET_RAW)",
			"AF_NETLINK", "this system has no such thing", "not in force", "1 fortnight"},
		report.ZH: {"4711", "12 次检查", "host.no_response", "未结束的事件：I1", "99000 / 100000", "按流量计费", "5 次（当日流量限额已用完）",
			"4 次（已暂停）", "3 次（支付应用正在交易）", "2 次（线路未拨通）", "等待写盘：7 条", "no space left on device",
			"9 条，其中报告 8 份", "ping（没有权限：需要 CAP_NET_RAW", "地址冲突（没有权限：需要 CAP_NET_RAW）", "本系统没有", "未被采用", "1 fortnight"},
	} {
		lines := statusLines(s, refused, lang)
		if m := lacking(strings.Join(lines, "\n"), want...); m != nil || len(lines) > 24 {
			t.Errorf("%s: %d lines, %q missing in\n%s", lang, len(lines), m, strings.Join(lines, "\n"))
		}
	}
}

// TestStatusUnconfigured: a daemon that waits for its configuration says so, and what is
// wrong with the one that is there.
func TestStatusUnconfigured(t *testing.T) {
	for lang, want := range map[report.Lang]string{report.EN: "no valid configuration yet", report.ZH: "没有可用的配置"} {
		lines := strings.Join(statusLines(&shown{Unconfigured: true}, "posprobe.yaml:3: wrong", lang), "\n")
		if lacking(lines, want, "posprobe.yaml:3") != nil || strings.Contains(lines, "next round") || strings.Contains(lines, "not in force") {
			t.Errorf("%s: %s", lang, lines)
		}
	}
}

// lacking are those of some texts that are not in s.
func lacking(s string, texts ...string) (missing []string) {
	for _, want := range texts {
		if !strings.Contains(s, want) {
			missing = append(missing, want)
		}
	}
	return missing
}
