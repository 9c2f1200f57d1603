package config

import (
	"fmt"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// scalar is true for the types that a single value of the file or a flag fills.
func scalar(t reflect.Type) bool {
	switch reflect.Zero(t).Interface().(type) {
	case string, bool, int, Percent, Bytes, []byte, time.Duration, time.Time, netip.Prefix, netip.AddrPort:
		return true
	}
	return false
}

// assign reads text into a scalar value as its type and tags demand; v is not touched
// when the text is wrong. It is the one place where text becomes a value, for the
// file and for flags.
func assign(v reflect.Value, text string, tag reflect.StructTag) *fault {
	if f := fullWidth(text, tag); f != nil {
		return f
	}
	switch p := v.Addr().Interface().(type) {
	case *string:
		return assignString(p, text, tag)
	case *bool:
		return parse(p, text, parseBool)
	case *int:
		return assignInt(p, text, tag)
	case *Percent:
		return assignPercent(p, text, tag)
	case *Bytes:
		return assignBytes(p, text, tag)
	case *time.Duration:
		return assignDuration(p, text, tag)
	case *[]byte:
		return parse(p, text, parseHex)
	case *time.Time:
		return parse(p, text, parseTime)
	case *netip.Prefix:
		return parse(p, text, parsePrefix)
	case *netip.AddrPort:
		if tag.Get("form") == "reference" {
			return parse(p, text, parseReference)
		}
		return parse(p, text, parseResolver)
	}
	panic("config: no rule for " + v.Type().String()) // a new field's type, seen by every test
}

func parse[T any](p *T, text string, read func(string) (T, *fault)) *fault {
	value, f := read(text)
	if f == nil {
		*p = value
	}
	return f
}

func assignString(p *string, text string, tag reflect.StructTag) *fault {
	if words := tag.Get("oneof"); words != "" {
		if f := oneOf(text, strings.Split(words, "|")); f != nil {
			return f
		}
	} else if text != "" {
		if f := formOf(tag.Get("form")).check(text); f != nil {
			return f
		}
	}
	*p = text
	return nil
}

func oneOf(text string, words []string) *fault {
	for _, w := range words {
		if text == w {
			return nil
		}
	}
	return &fault{"is not one of the words that can stand here", "write " + listed(words, "or")}
}

func parseBool(text string) (bool, *fault) {
	switch text {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, &fault{"is neither true nor false", "write true or false, without quotes"}
}

func assignInt(p *int, text string, tag reflect.StructTag) *fault {
	low, high := rangeOf(tag)
	least, _ := strconv.Atoi(low)
	most, _ := strconv.Atoi(high)
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return &fault{"is no number that can stand here", fmt.Sprintf("write a whole number from %d to %d", least, most)}
	}
	*p = n
	return nil
}

// rangeOf returns the lowest and the highest value of the tag "range", as written.
func rangeOf(tag reflect.StructTag) (low, high string) {
	low, high, _ = strings.Cut(tag.Get("range"), ",")
	return low, high
}

func parseTime(text string) (time.Time, *fault) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, &fault{"is no time of RFC 3339", "write date, time and zone, as in 2026-12-01T01:00:00+08:00"}
	}
	return t, nil
}

func parsePrefix(text string) (netip.Prefix, *fault) {
	remedy := "write ADDRESS/BITS, as in 203.0.113.0/24"
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		return p, &fault{"is no address prefix", remedy}
	case p != p.Masked():
		return p, &fault{fmt.Sprintf("has bits set beyond the first %d", p.Bits()), "write " + p.Masked().String()}
	}
	return p, nil
}

// dnsPort is the port of a resolver that names none (RFC 1035 section 4.2).
const dnsPort = 53

func parseResolver(text string) (netip.AddrPort, *fault) {
	remedy := `write IP or IP:PORT, as in 192.0.2.53 or "[2001:db8::53]:53"`
	at, err := netip.ParseAddrPort(text)
	if a, single := netip.ParseAddr(text); single == nil {
		at, err = netip.AddrPortFrom(a, dnsPort), nil
	}
	switch {
	case err != nil:
		return at, &fault{"is no resolver's address", remedy}
	case at.Port() == 0:
		return at, &fault{"has the port 0", remedy}
	case at.Addr().IsUnspecified() || at.Addr().IsMulticast():
		return at, &fault{"is an address that no resolver can have", remedy}
	}
	return at, nil
}

// parseReference reads an address that needs no name server to be reached, and the port
// that only its owner knows.
func parseReference(text string) (netip.AddrPort, *fault) {
	remedy := `write IP:PORT, as in 192.0.2.80:443 or "[2001:db8::80]:443"`
	at, err := netip.ParseAddrPort(text)
	switch {
	case err != nil:
		if _, single := netip.ParseAddr(text); single == nil {
			return at, &fault{"has no port", remedy}
		}
		return at, &fault{"is no IP address with a port", remedy}
	case at.Port() == 0:
		return at, &fault{"has the port 0", remedy}
	case at.Addr().Zone() != "":
		return at, &fault{"carries an interface after the address", remedy}
	}
	if f := checkHost(at.Addr().String()); f != nil {
		return at, f
	}
	return netip.AddrPortFrom(at.Addr().Unmap(), at.Port()), nil
}

// fullWidth finds the characters that a Chinese keyboard writes in place of ASCII
// ones (Unicode block FF00, and the ideographic space), wherever they can only be
// meant as those.
func fullWidth(text string, tag reflect.StructTag) *fault {
	switch tag.Get("form") {
	case "text", "digits", "merchant", "bytes", "pattern", "regexp", "path", "file", "process":
		return nil
	}
	ascii := strings.Map(func(r rune) rune {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFEE0
		case r == 0x3000:
			return ' '
		}
		return r
	}, text)
	if ascii == text {
		return nil
	}
	return &fault{"contains full-width characters", fmt.Sprintf(`write "%s"`, clean(ascii))}
}

// listed joins words: a, b or c.
func listed(words []string, joint string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + joint + " " + words[last]
}
