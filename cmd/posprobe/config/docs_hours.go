package config

import "posprobe/report"

var (
	asDaily    = report.Text{ZH: "同 daily", EN: "as daily"}
	asWeekdays = report.Text{ZH: "同 weekdays", EN: "as weekdays"}
	asWeekend  = report.Text{ZH: "同 weekend", EN: "as weekend"}
)

// docsHours are the docs of service_hours and maintenance.
var docsHours = []doc{
	{key: "acquirer.service_hours", text: report.Text{
		ZH: `主机的服务时间，按上面的时区："HH:MM-HH:MM"，加引号；多段用逗号加空格分隔，最多 8 段；全天不服务写 closed。可以跨零点（"22:00-02:00"），属于开始的那一天。某一天的设置优先于 weekdays 和 weekend，后两者优先于 daily。`,
		EN: `When the host answers, in the zone above: "HH:MM-HH:MM" in quotes; several separated by a comma and a space, at most 8; or closed. It may cross midnight ("22:00-02:00") and belongs to the day on which it begins. A day's own hours win over those of weekdays and weekend, and these over daily.`,
	}},
	{key: "acquirer.service_hours.daily", text: report.Text{ZH: "每天。", EN: "Each day."}},
	{key: "acquirer.service_hours.weekdays", example: `"08:00-12:00, 13:30-22:00"`, text: report.Text{ZH: "周一至周五。", EN: "Monday to Friday."}, otherwise: asDaily},
	{key: "acquirer.service_hours.weekend", example: `"09:00-21:00"`, text: report.Text{ZH: "周六和周日。", EN: "Saturday and Sunday."}, otherwise: asDaily},
	{key: "acquirer.service_hours.monday", example: `"06:00-23:30"`, text: report.Text{ZH: "周一。", EN: "Monday."}, otherwise: asWeekdays},
	{key: "acquirer.service_hours.tuesday", example: `"06:00-23:30"`, text: report.Text{ZH: "周二。", EN: "Tuesday."}, otherwise: asWeekdays},
	{key: "acquirer.service_hours.wednesday", example: `"06:00-23:30"`, text: report.Text{ZH: "周三。", EN: "Wednesday."}, otherwise: asWeekdays},
	{key: "acquirer.service_hours.thursday", example: `"06:00-23:30"`, text: report.Text{ZH: "周四。", EN: "Thursday."}, otherwise: asWeekdays},
	{key: "acquirer.service_hours.friday", example: `"22:00-02:00"`, text: report.Text{ZH: "周五。", EN: "Friday."}, otherwise: asWeekdays},
	{key: "acquirer.service_hours.saturday", example: `"00:00-24:00"`, text: report.Text{ZH: "周六。", EN: "Saturday."}, otherwise: asWeekend},
	{key: "acquirer.service_hours.sunday", example: "closed", text: report.Text{ZH: "周日。", EN: "Sunday."}, otherwise: asWeekend},

	{key: "acquirer.maintenance", example: "- {from: 2026-12-01T01:00:00+08:00, until: 2026-12-01T03:00:00+08:00, note: upgrade}\n" +
		`- {every: first monday, hours: "02:00-04:00", note: patches}`, text: report.Text{
		ZH: "已公布的停机：一次性的写 from 和 until，定期的写 every 和 hours。",
		EN: "Announced absences of the host: once with from and until, or again and again with every and hours.",
	}},
	{key: "acquirer.maintenance[].from", text: report.Text{ZH: "开始。", EN: "Its begin."}},
	{key: "acquirer.maintenance[].until", text: report.Text{ZH: "结束，晚于 from。", EN: "Its end, after from."}},
	{key: "acquirer.maintenance[].every", text: report.Text{
		ZH: "在哪些天：day 每天；monday 至 sunday；first、second、third、fourth 或 last 加星期，如 first monday 为每月第一个周一；1 至 31 为每月几号，没有这一天的月份不停机。",
		EN: "On which days: day for each; monday to sunday; first, second, third, fourth or last and a weekday, as in first monday, of each month; 1 to 31 for the day of the month, where it has such a day.",
	}},
	{key: "acquirer.maintenance[].hours", text: report.Text{
		ZH: "从几点到几点，按上面的时区；可以跨零点，从 every 所指的那天开始。",
		EN: "From when to when, in the zone above; it may cross midnight and begins on a day of every.",
	}},
	{key: "acquirer.maintenance[].note", text: report.Text{ZH: "与结论一起显示。", EN: "Shown with the verdict."}},
}
