package report

import "slices"

// hostRows: the acquirer's transport and application, when they do not answer.
var hostRows = []Row{
	{
		Code: "host.refused", Kind: KindFault, Layer: LayerTCP, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskClosedPort, AskOtherEndpoint, AskTrace, AskReference},
		Source: "RFC 9293 section 3.5.2: a reset in answer to the SYN, or RFC 792 port unreachable from the host itself",
		Title:  Text{"连接被主机拒绝（该端口可能没有服务）", "The connection is refused: probably nothing serves that port"},
		Advice: Text{"请收单机构确认该端口是否在服务。", "Ask the acquirer whether this port is in service."},
		test: func(f *facts) []sighting {
			var out []sighting
			for _, a := range f.attempts {
				if !a.refused() {
					continue
				}
				s := sighting{resource: a.address(), confidence: Possible, because: []string{a.connectAt}, explains: []string{a.connectAt}}
				// Another port of that address, or a router that only this way has, shows that
				// the host's side is reached. It proves nothing more: a filter can refuse a
				// single port. And a port that never served may be set wrongly.
				beyond := a.answeredBeyond()
				if at := a.companion(); at != "" {
					beyond = append(beyond, at)
				}
				if a.reachedBefore(StepConnect) && (len(beyond) > 0 || a.loopback()) && a.answeredNear() == nil {
					s.confidence, s.because = Likely, append(s.because, beyond...)
				}
				out = append(out, s)
			}
			return out
		},
	},
	{
		Code: "host.primary_down", Kind: KindFault, Layer: LayerTCP, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: slices.Concat(noPath, []Code{"host.refused"}), Wants: []Question{AskTrace, AskClosedPort},
		Source: "the main endpoint does not answer and another one of the acquirer does",
		Title:  Text{"主用地址没有回应，备用地址正常", "The main endpoint does not answer, a backup does"},
		Advice: Text{"终端可先用备用地址；请收单机构确认主用地址是否在服务。", "The terminal can use the backup for now; ask the acquirer whether the main endpoint is in service."},
		test: func(f *facts) []sighting {
			if len(f.Site.Endpoints) < 2 {
				return nil
			}
			main := f.Site.Endpoints[0].Address
			backup := slices.ContainsFunc(f.Site.Endpoints[1:], func(e Endpoint) bool { return f.anyOK(e.Address) })
			return eachFailed(Possible, func(a attempt) bool {
				return backup && a.endpoint.Address == main && a.unanswered()
			})(f)
		},
	},
	{
		Code: "host.backlog_full", Kind: KindFault, Layer: LayerTCP, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskSecondExchange, AskTrace},
		Source: "repeated SYN-ACKs: tcp_max_syn_backlog / accept queue overflow, listen(2)",
		Title:  Text{"主机的连接队列已满", "The host's queue of new connections is full"},
		Advice: Text{"请收单机构检查前置是否过载或停止接收连接。", "Ask the acquirer whether its front end is overloaded or has stopped accepting."},
		test: located(eachFailed(Possible, func(a attempt) bool {
			s, _, ok := a.silence()
			return ok && s == silenceBacklog
		}), func(a attempt) []string { // the way there is open, to a connection that found room
			if at, ok := a.worked(TaskSecond); ok {
				return []string{at}
			}
			if a.f.whole(TaskExchange) && a.f.passesTo(a.address()) {
				_, _, at, _ := a.failed()
				return []string{at}
			}
			return nil
		}),
	},
	{
		Code: "network.path.one_way", Kind: KindFault, Layer: LayerPath, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noPath, Wants: []Question{AskTrace, AskSecondExchange},
		Source: "repeated SYN-ACKs: also what a path does that loses everything the terminal sends after the SYN",
		Title:  Text{"终端发出的数据可能在网络中丢失", "What the terminal sends may be lost on the way"},
		Advice: Text{"换一个网络再试：能通则是本网络的问题。", "Try another network: if that works, it is this network."},
		test: eachFailed(Possible, func(a attempt) bool {
			s, _, ok := a.silence()
			return ok && s == silenceBacklog && !a.loopback()
		}),
	},
	{
		Code: "host.front_end_only", Kind: KindFault, Layer: LayerTCP, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskOtherEndpoint, AskSecondExchange},
		Source: "zero window and window probes (RFC 9293 section 3.8.6.1): connected, and the request is never taken",
		Title:  Text{"前置接受了连接，但后面的主机不收数据", "A front end accepts the connection, but nothing behind it takes the request"},
		Advice: Text{"请收单机构检查前置后面的主机。", "Have the acquirer check the host behind its front end."},
		test: func(f *facts) []sighting {
			return f.proofOf(func(a attempt) (Confidence, bool) {
				s, _, ok := a.silence()
				return a.onceReached(StepConnect), ok && s == silenceZeroWindow
			})
		},
	},
	{
		Code: "device.send_stuck", Kind: KindFault, Layer: LayerTCP, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: noPath, Wants: []Question{AskSecondExchange},
		Source: "SIOCOUTQNSD above zero without a shut window: the request never left the device",
		Title:  Text{"请求没有全部发出（原因不明）", "The request did not leave the terminal completely; the reason is not known"},
		Advice: Text{"重启终端再试。", "Restart the terminal and try again."},
		test: eachFailed(Possible, func(a attempt) bool {
			s, _, ok := a.silence()
			return ok && s == silenceUnsent
		}),
	},
	{
		Code: "host.no_response", Kind: KindFault, Layer: LayerSignOn, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskEarlyEnd, AskSecondExchange, AskOtherEndpoint, AskMessage, AskTrace, AskReference, AskPortal},
		Source: "request acknowledged (RFC 9293 section 3.4), keepalives answered to the deadline, no hole in what was received; and the terminal's early end shows that nothing was sent that got lost",
		Title:  Text{"主机收到了请求，但没有应答", "The host received the request and does not answer"},
		Advice: Text{"告诉收单机构：请求已送达（TCP 已确认），限定时间内没有应答；请其检查应用和后台。",
			"Tell the acquirer: the request arrived (TCP acknowledged it) and no reply came in the time allowed. Have it check its application."},
		test: func(f *facts) []sighting {
			return f.proofOf(func(a attempt) (Confidence, bool) {
				s, step, ok := a.silence()
				if !ok || step != StepSignOn || a.signOn.Failure.Is(FailCutShort) {
					return Possible, false
				}
				return a.silentConfidence(s)
			})
		},
	},
	{
		Code: "host.edge_drops", Kind: KindFault, Layer: LayerTCP, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: slices.Concat(noPath, []Code{"network.path.mtu"}), Wants: []Question{AskSmallSegments, AskSecondExchange, AskOtherUplink},
		Source: "RFC 9293 section 3.10.7.4: what follows the reply arrived and the reply did not, or large segments vanish; the acquirer's own firewall can drop them as well as the way",
		Title:  Text{"主机的应答可能被收单机构自己的边界设备丢弃", "The acquirer's own edge may drop what its host answers"},
		Advice: Text{"请收单机构检查边界防火墙是否丢弃应答。", "Have the acquirer check whether its edge firewall drops the replies."},
		test:   eachFailed(Possible, func(a attempt) bool { return !a.loopback() && (a.replyHole() || a.largeLost()) }),
	},
	{
		Code: "host.tls_no_response", Kind: KindFault, Layer: LayerTLS, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskEarlyEnd, AskSecondExchange, AskOtherEndpoint, AskSmallSegments, AskTrace, AskReference, AskPortal},
		Source: "ClientHello acknowledged, keepalives answered to the deadline, no hole in what was received",
		Title:  Text{"主机收到了 TLS 握手请求，但握手没有完成", "The host received the TLS hello, and the handshake does not come to an end"},
		Advice: Text{"请收单机构检查 TLS 前置；并核对该端口是否使用 TLS。", "Have the acquirer check its TLS front end, and check that this port speaks TLS at all."},
		test: func(f *facts) []sighting {
			return f.proofOf(func(a attempt) (Confidence, bool) {
				s, step, ok := a.silence()
				if !ok || step != StepTLS {
					return Possible, false
				}
				return a.silentConfidence(s)
			})
		},
	},
	{
		Code: "host.closed", Kind: KindFault, Layer: LayerSignOn, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskSecondExchange, AskOtherEndpoint, AskMessage, AskTrace, AskReference, AskPortal},
		Source: "FIN without a reply (RFC 9293 section 3.6)",
		Title:  Text{"主机没有应答就关闭了连接", "The host closed the connection without a reply"},
		Advice: Text{"联系收单机构：主机不应答而关闭连接，后台可能超时。", "Call the acquirer: the host closes without a reply; its back end may be timing out."},
		test: func(f *facts) []sighting {
			return f.proofOf(func(a attempt) (Confidence, bool) {
				step, fail, _, _ := a.failed()
				if !a.goodBefore() { // a host may well close on a message that is not for it
					return Possible, step == StepSignOn && fail.Is(FailClosed)
				}
				return Proven, step == StepSignOn && fail.Is(FailClosed)
			})
		},
	},
	{
		Code: "host.reset", Kind: KindFault, Layer: LayerSignOn, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskTrace, AskSecondExchange, AskOtherEndpoint, AskMessage},
		Source: "RST after the request was acknowledged: the host's program died, or a device on the way reset one side or both",
		Title:  Text{"请求送达后连接被强行断开", "The connection was reset after the request arrived"},
		Advice: Text{"联系收单机构：主机收到请求后断开，应用可能异常退出。", "Call the acquirer: the host resets after taking the request; its application may be crashing."},
		test: func(f *facts) []sighting {
			return f.proofOf(func(a attempt) (Confidence, bool) {
				step, fail, _, _ := a.failed()
				if step != StepSignOn || !fail.Is(FailReset, FailAborted) || a.resetEarly() {
					return Possible, false
				}
				// A device on the way can reset in the host's name; or end the host's side, and the
				// host itself then resets what we send.
				return Possible, true
			})
		},
	},
	{
		Code: "host.cut_short", Kind: KindFault, Layer: LayerSignOn, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskSecondExchange, AskOtherEndpoint},
		Source: "FIN, or silence with keepalives answered, inside a reply",
		Title:  Text{"主机的应答没有收完", "The host's reply did not arrive completely"},
		Advice: Text{"联系收单机构：应答没有发完。", "Call the acquirer: its reply does not come through to the end."},
		test: func(f *facts) []sighting {
			return f.proofOf(func(a attempt) (Confidence, bool) {
				step, fail, _, tcp := a.failed()
				if step != StepSignOn || !fail.Is(FailCutShort) {
					return Possible, false
				}
				if s, _, stalled := a.silence(); stalled { // a lost rest looks the same
					return a.silentConfidence(s)
				}
				if tcp == nil { // an end and a stall cannot be told apart
					return Possible, true
				}
				return Proven, true
			})
		},
	},
	{
		Code: "host.slow", Kind: KindFault, Layer: LayerSignOn, Domain: DomainHost, Party: PartyAcquirer,
		Wants:  []Question{AskSecondExchange},
		Source: "host time: reply wait minus the kernel's smoothed round trip, with no loss in either direction; against the site's limit, and against what was usual at this hour",
		Title:  Text{"主机应答很慢", "The host answers slowly"},
		Advice: Text{"联系收单机构：网络往返正常，主机处理时间过长。", "Call the acquirer: the network's round trip is fine, the host takes too long."},
		test: func(f *facts) []sighting {
			limit := f.Site.Limits.ReplyWarnMs
			if limit <= 0 {
				return nil
			}
			var out, slow []sighting
			for _, a := range f.attempts {
				if a.late() { // longer than the wait, on a sound way
					_, _, at, _ := a.failed()
					out = append(out, sighting{resource: a.address(), confidence: Likely, because: []string{at}, explains: []string{at}})
				}
			}
			long := false
			for _, a := range f.attempts {
				if because, ok := a.slowReply(limit); ok {
					ms, _ := a.hostTime()
					long = long || ms >= 3000
					slow = append(slow, sighting{resource: a.address(), confidence: Likely, because: because})
				}
			}
			// One slow reply may be chance; three seconds of it are not.
			if len(slow) >= 2 || long {
				out = append(out, slow...)
			}
			return out
		},
	},
}

