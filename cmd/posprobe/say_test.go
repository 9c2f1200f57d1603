package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/width"

	"posprobe/report"
)

// TestHelpFits: the help fits a terminal of 80 columns, where a Chinese character
// takes two.
func TestHelpFits(t *testing.T) {
	for _, lang := range []report.Lang{report.ZH, report.EN} {
		for line := range strings.Lines(usage(lang)) {
			columns := 0
			for _, r := range strings.TrimSuffix(line, "\n") {
				columns++
				if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
					columns++
				}
			}
			if columns > 80 {
				t.Errorf("%d columns: %s", columns, line)
			}
		}
	}
}

// TestPauseSpeaks: pause and resume speak the reader's language, and the pause ends
// when they say: the time shown is the one in the file, in the device's zone.
func TestPauseSpeaks(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		env          []string
		args         []string
		want, resume string
	}{
		{[]string{"LC_ALL=zh_CN.UTF-8"}, nil, "之前不发包", "已恢复"},
		{[]string{"LC_ALL=C"}, nil, "no packets until ", "resumed"},
		{[]string{"LC_ALL=C"}, []string{"--lang", "zh"}, "之前不发包", "已恢复"},
		{[]string{"LC_ALL=zh_CN.UTF-8"}, []string{"--lang", "en"}, "no packets until ", "resumed"},
	} {
		env := append(c.env, "POSPROBE_RUN_DIR="+dir, "TZ=Asia/Shanghai")
		o := run(t, env, append([]string{"pause", "90m"}, c.args...)...)
		line, err := os.ReadFile(filepath.Join(dir, pauseFile))
		if err != nil {
			t.Fatal(err)
		}
		until, err := time.Parse(time.RFC3339, strings.TrimSpace(string(line)))
		if err != nil {
			t.Fatal(err)
		}
		local := until.Format("2006-01-02 15:04:05 -07:00")
		if o.exit != 0 || !strings.Contains(o.stderr, c.want) || !strings.Contains(o.stderr, local) {
			t.Errorf("pause %v: exit %d, %q, want %q and %s", c.args, o.exit, o.stderr, c.want, local)
		}
		if o := run(t, env, append([]string{"resume"}, c.args...)...); o.exit != 0 || !strings.Contains(o.stderr, c.resume) {
			t.Errorf("resume %v: exit %d, %q, want %q", c.args, o.exit, o.stderr, c.resume)
		}
	}
	for _, args := range [][]string{{"pause", "1h", "--lang", "fr"}, {"resume", "--lang", "fr"}, {"pause", "5", "--lang", "zh"}} {
		if o := run(t, []string{"POSPROBE_RUN_DIR=" + dir}, args...); o.exit != 2 || o.stdout != "" || !strings.HasPrefix(o.stderr, "posprobe: ") {
			t.Errorf("%v: %+v", args, o)
		}
	}
}
