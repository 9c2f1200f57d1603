package config

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

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

// ntpPort is the port of a time server that names none (RFC 5905 section 7.2).
const ntpPort = "123"

// checkTimeServer accepts HOST or HOST:PORT.
func checkTimeServer(s string) *fault {
	if strings.Contains(s, "/") {
		return &fault{"is a web address or a path", "write HOST or HOST:PORT alone, as in ntp.acquirer.example"}
	}
	host, port, found := cutPort(s)
	if a, err := netip.ParseAddr(s); err == nil && a.Is6() {
		host, found = s, false
	}
	if found {
		if f := checkPort(port); f != nil {
			return f
		}
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if host == "" {
		return &fault{"has no host", "write HOST or HOST:PORT, as in ntp.acquirer.example"}
	}
	return checkHost(host)
}

// timeServer is a time server that checkTimeServer accepted, with its port; "" for none.
func timeServer(s string) string {
	if s == "" {
		return ""
	}
	if host, port, found := cutPort(s); found {
		return net.JoinHostPort(host, port)
	}
	return net.JoinHostPort(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"), ntpPort)
}
