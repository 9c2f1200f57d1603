//go:build linux

package lab

import (
	"math/rand/v2"

	"posprobe/report"
)

// seenPast: the way to the reference shows that a router is the provider's, and the
// router speaks up. Without a reference nobody knows whether it stands at the acquirer's
// edge.
func seenPast(routers ...string) func(Scenario) bool {
	return where(all(reference, answering(routers...)))
}

// randomPathFaults: between the provider and the acquirer's edge, and the edge itself.
var randomPathFaults = []randomFault{
	{name: "the shop's router drops connections to the acquirer", truth: report.DomainNetwork, steps: breaking("drop", "at", "shop", "to", "acquirer", "what", "syn"),
		otherwise:  "a tunnel to the acquirer hides its routers, and the host may be off",
		acceptable: []string{"network.path.silent"}},
	{name: "a router of the provider drops connections to the acquirer", truth: report.DomainNetwork,
		steps: func(r *rand.Rand, _ Scenario) []Step {
			return []Step{stepOf("drop", "at", oneOf(r, "isp", "core"), "to", "acquirer", "what", "syn")}
		},
		otherwise: "behind the last router that answers the acquirer's edge may begin", acceptable: []string{"network.path.silent"},
		nearMisses: []report.Code{"host.silent"}},
	{name: "the acquirer's confirmations of connections get lost", truth: report.DomainNetwork, steps: breaking("drop", "at", "core", "from", "acquirer", "what", "synack"),
		otherwise: "a dropped SYN-ACK and a full accept queue look the same", nearMisses: []report.Code{"host.silent"}},
	{name: "requests get lost on the way", truth: report.DomainNetwork, signOn: true,
		steps: func(r *rand.Rand, _ Scenario) []Step {
			return []Step{stepOf("drop", "at", oneOf(r, "shop", "isp", "core"), "to", "acquirer", "what", "data")}
		},
		otherwise: "the acquirer's own edge can drop them as well", acceptable: []string{"network.path.lost"}, nearMisses: []report.Code{"host.vanished"}},
	{name: "everything after the handshake gets lost on the way back", truth: report.DomainNetwork, signOn: true,
		steps:     breaking("drop", "at", "core", "from", "acquirer", "what", "later"),
		otherwise: "the acquirer's own edge can drop it as well", acceptable: []string{"network.path.lost"}, nearMisses: []report.Code{"host.vanished"}},
	{name: "large packets get lost", truth: report.DomainNetwork, fits: all(withTLS, ipv4),
		flags: behaves("-names", manyNames()),
		steps: func(r *rand.Rand, _ Scenario) []Step {
			return []Step{stepOf("mtu", "size", 1000+r.IntN(401), "hole", true)}
		},
		onsets:    []string{"always"},
		otherwise: "the acquirer's own edge can drop them as well", acceptable: []string{"network.path.mtu"}},
	{name: "a routing loop", truth: report.DomainNetwork, fits: ipv4, steps: breaking("loop"),
		code: "network.path.loop", decidable: seenPast("isp", "core", "gate"), because: "routers that also lead to the reference report that the time to live ran out",
		otherwise: "the routers of the loop do not all speak up, or may stand at the acquirer's edge", acceptable: []string{"network.path.loop"}},
	{name: "a router of the provider has no route to the acquirer", truth: report.DomainNetwork, fits: all(ipv4, answering("isp")),
		steps:     breaking("reject", "at", "isp", "to", "acquirer_host", "how", "net"),
		otherwise: "a provider's router loses the route too when the acquirer's edge has gone", acceptable: []string{"network.path.unreachable"}},
	{name: "the shop's router has no route to the acquirer", truth: report.DomainNetwork, fits: all(ipv4, answering("shop")),
		steps: breaking("route", "at", "shop", "how", "unreachable"),
		code:  "network.access.unreachable", proven: true, because: "the gateway itself says so"},
	{name: "the shop's router forbids connections to the acquirer", truth: report.DomainNetwork, fits: answering("shop"),
		steps: breaking("reject", "at", "shop", "to", "acquirer", "how", "admin"),
		code:  "network.access.prohibited", proven: true, because: "the gateway itself says so"},
	{name: "a router of the provider forbids connections to the acquirer", truth: report.DomainNetwork, fits: answering("isp"),
		steps: breaking("reject", "at", "isp", "to", "acquirer", "how", "admin"),
		code:  "network.path.prohibited", decidable: seenPast("isp"), because: "the router that says so also leads to the reference",
		otherwise: "the router that says so may stand at the acquirer's edge", acceptable: []string{"network.path.prohibited"}},
	{name: "the provider blackholes the acquirer", truth: report.DomainNetwork, fits: ipv4, steps: breaking("route", "at", "core", "how", "blackhole"),
		otherwise: "a hole in the provider's core and a silent host look the same", acceptable: []string{"network.path.silent"},
		nearMisses: []report.Code{"host.silent"}},
	{name: "a device on the way resets connections", truth: report.DomainNetwork, signOn: true, steps: breaking("rst_on_data", "at", "isp"),
		otherwise: "a host that lost the connection resets it as well", acceptable: []string{"network.path.reset"},
		nearMisses: []report.Code{"host.reset", "host.session_lost"}},
	{name: "a device on the way refuses in the host's name", truth: report.DomainNetwork, steps: breaking("reject", "at", "isp", "to", "acquirer", "how", "reset"),
		code: "network.path.rejected", decidable: seenPast("isp", "core"),
		because:    "the refusal comes from no farther than routers that also lead to the reference",
		otherwise:  "a refusal in the host's name looks like the host's",
		acceptable: []string{"network.path.rejected"}, nearMisses: []report.Code{"host.refused"}},
	{name: "the acquirer's edge drops connections", truth: report.DomainHost, steps: breaking("drop", "at", "gate", "to", "acquirer", "what", "syn"),
		otherwise: "a dropped SYN looks the same wherever it is dropped", acceptable: []string{"host.silent"},
		nearMisses: []report.Code{"network.path.silent"}},
	{name: "the acquirer's edge forbids connections", truth: report.DomainHost, fits: answering("gate"), steps: breaking("reject", "at", "gate", "to", "acquirer", "how", "admin"),
		otherwise: "the router that says so may be the provider's", acceptable: []string{"host.off"},
		nearMisses: []report.Code{"network.path.prohibited"}},
}

