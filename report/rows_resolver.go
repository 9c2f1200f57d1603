package report

import (
	"net/netip"
	"slices"
)

// resolverRows: name resolution.
var resolverRows = []Row{
	{
		Code: "device.resolver_missing", Kind: KindFault, Layer: LayerResolver, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: noLocal,
		Source:   "resolv.conf(5): absent or without a name server",
		Title:    Text{"终端没有设置 DNS 服务器", "The terminal has no DNS server set"},
		Advice:   Text{"核对终端的 DNS 设置；如果是自动获取地址，就重新获取一次。", "Check the DNS server in the terminal's network settings; with automatic addresses, renew the lease."},
		test: func(f *facts) []sighting {
			for i, t := range f.Tasks {
				if t.Kind != TaskResolvers || !(t.Outcome == OutcomeEmpty || t.Outcome == OutcomeFailed && t.Failure.Is(FailNotFound)) {
					continue
				}
				if f.unresolved() != "" {
					return []sighting{{confidence: Likely, because: []string{pointer("tasks", i)}, explains: f.unresolvedTasks()}}
				}
			}
			return nil
		},
	},
	{
		Code: "device.resolver_dead", Kind: KindFault, Layer: LayerResolver, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: []Code{"device.loopback_down"},
		Source:   "ECONNREFUSED from a resolver on a loopback address",
		Title:    Text{"终端本机的 DNS 服务没有运行", "The terminal's own DNS service is not running"},
		Advice:   Text{"重启终端；仍然如此请终端维护方检查 DNS 服务。", "Restart the terminal; if it stays, have terminal service check its DNS service."},
		test:     func(f *facts) []sighting { return f.deadStub(false, Proven) },
	},
	{
		Code: "device.resolver_given", Kind: KindFault, Layer: LayerResolver, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: []Code{"device.loopback_down"},
		Source:   "ECONNREFUSED from a loopback address that the configuration or --resolver names",
		Title:    Text{"指定的 DNS 服务器没有服务", "The DNS server that was given does not run"},
		Advice:   Text{"去掉 --resolver（或配置中的 resolvers）再试，改用系统的 DNS。", "Try without --resolver (or resolvers in the configuration): the system's DNS servers are asked then."},
		test:     func(f *facts) []sighting { return f.deadStub(true, Likely) },
	},
	{
		Code: "device.hosts_stale", Kind: KindFault, Layer: LayerResolver, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: noLocal,
		Source:   "hosts(5) entry against the answers of the resolvers",
		Title:    Text{"终端 hosts 文件中的地址已过期", "The terminal's hosts file holds an outdated address for the acquirer"},
		Advice:   Text{"请终端维护方删除或更新该条目。", "Have terminal service remove or update that entry."},
		test: func(f *facts) []sighting {
			var out []sighting
			for i, h := range f.Hosts {
				answers := f.answersFor(h.Name)
				if slices.Contains(answers, h.Address) {
					continue
				}
				var failedAt string
				other := false
				for _, a := range f.attempts {
					if a.endpoint.Host() != h.Name {
						continue
					}
					// Without an answer to compare it with, an old address can only be one that nobody
					// is heard at.
					if _, fail, at, _ := a.failed(); fail != nil && a.ip().String() == h.Address && (len(answers) > 0 || unheard(fail)) {
						failedAt = at
					} else if a.ok() && slices.Contains(answers, a.ip().String()) {
						other = true
					}
				}
				if failedAt == "" {
					continue
				}
				s := sighting{resource: h.Name, confidence: Possible, because: []string{pointer("hosts", i), failedAt}, explains: []string{failedAt}}
				if other { // the address that DNS gives works, the one in the file does not
					s.confidence = Proven
				}
				out = append(out, s)
			}
			return out
		},
	},
	{
		Code: "network.dns.unreachable", Kind: KindFault, Layer: LayerResolver, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noAccess, Wants: []Question{AskDuplicateAddress, AskNeighbor, AskIndependentResolver, AskReference, AskTrace},
		Source: "no configured resolver answers, and one of them once did",
		Title:  Text{"DNS 服务器没有回应", "No DNS server answers"},
		Advice: Text{"重启路由器；核对 DNS 地址；仍不行联系网络运营商。", "Restart the router, compare the DNS addresses; otherwise call the network provider."},
		test: func(f *facts) []sighting {
			return f.likelyOnceServed(f.allResolvers(Possible, true, resolverSilent...))
		},
	},
	{
		Code: "device.resolver_setting", Kind: KindFault, Layer: LayerResolver, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: noAccess, Wants: []Question{AskIndependentResolver},
		Source: "no configured resolver serves this terminal; its address may be wrong",
		Title:  Text{"终端的 DNS 地址可能设置错误", "The DNS address may be set wrongly on the terminal"},
		Advice: Text{"与路由器或运营商提供的 DNS 地址核对。", "Compare it with the DNS address that the router or the provider gives."},
		test: func(f *facts) []sighting {
			out := f.allResolvers(Possible, true, slices.Concat(resolverSilent, []FailureType{FailDNSRefused})...)
			return slices.DeleteFunc(out, func(s sighting) bool { return len(f.onceServed(s)) > 0 })
		},
	},
	{
		Code: "network.dns.one_dead", Kind: KindFault, Layer: LayerResolver, Domain: DomainNetwork, Party: PartyTerminalService,
		MaskedBy: slices.Concat(noLocal, []Code{"device.resolver_dead", "note.resolver_silent"}),
		Source:   "one resolver answers and another does not, which once did: every first look-up waits for it",
		Title:    Text{"有一个 DNS 服务器没有回应", "One of the DNS servers does not answer"},
		Advice:   Text{"在终端或路由器的网络设置里换掉没有回应的 DNS 地址；签到可能因等待它而变慢。", "Replace the silent DNS address in the terminal's or the router's network settings: sign-on may wait for it."},
		test: func(f *facts) []sighting {
			out := f.silentBesideOthers()
			for i := range out {
				out[i].confidence = Possible
				if slices.Contains(f.Memory.Resolvers, out[i].resource) && f.departs(out[i].resource) {
					out[i].confidence = Likely
				}
			}
			return out
		},
	},
	{
		Code: "network.dns.refused", Kind: KindFault, Layer: LayerResolver, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noLocal, Wants: []Question{AskIndependentResolver},
		Source: "RCODE 5, RFC 1035 section 4.1.1",
		Title:  Text{"DNS 服务器拒绝服务", "The DNS server refuses to serve this terminal"},
		Advice: Text{"核对 DNS 地址是否属于本网络；联系网络运营商。", "Check that the DNS address belongs to this network; call the network provider."},
		test:   func(f *facts) []sighting { return f.likelyOnceServed(f.allResolvers(Possible, true, FailDNSRefused)) },
	},
	{
		Code: "network.dns.server_failure", Kind: KindFault, Layer: LayerResolver, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noLocal, Wants: []Question{AskIndependentResolver, AskOtherEndpoint},
		Source: "RCODE 2 (RFC 1035 section 4.1.1) with its extended error (RFC 8914)",
		Title:  Text{"DNS 服务器故障", "The DNS server fails"},
		Advice: Text{"重启路由器或换一个 DNS 地址再试；仍不行联系网络运营商。", "Restart the router or try another DNS address; otherwise call the network provider."},
		test: func(f *facts) []sighting {
			out := f.allResolvers(Possible, false, FailServFail, FailDNSFormat, FailDNSNotImpl, FailDNSOther)
			for i := range out { // more than one name fails: not the zone of one of them
				if f.namesFailing(FailServFail) >= 2 {
					out[i].confidence = Likely
				}
				if at := f.elsewhereResolved(out[i].resource); at != "" { // the name can be resolved
					out[i].confidence, out[i].because = Likely, append(out[i].because, at)
				}
			}
			return out
		},
	},
	{
		Code: "network.dns.no_such_name", Kind: KindFault, Layer: LayerResolver, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noLocal, Wants: []Question{AskIndependentResolver},
		Source: "RCODE 3 or an empty answer; a resolver can say so falsely",
		Title:  Text{"DNS 服务器说没有这个域名（可能有误）", "The DNS server says that the acquirer's name does not exist, perhaps wrongly"},
		Advice: Text{"换一个 DNS 地址再试。", "Try another DNS address."},
		test: func(f *facts) []sighting {
			out := f.allResolvers(Possible, false, FailNXDomain, FailNoData)
			for i := range out {
				if at := f.elsewhereResolved(out[i].resource); at != "" {
					out[i].confidence, out[i].because = Likely, append(out[i].because, at)
				}
			}
			return out
		},
	},
	{
		Code: "device.endpoint_name", Kind: KindFault, Layer: LayerResolver, Domain: DomainDevice, Party: PartyTerminalService,
		MaskedBy: noLocal,
		Source:   "RCODE 3 for a name that never resolved here",
		Title:    Text{"收单主机域名可能写错", "The acquirer's host name may be misspelt on the terminal"},
		Advice:   Text{"与支付应用核对主机域名。", "Compare the host name with the payment application's settings."},
		test: func(f *facts) []sighting {
			var out []sighting
			for _, s := range f.allResolvers(Possible, false, FailNXDomain, FailNoData) {
				if !f.resolvedBefore(s.resource) && f.elsewhereResolved(s.resource) == "" {
					out = append(out, s)
				}
			}
			return out
		},
	},
	{
		Code: "host.dns_zone", Kind: KindFault, Layer: LayerResolver, Domain: DomainHost, Party: PartyAcquirer,
		MaskedBy: noLocal, Wants: []Question{AskIndependentResolver},
		Source: "RCODE 2 or 3 for the acquirer's name at every resolver and at an independent one as well, for a name that resolved before or while they serve other names",
		Title:  Text{"收单机构的域名解析有问题", "The acquirer's own DNS zone fails"},
		Advice: Text{"联系收单机构，说明域名和 DNS 应答。", "Call the acquirer with the host name and the DNS answer."},
		test: func(f *facts) []sighting {
			var out []sighting
			for _, s := range f.allResolvers(Possible, false, FailServFail, FailNXDomain, FailNoData) {
				if f.elsewhereResolved(s.resource) != "" {
					continue // the zone is there
				}
				// A private name need not be known to anybody outside.
				at := f.elsewhereDenied(s.resource, FailServFail, FailNXDomain, FailNoData)
				if at != "" && f.Site.Profile != ProfilePrivateAPN && (f.resolvedBefore(s.resource) || f.othersResolve(s.explains)) {
					s.confidence, s.because = Likely, append(s.because, at)
				}
				out = append(out, s)
			}
			return out
		},
	},
	{
		Code: "network.dns.wrong_answer", Kind: KindFault, Layer: LayerResolver, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noLocal, Wants: []Question{AskIndependentResolver},
		Source: "an answer outside the configured prefixes, an address that no host can have (RFC 6890), or an answer to something else; while an independent resolver gives a sound one",
		Title:  Text{"DNS 给出了错误的地址", "DNS gives a wrong address for the acquirer"},
		Advice: Text{"检查是否需要网页登录上网；重启路由器；联系网络运营商。", "Look for a log-in page on this network, restart the router; otherwise call the network provider."},
		test: func(f *facts) []sighting {
			var out []sighting
			for i, l := range f.lookups() {
				p := pointer("lookups", i)
				if l.Failure.Is(FailDNSMalformed) || slices.ContainsFunc(l.Answers, func(x Answer) bool { return f.implausible(l.Name, x) }) {
					s := sighting{resource: l.Resolver, confidence: Possible, because: []string{p}, explains: []string{p}}
					if at := f.soundElsewhere(l.Name); at != "" {
						s.confidence, s.because = Likely, append(s.because, at)
					}
					for j, t := range f.Tasks { // the addresses were not even tried
						if t.Reason == ReasonNotAllowed && (Endpoint{Address: t.Endpoint}).Host() == l.Name {
							s.explains = append(s.explains, pointer("tasks", j))
						}
					}
					for _, a := range f.attempts {
						if _, fail, at, _ := a.failed(); fail != nil && slices.ContainsFunc(l.Answers, func(x Answer) bool {
							return f.implausible(l.Name, x) && x.Address == a.ip().String()
						}) {
							s.explains = append(s.explains, at)
						}
					}
					out = append(out, s)
				}
			}
			return out
		},
	},
	{
		Code: "network.dns.slow", Kind: KindFault, Layer: LayerResolver, Domain: DomainNetwork, Party: PartyNetworkProvider,
		Wants:  []Question{AskIndependentResolver, AskSecondExchange},
		Source: "the fastest resolver's answer against the site's limit",
		Title:  Text{"DNS 应答很慢", "DNS answers slowly"},
		Advice: Text{"换一个 DNS 地址再试；检查网络是否拥挤。", "Try another DNS address; check whether the network is crowded."},
		test: func(f *facts) []sighting {
			if !f.whole(TaskLookup) || f.Site.Limits.ResolveMs <= 0 {
				return nil
			}
			best, at := -1.0, ""
			for i, l := range f.lookups() {
				if l.Failure == nil && (best < 0 || l.ElapsedMs < best) {
					best, at = l.ElapsedMs, pointer("lookups", i)
				}
			}
			if best < f.Site.Limits.ResolveMs {
				return nil
			}
			s := sighting{confidence: Possible, because: []string{at}}
			for _, l := range f.Lookups { // the zone itself may be slow
				if f.kinds[l.Task] == TaskIndependent && l.Failure == nil && l.ElapsedMs < f.Site.Limits.ResolveMs/3 {
					s.confidence = Likely
				}
			}
			return []sighting{s}
		},
	},
	{
		Code: "network.dns.tcp_blocked", Kind: KindFault, Layer: LayerResolver, Domain: DomainNetwork, Party: PartyNetworkProvider,
		MaskedBy: noLocal, Wants: []Question{AskIndependentResolver},
		Source: "RFC 7766: a truncated answer must be available over TCP",
		Title:  Text{"DNS 长应答无法取回（TCP 53 不通）", "Long DNS answers cannot be fetched: TCP port 53 fails"},
		Advice: Text{"换一个 DNS 地址；请网络运营商放行 TCP 53。", "Use another DNS address; have the network provider open TCP port 53."},
		test:   func(f *facts) []sighting { return f.allResolvers(Likely, true, FailDNSTruncated) },
	},
}

