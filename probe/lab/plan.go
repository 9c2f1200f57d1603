//go:build linux

package lab

import (
	"net/netip"
	"slices"
	"strings"
)

// NS names one of the namespaces of a world.
type NS string

// The namespaces. Those from Till on are there only when a world asks for them.
const (
	Term   NS = "term"   // the payment terminal
	LAN    NS = "lan"    // the shop's switch
	Shop   NS = "shop"   // the shop's router
	ISP    NS = "isp"    // the provider's edge
	Core   NS = "core"   // the provider's core
	DNS    NS = "dns"    // the provider's two resolvers
	Ref    NS = "ref"    // somebody else's host, independent of provider and acquirer
	Gate   NS = "gate"   // the acquirer's edge router
	Acq    NS = "acq"    // the acquirer's host, or the front end of one
	Till   NS = "till"   // another device in the shop
	App    NS = "app"    // the acquirer's application behind its front end
	Away   NS = "away"   // the acquirer's second site
	Mobile NS = "mobile" // the router behind the terminal's second uplink
)

// namespaces lists every NS.
var namespaces = []NS{Term, LAN, Shop, ISP, Core, DNS, Ref, Gate, Acq, Till, App, Away, Mobile}

// The addresses of the world: 10.77.N.H, and fd00:77:N::H where it has IPv6. The resolvers
// that the terminal is given are DNSAddr and DNSAddr2.
const (
	TermAddr    = "10.77.1.2"
	ShopAddr    = "10.77.1.1" // the terminal's gateway
	TillAddr    = "10.77.1.3"
	WANAddr     = "10.77.2.2" // the shop's address towards its provider
	ISPAddr     = "10.77.2.1" // the provider's address towards the shop: the second hop
	CoreAddr    = "10.77.6.2" // the third hop
	GateAddr    = "10.77.7.2" // the fourth hop
	AcqAddr     = "10.77.3.2"
	DNSAddr     = "10.77.4.2"
	DNSAddr2    = "10.77.4.3"
	RefAddr     = "10.77.5.2"
	AppAddr     = "10.77.8.2"
	AwayAddr    = "10.77.9.2"
	MobileAddr  = "10.77.10.1" // the terminal's gateway on its second uplink
	Term2Addr   = "10.77.10.2" // the terminal on its second uplink
	NobodyAddr  = "10.77.3.99" // in the acquirer's network, and nobody has it
	ElsewhereIP = "192.168.178.1"
)

// addrOf is the address under which the others reach a namespace.
var addrOf = map[NS]string{
	Term: TermAddr, Shop: ShopAddr, ISP: ISPAddr, Core: CoreAddr, Gate: GateAddr, Acq: AcqAddr, DNS: DNSAddr,
	Ref: RefAddr, Till: TillAddr, App: AppAddr, Away: AwayAddr, Mobile: MobileAddr,
}

// Addr returns the address under which the other namespaces reach ns; LAN has none.
func (ns NS) Addr() netip.Addr { return netip.MustParseAddr(addrOf[ns]) }

// isRouter reports whether ns passes other namespaces' packets on.
func (ns NS) isRouter() bool { return slices.Contains([]NS{Shop, ISP, Core, Gate, Mobile}, ns) }

// socket is one end of a cable: an interface, and its address if it has one.
type socket struct {
	ns     NS
	device string
	prefix string
}

// link is a cable of the plan. The outer end is the one nearer to the terminal.
type link struct {
	outer, inner socket
	quality      func(Options) Quality
}

func (l link) ends() []socket { return []socket{l.outer, l.inner} }

