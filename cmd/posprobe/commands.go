package main

import (
	"context"
	"slices"

	"posprobe/cmd/posprobe/config"
	"posprobe/report"
)

// A command is one of posprobe's subcommands. The help, the manual page and the completions
// of shells are made from these.
type command struct {
	name string // as it is typed, its words with one space between
	args string // what follows it, as the help shows that
	text report.Text
	// options are its flags; site is true when it takes siteOptions as well.
	options []option
	site    bool
	// words are what args can be, nil for anything.
	words []string
	run   func(a app, ctx context.Context, args []string) int
}

// An option is a flag of a command.
type option struct {
	name  string // without its dashes
	value string // what follows it, "" for a switch
	text  report.Text
	words []string // the values that it can have, nil for any
}

// commands are the subcommands, in the order of the help.
func commands() []command {
	return []command{
		{
			name: "check", run: app.check, site: true,
			text:    report.Text{ZH: "立即检查一次：结论、证据摘要、下一步", EN: "one round now: verdict, evidence, next action"},
			options: slices.Concat([]option{configOption}, checkOptions, outputOptions),
		},
		{
			name: "run", run: app.runService,
			text: report.Text{
				ZH: "常驻运行，按计划检查（由服务管理器启动）",
				EN: "the daemon, in the foreground: rounds by schedule; a service manager starts it",
			},
			options: []option{configOption, userOption, rawOption, waitOption},
		},
		{
			name: "service install", run: app.serviceInstall,
			text:    report.Text{ZH: "安装为系统服务，开机启动（systemd、OpenRC、SysV、BusyBox、procd、Windows）", EN: "make it a service that starts with the system (systemd, OpenRC, SysV, BusyBox, procd, Windows)"},
			options: []option{configOption, langOption},
		},
		{
			name: "service uninstall", run: app.serviceUninstall,
			text:    report.Text{ZH: "删除系统服务；配置和数据保留", EN: "take the service away; configuration and data stay"},
			options: []option{langOption},
		},
		{
			name: "service start", run: app.serviceStart,
			text:    report.Text{ZH: "启动服务", EN: "start the service"},
			options: []option{langOption},
		},
		{
			name: "service stop", run: app.serviceStop,
			text:    report.Text{ZH: "停止服务", EN: "stop the service"},
			options: []option{langOption},
		},
		{
			name: "service restart", run: app.serviceRestart,
			text:    report.Text{ZH: "重新启动服务", EN: "stop the service and start it again"},
			options: []option{langOption},
		},
		{
			name: "service status", run: app.serviceStatus,
			text:    report.Text{ZH: "常驻程序的情况：何时启动、上次检查、事件、流量、积压", EN: "how the daemon does: since when, last round, incident, data, backlog"},
			options: []option{langOption},
		},
		{
			name: "report list", run: app.reportList,
			text:    report.Text{ZH: "列出保存的报告、事件和每小时小结", EN: "the reports, incidents and hourly summaries that are kept"},
			options: slices.Concat(historyOptions, []option{{name: "number", value: "N", text: report.Text{ZH: "最多列出几条，缺省 30", EN: "how many at most (default 30)"}}}, outputOptions),
		},
		{
			name: "report show", args: "ID|last", run: app.reportShow,
			text:    report.Text{ZH: "显示一份保存的报告", EN: "one of them in full"},
			options: slices.Concat(historyOptions, outputOptions),
		},
		{
			name: "diagnose", args: "FILE|-", run: app.diagnose,
			text:    report.Text{ZH: "由 --format json 保存的报告重新得出结论", EN: "draw the verdict again from reports that were saved with --format json"},
			options: outputOptions,
		},
		{
			name: "fleet", args: "[FILE|-]...", run: app.fleet,
			text: report.Text{
				ZH: "由许多终端的报告判断：是收单机构、运营商，还是这一家店？文件可为 gzip，缺省读标准输入",
				EN: "from the reports of many terminals: is it the acquirer, a provider, or this shop? Files may be packed with gzip; default: standard input",
			},
			options: slices.Concat(fleetOptions, outputOptions),
		},
		{
			name: "init", run: app.initConfig, site: true,
			text: report.Text{
				ZH: "写一份带说明的配置：由提问，或由参数得出。提问时会试连主机，没有收到应答时经同意再换几种 TPDU 和报文头试",
				EN: "write a commented configuration, from questions or from flags. While it asks it tries the host, and offers other TPDUs and headers where it does not answer",
			},
			options: slices.Concat(initOptions, []option{langOption}),
		},
		{
			name: "explain", args: "CODE|PROMPT|RC|WORD", run: app.explain,
			text: report.Text{
				ZH: "说明一个代码、屏幕提示、应答码或术语",
				EN: "what a code, a prompt on the screen, a response code or a word means",
			},
			options: outputOptions[1:],
		},
		{
			name: "config check", run: app.config,
			text:    report.Text{ZH: "列出配置中的所有错误", EN: "every mistake in the configuration"},
			options: []option{configOption},
		},
		{
			name: "pause", args: "DURATION", run: app.pause,
			text:    report.Text{ZH: "暂停发包（如 30m、2h，最长 168h）", EN: "send no packets for a while (such as 30m or 2h, at most 168h)"},
			options: []option{langOption},
		},
		{
			name: "resume", run: app.resume,
			text:    report.Text{ZH: "结束暂停", EN: "end the pause"},
			options: []option{langOption},
		},
		{
			name: "man", run: app.man,
			text:    report.Text{ZH: "输出手册页（roff），可用 man -l 查看", EN: "print the manual page (roff), for man -l"},
			options: []option{langOption},
		},
		{
			name: "completion", args: "bash|zsh|fish", words: shells, run: app.completion,
			text:    report.Text{ZH: "输出该 shell 的命令补全脚本", EN: "print the completion script of a shell"},
			options: []option{langOption},
		},
		{
			name: "version", run: app.version,
			text: report.Text{ZH: "版本", EN: "what this binary is"},
		},
		{
			name: "help", args: "[COMMAND]", run: app.help,
			text: report.Text{ZH: "帮助", EN: "this text, or that of one command"},
		},
	}
}