// deadStub finds refusals by a resolver on the device itself; given selects those that
// posprobe was told to ask in place of the system's.
func (f *facts) deadStub(given bool, c Confidence) []sighting {
	if !f.whole(TaskResolvers) { // who named it is not known
		c = Likely
	}
	var out []sighting
	for i, l := range f.lookups() {
		if !loopbackAddress(l.Resolver) || !l.Failure.Is(FailRefused) || f.given(l.Resolver) != given {
			continue
		}
		p := pointer("lookups", i)
		out = append(out, sighting{resource: l.Resolver, confidence: c, because: []string{p}, explains: []string{p}})
	}
	return out
}

// ResolverGiven is the source of a resolver that posprobe was told to ask.
const ResolverGiven = "configuration"

func (f *facts) given(resolver string) bool {
	return slices.ContainsFunc(f.Resolvers, func(r Resolver) bool { return r.Address == resolver && r.Source == ResolverGiven })
}

// unresolvedTasks are the exchanges that were not asked for want of an address.
func (f *facts) unresolvedTasks() []string {
	var out []string
	for i, t := range f.Tasks {
		if t.Kind == TaskExchange && t.Outcome == OutcomeNotAsked && t.Reason == ReasonUnresolved {
			out = append(out, pointer("tasks", i))
		}
	}
	return out
}