// hostTime is how long the host took for the reply: the wait for it minus the
// connection's smoothed round trip as the kernel knows it, in ms. It is not known (ok
// false) without a reply, without the kernel's figure, after a loss in either direction
// since the request, when part of the wait was a retransmission's, and where keepalives
// remained unanswered meanwhile: then the line stood still, or the host's whole machine.
func (a attempt) hostTime() (ms float64, ok bool) {
	s := a.signOn
	if s == nil || s.Failure != nil || s.TCP == nil || s.TCP.RTTMs == nil {
		return 0, false
	}
	before := a.before(StepSignOn)
	if before == nil {
		before = &TCP{}
	}
	grown := func(now, then *int64) bool { return value(now) > value(then) }
	if grown(s.TCP.TotalRetrans, before.TotalRetrans) || grown(s.TCP.RcvOooPack, before.RcvOooPack) || grown(s.TCP.DSACKDups, before.DSACKDups) ||
		!steady(s.TCP, before, s.ElapsedMs, s.KeepaliveMs) {
		return 0, false
	}
	return max(0, s.ElapsedMs-*s.TCP.RTTMs), true
}

// refused reports whether the host's address refused the connection in its own name: a
// reset, or an ICMP port unreachable that it sent itself.
func (a attempt) refused() bool {
	if a.connect == nil || !a.connect.Failure.Is(FailRefused) {
		return false
	}
	for _, e := range a.connect.ICMP {
		if e.From != a.ip().String() {
			return false
		}
	}
	return true
}