// links is the network. Links of no stated quality are as fast as two goroutines can copy.
var links = []link{
	{socket{Term, "eth0", TermAddr + "/24"}, socket{LAN, "term", ""}, func(o Options) Quality { return Quality{Delay: o.LANDelay} }},
	{socket{LAN, "shop", ""}, socket{Shop, "lan", ShopAddr + "/24"}, ideal},
	{socket{LAN, "till", ""}, socket{Till, "eth0", TillAddr + "/24"}, ideal},
	{socket{Shop, "wan", WANAddr + "/24"}, socket{ISP, "shop", ISPAddr + "/24"}, func(o Options) Quality { return o.Access }},
	{socket{ISP, "core", "10.77.6.1/24"}, socket{Core, "isp", CoreAddr + "/24"}, ideal},
	{socket{Core, "dns", "10.77.4.1/24"}, socket{DNS, "eth0", DNSAddr + "/24"}, ideal},
	{socket{Core, "ref", "10.77.5.1/24"}, socket{Ref, "eth0", RefAddr + "/24"}, ideal},
	{socket{Core, "gate", "10.77.7.1/24"}, socket{Gate, "core", GateAddr + "/24"}, ideal},
	{socket{Gate, "acq", "10.77.3.1/24"}, socket{Acq, "eth0", AcqAddr + "/24"}, ideal},
	{socket{Acq, "app", "10.77.8.1/24"}, socket{App, "eth0", AppAddr + "/24"}, ideal},
	{socket{Core, "away", "10.77.9.1/24"}, socket{Away, "eth0", AwayAddr + "/24"}, ideal},
	{socket{Term, "eth1", Term2Addr + "/24"}, socket{Mobile, "term", MobileAddr + "/24"}, ideal},
	{socket{Mobile, "core", "10.77.11.2/24"}, socket{Core, "mobile", "10.77.11.1/24"}, func(o Options) Quality { return o.Access }},
}

func ideal(Options) Quality { return Quality{} }

// furtherAddresses are addresses besides those of the links.
var furtherAddresses = map[NS]socket{DNS: {DNS, "eth0", DNSAddr2 + "/24"}}

// present returns the namespaces that a world with these options consists of.
func present(o Options) []NS {
	wanted := map[NS]bool{Till: o.Till, App: o.App, Away: o.Away, Mobile: o.Uplinks > 1}
	return slices.DeleteFunc(slices.Clone(namespaces), func(ns NS) bool {
		there, optional := wanted[ns]
		return optional && !there
	})
}

// routes are the routes of each namespace beyond its own links. A private network is known
// only up to the router that translates its addresses. Whoever is asked for a network
// that nobody has answers "net unreachable" at the core, which has no default route.
func routes(ns NS, o Options) []string {
	switch ns {
	case Term:
		return termRoutes(o)
	case Till:
		return []string{"default via " + ShopAddr}
	case Shop:
		return []string{"default via " + ISPAddr}
	case ISP:
		return append(onlyIf(o.NAT < 1, "10.77.1.0/24 via "+WANAddr), "default via "+CoreAddr)
	case Core:
		list := append(onlyIf(o.NAT < 1, "10.77.1.0/24 via 10.77.6.1"), onlyIf(o.NAT < 2, "10.77.2.0/24 via 10.77.6.1")...)
		return append(list, "10.77.3.0/24 via "+GateAddr)
	case Gate:
		return []string{"default via 10.77.7.1"}
	case Acq:
		return []string{"default via 10.77.3.1"}
	case DNS:
		return []string{"default via 10.77.4.1"}
	case Ref:
		return []string{"default via 10.77.5.1"}
	case App:
		return []string{"default via 10.77.8.1"}
	case Away:
		return []string{"default via 10.77.9.1"}
	case Mobile:
		return []string{"default via 10.77.11.1"}
	}
	return nil
}

func onlyIf(is bool, route string) []string {
	if is {
		return []string{route}
	}
	return nil
}

// termRoutes are the terminal's default routes: the first by its cable, with the
// protocol of a DHCP client if it has one; the second by its second uplink, less preferred.
func termRoutes(o Options) []string {
	first := "default via " + ShopAddr
	if o.DHCP {
		first += " proto dhcp"
	}
	if o.Uplinks < 2 {
		return []string{first}
	}
	return []string{first + " metric 100", "default via " + MobileAddr + " metric 200"}
}

// sixth returns the IPv6 form of a route, prefix or address of the plan: fd00:77:N::H for
// 10.77.N.H (RFC 4193).
func sixth(text string) string {
	words := strings.Fields(text)
	for i, word := range words {
		address, bits, isPrefix := strings.Cut(word, "/")
		a, err := netip.ParseAddr(address)
		if err != nil {
			continue
		}
		words[i] = to6(a)
		if isPrefix && bits == "24" {
			words[i] += "/64"
		}
	}
	return strings.Join(words, " ")
}