// unresolved returns the first endpoint of which the name is needed and was not
// resolved, "" when there is none.
func (f *facts) unresolved() string {
	for _, t := range f.Tasks {
		if t.Kind == TaskExchange && t.Outcome == OutcomeNotAsked && t.Reason == ReasonUnresolved {
			return t.Endpoint
		}
	}
	return ""
}

// allResolvers finds names that no resolver gave an address for: the evidence is
// complete, and at least one resolver (every one, if so asked) failed in one of the
// given ways.
func (f *facts) allResolvers(c Confidence, every bool, types ...FailureType) []sighting {
	if !f.whole(TaskLookup) {
		return nil
	}
	byName := map[string][]string{}
	var names []string
	spoilt := map[string]bool{}
	for _, h := range f.Hosts { // the hosts file gives the address: nobody waits for DNS
		spoilt[h.Name] = true
	}
	for i, l := range f.lookups() {
		switch {
		case l.Failure == nil, l.Failure.Is(FailCancelled):
			spoilt[l.Name] = true
		case every && !l.Failure.Is(types...):
			spoilt[l.Name] = true
		case l.Failure.Is(types...) && !(loopbackAddress(l.Resolver) && l.Failure.Is(FailRefused)):
			if byName[l.Name] == nil {
				names = append(names, l.Name)
			}
			byName[l.Name] = append(byName[l.Name], pointer("lookups", i))
		}
	}
	var out []sighting
	for _, name := range names {
		if !spoilt[name] {
			out = append(out, sighting{resource: name, confidence: c, because: byName[name], explains: byName[name]})
		}
	}
	return out
}

