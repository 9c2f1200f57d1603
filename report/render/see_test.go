package render

import (
	"strings"
	"testing"

	"posprobe/report"
)

// lineOf returns the first line of the way that holds all the words.
func lineOf(t *testing.T, r report.Report, lang report.Lang, words ...string) string {
	t.Helper()
	all := text(&r, Options{Lang: lang, Width: 400}, testRows)
lines:
	for line := range strings.Lines(all) {
		for _, w := range words {
			if !strings.Contains(line, w) {
				continue lines
			}
		}
		return strings.TrimSpace(line)
	}
	t.Errorf("no line with %q in\n%s", words, all)
	return ""
}

// TestExchangeWords: the message is named for what it was.
func TestExchangeWords(t *testing.T) {
	for _, c := range []struct {
		mti, protocol string
		zh, en        string
	}{
		{"0820", "unionpay", "回响测试", "echo"}, {"0800", "unionpay", "签到", "sign-on"},
		{"", "tcp", "应答", "reply"}, {"", "", "报文", "message"}, {"1804", "iso8583-1993", "回响测试", "echo"},
		{"0800", "iso8583-1987", "回响测试", "echo"}, {"", "http", "HTTP 请求", "HTTP"},
	} {
		r := sound()
		r.Evidence.SignOns[0].MessageType, r.Evidence.SignOns[0].Protocol = c.mti, c.protocol
		for lang, want := range map[report.Lang]string{report.ZH: c.zh, report.EN: c.en} {
			if got := lineOf(t, r, lang, labels[lAnsweredCode].In(lang)[:6], "00"); !strings.HasPrefix(got, "✓ "+want+" ") {
				t.Errorf("%+v: %q", c, got)
			}
			lineOf(t, r, lang, want, "203.0.113.10:5500", "312") // the timing
		}
	}
	// Nothing was sent: the word is the protocol's.
	for protocol, want := range map[string]string{"unionpay": "echo", "": "echo", "tcp": "reply", "http": "HTTP", "iso8583-1987": "echo"} {
		r := silent()
		r.Evidence.Site.Endpoints[0].Protocol = protocol
		lineOf(t, r, report.EN, "- "+want, "not reached")
		lineOf(t, r, report.EN, "Steps not tested: ", ", "+want)
	}
}

// TestArrows: a fault is drawn where it shows: not at a sound step, not at one that
// was not tested, and a broken link holds up its gateway.
func TestArrows(t *testing.T) {
	for _, c := range []struct {
		name string
		r    report.Report
		want map[place]string
	}{
		{"front end", frontEnd(), map[place]string{placeTCP: "ok", placeSignOn: "X!", placeBeyond: "ok"}},
		{"lost", lost(), map[place]string{placeTCP: "ok", placeSignOn: "^!", placeBeyond: "X!"}},
		{"unplugged", unplugged(), map[place]string{placeLink: "X!", placeGateway: "^"}},
		{"open", silent(), map[place]string{placeTCP: "X!", placeTLS: "-", placeSignOn: "-", placeBeyond: "?"}},
	} {
		for at, want := range c.want {
			if got := marksOf(hopsOf(&c.r, at)); got != want {
				t.Errorf("%s: %q at %d, want %q", c.name, got, at, want)
			}
		}
	}
	wants(t, "lost", flat(lost(), report.ZH), "✗ 外网 连接能建立，数据不通，", "请求未确认送达，重发 6 次 <== 收单主机（可能）")
	wants(t, "lost", flat(lost(), report.EN), "✗ network connects, but data does not pass,", "sent again 6 times <== host (possible)")
	wants(t, "unplugged", flat(unplugged(), report.ZH), "^ 网关 192.168.1.1，在本地网络上没有回应 ^", "✓ 正常 ✗ 异常")

	r := noResponse() // possible at a step that was not tested, or is sound
	r.Diagnosis.Findings = report.List[report.Finding]{fault("host.no_response", mainAddr, report.Possible, "", "/evidence/connects/0")}
	if got := marksOf(hopsOf(&r, placeTCP)) + " " + marksOf(hopsOf(&r, placeSignOn)); got != "ok X!" {
		t.Error(got)
	}
	// A note explains what failed: then it is no fault's, not even possibly.
	r.Diagnosis.Findings = report.List[report.Finding]{fault("host.no_response", mainAddr, report.Possible, "", "/evidence/sign_ons/0"),
		{Kind: report.KindNote, Code: "note.gateway_silent", Explains: report.List[string]{"/evidence/sign_ons/0"}}}
	if got := marksOf(hopsOf(&r, placeSignOn)); got != "-" {
		t.Error(got)
	}
	r = planned()
	r.Diagnosis.Findings = report.List[report.Finding]{fault("host.slow", mainName, report.Likely, "")}
	if got := marksOf(hopsOf(&r, placeTCP)) + " " + marksOf(hopsOf(&r, placeSignOn)); got != "X -" {
		t.Error(got)
	}
	r.Diagnosis.Findings = report.List[report.Finding]{fault("device.config", mainAddr, report.Possible, "")}
	if got := marksOf(hopsOf(&r, placeTCP)) + " " + marksOf(hopsOf(&r, placeSignOn)); got != "X -" {
		t.Error(got)
	}
}

