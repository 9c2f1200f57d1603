package report

import "slices"

// noteRows explain failed observations that are no fault, or say what is worth knowing.
// They name nobody.
var noteRows = []Row{
	note("note.ping_filtered", "RFC 4890, common practice: many networks drop echo requests",
		Text{"对方不回应 ping，但连接正常：不是故障", "It does not answer ping, but connections work: no fault"},
		func(f *facts) []sighting {
			return f.silentPings(func(p Ping) (string, bool) {
				for _, a := range f.attempts {
					if p.Target == PingEndpoint && a.ip().String() == p.Address && a.connect != nil &&
						(a.connect.Failure == nil || a.connect.Failure.Is(FailRefused) && len(a.connect.ICMP) == 0) {
						return a.connectAt, true
					}
				}
				return "", false
			})
		}),
	note("note.gateway_ping_silent", "RFC 1812 section 4.3.3.6 asks for it; shop routers often do not",
		Text{"路由器不回应 ping，但在线：不是故障", "The router does not answer ping, but it is there: no fault"},
		func(f *facts) []sighting {
			return f.silentPings(func(p Ping) (string, bool) {
				at, n := f.gateway(p.Address)
				if p.Target != PingGateway {
					return "", false
				}
				if n.answers() || n != nil && (n.State == "stale" || n.State == "delay" || n.State == "probe") {
					return at, true
				}
				for _, a := range f.attempts {
					if a.connect != nil && a.connect.Gateway == p.Address && a.connect.Failure == nil {
						return a.connectAt, true
					}
				}
				return "", false
			})
		}),
	masked(note("note.ping_unanswered", "ICMP is a witness, never a judge",
		Text{"ping 没有回应：单凭这一点不能说明问题", "No answer to ping: alone it proves nothing"},
		func(f *facts) []sighting { return f.silentPings(func(p Ping) (string, bool) { return "", true }) }),
		slices.Concat(noAccess, []Code{"note.ping_filtered", "note.gateway_ping_silent"})),
	note("note.resolver_silent", "one resolver answers and another does not: every first look-up waits for it (resolv.conf(5), timeout)",
		Text{"有一个 DNS 地址没有回应（地址填错或服务器停机），其余正常", "One of the DNS addresses does not answer: it is set wrongly, or that server is down; the rest works"},
		func(f *facts) []sighting {
			return slices.DeleteFunc(f.silentBesideOthers(), func(s sighting) bool {
				return slices.Contains(f.Memory.Resolvers, s.resource) // then it is a fault
			})
		}),
	note("note.connection_only", "configuration: protocol none without TLS; RFC 9293 section 3.5 names nobody",
		Text{"只测了连接，没有发送报文：途中的设备（如登录页面、代理）也会接受连接", "Only a connection was tried, and no message: a device on the way, such as a log-in page or a proxy, takes one as well"},
		func(f *facts) []sighting {
			var out []sighting
			for _, a := range f.attempts {
				if a.onlyConnected() {
					out = append(out, sighting{resource: a.address(), because: []string{a.connectAt}})
				}
			}
			return out
		}),
	note("note.ipv6_unusable", "RFC 8305: another address family works",
		Text{"IPv6 不通，IPv4 正常", "IPv6 does not work here, IPv4 does"},
		func(f *facts) []sighting {
			var out []sighting
			for _, a := range f.attempts {
				_, fail, at, _ := a.failed()
				// Only where nothing was reached: an answer over IPv6, whatever it says, is the
				// host's business.
				if fail == nil || !a.ip().Is6() || !a.unanswered() && !a.unrouted() {
					continue
				}
				for _, b := range f.attempts {
					if b.endpoint.Address == a.endpoint.Address && b.ip().Is4() && b.ok() {
						out = append(out, sighting{resource: a.address(), because: []string{at}, explains: []string{at}})
						break
					}
				}
			}
			return out
		}),
	note("note.no_ipv6_address", "RFC 4074: an empty answer to AAAA is normal",
		Text{"该域名没有 IPv6 地址：正常", "The name has no IPv6 address: normal"},
		func(f *facts) []sighting {
			var out []sighting
			for i, l := range f.lookups() {
				if l.Type != "AAAA" || l.Failure == nil {
					continue
				}
				for _, m := range f.lookups() {
					if m.Name == l.Name && m.Type == "A" && m.Failure == nil && (m.Resolver == l.Resolver || l.Failure.Is(FailNoData)) {
						p := pointer("lookups", i)
						out = append(out, sighting{resource: l.Name, because: []string{p}, explains: []string{p}})
						break
					}
				}
			}
			return out
		}),
	note("agent.not_permitted", "EPERM, EACCES (errno(3)); ENETUNREACH with a default route: vendors filter by user",
		Text{"系统不允许 posprobe 这样做：不代表支付应用也不能", "The system does not let posprobe do this; it does not follow that the payment application cannot"},
		func(f *facts) []sighting {
			var out []sighting
			for _, a := range f.attempts {
				_, fail, at, _ := a.failed()
				if a.connect != nil && len(a.connect.ICMP) > 0 {
					continue // somebody else forbade it: the kernel says EACCES for ICMPv6 "prohibited" too
				}
				if fail.Is(FailNotPermitted, FailAccess, FailCapability) ||
					a.unrouted() && fail.Is(FailNetUnreach) && slices.ContainsFunc(f.Routes, func(r Route) bool {
						return defaultRoute(r) && !r.LinkDown && f.sameFamily(r, a)
					}) {
					out = append(out, sighting{resource: a.address(), because: []string{at}, explains: []string{at}})
				}
			}
			for i, p := range f.Pings {
				if p.Failure.Is(FailNotPermitted, FailAccess, FailCapability) {
					out = append(out, sighting{resource: p.Address, because: []string{pointer("pings", i)}, explains: []string{pointer("pings", i)}})
				}
			}
			for i, l := range f.lookups() {
				if l.Failure.Is(FailNotPermitted, FailAccess) {
					out = append(out, sighting{resource: l.Resolver, because: []string{pointer("lookups", i)}, explains: []string{pointer("lookups", i)}})
				}
			}
			return out
		}),
	note("agent.limited", "TCP_INFO grew with the kernel: include/uapi/linux/tcp.h",
		Text{"本系统提供的连接证据较少，结论的把握随之降低", "This system tells little about connections: the verdict is less sure for it"},
		func(f *facts) []sighting {
			for _, a := range f.attempts {
				if a.connect != nil && (a.connect.TCP == nil || a.connect.TCP.BytesAcked == nil) {
					return []sighting{{because: []string{a.connectAt}}}
				}
			}
			return nil
		}),
	note("note.device_busy", "own scheduling delay over the round",
		Text{"终端很忙，本次计时不可靠", "The terminal was busy: this round's timings are unreliable"},
		func(f *facts) []sighting {
			if f.starved {
				return []sighting{{because: []string{"/evidence/device/scheduling"}}}
			}
			return nil
		}),
	note("note.clock_unsynchronized", "adjtimex(2), STA_UNSYNC",
		Text{"终端时钟没有与时间服务器同步", "The terminal's clock is not synchronised"},
		func(f *facts) []sighting {
			for i, c := range f.Clocks {
				if c.Source == ClockKernel && c.Synchronized != nil && !*c.Synchronized {
					return []sighting{{because: []string{pointer("clocks", i)}}}
				}
			}
			return nil
		}),
	note("note.half_duplex", "IEEE 802.3: half duplex at 100 Mbit/s or more comes from a failed negotiation",
		Text{"网口工作在半双工", "The link runs at half duplex"},
		func(f *facts) []sighting {
			var out []sighting
			for i, l := range f.Links {
				if l.Duplex == "half" && value(l.SpeedMbps) >= 100 && at(f.linkAt(l.Name)) == pointer("links", i) {
					out = append(out, sighting{resource: l.Name, because: []string{pointer("links", i)}})
				}
			}
			return out
		}),
	note("note.hosts_file", "hosts(5): the file is asked before DNS",
		Text{"该域名由终端的 hosts 文件给出地址，不依赖 DNS", "The name's address comes from the terminal's hosts file: DNS is not needed for it"},
		func(f *facts) []sighting {
			var out []sighting
			for i, h := range f.Hosts {
				s := sighting{resource: h.Name, because: []string{pointer("hosts", i)}}
				for j, l := range f.lookups() {
					if l.Name == h.Name && l.Failure != nil {
						s.explains = append(s.explains, pointer("lookups", j))
					}
				}
				out = append(out, s)
			}
			return out
		}),
	note("note.not_contacted", "an address from DNS that is the device's own, reserved, or outside the expected prefixes",
		Text{"DNS 给出的地址不允许连接，未发包", "DNS gave an address that posprobe does not contact"},
		func(f *facts) []sighting { return f.notAsked(ReasonNotAllowed) }),
	note("note.planned", "the site's announced maintenance and service hours",
		Text{"现在处于收单机构公布的停机或非服务时间", "The acquirer has announced that its host is away now"},
		func(f *facts) []sighting {
			if p, _ := f.planned(); p == "" {
				return nil
			}
			return []sighting{{because: []string{"/evidence/site/windows"}}}
		}),
	note("note.planned_unconfirmed", "adjtimex(2); no reply or time server told the time",
		Text{"是否处于停机或非服务时间只按终端自己的时钟判断，没有别的时钟证实", "That the host is away now rests on the terminal's own clock, which nothing confirms"},
		func(f *facts) []sighting {
			if p, vouched := f.planned(); p == "" || vouched {
				return nil
			}
			return []sighting{{because: []string{"/evidence/site/windows", "/evidence/clocks"}}}
		}),
	note("note.software_unclear", "the configuration states a minimum version",
		Text{"支付应用的版本号无法与最低版本比较", "The payment application's version cannot be compared with the minimum"},
		func(f *facts) []sighting {
			if _, ok := f.softwareOrder(); ok || f.Device.Software == nil || f.Site.SoftwareMinimum == "" {
				return nil
			}
			return []sighting{{resource: f.Device.Software.Version, because: []string{"/evidence/device/software", "/evidence/site/software_minimum"}}}
		}),
	note("note.on_demand_down", "configuration: the link is dialled by the application",
		Text{"按需拨号的线路当前未拨号：正常", "The on-demand link is down: normal until the application dials"},
		func(f *facts) []sighting {
			if !f.Site.OnDemand {
				return nil
			}
			out := f.notAsked(ReasonOnDemand)
			for _, a := range f.attempts {
				if a.unrouted() {
					out = append(out, sighting{resource: a.address(), because: []string{a.connectAt}, explains: []string{a.connectAt}})
				}
			}
			return out
		}),
	note("note.payment_in_progress", "a payment application's connection goes first",
		Text{"本机有其他程序正在与主机通信（可能是支付），posprobe 未发包", "Another program on this terminal is connected to the host, perhaps a payment: posprobe kept quiet"},
		func(f *facts) []sighting { return f.notAsked(ReasonPayment) }),
	note("note.paused", "posprobe pause",
		Text{"posprobe 已暂停，未发包", "posprobe is paused and sent nothing"},
		func(f *facts) []sighting { return f.notAsked(ReasonPaused) }),
	note("note.local_round", "a round between the others, after a link changed",
		Text{"本次只检查终端本身，未发包", "This round looked at the terminal alone and sent nothing"},
		func(f *facts) []sighting { return f.notAsked(ReasonLocal) }),
	note("note.message_unsupported", "response codes 12, 30, 40: the host does not take this message",
		Text{"主机在线，但不支持这种测试报文", "The host is alive but does not take this test message"},
		func(f *facts) []sighting { return f.classOf(ClassMessage) }),
	note("note.terminal_state", "response codes 22, 77, 94, 99, A0 and kin, in the reply to our own message",
		Text{"主机在线；应答码涉及终端状态，支付应用可能需要重新签到", "The host is alive; its code is about the terminal's state: the payment application may have to sign on again"},
		func(f *facts) []sighting { return f.classOf(ClassTerminalState) }),
	note("note.other_code", "a response code that is about neither line nor host",
		Text{"主机在线；应答码与线路和主机无关", "The host is alive; its code is about neither line nor host"},
		func(f *facts) []sighting { return f.classOf(ClassCard, ClassIssuer, ClassOperator) }),
	note("note.unknown_code", "a response code that the public tables do not have",
		Text{"主机在线；应答码的含义由收单机构定义", "The host is alive; only the acquirer knows what this code means"},
		func(f *facts) []sighting { return f.classOf(ClassUnknown, ClassOffline) }),
	note("note.client_certificate", "RFC 8446 section 4.3.2: the peer wants a certificate that only the payment application has",
		Text{"主机要求客户端证书：TLS 正常，签到未测", "The host wants a client certificate: TLS is fine, sign-on was not tested"},
		func(f *facts) []sighting {
			var out []sighting
			for _, a := range f.attempts {
				if _, fail, at, _ := a.failed(); fail.Is(FailClientCert) {
					out = append(out, sighting{resource: a.address(), because: []string{at}, explains: []string{at}})
				} else if a.tls != nil && a.tls.ClientCertificateRequested {
					out = append(out, sighting{resource: a.address(), because: []string{a.tlsAt}})
				}
			}
			return out
		}),
	note("note.certificate_untrusted", "RFC 5280 section 6; terminals commonly trust a private root",
		Text{"主机的证书无法证实；证书背后有报文应答", "The host's certificate cannot be confirmed; something behind it answered the message"},
		func(f *facts) []sighting {
			var out []sighting
			for _, a := range f.attempts {
				if a.replied() && a.tls != nil && slices.Contains(a.tls.Problems, CertUnknownIssuer) && !slices.Contains(a.tls.Problems, CertPinMismatch) {
					out = append(out, sighting{resource: a.address(), because: []string{a.tlsAt, a.signOnAt}})
				}
			}
			return out
		}),
	note("note.weak_tls", "RFC 8996 deprecates TLS 1.0 and 1.1; NIST SP 800-131A the weak keys and hashes",
		Text{"TLS 参数较弱", "The TLS parameters are weak"},
		func(f *facts) []sighting {
			var out []sighting
			for i, h := range f.TLS {
				if h.Version == "TLS 1.0" || h.Version == "TLS 1.1" || slices.Contains(h.Problems, CertWeak) {
					s := sighting{resource: h.Address, because: []string{pointer("handshakes", i)}}
					if len(h.Problems) == 1 && h.Problems[0] == CertWeak {
						s.explains = s.because
					}
					out = append(out, s)
				}
			}
			return out
		}),
	note("note.interrupted", "SIGINT",
		Text{"检查被中断", "The check was interrupted"},
		func(f *facts) []sighting {
			var at []string
			for i, l := range f.lookups() {
				if l.Failure.Is(FailCancelled) {
					at = append(at, pointer("lookups", i))
				}
			}
			for i, p := range f.Pings {
				if p.Failure.Is(FailCancelled) {
					at = append(at, pointer("pings", i))
				}
			}
			for _, a := range f.attempts {
				if _, fail, p, _ := a.failed(); fail.Is(FailCancelled) {
					at = append(at, p)
				}
			}
			if len(at) == 0 {
				return nil
			}
			return []sighting{{because: at, explains: at}}
		}),
}

