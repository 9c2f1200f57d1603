package explain

import "posprobe/report"

// networkTerms are about the way to the acquirer.
var networkTerms = []Term{
	{[]string{"DNS", "域名服务器", "name server"}, report.Text{
		ZH: "把域名（如 pos.acquirer.example）变成 IP 地址的服务。配置里直接写 IP 地址的终端用不到它。",
		EN: "The service that turns a name such as pos.acquirer.example into an IP address. A terminal whose settings hold the address itself does not need it."}},
	{[]string{"网关", "gateway", "路由器", "router"}, report.Text{
		ZH: "终端通往外面的第一台设备，通常是店里的路由器。",
		EN: "The first machine on the terminal's way out, usually the shop's router."}},
	{[]string{"外线", "access", "接入线路"}, report.Text{
		ZH: "路由器到运营商的那一段（光纤、宽带、移动网络）。路由器正常而外面全不通，找网络运营商。",
		EN: "The stretch from the router to the provider: fibre, broadband, mobile. If the router is fine and nothing beyond it answers, call the network provider."}},
	{[]string{"DHCP"}, report.Text{
		ZH: "路由器自动给终端分配 IP 地址、网关和 DNS 的办法。没有分到地址时终端上不了网。",
		EN: "How a router gives a terminal its address, gateway and name servers. Without it, and without fixed settings, there is no network."}},
	{[]string{"IP 地址", "IP", "IP address"}, report.Text{
		ZH: "设备在网络里的编号，如 192.168.1.23。店里两台设备用同一个地址就会互相打断。",
		EN: "A machine's number in a network, such as 192.168.1.23. Two in one shop with the same address interrupt each other."}},
	{[]string{"端口", "port"}, report.Text{
		ZH: "地址后面的号码（如 203.0.113.20:5500 的 5500），指明要连主机上的哪个服务。由收单机构给出。",
		EN: "The number after an address, 5500 in 203.0.113.20:5500: which service of the host is meant. The acquirer gives it."}},
	{[]string{"ARP", "邻居表", "neighbour table"}, report.Text{
		ZH: "终端在店内网络上找路由器的办法。路由器在 ARP 上没有回应，就是不在线或不在同一网络里。",
		EN: "How a terminal finds its router in the shop's network. A router that does not answer ARP is off, or in another network."}},
	{[]string{"MTU"}, report.Text{
		ZH: "线路一次能送的最大数据包（通常 1500 字节）。途中某处更小又不通知时，小包能通、大包丢失：能连上但收不到应答。",
		EN: "The largest packet that a line carries, usually 1500 bytes. Where a stretch carries less and does not say so, small packets pass and large ones vanish: it connects, and no reply comes."}},
	{[]string{"往返时间", "RTT", "round trip", "延时", "延迟"}, report.Text{
		ZH: "数据包去对方再回来的时间。有线网几十毫秒，移动网络一两百毫秒，超过一秒就会影响签到。",
		EN: "How long a packet takes there and back: tens of milliseconds on a cable, one or two hundred on a mobile network. Above a second sign-on suffers."}},
	{[]string{"丢包", "loss", "packet loss"}, report.Text{
		ZH: "数据包没有到达。系统会重发，所以表现为变慢；丢得多就超时。",
		EN: "Packets that do not arrive. The system sends them again, so that it gets slow first; with much loss it times out."}},
	{[]string{"重发", "retransmission"}, report.Text{
		ZH: "没有得到确认的数据由系统再发一次。发出的报文一直没有确认，说明它没有到达对方。",
		EN: "What is not acknowledged is sent again by the system. A message that is never acknowledged did not arrive."}},
	{[]string{"保活", "keepalive"}, report.Text{
		ZH: "等应答时系统每秒发的探询。对方系统有回应而没有应答报文，说明线路通、主机的程序没有答。",
		EN: "What the system asks every second while it waits. If the other system answers and no reply comes, the line is alive and the host's program silent."}},
	{[]string{"ping", "ICMP"}, report.Text{
		ZH: "最简单的探询。很多路由器和主机故意不答 ping，所以没有回应不算故障。",
		EN: "The simplest question to a machine. Many routers and hosts do not answer it on purpose: silence is no fault."}},
	{[]string{"TCP"}, report.Text{
		ZH: "终端与主机之间的连接。连上只说明有人接受了连接，报文有应答才说明主机的应用正常。",
		EN: "The connection between terminal and host. That it opens shows that somebody takes connections; only a reply shows that the host's application works."}},
	{[]string{"TLS", "SSL"}, report.Text{
		ZH: "连接上的加密，靠证书确认对方是谁。终端时钟错了，好的证书也会显得过期。",
		EN: "Encryption of the connection, with a certificate that says who the other side is. With a wrong clock a good certificate looks expired."}},
	{[]string{"证书", "certificate", "CA", "根证书"}, report.Text{
		ZH: "主机的身份证明，由 CA 签发，有起止日期。终端要信任它的根证书，或只认配置的公钥（pin）。",
		EN: "A host's proof of identity, signed by a CA, with dates from and to. The terminal must trust its root, or accept the configured key (pin) alone."}},
	{[]string{"APN", "专网"}, report.Text{
		ZH: "SIM 卡接入的网络名称。专用 APN 只通收单机构，没有公共 DNS 和网页是正常的。",
		EN: "The name of the network that a SIM card joins. A private APN leads to the acquirer alone: that there is no public DNS and no web is normal."}},
	{[]string{"网页登录", "captive portal", "portal"}, report.Text{
		ZH: "有的 Wi-Fi 要先在网页上登录才放行，终端在那之前连不出去。",
		EN: "Some Wi-Fi wants a log-in on a web page first; until then a terminal gets nowhere."}},
	{[]string{"代理", "proxy"}, report.Text{
		ZH: "在途中代替对方接受连接的设备。它能让连接看起来成功，所以只有报文的应答才算数。",
		EN: "A machine on the way that takes connections in the other's name. With it a connection can look good: only a reply counts."}},
	{[]string{"NTP", "time server", "时间服务器"}, report.Text{
		ZH: "通过网络校准时钟的服务。配置 network.time_server 后 posprobe 用它判断终端时钟。",
		EN: "The service that sets clocks over the network. With network.time_server configured posprobe judges the terminal's clock by it."}},
	{[]string{"参照地址", "reference"}, report.Text{
		ZH: "与收单机构无关的地址。连得上它而连不上收单机构，就不是外线的问题。",
		EN: "An address that has nothing to do with the acquirer. If it is reached and the acquirer is not, the line is not the cause."}},
	{[]string{"载波", "carrier"}, report.Text{
		ZH: "网口上有没有线路信号：没有就是网线、对端设备或网口的问题。",
		EN: "Whether there is a signal on the line. If not, it is the cable, the machine at its other end, or the socket."}},
}

