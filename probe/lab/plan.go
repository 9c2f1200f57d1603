//go:build linux

package lab

import (
	"net/netip"
	"time"
)

// NS names one of the namespaces of a world.
type NS string

// The namespaces.
const (
	Term NS = "term" // the payment terminal
	Shop NS = "shop" // the shop's router
	ISP  NS = "isp"  // the provider's router
	Acq  NS = "acq"  // the acquirer's host
	DNS  NS = "dns"  // the provider's name server
	Ref  NS = "ref"  // somebody else's host, independent of the acquirer
)

// namespaces lists every NS.
var namespaces = []NS{Term, Shop, ISP, Acq, DNS, Ref}

// The addresses of the world. The resolver that the terminal is given is DNSAddr.
const (
	TermAddr = "10.77.1.2"
	ShopAddr = "10.77.1.1" // the terminal's gateway
	WANAddr  = "10.77.2.2" // the shop's address towards its provider
	ISPAddr  = "10.77.2.1" // the provider's address towards the shop: the second hop
	AcqAddr  = "10.77.3.2"
	DNSAddr  = "10.77.4.2"
	RefAddr  = "10.77.5.2"
)

// addrOf is the address under which the others reach a namespace.
var addrOf = map[NS]string{Term: TermAddr, Shop: ShopAddr, ISP: ISPAddr, Acq: AcqAddr, DNS: DNSAddr, Ref: RefAddr}

// Addr returns the address under which the other namespaces reach ns.
func (ns NS) Addr() netip.Addr { return netip.MustParseAddr(addrOf[ns]) }

// isRouter reports whether ns passes other namespaces' packets on.
func (ns NS) isRouter() bool { return ns == Shop || ns == ISP }

// socket is one end of a cable: an interface and its address.
type socket struct {
	ns     NS
	device string
	prefix string
}

// link is a cable of the plan. The outer end is the one nearer to the terminal.
type link struct {
	outer, inner socket
	delay        func(Options) time.Duration
}

// links is the network. Delays of zero are as fast as two goroutines can copy.
var links = []link{
	{socket{Term, "eth0", TermAddr + "/24"}, socket{Shop, "lan", ShopAddr + "/24"}, func(o Options) time.Duration { return o.LANDelay }},
	{socket{Shop, "wan", WANAddr + "/24"}, socket{ISP, "shop", ISPAddr + "/24"}, func(o Options) time.Duration { return o.Delay }},
	{socket{ISP, "acq", "10.77.3.1/24"}, socket{Acq, "eth0", AcqAddr + "/24"}, noDelay},
	{socket{ISP, "dns", "10.77.4.1/24"}, socket{DNS, "eth0", DNSAddr + "/24"}, noDelay},
	{socket{ISP, "ref", "10.77.5.1/24"}, socket{Ref, "eth0", RefAddr + "/24"}, noDelay},
}

func noDelay(Options) time.Duration { return 0 }

// routes are the routes of each namespace beyond its own links.
func routes(ns NS, nat bool) []string {
	switch ns {
	case Term:
		return []string{"default via " + ShopAddr}
	case Shop:
		return []string{"default via " + ISPAddr}
	case ISP:
		if nat {
			return nil // the provider does not know the shop's private network
		}
		return []string{"10.77.1.0/24 via " + WANAddr}
	case Acq:
		return []string{"default via 10.77.3.1"}
	case DNS:
		return []string{"default via 10.77.4.1"}
	case Ref:
		return []string{"default via 10.77.5.1"}
	}
	return nil
}
