package config

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/netip"
	"runtime"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// forms are the rules for text that the tag "form" names. Each returns nil for text
// that may stand; empty text never reaches them.
var forms = map[string]func(string) *fault{
	"text":     checkText,
	"terminal": checkTerminal,
	"bytes":    checkBytes,
	"pattern":  func(string) *fault { return nil }, // package signon compiles it
	"path":     checkPath,
	"host":     checkHost,
	"endpoint": checkEndpoint,
	"zone":     checkZone,
	"daily":    checkDaily,
	"pin":      checkPin,
	"link":     checkLink,
	"portal":   checkPortal,
}

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

// checkLink is the kernel's dev_valid_name (net/core/dev.c) where that rules: at most
// 15 bytes (IFNAMSIZ of include/uapi/linux/if.h less the NUL), no slash, colon or space.
func checkLink(s string) *fault {
	if runtime.GOOS == "windows" {
		return checkText(s)
	}
	remedy := "write the name that `ip link` shows, as in eth0"
	switch {
	case len(s) > 15:
		return &fault{"is longer than the 15 characters of an interface name", remedy}
	case s == "." || s == ".." || strings.ContainsAny(s, "/:") || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unprintable(r) }):
		return &fault{"is no interface name", remedy}
	}
	return nil
}

// checkPortal accepts http://HOST[:PORT]/PATH. Over https nobody could answer in the
// page's place without an error of the certificate's, so there would be nothing to see.
func checkPortal(s string) *fault {
	remedy := "write http://HOST/PATH or http://HOST:PORT/PATH, as in http://portal.example/generate_204"
	if strings.HasPrefix(strings.ToLower(s), "https://") {
		return &fault{"is an https address, which a captive portal cannot answer", "write a page that is served over plain http, as in http://portal.example/generate_204"}
	}
	rest, is := strings.CutPrefix(s, "http://")
	authority, path, _ := strings.Cut(rest, "/")
	switch {
	case len(s) > textCap:
		return &fault{fmt.Sprintf("is longer than %d characters", textCap), "write a shorter address"}
	case !is:
		return &fault{"does not begin with http://", remedy}
	case strings.ContainsAny(s, "?#@\\"):
		return &fault{"contains more than host, port and path", "write it without user, query and fragment"}
	case strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return &fault{"contains a character that no path has", "write it as %XX"}
	}
	host, port, found := cutPort(authority)
	if found {
		if f := checkPort(port); f != nil {
			return f
		}
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if host == "" {
		return &fault{"has no host", remedy}
	}
	if a, err := netip.ParseAddr(host); err == nil && a.Is6() && !strings.HasPrefix(authority, "[") {
		return &fault{"has an IPv6 address without brackets", fmt.Sprintf("write http://[%s]/PATH", a)}
	}
	return checkHost(host)
}

func checkEndpoint(s string) *fault {
	if strings.Contains(s, "/") {
		return &fault{"is a web address or a path", "write HOST:PORT alone, as in pos.acquirer.example:5500"}
	}
	host, port, found := cutPort(s)
	if !found {
		if a, err := netip.ParseAddr(s); err == nil && a.Is6() {
			return &fault{"is an IPv6 address without a port", fmt.Sprintf(`write "[%s]:PORT", with the quotes`, a)}
		}
		return &fault{"has no port", fmt.Sprintf("write HOST:PORT, as in %s:5500", exampleHost(s))}
	}
	if f := checkPort(port); f != nil {
		return f
	}
	if host == "" {
		return &fault{"has no host", "write HOST:PORT, as in pos.acquirer.example:5500"}
	}
	return checkHost(host)
}

// cutPort splits HOST:PORT and [IPv6]:PORT.
func cutPort(s string) (host, port string, found bool) {
	if rest, is := strings.CutPrefix(s, "["); is {
		return strings.Cut(rest, "]:")
	}
	i := strings.LastIndexByte(s, ':')
	if i < 0 || strings.Contains(s[:i], ":") {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

func exampleHost(s string) string {
	if checkHost(s) == nil {
		return s
	}
	return "pos.acquirer.example"
}

func checkPort(s string) *fault {
	_, err := strconv.ParseUint(s, 10, 16) // takes no sign
	if err != nil || s[0] == '0' {
		return &fault{fmt.Sprintf("has the port %q", clean(s)), "write a port from 1 to 65535 in plain digits"}
	}
	return nil
}

// checkHost accepts a literal address that can be a host's, or a host name: labels of
// letters, digits, hyphens and underscores (RFC 1123 section 2.1; underscores occur),
// at most 63 bytes each and 253 together (RFC 1035 section 2.3.4).
func checkHost(s string) *fault {
	if a, err := netip.ParseAddr(s); err == nil {
		switch {
		case a.Zone() != "":
			return &fault{"carries an interface after the address", "write the address without % and what follows"}
		case a.IsUnspecified() || a.IsMulticast() || a == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
			return &fault{"is an address that no host can have", "write the host's own address"}
		}
		return nil
	}
	name := strings.TrimSuffix(s, ".")
	labels := strings.Split(name, ".")
	last := labels[len(labels)-1]
	switch {
	case len(name) > 253:
		return &fault{"is longer than the 253 characters of a host name", "write the host's name or address"}
	// A name that ends in a number is read as an IPv4 address or not at all (WHATWG URL,
	// "ends in a number"; RFC 6943 section 3.1.1 on the confusion).
	case last != "" && strings.Trim(last, "0123456789") == "":
		return &fault{"is neither an IP address nor a host name", "write four numbers from 0 to 255 without leading zeros, or a name"}
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' || strings.ContainsFunc(l, notHostRune) {
			return &fault{"is neither an IP address nor a host name", "write letters, digits, hyphens and dots alone, as in pos.acquirer.example"}
		}
	}
	return nil
}

func notHostRune(r rune) bool {
	return r >= utf8.RuneSelf || !(unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_')
}
