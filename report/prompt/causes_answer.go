package prompt

import "posprobe/report"

// noAnswer is P2.
var noAnswer = Prompt{
	ID:    "P2",
	Words: report.Text{ZH: "商户无应答", EN: "merchant does not answer"},
	words: words{
		full: "商户无应答 商户无响应 商户无回应 商户无反应 商户不应答 商户没有应答 商户没有响应 商户没应答 商户没响应 商户未应答 商户未响应 商店无应答 商店无回应 商店无响应 特店无回应 " +
			"主机无应答 主机无响应 主机无回应 主机无反应 主机不应答 主机没有应答 主机没有响应 主机没应答 主机未应答 主机未响应 后台无应答 后台无响应 中心无应答 中心无响应 系统无应答 系统无响应 服务器无应答 服务器无响应 平台无应答 平台无响应 银行无应答 银联无应答 收单行无应答 收不到应答 未收到应答 没收到应答 " +
			"与收单行联系 联系收单行 联络收单行 与收单机构联系 联系收单机构 联系收单银行 与收单银行联系 " +
			"merchantdoesnotanswer merchantdoesnotrespond merchantdoesntanswer merchantdoesntrespond merchantdidnotrespond merchantdidnotanswer merchantisnotresponding merchantnotresponding merchantnotanswering merchantnoresponse merchantnoanswer merchantnoreply noresponsefrommerchant noanswerfrommerchant noreplyfrommerchant merchanthasnoresponse " +
			"hostdoesnotanswer hostdoesnotrespond hostdidnotrespond hostisnotresponding hostnotresponding hostnotanswering hostnoresponse hostnoanswer hostnoreply noresponsefromhost noresponsefromthehost noanswerfromhost noreplyfromhost nohostresponse noresponsefromserver servernotresponding noresponsefromacquirer acquirernotresponding " +
			"contactacquirer calltheacquirer callacquirer contacttheacquirer contactyouracquirer",
		part: "无应答 无响应 无回应 没有应答 没有响应 没应答 未应答 noresponse noanswer noreply notresponding notanswering",
		weak: "商户 商店 特店 收单行 收单机构 merchant acquirer",
	},
	Causes: []Cause{
		{ID: "2.1", Codes: []string{"host.no_response", "host.tls_no_response", "host.front_end_only", "host.closed"},
			Is:   report.Text{ZH: "报文已送到主机一侧，主机不应答", EN: "the message arrived on the host's side, and the host does not answer"},
			Told: report.Text{ZH: "对方系统确认收到、等待期间线路有回应，却没有应答", EN: "its system acknowledged the message, the line answered while we waited, and no reply came"}},
		{ID: "2.2", Codes: []string{"network.path.lost", "network.path.*", "network.access.*"},
			Is:   report.Text{ZH: "报文到不了主机（在网络途中丢失或不通）", EN: "the message does not get to the host: it is lost on the way, or there is no way through"},
			Told: report.Text{ZH: "没有得到确认，重发仍无回音；路径在哪里中断", EN: "it was never acknowledged however often it was sent; where the way ends"}},
		{ID: "2.3", Codes: []string{"network.local.*"},
			Is:   report.Text{ZH: "终端到路由器这一段有问题（网线、接头、USB 网卡、Wi-Fi 或路由器）", EN: "the stretch from terminal to router is bad: cable, connector, USB adapter, Wi-Fi or the router itself"},
			Told: report.Text{ZH: "线路信号、通断次数、接收错误、路由器是否在线", EN: "signal on the line, how often it changed, receive errors, whether the router is there"}},
		{ID: "2.4", Codes: []string{"device.interface_missing", "device.interface_off"},
			Is:   report.Text{ZH: "终端的通讯模块故障或没有打开", EN: "the terminal's communication module failed or is switched off"},
			Told: report.Text{ZH: "网络接口不见了或打不开", EN: "the interface has gone or cannot be enabled"}},
		{ID: "2.5", Codes: []string{"network.local.duplicate_address", "device.port_in_use"},
			Is:   report.Text{ZH: "别的设备或程序占用了终端的地址或端口", EN: "another device or program uses the terminal's address or port"},
			Told: report.Text{ZH: "地址冲突检查（ARP）、端口绑定失败", EN: "a second answer to ARP for the address; a port that cannot be bound"}},
		{ID: "2.6", Codes: []string{"network.local.congested"},
			Is:   report.Text{ZH: "店内其他设备占满了网络", EN: "other devices in the shop crowd the terminal out"},
			Told: report.Text{ZH: "线路正常而到网关的延时和丢包很高", EN: "delay and loss to the gateway are high on a sound link"}},
		{ID: "2.7", Codes: []string{"account.*", "device.application_ids"},
			Is:   report.Text{ZH: "商户或终端没有登记、被冻结或资料不符", EN: "merchant or terminal is not registered, frozen, or registered otherwise"},
			Told: report.Text{ZH: "应答码 03、58、97 等", EN: "response codes 03, 58, 97 and kin"}},
		{ID: "2.8", Codes: []string{"device.software_outdated"},
			Is:   report.Text{ZH: "支付应用的版本过旧", EN: "the payment application is out of date"},
			Told: report.Text{ZH: "装的版本与配置中的最低版本比较", EN: "the installed version against the minimum in the configuration"}},
		{ID: "2.9", Codes: []string{"host.*"},
			Is:   report.Text{ZH: "终端与银行之间的网关或主机出故障", EN: "a gateway or host between terminal and bank is out of order"},
			Told: report.Text{ZH: "应答码 68、91、92、96 等；主机拒绝、断开或答非所问", EN: "response codes 68, 91, 92, 96; or it refuses, breaks off, or answers something else"}},
		{ID: "2.10", Codes: []string{"outside.operator"}, Outside: true,
			Is:   report.Text{ZH: "店员没有及时操作或操作有误", EN: "staff did not act in time, or made a mistake"},
			Told: report.Text{ZH: "其他都正常时只剩它", EN: "it is left when all else is sound"}},
	},
}
