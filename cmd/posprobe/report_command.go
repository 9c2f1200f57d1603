package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"posprobe/probe/clean"
	"posprobe/report"
	"posprobe/report/incident"
	"posprobe/report/render"
	"posprobe/report/store"
)

// history is what the commands about kept reports have in common.
type history struct {
	file, dir string
	out       output
}

func (h *history) flags(a app, name string) *flag.FlagSet {
	f := a.flagSet(name)
	f.StringVar(&h.file, "config", "", "")
	f.StringVar(&h.dir, "dir", "", "")
	h.out.flags(f, a.lang)
	return f
}

// parse parses the arguments, and opens what is kept. The caller closes the reader.
func (h *history) parse(a app, f *flag.FlagSet, args []string, others int) (rest []string, reader *store.Reader, status int, ok bool) {
	if rest, status, ok = a.parse(f, args, others, others); !ok {
		return nil, nil, status, false
	}
	if err := h.out.check(); err != nil {
		return nil, nil, a.misuse("%v", err), false
	}
	reader, err := h.open()
	if err != nil {
		return nil, nil, a.misuse("%v", err), false
	}
	return rest, reader, 0, true
}

// open returns a reader over everything that is kept.
func (h *history) open() (*store.Reader, error) {
	if h.dir == "" {
		c, err := loadConfig(h.file)
		if err != nil {
			return nil, err
		}
		h.dir = c.Reports.Dir
	}
	if _, err := os.ReadDir(h.dir); err != nil {
		return nil, fmt.Errorf("%w; name the directory with --dir", err)
	}
	return store.NewReader(h.dir, nil), nil
}

// reportList lists what is kept, the newest last.
func (a app) reportList(_ context.Context, args []string) int {
	var h history
	flags := h.flags(a, "report list")
	number := flags.Int("number", 30, "")
	_, reader, status, ok := h.parse(a, flags, args, 0)
	if !ok {
		return status
	}
	defer reader.Close()
	if *number < 1 {
		return a.misuse("--number %d: out of range; write 1 or more", *number)
	}
	var kept []string
	skipped := 0
	for {
		e, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return a.fail(err)
		}
		line, ok := h.line(e)
		if !ok {
			continue
		}
		if len(kept) == *number {
			kept, skipped = slices.Delete(kept, 0, 1), skipped+1
		}
		kept = append(kept, line)
	}
	if skipped > 0 && h.out.format == "text" {
		fmt.Fprintln(a.stdout, fmt.Sprintf(report.Text{ZH: "（更早的 %d 条未列出）", EN: "(%d earlier ones are not listed)"}.In(h.out.lang), skipped))
	}
	for _, line := range kept {
		fmt.Fprintln(a.stdout, line)
	}
	if len(kept) == 0 && h.out.format == "text" {
		fmt.Fprintln(a.stdout, report.Text{ZH: "还没有保存任何报告", EN: "no reports are kept yet"}.In(h.out.lang))
	}
	return exitHealthy
}

// line is an entry as the list shows it; false for what only machines read.
func (h *history) line(e store.Entry) (string, bool) {
	if h.out.format == "json" {
		return string(e.Text), true
	}
	head := e.At.Local().Format("2006-01-02 15:04:05 -07:00") + "  "
	switch e.Kind {
	case "":
		r, err := report.Decode(e.Text)
		if err != nil {
			return "", false
		}
		return head + clean.Text(r.ID) + "  " + render.Brief(r, h.out.lang), true
	case store.KindIncident:
		var event incident.Event
		if body(e, &event) != nil {
			return "", false
		}
		words := eventWords[event.Kind].In(h.out.lang)
		return head + fmt.Sprintf(report.Text{ZH: "事件 %s %s", EN: "incident %s %s"}.In(h.out.lang), clean.Text(event.Incident.ID), words), true
	case store.KindSummary:
		var s store.Summary
		if body(e, &s) != nil {
			return "", false
		}
		n := int64(0)
		for _, rounds := range s.Rounds {
			n += rounds
		}
		return head + fmt.Sprintf(report.Text{ZH: "小结：%d 分钟内 %d 次检查，其中正常 %d 次", EN: "summary: %d min, %d rounds, %d of them healthy"}.In(h.out.lang),
			int((time.Duration(s.ElapsedMs)*time.Millisecond).Round(time.Minute)/time.Minute), n, s.Rounds[report.VerdictHealthy]), true
	case store.KindTorn, store.KindDropped:
		return head + fmt.Sprintf(report.Text{ZH: "存储：%s", EN: "store: %s"}.In(h.out.lang), clean.Text(string(e.Kind))), true
	case kindDump:
		return head + report.Text{ZH: "状态转储（SIGUSR1）", EN: "state dump (SIGUSR1)"}.In(h.out.lang), true
	}
	return "", false
}

// body reads what a record holds.
func body(e store.Entry, into any) error {
	var r store.Record
	if err := json.Unmarshal(e.Text, &r); err != nil {
		return err
	}
	return json.Unmarshal(r.Body, into)
}

// eventWords are what becomes of an incident.
var eventWords = map[incident.Kind]report.Text{
	incident.Opened:    {ZH: "开始", EN: "opened"},
	incident.Reopened:  {ZH: "再次发生", EN: "came back"},
	incident.Changed:   {ZH: "原因有变", EN: "has another cause"},
	incident.Escalated: {ZH: "已升级（持续过久）", EN: "escalated: it lasts too long"},
	incident.Closed:    {ZH: "结束", EN: "is over"},
}

// reportShow shows one kept report, by its id or the newest.
func (a app) reportShow(_ context.Context, args []string) int {
	var h history
	flags := h.flags(a, "report show")
	others, reader, status, ok := h.parse(a, flags, args, 1)
	if !ok {
		return status
	}
	defer reader.Close()
	var found *report.Report
	for {
		e, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return a.fail(err)
		}
		if e.Kind != "" || others[0] != "last" && e.ID != others[0] {
			continue
		}
		if r, err := report.Decode(e.Text); err == nil {
			found = &r
		}
	}
	if found == nil {
		return a.misuse("report show: there is no report %s in %s; posprobe report list shows which there are", clean.Text(others[0]), clean.Text(h.dir))
	}
	if err := h.out.write(a.stdout, *found); err != nil {
		return a.fail(err)
	}
	return exitHealthy
}
