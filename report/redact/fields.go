package redact

import (
	"slices"
	"strings"
	"sync"
)

// action is what becomes of a text.
type action int

const (
	// free is text from outside: everything that can be told by shape is taken out.
	free action = iota
	// keep is made by posprobe itself, or has a form that leaves no room for anything else.
	keep
	// own are the operator's own words, in which long numbers are meant: only what is known
	// to be secret is taken out.
	own
	// mask is a secret by its name.
	mask
)

// fields says of every text in a report what becomes of it. Whatever is not listed is
// free unless its name says that it is a secret. A test fails for a field of package
// report that is missing here, words of closed lists aside.
const fields = `
keep id at kind observed_at incident.id agent.arch agent.name agent.os
keep diagnosis.code diagnosis.findings[].because[] diagnosis.findings[].code diagnosis.findings[].explains[] diagnosis.findings[].masked_by
keep diagnosis.unexplained[]
keep evidence.device.boot_id evidence.memory.baselines[].boot_id evidence.device.kernel evidence.given.prompt evidence.given.response_code
keep evidence.site.endpoints[].fingerprint evidence.site.response_codes[].code evidence.site.zone evidence.site.software_minimum
keep evidence.memory.last_good[].fingerprint evidence.sign_ons[].fingerprint evidence.sign_ons[].host_time
keep evidence.handshakes[].certificates[].spki evidence.handshakes[].certificates[].key evidence.handshakes[].certificates[].signature
keep evidence.handshakes[].cipher evidence.handshakes[].version
keep evidence.links[].duplex evidence.links[].operational_state evidence.addresses[].scope evidence.neighbors[].state
keep evidence.connects[].tcp.state evidence.handshakes[].tcp.state evidence.sign_ons[].tcp.state
keep evidence.handshakes[].ending.tcp.state evidence.sign_ons[].ending.tcp.state
keep evidence.lookups[].rcode evidence.lookups[].transport evidence.lookups[].type evidence.routes[].protocol
keep evidence.addresses[].task evidence.claims[].task evidence.clocks[].task evidence.connects[].task evidence.flows[].task evidence.handshakes[].task
keep evidence.hops[].task evidence.hosts[].task evidence.links[].task evidence.lookups[].task evidence.neighbors[].task evidence.pings[].task
keep evidence.portals[].task evidence.resolvers[].task evidence.routes[].task evidence.sign_ons[].task evidence.tasks[].id

own agent.version terminal.asset terminal.model terminal.serial terminal.site acquirer.name evidence.site.windows[].note

free diagnosis.findings[].resource
free evidence.addresses[].link evidence.addresses[].prefix evidence.claims[].address evidence.claims[].link evidence.clocks[].endpoint
free evidence.connects[].address evidence.connects[].endpoint evidence.connects[].gateway evidence.connects[].icmp[].from
free evidence.connects[].link evidence.connects[].source evidence.connects[].failure.detail
free evidence.device.disks[].path evidence.device.processes[].name evidence.device.self_test.sign evidence.device.software.version
free evidence.flows[].address evidence.flows[].state
free evidence.handshakes[].address evidence.handshakes[].endpoint evidence.handshakes[].server_name evidence.handshakes[].failure.detail
free evidence.handshakes[].certificates[].subject evidence.handshakes[].certificates[].issuer evidence.handshakes[].certificates[].names[]
free evidence.hops[].address evidence.hops[].endpoint evidence.hops[].target evidence.hosts[].address evidence.hosts[].name evidence.links[].name
free evidence.lookups[].answers[].address evidence.lookups[].extended_errors[].text evidence.lookups[].failure.detail
free evidence.lookups[].name evidence.lookups[].resolver
free evidence.memory.baselines[].endpoint evidence.memory.baselines[].link evidence.memory.baselines[].gateway evidence.memory.references[] evidence.memory.resolvers[] evidence.memory.last_good[].endpoint
free evidence.neighbors[].address evidence.neighbors[].link evidence.pings[].address evidence.pings[].failure.detail
free evidence.portals[].failure.detail evidence.portals[].location evidence.portals[].url
free evidence.resolvers[].address evidence.resolvers[].source evidence.routes[].destination evidence.routes[].gateway evidence.routes[].link
free evidence.sign_ons[].address evidence.sign_ons[].endpoint evidence.sign_ons[].failure.detail evidence.sign_ons[].host_text
free evidence.sign_ons[].message_type evidence.sign_ons[].protocol evidence.sign_ons[].reply_type evidence.sign_ons[].requirement
free evidence.sign_ons[].response_code
free evidence.site.endpoints[].address evidence.site.endpoints[].protocol evidence.site.endpoints[].roots evidence.site.expect_addresses[]
free evidence.site.independent_resolver evidence.site.interfaces[] evidence.site.portal evidence.site.processes[] evidence.site.references[]
free evidence.site.time_server evidence.tasks[].endpoint evidence.tasks[].failure.detail evidence.tasks[].target
`

var table = sync.OnceValue(func() map[string]action {
	actions := map[string]action{"keep": keep, "own": own, "free": free, "mask": mask}
	t := map[string]action{}
	for line := range strings.Lines(fields) {
		if words := strings.Fields(line); len(words) > 0 {
			for _, path := range words[1:] {
				t[path] = actions[words[0]]
			}
		}
	}
	return t
})

// actionOf is what becomes of the text at a path.
func actionOf(path string) action {
	path = strings.TrimPrefix(path, ".")
	if a, ok := table()[path]; ok {
		return a
	}
	for name := range strings.SplitSeq(path, ".") {
		if secretName(strings.TrimSuffix(name, "[]")) {
			return mask
		}
	}
	return free
}

// secretNames are the names of what is taken out wherever it stands, without hyphens,
// underscores and capitals, and as the end of longer names; those of wholeNames only by
// themselves.
var (
	secretNames = []string{
		"ssid", "macaddress", "hwaddr", "hardwareaddress", "imei", "imeisv", "imsi", "iccid", "msisdn", "meid",
		"password", "passwd", "passphrase", "psk", "secret", "token", "authorization", "cookie", "apikey", "privatekey",
		"username", "apnuser", "credential", "credentials", "terminalid", "merchantid",
	}
	wholeNames = []string{"mac", "lladdr", "pwd", "pin", "puk", "user", "login", "pan", "eid", "tid", "mid"}
)

func secretName(name string) bool {
	var plain [64]byte
	n := 0
	for i := max(0, len(name)-len(plain)); i < len(name); i++ { // the end counts
		if c := name[i]; c != '_' && c != '-' {
			plain[n] = c
			n++
		}
	}
	low := lower(string(plain[:n]))
	return slices.Contains(wholeNames, low) ||
		slices.ContainsFunc(secretNames, func(s string) bool { return strings.HasSuffix(low, s) })
}
