package prompt

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// screens are what merchants and terminals make of the five prompts: the IDs between
// which each does not decide, "" for none.
var screens = map[string]string{
	// P1
	"不在服务时间内": "P1", "不在服务时间": "P1", "不在服务时间内。": "P1", "【不在服务时间内】": "P1", "不在 服务 时间 内": "P1", "不在服务时间内！！": "P1",
	"在服务时间内": "P1", "服务时间": "P1", "非服务时间": "P1", "不在服务时间以内": "P1", "现在不在服务时间内，请稍后再试": "P1", "當前不在服務時間內": "P1", "不在服務時間內": "P1", "不在服務時間": "P1",
	"不在营业时间": "P1", "非营业时间": "P1", "不在營業時間內": "P1", "非營業時間": "P1", "营业时间外": "P1", "不在受理时间": "P1", "不在工作时间内": "P1", "非工作时间": "P1", "非交易时间": "P1", "未到服务时间": "P1", "已过服务时间": "P1", "超出服务时间": "P1",
	"不再服务时间内": "P1", "不在服务时段": "P1", "务时间内": "P1", "不在服务": "P1", "不在运营时间": "P1", "系统提示:不在服务时间内": "P1",
	"outside service hours": "P1", "Outside Service Hours": "P1", "OUTSIDE SERVICE HOURS": "P1", "outside of service hours": "P1", "out of service hours": "P1", "not in service time": "P1", "Not within service hours.": "P1", "service hours": "P1",
	"outside business hours": "P1", "outside-service-hours": "P1", "outsideservicehours": "P1", "outside servise hours": "P1", "after hours": "P1", "ｏｕｔｓｉｄｅ　ｓｅｒｖｉｃｅ　ｈｏｕｒｓ": "P1", "P1": "P1", "p1": "P1", "Ｐ１": "P1",
	// P2
	"商户无应答": "P2", "商户无响应": "P2", "商户无回应": "P2", "商戶無應答": "P2", "商戶無回應": "P2", "商店無回應": "P2", "商户没有应答": "P2", "商户不应答": "P2", "商户没应答": "P2", "商户无应": "P2", "户无应答": "P2", "商户 无 应答": "P2", "商户，无应答？": "P2",
	"无应答": "P2", "無應答": "P2", "主机无应答": "P2", "主机无响应": "P2", "主機無應答": "P2", "后台无应答": "P2", "服务器无响应": "P2", "系统无应答": "P2", "没有应答": "P2", "收不到应答": "P2", "未收到应答，请重试": "P2", "商护无应答": "P2",
	"请与收单行联系": "P2", "請與收單行聯繫": "P2", "请联系收单行": "P2", "请联系收单机构": "P2", "联络收单行": "P2", "交易失败，请联系收单行": "P2", "商户": "P2",
	"merchant does not answer": "P2", "Merchant not responding": "P2", "no response from merchant": "P2", "No Response": "P2", "no answer": "P2", "no response from host": "P2", "HOST NOT RESPONDING": "P2", "host no response": "P2", "merchant doesn't answer": "P2", "merchant did not respond": "P2", "please contact acquirer": "P2", "Call Acquirer": "P2", "no host response": "P2", "merchent does not answer": "P2",
	// P3
	"签到超时": "P3", "簽到超時": "P3", "簽到逾時": "P3", "签到失败": "P3", "簽到失敗": "P3", "签到不成功": "P3", "签到不上": "P3", "无法签到": "P3", "签到异常": "P3", "签到超时，请重试": "P3", "签到……超时": "P3", "签 到 超 时": "P3", "签到超": "P3", "到超时": "P3", "签倒超时": "P3", "签到": "P3", "签到chaoshi超时": "P3",
	"超时": "P3", "逾時": "P3", "联机超时": "P3", "聯機超時": "P3", "通讯超时": "P3", "通信超时": "P3", "网络超时": "P3", "连接超时": "P3", "連線逾時": "P3", "接收超时": "P3", "应答超时": "P3", "交易超时": "P3", "登录超时": "P3", "POS签到失败": "P3", "等待应答超时": "P3", "主机应答超时": "P3",
	"sign-on timeout": "P3", "Sign on timed out": "P3", "SIGN-ON TIME OUT": "P3", "signon failed": "P3", "sign on failure": "P3", "logon timeout": "P3", "log-on timed out": "P3", "login time-out": "P3", "time out": "P3", "Timeout!": "P3", "connection timed out": "P3", "sing-on timeout": "P3", "cannot sign on": "P3", "host timeout": "P3", "ＳＩＧＮ－ＯＮ　ＴＩＭＥＯＵＴ": "P3",
	// P4
	"一般服务": "P4", "一般服務": "P4", "一般 服务": "P4", "「一般服务」": "P4", "一般服": "P4", "一般性服务": "P4", "仅提供一般服务": "P4", "服务受限": "P4", "有限服务": "P4", "服务降级": "P4", "一般": "P4", "般服务": "P4",
	"general service": "P4", "General Service": "P4", "general (reduced) service": "P4", "reduced service": "P4", "limited service": "P4", "generel service": "P4", "degraded service": "P4", "general services only": "P4",
	// P5
	"在维护中": "P5", "在維護中": "P5", "维护中": "P5", "維護中": "P5", "系统维护中": "P5", "系統維護中": "P5", "系统正在维护，请稍后": "P5", "正在维护": "P5", "系统维护": "P5", "维护": "P5", "主机维护": "P5", "系统升级": "P5", "系统升级中": "P5", "例行维护": "P5", "系统检修": "P5", "停机维护": "P5", "设备维护中": "P5", "系统保养中": "P5", "暂停服务": "P5",
	"under maintenance": "P5", "Under Maintenance": "P5", "UNDER MAINTAINANCE": "P5", "in maintenance": "P5", "maintenance": "P5", "system maintenance in progress": "P5", "under maintenence": "P5", "undr maintenance": "P5", "maintenance mode": "P5", "out of service": "P5",
	// Between two.
	"签到超时，主机无应答": "P2 P3", "系统维护，不在服务时间内": "P1 P5", "服务": "P1 P2 P4", "service": "P1 P4",
	// Other things that screens say.
	"": "", " ": "", "。": "", "？？？": "", "交易成功": "", "余额不足": "", "密码错": "", "请插卡": "", "hello": "", "x": "", "签": "", "P6": "", "P": "", "\x00\x1b[31m": "", "\xff\xfe": "", "🙂🙂": "", "交易失败": "",
}

