package config

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"posprobe/report"
)

// A form is a rule for text that the tag "form" names.
type form struct {
	name string
	// check returns nil for text that may stand; empty text never reaches it.
	check func(string) *fault
	// says is the rule in words.
	says report.Text
}

var forms = [...]form{
	{"target", leave, report.Text{ZH: "以 / 开头，最多 1024 个 ASCII 字符，可以带查询部分。", EN: "It begins with /, has at most 1024 ASCII characters and perhaps a query."}},
	{"digits", checkText, report.Text{}}, // package signon knows how many
	{"merchant", checkText, report.Text{ZH: "15 个字符，加引号。", EN: "15 characters, in quotes."}},
	{"text", checkText, report.Text{ZH: "最多 128 个字符。", EN: "At most 128 characters."}},
	{"terminal", checkTerminal, report.Text{ZH: "8 个字母或数字，加引号。", EN: "8 letters or digits, in quotes."}},
	{"bytes", checkBytes, report.Text{ZH: `文本（双引号中 \r \n 为换行），或写成 hex:0D0A 的字节，最多 2048 字节。`, EN: `Text (in double quotes \r and \n are line ends), or bytes as hex:0D0A; at most 2048 bytes.`}},
	{"pattern", leave, report.Text{ZH: "正则表达式（RE2），或写成 hex:0D0A 的开头字节；最多 512 个字符。", EN: "A regular expression (RE2), or the bytes it must begin with as hex:0D0A; at most 512 characters."}},
	{"regexp", leave, report.Text{ZH: "正则表达式（RE2），最多 512 个字符。", EN: "A regular expression (RE2), at most 512 characters."}},
	{"path", checkPath, report.Text{}},
	{"file", checkFile, report.Text{ZH: "以 / 开头的完整路径。", EN: "A path that begins with /."}},
	{"host", checkHost, report.Text{ZH: "主机名或地址。", EN: "A host name or an address."}},
	{"endpoint", checkEndpoint, report.Text{ZH: `写成 HOST:PORT，端口 1 至 65535；IPv6 地址加方括号和引号："[2001:db8::20]:5500"。`, EN: `HOST:PORT, port 1 to 65535; an IPv6 address stands in brackets and quotes: "[2001:db8::20]:5500".`}},
	{"zone", checkZone, report.Text{ZH: `时区名，或加引号的固定时差（-12:00 至 +14:00），如 "+08:00"。终端没有时区表（tzdata）时，只认 Asia/Shanghai 等内置名称。`, EN: `A name, or a fixed offset from -12:00 to +14:00 in quotes, as in "+08:00". A terminal without a time zone table (tzdata) knows Asia/Shanghai and few other names.`}},
	{"hours", checkHours, report.Text{}},
	{"interval", checkInterval, report.Text{ZH: "写成 HH:MM-HH:MM，加引号。", EN: "HH:MM-HH:MM in quotes."}},
	{"every", checkEvery, report.Text{}},
	{"pin", checkPin, report.Text{ZH: "写成 sha256/ 加 44 个 base64 字符。", EN: "sha256/ and 44 characters of base64."}},
	{"link", checkLink, report.Text{ZH: "每个名称最多 15 个字符。", EN: "Names of at most 15 characters."}},
	{"process", checkProcess, report.Text{ZH: "ps 显示的程序名，不带路径，每个最多 64 个字符。", EN: "Names as ps shows them, without a path, of at most 64 characters."}},
	{"version", checkVersion, report.Text{ZH: "用点分隔的数字，加引号。", EN: "Numbers with dots between them, in quotes."}},
	{"portal", checkPortal, report.Text{ZH: "写成 http://HOST/PATH 或 http://HOST:PORT/PATH，不能是 https；最多 128 个字符。", EN: "http://HOST/PATH or http://HOST:PORT/PATH, not https; at most 128 characters."}},
	{"time", checkTimeServer, report.Text{ZH: "写成 HOST 或 HOST:PORT，缺省端口 123。", EN: "HOST or HOST:PORT, port 123 unless written."}},
	{"reference", nil, report.Text{ZH: "写成 IP:PORT。", EN: "IP:PORT."}},
	{"proxy", checkProxy, report.Text{ZH: "写成 http://HOST:PORT。", EN: "http://HOST:PORT."}},
	{"destination", checkDestination, report.Text{ZH: "写成 https://HOST[:PORT]/PATH、syslog+tls://HOST[:PORT]（端口 6514）或 syslog+tcp://HOST[:PORT]（端口 514）；http:// 和 syslog+tcp:// 只能发往本机，除非 insecure: true。", EN: "https://HOST[:PORT]/PATH, syslog+tls://HOST[:PORT] (port 6514) or syslog+tcp://HOST[:PORT] (port 514); http:// and syslog+tcp:// to this machine alone unless insecure is true."}},
}

