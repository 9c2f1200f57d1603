package report

// settingRows: what ran out on the terminal, what it filters, and settings of it that
// cannot be excluded.
var settingRows = []Row{
	exhausted("device.ports_exhausted", FailNoPorts, "EADDRNOTAVAIL from connect(2) with a source address present",
		Text{"终端的本地端口已用尽", "The terminal has no free local ports left"}),
	exhausted("device.descriptors_exhausted", FailNoDescriptor, "EMFILE, ENFILE from socket(2)",
		Text{"终端的文件句柄已用尽", "The terminal has no file descriptors left"}),
	exhausted("device.buffers_exhausted", FailNoBuffers, "ENOBUFS, ENOMEM from socket calls",
		Text{"终端的网络缓冲区已用尽", "The terminal has no network buffers left"}),
	{
		Code: "device.firewall", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: noLocal, Wants: []Question{AskClosedPort, AskReference},
		Source: "the link's tx_packets grew by less than posprobe's own sockets sent; or packets came in that reached no protocol (RFC 4293 ipIfStatsInDelivers)",
		Title:  Text{"终端自身的防火墙可能丢弃了连接请求", "The terminal's own packet filter may drop the connection"},
		Advice: Text{"请终端维护方检查终端的防火墙规则。", "Have terminal service check the terminal's packet filter."},
		test: func(f *facts) []sighting {
			var out []sighting
			f.unsent(func(first, last int, l Link) {
				for _, a := range f.attempts {
					if a.unanswered() && a.connect.Link == l.Name {
						out = append(out, sighting{resource: a.address(), confidence: Possible,
							because: []string{pointer("links", first), pointer("links", last), a.connectAt}, explains: []string{a.connectAt}})
					}
				}
			})
			if len(out) == 0 && positive(f.Device.Undelivered) { // the answer may be among them
				out = eachFailed(Possible, attempt.unanswered)(f)
				for i, l := range f.lookups() {
					if l.Failure.Is(FailDeadline, FailKernelTimeout) && !loopbackAddress(l.Resolver) {
						p := pointer("lookups", i)
						out = append(out, sighting{resource: l.Resolver, confidence: Possible, because: []string{p}, explains: []string{p}})
					}
				}
				for i := range out {
					out[i].because = append(out[i].because, "/evidence/device/undelivered_packets")
				}
			}
			return out
		},
	},
	setting("device.config", LayerSignOn, "a host is silent to, closes on or misreads what was never answered before",
		Text{"TPDU、报文头或报文可能与主机不符（没有成功过的记录）", "TPDU, header or message may not fit this host: there is no record that it ever worked"},
		Text{"与支付应用核对端口、TPDU、报文头、商户号和终端号。",
			"Compare port, TPDU, header, merchant and terminal id with the payment application's settings."},
		[]Question{AskMessage, AskOtherEndpoint},
		func(a attempt) bool { step, fail, _, _ := a.failed(); return fail != nil && step == StepSignOn }),
	setting("device.config.endpoint", LayerTCP, "an endpoint refuses, or does not speak TLS as expected, that was never reached before",
		Text{"地址、端口或 TLS 设置可能不对（没有成功过的记录）", "Address, port or TLS setting may be wrong: there is no record that it ever worked"},
		Text{"与支付应用核对地址、端口和 TLS 设置。", "Compare address, port and TLS with the payment application's settings."},
		[]Question{AskOtherEndpoint},
		func(a attempt) bool { step, fail, _, _ := a.failed(); return fail != nil && step != StepSignOn }),
	setting("device.config.ids", LayerAccount, "a registration that is refused and was never accepted before",
		Text{"商户号或终端号可能填错（没有成功过的记录）", "Merchant or terminal id may be wrong: there is no record that it ever worked"},
		Text{"与支付应用核对商户号和终端号。", "Compare merchant and terminal id with the payment application's settings."},
		[]Question{AskOtherEndpoint},
		func(a attempt) bool { _, fail, _, _ := a.failed(); return fail == nil }),
}

// setting is a row for settings of the terminal that cannot be excluded, because the
// exchange never succeeded here; which selects the attempts of which they are these.
func setting(code Code, layer Layer, source string, title, advice Text, wants []Question, which func(attempt) bool) Row {
	return Row{
		Code: code, Kind: KindFault, Layer: layer, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: noPath, Wants: wants, Source: source, Title: title, Advice: advice,
		test: func(f *facts) []sighting {
			var out []sighting
			for _, a := range f.attempts {
				if at, ok := a.doubtful(); ok && which(a) {
					out = append(out, sighting{resource: a.address(), confidence: Possible, because: []string{at}, explains: []string{at}})
				}
			}
			return out
		},
	}
}

// exhausted is a row for a resource of the device that ran out.
func exhausted(code Code, failure FailureType, source string, title Text) Row {
	return Row{
		Code: code, Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		Source: source, Title: title,
		Advice: Text{"重启终端可暂时缓解；请终端维护方检查占用资源的程序。",
			"A restart helps for a while; have terminal service look for the program that uses them up."},
		test: func(f *facts) []sighting {
			var at []string
			for i, o := range f.lookups() {
				if o.Failure.Is(failure) {
					at = append(at, pointer("lookups", i))
				}
			}
			for i, o := range f.Pings {
				if o.Failure.Is(failure) {
					at = append(at, pointer("pings", i))
				}
			}
			for _, a := range f.attempts {
				if _, fail, p, _ := a.failed(); fail.Is(failure) {
					at = append(at, p)
				}
			}
			if len(at) == 0 {
				return nil
			}
			return []sighting{{confidence: Proven, because: at, explains: at}}
		},
	}
}
