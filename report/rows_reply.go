package report

import "slices"

// replyRows: the acquirer's application, when it answers and something is wrong.
var replyRows = []Row{
	wrongReply("host.reply_not_iso8583", FailNotISO8583, "ISO 8583: no message of the configured dialect",
		Text{"应答不是 ISO 8583 报文", "The reply is no ISO 8583 message"}),
	wrongReply("host.reply_length", FailLength, "the frame's length prefix cannot be true",
		Text{"应答的长度前缀不正确", "The reply's length prefix is wrong"}),
	wrongReply("host.reply_message_type", FailMessageType, "ISO 8583: the MTI is not the answer to the one sent",
		Text{"应答的报文类型不对", "The reply has the wrong message type"}),
	wrongReply("host.reply_other_terminal", FailOtherTerminal, "ISO 8583: field 41 is another terminal's",
		Text{"应答是发给别的终端的", "The reply is for another terminal"}),
	wrongReply("host.reply_unexpected", FailUnexpected, "the reply does not match the configured pattern",
		Text{"应答与预期不符", "The reply is not what the configuration expects"}),
	wrongReply("host.reply_not_http", FailNotHTTP, "RFC 9112 section 4: the answer begins with no status line",
		Text{"应答不是 HTTP", "The reply is no HTTP"}),
	{
		Code: "host.system_error", Kind: KindFault, Layer: LayerSignOn, Domain: DomainHost, Party: PartyAcquirer,
		Source: "response code of class acquirer_host or upstream in the reply to our own message (ISO 8583 field 39)",
		Title:  Text{"主机有应答，但报告自身或上游（银联、发卡行）故障", "The host answers that it, or what is behind it (switch, issuer), is out of order"},
		Advice: Text{"隔几分钟再试一次；仍然如此，请把应答码告诉收单机构。", "Try again after some minutes; if it goes on, tell the acquirer the response code."},
		test: func(f *facts) []sighting {
			return f.orGiven(f.answered(func(code string, c Class) bool {
				return ReplyCode(code, c) == "host.system_error"
			}, Proven), "host.system_error")
		},
	},
	{
		Code: "host.cutover", Kind: KindFault, Layer: LayerSignOn, Domain: DomainHost, Party: PartyAcquirer,
		Source: "response code 90, or action code 906: cut-over in progress",
		Title:  Text{"主机正在日切", "The host is in its end-of-day cut-over"},
		Advice: Text{"等几分钟再签到；半小时后仍如此再联系收单机构。", "Wait a few minutes and sign on again; call the acquirer if it lasts longer than half an hour."},
		test: func(f *facts) []sighting {
			out := f.answered(func(code string, c Class) bool { return ReplyCode(code, c) == "host.cutover" }, Proven)
			for i := range out {
				out[i].planned = PlannedCutover
			}
			return f.orGiven(out, "host.cutover")
		},
	},
}

// accountRows: what the acquirer has on record.
var accountRows = []Row{
	{
		Code: "account.merchant", Kind: KindFault, Layer: LayerAccount, Domain: DomainAccount, Party: PartyAcquirer,
		Source: "response code 03 or C2, or action code 109, in the reply to our own message",
		Title:  Text{"收单机构不接受该商户（登记或状态）", "The acquirer does not accept this merchant: registration or state"},
		Advice: Text{"核对商户号；请收单机构检查商户登记状态。", "Check the merchant id; ask the acquirer about the merchant's registration."},
		test: func(f *facts) []sighting {
			return f.orGiven(f.registered(merchantCode), "account.merchant")
		},
	},
	{
		Code: "account.terminal", Kind: KindFault, Layer: LayerAccount, Domain: DomainAccount, Party: PartyAcquirer,
		Source: "response code of class registration in the reply to our own message",
		Title:  Text{"收单机构不接受该终端（登记、权限或状态）", "The acquirer does not accept this terminal: registration, rights or state"},
		Advice: Text{"核对终端号；请收单机构检查终端登记和权限。", "Check the terminal id; ask the acquirer about the terminal's registration and rights."},
		test: func(f *facts) []sighting {
			return f.orGiven(f.registered(func(code string) bool { return !merchantCode(code) }), "account.terminal")
		},
	},
}

// wrongReply is a row for a reply that came and is not the right one. Where the same
// message never was answered before, the terminal may be talking to the wrong place.
func wrongReply(code Code, failure FailureType, source string, title Text) Row {
	return Row{
		Code: code, Kind: KindFault, Layer: LayerSignOn, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskSecondExchange, AskOtherEndpoint, AskMessage},
		Source: source, Title: title,
		Advice: Text{"核对地址、端口和报文设置；无误则联系收单机构。", "Compare address, port and message settings; if they are right, call the acquirer."},
		test: func(f *facts) []sighting {
			return f.proofOf(func(a attempt) (Confidence, bool) {
				_, fail, _, _ := a.failed()
				if !fail.Is(failure) {
					return Possible, false
				}
				// Not even the right protocol: this may be anybody. A wrong framing or message of
				// our own gets wrong replies as well; one for another terminal is the host's.
				if a.strangeAnswer(fail) && !a.knownPeer() || !a.goodBefore() && !fail.Is(FailOtherTerminal) {
					return Possible, true
				}
				return Likely, true
			})
		},
	}
}

// answered finds replies whose response code is of interest.
func (f *facts) answered(want func(code string, c Class) bool, confidence Confidence) []sighting {
	var out []sighting
	for _, a := range f.attempts {
		if !a.replied() || a.signOn.ResponseCode == "" || !want(a.signOn.ResponseCode, f.Site.class(a.signOn.ResponseCode)) {
			continue
		}
		s := sighting{resource: a.address(), confidence: confidence, because: []string{a.signOnAt}, explains: []string{a.signOnAt}}
		switch {
		case confidence == Proven && a.strangePeer():
			s.confidence = Possible // anybody can pack such a reply
		case confidence == Proven && !a.knownPeer() && !a.goodBefore():
			s.confidence = Likely
		}
		out = append(out, s)
	}
	return out
}

// registered finds replies that refuse the registration. They are proof only of this
// message: with ids that were never accepted here, the ids may be the mistake.
func (f *facts) registered(want func(code string) bool) []sighting {
	out := f.answered(func(code string, c Class) bool { return c == ClassRegistration && want(code) }, Likely)
	for i := range out {
		for _, a := range f.attempts {
			switch {
			case !slices.Contains(out[i].because, a.signOnAt):
			case a.strangePeer():
				out[i].confidence = Possible
			case a.goodBefore() && a.knownPeer():
				out[i].confidence = Proven
			}
		}
	}
	return out
}