// advice is what helps where a note is all that can be said, by code.
var advice = map[Code]Text{
	"note.resolver_silent":     {"更正或删除该 DNS 地址：签到可能因等待它而变慢。", "Correct or remove that DNS address: sign-on may wait for it."},
	"note.paused":              {"先运行 posprobe resume，再检查一次。", "Run posprobe resume, then check again."},
	"agent.not_permitted":      {"用 root 权限再运行一次。", "Run it again as root."},
	"note.client_certificate":  {"请在支付应用里测试签到。", "Test sign-on in the payment application."},
	"note.on_demand_down":      {"在支付应用联网时再运行。", "Run it while the application is dialled in."},
	"note.payment_in_progress": {"等支付应用空闲时再运行。", "Run it again when the payment application is idle."},
	"note.interrupted":         {"重新运行一次，等它结束。", "Run it again and let it finish."},
	"note.terminal_state":      {"在支付应用里重新签到；仍不行把应答码告诉收单机构。", "Sign on again in the payment application; if that fails, tell the acquirer the response code."},
	"note.planned_unconfirmed": {"先用手机核对终端的日期和时间。", "Compare the terminal's date and time with a phone's first."},
	"note.software_unclear":    {"核对配置中的版本文件和最低版本。", "Check the version's file and the minimum in the configuration."},
	"note.unknown_code":        {"向收单机构询问该应答码的含义。", "Ask the acquirer what this code means."},
}

