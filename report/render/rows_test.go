package render

import "posprobe/report"

// rows is a catalogue that stands still: the golden files show the layout, and do not
// change whenever a sentence of the real catalogue does. TestCatalogue uses that one.
var rows = map[report.Code]report.Row{
	"network.local.no_carrier": {Kind: report.KindFault, Layer: report.LayerLink, Domain: report.DomainNetwork,
		Title:  report.Text{ZH: "没有检测到网线信号", EN: "No signal on the cable"},
		Advice: report.Text{ZH: "检查网线两端是否插紧，路由器是否通电。换一根网线再试。", EN: "Check that the cable is plugged in at both ends and that the router has power. Try another cable."}},
	"network.local.flapping": {Kind: report.KindFault, Layer: report.LayerLink, Domain: report.DomainNetwork,
		Title:  report.Text{ZH: "网线信号时断时续", EN: "The cable's signal comes and goes"},
		Advice: report.Text{ZH: "检查接头是否松动。", EN: "Look for a loose connector. Try another port of the router."}},
	"device.no_route": {Kind: report.KindFault, Layer: report.LayerRoute, Domain: report.DomainDevice,
		Title:  report.Text{ZH: "终端没有通往收单主机的路由", EN: "The terminal has no route to the acquirer"},
		Advice: report.Text{ZH: "检查终端的网关设置。", EN: "Check the terminal's gateway setting."}},
	"network.dns.unreachable": {Kind: report.KindFault, Layer: report.LayerResolver, Domain: report.DomainNetwork,
		Title:  report.Text{ZH: "DNS 服务器没有应答", EN: "The name server does not answer"},
		Advice: report.Text{ZH: "重启路由器；仍不行请联系网络运营商。", EN: "Restart the router. If that does not help, call the network provider."}},
	"network.access.slow": {Kind: report.KindFault, Layer: report.LayerAccess, Domain: report.DomainNetwork,
		Title:  report.Text{ZH: "网络很慢", EN: "The network is slow"},
		Advice: report.Text{ZH: "换到信号好的位置再试。", EN: "Move to a place with a better signal. Try again."}},
	"network.path.silent": {Kind: report.KindFault, Layer: report.LayerPath, Domain: report.DomainNetwork,
		Title:  report.Text{ZH: "请求可能丢在途中", EN: "The request may get lost on the way"},
		Advice: report.Text{ZH: "换一个网络再试。", EN: "Try another network."}},
	"host.silent": {Kind: report.KindFault, Layer: report.LayerTCP, Domain: report.DomainHost,
		Title:  report.Text{ZH: "主机可能没有回应连接", EN: "The host may not answer connections"},
		Advice: report.Text{ZH: "询问收单机构该地址是否在服务。", EN: "Ask the acquirer whether this address is in service."}},
	"host.refused": {Kind: report.KindFault, Layer: report.LayerTCP, Domain: report.DomainHost,
		Title:  report.Text{ZH: "主机拒绝连接", EN: "The host refuses the connection"},
		Advice: report.Text{ZH: "请收单机构确认该端口的服务是否启动。", EN: "Ask the acquirer whether the service on this port is running."}},
	"host.no_response": {Kind: report.KindFault, Layer: report.LayerSignOn, Domain: report.DomainHost,
		Title:  report.Text{ZH: "主机收到请求但没有应答", EN: "The host took the request and did not answer"},
		Advice: report.Text{ZH: "把报告编号告诉收单机构。请支付应用方核对 TPDU、报文头和报文。", EN: "Give the acquirer the report id. Compare TPDU, header and message with the payment application."}},
	"host.slow": {Kind: report.KindFault, Layer: report.LayerSignOn, Domain: report.DomainHost,
		Title:  report.Text{ZH: "主机应答慢", EN: "The host answers slowly"},
		Advice: report.Text{ZH: "过几分钟再试，并告知收单机构。", EN: "Try again in a few minutes. Tell the acquirer."}},
	"device.config": {Kind: report.KindFault, Layer: report.LayerSignOn, Domain: report.DomainDevice,
		Title:  report.Text{ZH: "终端的报文参数可能不对", EN: "The terminal's message parameters may be wrong"},
		Advice: report.Text{ZH: "核对 TPDU、终端号和商户号。", EN: "Compare TPDU, terminal id and merchant id."}},
	"device.clock.skew": {Kind: report.KindFault, Layer: report.LayerDevice, Domain: report.DomainDevice,
		Title:  report.Text{ZH: "终端时钟不准", EN: "The terminal's clock is wrong"},
		Advice: report.Text{ZH: "校准终端的日期和时间。", EN: "Set the terminal's date and time."}},
	"account.terminal": {Kind: report.KindFault, Layer: report.LayerAccount, Domain: report.DomainAccount,
		Title:  report.Text{ZH: "收单机构没有登记这台终端", EN: "The acquirer does not know this terminal"},
		Advice: report.Text{ZH: "请收单机构核对终端号和商户号的登记。", EN: "Ask the acquirer to check the record of terminal id and merchant id."}},
	"note.gateway_silent": {Kind: report.KindNote, Layer: report.LayerNeighbor,
		Title:  report.Text{ZH: "网关不应答 ping", EN: "The gateway does not answer pings"},
		Advice: report.Text{ZH: "许多路由器如此，不必处理。", EN: "Many routers do not. Nothing needs to be done."}},
	"note.client_certificate": {Kind: report.KindNote, Layer: report.LayerTLS,
		Title: report.Text{ZH: "主机要求客户端证书，posprobe 没有，因此签到未测", EN: "The host wants a client certificate that posprobe does not have, so sign-on is untested"}},
}

func testRows(code report.Code) (report.Row, bool) {
	r, ok := rows[code]
	return r, ok
}
