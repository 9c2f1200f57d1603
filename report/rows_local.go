package report

import "slices"

// localRows: the cable or radio and the first router.
var localRows = []Row{
	{
		Code: "network.local.no_carrier", Kind: KindFault, Layer: LayerLink, Domain: DomainNetwork, Party: PartyMerchant,
		MaskedBy: []Code{"device.interface_off"},
		Source:   "IFF_LOWER_UP / carrier of the link, Documentation/networking/operstates.rst",
		Title:    Text{"网线不通（没插好或对端没电）", "No signal on the cable: unplugged, or the other end is off"},
		Advice: Text{"检查网线两端和路由器电源；换一根网线、换一个路由器口。",
			"Check both ends of the cable and the router's power; try another cable and another port of the router."},
		test: func(f *facts) []sighting {
			return f.badLinks(func(l Link) bool {
				return l.Kind == LinkEthernet && l.AdminUp && l.Carrier != nil && !*l.Carrier
			})
		},
	},
	{
		Code: "network.local.wifi_down", Kind: KindFault, Layer: LayerLink, Domain: DomainNetwork, Party: PartyMerchant,
		MaskedBy: []Code{"device.interface_off"},
		Source:   "carrier of a wireless link: not associated",
		Title:    Text{"Wi-Fi 未连接", "Wi-Fi is not connected"},
		Advice: Text{"靠近路由器，核对 Wi-Fi 名称和密码，重新连接。",
			"Move closer to the router, check the Wi-Fi name and password, and connect again."},
		test: func(f *facts) []sighting {
			out := f.badLinks(unassociated)
			for i := range out { // out of range, or a wrong key: the carrier does not say
				out[i].confidence = Likely
			}
			return out
		},
	},
	{
		Code: "device.wifi_settings", Kind: KindFault, Layer: LayerLink, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: []Code{"device.interface_off"},
		Source:   "carrier of a wireless link: not associated",
		Title:    Text{"Wi-Fi 名称或密码可能设置错误", "The Wi-Fi name or password may be set wrongly"},
		Advice:   Text{"核对终端的 Wi-Fi 设置。", "Check the terminal's Wi-Fi settings."},
		test: func(f *facts) []sighting {
			out := f.badLinks(unassociated)
			for i := range out {
				out[i].confidence = Possible
			}
			return out
		},
	},
	{
		Code: "network.access.cellular_down", Kind: KindFault, Layer: LayerLink, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: []Code{"device.interface_off"},
		Source:   "a cellular or PPP link without carrier",
		Title:    Text{"移动网络未连接", "The cellular network is not connected"},
		Advice: Text{"换到信号好的位置；检查流量卡是否欠费；仍不行联系运营商。",
			"Move to a place with signal, check that the SIM's plan is paid; otherwise call the provider."},
		test: func(f *facts) []sighting { return f.modemDown() },
	},
	{
		Code: "device.sim", Kind: KindFault, Layer: LayerLink, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: []Code{"device.interface_off"},
		Source:   "a cellular or PPP link without carrier",
		Title:    Text{"SIM 卡或 APN 设置可能有问题", "The SIM or the APN settings may be wrong"},
		Advice:   Text{"重新插好 SIM 卡，核对 APN 设置。", "Reseat the SIM and check the APN settings."},
		test:     func(f *facts) []sighting { return f.modemDown() },
	},
	{
		Code: "network.local.flapping", Kind: KindFault, Layer: LayerLink, Domain: DomainNetwork, Party: PartyMerchant,
		MaskedBy: []Code{"device.interface_off", "network.local.no_carrier"},
		Source:   "growth of carrier_changes during the round, Documentation/ABI/testing/sysfs-class-net",
		Title:    Text{"网络连接时断时续", "The link goes up and down"},
		Advice: Text{"检查网线接头是否松动，换一根网线或换一个口。",
			"Look for a loose connector; try another cable or another port."},
		test: func(f *facts) []sighting {
			var out []sighting
			f.grown(func(l Link) *int64 { return l.CarrierChanges }, func(first, last int, l Link, by int64) {
				if by < 1 || !l.physical() {
					return
				}
				s := sighting{resource: l.Name, confidence: Likely, because: []string{pointer("links", first), pointer("links", last)}}
				if slices.Contains(f.needed(), l.Name) {
					s.explains = f.via(l.Name)
				}
				out = append(out, s)
			})
			return out
		},
	},
	{
		Code: "network.local.link_errors", Kind: KindFault, Layer: LayerLink, Domain: DomainNetwork, Party: PartyMerchant,
		MaskedBy: []Code{"device.interface_off", "network.local.no_carrier", "network.local.flapping"},
		Source:   "growth of rx_errors during the round, Documentation/networking/statistics.rst",
		Title:    Text{"网线或接口收到损坏的数据帧", "The link receives damaged frames"},
		Advice:   Text{"更换网线；仍有错误则更换路由器的口或终端的网卡。", "Replace the cable; if errors go on, try another router port or the terminal's adapter."},
		test: func(f *facts) []sighting {
			var out []sighting
			f.grown(func(l Link) *int64 { return l.RxErrors }, func(first, last int, l Link, by int64) {
				packets := value(l.RxPackets) - value(f.Links[first].RxPackets)
				// One error in a hundred frames is beyond what any sound link shows (IEEE 802.3
				// asks for better than one bit in 10^8 to 10^10); fewer than three are chance.
				if by < 3 || float64(by) < 0.01*float64(packets+by) || !l.physical() {
					return
				}
				s := sighting{resource: l.Name, confidence: Likely, because: []string{pointer("links", first), pointer("links", last)}}
				if slices.Contains(f.needed(), l.Name) {
					s.explains = f.via(l.Name)
				}
				out = append(out, s)
			})
			return out
		},
	},
	{
		Code: "network.local.no_lease", Kind: KindFault, Layer: LayerAddress, Domain: DomainNetwork, Party: PartyMerchant,
		MaskedBy: []Code{"device.interface_missing", "device.interface_off", "network.local.no_carrier", "network.local.wifi_down"},
		Source:   "RFC 3927: a self-assigned address means that no DHCP server answered",
		Title:    Text{"路由器没有分配 IP 地址", "The router gave the terminal no IP address"},
		Advice:   Text{"重启路由器，检查 DHCP 是否打开、地址是否用完。", "Restart the router; check that DHCP is on and has addresses left."},
		test: func(f *facts) []sighting {
			return append(f.unaddressed(true), f.unaddressed(false)...)
		},
	},
	{
		Code: "network.local.duplicate_address", Kind: KindFault, Layer: LayerAddress, Domain: DomainNetwork, Party: PartyMerchant,
		MaskedBy: []Code{"device.interface_off", "network.local.no_carrier", "network.local.wifi_down"},
		Source:   "IFA_F_DADFAILED (RFC 4862 section 5.4), include/uapi/linux/if_addr.h; an answer to an ARP probe for the terminal's own address (RFC 5227 section 2.1.1)",
		Title:    Text{"店内另一台设备占用了终端的 IP 地址", "Another device in the shop uses the terminal's IP address"},
		Advice:   Text{"为终端换一个地址，或找出并改掉另一台设备的地址。", "Give the terminal another address, or find the other device and change its address."},
		test: func(f *facts) []sighting {
			var out []sighting
			for i, a := range f.Addresses {
				if a.Duplicate {
					s := sighting{resource: a.Link, confidence: Likely, because: []string{pointer("addresses", i)}}
					if slices.Contains(f.needed(), a.Link) {
						s.explains = f.lostOn(over(a.Link))
					}
					out = append(out, s)
				}
			}
			for i, c := range f.Claims {
				if c.Answers > 0 {
					s := sighting{resource: c.Link, confidence: Likely, because: []string{pointer("claims", i)}}
					// Routers answer for others (proxy ARP, RFC 1027). With a second owner of the
					// address nothing that the router sends arrives.
					if f.gatewayHeard(c.Link) || !f.known(TaskRoutes) || !f.whole(TaskPing) {
						s.confidence = Possible
					}
					if slices.Contains(f.needed(), c.Link) {
						s.explains = f.lostOn(over(c.Link))
					}
					out = append(out, s)
				}
			}
			return out
		},
	},
	{
		Code: "network.local.no_gateway", Kind: KindFault, Layer: LayerNeighbor, Domain: DomainNetwork, Party: PartyMerchant,
		MaskedBy: []Code{"device.interface_off", "network.local.no_carrier", "network.local.wifi_down", "network.local.no_lease"}, Wants: []Question{AskNeighbor, AskDuplicateAddress, AskOtherUplink},
		Source: "RFC 4861 section 7.3.3 and RFC 826: the gateway's neighbour entry failed after packets were sent",
		Title:  Text{"路由器（网关）没有回应", "The router (gateway) does not answer on the local network"},
		Advice: Text{"检查路由器电源和网线，重启路由器；核对终端的网关地址。",
			"Check the router's power and cable and restart it; compare the gateway address in the terminal's settings."},
		test: func(f *facts) []sighting { return f.deadGateways(false) },
	},
	{
		Code: "device.gateway_setting", Kind: KindFault, Layer: LayerNeighbor, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: []Code{"device.interface_off", "network.local.no_carrier", "network.local.wifi_down", "network.local.no_lease"}, Wants: []Question{AskDuplicateAddress, AskOtherUplink},
		Source: "a failed neighbour entry for a gateway that no server named",
		Title:  Text{"终端的网关地址可能设置错误", "The gateway address may be set wrongly on the terminal"},
		Advice: Text{"与路由器的地址核对终端的网关设置。", "Compare the terminal's gateway setting with the router's address."},
		test:   func(f *facts) []sighting { return f.deadGateways(true) },
	},
	{
		Code: "network.local.congested", Kind: KindFault, Layer: LayerNeighbor, Domain: DomainNetwork, Party: PartyMerchant,
		Source: "round trip and loss to the first router against the connection's own (TCP_INFO), and that against what was usual",
		Title:  Text{"店内网络拥挤", "The shop's network is crowded"},
		Advice: Text{"断开占用网络的其他设备后再试；必要时给终端单独接一根网线。", "Disconnect other devices that load the network and try again; give the terminal a cable of its own."},
		test: func(f *facts) []sighting {
			var out []sighting
			seen := map[string]bool{}
			for _, a := range f.attempts {
				if because := a.crowded(); because != nil && !seen[a.connect.Gateway] {
					seen[a.connect.Gateway] = true
					out = append(out, sighting{resource: a.connect.Gateway, confidence: Likely, because: because})
				}
			}
			return out
		},
	},
}

