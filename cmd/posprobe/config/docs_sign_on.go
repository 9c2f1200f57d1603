package config

import "posprobe/report"

// docsSignOn are the docs of acquirer.sign_on.
var docsSignOn = []doc{
	{key: "acquirer.sign_on", text: report.Text{ZH: "连接之后发送的报文。", EN: "The message that is sent after connecting."}},
	{key: "acquirer.sign_on.protocol", text: report.Text{
		ZH: "none：只检查连接，以及所配置的 TLS。unionpay：银联终端的 ISO 8583 报文。iso8583-1987、iso8583-1993：按该年版标准的网络管理报文。http：一个 HTTP 请求。tcp：发送字节，看回来什么。",
		EN: "none: connecting, and TLS where it is configured, is all. unionpay: an ISO 8583 message as UnionPay terminals send it. iso8583-1987, iso8583-1993: a network management message after the standard of that year. http: one HTTP request. tcp: send bytes and look at what comes back.",
	}},
	{key: "acquirer.sign_on.message", protocols: isoProtocols, text: report.Text{
		ZH: "echo：回响测试，只问主机在不在，没有副作用。sign-on：签到，会生成新的工作密钥并覆盖旧的，支付应用的下一笔交易会失败；需要 dedicated_terminal: true。多久可以问一次，请与收单机构约定。",
		EN: "echo (回响测试) asks whether the host is there and changes nothing. sign-on (签到) makes new working keys and overwrites the old ones: the payment application's next transaction fails. It needs dedicated_terminal: true. Agree with the acquirer how often you may ask.",
	}},
	{key: "acquirer.sign_on.dedicated_terminal", text: report.Text{
		ZH: "true 表示上面的终端号专供 posprobe 使用，没有支付应用用它。",
		EN: "true: the terminal id above was issued for posprobe alone and no payment application uses it.",
	}},
	{key: "acquirer.sign_on.tpdu", example: `"6000030000"`, protocols: isoProtocols, text: report.Text{
		ZH: "TPDU，5 字节，照支付应用的设置填写。unionpay 必填。",
		EN: "TPDU, 5 bytes, as in the payment application's settings. unionpay needs it.",
	}},
	{key: "acquirer.sign_on.header", example: `"` + DefaultHeader + `"`, protocols: isoProtocols, otherwise: report.Text{
		ZH: `unionpay 为 "` + DefaultHeader + `"，其他协议没有报文头`,
		EN: `"` + DefaultHeader + `" for unionpay, none for the others`,
	}, text: report.Text{
		ZH: `TPDU 之后的报文头，最多 128 字节；"" 表示没有。`,
		EN: `Header (报文头) after the TPDU, up to 128 bytes; "" for none.`,
	}},
	{key: "acquirer.sign_on.framing", protocols: isoProtocols, text: report.Text{
		ZH: "报文前的长度。2-byte：2 字节二进制，不含自身；2-byte-inclusive：含自身；2-byte-bcd：BCD；4-ascii：4 位十进制数字；4-hex：4 位十六进制数字；visa：2 字节后跟 2 个零字节；gicc：2 个零字节后跟 2 字节；base24：2 字节，报文以 03 结尾；vmlh：4 字节；stx：先 02，再 2 字节。",
		EN: "The length before a message. 2-byte: binary, not counting itself; 2-byte-inclusive: counting itself; 2-byte-bcd: in BCD; 4-ascii: decimal digits; 4-hex: hexadecimal digits; visa: 2 bytes and 2 zero bytes; gicc: 2 zero bytes and 2 bytes; base24: 2 bytes, and 03 ends the message; vmlh: 4 bytes; stx: 02 and 2 bytes.",
	}},
	{key: "acquirer.sign_on.encoding", protocols: plainISO, text: report.Text{
		ZH: "域的编码。ascii：全部为字符，位图为十六进制数字；bcd：数字域和长度压缩为 BCD，位图为二进制；binary：字符加二进制位图。",
		EN: "How fields are written. ascii: characters throughout, the bitmap as hexadecimal digits; bcd: numbers and lengths packed in BCD, the bitmap binary; binary: characters with a binary bitmap.",
	}},
	{key: "acquirer.sign_on.mti", example: `"0820"`, protocols: isoProtocols, otherwise: report.Text{
		ZH: `unionpay 的 echo 为 "0820"、sign-on 为 "0800"；iso8583-1987 为 "0800"；iso8583-1993 为 "1804"`,
		EN: `for unionpay "0820" with echo, "0800" with sign-on; "0800" for iso8583-1987, "1804" for iso8583-1993`,
	}, text: report.Text{
		ZH: `报文类型："0800" 或 "0820"；iso8583-1993 为 "1804"。金融类报文从不发送。`,
		EN: `Message type: "0800" or "0820"; for iso8583-1993 "1804". Financial messages are never sent.`,
	}},
	{key: "acquirer.sign_on.field60", example: `{type: "00", batch: "000001", code: "301"}`, protocols: "unionpay", text: report.Text{
		ZH: "60 域的各部分，数字，加引号。",
		EN: "The parts of field 60, digits in quotes.",
	}, otherwise: report.Text{ZH: "各项的缺省值", EN: "that of its parts"}},
	{key: "acquirer.sign_on.field60.type", text: report.Text{ZH: "60.1 消息类型码，2 位。", EN: "60.1, message type code, 2 digits."}},
	{key: "acquirer.sign_on.field60.batch", text: report.Text{ZH: "60.2 批次号，6 位。", EN: "60.2, batch number, 6 digits."}},
	{key: "acquirer.sign_on.field60.code", otherwise: report.Text{
		ZH: `echo 为 "301"，sign-on 为 "003"`,
		EN: `"301" with echo, "003" with sign-on`,
	}, text: report.Text{ZH: "60.3 网络管理信息码，3 位。", EN: "60.3, network management code, 3 digits."}},
	{key: "acquirer.sign_on.network_code", example: `"301"`, protocols: plainISO, otherwise: report.Text{
		ZH: `iso8583-1987 的 echo 为 "301"、sign-on 为 "001"；iso8583-1993 为 "831"、"801"`,
		EN: `for iso8583-1987 "301" with echo, "001" with sign-on; for iso8583-1993 "831" and "801"`,
	}, text: report.Text{
		ZH: "网络管理码，3 位，加引号：iso8583-1987 的 70 域，iso8583-1993 的 24 域。iso8583-1987 写 none 表示不发送该域。",
		EN: "Network management code, 3 digits in quotes: field 70 of iso8583-1987, field 24 of iso8583-1993. For iso8583-1987 none leaves the field out.",
	}},
	{key: "acquirer.sign_on.fields", example: "[41, 42, 60]", protocols: isoProtocols, otherwise: report.Text{
		ZH: "unionpay 的 echo 为 [41, 42, 60]、sign-on 为 [11, 41, 42, 60, 63]；iso8583-1987 为 [7, 11]，iso8583-1993 为 [11, 12]",
		EN: "for unionpay [41, 42, 60] with echo, [11, 41, 42, 60, 63] with sign-on; [7, 11] for iso8583-1987, [11, 12] for iso8583-1993",
	}, text: report.Text{
		ZH: "发送哪些域：unionpay 可用 11、41、42、60、63；其他协议除网络管理码外可用 7、11、12、41、42，iso8583-1987 还有 13。卡、密钥和 MAC 的域从不发送。",
		EN: "Numbers of the fields to send: of 11, 41, 42, 60, 63 for unionpay; besides the network management code of 7, 11, 12, 41, 42 for the others, and 13 for iso8583-1987. Fields of cards, keys and MACs are never sent.",
	}},
	{key: "acquirer.sign_on.values", example: `{32: "12345678"}`, protocols: plainISO, text: report.Text{
		ZH: "其他域的固定值：域号和加引号的文本。卡、密钥和 MAC 的域会被拒绝；能表示请求内容的域（如 3）会使报文不再只是 echo，需要 dedicated_terminal: true。",
		EN: "Fixed values of further fields: number and text in quotes. Fields of cards, keys and MACs are refused; one that can say what is asked, such as 3, makes the message more than an echo and needs dedicated_terminal: true.",
	}},
	{key: "acquirer.sign_on.operator", protocols: "unionpay", text: report.Text{
		ZH: "63 域的操作员号，加引号，1 至 20 个字符；只在发送 63 域时使用。",
		EN: "Operator number in field 63, in quotes, 1 to 20 characters; used where that field is sent.",
	}},
	{key: "acquirer.sign_on.http", protocols: postProtocols, text: report.Text{
		ZH: "协议 http 的请求；ISO 8583 类协议写了它，报文就放在 POST 请求体中发送（银联接入网关）。Host 头取自 endpoints。",
		EN: "The request of protocol http. With an ISO 8583 protocol the message becomes the body of a POST, as access gateways want it. The Host header comes from the endpoint.",
	}, otherwise: report.Text{ZH: "协议 http 为 GET /，其他协议不用 HTTP", EN: "GET / for protocol http, no HTTP for the others"}},
	{key: "acquirer.sign_on.http.method", example: "POST", otherwise: report.Text{ZH: "GET；有请求体时为 POST", EN: "GET, or POST where there is a body"}, text: report.Text{ZH: "请求方法。", EN: "The method."}},
	{key: "acquirer.sign_on.http.path", example: "/mjc/webtrans/VPB_lb", text: report.Text{ZH: "路径。", EN: "The path."}},
	{key: "acquirer.sign_on.http.headers", example: "gateway-headers.txt", text: report.Text{
		ZH: "附加请求头的文件，每行一个 Name: value，合计最多 4096 字节，# 开头的行不算。其中可能有令牌，所以只有属主可读（chmod 600）。",
		EN: "A file of further header lines, Name: value each, at most 4096 bytes together; lines that begin with # do not count. It may hold a token and is readable by its owner alone (chmod 600).",
	}},
	{key: "acquirer.sign_on.http.status", example: "[200, 204]", protocols: "http", otherwise: report.Text{ZH: "200 至 299", EN: "200 to 299"}, text: report.Text{ZH: "表示正常的状态码。", EN: "The status codes of a good answer."}},
	{key: "acquirer.sign_on.http.body", example: `"UP"`, protocols: "http", otherwise: report.Text{ZH: "不检查", EN: "any body will do"}, text: report.Text{ZH: "应答体必须包含的内容。", EN: "What the body must contain."}},
	{key: "acquirer.sign_on.http.json", protocols: "http", text: report.Text{ZH: "应答体为 JSON 时必须有的值。", EN: "A value that a JSON body must have."}, otherwise: report.Text{ZH: "不检查", EN: "none is looked at"}},
	{key: "acquirer.sign_on.http.json.path", example: "checks.0.state", text: report.Text{ZH: "值的位置，用点分隔。", EN: "Where the value stands, with dots."}},
	{key: "acquirer.sign_on.http.json.value", example: "UP", text: report.Text{ZH: "应有的值。", EN: "What it must be."}},
	{key: "acquirer.sign_on.send", example: `"PING\r\n"`, protocols: "tcp|http", otherwise: report.Text{ZH: "不发送", EN: "nothing is sent"}, text: report.Text{
		ZH: "发送的内容；协议 http 时为请求体。",
		EN: "What to send; for protocol http the body of the request.",
	}},
	{key: "acquirer.sign_on.expect", example: `"^PONG"`, protocols: "tcp", otherwise: report.Text{ZH: "任何应答都行", EN: "any reply will do"}, text: report.Text{
		ZH: "应答必须包含的内容。",
		EN: "What the reply must contain.",
	}},
	{key: "acquirer.sign_on.steps", example: `[{send: "QUIT\r\n", expect: "^BYE"}]`, protocols: "tcp", text: report.Text{
		ZH: "在 send 和 expect 之后依次进行的收发，写法相同。",
		EN: "Further exchanges after send and expect, in order, written alike.",
	}},
	{key: "acquirer.sign_on.steps[].send", text: report.Text{ZH: "发送的内容。", EN: "What to send."}, otherwise: report.Text{ZH: "不发送", EN: "nothing is sent"}},
	{key: "acquirer.sign_on.steps[].expect", text: report.Text{ZH: "应答必须包含的内容。", EN: "What the reply must contain."}, otherwise: report.Text{ZH: "任何应答都行", EN: "any reply will do"}},
	{key: "acquirer.sign_on.response_codes", example: `{"89": registration}`, protocols: isoProtocols, otherwise: report.Text{ZH: "内置对照表", EN: "the built-in table"}, text: report.Text{
		ZH: "在该收单机构另有含义的应答码（39 域，加引号）及其类别：ok 正常，registration 商户或终端登记，acquirer_host 收单主机，upstream 收单主机之后，message 报文，terminal_state 终端状态，card 卡，issuer 发卡行，operator 操作，offline 终端脱机，unknown 未知。",
		EN: "Response codes (field 39, in quotes) that mean something else at this acquirer, each with its class.",
	}},
}
