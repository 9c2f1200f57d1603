package probe

import (
	"errors"
	"net/netip"
	"slices"
	"strings"

	"posprobe/report"
)

const (
	resolvConf = "etc/resolv.conf"
	// upstreamConf is where systemd-resolved writes the servers that its stub asks.
	upstreamConf = "run/systemd/resolve/resolv.conf"
	// maxResolvers bounds how many name servers are asked; the C library uses three.
	maxResolvers = 8
	dnsPort      = 53
)

// stub is the address of systemd-resolved's own listener.
var stub = netip.MustParseAddr("127.0.0.53")

// resolvers lists the name servers as configured, not as some library would fill in
// when there are none.
func (r *round) resolvers() {
	target := "/" + resolvConf
	switch {
	case len(r.req.Resolvers) > 0:
		target = "configuration"
	case r.sys.Lists.Resolvers != nil:
		target = "system"
	}
	r.ask(report.TaskResolvers, "resolvers", target, func(a *asking) error {
		found, err := r.findResolvers()
		for _, f := range found {
			a.saw(now(), func(e *report.Evidence, head report.Observation) {
				f.Observation = head
				e.Resolvers = append(e.Resolvers, f)
			})
		}
		return err
	})
}

func (r *round) findResolvers() ([]report.Resolver, error) {
	var out []report.Resolver
	add := func(source string, servers ...netip.AddrPort) {
		for _, s := range servers {
			same := func(x report.Resolver) bool { return x.Address == s.String() }
			if len(out) < maxResolvers && !slices.ContainsFunc(out, same) {
				out = append(out, report.Resolver{Address: s.String(), Source: source})
			}
		}
	}
	if len(r.req.Resolvers) > 0 {
		add("configuration", r.req.Resolvers...)
		return out, nil
	}
	if get := r.sys.Lists.Resolvers; get != nil {
		servers, err := get()
		add("system", servers...)
		return out, err
	}
	text, err := readFile(r.sys.Files, resolvConf, maxFile)
	if err != nil {
		return nil, err
	}
	servers := parseResolvConf(text)
	add("/"+resolvConf, servers...)
	if slices.ContainsFunc(servers, func(s netip.AddrPort) bool { return s.Addr() == stub }) {
		// Without the file the stub is all that is known: no failure.
		if text, err := readFile(r.sys.Files, upstreamConf, maxFile); err == nil {
			add("systemd-resolved", parseResolvConf(text)...)
		}
	}
	return out, nil
}

// parseResolvConf returns the nameserver lines of a resolv.conf(5). Lines that make no
// sense are passed over, as the C library does.
func parseResolvConf(text []byte) []netip.AddrPort {
	var out []netip.AddrPort
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[0] != "nameserver" {
			continue
		}
		ip, ok := parseAddress(fields[1])
		if !ok {
			continue
		}
		out = append(out, netip.AddrPortFrom(ip.Unmap(), dnsPort))
		if len(out) == maxResolvers {
			break
		}
	}
	return out
}

// maxZone is the longest name of a link, IFNAMSIZ without the final zero
// (include/uapi/linux/if.h).
const maxZone = 15

// parseAddress reads an address out of a file. net/netip takes any text for a zone; it
// would reach reports and terminals, so only what names links in practice is taken.
func parseAddress(text string) (netip.Addr, bool) {
	ip, err := netip.ParseAddr(text)
	if err != nil || len(ip.Zone()) > maxZone {
		return netip.Addr{}, false
	}
	for _, c := range []byte(ip.Zone()) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '.', c == '-':
		default:
			return netip.Addr{}, false
		}
	}
	return ip, true
}

// hosts lists the lines of the hosts file that name an endpoint.
func (r *round) hosts() {
	r.ask(report.TaskHosts, "hosts", "/"+hostsFile, func(a *asking) error {
		text, err := readFile(r.sys.Files, hostsFile, maxFile)
		if err != nil {
			if classify(err) == report.FailNotFound {
				return nil // no file says the same as an empty one
			}
			return err
		}
		names := endpointNames(&r.req)
		for _, entry := range parseHosts(text, names) {
			a.saw(now(), func(e *report.Evidence, head report.Observation) {
				entry.Observation = head
				e.Hosts = append(e.Hosts, entry)
			})
		}
		return nil
	})
}

// maxHosts bounds the entries taken from a hosts file.
const maxHosts = 32

// parseHosts returns the entries of a hosts(5) file for the given names (lower case,
// without a final dot), in the order of the file.
func parseHosts(text []byte, names []string) []report.HostsEntry {
	var out []report.HostsEntry
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		ip, ok := parseAddress(fields[0])
		if !ok {
			continue
		}
		for _, name := range fields[1:] {
			entry := report.HostsEntry{Name: plainName(name), Address: ip.Unmap().String()}
			if !slices.Contains(names, entry.Name) || slices.Contains(out, entry) {
				continue
			}
			if out = append(out, entry); len(out) == maxHosts {
				return out
			}
		}
	}
	return out
}

// plainName is a host name for comparing: lower case, without the final dot.
func plainName(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// endpointNames are the endpoints' hosts that are no literal addresses, each once.
func endpointNames(req *Request) []string {
	var out []string
	for _, e := range req.Endpoints {
		host, _, err := e.split()
		if err != nil {
			continue
		}
		if _, err := netip.ParseAddr(host); err == nil {
			continue
		}
		if name := plainName(host); !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

var errNoPort = errors.New("address is not host:port")
