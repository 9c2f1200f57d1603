package prompt

import "posprobe/report"

// serviceHours is P1.
var serviceHours = Prompt{
	ID:    "P1",
	Words: report.Text{ZH: "不在服务时间内", EN: "outside service hours"},
	Left:  report.Text{ZH: "支付应用里另设的营业时间", EN: "hours of business that are set inside the payment application"},
	words: words{
		full: "不在服务时间内 不在服务时间 不在服务时段 不在服务期 非服务时间 非服务时段 服务时间外 服务时间以外 超出服务时间 超过服务时间 未到服务时间 服务时间未到 已过服务时间 未在服务时间 " +
			"不在营业时间 非营业时间 营业时间外 营业时间以外 超出营业时间 未到营业时间 不在受理时间 非受理时间 受理时间外 不在工作时间 非工作时间 非工作时段 工作时间外 不在交易时间 非交易时间 交易时间外 不在运营时间 非运营时间 " +
			"outsideservicehours outsideofservicehours outsidetheservicehours outofservicehours outsideservicetime outofservicetime notinservicetime notinservicehours notwithinservicehours notwithinservicetime notservicetime notduringservicehours " +
			"nonservicehours nonservicetime beyondservicehours outsidebusinesshours outsideofbusinesshours notinbusinesshours nonbusinesshours outsideoperatinghours outsideworkinghours notinworkinghours outsidehours outsideofhours outofhours afterhours",
		weak: "服务时间 服务时段 营业时间 受理时间 工作时间 交易时间 运营时间 servicehours servicetime businesshours operatinghours workinghours",
	},
	Causes: []Cause{
		{ID: "1.1", Codes: []string{"host.*"}, Plans: []report.Planned{report.PlannedMaintenance},
			Is:   report.Text{ZH: "收单机构正在按公告停机维护或升级", EN: "the acquirer is in its announced maintenance or upgrade"},
			Told: report.Text{ZH: "配置中的维护时段，并且主机此时确实不正常", EN: "the maintenance windows of the configuration, and a host that does fail inside one"}},
		{ID: "1.2", Codes: []string{"host.*"}, Plans: []report.Planned{report.PlannedServiceHours},
			Is:   report.Text{ZH: "现在确实不在收单机构的服务时间内", EN: "it really is outside the acquirer's service hours"},
			Told: report.Text{ZH: "配置中的服务时间，按收单机构的时区和校正后的时间判断", EN: "the service hours of the configuration, in the acquirer's zone and at corrected time"}},
		{ID: "1.3", Codes: []string{"device.clock.zone"},
			Is:   report.Text{ZH: "终端的时区或小时设错，终端把时间算错了", EN: "the terminal's time zone or hour is set wrongly"},
			Told: report.Text{ZH: "主机应答、HTTP 或时间服务器的时间与终端相差整刻钟", EN: "the time of a reply, an HTTP answer or the time server differs from the terminal's by whole quarter hours"}},
		{ID: "1.4", Codes: []string{"device.clock.*"},
			Is:   report.Text{ZH: "终端时钟不准", EN: "the terminal's clock is wrong"},
			Told: report.Text{ZH: "与主机或时间服务器的时间不符；证书只按终端时钟才过期或未生效", EN: "it differs from the host's or the time server's; certificates are out of date by this clock alone"}},
		{ID: "1.5", Codes: []string{"network.local.*", "network.access.*"},
			Is:   report.Text{ZH: "店内网络或外线不通、不稳", EN: "the shop's network or its line is down or unsteady"},
			Told: report.Text{ZH: "网线或 Wi-Fi、地址、网关、参照地址", EN: "cable or Wi-Fi, address, gateway, independent targets"}},
		{ID: "1.6", Codes: []string{"network.local.wifi_weak", "network.local.cellular_weak"},
			Is:   report.Text{ZH: "信号弱或有干扰", EN: "the signal is weak or disturbed"},
			Told: report.Text{ZH: "信号强度、重发次数、到网关的丢包", EN: "signal strength, retries, loss to the gateway"}},
		{ID: "1.7", Codes: []string{"device.power*", "device.storage", "device.storage_read_only", "device.storage_errors"},
			Is:   report.Text{ZH: "供电不稳或硬件老化（如存储出错、变为只读）", EN: "the power supply is unsteady or the hardware ages, as when storage fails and goes read-only"},
			Told: report.Text{ZH: "异常断电记录、电压和温度、文件系统变为只读、读写错误", EN: "boots without a clean shutdown, supply, temperature, a file system that went read-only, I/O errors"}},
		{ID: "1.8", Codes: []string{"device.app_down", "device.memory", "device.cpu", "device.storage_full", "device.ports_exhausted", "device.descriptors_exhausted", "device.buffers_exhausted"},
			Is:   report.Text{ZH: "终端软件卡死、出错或资源不足", EN: "the terminal's software hangs, fails or lacks resources"},
			Told: report.Text{ZH: "支付应用的进程、处理器和内存的等待时间", EN: "the payment application's process, stalls for processor and memory"}},
		{ID: "1.9", Codes: []string{"account.risk"}, Outside: true,
			Is:   report.Text{ZH: "收单机构的限额或风控拒绝了交易", EN: "a limit or risk rule at the acquirer refused the transaction"},
			Told: report.Text{ZH: "屏幕上的应答码（34、57、59、61、65），用 --response-code 给出", EN: "the code on the screen (34, 57, 59, 61, 65), given with --response-code"}},
		{ID: "1.10", Codes: []string{"device.power.unclean_boot"},
			Is:   report.Text{ZH: "终端没有正常关机就断了电或重启过", EN: "the terminal was switched off or restarted without a shutdown"},
			Told: report.Text{ZH: "开机记录", EN: "boot records"}},
		{ID: "1.11", Codes: []string{"network.access.down"},
			Is:   report.Text{ZH: "店内一侧正常，外线整体中断（单店线路故障，或天气、灾害引起的片区停网）", EN: "the shop's side is sound and its line is down altogether: this line, or an outage of the area (weather, disaster)"},
			Told: report.Text{ZH: "路由器正常而外面全不通；邻近终端是否同样", EN: "the router is fine and nothing beyond it answers; whether terminals nearby are down too"}},
	},
}