// manyNames are as many names as make a certificate of several segments.
func manyNames() string {
	names := "pos.acquirer.example"
	for i := range 60 {
		names += ",terminal-access-" + string(rune('a'+i/26)) + string(rune('a'+i%26)) + ".acquirer.example"
	}
	return names
}

// resolverAnswers is the condition that another resolver says what is true.
var resolverAnswers = where(independent)

// randomResolverFaults: name resolution.
var randomResolverFaults = []randomFault{
	{name: "no resolver answers", truth: report.DomainNetwork, fits: byResolver, steps: breaking("resolver", "which", "all", "how", "silent"),
		code: "network.dns.unreachable", decidable: worked, because: "the resolvers are the right ones, and none answers",
		otherwise: "a wrong address and a dead resolver look the same", acceptable: []string{"network.dns.unreachable"}},
	{name: "the resolvers refuse", truth: report.DomainNetwork, fits: byResolver, steps: breaking("resolver", "which", "all", "how", "refused"),
		code: "network.dns.refused", decidable: worked, because: "the resolvers are the right ones, and refuse",
		otherwise: "resolvers of another network refuse as well", acceptable: []string{"network.dns.refused"}},
	{name: "the resolvers fail", truth: report.DomainNetwork, fits: byResolver, steps: breaking("resolver", "which", "all", "how", "servfail", "names", "all"),
		code: "network.dns.server_failure", decidable: resolverAnswers, because: "another resolver gives the address",
		otherwise: "the acquirer's zone may be what fails", acceptable: []string{"network.dns.server_failure"}, nearMisses: []report.Code{"host.dns_zone"}},
	{name: "the resolvers deny the name", truth: report.DomainNetwork, fits: byResolver, steps: breaking("resolver", "which", "all", "how", "nxdomain", "names", "acquirer"),
		code: "network.dns.no_such_name", decidable: resolverAnswers, because: "another resolver gives the address",
		otherwise: "the acquirer's zone may have lost it", nearMisses: []report.Code{"host.dns_zone"}},
	{name: "the resolvers give a wrong address", truth: report.DomainNetwork, fits: all(byResolver, ipv4), steps: breaking("resolver", "which", "all", "how", "wrong", "names", "acquirer"),
		otherwise: "two resolvers may rightly give two addresses, or one of them remember an old one", acceptable: []string{"network.dns.wrong_answer"}, nearMisses: []report.Code{"host.silent", "host.refused", "host.off"}},
	{name: "the acquirer's zone still has an old address", truth: report.DomainHost, fits: all(byResolver, ipv4), steps: breaking("stale_address"),
		otherwise: "nothing says that the address is wrong", acceptable: []string{"host.dns_zone", "host.off"},
		nearMisses: []report.Code{"network.dns.wrong_answer", "network.path.unreachable"}},
	{name: "one resolver is dead", truth: report.DomainNetwork, fits: byResolver,
		steps: func(r *rand.Rand, _ Scenario) []Step {
			return []Step{stepOf("resolver", "which", oneOf(r, "first", "second"), "how", "silent")}
		},
		code: "network.dns.one_dead", decidable: worked, because: "one resolver answers, and the other did a moment ago",
		otherwise: "the address of the one that is silent may be wrong", served: true},
	{name: "the resolvers are slow", truth: report.DomainNetwork, fits: all(byResolver, lossless), steps: breaking("resolver", "which", "all", "how", "slow", "delay", "1800ms"),
		code: "network.dns.slow", decidable: resolverAnswers, because: "every resolver takes longer than the limit, and another one does not",
		otherwise: "the acquirer's zone may be what is slow", served: true},
}
