//go:build !linux

package probe

import (
	"net"
	"net/netip"

	"posprobe/report"
)

// localLists is what Go itself tells on systems other than Linux: links and addresses,
// and the source address of a route. The rest is not asked there.
func localLists() Lists {
	return Lists{
		Links:     portableLinks,
		Addresses: portableAddresses,
		RouteTo:   portableRouteTo,
		Resolvers: systemResolvers,
	}
}

func portableLinks() ([]Link, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	out := make([]Link, 0, len(interfaces))
	for _, i := range interfaces {
		l := Link{Link: report.Link{
			Name: linkName(i.Name, i.Index), AdminUp: i.Flags&net.FlagUp != 0, OperationalState: "unknown", MTU: int64(i.MTU),
		}}
		switch {
		case i.Flags&net.FlagLoopback != 0:
			l.Hardware = "loopback"
		case i.Flags&net.FlagPointToPoint != 0:
			l.Hardware = "none"
		}
		if l.AdminUp {
			l.Carrier = new(i.Flags&net.FlagRunning != 0)
		}
		out = append(out, l)
	}
	return out, nil
}

func portableAddresses() ([]report.Address, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var out []report.Address
	for _, i := range interfaces {
		addresses, err := i.Addrs()
		if err != nil {
			return out, err
		}
		for _, a := range addresses {
			prefix, err := netip.ParsePrefix(a.String())
			if err != nil {
				continue
			}
			out = append(out, report.Address{Link: linkName(i.Name, i.Index), Prefix: prefix.String(), Scope: scopeOf(prefix.Addr())})
		}
	}
	return out, nil
}

// scopeOf derives a scope from the address where the system states none.
func scopeOf(a netip.Addr) string {
	switch {
	case a.IsLoopback():
		return "host"
	case a.IsLinkLocalUnicast():
		return "link"
	}
	return "global"
}

// portableRouteTo learns the source address by connecting a UDP socket, which sends
// no packet.
func portableRouteTo(address netip.Addr) (Way, error) {
	c, err := net.Dial("udp", netip.AddrPortFrom(address, 9).String())
	if err != nil {
		return Way{}, err
	}
	defer c.Close()
	local, err := netip.ParseAddrPort(c.LocalAddr().String())
	if err != nil {
		return Way{}, err
	}
	return Way{Source: local.Addr().Unmap().String()}, nil
}
