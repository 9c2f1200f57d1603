package report

// httpRows: HTTP answers with another status than the good ones (RFC 9110 section 15).
var httpRows = []Row{
	{
		Code: "host.gateway_500", Kind: KindFault, Layer: LayerSignOn, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskSecondExchange, AskOtherEndpoint, AskMessage},
		Source: "HTTP 500 without a body in answer to a message in a POST: what access gateways send for a host that is down, in the code of UnionPay terminals",
		Title:  Text{"接入网关正常，它后面的收单主机没有应答", "The access gateway answers; the acquirer's host behind it does not"},
		Advice: Text{"告诉收单机构：接入网关返回空的 500，请检查网关后面的主机。",
			"Tell the acquirer that its access gateway answers with an empty 500: it should check the host behind the gateway."},
		test: func(f *facts) []sighting {
			return f.proofOf(func(a attempt) (Confidence, bool) {
				switch {
				case !a.gatewayAlone():
					return Possible, false
				case a.strangePeer() || !a.goodBefore(): // or a path that leads nowhere
					return Possible, true
				}
				return Likely, true
			})
		},
	},
	{
		Code: "host.http_status", Kind: KindFault, Layer: LayerSignOn, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noPath, Wants: []Question{AskSecondExchange, AskOtherEndpoint, AskMessage, AskPortal},
		Source: "RFC 9110 section 15.6: with 5xx the server says that it is the one that failed; other codes are about the request as well",
		Title:  Text{"主机返回了错误的 HTTP 状态码", "The host answers with an HTTP error"},
		Advice: Text{"把 HTTP 状态码告诉收单机构，请其检查服务。", "Tell the acquirer the HTTP status, and have it check its service."},
		test: func(f *facts) []sighting {
			return f.proofOf(func(a attempt) (Confidence, bool) {
				switch status := a.httpStatus(); {
				case status == 0 || status == statusProxyLogin || status == statusPortalLogin || a.gatewayAlone():
					return Possible, false
				case status < 500 || !a.knownPeer() || !a.goodBefore(): // anybody on the way can say it for the host
					return Possible, true
				}
				return Likely, true
			})
		},
	},
	{
		Code: "device.config.http", Kind: KindFault, Layer: LayerSignOn, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: noPath, Wants: []Question{AskOtherEndpoint, AskMessage},
		Source: "RFC 9110 sections 15.4 and 15.5: with 3xx and 4xx the server says that the request is for elsewhere, or wrong; any status where no request was ever answered",
		Title:  Text{"HTTP 路径、令牌或请求头可能与主机不符", "Path, token or headers of the HTTP request may not fit this host"},
		Advice: Text{"与收单机构核对地址、端口、HTTP 路径、令牌和请求头。", "Compare address, port, path, token and headers of the HTTP request with the acquirer."},
		test: eachFailed(Possible, func(a attempt) bool {
			_, fail, _, _ := a.failed()
			switch status := a.httpStatus(); {
			case status == statusProxyLogin || status == statusPortalLogin:
				return false
			case status >= 300 && status < 500:
				return true
			}
			return fail.Is(FailHTTPStatus, FailNotHTTP) && !a.goodBefore()
		}),
	},
}

// The status codes of those who stand in between: a proxy that wants a log-in (RFC 9110
// section 15.5.8), and a network that does (RFC 6585 section 6).
const (
	statusProxyLogin  = 407
	statusPortalLogin = 511
)

// httpStatus is the status of the HTTP answer that failed the attempt, 0 when it was
// something else.
func (a attempt) httpStatus() int64 {
	if _, fail, _, _ := a.failed(); a.signOn == nil || !fail.Is(FailHTTPStatus) {
		return 0
	}
	return value(a.signOn.HTTPStatus)
}

// gatewayAlone reports whether an access gateway answered a message in a POST with
// nothing but its own failure.
func (a attempt) gatewayAlone() bool {
	return a.httpStatus() == 500 && a.signOn.Protocol != "http" && zero(a.signOn.HTTPBodyBytes)
}
