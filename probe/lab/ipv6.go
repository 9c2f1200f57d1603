//go:build linux

package lab

import (
	"fmt"
	"net/netip"
	"strings"
)

// The IPv6 addresses of a world that has IPv6.
const (
	ShopAddr6 = "fd00:77:1::1" // the terminal's gateway
	ISPAddr6  = "fd00:77:2::1"
	AcqAddr6  = "fd00:77:3::2"
)

// to6 returns the IPv6 address beside an IPv4 address of the plan.
func to6(a netip.Addr) string {
	b := a.As4()
	if b[3] == 0 {
		return fmt.Sprintf("fd00:77:%d::", b[2])
	}
	return fmt.Sprintf("fd00:77:%d::%d", b[2], b[3])
}

// IPv6 gives the world IPv6 beside IPv4, with the same plan and without NAT. Duplicate
// address detection is left out, so that the addresses are there at once.
func (w *World) IPv6() {
	w.t.Helper()
	if err := w.setIPv6(); err != nil {
		w.t.Fatalf("lab: IPv6: %v", err)
	}
	w.six = true
}

func (w *World) setIPv6() error {
	plain := w.options
	plain.NAT, plain.DHCP = 0, false
	for _, ns := range w.namespaces {
		if ns == LAN {
			continue
		}
		// Else the link-local addresses are of no use for a second.
		var keys [][2]string
		var batch strings.Builder
		for _, s := range w.sockets(ns) {
			keys = append(keys, [2]string{s.device + "/accept_dad", "0"})
			fmt.Fprintf(&batch, "addr add %s dev %s nodad\n", sixth(s.prefix), s.device)
		}
		if ns.isRouter() {
			keys = append(keys, [2]string{"all/forwarding", "1"})
		}
		keys = append(keys, [2]string{"all/disable_ipv6", "0"}, [2]string{"default/disable_ipv6", "0"})
		for _, k := range keys {
			if err := w.sysctl(ns, "ipv6/conf/"+k[0], k[1]); err != nil {
				return err
			}
		}
		for _, r := range routes(ns, plain) {
			fmt.Fprintf(&batch, "route add %s\n", sixth(r))
		}
		if err := ipBatch(batch.String(), "-6", "-n", w.Name(ns)); err != nil {
			return err
		}
	}
	return nil
}