// companion returns the pointer of a connection to another port of the same address
// that was made in this round, "" when there is none.
func (a attempt) companion() string {
	for _, b := range a.f.attempts {
		if b.task != a.task && b.ip() == a.ip() && b.connect != nil && b.connect.Failure == nil {
			return b.connectAt
		}
	}
	return ""
}

// addressAnswers reports whether that address is known to be reached in this round.
func (a attempt) addressAnswers() bool { return a.companion() != "" }

// silentConfidence is how surely silence after an acknowledged request is the host's.
func (a attempt) silentConfidence(s silence) (Confidence, bool) {
	step, _, _, tcp := a.failed()
	switch {
	case step == StepSignOn && a.signOn.RequestBytes == 0 && (s == silenceAlive || s == silenceAcked):
		return Possible, true // nothing was asked: who was to speak first?
	case s == silenceGap:
		return Possible, true // the reply may have been lost while nothing came through
	case s != silenceAlive && s != silenceAcked || a.holeAtEnd() || a.late():
		return Possible, false
	case a.stuck(): // whatever it got
	case !a.nothingSent():
		return Possible, true // what it sent may have got lost
	case !a.goodBefore() && !(step == StepTLS && a.reachedBefore(StepTLS)):
		return Possible, true // what was never answered may not be meant for this host
	}
	if s == silenceAlive && tcp.RcvOooPack != nil {
		return Proven, true
	}
	return Likely, true
}

