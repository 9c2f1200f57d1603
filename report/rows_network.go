package report

import (
	"net/netip"
	"slices"
)

// networkRows: the provider's network and the way to the acquirer.
var networkRows = []Row{
	{
		Code: "network.access.down", Kind: KindFault, Layer: LayerAccess, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: slices.Concat(noLocal, []Code{"network.access.portal"}), Wants: []Question{AskNeighbor, AskReference, AskTrace, AskPortal, AskOtherUplink, AskDuplicateAddress},
		Source: "the gateway is heard by IP, and independent destinations beyond it that were heard before fail together",
		Title:  Text{"外网不通：路由器有回应，路由器以外都没有回应", "The internet access is down: the router answers, nothing beyond it does"},
		Advice: Text{"店里先重启光猫和路由器，并查是否欠费；仍不通再向网络运营商报障。",
			"First, in the shop: restart modem and router and check that the line is paid. If it stays down, report a fault to the network provider."},
		test: func(f *facts) []sighting {
			if !f.whole(TaskLookup) || !f.whole(TaskExchange) || !f.whole(TaskPing) {
				return nil
			}
			// Resolvers alone may be addressed wrongly, the acquirer alone may be down: only
			// two kinds of them together are the access.
			kinds, explains := f.silentBeyond()
			if kinds < 2 {
				return nil
			}
			var out []sighting
			for _, g := range f.gatewaysUsed() {
				at, n := f.gateway(g)
				heard := f.gatewayAnswered(g)
				if !n.answers() && heard == nil {
					continue
				}
				s := sighting{resource: g, confidence: Likely, because: slices.Concat(explains, heard), explains: f.lostOn(through(g))}
				if n != nil {
					s.because = append(s.because, at)
				}
				if f.filtered() || heard == nil {
					s.confidence = Possible
				} else {
					s.because = append(s.because, f.endsAt(g)...)
				}
				out = append(out, s)
				break
			}
			return out
		},
	},
	icmpRow("network.access.unreachable", LayerAccess, PartyNetworkProvider, true, icmpNoRoute,
		Text{"路由器报告没有到收单主机的路由", "The shop's router reports that it has no way to the acquirer"},
		Text{"检查光猫和外网线路，重启路由器；仍不行联系网络运营商。", "Check the modem and the outside line, restart the router; otherwise call the network provider."}),
	icmpRow("network.access.prohibited", LayerAccess, PartyMerchant, true, icmpProhibited,
		Text{"路由器拒绝终端访问收单主机（防火墙规则）", "The shop's router forbids the way to the acquirer: a firewall rule"},
		Text{"在路由器上放行收单主机的地址和端口。", "Allow the acquirer's address and port on the router."}),
	icmpRow("network.path.unreachable", LayerPath, PartyNetworkProvider, false, icmpNoRoute,
		Text{"中间路由器报告无法到达收单主机", "A router on the way reports that the acquirer cannot be reached"},
		Text{"把报告此错误的路由器地址告诉网络运营商。", "Tell the network provider the address of the router that reports it."}),
	icmpRow("network.path.prohibited", LayerPath, PartyNetworkProvider, false, icmpProhibited,
		Text{"中间设备禁止访问收单主机", "A device on the way forbids the connection to the acquirer"},
		Text{"把该设备的地址告诉网络运营商和收单机构，请其放行。", "Tell the network provider and the acquirer the address of that device and have it allow the connection."}),
	icmpRow("network.path.loop", LayerPath, PartyNetworkProvider, false, icmpExpired,
		Text{"到收单主机的路由有环路", "The route to the acquirer runs in a loop"},
		Text{"把报告此错误的路由器地址告诉网络运营商。", "Tell the network provider the address of the router that reports it."}),
	{
		Code: "host.off", Kind: KindFault, Layer: LayerPath, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: slices.Concat(noAccess, []Code{"device.hosts_stale"}), Wants: []Question{AskOtherEndpoint, AskTrace},
		Source: "RFC 792 host unreachable or prohibited from a router that may stand at the acquirer's edge",
		Title:  Text{"收单主机可能已关机，或其边界设备拒绝", "The acquirer's host may be off, or its own edge refuses"},
		Advice: Text{"请收单机构确认主机和边界防火墙状态。", "Have the acquirer check the host and its edge firewall."},
		test: func(f *facts) []sighting {
			return f.withICMP(false, func(a attempt, e ICMPError) (Confidence, bool) {
				return Possible, icmpNoRoute(a, e) || icmpProhibited(a, e)
			})
		},
	},
	{
		Code: "network.path.silent", Kind: KindFault, Layer: LayerPath, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noPath, Wants: []Question{AskNeighbor, AskTrace, AskClosedPort, AskReference, AskOtherEndpoint, AskOtherUplink, AskDuplicateAddress, AskPortal},
		Source: "no answer to the SYN: a filter or a hole on the way looks like this",
		Title:  Text{"连接请求没有任何回应（可能在网络中丢失）", "The connection request got no answer: it may be lost on the way"},
		Advice: Text{"换一个网络（如手机热点）再试：能通则是本网络的问题。", "Try another network, such as a phone's hotspot: if that works, it is this network."},
		test:   located(eachFailed(Possible, attempt.unanswered), attempt.endsBeforeEdge),
	},
	{
		Code: "host.silent", Kind: KindFault, Layer: LayerTCP, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskTrace, AskClosedPort, AskReference, AskOtherEndpoint},
		Source: "no answer to the SYN: a host that is off, filters, or whose accept queue is full looks like this; a filter for its answers too, however far the trace goes",
		Title:  Text{"连接请求没有任何回应（主机可能停机或过载）", "The connection request got no answer: the host may be down or overloaded"},
		Advice: Text{"请收单机构确认该地址和端口是否在服务。", "Ask the acquirer whether this address and port are in service."},
		test:   eachFailed(Possible, attempt.unanswered),
	},
	{
		Code: "network.path.lost", Kind: KindFault, Layer: LayerPath, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noPath, Wants: []Question{AskPortal, AskTrace, AskReference, AskSecondExchange, AskClosedPort, AskDuplicateAddress},
		Source: "connected, then the request was retransmitted and never acknowledged (TCP_INFO); afterwards everything is out of reach",
		Title:  Text{"连接建立后请求在网络中丢失", "Connected, then the request was lost on the way"},
		Advice: Text{"重启路由器后再试；反复出现联系网络运营商。", "Restart the router and try again; if it repeats, call the network provider."},
		test: func(f *facts) []sighting {
			out := located(eachFailed(Possible, func(a attempt) bool {
				s, _, ok := a.silence()
				return ok && s == silenceUnacked
			}), attempt.darkSince)(f)
			for i := range out {
				// The way stood open for another connection at the same moment; or the kernel is
				// too old to tell a full accept queue from a loss.
				if !f.whole(TaskExchange) || f.passesTo(out[i].resource) || !f.countsSegments(out[i].resource) {
					out[i].confidence = Possible
				}
			}
			return out
		},
	},
	{
		Code: "host.vanished", Kind: KindFault, Layer: LayerTCP, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskTrace, AskReference, AskSecondExchange},
		Source: "a host that lost power, or a balancer that lost the session, is as silent as a broken path",
		Title:  Text{"连接建立后主机可能突然消失", "Connected, then the host may have vanished"},
		Advice: Text{"请收单机构确认该时刻主机或负载均衡的状态。", "Ask the acquirer about the host and its load balancer at that moment."},
		test: eachFailed(Possible, func(a attempt) bool {
			s, _, ok := a.silence()
			return ok && (s == silenceUnacked || s == silenceDead || s == silenceSelective)
		}),
	},
	{
		Code: "network.path.interrupted", Kind: KindFault, Layer: LayerPath, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noPath, Wants: []Question{AskPortal, AskTrace, AskReference, AskSecondExchange, AskClosedPort},
		Source: "the request was acknowledged, then keepalives (RFC 9293 section 3.8.4) remained unanswered, and afterwards everything is out of reach",
		Title:  Text{"等待应答时线路中断", "The line broke while waiting for the reply"},
		Advice: Text{"再试一次；反复出现检查路由器和信号，联系网络运营商。", "Try again; if it repeats, check router and signal, then call the network provider."},
		test: func(f *facts) []sighting {
			// Where keepalives cannot tell, it cannot be excluded either.
			open := eachFailed(Possible, func(a attempt) bool {
				s, _, ok := a.silence()
				_, fail, _, tcp := a.failed()
				return !a.loopback() && (ok && (s == silenceAcked || s == silenceGap) || fail.Is(FailCutShort) && tcp == nil)
			})(f)
			return append(open, located(eachFailed(Possible, func(a attempt) bool {
				s, _, ok := a.silence()
				return ok && s == silenceDead
			}), attempt.darkSince)(f)...)
		},
	},
	{
		Code: "network.path.mtu", Kind: KindFault, Layer: LayerPath, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noPath, Wants: []Question{AskSmallSegments},
		Source: "RFC 2923: small segments pass and large ones do not; a hole in what was received, or selective acknowledgements only (RFC 2018); towards two networks alike",
		Title:  Text{"大数据包在网络中丢失（MTU 问题）", "Large packets are lost on the way (MTU)"},
		Advice: Text{"把路由器的 MTU 调小（如 1400）；联系网络运营商。", "Lower the router's MTU (for example to 1400) and call the network provider."},
		test: func(f *facts) []sighting {
			out := eachFailed(Possible, attempt.largeLost)(f)
			networks := map[string]bool{} // in which large segments vanish
			for _, s := range out {
				networks[network(s.resource)] = true
			}
			for i := range out {
				if len(networks) > 1 { // so that it is no single acquirer's edge
					out[i].confidence = Likely
				}
				for _, a := range f.attempts {
					if at, helps := a.smallHelps(); helps && a.address() == out[i].resource {
						out[i].because = append(out[i].because, at...)
					}
				}
			}
			return out
		},
	},
	{
		Code: "network.path.reply_hole", Kind: KindFault, Layer: LayerPath, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noPath, Wants: []Question{AskSmallSegments, AskSecondExchange},
		Source: "RFC 9293 section 3.10.7.4: what follows the reply arrived and the reply did not (rcv_ooopack of TCP_INFO)",
		Title:  Text{"应答数据在网络中丢失", "The reply's data is lost on the way"},
		Advice: Text{"换一个网络再试；联系网络运营商。", "Try another network; call the network provider."},
		test:   eachFailed(Possible, func(a attempt) bool { return a.replyHole() && !a.largeLost() }),
	},
	{
		Code: "network.path.reply_lost", Kind: KindFault, Layer: LayerPath, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noPath, Wants: []Question{AskSmallSegments, AskSecondExchange},
		Source: "a path that loses the reply's data and passes bare acknowledgements looks like a silent host; no data ever came over this connection",
		Title:  Text{"应答数据可能在网络中丢失", "The reply's data may be lost on the way"},
		Advice: Text{"换一个网络再试：能通则是本网络的问题。", "Try another network: if that works, it is this network."},
		test: eachFailed(Possible, func(a attempt) bool {
			s, _, ok := a.silence()
			_, _, _, tcp := a.failed()
			return ok && (s == silenceAlive || s == silenceAcked) && !positive(tcp.DataSegsIn) && !a.loopback() &&
				!a.holeAtEnd() && !a.nothingSent() && !(a.stuck() && a.goodBefore())
		}),
	},
	{
		Code: "network.path.reset", Kind: KindFault, Layer: LayerPath, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noPath, Wants: []Question{AskSecondExchange, AskTrace},
		Source: "a reset before the request was acknowledged: a device on the way, or a host that lost the connection",
		Title:  Text{"连接可能被中间设备切断", "The connection may have been cut by a device on the way"},
		Advice: Text{"换一个网络再试：能通则是本网络的问题。", "Try another network: if that works, it is this network."},
		test: eachFailed(Possible, func(a attempt) bool {
			step, fail, _, _ := a.failed()
			return step != "" && fail.Is(FailReset, FailAborted) && !a.loopback()
		}),
	},
	{
		Code: "host.session_lost", Kind: KindFault, Layer: LayerTCP, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskSecondExchange, AskTrace},
		Source: "a reset before the request was acknowledged: a device on the way, or a host that lost the connection",
		Title:  Text{"主机可能丢失或拒绝了连接", "The host may have dropped the connection"},
		Advice: Text{"再试一次；反复出现请收单机构检查前置和负载均衡。", "Try again; if it repeats, have the acquirer check its front end and load balancer."},
		test:   eachFailed(Possible, attempt.resetEarly),
	},
	{
		Code: "network.path.rejected", Kind: KindFault, Layer: LayerPath, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noPath, Wants: []Question{AskClosedPort, AskTrace, AskReference},
		Source: "a filter on the way can refuse in the host's name; a SYN that cannot have reached the host was refused (RFC 791 time to live)",
		Title:  Text{"连接可能被中间的过滤设备拒绝", "The refusal may come from a filter on the way"},
		Advice: Text{"换一个网络再试：能通则是本网络的问题。", "Try another network: if that works, it is this network."},
		test: located(eachFailed(Possible, func(a attempt) bool {
			return a.refused() && !a.loopback() && !a.addressAnswers()
		}), func(a attempt) []string {
			if !a.f.whole(TaskExchange) { // another port of the address may have answered
				return nil
			}
			return a.answeredNear()
		}),
	},
	{
		Code: "network.path.interception", Kind: KindFault, Layer: LayerPath, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: slices.Concat(noPath, []Code{"network.access.portal"}), Wants: []Question{AskPortal, AskReference, AskTrace},
		Source: "what answers does not look like the acquirer: a log-in page or an intercepting device can; or it stands no further than the first router (RFC 791 time to live)",
		Title:  Text{"连接可能被截获（网页登录或代理）", "The connection may be intercepted by a log-in page or a proxy"},
		Advice: Text{"用手机连同一网络，看是否弹出登录页面；完成登录后再试。", "Join the same network with a phone and look for a log-in page; log in and try again."},
		test: located(eachFailed(Possible, func(a attempt) bool {
			_, fail, _, _ := a.failed()
			return !a.loopback() && (a.strangeAnswer(fail) || !a.refused() && a.answeredNear() != nil)
		}), attempt.answeredNear),
	},
	{
		Code: "network.access.portal", Kind: KindFault, Layer: LayerAccess, Domain: DomainNetwork, Party: PartyMerchant,
		MaskedBy: noLocal, Wants: []Question{AskReference},
		Source: "a page that answers 204 (RFC 9110 section 15.3.5) was answered by somebody else: a redirection, a page, or 511 (RFC 6585 section 6)",
		Title:  Text{"上网需要网页登录（认证页面拦截了连接）", "This network asks for a log-in page before it lets anything through"},
		Advice: Text{"请管这个网络的人为终端放行，或在终端上完成网页登录（手机登录通常只放行手机）。", "Have whoever runs this network let the terminal through, or log in on the terminal itself: a log-in with a phone usually frees only the phone."},
		test: func(f *facts) []sighting {
			page := f.portal()
			if page == "" {
				return nil
			}
			s := sighting{confidence: Possible, because: []string{page}, explains: f.lostOn(func(way) bool { return true })}
			// The page itself may have moved: only with a reference that is cut off as well.
			for _, c := range f.handshakes(TaskReference) {
				s.confidence = Likely
				if c.connect.Failure == nil && c.answeredNear() == nil { // it lets others through
					s.confidence = Possible
					break
				}
			}
			for _, a := range f.attempts {
				if _, fail, at, _ := a.failed(); fail != nil && !a.knownPeer() {
					s.explains = append(s.explains, at)
				} else if fail == nil && a.strangePeer() {
					s.explains = append(s.explains, a.tlsAt)
				} else if a.onlyConnected() { // it may be the page that took the connection
					s.explains = append(s.explains, a.connectAt)
				}
			}
			return []sighting{s}
		},
	},
	{
		Code: "network.access.proxy", Kind: KindFault, Layer: LayerAccess, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noPath, Wants: []Question{AskTrace, AskClosedPort, AskSecondExchange},
		Source: "transparent proxies and accelerators acknowledge, answer keepalives and close in the host's name; verified TLS does not exclude them, as they pass it on (RFC 3135 section 2.1)",
		Title:  Text{"中间的代理或加速设备可能代替主机应答了连接", "A proxy or accelerator on the way may have answered in the host's place"},
		Advice: Text{"换一个网络再试：能通则联系移动运营商。", "Try another network: if that works, call the cellular provider."},
		test: eachFailed(Possible, func(a attempt) bool {
			return a.hostSide() && !a.loopback()
		}),
	},
	{
		Code: "network.access.slow", Kind: KindFault, Layer: LayerAccess, Domain: DomainNetwork, Party: PartyNetworkProvider,
		Wants:  []Question{AskReference, AskSecondExchange},
		Source: "the kernel's round trip time (TCP_INFO) against the site's limit",
		Title:  Text{"网络很慢（往返时间过长）", "The network is slow: its round trip takes too long"},
		Advice: Text{"换到信号好的位置或换一个网络；联系网络运营商。", "Move to better signal or another network; call the network provider."},
		test:   func(f *facts) []sighting { return f.slowRoundTrips(false) },
	},
	{
		Code: "network.path.slow", Kind: KindFault, Layer: LayerPath, Domain: DomainNetwork, Party: PartyNetworkProvider,
		Wants:  []Question{AskReference, AskTrace, AskSecondExchange},
		Source: "the kernel's round trip time (TCP_INFO) against the site's limit, while a resolver beyond the gateway answers fast",
		Title:  Text{"到收单主机的线路很慢，其他地址正常", "The way to the acquirer is slow while the rest of the network is not"},
		Advice: Text{"把往返时间告诉网络运营商和收单机构。", "Tell the network provider and the acquirer the round trip time."},
		test:   func(f *facts) []sighting { return f.slowRoundTrips(true) },
	},
	{
		Code: "network.access.congested", Kind: KindFault, Layer: LayerAccess, Domain: DomainNetwork, Party: PartyNetworkProvider,
		Wants:  []Question{AskReference},
		Source: "the kernel's round trip time (TCP_INFO) far above what was usual at this hour, without a loss, while the first router answers at once and an independent target is as slow",
		Title:  Text{"外网比平时慢得多（带宽可能被占满）", "The internet access is far slower than usual: its bandwidth may be used up"},
		Advice: Text{"停掉店里占用网络的下载和视频；仍然很慢再联系网络运营商。",
			"Stop downloads and videos in the shop that use the line; if it stays slow, call the network provider."},
		test: (*facts).congested,
	},
	{
		Code: "network.access.lossy", Kind: KindFault, Layer: LayerAccess, Domain: DomainNetwork, Party: PartyNetworkProvider,
		Wants:  []Question{AskReference, AskSecondExchange},
		Source: "retransmissions on an established connection that succeeded (TCP_INFO)",
		Title:  Text{"网络丢包", "The network loses packets"},
		Advice: Text{"检查信号和网线；反复出现联系网络运营商。", "Check signal and cables; if it repeats, call the network provider."},
		test: func(f *facts) []sighting {
			var out []sighting
			for _, a := range f.attempts {
				if a.lossy() && !a.lossyGateway() { // else it is the shop's own network
					out = append(out, sighting{resource: a.address(), confidence: Likely, because: []string{a.connectAt, a.signOnAt}})
				}
			}
			return out
		},
	},
}

