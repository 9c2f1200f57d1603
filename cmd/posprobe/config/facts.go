package config

import (
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"

	"posprobe/report"
)

// facts are the sentences that type and tags of a key say by themselves: its form, words
// or range, its longest list, who uses it, and what holds without it. Words that text, the
// key's own, explains are not listed again.
func facts(f reflect.StructField, d *doc, lang report.Lang) string {
	say := func(t report.Text, args ...any) string {
		if len(args) == 0 {
			return t.In(lang)
		}
		return fmt.Sprintf(t.In(lang), args...)
	}
	t, isList := f.Type, false
	if t.Kind() == reflect.Slice && !scalar(t) {
		t, isList = t.Elem(), true
	}
	var out []string
	short := "" // without its full stop, as the default may follow
	switch low, high := rangeOf(f.Tag); {
	case f.Tag.Get("oneof") != "":
		short = alternatives(strings.Split(f.Tag.Get("oneof"), "|"), d.text.In(lang), lang)
	case f.Tag.Get("form") != "":
		out = append(out, say(formOf(f.Tag.Get("form")).says))
	case high != "" && t == reflect.TypeFor[Percent]():
		short = say(report.Text{ZH: "%s%% 至 %s%%", EN: "%s%% to %s%%"}, low, high)
	case high != "":
		short = say(report.Text{ZH: "%s 至 %s", EN: "%s to %s"}, low, high)
	case t.Kind() == reflect.Bool:
		short = say(report.Text{ZH: "true 或 false", EN: "true or false"})
	case t.Kind() == reflect.Map:
		if words := tables[t].tag.Get("oneof"); words != "" {
			short = alternatives(strings.Split(words, "|"), d.text.In(lang), lang)
		}
	default:
		out = append(out, say(typeFacts(t)))
	}
	without, has := f.Tag.Lookup("default")
	if has && t.Kind() == reflect.String {
		without = writtenText(without)
	}
	if short != "" {
		stop := say(report.Text{ZH: "。", EN: "."})
		if has {
			stop = say(report.Text{ZH: "，缺省 %s。", EN: ", default %s."}, without)
		}
		out = append(out, short+stop)
	}
	if most := f.Tag.Get("max"); most != "" {
		out = append(out, say(report.Text{ZH: "最多 %s 个。", EN: "At most %s."}, most))
	}
	switch d.protocols {
	case "":
	case isoProtocols:
		out = append(out, say(report.Text{ZH: "用于 ISO 8583 类协议。", EN: "For the ISO 8583 protocols."}))
	default:
		list := alternatives(strings.Split(d.protocols, "|"), "", lang)
		out = append(out, say(report.Text{ZH: "用于协议 %s。", EN: "For protocol %s."}, list))
	}
	switch {
	case has && short == "":
		out = append(out, say(report.Text{ZH: "缺省 %s。", EN: "Default %s."}, without))
	case has:
	case d.otherwise != report.Text{}:
		out = append(out, say(report.Text{ZH: "缺省：%s。", EN: "Default: %s."}, say(d.otherwise)))
	case scalar(t) || isList || t.Kind() == reflect.Map:
		out = append(out, say(report.Text{ZH: "缺省：无。", EN: "Default: none."}))
	}
	out = slices.DeleteFunc(out, func(s string) bool { return s == "" })
	return strings.Join(out, say(report.Text{ZH: "", EN: " "}))
}

// alternatives lists words, or returns "" when text has each of them.
func alternatives(words []string, text string, lang report.Lang) string {
	if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
		return ""
	}
	if lang == report.ZH {
		return strings.Join(words, "、")
	}
	return listed(words, "or")
}

// typeFacts is how a value of a type is written, where no tag says it.
func typeFacts(t reflect.Type) report.Text {
	switch reflect.Zero(t).Interface().(type) {
	case []byte:
		return report.Text{ZH: "十六进制数字，加引号，每字节两位。", EN: "Hexadecimal digits in quotes, two for each byte."}
	case time.Time:
		return report.Text{ZH: "日期、时间和时区，如 2026-12-01T01:00:00+08:00。", EN: "Date, time and zone, as in 2026-12-01T01:00:00+08:00."}
	case netip.AddrPort:
		return report.Text{ZH: "写成 IP 或 IP:PORT，缺省端口 53。", EN: "IP or IP:PORT, port 53 unless written."}
	case netip.Prefix:
		return report.Text{ZH: "写成 ADDRESS/BITS 或单个地址。", EN: "ADDRESS/BITS, or an address alone."}
	}
	return report.Text{}
}
