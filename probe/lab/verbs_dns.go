//go:build linux

package lab

import (
	"errors"
	"fmt"
	"time"
)

// Verbs that break name resolution, and those who answer in others' names.

type resolverArg struct {
	Which   string        `yaml:"which"`
	How     string        `yaml:"how"`
	Names   string        `yaml:"names"`
	Delay   time.Duration `yaml:"delay"`
	Address string        `yaml:"address"`
}

func (r resolverArg) check() error {
	var delay error
	if r.Delay <= 0 {
		delay = errors.New("delay: none")
	}
	return errors.Join(delay, mustBe("which", r.Which, "first", "second", "all"), mustBe("names", r.Names, "", "acquirer", "all"),
		mustBe("how", r.How, "silent", "refused", "servfail", "nxdomain", "nodata", "slow", "wrong", "down", "tcp_only", "truncated", "truncated_no_tcp"),
		checkAddress("address", r.Address))
}

// fits demands the resolvers that are to be broken.
func (r resolverArg) fits(s *Scenario) error {
	n := s.Setup.resolvers()
	if n == 0 || r.Which == "second" && n < 2 {
		return errors.New("which: the world has no such resolver")
	}
	return nil
}

func breakResolver(sc *scene, r resolverArg) func() {
	var repairs []func()
	for i, d := range sc.resolvers {
		if r.Which == "first" && i != 0 || r.Which == "second" && i != 1 {
			continue
		}
		repairs = append(repairs, d.breakAs(sc, r))
	}
	return func() {
		for _, f := range repairs {
			f()
		}
	}
}

// breakAs breaks one resolver: its host drops questions, or it is another program.
func (d *resolver) breakAs(sc *scene, r resolverArg) func() {
	filter := func(l4 string) func() {
		var rules []string
		for _, a := range d.addresses {
			rules = append(rules, addressMatch("daddr", a)+l4)
		}
		return sc.w.fault(DNS, chain("input", 0, rules...))
	}
	const udpDrop, tcpDrop = "udp dport 53 drop", "tcp dport 53 drop"
	switch r.How {
	case "silent":
		return filter("meta l4proto { tcp, udp } th dport 53 drop")
	case "tcp_only":
		return filter(udpDrop)
	case "down":
		d.stop()
		return func() { d.start(sc) }
	case "slow":
		d.replace(sc, &oddResolver{delay: r.Delay})
	case "truncated":
		d.replace(sc, &oddResolver{truncate: true})
	case "truncated_no_tcp":
		d.replace(sc, &oddResolver{truncate: true})
		repair := filter(tcpDrop)
		return func() { repair(); d.stop(); d.start(sc) }
	default:
		d.stop()
		d.start(sc, r.zone(sc)...)
	}
	return func() { d.stop(); d.start(sc) }
}

// zone is what a resolver knows that fails or lies about the acquirer's name, or about
// every name.
func (r resolverArg) zone(sc *scene) []string {
	name := acquirerName
	var others []string
	if r.Names == "all" {
		name = "."
	} else {
		others = sc.otherZones()
	}
	zone := map[string]func() string{
		"refused":  func() string { return ZoneRefused(name) },
		"servfail": func() string { return ZoneServFail(name) },
		"nxdomain": func() string { return ZoneNXDomain(name) },
		"nodata":   func() string { return ZoneNoData(name) },
		"wrong": func() string {
			if name == "." {
				return ZoneEverything(r.Address)
			}
			return ZoneAnswer(name, r.Address)
		},
	}[r.How]
	return append([]string{zone()}, others...)
}

type zoneArg struct {
	How     string `yaml:"how"`
	Address string `yaml:"address"`
}

func (z zoneArg) check() error {
	return errors.Join(mustBe("how", z.How, "nxdomain", "nodata", "servfail", "wrong"), checkAddress("address", z.Address))
}

// breakZone breaks the acquirer's own zone: every resolver says the same, the independent
// one too.
func breakZone(sc *scene, z zoneArg) func() {
	lines := resolverArg{How: z.How, Names: "acquirer", Address: z.Address}.zone(sc)
	restart := func(lines ...string) {
		for _, d := range sc.resolvers {
			d.stop()
			d.start(sc, lines...)
		}
		if sc.independent != nil {
			sc.independent.Stop()
			sc.addIndependent(lines...)
		}
	}
	restart(lines...)
	return func() { restart(sc.zones()...) }
}

func staleAddress(sc *scene, a addressArg) func() {
	return breakZone(sc, zoneArg{How: "wrong", Address: a.Address})
}

type portalArg struct {
	At     NS     `yaml:"at"`
	Others string `yaml:"others"`
	Page   string `yaml:"page"`
}

func (p portalArg) check() error {
	return errors.Join(placeArg{p.At}.check(), mustBe("others", p.Others, "drop", "reset", "pass", "answer"), mustBe("page", p.Page, "redirect", "login"))
}

// inside is a router's interface towards the terminal, and its address there.
func inside(at NS) (device, address string) {
	if at == Shop {
		return "lan", ShopAddr
	}
	return "shop", ISPAddr
}

// portal sends web traffic to a page of the router's own. Names go on being resolved, as
// they must for a guest to meet the page.
func portal(sc *scene, p portalArg) func() {
	device, address := inside(p.At)
	sc.page(p.At, address, p.Page)
	ports := "tcp dport 80 "
	if p.Others == "answer" {
		ports = "meta l4proto tcp tcp dport != 53 "
	}
	verdict := map[string]string{"drop": "drop", "answer": "drop", "reset": "meta l4proto tcp reject with tcp reset", "pass": "accept"}[p.Others]
	forward := chain("forward", 0, "iifname "+device+" meta l4proto { tcp, udp } th dport 53 accept", "iifname "+device+" "+verdict)
	return sc.w.fault(p.At, redirect(device, ports, 80), forward)
}

// redirect is a chain that gives packets to the router itself.
func redirect(device, which string, port int) string {
	return fmt.Sprintf("chain diversion {\n type nat hook prerouting priority -100\n iifname %s %sredirect to :%d\n}\n", device, which, port)
}

func hijackDNS(sc *scene, p placeArg) func() {
	device, address := inside(p.At)
	sc.page(p.At, address, "redirect")
	liar := sc.w.UnboundAt(p.At, []string{address}, ZoneEverything(address))
	repair := sc.w.fault(p.At, redirect(device, "meta l4proto { tcp, udp } th dport 53 ", 53))
	return func() { repair(); liar.Stop() }
}