// resolverSilent are the failures of a resolver that says nothing: it is not there, or the
// way to it.
var resolverSilent = []FailureType{FailDeadline, FailKernelTimeout, FailRefused, FailHostUnreach, FailNetUnreach}

// silentBesideOthers finds resolvers that say nothing to a question that another one
// answers.
func (f *facts) silentBesideOthers() []sighting {
	var out []sighting
	for i, l := range f.lookups() {
		if !l.Failure.Is(resolverSilent...) {
			continue
		}
		for j, m := range f.lookups() {
			if m.Name == l.Name && m.Type == l.Type && m.Resolver != l.Resolver && m.answered() {
				p := pointer("lookups", i)
				out = append(out, sighting{resource: l.Resolver, because: []string{p, pointer("lookups", j)}, explains: []string{p}})
				break
			}
		}
	}
	return out
}

// onceServed are the resolvers that once served this terminal, of those on whose look-ups
// a sighting rests: their addresses are not set wrongly.
func (f *facts) onceServed(s sighting) []string {
	var out []string
	for i, l := range f.lookups() {
		if slices.Contains(s.explains, pointer("lookups", i)) && slices.Contains(f.Memory.Resolvers, l.Resolver) {
			out = append(out, l.Resolver)
		}
	}
	return out
}

// likelyOnceServed makes sightings likely where a resolver once served, and was asked.
func (f *facts) likelyOnceServed(out []sighting) []sighting {
	for i := range out {
		if slices.ContainsFunc(f.onceServed(out[i]), f.departs) {
			out[i].confidence = Likely
		}
	}
	return out
}

