package probe

import (
	"net/netip"
	"slices"

	"posprobe/report"
)

// maxAddresses bounds the addresses of one endpoint that are tried.
const maxAddresses = 8

// candidate is an address that an endpoint's host is said to have. why is the reason
// not to ask it, "" to ask it.
type candidate struct {
	ip  netip.Addr
	why report.Reason
}

// candidates are the addresses of a host of which it is settled whether they are asked:
// the literal; or the hosts file's, which the terminal would use, and then those of the
// resolvers in their configured order, one of each in turn. Those that must not be
// contacted come last. Pure; and as evidence is added, no address that was to be asked
// ceases to be, and none that was not becomes one.
func candidates(e *report.Evidence, req *Request, host string) []candidate {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []candidate{{ip: ip.Unmap()}}
	}
	name := plainName(host)
	known := addressesOf(e, newRules(e, req, name), name)
	order := known.inTurn()
	chosen := known.early()
	settled := resolved(e, name)
	var out []candidate
	for _, ip := range order {
		switch {
		case slices.Contains(chosen, ip):
			out = append(out, candidate{ip: ip})
		case !settled: // its place may be another resolver's
		case len(chosen) < maxAddresses:
			chosen = append(chosen, ip)
			out = append(out, candidate{ip: ip})
		default:
			out = append(out, candidate{ip, report.ReasonTooMany})
		}
	}
	for _, ip := range known.forbidden {
		out = append(out, candidate{ip, report.ReasonNotAllowed})
	}
	return out
}

// knownAddresses is what hosts file and resolvers say of one name.
type knownAddresses struct {
	hosts     []netip.Addr
	resolvers []string // in configured order
	answers   []answerOf
	forbidden []netip.Addr
}

// answerOf is one address that a resolver gave, in the order of arrival.
type answerOf struct {
	resolver string
	ip       netip.Addr
}

func addressesOf(e *report.Evidence, rules rules, name string) knownAddresses {
	var k knownAddresses
	for _, h := range e.Hosts {
		// Connecting to the unspecified address would reach this very device (Linux takes
		// it for loopback), and nobody is reached at a group's.
		ip, err := netip.ParseAddr(h.Address)
		if ip = ip.Unmap(); err == nil && h.Name == name && !ip.IsUnspecified() && !ip.IsMulticast() {
			k.hosts = appendOnce(k.hosts, ip)
		}
	}
	for _, r := range e.Resolvers {
		k.resolvers = appendOnce(k.resolvers, r.Address)
	}
	for _, l := range e.Lookups {
		if plainName(l.Name) != name || isFollowUp(l.Task) {
			continue
		}
		k.resolvers = appendOnce(k.resolvers, l.Resolver)
		for _, a := range l.Answers {
			ip, err := netip.ParseAddr(a.Address)
			if err != nil {
				continue
			}
			if ip = ip.Unmap(); slices.Contains(k.hosts, ip) || rules.allow(ip) {
				k.answers = append(k.answers, answerOf{l.Resolver, ip})
			} else {
				k.forbidden = appendOnce(k.forbidden, ip)
			}
		}
	}
	return k
}

// early are the addresses that are asked before every resolver has answered. Each
// resolver has a share of the cap to itself, so that a quick one with many answers
// cannot crowd out another.
func (k *knownAddresses) early() []netip.Addr {
	out := slices.Clone(k.hosts[:min(len(k.hosts), maxAddresses)])
	share := max(1, (maxAddresses-len(out))/max(1, len(k.resolvers)))
	taken := map[string]int{}
	for _, a := range k.answers {
		if len(out) < maxAddresses && taken[a.resolver] < share && !slices.Contains(out, a.ip) {
			taken[a.resolver]++
			out = append(out, a.ip)
		}
	}
	return out
}

// inTurn are all addresses once: the hosts file's, then one new one of each resolver as
// long as any has more.
func (k *knownAddresses) inTurn() []netip.Addr {
	out := slices.Clone(k.hosts)
	for more := true; more; {
		more = false
		for _, r := range k.resolvers {
			next := slices.IndexFunc(k.answers, func(a answerOf) bool { return a.resolver == r && !slices.Contains(out, a.ip) })
			if next >= 0 {
				out = append(out, k.answers[next].ip)
				more = true
			}
		}
	}
	return out
}

// resolved reports whether every lookup of a name has ended.
func resolved(e *report.Evidence, name string) bool {
	ended := func(id string) bool {
		return slices.ContainsFunc(e.Tasks, func(t report.Task) bool { return t.ID == id })
	}
	ipv6 := hasIPv6(e)
	for _, r := range e.Resolvers {
		resolver, err := netip.ParseAddrPort(r.Address)
		if err != nil {
			continue
		}
		if !ended(lookupID(name, "A", resolver)) || ipv6 && !ended(lookupID(name, "AAAA", resolver)) {
			return false
		}
	}
	return true
}

func appendOnce[T comparable](list []T, v T) []T {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}
