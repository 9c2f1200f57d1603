package probe

import (
	"net/netip"
	"strconv"

	"posprobe/probe/rtnetlink"
	"posprobe/report"

	"golang.org/x/sys/unix"
)

func kernelRoutes() ([]report.Route, error) {
	return dump(func(c *rtnetlink.Conn) ([]report.Route, error) {
		name, err := linkNames(c)
		if err != nil {
			return nil, err
		}
		var out []report.Route
		for _, family := range []uint8{unix.AF_INET, unix.AF_INET6} {
			err := c.Routes(family, func(r rtnetlink.Route) { out = append(out, unicastRoutes(r, name)...) })
			if errno(err) == unix.EAFNOSUPPORT || errno(err) == unix.EOPNOTSUPP {
				continue // a kernel without this family
			}
			if err != nil {
				return out, err
			}
		}
		return out, nil
	})
}

// routeMakers are the RTPROT_* values of include/uapi/linux/rtnetlink.h in the words of
// iproute2 (etc/iproute2/rt_protos).
var routeMakers = map[uint8]string{
	unix.RTPROT_UNSPEC: "unspec", unix.RTPROT_REDIRECT: "redirect", unix.RTPROT_KERNEL: "kernel", unix.RTPROT_BOOT: "boot",
	unix.RTPROT_STATIC: "static", unix.RTPROT_GATED: "gated", unix.RTPROT_RA: "ra", unix.RTPROT_MRT: "mrt",
	unix.RTPROT_ZEBRA: "zebra", unix.RTPROT_BIRD: "bird", unix.RTPROT_DNROUTED: "dnrouted", unix.RTPROT_XORP: "xorp",
	unix.RTPROT_NTK: "ntk", unix.RTPROT_DHCP: "dhcp", unix.RTPROT_MROUTED: "mrouted", unix.RTPROT_BABEL: "babel",
	unix.RTPROT_BGP: "bgp", unix.RTPROT_ISIS: "isis", unix.RTPROT_OSPF: "ospf", unix.RTPROT_RIP: "rip",
	unix.RTPROT_EIGRP: "eigrp",
}

// unicastRoutes turns a route of the kernel into one row for each of its next hops;
// none for routes that drop or reject.
func unicastRoutes(r rtnetlink.Route, name func(int) string) []report.Route {
	if r.Type != unix.RTN_UNICAST {
		return nil
	}
	maker, ok := routeMakers[r.Protocol]
	if !ok {
		maker = strconv.Itoa(int(r.Protocol))
	}
	hops := r.Hops
	if len(hops) == 0 {
		hops = []rtnetlink.Hop{r.Hop}
	}
	out := make([]report.Route, 0, len(hops))
	for _, hop := range hops {
		out = append(out, report.Route{
			Destination: r.Destination.String(),
			Gateway:     addressText(hop.Gateway),
			Link:        name(hop.Link),
			Metric:      int64(r.Metric),
			Protocol:    maker,
			LinkDown:    hop.Flags&unix.RTNH_F_LINKDOWN != 0,
		})
	}
	return out
}

// addressText is "" for the zero address.
func addressText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.Unmap().String()
}

func kernelRouteTo(address netip.Addr) (Way, error) {
	return kernelRouteFrom(netip.Addr{}, address)
}

// kernelRouteFrom is the way of packets with a source address; the zero one leaves the
// choice to the kernel.
func kernelRouteFrom(source, address netip.Addr) (Way, error) {
	ways, err := dump(func(c *rtnetlink.Conn) ([]Way, error) {
		name, err := linkNames(c)
		if err != nil && err != rtnetlink.ErrInterrupted {
			return nil, err
		}
		routes, err := c.RouteTo(source.Unmap(), address.Unmap())
		if err != nil {
			return nil, err
		}
		var ways []Way
		for _, r := range routes {
			ways = append(ways, Way{Link: name(r.Link), Gateway: addressText(r.Gateway), Source: addressText(r.Source)})
		}
		return ways, nil
	})
	if err != nil {
		return Way{}, err
	}
	if len(ways) == 0 {
		return Way{}, unix.ENETUNREACH
	}
	return ways[0], nil
}
