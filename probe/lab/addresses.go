//go:build linux

package lab

import (
	"fmt"
	"strings"
)

// sockets lists the interfaces of a namespace that have addresses, and those addresses.
func (w *World) sockets(ns NS) []socket {
	var list []socket
	for _, c := range w.cables {
		for _, l := range links {
			if c.ends != [2]NS{l.outer.ns, l.inner.ns} {
				continue
			}
			for _, s := range l.ends() {
				if s.ns == ns && s.prefix != "" {
					list = append(list, s)
				}
			}
		}
	}
	if further, ok := furtherAddresses[ns]; ok {
		list = append(list, further)
	}
	return list
}

func (w *World) setAddresses() error {
	for _, ns := range w.namespaces {
		var batch strings.Builder
		batch.WriteString("link set lo up\n")
		if ns == LAN {
			batch.WriteString(w.bridge())
		}
		for _, s := range w.sockets(ns) {
			later := ns == Term && (w.options.NoIPv4 || w.options.DHCP && s.device == "eth0")
			if !later {
				fmt.Fprintf(&batch, "addr add %s dev %s\n", s.prefix, s.device)
			}
			fmt.Fprintf(&batch, "link set %s up\n", s.device)
		}
		if ns != Term || !w.options.NoIPv4 {
			for _, r := range routes(ns, w.options) {
				if !strings.Contains(r, "proto dhcp") { // the client sets that one
					fmt.Fprintf(&batch, "route add %s\n", r)
				}
			}
		}
		if err := ipBatch(batch.String(), "-n", w.Name(ns)); err != nil {
			return err
		}
	}
	return nil
}

// bridge joins the ports of the shop's switch.
func (w *World) bridge() string {
	lines := "link add br0 type bridge forward_delay 0 stp_state 0 mcast_snooping 0\n"
	for _, c := range w.cables {
		for i, end := range c.ends {
			if end == LAN {
				port := string(c.ends[1-i]) // it is named after what is plugged in
				lines += "link set " + port + " master br0\nlink set " + port + " up\n"
			}
		}
	}
	return lines + "link set br0 up\n"
}

func (w *World) setNAT() error {
	outside := map[NS]string{}
	if w.options.NAT > 0 {
		outside[Shop] = "wan"
	}
	if w.options.NAT > 1 {
		outside[ISP] = "core"
	}
	if w.ns[Mobile] != nil {
		outside[Mobile] = "core"
	}
	for ns, device := range outside {
		err := w.nft(ns, "table ip nat {\n chain postrouting {\n  type nat hook postrouting priority 100\n  oifname "+device+" masquerade\n }\n}\n")
		if err != nil {
			return err
		}
	}
	return nil
}
