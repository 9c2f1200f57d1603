package report

import "slices"

// requirements are what digit 6 of the header (处理要求) asks of the payment application,
// by digit, as public terminal code lists it.
var requirements = []struct {
	digit  string
	code   Code
	title  Text
	advice Text
}{
	{"1", "note.requirement.card_parameters",
		Text{"主机要求终端下载磁条卡参数", "The host asks the terminal to download its magnetic-stripe card parameters"},
		Text{"支付应用没有自动下载时，在其中选择参数下载。", "Unless the payment application does so by itself, choose parameter download in it."}},
	{"2", "note.requirement.status",
		Text{"主机要求终端上送状态信息", "The host asks the terminal to upload its status"},
		Text{"支付应用没有自动上送时，在其中选择状态上送。", "Unless the payment application does so by itself, choose status upload in it."}},
	{"3", "note.requirement.sign_on",
		Text{"主机要求终端重新签到", "The host asks the terminal to sign on again"},
		Text{"在支付应用里重新签到。", "Sign on again in the payment application."}},
	{"4", "note.requirement.public_keys",
		Text{"主机要求终端更新 IC 卡公钥", "The host asks the terminal to update its public keys for chip cards"},
		Text{"支付应用没有自动更新时，在其中选择公钥下载。", "Unless the payment application does so by itself, choose public key download in it."}},
	{"5", "note.requirement.chip_parameters",
		Text{"主机要求终端下载 IC 卡参数", "The host asks the terminal to download its chip card parameters"},
		Text{"支付应用没有自动下载时，在其中选择 IC 卡参数下载。", "Unless the payment application does so by itself, choose chip card parameter download in it."}},
	{"6", "note.requirement.tms",
		Text{"主机要求终端从终端管理系统（TMS）下载参数", "The host asks the terminal to download parameters from the terminal management system (TMS)"},
		Text{"支付应用没有自动下载时，在其中选择 TMS 参数下载；失败时联系终端维护方。", "Unless the payment application does so by itself, choose TMS download in it; if that fails, call terminal service."}},
	{"7", "note.requirement.card_blacklist",
		Text{"主机要求终端下载卡 BIN 黑名单", "The host asks the terminal to download its list of barred card ranges"},
		Text{"支付应用没有自动下载时，在其中选择黑名单下载。", "Unless the payment application does so by itself, choose black list download in it."}},
	{"8", "note.requirement.rates",
		Text{"主机要求终端下载币种汇率或手续费率", "The host asks the terminal to download exchange or fee rates"},
		Text{"支付应用没有自动下载时，在其中选择费率下载。", "Unless the payment application does so by itself, choose rate download in it."}},
	{"9", "note.requirement.contactless_parameters",
		Text{"主机要求终端下载非接参数", "The host asks the terminal to download its contactless parameters"},
		Text{"支付应用没有自动下载时，在其中选择非接参数下载。", "Unless the payment application does so by itself, choose contactless parameter download in it."}},
	{"b", "note.requirement.no_pin_cards",
		Text{"主机要求终端下载免密卡 BIN 表", "The host asks the terminal to download its list of card ranges that need no PIN"},
		Text{"支付应用没有自动下载时，在其中选择免密 BIN 下载。", "Unless the payment application does so by itself, choose no-PIN list download in it."}},
	{"c", "note.requirement.no_pin_blacklist",
		Text{"主机要求终端下载免密黑名单", "The host asks the terminal to download its list of cards that need a PIN after all"},
		Text{"支付应用没有自动下载时，在其中选择免密黑名单下载。", "Unless the payment application does so by itself, choose no-PIN black list download in it."}},
}

// requirementRows: what the host asks of the payment application in its reply's header.
var requirementRows = func() []Row {
	const source = "digit 6 of the UnionPay header (处理要求) in the reply"
	var out []Row
	known := []string{"", "0"} // asks nothing
	for _, r := range requirements {
		known = append(known, r.digit)
		row := note(r.code, source, r.title, func(f *facts) []sighting {
			return f.required(func(digit string) bool { return digit == r.digit })
		})
		row.Advice = r.advice
		out = append(out, row)
	}
	row := note("note.requirement.other", source+" that public code does not list",
		Text{"主机对支付应用提出了公开资料中没有的处理要求", "The host asks the payment application for something that public code does not list"},
		func(f *facts) []sighting {
			return f.required(func(digit string) bool { return !slices.Contains(known, digit) })
		})
	row.Advice = Text{"把处理要求（应答报文头第 6 位）告诉收单机构，询问其含义。", "Tell the acquirer the requirement, digit 6 of the reply's header, and ask what it means."}
	return append(out, row)
}()

// required finds replies whose header asks for something.
func (f *facts) required(is func(digit string) bool) []sighting {
	var out []sighting
	for _, a := range f.attempts {
		if a.replied() && is(a.signOn.Requirement) {
			out = append(out, sighting{resource: a.address(), because: []string{a.signOnAt}})
		}
	}
	return out
}
