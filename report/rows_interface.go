package report

import (
	"net/netip"
	"slices"
)

// interfaceRows: the terminal's own part of the network: interfaces, addresses, routes.
var interfaceRows = []Row{
	{
		Code: "device.interface_missing", Kind: KindFault, Layer: LayerLink, Domain: DomainDevice, Party: PartyTerminalService,
		Source: "rtnetlink(7) link list against the configuration",
		Title:  Text{"网络接口不存在", "The network interface is missing"},
		Advice: Text{"重新插拔通讯模块或 USB 网卡；仍不出现请更换模块。",
			"Reseat the communication module or USB adapter. If it does not appear, replace it."},
		test: func(f *facts) []sighting {
			if !f.known(TaskLinks) || f.Site.OnDemand {
				return nil
			}
			explains := f.lostOn(nowhere)
			var out []sighting
			for _, name := range f.Site.Interfaces {
				if f.link(name) == nil {
					out = append(out, sighting{resource: name, confidence: Proven, because: []string{"/evidence/site/interfaces"}, explains: explains})
				}
			}
			if len(out) == 0 && len(explains) > 0 && !slices.ContainsFunc(f.Links, Link.outward) {
				out = append(out, sighting{confidence: Proven, because: []string{"/evidence/links"}, explains: explains})
			}
			return out
		},
	},
	{
		Code: "device.interface_off", Kind: KindFault, Layer: LayerLink, Domain: DomainDevice, Party: PartyTerminalService,
		Source: "IFF_UP, include/uapi/linux/if.h",
		Title:  Text{"网络接口被关闭", "The network interface is switched off"},
		Advice: Text{"在终端设置中打开该网络接口。", "Switch the interface on in the terminal's settings."},
		test: func(f *facts) []sighting {
			return f.badLinks(func(l Link) bool { return !l.AdminUp })
		},
	},
	{
		Code: "device.no_route", Kind: KindFault, Layer: LayerRoute, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: slices.Concat([]Code{"device.interface_missing", "device.interface_off", "device.no_address",
			"network.local.no_carrier", "network.local.wifi_down", "network.local.no_lease"}),
		Source: "ENETUNREACH at once with a complete route list that holds no default route",
		Title:  Text{"终端没有默认路由（没有网关）", "The terminal has no default route (no gateway)"},
		Advice: Text{"核对终端的网关设置；自动获取地址时重新获取一次。",
			"Check the gateway in the terminal's network settings; with automatic addresses, renew the lease."},
		test: func(f *facts) []sighting {
			explains := f.lostOn(nowhere)
			if f.Site.OnDemand || !f.known(TaskRoutes) || !f.known(TaskAddresses) || !slices.ContainsFunc(f.attempts, attempt.unrouted) && !f.unroutedLookup() {
				return nil
			}
			for _, r := range f.Routes {
				if defaultRoute(r) && f.unroutedBy(r) {
					return nil
				}
			}
			confidence, because := Possible, []string{"/evidence/routes"}
			for i, a := range f.Addresses {
				if a.usable() && confidence == Possible && !a.Dynamic {
					confidence, because = Proven, append(because, pointer("addresses", i))
				}
			}
			for _, a := range f.Addresses {
				if a.usable() && a.Dynamic { // a server gave the address and may have left the router out
					confidence = Possible
				}
			}
			return []sighting{{confidence: confidence, because: because, explains: explains}}
		},
	},
	{
		Code: "device.no_address", Kind: KindFault, Layer: LayerAddress, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: []Code{"device.interface_missing", "device.interface_off", "network.local.no_carrier", "network.local.wifi_down", "network.local.no_lease"},
		Source:   "rtnetlink(7) address list",
		Title:    Text{"终端没有 IP 地址", "The terminal has no IP address"},
		Advice: Text{"固定地址：核对终端的地址设置；自动获取：检查路由器的 DHCP。",
			"Fixed address: check it in the terminal's settings. Automatic: check DHCP on the router."},
		test: func(f *facts) []sighting { return f.unaddressed(false) },
	},
	{
		Code: "device.loopback_down", Kind: KindFault, Layer: LayerLink, Domain: DomainDevice, Party: PartyTerminalService,
		Source: "IFF_UP of the loopback interface",
		Title:  Text{"终端的本机回环接口未启用", "The terminal's loopback interface is down"},
		Advice: Text{"重启终端；仍然如此请终端维护方处理系统配置。", "Restart the terminal; if it stays, terminal service must repair the system's configuration."},
		test: func(f *facts) []sighting {
			for i, l := range f.Links {
				if l.Kind != LinkLoopback || l.AdminUp {
					continue
				}
				var explains []string
				for j, q := range f.lookups() {
					if q.Failure != nil && loopbackAddress(q.Resolver) {
						explains = append(explains, pointer("lookups", j))
					}
				}
				if len(explains) > 0 {
					return []sighting{{resource: l.Name, confidence: Proven, because: []string{pointer("links", i)}, explains: explains}}
				}
			}
			return nil
		},
	},
	{
		Code: "device.route_wrong", Kind: KindFault, Layer: LayerRoute, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: []Code{"device.interface_off"},
		Source:   "a route for the acquirer's network alone leads where nothing answers; over the default route the endpoint works (RFC 1812 section 5.2.4.3, longest match)",
		Title:    Text{"终端上有一条错误的路由把收单主机引向别处（如残留的 VPN 路由）", "A route on the terminal leads the acquirer's traffic astray, such as one that a VPN left behind"},
		Advice:   Text{"删除该路由或断开 VPN，再重新签到。", "Remove that route or close the VPN, then sign on again."},
		test: func(f *facts) []sighting {
			var out []sighting
			for _, a := range f.attempts {
				_, fail, at, _ := a.failed()
				route := f.routeOf(a)
				if better, ok := a.worked(TaskUplink); ok && fail != nil && route != "" {
					s := sighting{resource: a.connect.Link, confidence: Possible, because: []string{at, route, better}, explains: []string{at}}
					if l := f.link(a.connect.Link); l != nil && l.Kind == LinkTunnel { // else it may be a line of the acquirer's own
						s.confidence = Likely
					}
					out = append(out, s)
				}
			}
			return out
		},
	},
}

