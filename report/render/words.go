package render

import "posprobe/report"

// words are the texts of a closed list. A test goes through the lists of package
// report and fails when a word is missing in a language.
type words[K ~string] map[K]report.Text

// in returns the text of k, or k itself when a newer posprobe wrote the report and its
// word is not known here.
func (w words[K]) in(l report.Lang, k K) string {
	if t, ok := w[k]; ok {
		return t.In(l)
	}
	return short(string(k))
}

var verdictWords = words[report.Verdict]{
	report.VerdictHealthy:      {ZH: "正常", EN: "HEALTHY"},
	report.VerdictDegraded:     {ZH: "可用但有问题", EN: "DEGRADED"},
	report.VerdictFault:        {ZH: "故障", EN: "FAULT"},
	report.VerdictInconclusive: {ZH: "无法判定", EN: "INCONCLUSIVE"},
	"":                         {ZH: "尚无结论", EN: "NO VERDICT"},
}

var verdictMeanings = words[report.Verdict]{
	report.VerdictHealthy: {
		ZH: "已试的收单机构地址都有应答。如果屏幕仍提示出错，原因可能在卡片、操作或支付应用，posprobe 看不到这些。",
		EN: "Every endpoint that was tried answered. If the screen still shows an error, the card, the handling or the payment application may be the cause: posprobe cannot see those.",
	},
	report.VerdictDegraded: {
		ZH: "与收单机构的连接至少有一路可用，但有一处不正常。",
		EN: "At least one endpoint of the acquirer works, but something is wrong.",
	},
	report.VerdictFault: {
		ZH: "与收单机构的连接没有一路可用。",
		EN: "No endpoint of the acquirer could be used.",
	},
	report.VerdictInconclusive: {
		ZH: "现有证据不足以判定是谁的问题。",
		EN: "The evidence does not say whose fault it is.",
	},
	"": {
		ZH: "这份报告没有诊断结果。",
		EN: "This report holds no diagnosis.",
	},
}

var domainWords = words[report.Domain]{
	"":                   {ZH: "未判定", EN: "nobody named"},
	report.DomainDevice:  {ZH: "终端", EN: "device"},
	report.DomainNetwork: {ZH: "网络", EN: "network"},
	report.DomainHost:    {ZH: "收单主机", EN: "host"},
	report.DomainAccount: {ZH: "商户或终端登记资料", EN: "account at the acquirer"},
}

var confidenceWords = words[report.Confidence]{
	report.Possible: {ZH: "可能", EN: "possible"},
	report.Likely:   {ZH: "很可能", EN: "likely"},
	report.Proven:   {ZH: "已证实", EN: "proven"},
}

var plannedWords = words[report.Planned]{
	"":                         {ZH: "非计划内", EN: "not planned"},
	report.PlannedMaintenance:  {ZH: "计划维护期间", EN: "during announced maintenance"},
	report.PlannedServiceHours: {ZH: "不在服务时间内", EN: "outside service hours"},
	report.PlannedCutover:      {ZH: "日切处理期间", EN: "during the host's change of date (cut-over)"},
}

var partyWords = words[report.Party]{
	"":                          {ZH: "尚不能确定", EN: "cannot be named yet"},
	report.PartyMerchant:        {ZH: "商户", EN: "the merchant (the shop)"},
	report.PartyNetworkProvider: {ZH: "网络运营商", EN: "the network provider"},
	report.PartyAcquirer:        {ZH: "收单机构", EN: "the acquirer"},
	report.PartyTerminalService: {ZH: "终端维护方", EN: "the terminal's service company"},
	report.PartyNobody:          {ZH: "暂时无需处理", EN: "nobody, for now"},
}

var stepWords = words[report.Step]{
	report.StepResolve: {ZH: "域名解析", EN: "finding the address of the name"},
	report.StepConnect: {ZH: "TCP 连接", EN: "TCP connection"},
	report.StepTLS:     {ZH: "TLS 加密连接", EN: "TLS (encryption)"},
	report.StepSignOn:  {ZH: "回响测试", EN: "echo"},
}

var questionWords = words[report.Question]{
	report.AskTrace:               {ZH: "到收单主机端口的路径在哪里中断", EN: "where the way to the acquirer's port ends"},
	report.AskSmallSegments:       {ZH: "改用小数据包是否能通", EN: "whether it works with small packets"},
	report.AskOtherFamily:         {ZH: "换用另一种 IP 版本（IPv4 或 IPv6）是否能通", EN: "whether it works over the other IP version (IPv4 or IPv6)"},
	report.AskClosedPort:          {ZH: "同一地址的其他端口是否有回应", EN: "whether another port of that address answers"},
	report.AskOtherEndpoint:       {ZH: "收单机构的其他地址是否有应答", EN: "whether another endpoint of the acquirer answers"},
	report.AskReference:           {ZH: "能否连到与收单机构无关的参照地址", EN: "whether an independent target can be reached"},
	report.AskIndependentResolver: {ZH: "换一个 DNS 服务器得到什么结果", EN: "what another name server says"},
	report.AskPortal:              {ZH: "网络是否要求先在网页上登录", EN: "whether the network wants a log-in on a web page first"},
	report.AskSecondExchange:      {ZH: "再试一次是否还会出现", EN: "whether it happens again"},
	report.AskEarlyEnd:            {ZH: "终端发完就关闭时主机如何反应", EN: "what the host does when the terminal closes right after its message"},
	report.AskClock:               {ZH: "现在的准确时间是多少", EN: "what time it really is"},
	report.AskOtherUplink:         {ZH: "换另一条线路是否能通", EN: "whether it works over the terminal's other link"},
	report.AskNeighbor:            {ZH: "路由器是否还在线", EN: "whether the router is still there"},
	report.AskDuplicateAddress:    {ZH: "店内是否有别的设备用了终端的地址", EN: "whether another device uses the terminal's address"},
	report.AskMessage:             {ZH: "TPDU、报文头和报文是否适合这台主机", EN: "whether TPDU, header and message fit this host"},
}