// TestGateways: a router that nothing went through is not called a fault, and left out
// beside one that was used.
func TestGateways(t *testing.T) {
	r := sound()
	e := &r.Evidence
	e.Pings, e.Connects, e.Neighbors = nil, nil, report.List[report.Neighbor]{{Address: "192.168.1.1", Link: "eth0", State: "none"}}
	lineOf(t, r, report.ZH, "- 网关", "192.168.1.1，没有用到")
	lineOf(t, r, report.EN, "- gateway", "192.168.1.1, not used")
	e.Neighbors = nil // the table was read, and has no entry
	lineOf(t, r, report.EN, "- gateway", "192.168.1.1, not used")
	e.Routes = append(e.Routes, report.Route{Destination: "0.0.0.0/0", Gateway: "192.168.2.1", Link: "wlan0"})
	e.Neighbors = report.List[report.Neighbor]{{Address: "192.168.2.1", Link: "wlan0", State: "reachable"}}
	if hops := hopsOf(&r, placeGateway); len(hops) != 1 || hops[0].parts[0] != "192.168.2.1" {
		t.Errorf("%+v", hops)
	}
	e.Neighbors = nil
	if hops := hopsOf(&r, placeGateway); len(hops) != 1 || hops[0].mark != markUntested {
		t.Errorf("%+v", hops)
	}
	e.Connects = sound().Evidence.Connects
	if hops := hopsOf(&r, placeGateway); len(hops) != 1 || hops[0].mark != markOK {
		t.Errorf("used: %+v", hops)
	}
}

// TestHopWords: single remarks of the way.
func TestHopWords(t *testing.T) {
	r := sound()
	r.Evidence.Device.Scheduling.MaxMs = 130
	lineOf(t, r, report.ZH, "~ 终端", "程序最多延迟 130 毫秒")
	lineOf(t, r, report.EN, "~ terminal", "programs up to 130 ms late")
	lineOf(t, r, report.ZH, "✓ DNS", "给出 203.0.113.10")

	r.Evidence.Lookups[0].Answers = append(r.Evidence.Lookups[0].Answers, report.Answer{Address: "203.0.113.11"}, report.Answer{Address: "203.0.113.10"},
		report.Answer{Address: "203.0.113.12"}, report.Answer{Address: "203.0.113.13"}, report.Answer{Address: "203.0.113.14"})
	r.Evidence.Addresses = append(r.Evidence.Addresses, report.Address{Link: "eth0", Prefix: "2001:db8::7/64", Scope: "global"})
	lineOf(t, r, report.ZH, "DNS", "给出 203.0.113.10、203.0.113.11、203.0.113.12、...")
	lineOf(t, r, report.EN, "DNS", "gives 203.0.113.10, 203.0.113.11, 203.0.113.12, ...")
	lineOf(t, r, report.ZH, "192.168.1.23/24、2001:db8::7/64")

	r.Evidence.Site.Interfaces = report.List[string]{"wwan0"}
	lineOf(t, r, report.ZH, "✗ 接口", "wwan0，不存在")
	r.Evidence.Tasks[0].Outcome = report.OutcomeFailed // the list was not read
	lineOf(t, r, report.EN, "? link", "wwan0", "could not be asked")

	for kind, want := range map[report.LinkKind]string{report.LinkWiFi: "未连上 Wi-Fi", report.LinkCellular: "未连上移动网络",
		report.LinkPPP: "未连上移动网络", report.LinkEthernet: "没有检测到线路信号"} {
		r := noCarrier()
		r.Evidence.Links[1].Kind = kind
		lineOf(t, r, report.ZH, "✗ 接口", want)
	}

	r = clientCertificate() // what TCP delivered was TLS
	r.Evidence.SignOns[0].TCP = &report.TCP{Unacked: new(int64(0)), OutQueue: new(int64(0))}
	wants(t, "client certificate", flat(r, report.ZH), "!请求已送达")
	wants(t, "silent host", flat(noResponse(), report.ZH), "请求已送达（TCP 已确认） <== 收单主机（很可能）")
}

// TestTimingWords: what shares an address is told apart, and what cannot be measured
// so finely is not called nothing.
func TestTimingWords(t *testing.T) {
	r := backupWorks()
	r.Evidence.Pings[1].Sent, r.Evidence.Pings[1].Received = 1, 1
	wants(t, "timings", flat(r, report.EN), "203.0.113.10:5500 (pos.acquirer.example:5500): 31 ms, round trip",
		"203.0.113.10:5500 (backup.acquirer.example:5500): less than 0.1 ms,", "203.0.113.20:5500: failed after 5.0 s",
		"1 of 1 pings answered, 31 ms (timed by posprobe)")
	wants(t, "timings", flat(r, report.ZH), "（backup.acquirer.example:5500）：不到 0.1 毫秒，往返 30 毫秒（系统测得）", "ping 应答 1/1，31 毫秒（程序计时）")
	r.Evidence.Connects[0].TCP.RTTMs = new(0.01)
	wants(t, "no space between characters", flat(r, report.ZH), "往返不到 0.1 毫秒（系统测得）")
}
