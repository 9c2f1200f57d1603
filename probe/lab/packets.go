//go:build linux

package lab

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// packets says which packets a verb is about, see scenarios/README.md.
type packets struct {
	At      NS       `yaml:"at"`
	To      target   `yaml:"to"`
	From    target   `yaml:"from"`
	Proto   string   `yaml:"proto"`
	Port    int      `yaml:"port"`
	What    string   `yaml:"what"`
	Flags   []string `yaml:"flags"`
	Larger  int      `yaml:"larger"`
	Percent float64  `yaml:"percent"`
	Family  string   `yaml:"family"`
}

// target is an end of the network by name, or an address, or address:port.
type target string

// place is a target's address in both families, and its port: 0 is any.
type place struct {
	v4, v6 string
	port   int
	udp    bool // the port is one of UDP too
}

// targets are the named ones. The acquirer's port is the endpoint's.
var targets = map[target][]place{
	"acquirer":       {{AcqAddr, "", AcquirerPort, false}},
	"acquirer_host":  {{AcqAddr, "", 0, false}},
	"backup":         {{AwayAddr, "", AcquirerPort, false}},
	"backup_host":    {{AwayAddr, "", 0, false}},
	"reference":      {{RefAddr, "", 443, false}},
	"reference_host": {{RefAddr, "", 0, false}},
	"independent":    {{RefAddr, "", 53, true}},
	"portal":         {{RefAddr, "", 80, false}},
	"resolver1":      {{DNSAddr, "", 53, true}},
	"resolver2":      {{DNSAddr2, "", 53, true}},
	"resolvers":      {{DNSAddr, "", 53, true}, {DNSAddr2, "", 53, true}},
	"gateway":        {{ShopAddr, "", 0, false}},
	"terminal":       {{TermAddr, "", 0, false}},
}

// places looks a target up; "" is nowhere in particular.
func (t target) places() ([]place, error) {
	if t == "" {
		return nil, nil
	}
	if named, ok := targets[t]; ok {
		named = slices.Clone(named)
		for i := range named {
			named[i].v6 = to6(netip.MustParseAddr(named[i].v4))
		}
		return named, nil
	}
	var p place
	a, err := netip.ParseAddr(string(t))
	if err != nil {
		ap, err := netip.ParseAddrPort(string(t))
		if err != nil {
			return nil, fmt.Errorf("unknown target %q", t)
		}
		a, p.port = ap.Addr(), int(ap.Port())
	}
	if a.Is4() {
		p.v4 = a.String()
	} else {
		p.v6 = a.String()
	}
	return []place{p}, nil
}

// addresses are the target's addresses of both families.
func (t target) addresses() []string {
	var list []string
	places, _ := t.places() // checked when the scenario was read
	for _, p := range places {
		list = append(list, p.v4, p.v6)
	}
	return slices.DeleteFunc(list, func(a string) bool { return a == "" })
}

func (p packets) check() error {
	errs := []error{
		checkPlace(p.At),
		mustBe("what", p.What, "", "all", "syn", "synack", "data", "later", "new", "requests", "replies"),
		mustBe("proto", p.Proto, "", "tcp", "udp", "icmp"),
		mustBe("family", p.Family, "", "4", "6"),
	}
	for _, t := range []target{p.To, p.From} {
		_, err := t.places()
		errs = append(errs, err)
	}
	for _, f := range p.Flags {
		errs = append(errs, mustBe("flags", f, "syn", "ack", "psh", "fin", "rst", "urg", "ece", "cwr"))
	}
	if p.What == "requests" && p.To == "" || p.What == "replies" && p.From == "" {
		errs = append(errs, fmt.Errorf("what: requests need to, replies need from"))
	}
	if p.Port < 0 || p.Port > 65535 || p.Larger < 0 || p.Percent < 0 || p.Percent > 100 {
		errs = append(errs, errors.New("port, larger or percent out of range"))
	}
	return errors.Join(errs...)
}

func checkPlace(at NS) error {
	if !slices.Contains(namespaces, at) {
		return fmt.Errorf("at: no namespace %q", at)
	}
	return nil
}

