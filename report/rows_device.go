package report

import (
	"math"
	"net/netip"
	"slices"
	"time"
)

// deviceRows: the terminal itself.
var deviceRows = []Row{
	{
		Code: "device.cpu", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		Source: "own scheduling delay over the round; Documentation/accounting/psi.rst",
		Title:  Text{"终端处理器过忙，程序得不到运行", "The terminal's processor is too busy to run programs in time"},
		Advice: Text{"等终端空闲（更新、自检结束）后再试；反复出现请终端维护方检查占用处理器的程序。",
			"Wait until the terminal is idle (update or self-test finished) and try again. If it comes back, have terminal service look for the program that takes the processor."},
		test: func(f *facts) []sighting {
			if !f.starved {
				return nil
			}
			if t := f.late(); len(t) > 0 {
				return []sighting{{confidence: Likely, because: []string{"/evidence/device/scheduling"}, explains: t}}
			}
			return nil
		},
	},
	{
		Code: "device.memory", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		Source: "Documentation/filesystems/proc.rst (MemAvailable); Documentation/accounting/psi.rst",
		Title:  Text{"终端内存不足", "The terminal is out of memory"},
		Advice: Text{"重启终端可暂时缓解；请终端维护方检查占用内存的程序。",
			"A restart helps for a while; have terminal service look for the program that takes the memory."},
		test: func(f *facts) []sighting {
			// Stalls prove that memory is what programs waited for; a low figure alone does
			// not. 20 % of the round with everybody waiting is far beyond any healthy device.
			p, m := f.Device.Pressure, f.Device.Memory
			stalled := p != nil && p.MemoryFull >= 20
			empty := m != nil && m.TotalBytes > 0 && float64(m.AvailableBytes) < 0.02*float64(m.TotalBytes)
			switch {
			case len(f.late()) == 0:
				return nil
			// It explains no failure: what the kernel received would be in the socket's buffer.
			case stalled:
				return []sighting{{confidence: Likely, because: []string{"/evidence/device/pressure"}}}
			case empty:
				return []sighting{{confidence: Possible, because: []string{"/evidence/device/memory"}}}
			}
			return nil
		},
	},
	{
		Code: "device.storage_full", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		Source: "statfs(2)",
		Title:  Text{"终端存储空间已满", "The terminal's storage is full"},
		Advice: Text{"请终端维护方清理存储；支付应用可能无法写入流水。",
			"Have terminal service free space: the payment application may be unable to write its journal."},
		test: func(f *facts) []sighting {
			var out []sighting
			for i, d := range f.Device.Disks {
				if !d.ReadOnly && d.TotalBytes > 0 && d.AvailableBytes <= d.TotalBytes/1000 {
					out = append(out, sighting{resource: d.Path, confidence: Likely, because: []string{"/evidence/device/disks/" + itoa(i)}})
				}
			}
			return out
		},
	},
	{
		Code: "device.clock.unset", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		Source: "no correct clock is older than this rule",
		Title:  Text{"终端时钟未设置（日期早于软件发布）", "The terminal's clock is not set: its date lies before this software existed"},
		Advice: Text{"校正终端的日期和时间，再重新签到；若断电后又丢失，请更换时钟电池。",
			"Set the terminal's date and time, then sign on again. If it is lost at every power-off, the clock battery is due."},
		test: func(f *facts) []sighting {
			for i, c := range f.Clocks {
				if c.Source == ClockRound && c.Wall.Before(earliestClock) {
					return []sighting{{confidence: Proven, because: []string{pointer("clocks", i)}, explains: f.badTimes(CertNotYetValid)}}
				}
			}
			return nil
		},
	},
	{
		Code: "device.clock.skew", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		Wants:  []Question{AskClock},
		Source: "fields 12 and 13 of the reply against the device's clock; adjtimex(2)",
		Title:  Text{"终端时钟与主机不一致", "The terminal's clock differs from the host's"},
		Advice: Text{"核对并校正终端的日期和时间，再重新签到。", "Check and set the terminal's date and time, then sign on again."},
		test: func(f *facts) []sighting {
			return f.skewed(func(ms float64) bool { return !wholeZone(ms) })
		},
	},
	{
		Code: "device.clock.zone", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		Wants:  []Question{AskClock},
		Source: "fields 12 and 13 of the reply against the device's clock: an offset of whole quarter hours",
		Title:  Text{"终端时区或小时设置可能不对", "The terminal's time zone or hour may be set wrongly"},
		Advice: Text{"核对终端的时区和小时设置；与主机正好相差整刻钟（如整小时）。",
			"Check the terminal's time zone and hour: the difference is a whole number of quarter hours."},
		test: func(f *facts) []sighting {
			out := f.skewed(wholeZone)
			for i := range out { // without a stated zone, the host's may be another one
				if f.Site.Zone == "" {
					out[i].confidence = Possible
				}
			}
			return out
		},
	},
	{
		Code: "device.interface_missing", Kind: KindFault, Layer: LayerLink, Domain: DomainDevice, Party: PartyTerminalService,
		Source: "rtnetlink(7) link list against the configuration",
		Title:  Text{"网络接口不存在", "The network interface is missing"},
		Advice: Text{"重新插拔通讯模块或 USB 网卡；仍不出现请更换模块。",
			"Reseat the communication module or USB adapter. If it does not appear, replace it."},
		test: func(f *facts) []sighting {
			if !f.known(TaskLinks) || f.Site.OnDemand {
				return nil
			}
			explains := f.lostOn(nowhere)
			var out []sighting
			for _, name := range f.Site.Interfaces {
				if f.link(name) == nil {
					out = append(out, sighting{resource: name, confidence: Proven, because: []string{"/evidence/site/interfaces"}, explains: explains})
				}
			}
			if len(out) == 0 && len(explains) > 0 && !slices.ContainsFunc(f.Links, Link.outward) {
				out = append(out, sighting{confidence: Proven, because: []string{"/evidence/links"}, explains: explains})
			}
			return out
		},
	},
	{
		Code: "device.interface_off", Kind: KindFault, Layer: LayerLink, Domain: DomainDevice, Party: PartyTerminalService,
		Source: "IFF_UP, include/uapi/linux/if.h",
		Title:  Text{"网络接口被关闭", "The network interface is switched off"},
		Advice: Text{"在终端设置中打开该网络接口。", "Switch the interface on in the terminal's settings."},
		test: func(f *facts) []sighting {
			return f.badLinks(func(l Link) bool { return !l.AdminUp })
		},
	},
	{
		Code: "device.no_route", Kind: KindFault, Layer: LayerRoute, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: slices.Concat([]Code{"device.interface_missing", "device.interface_off", "device.no_address",
			"network.local.no_carrier", "network.local.wifi_down", "network.local.no_lease"}),
		Source: "ENETUNREACH at once with a complete route list that holds no default route",
		Title:  Text{"终端没有默认路由（没有网关）", "The terminal has no default route (no gateway)"},
		Advice: Text{"核对终端的网关设置；自动获取地址时重新获取一次。",
			"Check the gateway in the terminal's network settings; with automatic addresses, renew the lease."},
		test: func(f *facts) []sighting {
			explains := f.lostOn(nowhere)
			if f.Site.OnDemand || !f.known(TaskRoutes) || !f.known(TaskAddresses) || !slices.ContainsFunc(f.attempts, attempt.unrouted) && !f.unroutedLookup() {
				return nil
			}
			for _, r := range f.Routes {
				if defaultRoute(r) && f.unroutedBy(r) {
					return nil
				}
			}
			confidence, because := Possible, []string{"/evidence/routes"}
			for i, a := range f.Addresses {
				if a.usable() && confidence == Possible && !a.Dynamic {
					confidence, because = Proven, append(because, pointer("addresses", i))
				}
			}
			for _, a := range f.Addresses {
				if a.usable() && a.Dynamic { // a server gave the address and may have left the router out
					confidence = Possible
				}
			}
			return []sighting{{confidence: confidence, because: because, explains: explains}}
		},
	},
	{
		Code: "device.no_address", Kind: KindFault, Layer: LayerAddress, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: []Code{"device.interface_missing", "device.interface_off", "network.local.no_carrier", "network.local.wifi_down", "network.local.no_lease"},
		Source:   "rtnetlink(7) address list",
		Title:    Text{"终端没有 IP 地址", "The terminal has no IP address"},
		Advice: Text{"固定地址：核对终端的地址设置；自动获取：检查路由器的 DHCP。",
			"Fixed address: check it in the terminal's settings. Automatic: check DHCP on the router."},
		test: func(f *facts) []sighting { return f.unaddressed(false) },
	},
	{
		Code: "device.loopback_down", Kind: KindFault, Layer: LayerLink, Domain: DomainDevice, Party: PartyTerminalService,
		Source: "IFF_UP of the loopback interface",
		Title:  Text{"终端的本机回环接口未启用", "The terminal's loopback interface is down"},
		Advice: Text{"重启终端；仍然如此请终端维护方处理系统配置。", "Restart the terminal; if it stays, terminal service must repair the system's configuration."},
		test: func(f *facts) []sighting {
			for i, l := range f.Links {
				if l.Kind != LinkLoopback || l.AdminUp {
					continue
				}
				var explains []string
				for j, q := range f.lookups() {
					if q.Failure != nil && loopbackAddress(q.Resolver) {
						explains = append(explains, pointer("lookups", j))
					}
				}
				if len(explains) > 0 {
					return []sighting{{resource: l.Name, confidence: Proven, because: []string{pointer("links", i)}, explains: explains}}
				}
			}
			return nil
		},
	},
	{
		Code: "device.route_wrong", Kind: KindFault, Layer: LayerRoute, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: []Code{"device.interface_off"},
		Source:   "a route for the acquirer's network alone leads where nothing answers; over the default route the endpoint works (RFC 1812 section 5.2.4.3, longest match)",
		Title:    Text{"终端上有一条错误的路由把收单主机引向别处（如残留的 VPN 路由）", "A route on the terminal leads the acquirer's traffic astray, such as one that a VPN left behind"},
		Advice:   Text{"删除该路由或断开 VPN，再重新签到。", "Remove that route or close the VPN, then sign on again."},
		test: func(f *facts) []sighting {
			var out []sighting
			for _, a := range f.attempts {
				_, fail, at, _ := a.failed()
				route := f.routeOf(a)
				if better, ok := a.worked(TaskUplink); ok && fail != nil && route != "" {
					s := sighting{resource: a.connect.Link, confidence: Possible, because: []string{at, route, better}, explains: []string{at}}
					if l := f.link(a.connect.Link); l != nil && l.Kind == LinkTunnel { // else it may be a line of the acquirer's own
						s.confidence = Likely
					}
					out = append(out, s)
				}
			}
			return out
		},
	},
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

// earliestClock is older than any release of these rules.
var earliestClock = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

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

// badTimes are the handshakes with a certificate that is wrong by its dates.
func (f *facts) badTimes(problems ...CertificateProblem) []string {
	var out []string
	for i, h := range f.TLS {
		if slices.ContainsFunc(h.Problems, func(p CertificateProblem) bool { return slices.Contains(problems, p) }) {
			out = append(out, pointer("handshakes", i))
		}
	}
	return out
}

// skewed finds a clock offset that matters and that fits. A host's clock can be wrong
// too: only a device whose kernel says that its own clock is not synchronised is
// likely the one.
func (f *facts) skewed(fits func(ms float64) bool) []sighting {
	ms, because, ok := f.offset()
	if !ok || math.Abs(ms) < f.skewLimit() || !fits(ms) {
		return nil
	}
	s := sighting{confidence: Possible, because: because, explains: f.goodAtCorrectedTime()}
	for i, c := range f.Clocks {
		if c.Source == ClockKernel && c.Synchronized != nil && !*c.Synchronized && f.whole(TaskExchange) && f.clocksAgree() {
			s.confidence = Likely
			s.because = append(s.because, pointer("clocks", i))
		}
	}
	return []sighting{s}
}

// goodAtCorrectedTime are the handshakes whose certificate is outside its dates by the
// device's clock and inside them by the host's.
func (f *facts) goodAtCorrectedTime() []string {
	now, ok := f.now()
	var out []string
	for i, h := range f.TLS {
		if ok && len(h.Certificates) > 0 && (slices.Contains(h.Problems, CertExpired) || slices.Contains(h.Problems, CertNotYetValid)) &&
			!now.Before(h.Certificates[0].NotBefore) && !now.After(h.Certificates[0].NotAfter) {
			out = append(out, pointer("handshakes", i))
		}
	}
	return out
}

// wholeZone reports whether an offset is a whole number of quarter hours, as time zones
// are (+05:45 is one), give or take two minutes, within the 26 hours that zones span.
func wholeZone(ms float64) bool {
	const quarter = 15 * 60 * 1000.0
	a := math.Abs(ms)
	off := math.Mod(a, quarter)
	return a > quarter/2 && a <= 26*4*quarter+120000 && min(off, quarter-off) <= 120000
}

// unrouted reports whether the kernel had no way to send the attempt's first packet.
func (a attempt) unrouted() bool {
	return a.connect != nil && a.connect.Link == "" && a.connect.Failure.Is(FailNetUnreach, FailNetDown, FailNoAddress) &&
		len(a.connect.ICMP) == 0
}

// outward reports whether a link can lead away from the device.
func (l Link) outward() bool { return l.physical() || l.Kind == LinkTunnel || l.Kind == LinkUnknown }

// usable reports whether an address can speak beyond its own link.
func (a Address) usable() bool { return a.Scope == "global" && !a.Duplicate && !a.selfAssigned() }

// selfAssigned reports whether an address is an IPv4 link-local one (RFC 3927), which
// a device gives itself when no DHCP server answers.
func (a Address) selfAssigned() bool {
	p, err := netip.ParsePrefix(a.Prefix)
	return err == nil && p.Addr().Is4() && p.Addr().IsLinkLocalUnicast()
}

func defaultRoute(r Route) bool {
	p, err := netip.ParsePrefix(r.Destination)
	return err == nil && p.Bits() == 0
}

// needed are the links that the failed part of the round depended on: the link of each
// failed exchange, or every outward one where there was no route at all.
func (f *facts) needed() []string {
	var out []string
	add := func(name string) {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	all := false
	for _, a := range f.attempts {
		if _, fail, _, _ := a.failed(); fail == nil || a.loopback() {
			continue
		}
		if a.unrouted() {
			all = true
		} else if a.connect != nil && a.connect.Link != "" {
			add(a.connect.Link)
		}
	}
	if len(f.attempts) == 0 && len(f.lostOn(func(way) bool { return true })) > 0 { // no name was resolved: the default routes' links
		all = true
		for _, r := range f.Routes {
			if defaultRoute(r) {
				add(r.Link)
				all = false
			}
		}
	}
	if all {
		for _, l := range f.Links {
			if l.physical() {
				add(l.Name)
			}
		}
	}
	return out
}

// via are the failed observations that depended on a link.
func (f *facts) via(link string) []string {
	return f.lostOn(func(w way) bool { return w.link == link || w == way{} })
}

// badLinks finds needed links in a bad state. Where there was no route at all, every
// link is needed, and one that works means that the bad one is not the reason.
func (f *facts) badLinks(bad func(Link) bool) []sighting {
	if !f.known(TaskLinks) {
		return nil
	}
	unrouted := slices.ContainsFunc(f.attempts, attempt.unrouted)
	var out []sighting
	for _, name := range f.needed() {
		at, l := f.linkAt(name)
		if l == nil || !l.physical() {
			continue
		}
		if bad(*l) {
			if f.Site.OnDemand && (l.Kind == LinkCellular || l.Kind == LinkPPP) {
				continue
			}
			out = append(out, sighting{resource: name, confidence: Proven, because: []string{at}, explains: f.via(name)})
		} else if unrouted && l.AdminUp && (l.Carrier == nil || *l.Carrier) {
			return nil
		}
	}
	return out
}

// unaddressed finds needed links with carrier and without a usable address; selfGiven
// selects those on which the device had to give itself one.
func (f *facts) unaddressed(selfGiven bool) []sighting {
	if f.Site.OnDemand || !f.known(TaskAddresses) || !f.known(TaskLinks) {
		return nil
	}
	var out []sighting
	for _, name := range f.needed() {
		at, l := f.linkAt(name)
		if l == nil || !l.physical() || !l.AdminUp || l.Carrier == nil || !*l.Carrier {
			continue
		}
		self, usable := "", false
		for i, a := range f.Addresses {
			if a.Link == name && a.selfAssigned() {
				self = pointer("addresses", i)
			}
			usable = usable || a.Link == name && (a.usable() || a.Duplicate)
		}
		if usable || selfGiven != (self != "") {
			continue
		}
		s := sighting{resource: name, confidence: Possible, because: []string{at}, explains: f.via(name)}
		if selfGiven {
			s.because = append(s.because, self)
			s.confidence = Likely
		}
		out = append(out, s)
	}
	return out
}

// unsent calls fn for each link over which the round's own tasks sent more packets than
// the link did, up to its second reading, which is taken before any follow-up.
func (f *facts) unsent(fn func(first, last int, l Link)) {
	seen := map[string]int{}
	for i, l := range f.Links {
		first, again := seen[l.Name]
		if !again {
			seen[l.Name] = i
			continue
		}
		if first >= 0 && f.Links[first].TxPackets != nil && l.TxPackets != nil && *l.TxPackets-*f.Links[first].TxPackets < f.sentVia(l.Name) {
			fn(first, i, l)
		}
		seen[l.Name] = -1
	}
}

// filtered reports whether the device itself may have kept packets back: it says that
// it is not permitted to send, a link sent less than was given to it, or packets that
// came in reached nobody.
func (f *facts) filtered() bool {
	if !zero(f.Device.Undelivered) {
		return true
	}
	forbidden := func(x *Failure) bool { return x.Is(FailNotPermitted) }
	kept := slices.ContainsFunc(f.Pings, func(p Ping) bool { return forbidden(p.Failure) }) ||
		slices.ContainsFunc(f.Lookups, func(l Lookup) bool { return forbidden(l.Failure) }) ||
		slices.ContainsFunc(f.Connects, func(c Connect) bool { return forbidden(c.Failure) && len(c.ICMP) == 0 })
	f.unsent(func(int, int, Link) { kept = true })
	return kept
}

// unroutedBy reports whether something that had no way to leave is of a route's family.
func (f *facts) unroutedBy(r Route) bool {
	for _, l := range f.lookups() {
		if ip, ok := parseIP(l.Resolver); ok && l.Failure.Is(FailNetUnreach) && nowhere(f.wayOf(l.Resolver)) && ip.Is6() == (r.Destination == "::/0") {
			return true
		}
	}
	return slices.ContainsFunc(f.attempts, func(a attempt) bool { return a.unrouted() && f.sameFamily(r, a) })
}

// unroutedLookup reports whether a question to a name server had no way to leave.
func (f *facts) unroutedLookup() bool {
	for _, l := range f.lookups() {
		if l.Failure.Is(FailNetUnreach) && !loopbackAddress(l.Resolver) && nowhere(f.wayOf(l.Resolver)) {
			return true
		}
	}
	return false
}

// sentVia counts the packets that posprobe's own sockets handed to a link, as far as
// they are known: what other programs sent only adds to the link's own count.
func (f *facts) sentVia(link string) int64 {
	var n int64
	same := map[string]bool{} // addresses that lie the same way
	for _, a := range f.attempts {
		if a.connect == nil || a.connect.Link != link {
			continue
		}
		same[a.connect.Gateway], same[a.ip().String()] = true, true
		tcp := a.connect.TCP
		if a.signOn != nil {
			tcp = a.signOn.TCP
		} else if a.tls != nil {
			tcp = a.tls.TCP
		}
		if tcp != nil {
			n += value(tcp.SegsOut)
		}
	}
	for _, p := range f.Pings {
		if same[p.Address] {
			n += p.Sent
		}
	}
	return n
}