// located makes a row likely where the answers to follow-ups say so, with what they are
// based on.
func located(test func(*facts) []sighting, says func(attempt) []string) func(*facts) []sighting {
	return func(f *facts) []sighting {
		out := test(f)
		for i := range out {
			for _, a := range f.attempts {
				if _, _, at, _ := a.failed(); slices.Contains(out[i].explains, at) {
					if because := says(a); because != nil {
						out[i].confidence = Likely
						out[i].because = append(out[i].because, because...)
					}
				}
			}
		}
		return out
	}
}

// endsAt returns the observations that show that every way that was traced ends at a
// router, of which one at least leads to an independent target; nil otherwise.
func (f *facts) endsAt(router string) []string {
	var out []string
	others := false
	for _, a := range slices.Concat(f.attempts, f.handshakes(TaskReference)) {
		t := f.traceTo(a.address())
		switch k := t.last(); {
		case len(t.hops) == 0:
		case t.end() != 0 || k != 1 || t.router(1) != router || !t.silent(2):
			return nil
		default:
			out = append(out, t.at...)
			others = others || a.endpoint.Address == ""
		}
	}
	if !others {
		return nil
	}
	return out
}

// largeLost reports whether large segments vanished and small ones did not: a handshake of
// which the tail came and the beginning did not, a request of which only later bytes
// arrived, or an exchange that passed in small segments.
func (a attempt) largeLost() bool {
	s, step, ok := a.silence()
	_, helps := a.smallHelps()
	return helps || ok && (s == silenceSelective || s == silenceHole && step == StepTLS)
}

