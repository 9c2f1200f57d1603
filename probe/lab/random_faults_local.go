//go:build linux

package lab

import (
	"math/rand/v2"

	"posprobe/report"
)

// randomDeviceFaults: the terminal itself.
var randomDeviceFaults = []randomFault{
	{name: "the default route is gone", truth: report.DomainDevice, fits: static, steps: breaking("no_route"),
		code: "device.no_route", proven: true, because: "the kernel itself says that it has no route"},
	{name: "the interface is switched off", truth: report.DomainDevice, steps: breaking("link_off"),
		code: "device.interface_off", proven: true, because: "the interface's own flags say so"},
	{name: "the address is gone", truth: report.DomainDevice, fits: all(static, ipv4), steps: breaking("no_address"),
		otherwise:  "an address that was never set and one that no server gave look the same",
		acceptable: []string{"device.no_address"}, nearMisses: []report.Code{"network.local.no_lease"}},
	{name: "the terminal drops what it sends to the acquirer", truth: report.DomainDevice, steps: breaking("firewall", "hook", "output"),
		otherwise: "whether posprobe alone may not send is not known", acceptable: []string{"device.firewall"}},
	{name: "the terminal drops what comes from the acquirer", truth: report.DomainDevice, steps: breaking("firewall", "hook", "input"),
		otherwise: "silence looks the same wherever it begins", acceptable: []string{"device.firewall"}},
	{name: "the gateway's address is wrong", truth: report.DomainDevice, fits: all(static, ipv4), onsets: []string{"always"}, steps: breaking("wrong_gateway"),
		otherwise:  "a wrong address and a dead router look the same to a terminal that never had another",
		acceptable: []string{"device.gateway_setting"}, nearMisses: []report.Code{"network.local.no_gateway"}},
	{name: "no resolver is set", truth: report.DomainDevice, fits: all(static, byResolver),
		steps: func(r *rand.Rand, _ Scenario) []Step {
			return []Step{stepOf("resolv_conf", "how", oneOf(r, "empty", "missing"))}
		},
		code: "device.resolver_missing", because: "resolv.conf holds none"},
	{name: "the resolver set is another network's", truth: report.DomainDevice, fits: all(static, byResolver), onsets: []string{"always"},
		steps:     breaking("resolv_conf", "how", "wrong"),
		otherwise: "a wrong address and a dead resolver look the same", acceptable: []string{"device.resolver_setting"},
		nearMisses: []report.Code{"network.dns.unreachable"}},
	{name: "the hosts file has an old address", truth: report.DomainDevice, fits: all(byResolver, ipv4), steps: breaking("hosts_stale"),
		code: "device.hosts_stale", proven: true, because: "the address that the resolvers give works, the file's does not"},
	{name: "a stale route swallows the acquirer's network", truth: report.DomainDevice, fits: ipv4,
		steps: func(r *rand.Rand, _ Scenario) []Step {
			return []Step{stepOf("vpn_route", "how", oneOf(r, "tunnel", "gateway"))}
		},
		otherwise: "a more specific route may be meant", acceptable: []string{"device.route_wrong"}},
	{name: "no local port is free", truth: report.DomainDevice, steps: breaking("ports_exhausted"),
		code: "device.ports_exhausted", proven: true, because: "the kernel refuses to choose a port"},
}

// randomLocalFaults: the shop's network and the provider's.
var randomLocalFaults = []randomFault{
	{name: "the plug is pulled", truth: report.DomainNetwork, steps: breaking("carrier"),
		code: "network.local.no_carrier", proven: true, because: "the interface is on and has no carrier"},
	{name: "the router is dead", truth: report.DomainNetwork, fits: ipv4, steps: breaking("gateway_dead"),
		code: "network.local.no_gateway", decidable: where(given),
		because:    "a server named the gateway, and nobody answers for it",
		otherwise:  "a dead router and one that another replaced look the same",
		acceptable: []string{"network.local.no_gateway"}},
	{name: "no server renews the lease", truth: report.DomainNetwork, fits: func(s Setup) bool { return s.DHCP }, steps: breaking("no_dhcp"),
		otherwise: "an address that was never set and one that no server gave look the same", acceptable: []string{"network.local.no_lease"},
		nearMisses: []report.Code{"device.no_address"}},
	{name: "the terminal gave itself an address", truth: report.DomainNetwork, fits: func(s Setup) bool { return s.DHCP }, steps: breaking("self_assigned"),
		code: "network.local.no_lease", because: "RFC 3927: nobody answered its request for one"},
	{name: "the server hands out a gateway that nobody is", truth: report.DomainNetwork, fits: func(s Setup) bool { return s.DHCP }, steps: breaking("wrong_dhcp_gateway"),
		code: "network.local.no_gateway", because: "the gateway was named by a server, and nobody answers for it"},
	{name: "the till has the terminal's address", truth: report.DomainNetwork, fits: ipv4, steps: breaking("duplicate_address"),
		code: "network.local.duplicate_address", decidable: func(s Scenario) bool { return !s.Setup.Unprivileged },
		because: "an ARP probe is answered by somebody else", otherwise: "without the right to send ARP this is mere silence"},
	{name: "the provider's line is cut", truth: report.DomainNetwork, steps: breaking("cut", "at", "provider"),
		code: "network.access.down", decidable: func(s Scenario) bool {
			return worked(s) && (reference(s.Setup) || byResolver(s.Setup) && s.Setup.Profile == "")
		},
		because:    "whoever was heard beyond the router a moment ago is silent, independent destinations too",
		otherwise:  "nobody but the acquirer was heard beyond the router",
		acceptable: []string{"network.access.down"}},
	{name: "the provider's line is cut in the middle of an exchange", truth: report.DomainNetwork, signOn: true, onsets: []string{"request"},
		flags: behaves("-behaviour", "slow=2s"), steps: breaking("cut", "at", "provider"),
		code: "network.access.down", decidable: where(reference),
		because: "keepalives remain unanswered, and so does a reference", otherwise: "a host that vanished looks the same",
		acceptable: []string{"network.path.interrupted", "network.path.lost"}},
	{name: "a log-in page takes the connections", truth: report.DomainNetwork, fits: all(ipv4, func(s Setup) bool { return s.Profile == "" }),
		steps: func(r *rand.Rand, _ Scenario) []Step {
			return []Step{stepOf("portal", "at", "shop", "others", oneOf(r, "drop", "reset"), "page", oneOf(r, "redirect", "login"))}
		},
		code: "network.access.portal", decidable: func(s Scenario) bool { return !s.Setup.NoPortal },
		because: "the portal page answers otherwise than it should", otherwise: "silence or a refusal that may as well be the host's",
		nearMisses: []report.Code{"host.refused"}},
}