func TestMatch(t *testing.T) {
	for text, want := range screens {
		var ids []string
		for _, p := range Match(text) {
			ids = append(ids, p.ID)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	decided := 0
	for _, want := range screens {
		if len(want) == 2 {
			decided++
		}
	}
	if decided < 120 {
		t.Errorf("only %d variants", decided)
	}
}

// TestMatchLong: only the beginning of a text counts, whatever stands behind it.
func TestMatchLong(t *testing.T) {
	if got := Match("签到超时" + strings.Repeat("。一般服务", 1<<18)); len(got) == 0 || got[0].ID != "P3" && len(got) < 2 {
		t.Errorf("%d prompts", len(got))
	}
	if got := Match(strings.Repeat(" ", MaxRunes) + "签到超时"); got != nil {
		t.Errorf("beyond the cap: %s", got[0].ID)
	}
}

func TestNamed(t *testing.T) {
	for text, want := range map[string]string{"签到超时": "P3", "P2": "P2", "超时": "", "签到": "", "签到超时，主机无应答": "", "": ""} {
		got := ""
		if p := Named(text); p != nil {
			got = p.ID
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestWords: the tables hold what fold leaves, and no word names two prompts.
func TestWords(t *testing.T) {
	for _, p := range All() {
		for level, list := range p.words.levels() {
			for w := range strings.FieldsSeq(list) {
				if fold(w) != w || utf8.RuneCountInString(w) < 2 {
					t.Errorf("%s: %q is not folded", p.ID, w)
				}
				if level < 2 {
					if got := Match(w); len(got) != 1 || got[0] != p {
						t.Errorf("%q does not lead to %s alone: %d", w, p.ID, len(got))
					}
				}
			}
		}
	}
	if n := utf8.RuneCountInString(traditional); n%2 != 0 {
		t.Errorf("%d characters in pairs", n)
	}
	for i, r := range []rune(traditional) {
		if i%2 == 1 && simplified(r) != r {
			t.Errorf("%c is simplified and becomes %c", r, simplified(r))
		}
	}
}

func TestMistyped(t *testing.T) {
	for _, c := range []struct {
		text, word string
		want       bool
	}{
		{"签到超时", "签到超时", true}, {"签倒超时", "签到超时", true}, {"签超时", "签到超时", true}, {"签到了超时", "签到超时", true},
		{"签倒超十", "签到超时", false}, {"超时", "超时间", false}, {"", "签到超时", false}, {"abc", "abd", false},
		{"undermaintenanse", "undermaintenance", true}, {"undrmaintenanse", "undermaintenance", true}, {"undrmantenanse", "undermaintenance", false},
	} {
		if got := Mistyped(c.text, c.word); got != c.want {
			t.Errorf("%q for %q: %v", c.text, c.word, got)
		}
	}
}

// FuzzMatch: no text makes it fail or slow; what it finds is known; more of the same
// punctuation changes nothing.
func FuzzMatch(f *testing.F) {
	for text := range screens {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found := Match(text)
		if len(found) > len(All()) {
			t.Fatalf("%d prompts", len(found))
		}
		for i, p := range found {
			if p == nil || Lookup(p.ID) != p || i > 0 && found[i-1].ID >= p.ID {
				t.Fatalf("%q: %v", text, found)
			}
		}
		s := fold(text)
		if n := utf8.RuneCountInString(s); n > MaxRunes || fold(s) != s {
			t.Fatalf("%q folds to %q, %d runes, then to %q", text, s, n, fold(s))
		}
		if p := Named(text); p != nil && (len(found) != 1 || found[0] != p) {
			t.Fatalf("%q names %s and matches otherwise", text, p.ID)
		}
	})
}
