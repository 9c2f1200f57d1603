package report

import (
	"slices"
	"time"
)

// A rowCase is a row of the catalogue with evidence that shows it and evidence, close
// to it, in which it must stay quiet.
type rowCase struct {
	code  Code
	show  func() *world
	quiet func() *world
}

// icmp is an error queue entry.
func icmp(from string, typ, code int64) ICMPError {
	return ICMPError{From: from, Type: typ, Code: code}
}

// twoHosts is a main and a backup endpoint, both healthy.
func twoHosts() *world {
	w := shop()
	w.endpoint(backupAddr, StepSignOn)
	w.exchange(backupAddr, backupAddr)
	main := Endpoint{Address: mainAddr, Goal: StepSignOn, Protocol: "unionpay", Fingerprint: print1}
	w.e.Site.Endpoints = List[Endpoint]{main, w.e.Site.Endpoints[0]}
	w.exchange(mainAddr, mainAddr)
	return w
}

// unplugged is a shop whose cable is out: the route stands, nothing passes.
func unplugged() *world {
	w := healthy()
	for i := range w.e.Links {
		if w.e.Links[i].Name == "eth0" {
			w.e.Links[i].Carrier, w.e.Links[i].OperationalState = ptr(false), "down"
		}
	}
	w.noConnect(FailDeadline)
	w.e.Pings[0].silent()
	w.e.Pings[1].silent()
	w.e.Neighbors[0].State = "failed"
	return w
}

// goneGateway is a shop whose router has gone while the cable still has carrier.
func goneGateway() *world {
	w := syn()
	w.e.Neighbors[0].State = "failed"
	w.e.Pings[0].silent()
	w.e.Pings[1].silent()
	return w
}

// unroutedShop is a shop without a default route.
func unroutedShop() *world {
	w := healthy()
	c := w.noConnect(FailNetUnreach)
	c.Link, c.Gateway, c.Source, c.TCP.SegsOut = "", "", "", ptr(int64(0))
	w.e.Routes = w.e.Routes[1:]
	w.e.Addresses[1].Dynamic = false
	w.e.Pings, w.e.Neighbors = nil, nil
	return w
}

// kind makes eth0 another kind of link.
func (w *world) kind(k LinkKind) *world {
	for i := range w.e.Links {
		if w.e.Links[i].Name == "eth0" {
			w.e.Links[i].Kind = k
		}
	}
	return w
}

// hello is a shop whose only resolver is its own stub.
func stubbed(f FailureType) *world {
	w := shop()
	w.endpoint(namedAddr, StepSignOn)
	l := w.lookup("pos.acquirer.example", "127.0.0.53:53")
	l.Failure = &Failure{Operation: OpResolve, Type: f}
	t := w.task("exchange "+namedAddr, TaskExchange, namedAddr)
	t.Outcome, t.Reason = OutcomeNotAsked, ReasonUnresolved
	return w
}

// code makes the reply carry a response code.
func coded(rc string) *world {
	w := healthy()
	w.e.SignOns[0].ResponseCode = rc
	return w
}

// dark is a shop behind whose router nothing answers.
func dark() *world {
	w := healthy()
	w.noConnect(FailDeadline)
	w.e.Pings[1].silent()
	l := w.lookup("pos.acquirer.example", resolverA)
	l.Failure = &Failure{Operation: OpResolve, Type: FailDeadline}
	w.e.Memory.Resolvers = List[string]{resolverA}
	return w
}

// connected is a shop whose endpoint is asked for a connection alone.
func connected() *world {
	w := shop()
	w.endpoint(mainAddr, StepConnect)
	w.exchange(mainAddr, mainAddr)
	return w
}

// hosts is a named shop with a hosts file entry whose address fails.
func staleHosts() *world {
	w := named()
	w.e.Hosts = List[HostsEntry]{{Observation: Observation{Task: "hosts"}, Name: "pos.acquirer.example", Address: "203.0.113.99"}}
	w.exchange(namedAddr, "203.0.113.99:5500")
	w.noConnect(FailDeadline)
	return w
}

func slowReply(ms float64) *world {
	w := healthy()
	return w.takes(ms)
}

func skewed(ms float64, synced bool) *world {
	w := healthy()
	w.e.Clocks[1].Synchronized = ptr(synced)
	w.e.Clocks[3].OffsetMs = ptr(ms)
	return w
}