// verdictTerms are the words of the verdict.
var verdictTerms = []Term{
	{[]string{"已证实", "proven"}, report.Text{
		ZH: "系统或协议的证据已排除其他各方。",
		EN: "Evidence of the kernel or the protocol excludes everybody else."}},
	{[]string{"很可能", "likely"}, report.Text{
		ZH: "证据吻合，没有相反的证据，但不能完全排除其他原因。",
		EN: "It fits and nothing contradicts it, though other causes are not excluded for certain."}},
	{[]string{"无法判定", "inconclusive"}, report.Text{
		ZH: "证据不足以说是谁的问题；报告会列出还剩谁、要查什么。",
		EN: "The evidence does not say whose fault it is; the report lists who is left and what would decide."}},
	{[]string{"终端", "device"}, report.Text{
		ZH: "结论为终端：接口、地址和路由设置、时钟、证书库、处理器、内存、存储、支付应用等，找终端维护方。",
		EN: "The verdict device: interfaces, addresses and routes as set, clock, trust store, processor, memory, storage, payment application. Terminal service mends it."}},
	{[]string{"网络", "network"}, report.Text{
		ZH: "结论为网络：线缆、Wi-Fi、路由器、DNS、外线、到收单机构的路径，找商户或网络运营商。",
		EN: "The verdict network: cable, Wi-Fi, router, DNS, the line, the way to the acquirer. The merchant or the network provider mends it."}},
	{[]string{"收单主机", "主机", "host"}, report.Text{
		ZH: "结论为收单主机：已经连到收单机构，而它拒绝、断开、不应答、慢或报错，找收单机构。",
		EN: "The verdict host: the acquirer was reached and refuses, closes, stays silent, is slow or reports an error. The acquirer mends it."}},
	{[]string{"登记", "account", "registration"}, report.Text{
		ZH: "结论为登记资料：线路和主机正常，收单机构不接受这台终端或商户，找收单机构。",
		EN: "The verdict account: line and host work, and the acquirer does not accept this terminal or merchant. The acquirer mends it."}},
}