func unassociated(l Link) bool {
	return l.Kind == LinkWiFi && l.AdminUp && (l.Carrier != nil && !*l.Carrier || l.OperationalState == "dormant")
}

// modemDown finds needed cellular links without carrier. Without the modem's word it
// stays open whether SIM and settings or the provider are at fault.
func (f *facts) modemDown() []sighting {
	out := f.badLinks(func(l Link) bool {
		return (l.Kind == LinkCellular || l.Kind == LinkPPP) && l.AdminUp &&
			(l.Carrier != nil && !*l.Carrier || l.OperationalState == "dormant")
	})
	for i := range out {
		out[i].confidence = Possible
	}
	return out
}

// grown calls fn for each link that was observed more than once, with the growth of a
// counter from the first to the last time.
func (f *facts) grown(counter func(Link) *int64, fn func(first, last int, l Link, by int64)) {
	for i, l := range f.Links {
		if slices.ContainsFunc(f.Links[:i], func(m Link) bool { return m.Name == l.Name }) {
			continue
		}
		for j := len(f.Links) - 1; j > i; j-- {
			if m := f.Links[j]; m.Name == l.Name {
				if a, b := counter(l), counter(m); a != nil && b != nil {
					fn(i, j, m, *b-*a)
				}
				break
			}
		}
	}
}

