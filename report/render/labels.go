package render

import "posprobe/report"

// label is one of the program's own phrases.
type label int

const (
	lColon label = iota
	lComma
	lStop
	lBrackets
	lAlternatives
	lOr
	lMore

	lCouldBeDomain
	lOnlyLeft
	lTryAgain
	lConnectionOnly
	lPartly
	lNotAccepted
	lAnotherWorks
	lOneWorks
	lNamedCode
	lWindow
	lIncident
	lOpenSince
	lEscalated
	lWhoActs
	lMerchantInApp
	lDoFirst
	lSignOnAgain
	lCompareConfig
	lAlsoPossible
	lCode
	lAlsoFound
	lCouldBe
	lFollows
	lExplainedBy

	lWay
	lPlaceTerminal
	lPlaceLink
	lPlaceGateway
	lPlaceResolver
	lPlaceBeyond
	lPlaceTCP
	lPlaceTLS
	lEcho
	lSignOn
	lReply
	lMessage
	lMarkOK
	lMarkFailed
	lMarkSlow
	lMarkHeldUp
	lMarkUntested
	lMarkUnseen

	lNotSeen
	lNotPresent
	lNotUsed
	lNotThisRound
	lStepBefore
	lLate
	lOnTime
	lMemoryFree
	lDiskReadOnly
	lDiskFull
	lClockBehind
	lClockAhead
	lSwitchedOff
	lNoCarrier
	lNotAssociated
	lNotDialled
	lCarrierChanges
	lRxErrors
	lDuplicate
	lNoAddress
	lNoDefaultRoute
	lNoGatewayNeeded
	lPingSilent
	lPingAnswered
	lPingBeyond
	lHostsFile
	lNoResolver
	lAnswers
	lAnswersSlowly
	lGives
	lEdgeReached
	lEdgeNoData
	lEdgeNotReached
	lLastRouter
	lAcquirer
	lMain
	lBackup
	lTries
	lConnected
	lICMP
	lAlert
	lClientCertificate
	lCertificate
	lCertificateGood
	lAnswered
	lAnsweredCode
	lHostSays
	lRequestUnsent
	lRequestUnacked
	lRequestResent
	lRequestAcked
	lFlow

	lTimings
	lPing
	lPingAverage
	lPingRange
	lOwnClock
	lKernelRTT
	lReplyAfter
	lHostTime
	lAfter
	lFailedAfter
	lUnderMs
	lMs
	lSeconds
	lMinutes
	lHours
	lDays

	lNotes
	lUnexplained
	lUntested
	lFollowed
	lReaches
	lTraceEnd
	lTraceSilent
	lTraceNothing
	lWorks
	lSame
	lPortalFree
	lPortalPage
	lClaimed
	lUnclaimed
	lEndClosed
	lEndStuck
	lEndLate
	lEndHole
	lWants
	lModel
	lSerial
	lSite
	lAsset
	lAcquirerName
	lReport
	lEvidence
	lAgain
	labelCount
)

