package render

import (
	"strings"
	"testing"

	"posprobe/report"
)

// TestMeaning: the sentence under the headline says what was seen, and no more.
func TestMeaning(t *testing.T) {
	wants(t, "connection only", flat(connectionOnly(), report.ZH), "正常 只测试了 TCP（和 TLS）连接，没有发送报文，", "!都有应答")
	wants(t, "connection only", flat(connectionOnly(), report.EN), "HEALTHY Only the connection (TCP, TLS) was tested", "add --protocol unionpay")
	wants(t, "sign-on", flat(sound(), report.ZH), "正常 已试的收单机构地址都有应答。", "!只测试了", "暂时无需处理")
	wants(t, "sign-on", flat(sound(), report.EN), "HEALTHY Every endpoint that was tried answered. If")

	wants(t, "one works", flat(backupWorks(), report.ZH), "无法判定：只剩收单主机不能排除 收单机构有地址可用（见下面的路径）；现有证据不足以判定是谁的问题。")
	wants(t, "one works", flat(backupWorks(), report.EN), "INCONCLUSIVE: only the host is left Another endpoint of the acquirer works. The evidence does not say whose fault it is.")
	wants(t, "none works", flat(silent(), report.EN), "INCONCLUSIVE: cannot tell, could be network or host The evidence does not", "!works.")
	r := backupWorks()
	r.Evidence.Site.Endpoints = r.Evidence.Site.Endpoints[1:2]
	wants(t, "the only one works", flat(r, report.EN), "!Another endpoint", "An endpoint of the acquirer works.")
	r.Evidence.SignOns[0].ResponseCode = "97" // answered, and not accepted
	wants(t, "refused by code", flat(r, report.EN), "!of the acquirer works")
	r.Evidence.Site.ResponseCodes = report.List[report.CodeClass]{{Code: "97", Class: report.ClassOK}}
	wants(t, "this acquirer's own code", flat(r, report.EN), "An endpoint of the acquirer works.")
}

// TestAccount: when the acquirer's records are all that is at fault, the message came
// through.
func TestAccount(t *testing.T) {
	r := unregistered()
	r.Diagnosis.Verdict = report.VerdictFault
	wants(t, "account", flat(r, report.ZH), "网络和主机正常，收单机构不接受这台终端（或商户）。", "!没有一路可用",
		"收单机构没有登记这台终端（应答码 97：终端号没有登记） 网络和主机")
	wants(t, "account", flat(r, report.EN), "Network and host work; the acquirer does not accept this terminal or merchant.", "(response code 97: Terminal id not registered)")
	r.Diagnosis.Findings = append(r.Diagnosis.Findings, fault("network.access.slow", "", report.Likely, ""))
	wants(t, "account and network", flat(r, report.EN), "!Network and host work")
}

// TestCutover: a planned absence that the title tells is not told twice, and its code
// stands beside it.
func TestCutover(t *testing.T) {
	first, _, _ := strings.Cut(flat(cutover(), report.EN), " The acquirer's host")
	if want := "FAULT: host (likely) 203.0.113.10:5500: the host is in its end-of-day cut-over (response code 90: Cut-over in progress)"; first != want {
		t.Errorf("got %q", first)
	}
	wants(t, "maintenance", flat(planned(), report.EN), "during announced maintenance")
	r := cutover()
	r.Diagnosis.Findings[0].Because = report.List[string]{"/evidence/sign_ons/7", "/evidence/sign_ons/-1", "/evidence/sign_ons/x", "/evidence/connects/0"}
	wants(t, "pointers that lead nowhere", flat(r, report.EN), "!response code")
}
