package report

import (
	"slices"
	"time"
)

// tlsRows: the endpoint's TLS.
var tlsRows = []Row{
	{
		Code: "host.tls_refused", Kind: KindFault, Layer: LayerTLS, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskOtherEndpoint, AskSecondExchange},
		Source: "RFC 8446 section 6.2: a fatal alert from the peer, or no common version",
		Title:  Text{"主机拒绝 TLS 握手", "The host refuses the TLS handshake"},
		Advice: Text{"请收单机构确认该端口要求的 TLS 版本和套件，并与支付应用核对。",
			"Ask the acquirer which TLS versions and suites this port wants, and compare with the payment application."},
		test: eachTLS(func(a attempt) (Confidence, bool) {
			if !a.tls.Failure.Is(FailTLSAlert, FailTLSVersion) {
				return Possible, false
			}
			if a.reachedBefore(StepTLS) {
				return Likely, true
			}
			return Possible, true
		}),
	},
	{
		Code: "host.tls_closed", Kind: KindFault, Layer: LayerTLS, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskOtherEndpoint, AskSecondExchange},
		Source: "FIN or RST during the handshake, after the hello was acknowledged",
		Title:  Text{"主机在 TLS 握手中断开连接", "The host ends the connection during the TLS handshake"},
		Advice: Text{"请收单机构检查 TLS 前置。", "Have the acquirer check its TLS front end."},
		test: func(f *facts) []sighting {
			return f.proofOf(func(a attempt) (Confidence, bool) {
				step, fail, _, _ := a.failed()
				switch {
				case step != StepTLS:
				case fail.Is(FailClosed, FailCutShort) && !a.stalled():
					return a.onceReached(StepTLS), true
				case fail.Is(FailReset, FailAborted) && !a.resetEarly(): // name filters on the way do this as well
					return Possible, true
				}
				return Possible, false
			})
		},
	},
	{
		Code: "network.path.tls_cut", Kind: KindFault, Layer: LayerPath, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noPath, Wants: []Question{AskTrace, AskOtherEndpoint},
		Source: "RST during the handshake: filters on the way cut TLS by the name in its hello",
		Title:  Text{"TLS 握手可能被中间设备切断", "A device on the way may have cut the TLS handshake"},
		Advice: Text{"换一个网络再试：能通则是本网络的问题。", "Try another network: if that works, it is this network."},
		test: eachTLS(func(a attempt) (Confidence, bool) {
			return Possible, a.tls.Failure.Is(FailReset, FailAborted) && !a.resetEarly() && !a.loopback()
		}),
	},
	{
		Code: "host.not_tls", Kind: KindFault, Layer: LayerTLS, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskTrace, AskReference, AskPortal, AskOtherEndpoint},
		Source: "RFC 8446 section 5.1: the answer is no TLS record",
		Title:  Text{"对方没有使用 TLS", "What answers does not speak TLS"},
		Advice: Text{"核对该端口是否使用 TLS。", "Check whether this port is meant to speak TLS."},
		test: eachTLS(func(a attempt) (Confidence, bool) {
			if !a.tls.Failure.Is(FailNotTLS, FailTLSMalformed) {
				return Possible, false
			}
			return Possible, true
		}),
	},
	{
		Code: "host.certificate_expired", Kind: KindFault, Layer: LayerTLS, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: slices.Concat(noPath, []Code{"device.clock.unset", "device.clock.skew", "device.clock.zone"}),
		Wants:    []Question{AskClock},
		Source:   "RFC 5280 section 4.1.2.5 notAfter, at corrected time",
		Title:    Text{"主机的证书已过期", "The host's certificate has expired"},
		Advice:   Text{"通知收单机构更换证书。", "Tell the acquirer to replace its certificate."},
		test: func(f *facts) []sighting {
			return f.certificateDates(CertExpired, func(c Certificate, now time.Time) bool { return now.After(c.NotAfter) })
		},
	},
	{
		Code: "host.certificate_not_yet_valid", Kind: KindFault, Layer: LayerTLS, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: slices.Concat(noPath, []Code{"device.clock.unset", "device.clock.skew", "device.clock.zone"}),
		Wants:    []Question{AskClock},
		Source:   "RFC 5280 section 4.1.2.5 notBefore, at corrected time",
		Title:    Text{"主机的证书尚未生效", "The host's certificate is not yet valid"},
		Advice:   Text{"通知收单机构检查证书。", "Tell the acquirer to check its certificate."},
		test: func(f *facts) []sighting {
			return f.certificateDates(CertNotYetValid, func(c Certificate, now time.Time) bool { return now.Before(c.NotBefore) })
		},
	},
	{
		Code: "device.clock.unsure", Kind: KindFault, Layer: LayerDevice, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: []Code{"device.clock.unset", "device.clock.skew", "device.clock.zone"}, Wants: []Question{AskClock},
		Source: "a certificate is outside its dates by a clock that nothing confirms",
		Title:  Text{"终端时钟可能不准（证书日期与之不符）", "The terminal's clock may be wrong: the certificate's dates disagree with it"},
		Advice: Text{"先核对终端的日期和时间，再重新签到。", "Check the terminal's date and time first, then sign on again."},
		test: func(f *facts) []sighting {
			if f.dateKnown() {
				return nil
			}
			var out []sighting
			for _, p := range f.badTimes(CertExpired, CertNotYetValid) {
				out = append(out, sighting{confidence: Possible, because: []string{p}, explains: []string{p}})
			}
			return out
		},
	},
	{
		Code: "host.certificate_name", Kind: KindFault, Layer: LayerTLS, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskPortal, AskOtherEndpoint},
		Source: "RFC 9525: the certificate does not name the endpoint",
		Title:  Text{"主机的证书不是发给这个地址的", "The host's certificate is for another name"},
		Advice: Text{"与收单机构核对主机名和证书。", "Compare host name and certificate with the acquirer."},
		test: func(f *facts) []sighting {
			return f.certificates(CertWrongName, possibly)
		},
	},
	{
		Code: "host.certificate_issuer", Kind: KindFault, Layer: LayerTLS, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskPortal, AskOtherEndpoint},
		Source: "RFC 5280 section 6: no path to a trusted root, or another key than the pinned one",
		Title:  Text{"主机的证书无法证实（可能更换了证书）", "The host's certificate cannot be confirmed: it may have been replaced"},
		Advice: Text{"向收单机构索取其根证书或公钥指纹（pin）。", "Ask the acquirer for its root certificate or its key's pin."},
		test: func(f *facts) []sighting {
			return f.certificates(CertUnknownIssuer, possibly, CertPinMismatch, CertInvalid)
		},
	},
	{
		Code: "device.trust_store", Kind: KindFault, Layer: LayerTLS, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: noPath,
		Source:   "RFC 5280 section 6: the trusted roots are the terminal's",
		Title:    Text{"终端的根证书可能缺失或过期", "The terminal's trusted roots may lack the acquirer's or be out of date"},
		Advice:   Text{"用 --ca 指定收单机构的根证书再试。", "Try again with the acquirer's root certificate (--ca)."},
		test: func(f *facts) []sighting {
			return f.certificates(CertUnknownIssuer, possibly, CertInvalid)
		},
	},
	{
		Code: "network.path.tls_interception", Kind: KindFault, Layer: LayerPath, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noPath, Wants: []Question{AskPortal, AskOtherEndpoint},
		Source: "a certificate that nothing vouches for is also what an intercepting device presents",
		Title:  Text{"TLS 连接可能被截获", "The TLS connection may be intercepted"},
		Advice: Text{"换一个网络再试：证书不同则是本网络截获。", "Try another network: another certificate there means that this one intercepts."},
		test: func(f *facts) []sighting {
			return f.certificates(CertUnknownIssuer, possibly, CertPinMismatch, CertWrongName)
		},
	},
	{
		Code: "device.server_name", Kind: KindFault, Layer: LayerTLS, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: noPath,
		Source:   "RFC 9525: the expected name or pin is the terminal's own setting",
		Title:    Text{"终端设置的主机名或指纹可能不对", "The host name or pin set on the terminal may be wrong"},
		Advice:   Text{"核对配置中的主机名（server_name）和指纹（pin）。", "Check server_name and pin in the configuration."},
		test: func(f *facts) []sighting {
			return f.certificates(CertWrongName, possibly, CertPinMismatch)
		},
	},
}