// labels are the phrases in both languages. The verbs are those of package fmt; a test
// holds that both languages have the same ones.
var labels = [labelCount]report.Text{
	lColon:        {ZH: "：", EN: ": "},
	lComma:        {ZH: "，", EN: ", "},
	lStop:         {ZH: "。", EN: ". "},
	lBrackets:     {ZH: "（%s）", EN: " (%s)"},
	lAlternatives: {ZH: "、", EN: ", "},
	lOr:           {ZH: "或", EN: " or "},
	lMore:         {ZH: "另有 %d 项", EN: "%d more"},

	lCouldBeDomain:  {ZH: "可能是%s", EN: "cannot tell, could be %s"},
	lOnlyLeft:       {ZH: "只剩%s不能排除", EN: "only the %s is left"},
	lTryAgain:       {ZH: "过几分钟再运行一次，并保存结果：posprobe check --format json > FILE", EN: "Run it again in a few minutes and keep the result: posprobe check --format json > FILE"},
	lConnectionOnly: {ZH: "只测试了 TCP（和 TLS）连接，没有发送报文，主机的应用是否正常不清楚。要测报文请加 --protocol unionpay 及支付应用的参数。", EN: "Only the connection (TCP, TLS) was tested and no message was sent: whether the host's application works is not known. To test it, add --protocol unionpay with the payment application's settings."},
	lPartly:         {ZH: "收单机构的每个地址在测到的范围内都有应答。", EN: "Every endpoint of the acquirer answered, as far as it was tested."},
	lNotAccepted:    {ZH: "网络和主机正常，收单机构不接受这台终端（或商户）。", EN: "Network and host work; the acquirer does not accept this terminal or merchant."},
	lAnotherWorks:   {ZH: "收单机构有地址可用（见下面的路径）；", EN: "Another endpoint of the acquirer works. "},
	lOneWorks:       {ZH: "收单机构有地址可用（见下面的路径）；", EN: "An endpoint of the acquirer works. "},
	lNamedCode:      {ZH: "应答码 %s：%s", EN: "response code %s: %s"},
	lWindow:         {ZH: "已公布的时段：%s 至 %s", EN: "Announced: from %s to %s"},
	lIncident:       {ZH: "故障事件 %s", EN: "Incident %s"},
	lOpenSince:      {ZH: "始于 %s", EN: "open since %s"},
	lEscalated:      {ZH: "已上报", EN: "escalated"},
	lWhoActs:        {ZH: "由谁处理：", EN: "Who acts:"},
	lMerchantInApp:  {ZH: "商户（在支付应用里操作）", EN: "the merchant, in the payment application"},
	lDoFirst:        {ZH: "首先：", EN: "Do first:"},
	lSignOnAgain:    {ZH: "在支付应用里重新签到；仍不行把应答码告诉收单机构。", EN: "Sign on again in the payment application; if that fails, tell the acquirer the response code."},
	lCompareConfig:  {ZH: "新装机先核对地址、端口、TPDU、商户号和终端号；都对再：", EN: "On a new installation first compare address, port, TPDU, merchant and terminal id; if all are right: "},
	lAlsoPossible:   {ZH: "不能排除：", EN: "Not excluded:"},
	lCode:           {ZH: "代码：", EN: "Code:"},
	lAlsoFound:      {ZH: "另外发现", EN: "Also found"},
	lCouldBe:        {ZH: "可能的原因", EN: "What it could be"},
	lFollows:        {ZH: "可由其他发现解释", EN: "Explained by other findings"},
	lExplainedBy:    {ZH: "%s（应由此引起：%s）", EN: "%s (follows from: %s)"},

	lWay:           {ZH: "到收单机构的路径", EN: "The way to the acquirer"},
	lPlaceTerminal: {ZH: "终端", EN: "terminal"},
	lPlaceLink:     {ZH: "接口", EN: "link"},
	lPlaceGateway:  {ZH: "网关", EN: "gateway"},
	lPlaceResolver: {ZH: "DNS", EN: "DNS"},
	lPlaceBeyond:   {ZH: "外网", EN: "network"},
	lPlaceTCP:      {ZH: "TCP", EN: "TCP"},
	lPlaceTLS:      {ZH: "TLS", EN: "TLS"},
	lEcho:          {ZH: "回响测试", EN: "echo"},
	lSignOn:        {ZH: "签到", EN: "sign-on"},
	lReply:         {ZH: "应答", EN: "reply"},
	lMessage:       {ZH: "报文", EN: "message"},
	lMarkOK:        {ZH: "正常", EN: "works"},
	lMarkFailed:    {ZH: "异常", EN: "failed"},
	lMarkSlow:      {ZH: "慢或不稳", EN: "slow or unsteady"},
	lMarkHeldUp:    {ZH: "受其他故障影响", EN: "fails because of another fault"},
	lMarkUntested:  {ZH: "未测", EN: "not tested"},
	lMarkUnseen:    {ZH: "不清楚", EN: "not known"},

	lNotSeen:         {ZH: "没有相关记录", EN: "no information"},
	lNotPresent:      {ZH: "不存在", EN: "not present"},
	lNotUsed:         {ZH: "没有用到", EN: "not used"},
	lNotThisRound:    {ZH: "本轮没有测试", EN: "not asked in this round"},
	lStepBefore:      {ZH: "前一步没有成功", EN: "not reached, the step before did not succeed"},
	lLate:            {ZH: "程序最多延迟 %s", EN: "programs up to %s late"},
	lOnTime:          {ZH: "运行及时", EN: "runs on time"},
	lMemoryFree:      {ZH: "可用内存 %s", EN: "%s of memory free"},
	lDiskReadOnly:    {ZH: "%s 只能读取", EN: "%s cannot be written"},
	lDiskFull:        {ZH: "%s 已满", EN: "%s is full"},
	lClockBehind:     {ZH: "时钟比主机慢 %s", EN: "clock %s behind the host's"},
	lClockAhead:      {ZH: "时钟比主机快 %s", EN: "clock %s ahead of the host's"},
	lSwitchedOff:     {ZH: "已关闭", EN: "switched off"},
	lNoCarrier:       {ZH: "没有检测到线路信号", EN: "no signal on the line"},
	lNotAssociated:   {ZH: "未连上 Wi-Fi", EN: "not connected to Wi-Fi"},
	lNotDialled:      {ZH: "未连上移动网络", EN: "not connected to the mobile network"},
	lCarrierChanges:  {ZH: "本轮中通断变化 %d 次", EN: "line signal changed %d times in this round"},
	lRxErrors:        {ZH: "本轮接收错误 %d 个", EN: "%d receive errors in this round"},
	lDuplicate:       {ZH: "地址冲突", EN: "also used by another device"},
	lNoAddress:       {ZH: "没有 IP 地址", EN: "no IP address"},
	lNoDefaultRoute:  {ZH: "没有默认路由", EN: "no default route"},
	lNoGatewayNeeded: {ZH: "此线路不需要网关", EN: "none needed on this link"},
	lPingSilent:      {ZH: "不应答 ping（可能被过滤，不算故障）", EN: "silent to ping (it may be filtered, no fault by itself)"},
	lPingAnswered:    {ZH: "ping 应答 %d/%d", EN: "%d of %d pings answered"},
	lPingBeyond:      {ZH: "对收单主机的 ping 应答 %d/%d", EN: "%d of %d pings to the acquirer answered"},
	lHostsFile:       {ZH: "hosts 文件把 %s 指向 %s", EN: "the hosts file gives %s the address %s"},
	lNoResolver:      {ZH: "没有设置 DNS 服务器", EN: "no name server is configured"},
	lAnswers:         {ZH: "有应答", EN: "answers"},
	lAnswersSlowly:   {ZH: "应答慢", EN: "answers slowly"},
	lGives:           {ZH: "给出 %s", EN: "gives %s"},
	lEdgeReached:     {ZH: "至少有一个连接成功", EN: "at least one connection came through"},
	lEdgeNoData:      {ZH: "连接能建立，数据不通", EN: "connects, but data does not pass"},
	lEdgeNotReached:  {ZH: "没有一个连接成功", EN: "no connection came through"},
	lLastRouter:      {ZH: "最后应答的路由器 %s（第 %d 跳）", EN: "last router that answered: %s (hop %d)"},
	lAcquirer:        {ZH: "收单机构 %s", EN: "acquirer %s"},
	lMain:            {ZH: "主用", EN: "main"},
	lBackup:          {ZH: "备用", EN: "backup"},
	lTries:           {ZH: "成功 %d/%d 次", EN: "%d of %d attempts worked"},

	lConnected:         {ZH: "%s连上", EN: "connected in %s"},
	lICMP:              {ZH: "%s 发来 ICMP 错误 %d/%d", EN: "%s sent ICMP error %d/%d"},
	lAlert:             {ZH: "告警 %d", EN: "alert %d"},
	lClientCertificate: {ZH: "对方要求客户端证书", EN: "the other side asks for a client certificate"},
	lCertificate:       {ZH: "证书：%s", EN: "certificate: %s"},
	lCertificateGood:   {ZH: "证书有效", EN: "certificate valid"},
	lAnswered:          {ZH: "有应答", EN: "answered"},
	lAnsweredCode:      {ZH: "有应答，应答码 %s", EN: "answered, code %s"},
	lHostSays:          {ZH: "主机提示「%s」", EN: `the host says "%s"`},
	lRequestUnsent:     {ZH: "请求没有全部发出", EN: "the request did not leave completely"},
	lRequestUnacked:    {ZH: "请求未确认送达", EN: "the request was not acknowledged"},
	lRequestResent:     {ZH: "请求未确认送达，重发 %d 次", EN: "the request was not acknowledged, sent again %d times"},
	lRequestAcked:      {ZH: "请求已送达（TCP 已确认）", EN: "the request arrived (TCP acknowledged it)"},
	lFlow:              {ZH: "支付应用的连接", EN: "the payment application's connection"},

	lTimings:     {ZH: "用时", EN: "Timings"},
	lPing:        {ZH: "ping", EN: "ping"},
	lPingAverage: {ZH: "平均 %s", EN: "average %s"},
	lPingRange:   {ZH: "%s至 %s", EN: "from %s to %s"},
	lOwnClock:    {ZH: "程序计时", EN: "timed by posprobe"},
	lKernelRTT:   {ZH: "往返 %s（系统测得）", EN: "round trip %s (measured by the kernel)"},
	lReplyAfter:  {ZH: "%s后应答", EN: "reply after %s"},
	lHostTime:    {ZH: "其中主机用 %s", EN: "of this %s at the host"},
	lAfter:       {ZH: "历时 %s", EN: "after %s"},
	lFailedAfter: {ZH: "%s后失败", EN: "failed after %s"},
	lUnderMs:     {ZH: "不到 0.1\u00a0毫秒", EN: "less than 0.1\u00a0ms"},
	lMs:          {ZH: "%s\u00a0毫秒", EN: "%s\u00a0ms"},
	lSeconds:     {ZH: "%s\u00a0秒", EN: "%s\u00a0s"},
	lMinutes:     {ZH: "%s\u00a0分钟", EN: "%s\u00a0min"},
	lHours:       {ZH: "%s\u00a0小时", EN: "%s\u00a0h"},
	lDays:        {ZH: "%s\u00a0天", EN: "%s\u00a0days"},

	lNotes:        {ZH: "说明（不是故障）", EN: "Notes (no faults)"},
	lUnexplained:  {ZH: "尚无解释", EN: "Not explained"},
	lUntested:     {ZH: "没有测到的步骤：%s", EN: "Steps not tested: %s"},
	lFollowed:     {ZH: "进一步测试", EN: "Asked further"},
	lReaches:      {ZH: "有回应", EN: "answers"},
	lTraceEnd:     {ZH: "在第 %d 跳有回应", EN: "it answers at hop %d"},
	lTraceSilent:  {ZH: "%s（第 %d 跳）之后没有回应", EN: "nothing answers after %s (hop %d)"},
	lTraceNothing: {ZH: "没有一跳有回应", EN: "no hop answers"},
	lWorks:        {ZH: "成功", EN: "it works"},
	lSame:         {ZH: "同样失败", EN: "it fails in the same way"},
	lPortalFree:   {ZH: "没有发现网页登录", EN: "no log-in page found"},
	lPortalPage:   {ZH: "别人代替应答（HTTP %d）", EN: "somebody else answered (HTTP %d)"},
	lClaimed:      {ZH: "另有 %d 台设备使用", EN: "others use it as well (%d)"},
	lUnclaimed:    {ZH: "没有发现别的设备使用", EN: "no other device uses it"},
	lEndClosed:    {ZH: "终端关闭后主机也随即关闭：主机程序在运行，但没有应答", EN: "when the terminal closed, the host closed too: its program runs and did not answer"},
	lEndStuck:     {ZH: "终端关闭后主机程序没有反应：可能已卡住", EN: "when the terminal closed, the host's program did not react: it seems stuck"},
	lEndHole:      {ZH: "主机发出的数据在途中丢失（收到了它的结束，中间有缺口）", EN: "what the host sent got lost on the way: its end arrived, with a hole before it"},
	lEndLate:      {ZH: "超时以后应答才到（%d 字节）", EN: "the reply came after the time was up (%d bytes)"},
	lWants:        {ZH: "还需查明", EN: "What would decide"},
	lModel:        {ZH: "型号", EN: "model"},
	lSerial:       {ZH: "序列号", EN: "serial"},
	lSite:         {ZH: "门店", EN: "site"},
	lAsset:        {ZH: "资产号", EN: "asset"},
	lAcquirerName: {ZH: "收单机构", EN: "acquirer"},
	lReport:       {ZH: "报告 %s", EN: "report %s"},
	lEvidence:     {ZH: "%d 条观测", EN: "%d observations"},
	lAgain:        {ZH: "用 --format json 保存的报告可以重新诊断：posprobe\u00a0diagnose\u00a0FILE", EN: "A report saved with --format json can be judged again: posprobe\u00a0diagnose\u00a0FILE"},
}
