package prompt

import "posprobe/report"

// signOnTimeout is P3.
var signOnTimeout = Prompt{
	ID:    "P3",
	Words: report.Text{ZH: "签到超时", EN: "sign-on timed out"},
	words: words{
		full: "签到超时 签到逾时 签到失败 签到不成功 签到未成功 签到不上 签到异常 签到出错 签到错误 签到不了 无法签到 不能签到 签到通讯超时 签到通信超时 签到交易超时 签到无反应 签到未完成 联机签到失败 pos签到失败 登录超时 登陆超时 登入逾时 登录失败 登入失败 联机超时 联网超时 通讯超时 通信超时 网络超时 连接超时 联线逾时 连线逾时 接收超时 应答超时 响应超时 交易超时 主机超时 请求超时 等待超时 等候逾时 " +
			"signontimeout signontimedout signontimesout signonfailed signonfailure signonfail signonerror signonunsuccessful cannotsignon unabletosignon signonnotsuccessful signintimeout signintimedout signinfailed logontimeout logontimedout logonfailed logintimeout logintimedout loginfailed checkintimeout checkintimedout checkinfailed " +
			"connectiontimeout connectiontimedout communicationtimeout communicationtimedout networktimeout hosttimeout hosttimedout transactiontimeout transactiontimedout responsetimeout requesttimeout requesttimedout",
		part: "超时 逾时 timeout timedout",
		weak: "签到 signon signin logon",
	},
	Causes: []Cause{
		{ID: "3.1", Codes: []string{"network.*"},
			Is:   report.Text{ZH: "网络不通、不稳或信号覆盖差", EN: "the network is down, unsteady or badly covered"},
			Told: report.Text{ZH: "逐段的丢包、往返时间和重发", EN: "loss, round trip and retransmissions, stretch by stretch"}},
		{ID: "3.2", Codes: []string{"host.slow"},
			Is:   report.Text{ZH: "主机忙，处理得慢", EN: "the host is busy and slow"},
			Told: report.Text{ZH: "等待应答的时间减去网络往返，与平时相比", EN: "the wait for the reply less the network's round trip, against what is usual"}},
		{ID: "3.3", Codes: []string{"host.no_response", "host.*"},
			Is:   report.Text{ZH: "主机卡死或出故障，完成不了签到", EN: "the host hangs or is out of order and does not complete the sign-on"},
			Told: report.Text{ZH: "对方系统确认收到而没有应答；拒绝、断开或报系统错误", EN: "acknowledged and not answered; refused, broken off, or a system error for an answer"}},
		{ID: "3.4", Codes: []string{"network.access.slow", "network.access.congested", "network.path.slow"},
			Is:   report.Text{ZH: "网络太慢，主机处理时间正常", EN: "the network is slow, the host is not"},
			Told: report.Text{ZH: "往返时间长而主机用时正常", EN: "a long round trip with a normal time at the host"}},
		{ID: "3.5", Codes: []string{"device.cpu", "device.memory", "device.self_test", "device.ports_exhausted", "device.descriptors_exhausted", "device.buffers_exhausted"},
			Is:   report.Text{ZH: "终端自己太忙或资源不足", EN: "the terminal itself is too busy or lacks resources"},
			Told: report.Text{ZH: "程序自身的运行延迟、处理器和内存的等待时间", EN: "posprobe's own delays, stalls for processor and memory"}},
		{ID: "3.6", Codes: []string{"account.*", "device.config*", "device.application_ids", "device.endpoint_name", "device.server_name"},
			Is:   report.Text{ZH: "参数不对（地址、端口、TPDU、终端号、商户号）或没有登记", EN: "a parameter is wrong (address, port, TPDU, terminal or merchant id), or they are not registered"},
			Told: report.Text{ZH: "应答码；被拒绝；这台主机从未应答过这种报文", EN: "response codes; a refusal; silence to a message that this host never answered"}},
		{ID: "3.7", Codes: []string{"host.*"}, Plans: []report.Planned{report.PlannedServiceHours, report.PlannedMaintenance, report.PlannedCutover},
			Is:   report.Text{ZH: "这个时段主机不办签到（服务时间以外、维护或日切）", EN: "the host takes no sign-on at this hour: outside service hours, maintenance or cut-over"},
			Told: report.Text{ZH: "配置中的服务时间和维护时段；应答码 90", EN: "the service hours and windows of the configuration; response code 90"}},
		{ID: "3.8", Codes: []string{"network.dns.*", "device.resolver*"},
			Is:   report.Text{ZH: "DNS 慢或查不到地址", EN: "DNS is slow or fails"},
			Told: report.Text{ZH: "逐个询问每个 DNS 服务器", EN: "each name server asked on its own"}},
		{ID: "3.9", Codes: []string{"host.primary_down"},
			Is:   report.Text{ZH: "主用地址不通，备用地址可用", EN: "the main endpoint is dead, a backup works"},
			Told: report.Text{ZH: "主用和备用地址分别测试", EN: "the endpoints compared"}},
		{ID: "3.10", Codes: []string{"outside.card", "outside.operator", "outside.issuer"}, Outside: true,
			Is:   report.Text{ZH: "卡不对或密码、内容输错", EN: "a wrong card, PIN or entry"},
			Told: report.Text{ZH: "屏幕上的应答码，用 --response-code 给出", EN: "the code on the screen, given with --response-code"}},
	},
}
