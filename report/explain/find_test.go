package explain

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"posprobe/report"
	"posprobe/report/prompt"
)

// names are the names of topics, in order.
func names(topics []Topic) string {
	var out []string
	for _, t := range topics {
		out = append(out, t.Name())
	}
	return strings.Join(out, " ")
}

func TestFindOne(t *testing.T) {
	for word, want := range map[string]string{
		"host.no_response": "host.no_response", "HOST.No_Response": "host.no_response", " host.slow ": "host.slow", "note.paused": "note.paused", "outside.card": "outside.card",
		"P3": "P3", "p3": "P3", "签到超时": "P3", "簽到超時": "P3", "under maintenance": "P5", "not in service time": "P1",
		"00": "00", "77": "77", "A0": "A0", "85": "85", "906": "906", "047": "047", "Z3": "Z3",
		"TPDU": "TPDU", "tpdu": "TPDU", "回响测试": "回响测试", "echo": "回响测试", "MTU": "MTU", "dns": "DNS", "Gateway": "网关", "网关": "网关", "签到": "签到", "captive portal": "网页登录", "host": "收单主机", "proven": "已证实",
	} {
		if got := names(Find(word)); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func TestFindSeveral(t *testing.T) {
	for words, want := range map[string][]string{
		"超时":              {"P3", "68", "98", "host.closed"},
		"clock zone":      {"device.clock.zone"},
		"network.dns":     {"network.dns.slow", "network.dns.unreachable"},
		"请重新签到，再作交易":      {"77"},
		"a0":              {"A0"},
		"expired":         {"33", "54", "101", "201", "host.certificate_expired"},
		"service company": nil,
		"":                nil, " ": nil, "xyzzy": nil, "\x00": nil, "\xff": nil,
	} {
		found := Find(words)
		for _, name := range want {
			if !slices.ContainsFunc(found, func(t Topic) bool { return t.Name() == name }) {
				t.Errorf("%q: no %s in %s", words, name, names(found))
			}
		}
		if want == nil && len(found) > 0 {
			t.Errorf("%q: %s", words, names(found))
		}
	}
	if found := Find("超时"); found[0].Prompt == nil {
		t.Errorf("the prompt is not the first: %s", names(found))
	}
}

func TestNear(t *testing.T) {
	for word, want := range map[string]string{
		"device.clok.zone": "device.clock.zone", "no_respons": "host.no_response", "tdpu": "", "gatway": "网关", "": "", "xyzzy": "",
	} {
		got := Near(word)
		if want != "" && !slices.Contains(got, want) || want == "" && len(got) > 0 {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

// TestEveryTopic: every row, prompt, response code and term is found by its name, and has
// one in both languages.
func TestEveryTopic(t *testing.T) {
	check := func(want Topic) {
		t.Helper()
		found := Find(want.Name())
		if len(found) != 1 || found[0].Name() != want.Name() || found[0].Title(report.EN) != want.Title(report.EN) {
			t.Errorf("%s: %s", want.Name(), names(found))
		}
		if want.Title(report.ZH) == "" || want.Title(report.EN) == "" {
			t.Errorf("%s: no title", want.Name())
		}
	}
	for i := range report.Catalogue() {
		check(Topic{Row: &report.Catalogue()[i]})
	}
	for _, p := range prompt.All() {
		check(Topic{Prompt: p})
	}
	for _, table := range report.ResponseCodes() {
		for i := range table {
			check(Topic{Code: &table[i]})
		}
	}
	seen := map[string]bool{}
	for i := range terms {
		check(Topic{Term: &terms[i]})
		han := func(s string) bool {
			return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
		}
		if is := terms[i].Is; !han(is.ZH) || is.EN == "" || han(is.EN) || !strings.HasSuffix(is.ZH, "。") || !strings.HasSuffix(is.EN, ".") || strings.Contains(is.ZH, "收单方") {
			t.Errorf("%s: %+v", terms[i].Names[0], is)
		}
		for _, n := range terms[i].Names {
			if key := strings.ToLower(n); seen[key] {
				t.Errorf("%s names two terms", n)
			} else {
				seen[key] = true
			}
		}
	}
}

func TestRelated(t *testing.T) {
	for name, want := range map[string]report.Code{"MTU": "network.path.mtu", "DNS": "network.dns.unreachable", "处理要求": "note.requirement.sign_on", "host": "host.dns_zone"} {
		if rows := Related(Find(name)[0].Term); len(rows) == 0 || rows[0].Code != want && !slices.ContainsFunc(rows, func(r report.Row) bool { return r.Code == want }) {
			t.Errorf("%s: %d rows, without %s", name, len(rows), want)
		}
	}
}

// TestShown: a code is behind the prompts whose causes mean it.
func TestShown(t *testing.T) {
	var got []string
	for _, s := range Shown("host.slow") {
		got = append(got, s.Prompt.ID+" "+s.Cause.ID)
	}
	if strings.Join(got, ", ") != "P2 2.9, P3 3.2, P4 4.1, P5 5.6" {
		t.Errorf("%q", got)
	}
}

// FuzzFind: any words give topics with names that lead back to them, in bounded time.
func FuzzFind(f *testing.F) {
	for _, s := range []string{"P3", "host.slow", "77", "签到", "超时", "no response", "\xff", "请重新签到，再作交易", "a0", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, words string) {
		found := Find(words)
		for _, topic := range found[:min(len(found), 8)] {
			if again := Find(topic.Name()); len(again) != 1 || again[0].Name() != topic.Name() {
				t.Fatalf("%q: %s leads to %s", words, topic.Name(), names(again))
			}
		}
		if near := Near(words); len(near) > 5 {
			t.Fatalf("%q: %d names", words, len(near))
		}
	})
}
