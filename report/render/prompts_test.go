package render

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"posprobe/report"
	"posprobe/report/prompt"
)

// unreachable are the causes that no saved report can show, each with why. What they need
// stands in no network namespace.
var unreachable = map[string]string{
	"1.6": "a radio with a weak signal",
}

// savedReports are what the rows' cases and the scenarios of the fault lab gave.
func savedReports(t *testing.T) map[string]report.Report {
	t.Helper()
	all := map[string]report.Report{}
	for _, pattern := range []string{"../testdata/rows/*.json", "../testdata/lab/*.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) < 100 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			r, err := report.Decode(data)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			all[filepath.Base(filepath.Dir(name))+"/"+filepath.Base(name)] = r
		}
	}
	// The same round at a site that announced it: a window is configuration, not evidence.
	r := all["rows/host.system_error.json"]
	for _, plan := range []report.Planned{report.PlannedMaintenance, report.PlannedServiceHours} {
		r.Evidence.Site.Windows = report.List[report.Window]{{Planned: plan, From: r.ObservedAt.Add(-time.Hour), Until: r.ObservedAt.Add(time.Hour)}}
		all["rows/host.system_error.json in "+string(plan)] = r
	}
	return all
}

// TestEveryCause: for each usual cause of each prompt there is a saved report whose
// diagnosis finds a code of it, and whose text says so in both languages.
func TestEveryCause(t *testing.T) {
	saved := savedReports(t)
	names := make([]string, 0, len(saved))
	diagnosed := map[string]report.Diagnosis{}
	for name, r := range saved {
		names = append(names, name)
		diagnosed[name] = report.Diagnose(r.Evidence)
	}
	slices.Sort(names)
	for _, p := range prompt.All() {
		shown := map[string]string{}
		for i := range 2 * len(names) { // first where it is the headline
			name := names[i%len(names)]
			r, d := saved[name], diagnosed[name]
			r.Diagnosis, r.Evidence.Given.Prompt = d, p.ID
			for _, c := range covered(p, d, i < len(names), shown) {
				if c.ID == p.ID[1:]+".10" && len(c.Codes) == 0 {
					opened := r.ObservedAt.Add(-time.Hour)
					r.Incident = report.Incident{ID: "01KBCQ0000000000000000000", OpenedAt: &opened, Escalated: true}
				}
				zh, en := text(&r, Options{Lang: report.ZH}, report.LookupRow), text(&r, Options{}, report.LookupRow)
				if says(zh, c.Is.ZH) && says(en, c.Is.EN) {
					shown[c.ID] = name
				}
			}
		}
		for i := range p.Causes {
			id := p.Causes[i].ID
			switch why, no := unreachable[id]; {
			case no && shown[id] != "":
				t.Errorf("%s is shown by %s: it needs no %s", id, shown[id], why)
			case !no && shown[id] == "":
				t.Errorf("%s: no saved report shows %q", id, p.Causes[i].Is.EN)
			default:
				t.Logf("%s: %s%s", id, shown[id], why)
			}
		}
	}
}

// covered are the causes that a diagnosis is about, of those that are not shown yet: that
// of its headline; or those of its unmasked findings, what is left of a healthy one, and an
// incident that lasts.
func covered(p *prompt.Prompt, d report.Diagnosis, headline bool, shown map[string]string) []*prompt.Cause {
	var out []*prompt.Cause
	add := func(c *prompt.Cause) {
		if c != nil && shown[c.ID] == "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	if headline {
		add(p.Cause(d.Code, d.Planned))
		return out
	}
	for _, f := range d.Findings {
		if f.MaskedBy == "" {
			add(p.Cause(f.Code, d.Planned))
		}
	}
	for i := range p.Causes {
		if c := &p.Causes[i]; d.Verdict == report.VerdictHealthy && c.Outside && len(c.Codes) == 0 {
			add(c)
		}
	}
	if d.Verdict == report.VerdictFault {
		add(p.Escalated())
	}
	return out
}

// says reports whether a text holds a sentence, however it is broken into lines.
func says(text, sentence string) bool { return strings.Contains(squeeze(text), squeeze(sentence)) }

// TestPromptsAnswer: for every saved report and every prompt the answer is there, short,
// and the rest of the text is what it is without a prompt.
func TestPromptsAnswer(t *testing.T) {
	saved := savedReports(t)
	step := 5
	if testing.Short() {
		step = 25
	}
	i := 0
	for name, r := range saved {
		if i++; i%step != 0 {
			continue
		}
		for _, lang := range []report.Lang{report.ZH, report.EN} {
			o := Options{Lang: lang}
			r.Evidence.Given.Prompt = ""
			without := text(&r, o, report.LookupRow)
			for _, p := range prompt.All() {
				r.Evidence.Given.Prompt = p.ID
				with := text(&r, o, report.LookupRow)
				checkLines(t, name, with, o)
				if !says(with, p.Words.In(lang)) {
					t.Errorf("%s %s %s: no answer in\n%s", name, p.ID, lang, with)
				}
				lines, rest := 0, with
				for line := range strings.Lines(without) {
					at := strings.Index(rest, line)
					if at < 0 {
						t.Fatalf("%s %s %s: the line %q is gone from\n%s", name, p.ID, lang, line, with)
					}
					lines, rest = lines+strings.Count(rest[:at], "\n"), rest[at+len(line):]
				}
				if lines > 9 {
					t.Errorf("%s %s %s: an answer of %d lines:\n%s", name, p.ID, lang, lines, with)
				}
			}
		}
	}
}
