package report

// Class is what an ISO 8583 response code (field 39) is about.
type Class string

// The classes of response code.
const (
	ClassOK            Class = "ok"
	ClassRegistration  Class = "registration"   // the merchant's or terminal's record at the acquirer
	ClassAcquirerHost  Class = "acquirer_host"  // a fault at the acquirer's host
	ClassUpstream      Class = "upstream"       // a fault behind the acquirer
	ClassMessage       Class = "message"        // the host does not take this message or its form
	ClassTerminalState Class = "terminal_state" // keys, batch or sequence out of step
	ClassCard          Class = "card"
	ClassIssuer        Class = "issuer"
	ClassOperator      Class = "operator"
	ClassUnknown       Class = "unknown"
)

// Classes lists every Class.
func Classes() []Class {
	return []Class{ClassOK, ClassRegistration, ClassAcquirerHost, ClassUpstream, ClassMessage, ClassTerminalState,
		ClassCard, ClassIssuer, ClassOperator, ClassUnknown}
}

// CodeClass gives a response code another class than the table does: acquirers differ.
type CodeClass struct {
	Code  string `json:"code"`
	Class Class  `json:"class"`
}

// ResponseCode is a row of the table of response codes.
type ResponseCode struct {
	Code  string
	Class Class
	Name  Text
}

// LookupResponseCode returns the row of a code; an unlisted code is ClassUnknown.
func LookupResponseCode(code string) ResponseCode {
	for _, r := range responseCodes {
		if r.Code == code {
			return r
		}
	}
	return ResponseCode{Code: code, Class: ClassUnknown, Name: Text{ZH: "未列入表中的应答码", EN: "Code not in the table"}}
}

// class returns the class of a code at this site: the site's own table comes first.
func (s Site) class(code string) Class {
	for _, o := range s.ResponseCodes {
		if o.Code == code {
			return o.Class
		}
	}
	return LookupResponseCode(code).Class
}