func silent(edit func(*TCP)) func() *world {
	return func() *world { w := healthy(); w.noReply(FailDeadline, edit); return w }
}

func broken(t FailureType, edit func(*TCP)) func() *world {
	return func() *world { w := healthy(); w.noReply(t, edit); return w }
}

func refusedBy(icmp ...ICMPError) func() *world {
	return func() *world {
		w := healthy()
		w.noConnect(FailRefused, icmp...)
		return w
	}
}

func unreachableBy(e ICMPError) func() *world {
	return func() *world { w := healthy(); w.noConnect(FailHostUnreach, e); return w }
}

func syn() *world { w := healthy(); w.noConnect(FailDeadline); return w }

func tlsFails(t FailureType, edit func(*TCP)) func() *world {
	return func() *world { w := secure(StepSignOn); w.noTLS(t, edit); return w }
}

func certificate(goal Step, p ...CertificateProblem) func() *world {
	return func() *world { return badCertificate(goal, p...) }
}

func closedTCP(t *TCP) { t.State, t.SegsIn = "close_wait", ptr(int64(3)) }
func resetTCP(t *TCP)  { t.State, t.SegsIn = "close", ptr(int64(3)) }
func earlyTCP(t *TCP) {
	t.State, t.BytesAcked, t.OutQueue, t.SegsIn = "close", ptr(int64(1)), ptr(int64(54)), ptr(int64(2))
}

