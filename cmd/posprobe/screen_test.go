package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"posprobe/probe/signon/signontest"
	"posprobe/report"
)

// TestPrompt: with a prompt the same round is worded for it, and nothing else changes.
func TestPrompt(t *testing.T) {
	address := acquirer(t, signontest.Options{}).Addr()
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("签到超时")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		terminal, prompt, id string
		exit                 int
		zh, en               string
	}{
		{"GOOD0000", "商户无应答", "P2", 0, "屏幕显示「商户无应答」：posprobe 能看到的都正常", "all that posprobe can see is sound"},
		{"GOOD0000", "under maintenance", "P5", 0, "有人把终端切到了维护状态", "somebody put the terminal into maintenance mode"},
		{"RC970000", "簽到超時", "P3", 40, "它的常见原因中，这次很可能是：参数不对", "of its usual causes it is probably this one: a parameter is wrong"},
		{"RC970000", gbk, "P3", 40, "它的常见原因中，这次很可能是：参数不对", "of its usual causes it is probably this one: a parameter is wrong"},
		{"RC900000", "系统维护中", "P5", 35, "收单机构按计划停止服务", "the acquirer is away as planned"},
		{"CLOSE000", "p4", "P4", 50, "它的常见原因中还不能排除：", "of its usual causes these are still open: "},
		{"RC960000", "不在服务时间内", "P1", 30, "这次查到的不在它的常见原因之列：", "what was found is none of its usual causes: "},
	} {
		t.Run(c.terminal+" "+c.id, func(t *testing.T) {
			t.Parallel()
			o := steady(t, echo(address, c.terminal, "--format", "json", "--prompt", c.prompt)...)
			r := decode(t, o)
			if o.exit != c.exit || r.Evidence.Given != (report.Given{Prompt: c.id}) {
				t.Errorf("exit %d, want %d; given %+v", o.exit, c.exit, r.Evidence.Given)
			}
			r.Evidence.Given = report.Given{}
			if d := report.Diagnose(r.Evidence); exitStatus(d) != c.exit {
				t.Errorf("without the prompt: exit %d", exitStatus(d))
			}
			for lang, want := range map[string]string{"zh": c.zh, "en": c.en} {
				again := runWith(t, o.stdout, nil, "diagnose", "-", "--lang", lang, "--width", "400")
				if again.exit != c.exit || !strings.Contains(again.stdout, want) {
					t.Errorf("%s: exit %d, want %d and %q in\n%s", lang, again.exit, c.exit, want, again.stdout)
				}
			}
		})
	}
}

// TestPromptRefused: what is no prompt, or could be two, is told with all five.
func TestPromptRefused(t *testing.T) {
	address := acquirer(t, signontest.Options{}).Addr()
	for prompt, want := range map[string]string{
		"余额":               "P1 不在服务时间内 (outside service hours), P2 ",
		"可用余额不足":           "response code 51: give the code with --response-code",
		"":                 "no prompt that posprobe knows",
		"签到超时，主机无应答":       "it could be P2 商户无应答 (merchant does not answer) or P3 ",
		"6225880012345678": "--prompt (not shown): no prompt",
		"\x1b[31mx":        "no prompt that posprobe knows",
	} {
		o := run(t, nil, echo(address, testTerminal, "--prompt", prompt)...)
		if o.exit != 2 || o.stdout != "" || !strings.Contains(o.stderr, want) || strings.Contains(o.stderr, "6225") || strings.Contains(o.stderr, "\x1b") {
			t.Errorf("%q: exit %d, want 2 and %q: %q", prompt, o.exit, want, o.stderr)
		}
	}
}