// formOf finds the form of that name; a zero form where there is none.
func formOf(name string) form {
	for _, f := range forms {
		if f.name == name {
			return f
		}
	}
	return form{}
}

// leave accepts what package signon compiles.
func leave(string) *fault { return nil }

const (
	// textCap is the longest text, as for every string of a report (in characters).
	textCap = 128
	// pathCap is PATH_MAX of include/uapi/linux/limits.h less the closing NUL.
	pathCap = 4095
	// hexPrefix and pinPrefix open the values that are not plain text.
	hexPrefix = "hex:"
	pinPrefix = "sha256/"
)

func checkText(s string) *fault {
	if utf8.RuneCountInString(s) > textCap {
		return &fault{fmt.Sprintf("is longer than %d characters", textCap), "shorten it"}
	}
	if strings.ContainsFunc(s, unprintable) {
		return &fault{"contains a control character or a line break", "write plain text on one line"}
	}
	return nil
}

// unprintable is true for characters without a shape of their own: control, format
// (bidirectional marks among them), private and invalid ones, and the invisible
// letters and marks that the Unicode Character Database lists as default-ignorable.
func unprintable(r rune) bool {
	return !unicode.IsPrint(r) || r == utf8.RuneError || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// checkTerminal holds a terminal id to its alphabet; package signon knows its length.
func checkTerminal(s string) *fault {
	if strings.ContainsFunc(s, func(r rune) bool { return !alphanumeric(r) }) {
		return &fault{"holds other characters than letters and digits", "copy the 8 characters of the terminal id from a receipt or the payment application's settings"}
	}
	return nil
}

// checkBytes accepts control characters, which a text protocol needs: YAML writes
// them in double quotes, as "PING\r\n". Package signon knows how long it may be.
func checkBytes(s string) *fault {
	if digits, is := strings.CutPrefix(s, hexPrefix); is {
		_, f := parseHex(digits)
		return f
	}
	return nil
}

// bytesOf returns what a value of the form "bytes" stands for.
func bytesOf(s string) []byte {
	if digits, is := strings.CutPrefix(s, hexPrefix); is {
		b, _ := hex.DecodeString(digits)
		return b
	}
	return []byte(s)
}

func parseHex(s string) ([]byte, *fault) {
	notHex := func(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF", r) }
	if i := strings.IndexFunc(s, notHex); i >= 0 {
		r, _ := utf8.DecodeRuneInString(s[i:])
		return nil, &fault{fmt.Sprintf("contains %q, which is no hexadecimal digit", r), "write the digits 0-9 A-F alone, without spaces or 0x"}
	}
	b, err := hex.DecodeString(s)
	if err != nil {
		return nil, &fault{fmt.Sprintf("has %d hexadecimal digits, which is no whole number of bytes", len(s)), "write two digits for each byte"}
	}
	return b, nil
}

func checkPath(s string) *fault {
	switch {
	case strings.Contains(s, "-----BEGIN"):
		return &fault{"is the content of a file, not its name", "keep it in a file of its own and write the file's name"}
	case len(s) > pathCap:
		return &fault{"is too long for a file name", "write the file's name"}
	case strings.ContainsFunc(s, unicode.IsControl):
		return &fault{"contains a control character or a line break", "write the file's name on one line"}
	}
	return nil
}

func checkPin(s string) *fault {
	remedy := "write sha256/ and the 44 characters of the key's digest in base64, as the check's report shows it"
	digest, is := strings.CutPrefix(s, pinPrefix)
	if !is {
		return &fault{"does not begin with sha256/", remedy}
	}
	if b, err := base64.StdEncoding.Strict().DecodeString(digest); err != nil || len(b) != 32 {
		return &fault{"is no SHA-256 digest in base64", remedy}
	}
	return nil
}

// pinOf returns the digest of a pin that checkPin accepted.
func pinOf(s string) []byte {
	b, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(s, pinPrefix))
	return b
}
