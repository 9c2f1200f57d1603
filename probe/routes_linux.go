package probe

import (
	"errors"
	"net/netip"

	"posprobe/report"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

func kernelRoutes() ([]report.Route, error) {
	return dump(func(h *netlink.Handle) ([]report.Route, error) {
		name, err := linkNames(h)
		if err != nil {
			return nil, err
		}
		var out []report.Route
		for _, family := range []int{netlink.FAMILY_V4, netlink.FAMILY_V6} {
			// The iterator hands over what it has even when the dump is interrupted.
			err := h.RouteListFilteredIter(family, &netlink.Route{}, 0, func(r netlink.Route) bool {
				out = append(out, unicastRoutes(r, name)...)
				return true
			})
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

// unicastRoutes turns a route of the kernel into one row for each of its next hops;
// none for routes that drop or reject.
func unicastRoutes(r netlink.Route, name func(int) string) []report.Route {
	if r.Type != unix.RTN_UNICAST {
		return nil
	}
	row := report.Route{
		Destination: destination(r),
		Metric:      int64(uint32(r.Priority)),
		Protocol:    r.Protocol.String(),
	}
	if len(r.MultiPath) == 0 {
		return []report.Route{withHop(row, r.Gw, r.Via, name(r.LinkIndex), r.Flags)}
	}
	out := make([]report.Route, 0, len(r.MultiPath))
	for _, hop := range r.MultiPath {
		out = append(out, withHop(row, hop.Gw, hop.Via, name(hop.LinkIndex), hop.Flags))
	}
	return out
}

func withHop(row report.Route, gateway []byte, via netlink.Destination, link string, flags int) report.Route {
	if ip, ok := netip.AddrFromSlice(gateway); ok && !ip.IsUnspecified() {
		row.Gateway = ip.Unmap().String()
	} else if v, ok := via.(*netlink.Via); ok && v != nil {
		// RFC 5549: an IPv4 route through an IPv6 gateway.
		if ip, ok := netip.AddrFromSlice(v.Addr); ok {
			row.Gateway = ip.Unmap().String()
		}
	}
	row.Link = link
	row.LinkDown = flags&unix.RTNH_F_LINKDOWN != 0
	return row
}

func destination(r netlink.Route) string {
	if r.Dst != nil {
		if ip, ok := netip.AddrFromSlice(r.Dst.IP); ok {
			bits, _ := r.Dst.Mask.Size()
			return netip.PrefixFrom(ip.Unmap(), bits).String() // the library writes 0.0.0.0/0 in its IPv6 form
		}
	}
	if r.Family == netlink.FAMILY_V6 {
		return "::/0"
	}
	return "0.0.0.0/0"
}

func kernelRouteTo(address netip.Addr) (Way, error) {
	return kernelRouteFrom(netip.Addr{}, address)
}

// kernelRouteFrom is the way of packets with a source address; the zero one leaves the
// choice to the kernel.
func kernelRouteFrom(source, address netip.Addr) (Way, error) {
	var options netlink.RouteGetOptions
	if source.IsValid() {
		options.SrcAddr = source.Unmap().AsSlice()
	}
	ways, err := dump(func(h *netlink.Handle) ([]Way, error) {
		name, err := linkNames(h)
		if err != nil && !errors.Is(err, netlink.ErrDumpInterrupted) {
			return nil, err
		}
		routes, err := h.RouteGetWithOptions(address.Unmap().AsSlice(), &options)
		if err != nil {
			return nil, err
		}
		var ways []Way
		for _, r := range routes {
			hop := withHop(report.Route{}, r.Gw, r.Via, name(r.LinkIndex), r.Flags)
			way := Way{Link: hop.Link, Gateway: hop.Gateway}
			if ip, ok := netip.AddrFromSlice(r.Src); ok {
				way.Source = ip.Unmap().String()
			}
			ways = append(ways, way)
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