// responseCodes are the codes of the UnionPay POS and CUPS tables as found in public
// code of terminals and hosts; ISO 8583:1987 where those are silent. Names are short:
// the raw code is always shown beside them.
var responseCodes = []ResponseCode{
	{"00", ClassOK, Text{"承兑或交易成功", "Approved"}},
	{"01", ClassIssuer, Text{"查发卡行", "Refer to card issuer"}},
	{"02", ClassIssuer, Text{"查发卡行的特殊条件", "Refer to card issuer, special condition"}},
	{"03", ClassRegistration, Text{"无效商户", "Invalid merchant"}},
	{"04", ClassCard, Text{"没收卡", "Pick up card"}},
	{"05", ClassIssuer, Text{"不予承兑", "Do not honour"}},
	{"06", ClassIssuer, Text{"出错", "Error"}},
	{"07", ClassCard, Text{"特殊条件下没收卡", "Pick up card, special condition"}},
	{"08", ClassUnknown, Text{"凭身份证明承兑", "Honour with identification"}},
	{"09", ClassAcquirerHost, Text{"请求正在处理中", "Request in progress"}},
	{"10", ClassOK, Text{"部分承兑", "Partial approval"}},
	{"11", ClassOK, Text{"重要人物批准", "Approved"}},
	{"12", ClassMessage, Text{"无效交易", "Invalid transaction"}},
	{"13", ClassOperator, Text{"无效金额", "Invalid amount"}},
	{"14", ClassCard, Text{"无效卡号", "Invalid card number"}},
	{"15", ClassIssuer, Text{"无此发卡方", "No such issuer"}},
	{"16", ClassOK, Text{"批准更新第三磁道", "Approved, update track 3"}},
	{"17", ClassOperator, Text{"拒绝但不没收卡", "Declined, do not pick up"}},
	{"18", ClassUnknown, Text{"客户争议", "Customer dispute"}},
	{"19", ClassOperator, Text{"重新送入交易", "Re-enter transaction"}},
	{"20", ClassIssuer, Text{"无效应答", "Invalid response"}},
	{"21", ClassCard, Text{"不做任何处理", "No action taken"}},
	{"22", ClassTerminalState, Text{"怀疑操作有误", "Suspected malfunction"}},
	{"23", ClassAcquirerHost, Text{"不可接受的交易费", "Unacceptable transaction fee"}},
	{"24", ClassUnknown, Text{"接收方不支持文件更新", "File update not supported by receiver"}},
	{"25", ClassIssuer, Text{"未能找到文件上记录", "Original record not found"}},
	{"26", ClassUnknown, Text{"重复的文件更新记录", "Duplicate file update record"}},
	{"27", ClassUnknown, Text{"文件更新域编辑错误", "File update field edit error"}},
	{"28", ClassUnknown, Text{"文件更新时文件被锁", "File locked"}},
	{"29", ClassUnknown, Text{"文件更新不成功", "File update not successful"}},
	{"30", ClassMessage, Text{"报文格式错误", "Format error"}},
	{"31", ClassIssuer, Text{"不支持的银行", "Bank not supported by switch"}},
	{"32", ClassOK, Text{"部分完成", "Completed partially"}},
	{"33", ClassCard, Text{"过期的卡", "Expired card, pick up"}},
	{"34", ClassCard, Text{"有作弊嫌疑", "Suspected fraud, pick up"}},
	{"35", ClassCard, Text{"受卡方与安全保密部门联系", "Contact acquirer security, pick up"}},
	{"36", ClassCard, Text{"受限制的卡", "Restricted card, pick up"}},
	{"37", ClassCard, Text{"受卡方呼受理方安全保密部门", "Call acquirer security, pick up"}},
	{"38", ClassCard, Text{"超过允许的PIN试输入", "Allowable PIN tries exceeded"}},
	{"39", ClassCard, Text{"无此信用卡账户", "No credit account"}},
	{"40", ClassMessage, Text{"请求的功能尚不支持", "Requested function not supported"}},
	{"41", ClassCard, Text{"丢失卡", "Lost card, pick up"}},
	{"42", ClassCard, Text{"无此账户", "No such account"}},
	{"43", ClassCard, Text{"被窃卡", "Stolen card, pick up"}},
	{"44", ClassCard, Text{"无此投资账户", "No investment account"}},
	{"45", ClassCard, Text{"请使用芯片卡", "Use the chip"}},
	{"51", ClassCard, Text{"资金不足", "Insufficient funds"}},
	{"52", ClassCard, Text{"无此支票账户", "No cheque account"}},
	{"53", ClassCard, Text{"无此储蓄卡账户", "No savings account"}},
	{"54", ClassCard, Text{"过期的卡", "Expired card"}},
	{"55", ClassCard, Text{"不正确的PIN", "Incorrect PIN"}},
	{"56", ClassIssuer, Text{"无此卡记录", "No card record"}},
	{"57", ClassCard, Text{"不允许持卡人进行的交易", "Transaction not permitted to cardholder"}},
	{"58", ClassRegistration, Text{"不允许终端进行的交易", "Transaction not permitted to terminal"}},
	{"59", ClassCard, Text{"有作弊嫌疑", "Suspected fraud"}},
	{"60", ClassIssuer, Text{"受卡方与安全保密部门联系", "Contact acquirer"}},
	{"61", ClassCard, Text{"超出金额限制", "Exceeds amount limit"}},
	{"62", ClassCard, Text{"受限制的卡", "Restricted card"}},
	{"63", ClassTerminalState, Text{"违反安全保密规定", "Security violation"}},
	{"64", ClassOperator, Text{"原始金额错误", "Original amount incorrect"}},
	{"65", ClassCard, Text{"超出取款", "Exceeds frequency limit"}},
	{"66", ClassRegistration, Text{"受卡方呼受理方安全保密部门", "Call acquirer security department"}},
	{"67", ClassCard, Text{"捕捉", "Hard capture"}},
	{"68", ClassUpstream, Text{"收到的回答太迟", "Response received too late"}},
	{"75", ClassCard, Text{"允许的输入PIN次数超限", "PIN tries exceeded"}},
	{"76", ClassCard, Text{"无效账户", "Invalid account"}},
	{"77", ClassTerminalState, Text{"需要向网络中心签到", "Sign on again"}},
	{"78", ClassTerminalState, Text{"网络中心需要向POS终端下载数据", "Centre must download data to the terminal"}},
	{"79", ClassTerminalState, Text{"脱机交易对账不平", "Offline transactions do not reconcile"}},
	{"89", ClassUnknown, Text{"收单机构自定义", "Acquirer-specific"}},
	{"90", ClassAcquirerHost, Text{"日期切换正在处理", "Cut-over"}},
	{"91", ClassUpstream, Text{"发卡方或银联不能操作", "Issuer or switch inoperative"}},
	{"92", ClassUpstream, Text{"金融机构或中间网络设施找不到或无法达到", "Institution or intermediate network facility not found or unreachable"}},
	{"93", ClassIssuer, Text{"交易违法、不能完成", "Transaction unlawful, cannot be completed"}},
	{"94", ClassTerminalState, Text{"重复交易", "Duplicate transmission"}},
	{"95", ClassTerminalState, Text{"调节控制错", "Reconcile error"}},
	{"96", ClassAcquirerHost, Text{"系统异常、失效", "System malfunction"}},
	{"97", ClassRegistration, Text{"POS终端号找不到", "Terminal id not registered"}},
	{"98", ClassUpstream, Text{"银联收不到发卡行应答", "Switch got no answer from issuer"}},
	{"99", ClassTerminalState, Text{"PIN格式错", "PIN format"}},
	{"A0", ClassTerminalState, Text{"MAC校验错", "MAC verification failed"}},
	{"A1", ClassCard, Text{"转账货币不一致", "Transfer currency mismatch"}},
	{"A2", ClassOK, Text{"有缺陷的成功", "Accepted with defect"}},
	{"A3", ClassCard, Text{"资金到账行无此账户", "Receiving account not found"}},
	{"A4", ClassOK, Text{"有缺陷的成功", "Accepted with defect"}},
	{"A5", ClassOK, Text{"有缺陷的成功", "Accepted with defect"}},
	{"A6", ClassOK, Text{"有缺陷的成功", "Accepted with defect"}},
	{"A7", ClassAcquirerHost, Text{"安全处理失败", "Security processing failed"}},
	{"B1", ClassCard, Text{"费用未缴或无欠费", "Fee not paid or nothing owed"}},
	{"C1", ClassRegistration, Text{"受理方状态非法", "Acquirer state illegal"}},
	{"C2", ClassRegistration, Text{"商户未登记或状态异常", "Merchant or its agent not found or not in normal state"}},
	{"C3", ClassOperator, Text{"单笔限额超限", "Single amount limit exceeded"}},
	{"D1", ClassAcquirerHost, Text{"机构状态错误", "Institution state wrong"}},
	{"D2", ClassMessage, Text{"日期错误", "Wrong date"}},
	{"N1", ClassCard, Text{"未登折账目已超限", "Passbook items exceed limit"}},
	{"OT", ClassOperator, Text{"金额过小", "Amount too small"}},
	{"Q1", ClassCard, Text{"卡片认证失败", "Card authentication failed"}},
	{"Y1", ClassOK, Text{"脱机交易成功", "Offline approved"}},
	{"Y3", ClassOK, Text{"不能联机", "Unable to go online, offline approved"}},
	{"YM", ClassOperator, Text{"短信验证码输入跳转通知", "Go to SMS code entry"}},
	{"YT", ClassOperator, Text{"支付开通跳转通知", "Go to payment activation"}},
	{"Z1", ClassCard, Text{"脱机交易失败", "Offline declined"}},
	{"Z3", ClassCard, Text{"不能联机", "Unable to go online, offline declined"}},
}
