package config

import "posprobe/report"

var notStated = report.Text{ZH: "未说明", EN: "not stated"}

// docsSite are the docs of network, device and limits.
var docsSite = []doc{
	{key: "network", text: report.Text{ZH: "现场的网络。", EN: "The site's network."}},
	{key: "network.profile", text: report.Text{
		ZH: "private-apn：收单机构或运营商的专网，没有公网 DNS、ping 和网页。",
		EN: "private-apn: a network of the acquirer's or operator's own, where no public DNS, ping or web is to be expected.",
	}},
	{key: "network.on_demand", text: report.Text{
		ZH: "true 表示由支付应用拨号，线路未接通不算故障。",
		EN: "true: the payment application dials, and a link that is down is no fault.",
	}},
	{key: "network.resolvers", example: `[192.0.2.53, "[2001:db8::53]:53"]`, otherwise: system, text: report.Text{
		ZH: "代替系统设置的 DNS 服务器。",
		EN: "Name servers to ask instead of the system's.",
	}},
	{key: "network.expect_addresses", example: "[203.0.113.0/24, 2001:db8::/32]", otherwise: report.Text{ZH: "任意", EN: "any"}, text: report.Text{
		ZH: "收单主机域名可以解析到的地址段。",
		EN: "Prefixes that the acquirer's name may resolve to.",
	}},
	{key: "network.references", example: `[192.0.2.80:443, "[2001:db8::80]:443"]`, text: report.Text{
		ZH: "别处的 TCP 服务，连上就断开。这一项和后面三项只在失败后才问，用来分辨是收单主机还是路上的问题；都没有缺省值：只写自己运行的，或获准让每台终端访问的，不要写收单机构的。",
		EN: "TCP services at other places; they are connected to and closed. This and the next three are asked after a failure only, and help to tell the acquirer's host from the way to it. None has a default: name only what you run yourself or have leave to contact from every terminal, and nothing that the acquirer runs.",
	}},
	{key: "network.independent_resolver", example: "198.51.100.53", text: report.Text{
		ZH: "既不属于现场也不属于其运营商的 DNS 服务器。",
		EN: "A name server that belongs neither to the site nor to its provider.",
	}},
	{key: "network.portal_url", example: "http://portal.example/generate_204", text: report.Text{
		ZH: "返回 204 且内容为空的网页；被认证门户拦截时返回别的内容。",
		EN: "A page that answers 204 with nothing in it, unless a captive portal answers in its place.",
	}},
	{key: "network.time_server", example: "ntp.acquirer.example", text: report.Text{
		ZH: "NTP 时间服务器，用来核对终端时钟。",
		EN: "An NTP server, to compare the terminal's clock with.",
	}},
	{key: "network.metered", text: report.Text{
		ZH: "流量是否计费。true 时少发包；auto 由 posprobe 判断：移动网络按计费处理。",
		EN: "Whether every byte is paid for. With true less is sent; with auto posprobe decides, and takes a cellular link for metered.",
	}},

	{key: "device", text: report.Text{ZH: "终端自身。", EN: "The terminal's own parts."}},
	{key: "device.interfaces", example: "[eth0, wlan0]", otherwise: notStated, text: report.Text{ZH: "应有的网络接口。", EN: "Network interfaces that it must have."}},
	{key: "device.processes", example: "[payapp]", otherwise: notStated, text: report.Text{
		ZH: "必须运行的程序，如支付应用。",
		EN: "Programs that must run, such as the payment application.",
	}},
	{key: "device.software", text: report.Text{ZH: "支付应用的版本。", EN: "The payment application's version."}},
	{key: "device.software.file", example: "/opt/payapp/VERSION", text: report.Text{
		ZH: "写有版本号的文件，最大 64 KiB，取其中第一个版本号。",
		EN: "The file in which it is written, at most 64 KiB; the first version number in it counts.",
	}},
	{key: "device.software.minimum", example: `"3.10.2"`, text: report.Text{
		ZH: "收单机构还支持的最低版本。",
		EN: "The oldest version that the acquirer still serves.",
	}},
	{key: "device.self_test", text: report.Text{
		ZH: "终端正在自检或升级的标志：程序在运行，或文件存在。",
		EN: "Signs of a self-test or an update: a program that runs, or a file that exists.",
	}},
	{key: "device.self_test.processes", example: "[selftest, updater]", text: report.Text{ZH: "程序。", EN: "The programs."}},
	{key: "device.self_test.files", example: "[/run/payapp/updating]", text: report.Text{ZH: "文件。", EN: "The files."}},
	{key: "device.watch_sockets", text: report.Text{
		ZH: "true 表示在两次检查之间观察支付应用自己的连接（不看内容）。供守护进程使用。",
		EN: "true: the payment application's own connections are followed between rounds, never what is in them. For the daemon.",
	}},
	{key: "device.readings", example: "/run/posprobe-readings.json", text: report.Text{
		ZH: "其他软件留下 posprobe 读不到的数据（如信号强度、电压）的文件。供守护进程使用。",
		EN: "A file in which other software leaves what posprobe cannot read, such as signal strength and voltage. For the daemon.",
	}},

	{key: "limits", text: report.Text{
		ZH: "等待时间和阈值。时间写数字和单位，不加空格：ms、s、m、h，如 1500ms、5s。",
		EN: "Waiting times and thresholds. Times are a number with its unit, without a space: ms, s, m or h, as in 1500ms or 5s.",
	}},
	{key: "limits.connect", text: report.Text{ZH: "建立连接最多等多久。", EN: "How long to wait for a connection."}},
	{key: "limits.reply", text: report.Text{ZH: "应答最多等多久。", EN: "How long to wait for a reply."}},
	{key: "limits.reply_warn", text: report.Text{
		ZH: "主机自身用时达到多少算慢，不超过 reply。",
		EN: "From which time of the host's own a reply counts as slow; not above reply.",
	}},
	{key: "limits.rtt", text: report.Text{ZH: "往返时间达到多少算网络慢。", EN: "From which round trip the network counts as slow."}},
	{key: "limits.resolve", text: report.Text{ZH: "DNS 应答用时达到多少算慢。", EN: "From which time a name server's answer counts as slow."}},
	{key: "limits.clock_skew", text: report.Text{ZH: "终端时钟相差多少算不准。", EN: "From which difference the terminal's clock counts as wrong."}},
	{key: "limits.follow_up", text: report.Text{
		ZH: "失败后最多用多久进一步查明原因（如上面的地址、沿途路由器）；0s 表示不查。",
		EN: "How long, after a failure, to ask what would decide between its causes, such as the addresses above and the routers on the way; 0s asks nothing more.",
	}},
	{key: "limits.gateway_loss", text: report.Text{
		ZH: "连接有丢包时，到网关的 ping 丢失多少算店内网络的问题（一次检查只发三个）。",
		EN: "Where a connection loses packets: from which share of lost pings to the gateway, of three in a round, that is the shop's own network.",
	}},
}
