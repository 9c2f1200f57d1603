package explain

import (
	"slices"

	"posprobe/report"
)

// terms are the words of the trade that posprobe uses or that stand in the settings of a
// payment application.
var terms = slices.Concat(messageTerms, networkTerms, verdictTerms)

// messageTerms are about messages, ids and keys.
var messageTerms = []Term{
	{[]string{"TPDU"}, report.Text{
		ZH: "报文最前面的 5 字节（如 6000030000）：告诉接入网关把报文交给哪台主机。填错时主机可能不应答。",
		EN: "The first 5 bytes of a message, such as 6000030000: they tell the access gateway which host it is for. If they are wrong, the host may stay silent."}},
	{[]string{"报文头", "header"}, report.Text{
		ZH: "TPDU 之后的 6 字节（如 603100311000）：应用类别、软件版本、终端状态和处理要求。应与支付应用的一致。",
		EN: "The 6 bytes after the TPDU, such as 603100311000: kind of application, software version, state of the terminal, requirement. They should be those of the payment application."}},
	{[]string{"处理要求", "requirement"}, report.Text{
		ZH: "主机在应答报文头第 6 位写的要求：3 重新签到，4 更新公钥，5 下载 IC 卡参数等。由支付应用处理。",
		EN: "What the host asks for in digit 6 of the reply's header: 3 sign on again, 4 update public keys, 5 download chip parameters, and so on. The payment application does it."}},
	{[]string{"报文类型", "MTI", "message type"}, report.Text{
		ZH: "ISO 8583 报文开头的 4 位数字：0800 签到，0820 回响测试，0810、0830 是它们的应答；1993 版为 1804、1814。",
		EN: "The 4 digits at the start of an ISO 8583 message: 0800 sign-on, 0820 echo, 0810 and 0830 their replies; 1804 and 1814 in the version of 1993."}},
	{[]string{"ISO 8583", "ISO8583", "8583"}, report.Text{
		ZH: "终端与收单主机之间报文的国际标准。银联终端用 1987 版加自己的报文头。",
		EN: "The international standard of the messages between terminal and acquirer. UnionPay terminals use the version of 1987 with a header of their own."}},
	{[]string{"回响测试", "echo", "线路测试"}, report.Text{
		ZH: "只问主机在不在的报文（0820，60.3 域 301）。不换密钥，不动批次，posprobe 缺省就发它。有的主机不支持（应答码 12、30、40），但有应答就说明线路和主机是通的。",
		EN: "A message that only asks whether the host is there (0820, field 60.3 301). It changes no keys and no batch, and is what posprobe sends by default. Some hosts do not take it (codes 12, 30, 40), but any answer shows that line and host are alive."}},
	{[]string{"签到", "sign-on", "sign on", "logon"}, report.Text{
		ZH: "终端每天（或重启后）向主机报到并领取工作密钥的报文（0800）。别的程序用同一终端号签到会换掉密钥，支付应用要重新签到才能交易，所以 posprobe 平时不签到。",
		EN: "The message (0800) with which a terminal reports to the host, daily or after a restart, and gets its working keys. If another program signs on with the same terminal id the keys change, and the payment application must sign on again: posprobe does not do it by itself."}},
	{[]string{"工作密钥", "working key", "PIK", "MAK"}, report.Text{
		ZH: "签到时主机下发的密钥，用来加密密码（PIN）和计算 MAC。对不上时应答码为 99 或 A0，重新签到即可。",
		EN: "The keys that the host hands out at sign-on, for PINs and MACs. If they do not fit, the codes are 99 or A0: sign on again."}},
	{[]string{"主密钥", "master key", "TMK"}, report.Text{
		ZH: "装机时灌入终端的密钥，保护工作密钥。只有终端维护方和收单机构能更换。",
		EN: "The key that is loaded when a terminal is installed; it protects the working keys. Only terminal service and the acquirer can change it."}},
	{[]string{"MAC"}, report.Text{
		ZH: "报文的校验值，证明报文没有被改动。校验不过（应答码 A0）多半是别处用同一终端号签到过。",
		EN: "A check value which proves that a message was not altered. If it fails (code A0), somebody else has probably signed on with the same terminal id."}},
	{[]string{"批次号", "batch"}, report.Text{
		ZH: "两次结算之间的交易编为一批。终端与主机的批次不一致时应答码为 77，重新签到。",
		EN: "The transactions between two settlements make a batch. If terminal and host differ in its number, the code is 77: sign on again."}},
	{[]string{"流水号", "STAN", "trace number"}, report.Text{
		ZH: "每笔报文的 6 位编号（11 域）。重复时应答码为 94。",
		EN: "The 6-digit number of each message (field 11). If it repeats, the code is 94."}},
	{[]string{"终端号", "TID", "terminal id"}, report.Text{
		ZH: "收单机构给这台终端的 8 位编号（41 域）。没有登记时应答码为 97。",
		EN: "The acquirer's 8-character number for this terminal (field 41). If it is not registered, the code is 97."}},
	{[]string{"商户号", "MID", "merchant id"}, report.Text{
		ZH: "收单机构给商户的 15 位编号（42 域）。没有登记时应答码为 03。",
		EN: "The acquirer's 15-character number for the merchant (field 42). If it is not registered, the code is 03."}},
	{[]string{"应答码", "response code", "39域"}, report.Text{
		ZH: "主机在应答 39 域写的两位（1993 版三位）代码。收到任何应答码都说明线路和主机当时是通的。posprobe explain 后面写应答码可查含义。",
		EN: "The two characters (three digits in the version of 1993) in field 39 of a reply. Any code shows that line and host were alive. Write it after posprobe explain to learn its meaning."}},
	{[]string{"收单机构", "acquirer", "收单行"}, report.Text{
		ZH: "替商户处理刷卡交易的银行或支付公司，终端连的就是它的主机。电话通常贴在终端上或写在协议里。",
		EN: "The bank or payment company that handles the merchant's card transactions; its host is what the terminal talks to. Its telephone number is on the terminal or in the contract."}},
	{[]string{"发卡行", "issuer"}, report.Text{
		ZH: "发这张卡的银行。卡片、余额、密码的问题由持卡人找它。",
		EN: "The bank that issued the card. The cardholder asks it about card, balance and PIN."}},
	{[]string{"前置", "接入网关", "front end"}, report.Text{
		ZH: "收单机构最外层的设备：先接受终端的连接，再转给后面的主机。它正常而主机停了，就会连得上却没有应答。",
		EN: "The acquirer's outermost machine: it takes the terminal's connection and passes the message to the host behind it. If it works and the host does not, the terminal connects and gets no answer."}},
	{[]string{"日切", "cut-over", "cutover"}, report.Text{
		ZH: "主机每天换记账日期的几分钟，期间拒绝交易（应答码 90）。等几分钟再试。",
		EN: "The few minutes in which a host changes its business date and refuses transactions (code 90). Wait and try again."}},
}
