package prompt

import "posprobe/report"

// maintenance is P5.
var maintenance = Prompt{
	ID:    "P5",
	Words: report.Text{ZH: "在维护中", EN: "under maintenance"},
	words: words{
		full: "在维护中 正在维护 系统维护 维护中 主机维护 后台维护 设备维护 终端维护 例行维护 日常维护 停机维护 临时维护 升级维护 维护升级 维护时间 维护时段 维护期间 维护状态 维护模式 系统升级 正在升级 升级中 系统检修 检修中 正在检修 维修中 系统维修 系统保养 保养中 " +
			"undermaintenance undermaintainance undermaintenence undermaintainence inmaintenance systemmaintenance maintenancemode maintenanceinprogress scheduledmaintenance plannedmaintenance hostmaintenance maintenancewindow duringmaintenance beingmaintained systemupgrade upgradeinprogress underrepair",
		part: "维护 检修 maintenance maintainance maintenence upgrading",
		weak: "暂停服务 停止服务 暂停使用 维修 保养 serviceunavailable servicesuspended outofservice",
	},
	Causes: []Cause{
		{ID: "5.1", Codes: []string{"host.*"}, Plans: []report.Planned{report.PlannedMaintenance, report.PlannedServiceHours, report.PlannedCutover},
			Is:   report.Text{ZH: "收单机构按计划停止服务（公告的维护、日切或服务时间以外）", EN: "the acquirer is away as planned: announced maintenance, cut-over or closing time"},
			Told: report.Text{ZH: "配置中的维护时段和服务时间；应答码 90", EN: "the windows and hours of the configuration; response code 90"}},
		{ID: "5.2", Codes: []string{"host.*"},
			Is:   report.Text{ZH: "收单机构临时检修或主机故障（不在公告时段内）", EN: "an emergency repair or a fault at the acquirer, outside any announced window"},
			Told: report.Text{ZH: "主机不正常，而配置中没有对应的时段", EN: "the host fails and no configured window covers it"}},
		{ID: "5.3", Codes: []string{"network.*"},
			Is:   report.Text{ZH: "网络中断或不稳", EN: "the network is interrupted or unsteady"},
			Told: report.Text{ZH: "逐段的通断、丢包和重发", EN: "each stretch: whether it passes, loses, repeats"}},
		{ID: "5.4", Codes: []string{"network.access.congested", "network.local.congested", "network.access.slow"},
			Is:   report.Text{ZH: "高峰时带宽占满，网络很慢", EN: "the bandwidth is used up and the network crawls"},
			Told: report.Text{ZH: "往返时间比平时长、丢包增加", EN: "a round trip above the usual, and loss"}},
		{ID: "5.5", Codes: []string{"host.front_end_only", "host.session_lost", "host.gateway_500", "host.closed", "host.reset", "host.backlog_full", "host.tls*"},
			Is:   report.Text{ZH: "支付网关接受了连接，后面的会话不通", EN: "the payment gateway takes the connection, and the session behind it is dead"},
			Told: report.Text{ZH: "连接建立后没有应答、断开或被复位", EN: "the connection opens, and then nothing, a close or a reset"}},
		{ID: "5.6", Codes: []string{"host.slow"},
			Is:   report.Text{ZH: "主机应答太晚", EN: "the host answers too late"},
			Told: report.Text{ZH: "等待应答的时间减去网络往返", EN: "the wait for the reply less the network's round trip"}},
		{ID: "5.7", Codes: []string{"device.*"},
			Is:   report.Text{ZH: "终端本身故障（硬件、供电、系统或设置）", EN: "the terminal itself is at fault: hardware, power, system or settings"},
			Told: report.Text{ZH: "供电和重启记录、接口、存储、内存、时钟", EN: "power and boot records, interfaces, storage, memory, clock"}},
		{ID: "5.8", Codes: []string{"device.cpu", "device.self_test"},
			Is:   report.Text{ZH: "终端正忙（如自检、更新），程序运行不及时", EN: "the terminal is busy, as with a self-test or an update, and runs programs late"},
			Told: report.Text{ZH: "配置中的进程或标志文件；处理器的等待时间", EN: "a configured process or marker file; stalls for the processor"}},
		{ID: "5.9", Outside: true,
			Is:   report.Text{ZH: "有人把终端切到了维护状态", EN: "somebody put the terminal into maintenance mode"},
			Told: report.Text{ZH: "其他都正常时只剩它；在支付应用里退出维护状态", EN: "it is left when all else is sound; leave the mode in the payment application"}},
		{ID: escalated,
			Is:   report.Text{ZH: "已持续超过上报时限，按故障事件上报", EN: "it has lasted beyond the limit and was escalated"},
			Told: report.Text{ZH: "故障事件的持续时间（缺省时限十分钟）", EN: "how long the incident has been open (limit ten minutes by default)"}},
	},
}