// departs reports whether a question to a resolver left the shop, for all that is known:
// there is a way, its gateway is heard, and the device's own filter kept nothing.
func (f *facts) departs(resolver string) bool {
	w := f.wayOf(resolver)
	heard := w.gateway == "" || f.heardOn(through(w.gateway)) || f.gatewayAnswered(w.gateway) != nil
	return !nowhere(w) && heard && !f.filtered()
}

// soundElsewhere returns the pointer of an independent answer for a name of which every
// address is plausible, "" without one.
func (f *facts) soundElsewhere(name string) string {
	ats, lookups := f.independent(name)
	for i, l := range lookups {
		if l.Failure == nil && len(l.Answers) > 0 && !slices.ContainsFunc(l.Answers, func(x Answer) bool { return f.implausible(name, x) }) {
			return ats[i]
		}
	}
	return ""
}

// answersFor are the addresses that any resolver gave for a name.
func (f *facts) answersFor(name string) []string {
	var out []string
	for _, l := range f.lookups() {
		if l.Name == name {
			for _, a := range l.Answers {
				out = append(out, a.Address)
			}
		}
	}
	return out
}

// resolvedBefore reports whether an endpoint of this name was ever reached here.
func (f *facts) resolvedBefore(name string) bool {
	for _, g := range f.Memory.LastGood {
		if (Endpoint{Address: g.Endpoint}).Host() == name {
			return true
		}
	}
	return false
}

// othersResolve reports whether each resolver of the given look-ups gave an address
// for some other name in this round.
func (f *facts) othersResolve(lookups []string) bool {
	for i, l := range f.lookups() {
		if !slices.Contains(lookups, pointer("lookups", i)) {
			continue
		}
		serves := false
		for _, m := range f.lookups() {
			serves = serves || m.Resolver == l.Resolver && m.Name != l.Name && m.Failure == nil && len(m.Answers) > 0
		}
		if !serves {
			return false
		}
	}
	return len(lookups) > 0
}

// namesFailing counts the names that failed in a given way at some resolver.
func (f *facts) namesFailing(t FailureType) int {
	names := map[string]bool{}
	for _, l := range f.lookups() {
		if l.Failure.Is(t) {
			names[l.Name] = true
		}
	}
	return len(names)
}

// implausible reports whether an answer cannot be the acquirer: outside the prefixes
// that the site expects, or an address that belongs to no host elsewhere. An address at
// which the acquirer's application answered is what the site should have expected.
func (f *facts) implausible(name string, a Answer) bool {
	ip, err := netip.ParseAddr(a.Address)
	if err != nil || slices.ContainsFunc(f.attempts, func(t attempt) bool { return t.ip() == ip.Unmap() && t.replied() && !t.strangePeer() }) {
		return false
	}
	if len(f.Site.ExpectAddresses) > 0 {
		return !slices.ContainsFunc(f.Site.ExpectAddresses, func(s string) bool {
			p, err := netip.ParsePrefix(s)
			return err == nil && p.Contains(ip.Unmap())
		})
	}
	if ip.IsLoopback() {
		return name != "localhost"
	}
	return ip.IsUnspecified() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || reserved.Contains(ip.Unmap())
}

// reserved is what RFC 1112 section 4 keeps for later, and the limited broadcast.
var reserved = netip.MustParsePrefix("240.0.0.0/4")