// apply adds chains that do something with the packets, as in "drop".
func (p packets) apply(w *World, verdict4, verdict6 string) (repair func()) {
	w.t.Helper()
	family, hooks := "inet", []string{"forward"}
	switch {
	case p.At == LAN:
		family = "bridge"
	case !p.At.isRouter():
		hooks = p.hooksOfAnEnd()
	}
	var rules []string
	for _, m := range p.matches() {
		verdict := verdict4
		if m.six {
			verdict = verdict6
		}
		rules = append(rules, m.text+verdict)
	}
	var chains []string
	for _, h := range hooks {
		chains = append(chains, chain(h, 0, rules...))
	}
	return w.faultIn(family, p.At, chains...)
}

// hooksOfAnEnd are where an end meets the packets: what goes to it comes in. The terminal
// is the other end of everything.
func (p packets) hooksOfAnEnd() []string {
	towards, back := "input", "output"
	if p.At == Term {
		towards, back = back, towards
	}
	switch {
	case p.To != "" && p.From == "":
		return []string{towards}
	case p.From != "" && p.To == "":
		return []string{back}
	}
	return []string{towards, back}
}

// match is one rule's condition, of one family.
type match struct {
	text string
	six  bool
}

func (p packets) matches() []match {
	to, _ := p.To.places()
	from, _ := p.From.places()
	none := []place{{"", "", 0, false}}
	if to == nil {
		to = none
	}
	if from == nil {
		from = none
	}
	var list []match
	for _, six := range []bool{false, true} {
		if p.Family == "4" && six || p.Family == "6" && !six {
			continue
		}
		for _, t := range to {
			for _, f := range from {
				if text, ok := p.match(t, f, six); ok {
					for _, what := range p.what(six) {
						list = append(list, match{text + what, six})
					}
				}
			}
		}
	}
	return list
}

// match builds the condition but for what the packet is; it fails where a target has no
// address of that family.
func (p packets) match(to, from place, six bool) (string, bool) {
	ip := "ip"
	if six {
		ip = "ip6"
	}
	text := "meta protocol " + ip + " "
	for side, end := range map[string]place{"daddr": to, "saddr": from} {
		address := end.v4
		if six {
			address = end.v6
		}
		if address == "" && (end.v4 != "" || end.v6 != "") {
			return "", false
		}
		if address != "" {
			text += ip + " " + side + " " + address + " "
		}
	}
	proto := p.Proto
	if proto == "icmp" {
		return text + "meta l4proto { icmp, ipv6-icmp } ", true
	}
	for side, end := range map[string]place{"dport": to, "sport": from} {
		port, both := end.port, end.udp && proto == ""
		if p.Port != 0 && (end.v4 != "" || end.v6 != "" || p.To == "" && p.From == "" && side == "dport") {
			port, both = p.Port, false
		}
		switch {
		case port == 0:
		case both:
			text += fmt.Sprintf("meta l4proto { tcp, udp } th %s %d ", side, port)
		case proto == "udp":
			text += fmt.Sprintf("udp %s %d ", side, port)
		default:
			text += fmt.Sprintf("tcp %s %d ", side, port)
		}
	}
	if proto != "" {
		text += "meta l4proto " + proto + " "
	}
	return text, true
}

// what narrows the condition, in one rule or two. Data is told by two marks: the last
// segment of every write carries PSH (RFC 9293 section 3.9.1.2), and the ones before it
// are long. No bare acknowledgement is longer than 120 bytes: twice the longest TCP header.
func (p packets) what(six bool) []string {
	common := ""
	if len(p.Flags) > 0 {
		common += "tcp flags & (" + strings.Join(p.Flags, "|") + ") != 0 "
	}
	if p.Larger > 0 {
		common += fmt.Sprintf("meta length > %d ", p.Larger)
	}
	if p.Percent > 0 && p.Percent < 100 {
		common += fmt.Sprintf("numgen random mod 1000 < %d ", int(p.Percent*10))
	}
	switch p.What {
	case "syn":
		return []string{common + "tcp flags & (syn|ack) == syn "}
	case "synack":
		return []string{common + "tcp flags & (syn|ack) == (syn|ack) "}
	case "later":
		return []string{common + "tcp flags & syn == 0 "}
	case "new":
		return []string{common + "ct state new "}
	case "data", "requests", "replies":
		long := "meta l4proto tcp ip length > 120 "
		if six {
			long = "meta l4proto tcp ip6 length > 60 " // without the header of 40 bytes
		}
		return []string{common + "tcp flags & (syn|psh) == psh ", common + long}
	}
	return []string{common}
}
