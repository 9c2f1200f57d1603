package report

// givenSource is where the rules about a code on the screen come from.
const givenSource = "response code (ISO 8583 field 39) that the screen showed after a refused transaction, given by --response-code"

// givenRows: what a response code says that somebody read off the screen. The rows for
// codes about the acquirer's records and host stand with those of its replies.
var givenRows = []Row{
	{
		Code: "device.sign_on_needed", Kind: KindFault, Layer: LayerSignOn, Domain: DomainDevice, Party: PartyMerchant,
		Source: givenSource + "; class terminal_state (22, 77, 94, 99, A0 and kin)",
		Title: Text{"终端的密钥、批次或流水号与主机不一致，需要重新签到",
			"The terminal's keys, batch or trace number are out of step with the host: it must sign on again"},
		Advice: Text{"在支付应用里重新签到（屏幕要求下载参数、上送或结算时照做），再做一笔交易；仍被拒绝就把应答码告诉收单机构。",
			"Sign on again in the payment application (or download, upload or settle if the screen asks for that) and repeat the transaction; if it is refused again, tell the acquirer the response code."},
		test: func(f *facts) []sighting { return f.onScreen("device.sign_on_needed") },
	},
	{
		Code: "device.application_ids", Kind: KindFault, Layer: LayerAccount, Domain: DomainDevice, Party: PartyTerminalService,
		Source: givenSource + "; class registration: the payment application may send other ids than posprobe knows",
		Title: Text{"支付应用里的商户号或终端号可能与登记的不一致",
			"The payment application may use another merchant or terminal id than the registered one"},
		Advice: Text{"核对支付应用里的商户号和终端号。", "Check merchant and terminal id in the payment application."},
		test: func(f *facts) []sighting {
			code := f.Given.ResponseCode
			if code == "" || f.Site.class(code) != ClassRegistration || !f.well() {
				return nil
			}
			return []sighting{{confidence: Possible, because: []string{givenAt}, explains: []string{givenAt}}}
		},
	},
	{
		Code: "account.risk", Kind: KindFault, Layer: LayerAccount, Domain: DomainAccount, Party: PartyAcquirer,
		Source: givenSource + "; 34, 57, 59, 61, 65 and the action codes of the same meanings",
		Title:  Text{"交易被限额、权限或风控规则拒绝", "The transaction was refused by a limit, a right or a risk rule"},
		Advice: Text{"换卡或减小金额再试；不同的卡都这样，请收单机构核对商户的限额和风控。",
			"Try another card or a smaller amount; if it happens with different cards, ask the acquirer about the merchant's limits and risk rules."},
		test: func(f *facts) []sighting { return f.onScreen("account.risk") },
	},
	givenNote("outside.card",
		Text{"应答码是关于这张卡或其账户的", "The code is about this card or its account"},
		Text{"换一张卡再试，请持卡人联系发卡行；屏幕要求没收卡时联系收单机构。",
			"Try another card, and have the cardholder ask the issuing bank; if the screen says to keep the card, call the acquirer."}),
	givenNote("outside.issuer",
		Text{"应答码是发卡行的决定或要由发卡行处理", "The code is the issuing bank's decision, or a matter for it"},
		Text{"请持卡人联系发卡行，或换一张卡。", "Have the cardholder ask the issuing bank, or use another card."}),
	givenNote("outside.operator",
		Text{"应答码与操作或输入有关（金额、密码、原交易等）", "The code is about how the transaction was entered: amount, PIN, original transaction"},
		Text{"核对输入，重新做这笔交易；仍被拒绝就把应答码告诉收单机构。", "Check the entries and repeat the transaction; if it is refused again, tell the acquirer the response code."}),
	givenNote("outside.message",
		Text{"主机不接受支付应用的这种交易或报文格式", "The host does not take this kind of transaction, or its form, from the payment application"},
		Text{"请收单机构确认该交易是否开通，请终端维护方核对支付应用的版本和参数。",
			"Ask the acquirer whether this kind of transaction is enabled, and terminal service about the payment application's version and parameters."}),
	givenNote("outside.unknown_code",
		Text{"应答码的含义由收单机构自定", "Only the acquirer knows what the code means"},
		Text{"向收单机构询问该应答码的含义。", "Ask the acquirer what this code means."}),
	givenNote("note.given_accepted",
		Text{"应答码表示交易已被接受", "The code says that the transaction was accepted"},
		Text{"屏幕仍提示失败时，先查支付应用的交易记录，不要重复收款。",
			"If the screen says that it failed all the same, look it up in the payment application before charging again."}),
	givenNote("note.given_offline",
		Text{"应答码是终端自己设的：当时未能联机", "The terminal set this code itself: it could not go online then"}, Text{}),
	note("note.given_earlier", givenSource+"; a reply shows that line and host were alive",
		Text{"屏幕上的应答码来自主机：它出现时线路和主机是通的", "The code on the screen came from the host: line and host worked when it appeared"},
		func(f *facts) []sighting {
			if !f.fromHost() || f.well() {
				return nil
			}
			return []sighting{{because: []string{givenAt}}}
		}),
}

// givenNote is a note that a code on the screen leads to, with who can help.
func givenNote(code Code, title, advice Text) Row {
	r := note(code, givenSource, title, func(f *facts) []sighting { return f.onScreen(code) })
	r.Advice = advice
	return r
}