// darkSince returns the observations that show that nothing is in reach any more, and
// that the way ends before the acquirer's part of it.
func (a attempt) darkSince() []string {
	if a.f.filtered() {
		return nil
	}
	if because := a.darkTogether(); because != nil {
		return because
	}
	if b, asked := a.again(TaskSecond); asked && b.unanswered() {
		return a.endsBeforeEdge()
	}
	return nil
}

// routeOf is the pointer of the route, narrower than a default one, that the attempt's
// packets took over its link; "" when they took none.
func (f *facts) routeOf(a attempt) string {
	for i, r := range f.Routes {
		p, err := netip.ParsePrefix(r.Destination)
		if err == nil && p.Bits() > 0 && p.Contains(a.ip()) && a.connect != nil && r.Link == a.connect.Link {
			return pointer("routes", i)
		}
	}
	return ""
}

// eachFailed is a row's test that sees it on every failed attempt of which it is true.
func eachFailed(c Confidence, is func(attempt) bool) func(*facts) []sighting {
	return func(f *facts) []sighting {
		var out []sighting
		for _, a := range f.attempts {
			if _, fail, at, _ := a.failed(); fail != nil && is(a) {
				out = append(out, sighting{resource: a.address(), confidence: c, because: []string{at}, explains: []string{at}})
			}
		}
		return out
	}
}

