package report

import "testing"

// eth changes both observations of eth0.
func eth(e *Evidence, change func(*Link)) {
	for i := range e.Links {
		if e.Links[i].Name == "eth0" {
			change(&e.Links[i])
		}
	}
}

// wifi and modem are shops whose only link is one, and is down.
func wifi() *world  { return unplugged().kind(LinkWiFi) }
func modem() *world { return unplugged().kind(LinkPPP) }

// flappy is a silent endpoint behind a link that came and went; damaged one behind a link that
// damages frames.
func flappy() *world  { w := syn(); w.e.Links[3].CarrierChanges = ptr(int64(6)); return w }
func damaged() *world { w := syn(); w.e.Links[3].RxErrors = ptr(int64(12)); return w }

// claimed is a silent endpoint, and somebody else has the terminal's address.
func claimed() *world {
	w := syn()
	w.e.Pings[0].silent()
	w.task("duplicate", TaskDuplicate, "")
	w.e.Claims = List[Claim]{{Observation: Observation{Task: "duplicate"}, Link: "eth0", Address: "192.168.1.23", Probes: 3, Answers: 2}}
	return w
}

// muteGateway is a router that is heard by nobody, wherever it is asked, and of which the
// entry is of before.
func muteGateway() *world {
	w := goneGateway().trace(mainAddr, mainAddr, "*", "*")
	w.e.Neighbors[0].State = "stale"
	return w
}

// localCases are what rules about device and shop ask for before they name anybody.
var localCases = []condition{
	{"a link that is switched off has no carrier", unplugged, func(e *Evidence) { eth(e, func(l *Link) { l.AdminUp = false }) }, "network.local.no_carrier", absent},
	{"a link whose carrier cannot be read", unplugged, func(e *Evidence) { eth(e, func(l *Link) { l.Carrier = nil }) }, "network.local.no_carrier", absent},
	{"wireless, and associated to nothing", wifi, nil, "network.local.wifi_down", Likely},
	{"wireless, dormant", wifi, func(e *Evidence) {
		eth(e, func(l *Link) { l.Carrier, l.OperationalState = nil, "dormant" })
	}, "network.local.wifi_down", Likely},
	{"wireless, and its carrier cannot be read", wifi, func(e *Evidence) { eth(e, func(l *Link) { l.Carrier = nil }) }, "network.local.wifi_down", absent},
	{"wireless, switched off", wifi, func(e *Evidence) { eth(e, func(l *Link) { l.AdminUp = false }) }, "network.local.wifi_down", absent},
	{"a dialled line is down", modem, nil, "network.access.cellular_down", Possible},
	{"a dialled line is dormant", modem, func(e *Evidence) {
		eth(e, func(l *Link) { l.Carrier, l.OperationalState = nil, "dormant" })
	}, "network.access.cellular_down", Possible},
	{"a dialled line is switched off", modem, func(e *Evidence) { eth(e, func(l *Link) { l.AdminUp = false }) }, "network.access.cellular_down", absent},

	{"a link comes and goes", flappy, nil, "network.local.flapping", Likely},
	{"a tunnel comes and goes", flappy, func(e *Evidence) { eth(e, func(l *Link) { l.Kind = LinkTunnel }) }, "network.local.flapping", absent},
	{"nobody counted at first", flappy, func(e *Evidence) { e.Links[1].CarrierChanges = nil }, "network.local.flapping", absent},
	{"nobody counted at the end", flappy, func(e *Evidence) { e.Links[3].CarrierChanges = nil }, "network.local.flapping", absent},
	{"frames arrive damaged", damaged, nil, "network.local.link_errors", Likely},
	{"frames arrive damaged in a tunnel", damaged, func(e *Evidence) { eth(e, func(l *Link) { l.Kind = LinkTunnel }) }, "network.local.link_errors", absent},
	{"a few of very many frames arrive damaged", damaged, func(e *Evidence) { e.Links[3].RxPackets = ptr(int64(3000)) }, "network.local.link_errors", absent},

	{"another device has the address", claimed, nil, "network.local.duplicate_address", Likely},
	{"somebody answers for it, and the router is heard", claimed, func(e *Evidence) { e.Pings[0].Received = 1 }, "network.local.duplicate_address", Possible},
	{"the routes were not read", claimed, func(e *Evidence) { e.Routes = e.Routes[:1] }, "network.local.duplicate_address", Possible},
	{"the router may have been heard", claimed, func(e *Evidence) { e.Pings = e.Pings[1:] }, "network.local.duplicate_address", Possible},
	{"another link's router is heard", claimed, func(e *Evidence) {
		e.Routes = append(e.Routes, Route{Observation: e.Routes[0].Observation, Destination: "0.0.0.0/0", Gateway: "10.0.0.1", Link: "wwan0", Metric: 100})
		for i := range e.Tasks {
			if e.Tasks[i].ID == "routes" {
				e.Tasks[i].Count++
			}
		}
		e.Pings[1].Address, e.Pings[1].Received = "10.0.0.1", 3
	}, "network.local.duplicate_address", Likely},

	{"the router that a server named has gone", goneGateway, nil, "network.local.no_gateway", Proven},
	{"one that an advertisement named", goneGateway, func(e *Evidence) { e.Routes[0].Protocol = "ra" }, "network.local.no_gateway", Proven},
	{"one that nobody named", goneGateway, func(e *Evidence) { e.Routes[0].Protocol = "static" }, "network.local.no_gateway", Possible},
	{"another one was named", goneGateway, func(e *Evidence) {
		e.Routes[0].Protocol = "static"
		e.Routes[1].Protocol, e.Routes[1].Gateway = "dhcp", "192.168.1.2"
	}, "network.local.no_gateway", Possible},
	{"it has not answered yet", goneGateway, func(e *Evidence) { e.Neighbors[0].State = "incomplete" }, "network.local.no_gateway", Likely},
	{"the cable's carrier cannot be read", goneGateway, func(e *Evidence) { eth(e, func(l *Link) { l.Carrier = nil }) }, "network.local.no_gateway", Possible},
	{"an exchange that came through may be missing", func() *world { w := goneGateway(); also(backupAddr)(w); return w }, func(e *Evidence) {
		e.Connects, e.SignOns = e.Connects[:1], nil
	}, "network.local.no_gateway", Possible},
	{"an answer of a resolver may be missing", func() *world {
		w := goneGateway()
		w.lookup("pos.acquirer.example", resolverA, mainHost)
		return w
	}, func(e *Evidence) { e.Lookups = nil }, "network.local.no_gateway", Possible},
	{"something came through it", func() *world {
		w := goneGateway()
		w.lookup("pos.acquirer.example", resolverA, mainHost)
		return w
	}, nil, "network.local.no_gateway", Possible},
	{"it is silent wherever it is asked", muteGateway, nil, "network.local.no_gateway", Possible},
	{"it is silent, and was asked by ping alone", muteGateway, func(e *Evidence) { e.Hops = nil }, "network.local.no_gateway", absent},
	{"it answered where a time to live ended", muteGateway, func(e *Evidence) {
		e.Hops[0].Answer, e.Hops[0].Address = HopExpired, gatewayIP
	}, "network.local.no_gateway", absent},
	{"another router answered there", muteGateway, func(e *Evidence) {
		e.Hops[0].Answer, e.Hops[0].Address = HopExpired, "10.0.0.1"
	}, "network.local.no_gateway", absent},
}

func TestLocalConditions(t *testing.T) { checkConditions(t, localCases) }