var outcomeWords = words[report.Outcome]{
	report.OutcomeAnswered:  {ZH: "有结果", EN: "answered"},
	report.OutcomeEmpty:     {ZH: "没有内容", EN: "nothing there"},
	report.OutcomeFailed:    {ZH: "查询失败", EN: "could not be asked"},
	report.OutcomeNotAsked:  {ZH: "未测", EN: "not asked"},
	report.OutcomeCancelled: {ZH: "被中断", EN: "interrupted"},
}

var reasonWords = words[report.Reason]{
	"":                        {ZH: "已测", EN: "asked"},
	report.ReasonNotPermitted: {ZH: "系统不允许 posprobe 测试", EN: "the system does not let posprobe ask"},
	report.ReasonUnsupported:  {ZH: "本系统没有此项", EN: "this system has no such thing"},
	report.ReasonPaused:       {ZH: "posprobe 已暂停", EN: "posprobe is paused"},
	report.ReasonPayment:      {ZH: "支付应用正在连接收单主机，避免干扰交易", EN: "the payment application is connected to the acquirer, and a payment comes first"},
	report.ReasonUnresolved:   {ZH: "域名没有解析出地址", EN: "no address is known for the name"},
	report.ReasonNoIPv6:       {ZH: "终端没有可用的 IPv6", EN: "the terminal has no IPv6 to use"},
	report.ReasonOnDemand:     {ZH: "线路要等支付应用拨号", EN: "the link is down until the payment application dials"},
	report.ReasonNotAllowed:   {ZH: "DNS 给出的地址不允许连接", EN: "DNS gave an address that posprobe does not contact"},
	report.ReasonBudget:       {ZH: "超出后续测试的时间或流量限额", EN: "it could have cost more time or data than follow-ups may use"},
	report.ReasonLocal:        {ZH: "本次只检查终端本身", EN: "this round looks at the terminal alone"},
	report.ReasonNotStated:    {ZH: "配置中没有给出可问的地址", EN: "the configuration names nobody to ask"},
	report.ReasonTooMany:      {ZH: "该域名的地址过多，不再测试", EN: "the name has more addresses than are tried"},
}

var taskWords = words[report.TaskKind]{
	report.TaskLinks:     {ZH: "网络接口", EN: "network interfaces"},
	report.TaskAddresses: {ZH: "IP 地址", EN: "IP addresses"},
	report.TaskRoutes:    {ZH: "路由", EN: "routes"},
	report.TaskNeighbors: {ZH: "网关邻居表", EN: "neighbour table"},
	report.TaskResolvers: {ZH: "DNS 服务器设置", EN: "name server settings"},
	report.TaskHosts:     {ZH: "hosts 文件", EN: "hosts file"},
	report.TaskDevice:    {ZH: "终端状态", EN: "state of the device"},
	report.TaskClock:     {ZH: "时钟", EN: "clock"},
	report.TaskLookup:    {ZH: "域名查询", EN: "name lookup"},
	report.TaskPing:      {ZH: "ping", EN: "ping"},
	report.TaskExchange:  {ZH: "与收单主机的连接", EN: "exchange with the acquirer"},

	report.TaskTrace:       {ZH: "逐跳路径", EN: "the way, hop by hop"},
	report.TaskReference:   {ZH: "参照地址", EN: "independent target"},
	report.TaskClosedPort:  {ZH: "同一地址的其他端口", EN: "another port of that address"},
	report.TaskSecond:      {ZH: "再试一次", EN: "once more"},
	report.TaskEarly:       {ZH: "发完即关闭", EN: "closing right after the message"},
	report.TaskSmall:       {ZH: "改用小数据包", EN: "in small packets"},
	report.TaskUplink:      {ZH: "换另一条线路", EN: "over the other link"},
	report.TaskIndependent: {ZH: "独立的 DNS 服务器", EN: "independent name server"},
	report.TaskPortal:      {ZH: "网页登录检查", EN: "check for a log-in page"},
	report.TaskNeighbor:    {ZH: "路由器是否在线", EN: "whether the router is there"},
	report.TaskTime:        {ZH: "时间服务器", EN: "time server"},
	report.TaskDuplicate:   {ZH: "地址冲突检查", EN: "check for a second user of the address"},
}