// unanswered reports whether the SYN got no answer at all, from anybody.
func (a attempt) unanswered() bool {
	c := a.connect
	switch {
	case c == nil || c.Failure == nil || a.unrouted():
		return false
	case a.f.unplugged(c.Link), a.f.gatewayFailed(c.Gateway): // nothing left the shop
		return false
	case a.ownNeighbor():
		return true
	case c.TCP != nil && positive(c.TCP.SegsIn):
		return false
	}
	return len(c.ICMP) == 0 && c.Failure.Is(FailDeadline, FailKernelTimeout, FailHostUnreach, FailNetUnreach)
}

// gatewayFailed reports whether a gateway's neighbour entry failed and nothing came back
// through it: a packet for beyond never got that far.
func (f *facts) gatewayFailed(gateway string) bool {
	_, n := f.gateway(gateway)
	return n != nil && (n.State == "failed" || n.State == "incomplete") && !f.heardOn(through(gateway))
}

// ownNeighbor reports whether the kernel itself gave up on a neighbour and there is no
// gateway to blame: the endpoint should be on the terminal's own network.
func (a attempt) ownNeighbor() bool {
	return a.connect.Gateway == "" && slices.ContainsFunc(a.connect.ICMP, func(e ICMPError) bool { return e.Own })
}