// onceReached is likely for a failure that the terminal's settings cannot have caused,
// because it came this far before.
func (a attempt) onceReached(step Step) Confidence {
	if a.reachedBefore(step) || a.goodBefore() {
		return Likely
	}
	return Possible
}

// proofOf is a host row's test: judge says how sure the exchange alone makes, and the
// rules of proof lower it. The same message must have been answered before (else the
// message itself may be wrong), and what acknowledged must be the acquirer's side.
func (f *facts) proofOf(judge func(attempt) (Confidence, bool)) []sighting {
	var out []sighting
	for _, a := range f.attempts {
		_, fail, at, _ := a.failed()
		if fail == nil {
			continue
		}
		c, ok := judge(a)
		if !ok {
			continue
		}
		// Verified TLS says who holds the key, not who acknowledges: an accelerator on the way
		// takes and closes TCP connections in the host's name.
		if c == Proven && !(a.goodBefore() && a.loopback()) {
			c = Likely
		}
		s := sighting{resource: a.address(), confidence: c, because: []string{at}, explains: []string{at}}
		if c != Possible && a.hostSide() && !a.loopback() && !a.beganToReply() {
			from := a.fromHost()
			if from == nil { // an accelerator may have taken our part, and the way behind it be cut
				s.confidence = Possible
			}
			s.because = append(s.because, from...)
		}
		if _, small := a.smallHelps(); small || a.answeredNear() != nil { // it is not the host that failed, or that answered
			s.confidence = Possible
		}
		out = append(out, s)
	}
	return out
}

// beganToReply reports whether part of a reply came, twice: the way from the host stood.
func (a attempt) beganToReply() bool {
	_, fail, _, _ := a.failed()
	_, again := a.repeated()
	return fail.Is(FailCutShort) && again
}

// hostSide reports whether a failure came after the peer's kernel had taken our part:
// the cases in which the peer's identity matters.
func (a attempt) hostSide() bool {
	if s, _, ok := a.silence(); ok {
		return s == silenceAlive || s == silenceGap || s == silenceAcked || s == silenceZeroWindow
	}
	step, fail, _, _ := a.failed()
	if step == "" || step == StepConnect {
		return false
	}
	return fail.Is(FailClosed, FailCutShort) || fail.Is(FailReset, FailAborted) && !a.resetEarly()
}

// doubtful returns the pointer of a failure for which the terminal's own settings may
// be the reason, because this exchange never succeeded before.
func (a attempt) doubtful() (string, bool) {
	step, fail, at, _ := a.failed()
	switch {
	case fail == nil && a.replied() && a.f.Site.class(a.signOn.ResponseCode) == ClassRegistration:
		return a.signOnAt, !a.goodBefore()
	case fail == nil:
		return "", false
	case step == StepConnect:
		return at, (a.refused() || a.unanswered() || len(a.connect.ICMP) > 0) && !a.reachedBefore(StepConnect)
	case a.hostSide():
		return at, !a.goodBefore() && !(step == StepTLS && a.reachedBefore(StepTLS))
	case step == StepTLS:
		return at, fail.Is(FailTLSAlert, FailTLSVersion, FailNotTLS, FailTLSMalformed) && !a.reachedBefore(StepTLS)
	}
	return at, fail.Is(FailNotISO8583, FailLength, FailMessageType, FailOtherTerminal, FailUnexpected) && !a.goodBefore()
}
