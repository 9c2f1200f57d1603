package rtnetlink

import (
	"encoding/binary"
	"net/netip"

	"golang.org/x/sys/unix"
)

// Route is a route of the kernel.
type Route struct {
	Type        uint8 // RTN_*
	Protocol    uint8 // RTPROT_*: who made it
	Destination netip.Prefix
	Metric      uint32
	Source      netip.Addr // RTA_PREFSRC; the zero one where there is none
	Hop                    // where there are no Hops
	Hops        []Hop      // of a route with several (RTA_MULTIPATH)
}

// Hop is the way to the next machine.
type Hop struct {
	Link    int        // index
	Gateway netip.Addr // of either family (RFC 5549); the zero one: on the link itself
	Flags   uint32     // RTNH_F_*
}

// Routes visits the routes of a family (AF_INET, AF_INET6) in the main table, without
// the clones in the cache of old kernels. Errors are as for Links; before any of them,
// what was read until then has been visited.
func (c *Conn) Routes(family uint8, visit func(Route)) error {
	header := make([]byte, unix.SizeofRtMsg)
	header[0] = family
	return c.ask(unix.RTM_GETROUTE, unix.NLM_F_DUMP, unix.RTM_NEWROUTE, header, func(b []byte) bool {
		if len(b) < unix.SizeofRtMsg {
			return false
		}
		if b[4] != unix.RT_TABLE_MAIN || binary.NativeEndian.Uint32(b[8:])&unix.RTM_F_CLONED != 0 {
			return true
		}
		r, ok := parseRoute(b)
		if ok {
			visit(r)
		}
		return ok
	})
}

// RouteTo asks which route a packet takes now. An invalid source leaves its choice to the
// kernel; one of the other family is EINVAL, and so is an invalid destination.
func (c *Conn) RouteTo(source, destination netip.Addr) ([]Route, error) {
	if !destination.IsValid() || source.IsValid() && source.BitLen() != destination.BitLen() {
		return nil, unix.EINVAL
	}
	body := make([]byte, unix.SizeofRtMsg)
	body[0] = unix.AF_INET
	if destination.Is6() {
		body[0] = unix.AF_INET6
	}
	body[1] = uint8(destination.BitLen())
	body[2] = uint8(source.BitLen())
	binary.NativeEndian.PutUint32(body[8:], unix.RTM_F_LOOKUP_TABLE)
	body = attribute(body, unix.RTA_DST, destination.AsSlice())
	if source.IsValid() {
		body = attribute(body, unix.RTA_SRC, source.AsSlice())
	}
	var out []Route
	err := c.ask(unix.RTM_GETROUTE, 0, unix.RTM_NEWROUTE, body, func(b []byte) bool {
		r, ok := parseRoute(b)
		out = append(out, r)
		return ok
	})
	return out, err
}

// parseRoute reads struct rtmsg (rtnetlink(7)) and its attributes.
func parseRoute(b []byte) (Route, bool) {
	if len(b) < unix.SizeofRtMsg {
		return Route{}, false
	}
	family, bits := b[0], b[1]
	r := Route{Protocol: b[5], Type: b[7]}
	r.Flags = binary.NativeEndian.Uint32(b[8:])
	to := netip.IPv4Unspecified() // a default route names no destination
	if family == unix.AF_INET6 {
		to = netip.IPv6Unspecified()
	}
	var via netip.Addr
	ok := attributes(b[unix.SizeofRtMsg:], func(kind uint16, value []byte) (ok bool) {
		ok = true
		switch kind {
		case unix.RTA_DST:
			if a := address(value); a.IsValid() {
				to = a
			}
		case unix.RTA_PREFSRC:
			r.Source = address(value)
		case unix.RTA_PRIORITY:
			r.Metric, ok = word(value)
		case unix.RTA_OIF:
			r.Link, ok = index(value)
		case unix.RTA_MULTIPATH:
			r.Hops, ok = parseHops(value)
		default:
			ok = r.gateway(kind, value, &via)
		}
		return ok
	})
	r.settle(via)
	r.Destination = prefix(to, bits)
	return r, ok
}

// parseHops reads the structs rtnexthop of RTA_MULTIPATH.
func parseHops(b []byte) ([]Hop, bool) {
	var hops []Hop
	for len(b) > 0 {
		if len(b) < unix.SizeofRtNexthop {
			return nil, false
		}
		length := int(binary.NativeEndian.Uint16(b))
		if length < unix.SizeofRtNexthop || length > len(b) {
			return nil, false
		}
		h := Hop{Flags: uint32(b[2])}
		h.Link, _ = index(b[4:])
		var via netip.Addr
		if !attributes(b[unix.SizeofRtNexthop:length], func(kind uint16, value []byte) bool { return h.gateway(kind, value, &via) }) {
			return nil, false
		}
		h.settle(via)
		hops = append(hops, h)
		b = after(b, length)
	}
	return hops, true
}

// gateway reads the attributes that name one.
func (h *Hop) gateway(kind uint16, value []byte, via *netip.Addr) bool {
	switch kind {
	case unix.RTA_GATEWAY:
		h.Gateway = address(value)
	case unix.RTA_VIA: // struct rtvia: a family of two bytes, the address
		if len(value) < 2 {
			return false
		}
		*via = address(value[2:])
		return via.IsValid()
	}
	return true
}

// settle chooses the gateway: RTA_VIA where RTA_GATEWAY names none.
func (h *Hop) settle(via netip.Addr) {
	if !h.Gateway.IsValid() || h.Gateway.IsUnspecified() {
		h.Gateway = via
	}
}

// index is a link's index.
func index(b []byte) (int, bool) {
	n, ok := word(b)
	return int(int32(n)), ok
}