var (
	configOption = option{name: "config", value: "FILE", text: report.Text{
		ZH: "配置文件，缺省为 " + defaultConfig + "（如果存在）",
		EN: "default " + defaultConfig + " if it exists",
	}}
	langOption = option{name: "lang", value: "LANG", words: []string{"zh", "en"}, text: report.Text{
		ZH: "语言：zh 或 en，缺省按系统设置",
		EN: "zh or en (default: the locale's)",
	}}
	historyOptions = []option{configOption, {name: "dir", value: "DIR", text: report.Text{
		ZH: "保存报告的目录，缺省按配置",
		EN: "where they are kept (default: the configuration's)",
	}}}
	outputOptions = []option{
		{name: "format", value: "FORM", words: []string{"text", "json"}, text: report.Text{ZH: "输出 text（缺省）或 json", EN: "text (default) or json"}},
		langOption,
		{name: "width", value: "N", text: report.Text{ZH: "输出的列数", EN: "columns of the text"}},
	}
)

// siteOptions describe the acquirer's host and the terminal, in the place of what the
// configuration says; config.Override reads them.
var siteOptions = []option{
	{name: "endpoint", value: "HOST:PORT", text: report.Text{
		ZH: "代替配置中的地址；可重复：先主用，后备用",
		EN: "replaces the file's endpoints; may be repeated: main first, then backups",
	}},
	{name: "tls", text: report.Text{ZH: "使用 TLS", EN: "speak TLS"}},
	{name: "ca", value: "FILE", text: report.Text{ZH: "使用 TLS，信任这些根证书", EN: "speak TLS and trust these roots"}},
	{name: "pin", value: "PIN", text: report.Text{
		ZH: "使用 TLS，只信任这个公钥：sha256/BASE64",
		EN: "speak TLS and trust this key alone: sha256/BASE64",
	}},
	{name: "protocol", value: "NAME", words: config.Protocols(), text: report.Text{
		ZH: "none（缺省，只测连接和 TLS）、unionpay、iso8583-1987、iso8583-1993、http、tcp",
		EN: "none (default: connect and TLS only), unionpay, iso8583-1987, iso8583-1993, http, tcp",
	}},
	{name: "terminal", value: "TID", text: report.Text{
		ZH: "终端号，与支付应用相同；posprobe 从不自行编造",
		EN: "terminal id, as the payment application has it; never invented",
	}},
	{name: "merchant", value: "MID", text: report.Text{ZH: "商户号，同上", EN: "merchant id, likewise"}},
	{name: "tpdu", value: "HEX", text: report.Text{ZH: "TPDU，同上", EN: "TPDU, likewise"}},
	{name: "header", value: "HEX", text: report.Text{ZH: `报文头，同上；"" 表示没有`, EN: `message header, likewise; "" for none`}},
	{name: "message", value: "NAME", words: []string{"echo", "sign-on"}, text: report.Text{
		ZH: "echo（缺省）无副作用；sign-on 会更换工作密钥",
		EN: "echo (default) is harmless; sign-on replaces the working keys",
	}},
	{name: "resolver", value: "ADDR", text: report.Text{
		ZH: "改问这个 DNS 服务器；可重复",
		EN: "ask this DNS server instead of the system's; may be repeated",
	}},
	{name: "wait", value: "D", text: report.Text{
		ZH: "等待应答的时间（缺省 8s，最长 60s）",
		EN: "how long to wait for a reply (default 8s, at most 60s)",
	}},
}

var checkOptions = []option{
	{name: "prompt", value: "TEXT", text: report.Text{
		ZH: "屏幕上的提示（中文或英文）：结论按这个提示来说",
		EN: "what the screen says, in Chinese or English: the answer is worded for it",
	}},
	{name: "response-code", value: "RC", text: report.Text{
		ZH: "交易被拒后屏幕上的应答码",
		EN: "the code that the screen shows after a refused transaction",
	}},
	{name: consentFlag[2:], text: report.Text{
		ZH: "用支付应用的终端号做 sign-on 时必须加上",
		EN: "needed for --message sign-on with the application's own terminal id",
	}},
	{name: "save", text: report.Text{
		ZH: "把报告保存到 reports.dir，与常驻程序的报告放在一起",
		EN: "keep the report in reports.dir, with those of the daemon",
	}},
}

// all are the command's options in the order of the help.
func (c command) all() []option {
	if !c.site {
		return c.options
	}
	return slices.Concat(c.options[:1], siteOptions, c.options[1:])
}