// TestResponseCode: a code on the screen is taken for what it is worth: it names who can
// help while all else works, and nobody while something was seen to fail.
func TestResponseCode(t *testing.T) {
	address := acquirer(t, signontest.Options{}).Addr()
	file := filepath.Join(t.TempDir(), "own.yaml")
	writeFile(t, file, "acquirer:\n  endpoints: [{address: \""+address+"\"}]\n  sign_on:\n    protocol: unionpay\n    tpdu: \"6000030000\"\n    response_codes: {K5: registration}\n"+
		"terminal: {id: \"GOOD0000\", merchant: \""+testMerchant+"\"}\n")
	for _, c := range []struct {
		args []string
		exit int
		code report.Code
	}{
		{echo(address, "GOOD0000", "--response-code", "00"), 0, "note.given_accepted"},
		{echo(address, "GOOD0000", "--response-code", "97"), 40, "account.terminal"},
		{echo(address, "GOOD0000", "--response-code", "03"), 40, "account.merchant"},
		{echo(address, "GOOD0000", "--response-code", "61"), 40, "account.risk"},
		{echo(address, "GOOD0000", "--response-code", "96"), 30, "host.system_error"},
		{echo(address, "GOOD0000", "--response-code", "91"), 30, "host.system_error"},
		{echo(address, "GOOD0000", "--response-code", "90"), 35, "host.cutover"},
		{echo(address, "GOOD0000", "--response-code", "906"), 35, "host.cutover"},
		{echo(address, "GOOD0000", "--response-code", "A0"), 10, "device.sign_on_needed"},
		{echo(address, "GOOD0000", "--response-code", "51"), 0, "outside.card"},
		{echo(address, "GOOD0000", "--response-code", "05"), 0, "outside.issuer"},
		{echo(address, "GOOD0000", "--response-code", "13"), 0, "outside.operator"},
		{echo(address, "GOOD0000", "--response-code", "30"), 0, "outside.message"},
		{echo(address, "GOOD0000", "--response-code", "85"), 0, "outside.unknown_code"},
		{echo(address, "GOOD0000", "--response-code", "Z3"), 0, "note.given_offline"},
		{[]string{"check", "--config", file, "--response-code", "K5"}, 40, "account.terminal"},
		// What this round saw goes first.
		{echo(address, "RC970000", "--response-code", "96"), 40, "host.system_error"},
		{echo(address, "CLOSE000", "--response-code", "96"), 50, "note.given_earlier"},
		{echo("127.0.0.1:1", "GOOD0000", "--response-code", "77"), 50, "note.given_earlier"},
	} {
		t.Run(strings.Join(c.args[len(c.args)-1:], " "), func(t *testing.T) {
			t.Parallel()
			o := steady(t, append(c.args, "--format", "json")...)
			d := decode(t, o).Diagnosis
			if o.exit != c.exit || !has(d, c.code) {
				t.Errorf("exit %d, want %d and %s\n%s", o.exit, c.exit, c.code, o.stdout)
			}
			for _, f := range d.Findings {
				if f.Kind == report.KindFault && f.Confidence == report.Proven && strings.Contains(strings.Join(f.Because, " "), "given") {
					t.Errorf("proven by hearsay: %+v", f)
				}
			}
		})
	}
	for code, want := range map[string]string{
		"K5": "in no public table; ask the acquirer", "a0": "write A0 if that is meant", "1": "no response code; write the two letters or digits", "": "no response code",
		"00000": "no response code", "+1": "no response code", "签到": "no response code", "\x1b[": "no response code",
	} {
		o := run(t, nil, echo(address, testTerminal, "--response-code", code)...)
		if o.exit != 2 || o.stdout != "" || !strings.Contains(o.stderr, want) || strings.Contains(o.stderr, "\x1b") {
			t.Errorf("%q: exit %d, want 2 and %q: %q", code, o.exit, want, o.stderr)
		}
	}
}

// TestExplain: a code, a prompt, a response code, a term and free words, in both languages.
func TestExplain(t *testing.T) {
	for _, c := range []struct {
		args []string
		exit int
		want string
	}{
		{[]string{"host.no_response"}, 0, "The host received the request and does not answer\n"},
		{[]string{"host.no_response", "--lang", "zh"}, 0, "主机收到了请求，但没有应答\n"},
		{[]string{"--lang", "zh", "P3"}, 0, "P3「签到超时」\n"},
		{[]string{"sign-on", "timed", "out"}, 0, `P3 "sign-on timed out"`},
		{[]string{"96"}, 0, "Response code 96: System malfunction"},
		{[]string{"TPDU", "--lang", "zh"}, 0, "报文最前面的 5 字节"},
		{[]string{"network.dns"}, 0, "network.dns.unreachable "},
		{[]string{"no", "response"}, 0, "P2                   merchant does not answer"},
		{[]string{"expired"}, 0, "Write one of the names after posprobe explain"},
		{[]string{"hots.slow"}, 2, ""},
		{[]string{"host.slwo", "--lang", "zh"}, 2, ""},
		{[]string{"xyzzy"}, 2, ""},
		{nil, 2, ""},
		{[]string{"P3", "--format", "json"}, 2, ""},
		{[]string{"P3", "--width", "5"}, 2, ""},
	} {
		o := run(t, nil, append([]string{"explain"}, c.args...)...)
		if o.exit != c.exit || !strings.Contains(o.stdout, c.want) || (o.exit == 2) != (o.stderr != "") || (o.exit == 2) != (o.stdout == "") {
			t.Errorf("%q: exit %d, want %d and %q\n%s%s", c.args, o.exit, c.exit, c.want, o.stdout, o.stderr)
		}
	}
	if o := run(t, nil, "explain", "host.slpw"); !strings.Contains(o.stderr, "perhaps host.slow is meant") {
		t.Errorf("near: %q", o.stderr)
	}
}

// FuzzExplain: whatever is asked, the answer is clean and fits, or is an error that is.
func FuzzExplain(f *testing.F) {
	for _, s := range []string{"host.slow", "P1", "A0", "签到超时", "no response", "\x1b[31m", "\xb5\xc7\xc2\xbc", "-x", "--lang", ""} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, word string, zh bool) {
		var stdout, stderr bytes.Buffer
		a := app{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, lang: report.EN, env: func(string) string { return "" }}
		if zh {
			a.lang = report.ZH
		}
		status := a.run(context.Background(), []string{"explain", "--", word})
		if status != exitHealthy && status != exitUsage || (status == exitUsage) != (stdout.Len() == 0) {
			t.Fatalf("%q: exit %d, %q, %q", word, status, stdout.String(), stderr.String())
		}
		for _, s := range []string{stdout.String(), stderr.String()} {
			if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) }) {
				t.Fatalf("%q: %q", word, s)
			}
		}
		if len(stderr.String()) > 2000 {
			t.Fatalf("%q: %d bytes of complaint", word, stderr.Len())
		}
	})
}
