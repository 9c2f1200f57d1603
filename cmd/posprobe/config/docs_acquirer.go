package config

import "posprobe/report"

var system = report.Text{ZH: "系统设置", EN: "the system's"}

// docsAcquirer are the docs of terminal, and of acquirer up to its endpoints.
var docsAcquirer = []doc{
	{key: "terminal", text: report.Text{
		ZH: "终端。终端号和商户号印在每张签购单上；ISO 8583 类协议需要它们，除非下面 ship 另有设置，只发给收单机构。",
		EN: "The terminal. id and merchant are printed on every receipt; the ISO 8583 protocols need them, and nobody but the acquirer gets them unless ship says otherwise.",
	}},
	{key: "terminal.id", example: `"99999906"`, protocols: isoProtocols, text: report.Text{ZH: "终端号。", EN: "Terminal id (终端号)."}},
	{key: "terminal.merchant", example: `"001430170119999"`, protocols: isoProtocols, text: report.Text{
		ZH: "商户号。",
		EN: "Merchant id (商户号).",
	}},
	{key: "terminal.model", example: `"Example P1"`, text: report.Text{ZH: "型号，写入报告。", EN: "Model, copied into reports."}},
	{key: "terminal.serial", example: `"0000000001"`, text: report.Text{ZH: "序列号，写入报告。", EN: "Serial number, copied into reports."}},
	{key: "terminal.site", example: `"Shop 12, till 3"`, text: report.Text{ZH: "门店或位置，写入报告。", EN: "Where it stands, copied into reports."}},
	{key: "terminal.asset", example: `"A-0001"`, text: report.Text{ZH: "资产编号，写入报告。", EN: "Asset number, copied into reports."}},

	{key: "acquirer", text: report.Text{ZH: "收单机构及其主机。", EN: "The acquirer and its host."}},
	{key: "acquirer.name", example: "Example Acquirer", text: report.Text{ZH: "名称，写入报告。", EN: "Its name, copied into reports."}},
	{key: "acquirer.zone", text: report.Text{
		ZH: "服务时间和主机应答中时间所用的时区。",
		EN: "Time zone of the service hours and of the times in the host's replies.",
	}},
	{key: "acquirer.endpoints", text: report.Text{
		ZH: "主机地址，顺序与终端相同：先主用，后备用。逐个检查。至少一个。",
		EN: "The host's addresses in the terminal's own order: main first, then backups. Each is measured. At least one.",
	}, otherwise: report.Text{ZH: "无，必须填写", EN: "none, it is needed"}},
	{key: "acquirer.endpoints[].address", example: "203.0.113.20:5500", otherwise: report.Text{ZH: "无，必须填写", EN: "none, it is needed"}, text: report.Text{
		ZH: "地址和端口。",
		EN: "Address and port.",
	}},
	{key: "acquirer.endpoints[].tls", text: report.Text{
		ZH: "使用 TLS 时写 tls: {}，信任系统的根证书；下面各项都可省略。不写 tls 就是普通 TCP。",
		EN: "With tls: {} the endpoint speaks TLS and the system's roots are trusted; each key below is optional. Without tls it speaks plain TCP.",
	}, otherwise: report.Text{ZH: "普通 TCP", EN: "plain TCP"}},
	{key: "acquirer.endpoints[].tls.ca", example: "acquirer-ca.pem", otherwise: system, text: report.Text{
		ZH: "代替系统根证书的根证书：PEM 文件，最大 1 MiB。",
		EN: "Roots to trust instead of the system's: a PEM file, at most 1 MiB.",
	}},
	{key: "acquirer.endpoints[].tls.server_name", example: "pos.acquirer.example", otherwise: report.Text{ZH: "address 中的主机", EN: "the host of the address"}, text: report.Text{
		ZH: "请求并核对的主机名。",
		EN: "The name to ask for and to verify.",
	}},
	{key: "acquirer.endpoints[].tls.pin", example: "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", text: report.Text{
		ZH: "主机的公钥。没有 ca 时只核对它。",
		EN: "The host's public key. Without ca it is all that is verified.",
	}},
	{key: "acquirer.endpoints[].tls.certificate", example: "posprobe.pem", text: report.Text{
		ZH: "主机要求时出示的证书：PEM 文件，最大 64 KiB，与 key 一起写。要用 posprobe 自己的，不要复制支付应用的。",
		EN: "Certificate to show when the host asks: a PEM file, at most 64 KiB, together with key. Use a pair of posprobe's own; never copy the payment application's.",
	}},
	{key: "acquirer.endpoints[].tls.key", example: "posprobe.key", text: report.Text{
		ZH: "证书的私钥：PEM 文件，最大 64 KiB，只有属主可读（chmod 600）。",
		EN: "The certificate's key: a PEM file, at most 64 KiB, readable by its owner alone (chmod 600).",
	}},
	{key: "acquirer.endpoints[].tls.hello", text: report.Text{
		ZH: "第一个 TLS 报文的大小：small 约 250 字节，large 约 1.5 kB。",
		EN: "Size of the first TLS message: small is about 250 bytes, large about 1.5 kB.",
	}},
}
