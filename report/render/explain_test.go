package render

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"posprobe/report"
	"posprobe/report/explain"
	"posprobe/report/prompt"
)

// topicText is what Topics writes.
func topicText(t *testing.T, o Options, topics ...explain.Topic) string {
	t.Helper()
	var b strings.Builder
	if err := Topics(&b, topics, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// everyTopic is all that can be explained.
func everyTopic() []explain.Topic {
	var all []explain.Topic
	for i := range report.Catalogue() {
		all = append(all, explain.Topic{Row: &report.Catalogue()[i]})
	}
	for _, p := range prompt.All() {
		all = append(all, explain.Topic{Prompt: p})
	}
	for _, table := range report.ResponseCodes() {
		for i := range table {
			all = append(all, explain.Topic{Code: &table[i]})
		}
	}
	for _, w := range []string{"TPDU", "DNS", "host", "MTU", "签到", "NTP"} {
		all = append(all, explain.Find(w)...)
	}
	return all
}

// TestTopicGolden compares one topic of each kind with a file that people read.
func TestTopicGolden(t *testing.T) {
	row, _ := testRows("host.slow")
	row.Code, row.Source, row.Party, row.Wants = "host.slow", "host time: reply wait minus round trip", report.PartyAcquirer, []report.Question{report.AskSecondExchange}
	term := &explain.Term{Names: []string{"流水号", "STAN"}, Is: report.Text{ZH: "每笔报文的编号。", EN: "The number of each message."}}
	p3, rc77 := prompt.Lookup("P3"), report.LookupResponseCode("77")
	for name, topics := range map[string][]explain.Topic{
		"explain_row": {{Row: &row}}, "explain_prompt": {{Prompt: p3}}, "explain_code": {{Code: &rc77}}, "explain_term": {{Term: term}},
		"explain_list": {{Row: &row}, {Prompt: p3}, {Code: &rc77}, {Term: term}},
	} {
		for _, lang := range []report.Lang{report.ZH, report.EN} {
			for _, width := range []int{80, 40} {
				file := filepath.Join("testdata", fmt.Sprintf("%s.%s.%d.txt", name, lang, width))
				got := topicText(t, Options{Lang: lang, Width: width}, topics...)
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("%s differs (go test -update, then read the difference); got:\n%s", file, got)
				}
			}
		}
	}
}

// TestTopics: everything that can be explained is, in lines that keep to the width, with
// its title and what to do.
func TestTopics(t *testing.T) {
	all := everyTopic()
	if len(all) < 300 {
		t.Fatalf("%d topics", len(all))
	}
	for _, lang := range []report.Lang{report.ZH, report.EN} {
		for _, o := range []Options{{Lang: lang}, {Lang: lang, Width: 20}, {Lang: lang, Width: 40, ASCII: true}} {
			for _, topic := range all {
				got := topicText(t, o, topic)
				checkLines(t, topic.Name(), got, o)
				if o.ASCII {
					continue
				}
				want := []string{topic.Name(), topic.Title(lang)}
				if topic.Row != nil {
					want = append(want, topic.Row.Advice.In(lang), topic.Row.Source)
				}
				for _, w := range want {
					if !says(got, w) {
						t.Errorf("%s %+v: %q is missing in\n%s", topic.Name(), o, w, got)
					}
				}
			}
			list := topicText(t, o, all...)
			checkLines(t, "list", list, o)
			if n := strings.Count(list, "\n"); n > 8*maxTopics {
				t.Errorf("a list of %d lines", n)
			}
		}
	}
	if got := topicText(t, Options{}); got != "" {
		t.Errorf("nothing to explain: %q", got)
	}
	broken := errors.New("paper out")
	if err := Topics(writerFunc(func([]byte) (int, error) { return 0, broken }), all[:1], Options{}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