func possibly(attempt) Confidence { return Possible }

// eachTLS is a row's test over the attempts whose handshake failed.
func eachTLS(judge func(attempt) (Confidence, bool)) func(*facts) []sighting {
	return func(f *facts) []sighting {
		var out []sighting
		for _, a := range f.attempts {
			if a.tls == nil || a.tls.Failure == nil {
				continue
			}
			if c, ok := judge(a); ok {
				out = append(out, sighting{resource: a.address(), confidence: c, because: []string{a.tlsAt}, explains: []string{a.tlsAt}})
			}
		}
		return out
	}
}

// stalled reports whether the failure was the end of our patience and not of the
// connection.
func (a attempt) stalled() bool {
	_, _, ok := a.silence()
	return ok
}

// certificates finds handshakes with one of the problems.
func (f *facts) certificates(problem CertificateProblem, confidence func(attempt) Confidence, more ...CertificateProblem) []sighting {
	var out []sighting
	for _, a := range f.attempts {
		if a.tls == nil || !slices.ContainsFunc(a.tls.Problems, func(p CertificateProblem) bool {
			return p == problem || slices.Contains(more, p)
		}) {
			continue
		}
		s := sighting{resource: a.address(), confidence: confidence(a), because: []string{a.tlsAt}, explains: []string{a.tlsAt}}
		if _, fail, at, _ := a.failed(); fail.Is(FailUntrusted) {
			s.explains = append(s.explains, at)
		}
		out = append(out, s)
	}
	return out
}

// certificateDates finds certificates outside their dates. The device's own clock
// proves nothing: likely needs a date that something vouches for, and all the replies
// that could contradict it.
func (f *facts) certificateDates(problem CertificateProblem, outside func(Certificate, time.Time) bool) []sighting {
	now, _ := f.now()
	sound := f.whole(TaskExchange) && f.dateKnown()
	return f.certificates(problem, func(a attempt) Confidence {
		if sound && len(a.tls.Certificates) > 0 && outside(a.tls.Certificates[0], now) {
			return Likely
		}
		return Possible
	})
}

// skewLimit is the clock offset, in ms, from which the device's clock counts as wrong.
func (f *facts) skewLimit() float64 {
	if f.Site.Limits.ClockSkewMs > 0 {
		return f.Site.Limits.ClockSkewMs
	}
	return DefaultLimits().ClockSkewMs
}
