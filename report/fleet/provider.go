package fleet

import (
	"net/netip"
	"slices"

	"posprobe/report"
)

// maxProviders is how many signs of its provider a terminal has at most.
const maxProviders = 3

// anybodys are name servers that serve the whole world: whoever uses them has nothing in
// common. From the operators' own pages: Google, Cloudflare, Quad9, OpenDNS, 114DNS,
// AliDNS, DNSPod, Baidu, CNNIC.
var anybodys = []string{
	"8.8.8.8", "8.8.4.4", "2001:4860:4860::8888", "2001:4860:4860::8844",
	"1.1.1.1", "1.0.0.1", "2606:4700:4700::1111", "2606:4700:4700::1001",
	"9.9.9.9", "149.112.112.112", "208.67.222.222", "208.67.220.220",
	"114.114.114.114", "114.114.115.115", "223.5.5.5", "223.6.6.6", "2400:3200::1", "2400:3200:baba::1",
	"119.29.29.29", "180.76.76.76", "1.2.4.8", "210.2.4.8", "240c::6666",
}

// providers are the signs by which terminals of one provider are told, each with its
// kind in front: "resolver ADDRESS", "network PREFIX", "gateway ADDRESS". Every report
// holds them, whether good or bad. Private addresses are signs on a private APN alone:
// elsewhere every shop has the same ones.
func providers(e *evidence) []string {
	private := e.Site.Profile == report.ProfilePrivateAPN
	var out []string
	add := func(kind string, a netip.Addr, bits int) {
		if !told(a, private) {
			return
		}
		sign := kind + " " + a.String()
		if bits < a.BitLen() {
			p, err := a.Prefix(bits)
			if err != nil {
				return
			}
			sign = kind + " " + p.String()
		}
		if len(out) < maxProviders && !slices.Contains(out, sign) {
			out = append(out, sign)
		}
	}
	for _, r := range e.Resolvers {
		if a, err := netip.ParseAddrPort(r.Address); err == nil && !slices.Contains(anybodys, a.Addr().String()) {
			add("resolver", a.Addr(), a.Addr().BitLen())
			break // the others usually stand beside it
		}
	}
	for _, c := range e.Connects {
		if a, err := netip.ParseAddr(c.Source); err == nil {
			add("network", a, networkBits(a))
		}
		if a, err := netip.ParseAddr(c.Gateway); err == nil {
			add("gateway", a, a.BitLen())
		}
	}
	return out
}

// networkBits is how long the prefix is by which addresses of one provider and region are
// put together: 16 bits of IPv4, and of IPv6 the 32 that registries give to a provider
// (RIPE-738 section 5.1).
func networkBits(a netip.Addr) int {
	if a.Is4() {
		return 16
	}
	return 32
}

// shared is the space that carriers use within themselves (RFC 6598): everywhere the same.
var shared = netip.MustParsePrefix("100.64.0.0/10")

// told reports whether an address tells one network from others.
func told(a netip.Addr, private bool) bool {
	return a.IsGlobalUnicast() && (private || !a.IsPrivate() && !shared.Contains(a))
}

// providerKinds is how many kinds of sign there are; kindOf is the one of a sign.
const providerKinds = 3

func kindOf(sign string) int {
	switch sign[0] {
	case 'r':
		return 0
	case 'n':
		return 1
	}
	return 2
}

// clip cuts a text of a report to the length of the longest that is meant: a name with
// its port (RFC 1035 section 2.3.4).
func clip(s string) string {
	if len(s) > maxText {
		return s[:maxText]
	}
	return s
}

const maxText = 260