// passesTo reports whether data that was sent to the same host on another connection of
// this round was acknowledged.
func (f *facts) passesTo(address string) bool {
	return slices.ContainsFunc(f.attempts, func(a attempt) bool {
		if a.ip().String() != hostOf(address) || a.signOn == nil {
			return false
		}
		s, _, silent := a.silence()
		return a.replied() || silent && (s == silenceAlive || s == silenceAcked)
	})
}

// countsSegments reports whether the kernel counted the segments that came in on the
// connection to an address (Linux 4.6 and later do).
func (f *facts) countsSegments(address string) bool {
	return slices.ContainsFunc(f.attempts, func(a attempt) bool {
		_, _, _, tcp := a.failed()
		return a.address() == address && tcp != nil && tcp.SegsIn != nil
	})
}

func hostOf(address string) string {
	host, _ := splitHostPort(address)
	return host
}

// resetEarly reports whether the connection was reset before the peer acknowledged the
// request.
func (a attempt) resetEarly() bool {
	step, fail, _, tcp := a.failed()
	if !fail.Is(FailReset, FailAborted) {
		return false
	}
	return step == StepConnect || !a.covered(tcp)
}

// covered reports whether the peer acknowledged all that was sent.
func (a attempt) covered(t *TCP) bool {
	if t == nil {
		return false
	}
	if t.OutQueue != nil { // the kernel keeps it after a reset
		return *t.OutQueue == 0
	}
	return t.BytesAcked != nil && a.signOn != nil && a.tls == nil && *t.BytesAcked > a.signOn.RequestBytes
}