var rowCases = slices.Concat([]rowCase{
	{"device.cpu", func() *world {
		w := silent(alive)()
		w.e.Device.Scheduling = &Scheduling{Samples: 9, MaxMs: 1400, TotalMs: 5200, RoundMs: 8100}
		return w
	}, func() *world { // busy, and everything worked all the same
		w := healthy()
		w.e.Device.Scheduling = &Scheduling{Samples: 9, MaxMs: 1400, TotalMs: 5200, RoundMs: 8100}
		return w
	}},
	{"device.power.unclean_boot", func() *world {
		w := silent(alive)()
		w.e.Memory.Boots = &Boots{Unclean: 1, LastUnclean: ptr(w.e.Clocks[0].Wall.Add(-20 * time.Minute))}
		return w
	}, func() *world {
		w := silent(alive)()
		w.e.Memory.Boots = &Boots{Unclean: 1, LastUnclean: ptr(w.e.Clocks[0].Wall.Add(-20 * time.Hour))}
		return w
	}},
	{"device.memory", func() *world {
		w := silent(alive)()
		w.e.Device.Pressure.MemoryFull, w.e.Device.Memory.AvailableBytes = 45, 1e6
		return w
	}, func() *world { w := silent(alive)(); w.e.Device.Memory.AvailableBytes = 6e6; return w }},
	{"device.storage_full", func() *world { w := healthy(); w.e.Device.Disks[0].AvailableBytes = 0; return w },
		func() *world { // a read-only image is always full
			w := healthy()
			w.e.Device.Disks[0].AvailableBytes, w.e.Device.Disks[0].ReadOnly = 0, true
			return w
		}},
	{"device.clock.unset", func() *world {
		w := certificate(StepTLS, CertNotYetValid)()
		for i := range w.e.Clocks {
			w.e.Clocks[i].Wall = time.Date(1970, 1, 1, 0, 3, i, 0, time.UTC)
		}
		return w
	}, certificate(StepTLS, CertNotYetValid)},
	{"device.clock.skew", func() *world { return skewed(-1234567, false) }, func() *world { return skewed(200000, false) }},
	{"device.clock.zone", func() *world { return skewed(8*3600e3+700, false) }, func() *world { return skewed(8*3600e3+700000, false) }},
	{"device.clock.unsure", certificate(StepTLS, CertExpired), certificate(StepSignOn, CertExpired)},
	{"device.interface_missing", func() *world {
		w := healthy()
		w.e.Site.Interfaces = List[string]{"wwan0"}
		return w
	}, func() *world { w := healthy(); w.e.Site.Interfaces = List[string]{"eth0"}; return w }},
	{"device.interface_off", func() *world {
		w := unroutedShop()
		for i := range w.e.Links {
			if w.e.Links[i].Name == "eth0" {
				w.e.Links[i].AdminUp, w.e.Links[i].Carrier, w.e.Links[i].OperationalState = false, nil, "down"
			}
		}
		return w
	}, func() *world { // another interface is off, this one works
		w := syn()
		off := w.e.Links[1]
		off.Name, off.AdminUp, off.Carrier = "eth1", false, nil
		w.e.Links = append(w.e.Links, off)
		return w
	}},
	{"device.no_route", unroutedShop, func() *world { // posprobe alone has no route: the terminal has one
		w := unroutedShop()
		w.e.Routes = append(w.e.Routes, Route{Observation: Observation{Task: "routes"}, Destination: "0.0.0.0/0", Gateway: gatewayIP, Link: "eth0"})
		return w
	}},
	{"device.no_address", func() *world { w := unroutedShop(); w.e.Addresses = w.e.Addresses[:1]; return w }, unroutedShop},
	{"device.loopback_down", func() *world { w := stubbed(FailNetUnreach); w.e.Links[0].AdminUp = false; return w },
		func() *world { w := healthy(); w.e.Links[0].AdminUp = false; return w }},
	{"device.ports_exhausted", func() *world { w := healthy(); w.noConnect(FailNoPorts); return w }, syn},
	{"device.descriptors_exhausted", func() *world { w := healthy(); w.noConnect(FailNoDescriptor); return w }, syn},
	{"device.buffers_exhausted", func() *world { w := healthy(); w.noConnect(FailNoBuffers); return w }, syn},
	{"device.config", silent(alive), func() *world { return silent(alive)().worked() }},
	{"device.config.endpoint", refusedBy(), silent(alive)},
	{"device.config.ids", func() *world { return coded("97") }, func() *world { return coded("97").worked() }},
	{"device.resolver_given", func() *world {
		w := stubbed(FailRefused)
		w.e.Resolvers = List[Resolver]{{Observation: Observation{Task: "resolvers"}, Address: "127.0.0.53:53", Source: ResolverGiven}}
		return w
	}, func() *world { return stubbed(FailRefused) }},
	{"device.send_stuck", silent(stuck), silent(shut)},
	{"device.firewall", func() *world { w := syn(); w.e.Links[3].TxPackets = ptr(int64(907)); return w }, syn},
	{"device.wifi_settings", func() *world { return unplugged().kind(LinkWiFi) }, unplugged},
	{"device.sim", func() *world { return unplugged().kind(LinkCellular) }, unplugged},
	{"device.gateway_setting", func() *world { w := goneGateway(); w.e.Routes[0].Protocol = "static"; return w }, goneGateway},

	{"network.local.no_carrier", unplugged, func() *world { // another socket is empty, as it should be
		w := syn()
		spare := w.e.Links[1]
		spare.Name, spare.Carrier = "eth1", ptr(false)
		w.e.Links = append(w.e.Links, spare)
		return w
	}},
	{"network.local.wifi_down", func() *world { return unplugged().kind(LinkWiFi) }, func() *world { return syn().kind(LinkWiFi) }},
	{"network.access.cellular_down", func() *world { return unplugged().kind(LinkCellular) },
		func() *world { // dialled on demand, and not dialled now
			w := unroutedShop().kind(LinkPPP)
			w.e.Site.OnDemand = true
			for i := range w.e.Links {
				if w.e.Links[i].Name == "eth0" {
					w.e.Links[i].Carrier = ptr(false)
				}
			}
			return w
		}},
	{"network.local.flapping", func() *world { w := syn(); w.e.Links[3].CarrierChanges = ptr(int64(6)); return w }, syn},
	{"network.local.link_errors", func() *world { w := syn(); w.e.Links[3].RxErrors = ptr(int64(12)); return w },
		func() *world { w := syn(); w.e.Links[3].RxErrors = ptr(int64(1)); return w }},
	{"network.local.no_lease", func() *world {
		w := unroutedShop()
		w.e.Addresses[1].Prefix, w.e.Addresses[1].Scope = "169.254.7.9/16", "link"
		return w
	}, unroutedShop},
	{"network.local.duplicate_address", func() *world { w := syn(); w.e.Addresses[1].Duplicate = true; return w }, syn},
	{"network.local.no_gateway", goneGateway, func() *world { w := goneGateway(); w.e.Neighbors[0].State = "stale"; return w }},
	{"network.local.congested", func() *world {
		w := healthy()
		w.e.Pings[0].MinRTTMs = ptr(480.0)
		w.far(500)
		w.e.Connects[0].TCP.RTTMs = ptr(530.0)
		return w
	}, func() *world { // the router answers pings late and forwards at once
		w := healthy()
		w.e.Pings[0].MinRTTMs = ptr(480.0)
		return w
	}},

	{"device.resolver_missing", func() *world {
		w := unresolvable(FailDeadline, "")
		w.e.Resolvers, w.e.Lookups = nil, nil
		w.e.Tasks = filter(w.e.Tasks, func(t Task) bool { return t.Kind != TaskLookup })
		for i := range w.e.Tasks {
			if w.e.Tasks[i].ID == "resolvers" {
				w.e.Tasks[i].Outcome = OutcomeEmpty
			}
		}
		return w
	}, func() *world { // a literal endpoint needs none
		w := syn()
		w.e.Resolvers = nil
		for i := range w.e.Tasks {
			if w.e.Tasks[i].ID == "resolvers" {
				w.e.Tasks[i].Outcome = OutcomeEmpty
			}
		}
		return w
	}},
	{"device.resolver_dead", func() *world { return stubbed(FailRefused) }, func() *world { return stubbed(FailServFail) }},
	{"device.hosts_stale", staleHosts, func() *world { // both addresses fail: not the entry
		w := named()
		w.e.Hosts = List[HostsEntry]{{Observation: Observation{Task: "hosts"}, Name: "pos.acquirer.example", Address: mainHost}}
		w.noConnect(FailDeadline)
		return w
	}},
	{"device.resolver_setting", func() *world { return unresolvable(FailDeadline, "") }, func() *world { return unresolvable(FailServFail, "SERVFAIL") }},
	{"network.dns.unreachable", func() *world { return unresolvable(FailDeadline, "") }, func() *world {
		w := unresolvable(FailDeadline, "")
		w.e.Lookups[1].Failure, w.e.Lookups[1].RCode = &Failure{Operation: OpResolve, Type: FailNXDomain}, "NXDOMAIN"
		return w
	}},
	{"network.dns.one_dead", func() *world {
		w := named().worked()
		w.e.Memory.Resolvers = List[string]{resolverB}
		w.e.Lookups[1].Failure, w.e.Lookups[1].RCode, w.e.Lookups[1].Answers = &Failure{Operation: OpResolve, Type: FailDeadline}, "", nil
		return w
	}, named},
	{"network.dns.refused", func() *world { return unresolvable(FailDNSRefused, "REFUSED") }, func() *world { return unresolvable(FailServFail, "SERVFAIL") }},
	{"network.dns.server_failure", func() *world { return unresolvable(FailServFail, "SERVFAIL") }, func() *world { return unresolvable(FailNXDomain, "NXDOMAIN") }},
	{"network.dns.no_such_name", func() *world { return unresolvable(FailNXDomain, "NXDOMAIN") }, func() *world { return unresolvable(FailServFail, "SERVFAIL") }},
	{"device.endpoint_name", func() *world { return unresolvable(FailNXDomain, "NXDOMAIN") }, func() *world { return unresolvable(FailNXDomain, "NXDOMAIN").worked() }},
	{"host.dns_zone", func() *world { return unresolvable(FailNXDomain, "NXDOMAIN").worked() }, func() *world { return unresolvable(FailDeadline, "") }},
	{"network.dns.wrong_answer", func() *world {
		w := named()
		w.e.Site.ExpectAddresses = List[string]{"198.18.0.0/15"}
		w.noConnect(FailRefused)
		return w
	}, func() *world { w := named(); w.e.Site.ExpectAddresses = List[string]{"203.0.113.0/24"}; return w }},
	{"network.dns.slow", func() *world { w := named(); w.e.Lookups[0].ElapsedMs, w.e.Lookups[1].ElapsedMs = 2300, 2900; return w },
		func() *world { w := named(); w.e.Lookups[0].ElapsedMs = 2300; return w }},
	{"network.dns.tcp_blocked", func() *world { return unresolvable(FailDNSTruncated, "NOERROR") }, named},

	{"network.access.down", dark, syn},
	{"network.access.unreachable", unreachableBy(icmp(gatewayIP, 3, 0)), unreachableBy(icmp("100.64.0.1", 3, 0))},
	{"network.access.prohibited", unreachableBy(icmp(gatewayIP, 3, 13)), unreachableBy(icmp("100.64.0.1", 3, 13))},
	{"network.path.unreachable", unreachableBy(icmp("100.64.0.1", 3, 0)), unreachableBy(icmp(gatewayIP, 3, 0))},
	{"network.path.prohibited", unreachableBy(icmp("100.64.0.1", 3, 10)), refusedBy(icmp(mainHost, 3, 3))},
	{"network.path.loop", unreachableBy(icmp("100.64.0.1", 11, 0)), unreachableBy(icmp("100.64.0.1", 3, 1))},
	{"host.off", unreachableBy(icmp("100.64.0.1", 3, 1)), unreachableBy(icmp(gatewayIP, 3, 1))},
	{"network.path.silent", syn, refusedBy()},
	{"host.silent", syn, refusedBy()},
	{"network.path.lost", silent(unacked), silent(alive)},
	{"host.vanished", silent(unacked), silent(alive)},
	{"network.path.interrupted", silent(dead), silent(alive)},
	{"network.path.mtu", tlsFails(FailDeadline, hole), silent(hole)},
	{"network.path.reply_hole", silent(hole), func() *world { // the handshake's reordering was overcome
		w := secure(StepSignOn)
		w.e.TLS[0].TCP.RcvOooPack = ptr(int64(2))
		w.noReply(FailDeadline, func(t *TCP) { alive(t); t.RcvOooPack, t.DataSegsIn = ptr(int64(2)), ptr(int64(9)) })
		return w
	}},
	{"network.path.reply_lost", silent(alive), func() *world { // data came over this connection: it passes
		w := secure(StepSignOn)
		w.noReply(FailDeadline, func(t *TCP) { alive(t); t.DataSegsIn = ptr(int64(4)) })
		return w
	}},
	{"network.path.reset", broken(FailReset, earlyTCP), broken(FailClosed, closedTCP)},
	{"host.session_lost", broken(FailReset, earlyTCP), broken(FailReset, resetTCP)},
	{"network.path.rejected", refusedBy(), func() *world { // another port of that address answers
		w := healthy()
		w.endpoint("203.0.113.20:5501", StepConnect)
		w.exchange("203.0.113.20:5501", "203.0.113.20:5501")
		w.noConnect(FailRefused)
		return w
	}},
	{"network.path.interception", broken(FailNotISO8583, alive), broken(FailMessageType, alive)},
	{"network.access.proxy", func() *world { return silent(alive)().kind(LinkCellular) }, silent(unacked)},
	{"network.access.slow", func() *world { return healthy().far(2100) },
		func() *world { // the SYN was retransmitted, and no reply tells: the figure is not the path's
			w := healthy().far(2100)
			w.e.Connects[0].TCP.TotalRetrans = ptr(int64(1))
			w.noReply(FailDeadline, alive)
			w.e.SignOns[0].TCP.MinRTTMs = ptr(2100.0)
			return w
		}},
	{"network.path.slow", func() *world { return named().far(2100) },
		func() *world { return healthy().far(2100) }},
	{"network.access.congested", crawling, func() *world { // the reference is as fast as ever
		return healthy().habit(45, 40).far(450).companion(TaskReference, "", reference, "")
	}},
	{"network.access.lossy", func() *world { w := healthy(); w.e.SignOns[0].TCP.TotalRetrans = ptr(int64(4)); return w },
		func() *world { w := healthy(); w.e.SignOns[0].TCP.TotalRetrans = ptr(int64(1)); return w }},
	{"device.route_wrong", astray, func() *world { w := astray(); w.e.Routes = w.e.Routes[:2]; return w }},
	{"network.access.portal", logInPage, func() *world { w := logInPage(); w.e.Portals[0].Status = 204; return w }},
	{"network.path.one_way", silent(backlog), silent(unacked)},
	{"network.path.tls_cut", tlsFails(FailReset, resetTCP), tlsFails(FailClosed, closedTCP)},
	{"network.path.tls_interception", certificate(StepTLS, CertUnknownIssuer), certificate(StepTLS, CertExpired)},

	{"host.refused", refusedBy(), refusedBy(icmp(gatewayIP, 3, 3))},
	{"host.primary_down", func() *world { w := twoHosts(); w.noConnect(FailDeadline); return w }, syn},
	{"host.backlog_full", silent(backlog), silent(unacked)},
	{"host.front_end_only", silent(shut), silent(stuck)},
	{"host.no_response", silent(alive), silent(dead)},
	{"host.tls_no_response", tlsFails(FailDeadline, alive), tlsFails(FailDeadline, hole)},
	{"host.edge_drops", silent(hole), silent(alive)},
	{"host.closed", broken(FailClosed, closedTCP), broken(FailReset, resetTCP)},
	{"host.reset", broken(FailReset, resetTCP), broken(FailReset, earlyTCP)},
	{"host.cut_short", broken(FailCutShort, closedTCP), broken(FailCutShort, dead)},
	{"host.slow", func() *world { return slowReply(6200) }, func() *world { // part of the wait was a retransmission's
		w := slowReply(6200)
		w.e.SignOns[0].TCP.TotalRetrans = ptr(int64(2))
		return w
	}},
	{"host.tls_refused", func() *world { return tlsFails(FailTLSAlert, nil)().worked() }, tlsFails(FailNotTLS, nil)},
	{"host.tls_closed", tlsFails(FailClosed, closedTCP), tlsFails(FailDeadline, alive)},
	{"host.not_tls", tlsFails(FailNotTLS, nil), tlsFails(FailTLSAlert, nil)},
	{"host.certificate_expired", certificate(StepSignOn, CertExpired), func() *world { return secure(StepSignOn) }},
	{"host.certificate_not_yet_valid", certificate(StepSignOn, CertNotYetValid), certificate(StepSignOn, CertExpired)},
	{"host.certificate_name", certificate(StepSignOn, CertWrongName), certificate(StepSignOn, CertUnknownIssuer)},
	{"host.certificate_issuer", certificate(StepTLS, CertUnknownIssuer), certificate(StepTLS, CertWrongName)},
	{"device.trust_store", certificate(StepTLS, CertUnknownIssuer), certificate(StepTLS, CertPinMismatch)},
	{"device.server_name", certificate(StepTLS, CertWrongName), certificate(StepTLS, CertUnknownIssuer)},
	{"host.reply_not_iso8583", broken(FailNotISO8583, alive), broken(FailLength, alive)},
	{"host.reply_length", broken(FailLength, alive), broken(FailCutShort, closedTCP)},
	{"host.reply_message_type", broken(FailMessageType, alive), broken(FailOtherTerminal, alive)},
	{"host.reply_other_terminal", broken(FailOtherTerminal, alive), broken(FailMessageType, alive)},
	{"host.reply_unexpected", broken(FailUnexpected, alive), broken(FailNotISO8583, alive)},
	{"host.system_error", func() *world { return coded("96") }, func() *world { return coded("90") }},
	{"host.cutover", func() *world { return coded("90") }, func() *world { // this acquirer uses 90 for something else
		w := coded("90")
		w.e.Site.ResponseCodes = List[CodeClass]{{Code: "90", Class: ClassOperator}}
		return w
	}},
	{"account.merchant", func() *world { return coded("03") }, func() *world { return coded("97") }},
	{"account.terminal", func() *world { return coded("97") }, func() *world { return coded("77") }},

	{"note.ping_filtered", func() *world { w := healthy(); w.e.Pings[1].silent(); return w }, func() *world { w := syn(); w.e.Pings[1].silent(); return w }},
	{"note.gateway_ping_silent", func() *world { w := healthy(); w.e.Pings[0].silent(); return w },
		func() *world { w := unplugged(); w.e.Neighbors[0].State = "failed"; return w }},
	{"note.ping_unanswered", func() *world { w := syn(); w.e.Pings[1].silent(); return w }, healthy},
	{"note.resolver_silent", func() *world {
		w := named()
		w.e.Lookups[1].Failure, w.e.Lookups[1].RCode, w.e.Lookups[1].Answers = &Failure{Operation: OpResolve, Type: FailDeadline}, "", nil
		return w
	}, func() *world { return unresolvable(FailDeadline, "") }},
	{"note.connection_only", connected, healthy},
	{"note.ipv6_unusable", func() *world {
		w := named()
		w.exchange(namedAddr, "[2001:db8::20]:5500")
		w.noConnect(FailDeadline)
		return w
	}, func() *world { // IPv4 does not work either
		w := named()
		w.noConnect(FailDeadline)
		w.exchange(namedAddr, "[2001:db8::20]:5500")
		w.noConnect(FailDeadline)
		return w
	}},
	{"note.no_ipv6_address", func() *world {
		w := named()
		l := w.lookup("pos.acquirer.example", resolverA)
		l.Type, l.Failure, l.RCode = "AAAA", &Failure{Operation: OpResolve, Type: FailNoData}, "NOERROR"
		return w
	}, func() *world { return unresolvable(FailNoData, "NOERROR") }},
	{"agent.not_permitted", func() *world { w := healthy(); w.noConnect(FailNotPermitted); return w }, syn},
	{"agent.limited", func() *world { w := healthy(); w.e.Connects[0].TCP = nil; return w }, healthy},
	{"note.device_busy", func() *world {
		w := healthy()
		w.e.Device.Scheduling = &Scheduling{Samples: 9, MaxMs: 900, TotalMs: 1000, RoundMs: 1812}
		return w
	}, healthy},
	{"note.clock_unsynchronized", func() *world { w := healthy(); w.e.Clocks[1].Synchronized = ptr(false); return w },
		func() *world { w := healthy(); w.e.Clocks[1].Synchronized = nil; return w }},
	{"note.half_duplex", func() *world { w := healthy(); w.e.Links[1].Duplex, w.e.Links[3].Duplex = "half", "half"; return w },
		func() *world { // 10 Mbit/s at half duplex is an old hub, not a failed negotiation
			w := healthy()
			for _, i := range []int{1, 3} {
				w.e.Links[i].Duplex, w.e.Links[i].SpeedMbps = "half", ptr(int64(10))
			}
			return w
		}},
	{"note.on_demand_down", func() *world { w := unroutedShop(); w.e.Site.OnDemand = true; return w }, unroutedShop},
	{"note.payment_in_progress", func() *world { return left(ReasonPayment) }, func() *world { return left(ReasonPaused) }},
	{"note.paused", func() *world { return left(ReasonPaused) }, func() *world { return left(ReasonPayment) }},
	{"note.local_round", func() *world { return left(ReasonLocal) }, func() *world { return left(ReasonPaused) }},
	{"note.message_unsupported", func() *world { return coded("40") }, func() *world { return coded("96") }},
	{"note.terminal_state", func() *world { return coded("77") }, func() *world { return coded("97") }},
	{"note.other_code", func() *world { return coded("51") }, func() *world { return coded("00") }},
	{"note.unknown_code", func() *world { return coded("89") }, func() *world { return coded("51") }},
	{"note.hosts_file", func() *world {
		w := named()
		w.e.Hosts = List[HostsEntry]{{Observation: Observation{Task: "hosts"}, Name: "pos.acquirer.example", Address: mainHost}}
		for i := range w.e.Lookups {
			w.e.Lookups[i].Failure, w.e.Lookups[i].Answers = &Failure{Operation: OpResolve, Type: FailNXDomain}, nil
		}
		return w
	}, named},
	{"note.not_contacted", func() *world {
		w := named()
		w.e.Lookups[0].Answers = List[Answer]{{Address: "127.0.0.9"}}
		t := w.task("exchange "+namedAddr+" at 127.0.0.9:5500", TaskExchange, namedAddr)
		t.Outcome, t.Reason = OutcomeNotAsked, ReasonNotAllowed
		return w
	}, named},
	{"note.planned", func() *world {
		w := syn()
		w.e.Site.Windows = List[Window]{{Planned: PlannedMaintenance, From: w.e.Clocks[0].Wall.Add(-time.Hour), Until: w.e.Clocks[0].Wall.Add(time.Hour)}}
		return w
	}, syn},
	{"note.client_certificate", func() *world {
		w := secure(StepSignOn)
		w.e.TLS[0].ClientCertificateRequested = true
		w.noReply(FailClientCert, nil)
		return w
	}, func() *world { return secure(StepSignOn) }},
	{"note.certificate_untrusted", certificate(StepSignOn, CertUnknownIssuer), certificate(StepTLS, CertUnknownIssuer)},
	{"note.weak_tls", func() *world { w := secure(StepTLS); w.e.TLS[0].Version = "TLS 1.0"; return w }, func() *world { return secure(StepTLS) }},
	{"note.interrupted", func() *world { w := healthy(); w.noConnect(FailCancelled); return w }, syn},
}, givenCases, expectedCases)

// left is a shop in which nothing was asked of the endpoint.
func left(r Reason) *world {
	w := shop()
	w.endpoint(mainAddr, StepSignOn)
	t := w.task("exchange "+mainAddr, TaskExchange, mainAddr)
	t.Outcome, t.Reason = OutcomeNotAsked, r
	return w
}