var linkWords = words[report.LinkKind]{
	report.LinkEthernet: {ZH: "有线网", EN: "Ethernet"},
	report.LinkWiFi:     {ZH: "Wi-Fi", EN: "Wi-Fi"},
	report.LinkCellular: {ZH: "移动网络", EN: "cellular"},
	report.LinkPPP:      {ZH: "PPP 拨号", EN: "PPP dial-up"},
	report.LinkLoopback: {ZH: "本机回环", EN: "loopback"},
	report.LinkTunnel:   {ZH: "隧道", EN: "tunnel"},
	report.LinkVirtual:  {ZH: "虚拟接口", EN: "virtual"},
	report.LinkUnknown:  {ZH: "类型不明", EN: "kind not known"},
}

// stateWords are the RFC 2863 operational states (ifOperStatus) in the kernel's words.
var stateWords = words[string]{
	"up":             {ZH: "已接通", EN: "up"},
	"down":           {ZH: "未接通", EN: "down"},
	"dormant":        {ZH: "等待认证或拨号", EN: "waiting for log-in or dialling"},
	"lowerlayerdown": {ZH: "下层接口未接通", EN: "the interface below it is down"},
	"notpresent":     {ZH: "硬件不在位", EN: "hardware not present"},
	"testing":        {ZH: "自检中", EN: "in self-test"},
	"unknown":        {ZH: "状态不明", EN: "state not known"},
}

// neighborWords are the RFC 4861 section 7.3.2 states and those Linux adds.
var neighborWords = words[string]{
	"incomplete": {ZH: "正在查找，尚无回应", EN: "asked for on the local network, no answer yet"},
	"reachable":  {ZH: "在本地网络上有回应", EN: "answers on the local network"},
	"stale":      {ZH: "先前有回应", EN: "answered earlier"},
	"delay":      {ZH: "先前有回应，正在复查", EN: "answered earlier, being checked again"},
	"probe":      {ZH: "先前有回应，正在复查", EN: "answered earlier, being checked again"},
	"failed":     {ZH: "在本地网络上没有回应", EN: "does not answer on the local network"},
	"permanent":  {ZH: "固定登记", EN: "entered by hand"},
	"noarp":      {ZH: "此线路不需要查找", EN: "needs no search on this link"},
	"none":       {ZH: "没有记录", EN: "no entry"},
}

var certificateWords = words[report.CertificateProblem]{
	report.CertExpired:       {ZH: "按终端时钟已过期", EN: "expired by the device's clock"},
	report.CertNotYetValid:   {ZH: "按终端时钟尚未生效", EN: "not yet valid by the device's clock"},
	report.CertWrongName:     {ZH: "域名不符", EN: "made out to another name"},
	report.CertUnknownIssuer: {ZH: "签发者不受信任", EN: "issuer not trusted here"},
	report.CertPinMismatch:   {ZH: "与配置的公钥不符", EN: "not the key that is configured"},
	report.CertWeak:          {ZH: "算法或密钥偏弱", EN: "weak key or signature"},
	report.CertInvalid:       {ZH: "无法验证", EN: "cannot be verified"},
}

// classWords say what a response code is about.
var classWords = words[report.Class]{
	report.ClassOK:            {ZH: "成功", EN: "success"},
	report.ClassRegistration:  {ZH: "商户或终端在收单机构的登记", EN: "the merchant's or terminal's record at the acquirer"},
	report.ClassAcquirerHost:  {ZH: "收单主机的故障或状态", EN: "a fault or state of the acquirer's host"},
	report.ClassUpstream:      {ZH: "收单机构后面（银联、发卡行）的故障", EN: "a fault behind the acquirer: switch or issuer"},
	report.ClassMessage:       {ZH: "报文种类或格式不被接受", EN: "a kind or form of message that the host does not take"},
	report.ClassTerminalState: {ZH: "终端状态（密钥、批次、流水号）与主机不一致", EN: "the terminal's state: keys, batch or sequence out of step"},
	report.ClassCard:          {ZH: "卡片或账户", EN: "the card or its account"},
	report.ClassIssuer:        {ZH: "发卡行", EN: "the issuing bank"},
	report.ClassOperator:      {ZH: "操作或输入", EN: "how the transaction was entered"},
	report.ClassOffline:       {ZH: "终端自己设的，没有联机", EN: "set by the terminal itself, offline"},
	report.ClassUnknown:       {ZH: "由收单机构自定，或公开的表中没有", EN: "defined by the acquirer, or in no public table"},
}

// handlingWords are the classes A to E of UnionPay's tables.
var handlingWords = words[string]{
	"A": {ZH: "交易成功", EN: "the transaction succeeded"},
	"B": {ZH: "交易失败，可以重试", EN: "it failed and may be tried again"},
	"C": {ZH: "交易失败，不要重试", EN: "it failed; do not try again"},
	"D": {ZH: "交易失败，由操作员处理", EN: "it failed; the operator deals with it"},
	"E": {ZH: "系统故障，不要重试", EN: "a fault of the system; do not try again"},
}
