package main

import "posprobe/report"

var fleetOptions = []option{
	{name: "last", value: "D", text: report.Text{
		ZH: "看多长一段时间：10m 到 168h，缺省 24h",
		EN: "how far back to look: 10m to 168h (default 24h)",
	}},
	{name: "at", value: "TIME", text: report.Text{
		ZH: "以这一时刻为现在（RFC 3339，如 2026-12-01T09:30:00+08:00）",
		EN: "take this for the present (RFC 3339, as in 2026-12-01T09:30:00+08:00)",
	}},
	{name: "terminal", value: "REF", text: report.Text{
		ZH: "只说这台终端，并列出与它同样的终端",
		EN: "tell of this terminal alone, and name all that share its cause",
	}},
}