// unrouted reports whether the kernel had no way to send the attempt's first packet.
func (a attempt) unrouted() bool {
	return a.connect != nil && a.connect.Link == "" && a.connect.Failure.Is(FailNetUnreach, FailNetDown, FailNoAddress) &&
		len(a.connect.ICMP) == 0
}

// outward reports whether a link can lead away from the device.
func (l Link) outward() bool { return l.physical() || l.Kind == LinkTunnel || l.Kind == LinkUnknown }

// usable reports whether an address can speak beyond its own link.
func (a Address) usable() bool { return a.Scope == "global" && !a.Duplicate && !a.selfAssigned() }

// selfAssigned reports whether an address is an IPv4 link-local one (RFC 3927), which
// a device gives itself when no DHCP server answers.
func (a Address) selfAssigned() bool {
	p, err := netip.ParsePrefix(a.Prefix)
	return err == nil && p.Addr().Is4() && p.Addr().IsLinkLocalUnicast()
}

func defaultRoute(r Route) bool {
	p, err := netip.ParsePrefix(r.Destination)
	return err == nil && p.Bits() == 0
}

// needed are the links that the failed part of the round depended on: the link of each
// failed exchange, or every outward one where there was no route at all.
func (f *facts) needed() []string {
	var out []string
	add := func(name string) {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	all := false
	for _, a := range f.attempts {
		if _, fail, _, _ := a.failed(); fail == nil || a.loopback() {
			continue
		}
		if a.unrouted() {
			all = true
		} else if a.connect != nil && a.connect.Link != "" {
			add(a.connect.Link)
		}
	}
	if len(f.attempts) == 0 && len(f.lostOn(func(way) bool { return true })) > 0 { // no name was resolved: the default routes' links
		all = true
		for _, r := range f.Routes {
			if defaultRoute(r) {
				add(r.Link)
				all = false
			}
		}
	}
	if all {
		for _, l := range f.Links {
			if l.physical() {
				add(l.Name)
			}
		}
	}
	return out
}

// via are the failed observations that depended on a link.
func (f *facts) via(link string) []string {
	return f.lostOn(func(w way) bool { return w.link == link || w == way{} })
}

// badLinks finds needed links in a bad state. Where there was no route at all, every
// link is needed, and one that works means that the bad one is not the reason.
func (f *facts) badLinks(bad func(Link) bool) []sighting {
	if !f.known(TaskLinks) {
		return nil
	}
	unrouted := slices.ContainsFunc(f.attempts, attempt.unrouted)
	var out []sighting
	for _, name := range f.needed() {
		at, l := f.linkAt(name)
		if l == nil || !l.physical() {
			continue
		}
		if bad(*l) {
			if f.Site.OnDemand && (l.Kind == LinkCellular || l.Kind == LinkPPP) {
				continue
			}
			out = append(out, sighting{resource: name, confidence: Proven, because: []string{at}, explains: f.via(name)})
		} else if unrouted && l.AdminUp && (l.Carrier == nil || *l.Carrier) {
			return nil
		}
	}
	return out
}

// unaddressed finds needed links with carrier and without a usable address; selfGiven
// selects those on which the device had to give itself one.
func (f *facts) unaddressed(selfGiven bool) []sighting {
	if f.Site.OnDemand || !f.known(TaskAddresses) || !f.known(TaskLinks) {
		return nil
	}
	var out []sighting
	for _, name := range f.needed() {
		at, l := f.linkAt(name)
		if l == nil || !l.physical() || !l.AdminUp || l.Carrier == nil || !*l.Carrier {
			continue
		}
		self, usable := "", false
		for i, a := range f.Addresses {
			if a.Link == name && a.selfAssigned() {
				self = pointer("addresses", i)
			}
			usable = usable || a.Link == name && (a.usable() || a.Duplicate)
		}
		if usable || selfGiven != (self != "") {
			continue
		}
		s := sighting{resource: name, confidence: Possible, because: []string{at}, explains: f.via(name)}
		if selfGiven {
			s.because = append(s.because, self)
			s.confidence = Likely
		}
		out = append(out, s)
	}
	return out
}

// unsent calls fn for each link over which the round's own tasks sent more packets than
// the link did, up to its second reading, which is taken before any follow-up.
func (f *facts) unsent(fn func(first, last int, l Link)) {
	seen := map[string]int{}
	for i, l := range f.Links {
		first, again := seen[l.Name]
		if !again {
			seen[l.Name] = i
			continue
		}
		if first >= 0 && f.Links[first].TxPackets != nil && l.TxPackets != nil && *l.TxPackets-*f.Links[first].TxPackets < f.sentVia(l.Name) {
			fn(first, i, l)
		}
		seen[l.Name] = -1
	}
}

// filtered reports whether the device itself may have kept packets back: it says that
// it is not permitted to send, a link sent less than was given to it, or packets that
// came in reached nobody.
func (f *facts) filtered() bool {
	if !zero(f.Device.Undelivered) {
		return true
	}
	forbidden := func(x *Failure) bool { return x.Is(FailNotPermitted) }
	kept := slices.ContainsFunc(f.Pings, func(p Ping) bool { return forbidden(p.Failure) }) ||
		slices.ContainsFunc(f.Lookups, func(l Lookup) bool { return forbidden(l.Failure) }) ||
		slices.ContainsFunc(f.Connects, func(c Connect) bool { return forbidden(c.Failure) && len(c.ICMP) == 0 })
	f.unsent(func(int, int, Link) { kept = true })
	return kept
}

// unroutedBy reports whether something that had no way to leave is of a route's family.
func (f *facts) unroutedBy(r Route) bool {
	for _, l := range f.lookups() {
		if ip, ok := parseIP(l.Resolver); ok && l.Failure.Is(FailNetUnreach) && nowhere(f.wayOf(l.Resolver)) && ip.Is6() == (r.Destination == "::/0") {
			return true
		}
	}
	return slices.ContainsFunc(f.attempts, func(a attempt) bool { return a.unrouted() && f.sameFamily(r, a) })
}

// unroutedLookup reports whether a question to a name server had no way to leave.
func (f *facts) unroutedLookup() bool {
	for _, l := range f.lookups() {
		if l.Failure.Is(FailNetUnreach) && !loopbackAddress(l.Resolver) && nowhere(f.wayOf(l.Resolver)) {
			return true
		}
	}
	return false
}

// sentVia counts the packets that posprobe's own sockets handed to a link, as far as
// they are known: what other programs sent only adds to the link's own count.
func (f *facts) sentVia(link string) int64 {
	var n int64
	same := map[string]bool{} // addresses that lie the same way
	for _, a := range f.attempts {
		if a.connect == nil || a.connect.Link != link {
			continue
		}
		same[a.connect.Gateway], same[a.ip().String()] = true, true
		tcp := a.connect.TCP
		if a.signOn != nil {
			tcp = a.signOn.TCP
		} else if a.tls != nil {
			tcp = a.tls.TCP
		}
		if tcp != nil {
			n += value(tcp.SegsOut)
		}
	}
	for _, p := range f.Pings {
		if same[p.Address] {
			n += p.Sent
		}
	}
	return n
}
