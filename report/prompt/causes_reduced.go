package prompt

import "posprobe/report"

// reducedService is P4.
var reducedService = Prompt{
	ID:    "P4",
	Words: report.Text{ZH: "一般服务", EN: "general (reduced) service"},
	words: words{
		full: "一般服务 一般性服务 一般业务 有限服务 受限服务 服务受限 部分服务 降级服务 服务降级 基本服务 普通服务 通用服务 generalservice generalreducedservice reducedservice limitedservice restrictedservice degradedservice partialservice basicservice servicelimited servicereduced servicedegraded servicerestricted",
		weak: "一般 general reduced degraded",
	},
	Causes: []Cause{
		{ID: "4.1", Codes: []string{"host.*"},
			Is:   report.Text{ZH: "主机降级运行、停止服务或在维护", EN: "the host is degraded, out of service or in maintenance"},
			Told: report.Text{ZH: "主机用时、是否应答、配置中的维护时段", EN: "its time per reply, whether it answers, the windows of the configuration"}},
		{ID: "4.2", Codes: []string{"network.local.*", "network.access.*"},
			Is:   report.Text{ZH: "外线、网线或路由器不通，或网络要求网页登录", EN: "the line, the cable or the router is down, or the network wants a log-in"},
			Told: report.Text{ZH: "线路信号、网关、参照地址", EN: "signal on the line, gateway, independent targets"}},
		{ID: "4.3", Codes: []string{"network.access.lossy", "network.access.slow", "network.access.congested", "network.local.flapping", "network.local.congested", "network.path.*", "network.dns.*"},
			Is:   report.Text{ZH: "网络不稳（丢包、时断时续或很慢）", EN: "the network is unsteady: it loses packets, comes and goes, or is slow"},
			Told: report.Text{ZH: "网关正常而再往外丢包", EN: "loss beyond a sound gateway"}},
		{ID: "4.4", Codes: []string{"device.*"},
			Is:   report.Text{ZH: "终端本身有问题（硬件、系统或设置）", EN: "the terminal itself is at fault: hardware, system or settings"},
			Told: report.Text{ZH: "接口、存储、内存、时钟、路由等终端自身的状态", EN: "the terminal's own state: interfaces, storage, memory, clock, routes"}},
		{ID: "4.5", Codes: []string{"device.software_outdated"},
			Is:   report.Text{ZH: "支付应用需要升级", EN: "the payment application must be updated"},
			Told: report.Text{ZH: "装的版本与配置中的最低版本比较", EN: "the installed version against the minimum in the configuration"}},
		{ID: "4.6", Codes: []string{"account.*", "device.application_ids"},
			Is:   report.Text{ZH: "终端的权限或登记不对", EN: "the terminal's rights or registration are wrong"},
			Told: report.Text{ZH: "应答码 58 等", EN: "response code 58 and kin"}},
		{ID: "4.7", Codes: []string{"host.system_error", "host.gateway_500"},
			Is:   report.Text{ZH: "收单机构的后台系统故障", EN: "a back-end system of the acquirer is out of order"},
			Told: report.Text{ZH: "应答码 91、96 等", EN: "response codes 91, 96 and kin"}},
		{ID: "4.8", Codes: []string{"outside.card", "outside.issuer", "account.risk", "account.card"}, Outside: true,
			Is:   report.Text{ZH: "卡片、余额或限额的问题", EN: "the card, its balance or a limit"},
			Told: report.Text{ZH: "屏幕上的应答码，用 --response-code 给出", EN: "the code on the screen, given with --response-code"}},
	},
}