// note is a row that names nobody. What a note says, it saw.
func note(code Code, source string, title Text, test func(*facts) []sighting) Row {
	return Row{
		Code: code, Kind: KindNote, Layer: LayerDevice, Source: source, Title: title, Advice: advice[code],
		test: func(f *facts) []sighting {
			out := test(f)
			for i := range out {
				out[i].confidence = Proven
			}
			return out
		},
	}
}

// masked is a row with the codes that mask it.
func masked(r Row, by []Code) Row {
	r.MaskedBy = by
	return r
}

// silentPings finds pings without a reply for which because knows a reason.
func (f *facts) silentPings(because func(Ping) (string, bool)) []sighting {
	var out []sighting
	for i, p := range f.Pings {
		if p.Sent == 0 || p.Received > 0 || !p.Failure.Is(FailDeadline) {
			continue
		}
		if at, ok := because(p); ok {
			s := sighting{resource: p.Address, because: []string{pointer("pings", i)}, explains: []string{pointer("pings", i)}}
			if at != "" {
				s.because = append(s.because, at)
			}
			out = append(out, s)
		}
	}
	return out
}

// notAsked finds tasks that were left out for a reason.
func (f *facts) notAsked(r Reason) []sighting {
	var at []string
	for i, t := range f.Tasks {
		if t.Outcome == OutcomeNotAsked && t.Reason == r {
			at = append(at, pointer("tasks", i))
		}
	}
	if len(at) == 0 {
		return nil
	}
	return []sighting{{because: at}}
}

// classOf finds replies whose response code is of one of the classes.
func (f *facts) classOf(classes ...Class) []sighting {
	return f.answered(func(_ string, c Class) bool { return slices.Contains(classes, c) }, Proven)
}

// sameFamily reports whether a route is of the attempt's IP version.
func (f *facts) sameFamily(r Route, a attempt) bool {
	return (r.Destination == "::/0") == a.ip().Is6()
}

// at drops the second of two results.
func at[T any](p string, _ T) string { return p }