// deadGateways finds gateways that were needed and whose neighbour entry failed, or that
// were not heard at all. Unless a server named it, the gateway's address itself may be
// wrong, though it served before: routers are replaced. asSetting asks for the sightings
// of that other possibility.
func (f *facts) deadGateways(asSetting bool) []sighting {
	var out []sighting
	seen := map[string]bool{}
	for _, w := range f.lostWays() {
		at, n := f.gateway(w.gateway)
		if seen[w.gateway] || n == nil || f.unplugged(w.link) { // the link's own row tells
			continue
		}
		failed, mute := n.State == "failed" || n.State == "incomplete", f.mute(w.gateway)
		if !failed && mute == nil {
			continue
		}
		seen[w.gateway] = true
		named := f.gatewayNamed(w.gateway)
		if asSetting && named {
			continue
		}
		s := sighting{resource: w.gateway, confidence: Possible, because: append(mute, at), explains: f.lostOn(through(w.gateway))}
		l := f.link(w.link)
		switch {
		case asSetting || !named || !failed:
		case l == nil || l.Carrier == nil, // an unplugged cable looks the same from here
			!f.whole(TaskExchange), !f.whole(TaskLookup), f.heardOn(through(w.gateway)): // it did forward
		case n.State == "failed":
			s.confidence = Proven
		default:
			s.confidence = Likely
		}
		out = append(out, s)
	}
	return out
}

// mute returns the observations that show that a gateway kept silent wherever it was
// asked: by ping, and where a time to live ended at the first router; nil where it was
// heard, where anything came through it, or where it was not asked.
func (f *facts) mute(gateway string) []string {
	if gateway == "" || f.gatewayAnswered(gateway) != nil || f.heardOn(through(gateway)) {
		return nil
	}
	var pings, hops []string
	for i, p := range f.Pings {
		if p.Address == gateway && p.Sent > 0 {
			pings = append(pings, pointer("pings", i))
		}
	}
	for i, h := range f.Hops {
		if h.TTL == 1 && h.Answer == HopSilent {
			hops = append(hops, pointer("hops", i))
		}
	}
	if pings == nil || hops == nil {
		return nil
	}
	return append(pings, hops...)
}

// lostWays are the ways of what failed: of exchanges, and of questions to name servers
// that were never answered.
func (f *facts) lostWays() []way {
	var out []way
	for _, a := range f.attempts {
		if _, fail, _, _ := a.failed(); fail != nil && a.connect != nil {
			out = append(out, way{a.connect.Link, a.connect.Gateway})
		}
	}
	for _, l := range f.lookups() {
		if unheard(l.Failure) && !loopbackAddress(l.Resolver) {
			out = append(out, f.wayOf(l.Resolver))
		}
	}
	return out
}

// gatewayHeard reports whether a gateway of a link was heard by IP in this round.
func (f *facts) gatewayHeard(link string) bool {
	return slices.ContainsFunc(f.Routes, func(r Route) bool {
		return r.Link == link && r.Gateway != "" && f.gatewayAnswered(r.Gateway) != nil
	})
}

// gatewayNamed reports whether a server (DHCP, router advertisement) named a gateway.
func (f *facts) gatewayNamed(address string) bool {
	for _, r := range f.Routes {
		if r.Gateway == address && (r.Protocol == "dhcp" || r.Protocol == "ra") {
			return true
		}
	}
	return false
}
