package render

import "posprobe/report"

// failureWords say in a short phrase what happened, without saying whose fault it is.
var failureWords = words[report.FailureType]{
	report.FailDeadline:      {ZH: "限定时间内没有回应", EN: "no answer in the time allowed"},
	report.FailKernelTimeout: {ZH: "系统多次重发后放弃", EN: "the system gave up after repeated attempts"},
	report.FailCancelled:     {ZH: "被用户中断", EN: "interrupted by the user"},

	report.FailRefused:      {ZH: "连接被拒绝", EN: "connection refused"},
	report.FailReset:        {ZH: "连接被复位", EN: "connection reset"},
	report.FailAborted:      {ZH: "连接被中止", EN: "connection aborted"},
	report.FailClosed:       {ZH: "没有应答就关闭了连接", EN: "closed without a reply"},
	report.FailNetUnreach:   {ZH: "没有通往该网络的路由", EN: "no way to that network (network unreachable)"},
	report.FailHostUnreach:  {ZH: "目标地址不可达", EN: "address cannot be reached (host unreachable)"},
	report.FailNetDown:      {ZH: "网络接口未接通", EN: "network interface is down"},
	report.FailMessageSize:  {ZH: "数据包超过线路允许的大小", EN: "packet too large for the link"},
	report.FailNoAddress:    {ZH: "没有可用的本机地址", EN: "no local address to use"},
	report.FailNoPorts:      {ZH: "本机端口已用完", EN: "no local port left"},
	report.FailNoDescriptor: {ZH: "打开的文件数已达上限", EN: "too many open files"},
	report.FailNoBuffers:    {ZH: "系统内存或缓冲不足", EN: "no memory or buffers left"},

	report.FailNotPermitted: {ZH: "系统不允许此操作", EN: "not permitted by the system"},
	report.FailAccess:       {ZH: "系统拒绝访问", EN: "access denied by the system"},
	report.FailCapability:   {ZH: "posprobe 缺少所需权限", EN: "posprobe lacks a permission it needs"},

	report.FailNXDomain:     {ZH: "域名不存在", EN: "the name does not exist"},
	report.FailNoData:       {ZH: "域名存在但没有此类地址", EN: "the name has no address of this kind"},
	report.FailServFail:     {ZH: "DNS 服务器答复查询失败（SERVFAIL）", EN: "the name server failed (SERVFAIL)"},
	report.FailDNSRefused:   {ZH: "DNS 服务器拒绝查询", EN: "the name server refused to answer"},
	report.FailDNSFormat:    {ZH: "DNS 服务器不认可查询格式", EN: "the name server did not understand the question"},
	report.FailDNSNotImpl:   {ZH: "DNS 服务器不支持此查询", EN: "the name server cannot do this kind of question"},
	report.FailDNSOther:     {ZH: "DNS 服务器返回其他错误", EN: "the name server answered with another error"},
	report.FailDNSTruncated: {ZH: "DNS 应答不完整，改用 TCP 也未取得", EN: "the DNS answer was cut off, over TCP too"},
	report.FailDNSMalformed: {ZH: "DNS 应答无法读取", EN: "the DNS answer cannot be read"},

	report.FailTLSAlert:     {ZH: "对方以 TLS 告警结束连接", EN: "the other side ended TLS with an alert"},
	report.FailTLSVersion:   {ZH: "双方没有共同的 TLS 版本", EN: "no TLS version in common"},
	report.FailNotTLS:       {ZH: "对方的应答不是 TLS", EN: "the answer is not TLS"},
	report.FailTLSMalformed: {ZH: "TLS 数据不符合规定", EN: "the TLS data breaks the rules"},
	report.FailClientCert:   {ZH: "对方要求客户端证书", EN: "the other side wants a client certificate"},
	report.FailUntrusted:    {ZH: "对方证书未通过验证，未发送报文", EN: "not sent: the certificate did not pass verification"},

	report.FailCutShort:      {ZH: "应答没有收完", EN: "the reply did not arrive completely"},
	report.FailLength:        {ZH: "应答的长度字段不正确", EN: "the length of the reply cannot be right"},
	report.FailNotISO8583:    {ZH: "应答不是 ISO 8583 报文", EN: "the reply is not an ISO 8583 message"},
	report.FailMessageType:   {ZH: "应答的报文类型不对应", EN: "the reply is of another message type"},
	report.FailOtherTerminal: {ZH: "应答属于另一台终端", EN: "the reply is for another terminal"},
	report.FailUnexpected:    {ZH: "应答与预期不符", EN: "the reply is not what was expected"},
	report.FailNotHTTP:       {ZH: "应答不是 HTTP", EN: "the reply is not HTTP"},
	report.FailHTTPStatus:    {ZH: "HTTP 状态码与预期不符", EN: "the HTTP status is not the expected one"},

	report.FailNotFound:     {ZH: "不存在", EN: "not found"},
	report.FailNotSupported: {ZH: "本系统不支持", EN: "not supported on this system"},
	report.FailIO:           {ZH: "读写出错", EN: "read or write error"},
	report.FailMalformed:    {ZH: "内容无法读取", EN: "content cannot be read"},

	report.FailUnknown: {ZH: "其他失败", EN: "failed in another way"},
}
