package config

import "posprobe/report"

// docsDaemon are the docs of schedule, reports and ship.
var docsDaemon = []doc{
	{key: "schedule", text: report.Text{
		ZH: "守护进程多久检查一次。posprobe check 不用这一部分和后面的部分。多久可以问一次主机，请与收单机构约定。",
		EN: "How often the daemon looks. posprobe check uses neither this part nor those below. Agree with the acquirer how often the host may be asked.",
	}},
	{key: "schedule.light", text: report.Text{ZH: "轻检查（只到建立连接）的间隔。", EN: "Interval of light rounds, which end with the connection."}},
	{key: "schedule.full", text: report.Text{ZH: "全检查（含 sign_on 的报文）的间隔，不小于 light。", EN: "Interval of full rounds, with the message of sign_on; not below light."}},
	{key: "schedule.jitter", text: report.Text{ZH: "每次间隔随机变化的幅度，避免终端同时发问。", EN: "How far each interval strays at random, so that terminals do not ask together."}},
	{key: "schedule.splay", text: report.Text{ZH: "启动后首次检查最多随机推迟多久。", EN: "The longest time by which the first round after a start is put off at random."}},
	{key: "schedule.data_per_day", text: report.Text{
		ZH: "每天收发的总流量上限，含上传报告；1 MB 为 10^6 字节。",
		EN: "What may be sent and received in a day, shipping included; 1 MB is 10^6 bytes.",
	}},

	{key: "reports", text: report.Text{ZH: "守护进程保存报告的地方。", EN: "Where the daemon keeps reports."}},
	{key: "reports.dir", text: report.Text{ZH: "目录。", EN: "The folder."}},
	{key: "reports.keep", text: report.Text{ZH: "最多占用多少存储；超出时先删最旧的正常报告。", EN: "How much storage they may take; beyond it the oldest healthy ones go first."}},
	{key: "reports.max_age", text: report.Text{
		ZH: "最多保存多久，更早的即使有空间也删除；仅在系统时钟已同步时执行。",
		EN: "How long they are kept at most, room or not; only while the clock is synchronised.",
	}},
	{key: "reports.escalate_after", text: report.Text{ZH: "故障持续多久后升级并立即上报。", EN: "How long a fault lasts until it is escalated and shipped at once."}},

	{key: "ship", text: report.Text{ZH: "把报告上报到哪里。", EN: "Where reports are shipped to."}},
	{key: "ship[].to", example: "https://logs.acquirer.example/posprobe", otherwise: report.Text{ZH: "无，必须填写", EN: "none, it is needed"}, text: report.Text{ZH: "目的地。", EN: "The destination."}},
	{key: "ship[].format", example: "ndjson", otherwise: report.Text{ZH: "https 为 ndjson，syslog 为 syslog", EN: "ndjson over https, syslog over syslog"}, text: report.Text{
		ZH: "格式。ndjson：每行一个 JSON；otlp：OpenTelemetry 日志（HTTP）；syslog：RFC 5424。",
		EN: "ndjson: a line of JSON each; otlp: OpenTelemetry logs over HTTP; syslog: RFC 5424.",
	}},
	{key: "ship[].ca", example: "support-ca.pem", otherwise: system, text: report.Text{
		ZH: "代替系统根证书的根证书：PEM 文件，最大 1 MiB。",
		EN: "Roots to trust instead of the system's: a PEM file, at most 1 MiB.",
	}},
	{key: "ship[].certificate", example: "posprobe.pem", text: report.Text{
		ZH: "出示的证书：PEM 文件，最大 64 KiB，与 key 一起写。",
		EN: "Certificate to show: a PEM file, at most 64 KiB, together with key.",
	}},
	{key: "ship[].key", example: "posprobe.key", text: report.Text{
		ZH: "证书的私钥：PEM 文件，最大 64 KiB，只有属主可读（chmod 600）。",
		EN: "The certificate's key: a PEM file, at most 64 KiB, readable by its owner alone (chmod 600).",
	}},
	{key: "ship[].token", example: "ship.token", text: report.Text{
		ZH: "Bearer 令牌的文件，最大 8 KiB，只有属主可读（chmod 600）。仅用于 https。",
		EN: "A file with a bearer token, at most 8 KiB, readable by its owner alone (chmod 600). For https alone.",
	}},
	{key: "ship[].insecure", text: report.Text{
		ZH: "true 表示允许不加密发往别的机器（http、syslog+tcp）。",
		EN: "true permits to send without TLS (http, syslog+tcp) to another machine.",
	}},
	{key: "ship[].proxy", example: "http://proxy.shop.example:3128", text: report.Text{ZH: "经过的 HTTP 代理。", EN: "An HTTP proxy on the way."}},
	{key: "ship[].proxy_credentials", example: "proxy.credentials", text: report.Text{
		ZH: "代理用户名和密码的文件，内容为 USER:PASSWORD，最大 8 KiB，只有属主可读（chmod 600）。",
		EN: "A file with USER:PASSWORD for the proxy, at most 8 KiB, readable by its owner alone (chmod 600).",
	}},
	{key: "ship[].batch", text: report.Text{ZH: "一次最多上报多少数据，压缩前。", EN: "How much goes at once at most, before compression."}},
	{key: "ship[].every", text: report.Text{ZH: "正常报告最多攒多久再上报；故障报告不等。", EN: "How long healthy reports wait for each other; failures do not wait."}},
	{key: "ship[].terminal", text: report.Text{
		ZH: "上报的报告中用什么代替终端号和商户号。asset：上面的资产编号，没有则用序列号，再没有则用本机随机生成的名字；reference：用密钥算出的代号（HMAC-SHA256）；ids：就用终端号和商户号。",
		EN: "What stands for terminal and merchant id in a shipped report. asset: the asset number above, else the serial number, else a random name of this installation; reference: a keyed hash of both (HMAC-SHA256); ids: the ids themselves.",
	}},
	{key: "ship[].reference_key", example: "reference.key", text: report.Text{
		ZH: "reference 所用密钥的文件，16 字节至 8 KiB，各终端相同，只有属主可读（chmod 600）。",
		EN: "A file with the key for reference, 16 bytes to 8 KiB, the same on every terminal, readable by its owner alone (chmod 600).",
	}},
}
