package render

import (
	"strings"
	"testing"

	"posprobe/report"
)

// flat is the text of r on one line, so that a sentence is found however it is broken.
func flat(r report.Report, lang report.Lang) string {
	return strings.Join(strings.Fields(text(&r, Options{Lang: lang, Width: 400}, testRows)), " ")
}

func wants(t *testing.T, name, got string, list ...string) {
	t.Helper()
	for _, want := range list {
		if not, found := strings.CutPrefix(want, "!"); found == strings.Contains(got, not) {
			t.Errorf("%s: %q in\n%s", name, want, got)
		}
	}
}

// TestWhoActsAndFirst: who acts and what to do first, where the headline's row does
// not say so by itself.
func TestWhoActsAndFirst(t *testing.T) {
	r := terminalState()
	wants(t, "terminal state", flat(r, report.ZH), "由谁处理： 商户（在支付应用里操作） 首先： 在支付应用里重新签到；仍不行把应答码告诉收单机构。")
	wants(t, "terminal state", flat(r, report.EN), "Who acts: the merchant, in the payment application Do first: Sign on again",
		"its code is about the terminal's state model")
	r.Diagnosis.Findings[1].MaskedBy = "host.silent"
	wants(t, "masked", flat(r, report.EN), "Who acts: nobody, for now", "!Do first")

	wants(t, "paused", flat(paused(), report.EN), "Do first: Run posprobe resume, then check again.",
		"Notes (no faults) - posprobe is paused and sent nothing Steps", "!What it could be")
	r = paused()
	r.Diagnosis.Findings[0].Because, r.Diagnosis.Findings[0].Explains = nil, report.List[string]{"/evidence/lookups/1"}
	wants(t, "a failure explained", flat(r, report.EN), "Do first: Run posprobe resume, then check again.")
	r = paused()
	r.Diagnosis.Findings[0].Because = nil // now it is a remark that explains nothing
	wants(t, "no reason", flat(r, report.EN), "Do first: Run it again in a few minutes and keep the result: posprobe check --format json > FILE")
	wants(t, "no reason", flat(r, report.ZH), "首先： 过几分钟再运行一次，并保存结果：posprobe check --format json > FILE")

	r = backupWorks()
	wants(t, "open", flat(r, report.EN), "Do first: Ask the acquirer whether this address is in service.",
		"What it could be - 203.0.113.20:5500: the host may not answer connections The way")
}

// TestCompareFirst: the terminal's own settings are compared before the host is
// called, and only while they are open.
func TestCompareFirst(t *testing.T) {
	r := noResponse()
	r.Diagnosis.Findings[len(r.Diagnosis.Findings)-1].Code = "device.config"
	wants(t, "open", flat(r, report.ZH), "首先： 新装机先核对地址、端口、TPDU、商户号和终端号；都对再：把报告编号告诉收单机构。",
		"终端的报文参数可能不对（可能）", "!核对 TPDU、终端号和商户号。")
	wants(t, "open", flat(r, report.EN), "Do first: On a new installation first compare address, port, TPDU, merchant and terminal id; if all are right: Give the acquirer")
	for _, edit := range []func(*report.Finding){
		func(f *report.Finding) { f.MaskedBy = "host.no_response" },
		func(f *report.Finding) { f.Confidence = report.Likely },
	} {
		r := noResponse()
		edit(&r.Diagnosis.Findings[len(r.Diagnosis.Findings)-1])
		wants(t, "not open", flat(r, report.EN), "!On a new installation", "Do first: Give the acquirer")
	}
}

// TestOthers: what else was found is worded once, and what a note explains is left to
// the note.
func TestOthers(t *testing.T) {
	r := unplugged()
	wants(t, "masked", flat(r, report.ZH), "由「没有检测到网线信号」引起：终端没有通往收单主机的路由", "!网关不应答")
	wants(t, "masked", flat(r, report.EN), "from \"no signal on the cable\": ", "!does not answer pings")

	r = silent()
	wants(t, "open", flat(r, report.EN), "the request may get lost on the way - 203", "!lost on the way (possible)")
	r.Diagnosis.Findings = append(r.Diagnosis.Findings, fault("device.no_route", mainAddr, report.Likely, "note.gateway_silent"))
	wants(t, "a note explains it", flat(r, report.EN), "!no route to the acquirer")
}

// TestTitles: English titles begin small within a sentence, but for acronyms and names.
func TestTitles(t *testing.T) {
	for title, want := range map[string]string{
		"The host": "the host", "A device": "a device", "DNS fails": "DNS fails", "Wi-Fi is off": "Wi-Fi is off",
		"IPv6 fails": "IPv6 fails", "TLS": "TLS", "": "x", "posprobe": "posprobe", "No ICMP": "no ICMP",
	} {
		r := report.Report{Diagnosis: report.Diagnosis{Findings: report.List[report.Finding]{{Kind: report.KindFault, Code: "x", Resource: "r"}}}}
		v := newView(&r, report.EN, func(c report.Code) (report.Row, bool) {
			return report.Row{Code: c, Title: report.Text{EN: title}}, true
		})
		if got := v.subject(&v.groups[0]); got != "r: "+want {
			t.Errorf("%q: %q", title, got)
		}
	}
	for _, row := range report.Catalogue() {
		if c := row.Title.EN[0]; c >= 'a' && c <= 'z' && !strings.HasPrefix(row.Title.EN, "posprobe") {
			t.Errorf("%s: title begins with a small letter: %s", row.Code, row.Title.EN)
		}
	}
}