// strangeAnswers are those that anybody on the way can give: of another protocol, or an
// HTTP error.
var strangeAnswers = []FailureType{FailNotTLS, FailTLSMalformed, FailNotISO8583, FailUnexpected, FailNotHTTP, FailHTTPStatus}

// strangeAnswer reports whether anybody on the way can have given the answer: one of
// those, what was sent itself, as a converter that loops gives it back, or a web page
// where a message is due.
func (a attempt) strangeAnswer(fail *Failure) bool {
	switch s := a.signOn; {
	case s != nil && fail.Is(FailMessageType):
		return s.ReplyType == s.MessageType
	case s != nil && fail.Is(FailLength):
		return s.HTTPStatus != nil
	}
	return fail.Is(strangeAnswers...)
}

// slowRoundTrips finds connections whose kernel round trip is beyond the limit. Without
// a retransmission, so that the figure is one of the path and not of a loss.
func (f *facts) slowRoundTrips(pathOnly bool) []sighting {
	limit := f.Site.Limits.RTTMs
	if limit <= 0 {
		return nil
	}
	fast := ""
	for i, l := range f.lookups() {
		if l.Failure == nil && !loopbackAddress(l.Resolver) && !f.onLink(l.Resolver) && l.ElapsedMs < limit/3 {
			fast = pointer("lookups", i)
		}
	}
	if pathOnly != (fast != "") {
		return nil
	}
	var out []sighting
	for _, a := range f.attempts {
		rtt := a.minRTT()
		if rtt == nil || *rtt < limit {
			continue
		}
		// A SYN is sent again after 1 s (RFC 6298): where the round trip takes longer, that is
		// no loss. The handshake's figure alone does not tell; that of a reply does.
		if replied := a.tcpOfSignOn(); a.connect.TCP != nil && positive(a.connect.TCP.TotalRetrans) && (replied == nil || !positive(replied.DataSegsIn)) {
			continue
		}
		if a.crowded() != nil { // in the shop
			continue
		}
		s := sighting{resource: a.address(), confidence: Likely, because: []string{a.connectAt}}
		if pathOnly {
			s.because = append(s.because, fast)
		}
		if _, fail, at, _ := a.failed(); fail.Is(FailDeadline) {
			s.explains = []string{at}
		}
		out = append(out, s)
	}
	return out
}

// onLink reports whether an address (with or without port) lies in one of the
// terminal's own networks: no packet to it leaves the shop.
func (f *facts) onLink(address string) bool {
	w := f.wayOf(address)
	return w.link != "" && w.gateway == ""
}

// gatewaysUsed are the gateways of the round's exchanges; of the default routes where
// no exchange came so far.
func (f *facts) gatewaysUsed() []string {
	var out []string
	for _, a := range f.attempts {
		if a.connect != nil && a.connect.Gateway != "" && !slices.Contains(out, a.connect.Gateway) {
			out = append(out, a.connect.Gateway)
		}
	}
	if len(f.attempts) == 0 {
		for _, r := range f.Routes {
			if defaultRoute(r) && r.Gateway != "" && !slices.Contains(out, r.Gateway) {
				out = append(out, r.Gateway)
			}
		}
	}
	return out
}
