//go:build linux

package lab

import (
	"fmt"
	"strings"
)

// The IPv6 addresses of a world after IPv6: fd00:77:N::H beside 10.77.N.H (RFC 4193).
const (
	ShopAddr6 = "fd00:77:1::1" // the terminal's gateway
	ISPAddr6  = "fd00:77:2::1"
	AcqAddr6  = "fd00:77:3::2"
)

// routes6 are the IPv6 routes of each namespace on the way between terminal and acquirer.
var routes6 = map[NS]string{
	Term: "default via " + ShopAddr6,
	Shop: "default via " + ISPAddr6,
	ISP:  "fd00:77:1::/64 via fd00:77:2::2",
	Acq:  "default via fd00:77:3::1",
}

// IPv6 gives the world IPv6 beside IPv4, with the same plan. Duplicate address
// detection is left out, so that the addresses are there at once.
func (w *World) IPv6() {
	w.t.Helper()
	for ns, route := range routes6 {
		var keys [][2]string
		for _, l := range links {
			for _, e := range []socket{l.outer, l.inner} {
				if e.ns == ns { // else the link-local addresses are of no use for a second
					keys = append(keys, [2]string{e.device + "/accept_dad", "0"})
				}
			}
		}
		if ns.isRouter() {
			keys = append(keys, [2]string{"all/forwarding", "1"})
		}
		keys = append(keys, [2]string{"all/disable_ipv6", "0"}, [2]string{"default/disable_ipv6", "0"})
		for _, k := range keys {
			if err := w.sysctl(ns, "ipv6/conf/"+k[0], k[1]); err != nil {
				w.t.Fatalf("lab: IPv6: %v", err)
			}
		}
		var batch strings.Builder
		for _, l := range links {
			for _, s := range []socket{l.outer, l.inner} {
				var network, host int
				if _, err := fmt.Sscanf(s.prefix, "10.77.%d.%d/", &network, &host); s.ns == ns && err == nil {
					fmt.Fprintf(&batch, "addr add fd00:77:%d::%d/64 dev %s nodad\n", network, host, s.device)
				}
			}
		}
		fmt.Fprintf(&batch, "route add %s\n", route)
		if err := ipBatch(batch.String(), "-6", "-n", w.Name(ns)); err != nil {
			w.t.Fatalf("lab: IPv6: %v", err)
		}
	}
}
