package probe

import (
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"strconv"
	"time"

	"posprobe/report"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

func localFiles() fs.FS { return os.DirFS("/") }

func localLists() Lists {
	return Lists{
		Links:        kernelLinks,
		Addresses:    kernelAddresses,
		Routes:       kernelRoutes,
		Neighbors:    kernelNeighbors,
		RouteTo:      kernelRouteTo,
		RouteFrom:    kernelRouteFrom,
		Disk:         statDisk,
		Synchronized: kernelSynchronized,
	}
}

const (
	// netlinkWait bounds each read of the kernel's answer; it comes in microseconds.
	netlinkWait = 2 * time.Second
	// dumpTries is how often a list is read when it changes under the reader
	// (NLM_F_DUMP_INTR, include/uapi/linux/netlink.h).
	dumpTries = 4
)

// dump reads one of the kernel's lists over a socket of its own. A list that changed
// at every try is returned as far as it goes, with errIncomplete: what is missing from
// it proves nothing.
func dump[T any](read func(*netlink.Handle) ([]T, error)) ([]T, error) {
	h, err := netlink.NewHandle(unix.NETLINK_ROUTE)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	if err := h.SetSocketTimeout(netlinkWait); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		list, err := read(h)
		if !errors.Is(err, netlink.ErrDumpInterrupted) {
			return list, err
		}
		if try == dumpTries {
			return list, errIncomplete
		}
	}
}

func kernelLinks() ([]Link, error) {
	links, err := dump((*netlink.Handle).LinkList)
	out := make([]Link, 0, len(links))
	for _, l := range links {
		out = append(out, kernelLink(l))
	}
	return out, err
}

// operStates are the RFC 2863 states in the words of the kernel's sysfs
// (net/core/net-sysfs.c), in the order of IF_OPER_* in include/uapi/linux/if.h.
var operStates = []string{"unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"}

func kernelLink(l netlink.Link) Link {
	a := l.Attrs()
	state := "unknown"
	if int(a.OperState) < len(operStates) {
		state = operStates[a.OperState]
	}
	out := Link{
		Link: report.Link{
			Name:             linkName(a.Name, a.Index),
			AdminUp:          a.Flags&net.FlagUp != 0,
			OperationalState: state,
			MTU:              int64(a.MTU),
		},
		Raw:      a.Name,
		Driver:   l.Type(),
		Hardware: a.EncapType,
	}
	if out.AdminUp {
		// IFF_LOWER_UP is the carrier; the kernel reports it of running links only.
		out.Carrier = new(a.RawFlags&unix.IFF_LOWER_UP != 0)
	}
	if s := a.Statistics; s != nil {
		out.RxPackets, out.TxPackets = new(int64(s.RxPackets)), new(int64(s.TxPackets))
		out.RxErrors, out.TxErrors = new(int64(s.RxErrors)), new(int64(s.TxErrors))
		out.RxDropped, out.TxDropped = new(int64(s.RxDropped)), new(int64(s.TxDropped))
	}
	return out
}

// linkNames maps interface indexes to names. A route may name a link that went away
// meanwhile: it gets its number.
func linkNames(h *netlink.Handle) (func(index int) string, error) {
	links, err := h.LinkList()
	if err != nil && !errors.Is(err, netlink.ErrDumpInterrupted) {
		return nil, err
	}
	names := make(map[int]string, len(links))
	for _, l := range links {
		names[l.Attrs().Index] = l.Attrs().Name
	}
	return func(index int) string { return linkName(names[index], index) }, err
}

// scopes are the address scopes (rt_scope_t, include/uapi/linux/rtnetlink.h).
var scopes = map[int]string{
	unix.RT_SCOPE_UNIVERSE: "global", unix.RT_SCOPE_SITE: "site", unix.RT_SCOPE_LINK: "link", unix.RT_SCOPE_HOST: "host",
}

// forever is INFINITY_LIFE_TIME of include/net/addrconf.h as the int that the library
// makes of it: -1 where int has 32 bits.
const forever = uint32(0xffffffff)

func kernelAddresses() ([]report.Address, error) {
	return dump(func(h *netlink.Handle) ([]report.Address, error) {
		name, err := linkNames(h)
		if err != nil {
			return nil, err
		}
		addresses, err := h.AddrList(nil, netlink.FAMILY_ALL)
		out := make([]report.Address, 0, len(addresses))
		for _, a := range addresses {
			if a.IPNet == nil {
				continue
			}
			ip, ok := netip.AddrFromSlice(a.IP)
			if !ok {
				continue
			}
			bits, _ := a.Mask.Size()
			scope, ok := scopes[a.Scope]
			if !ok {
				scope = strconv.Itoa(a.Scope)
			}
			out = append(out, report.Address{
				Link:      name(a.LinkIndex),
				Prefix:    netip.PrefixFrom(ip.Unmap(), bits).String(),
				Scope:     scope,
				Dynamic:   uint32(a.ValidLft) != forever && a.ValidLft != 0,
				Tentative: a.Flags&unix.IFA_F_TENTATIVE != 0,
				Duplicate: a.Flags&unix.IFA_F_DADFAILED != 0,
			})
		}
		return out, err
	})
}

// neighborStates are the NUD_* bits of include/uapi/linux/neighbour.h.
var neighborStates = map[int]string{
	netlink.NUD_NONE: "none", netlink.NUD_INCOMPLETE: "incomplete", netlink.NUD_REACHABLE: "reachable",
	netlink.NUD_STALE: "stale", netlink.NUD_DELAY: "delay", netlink.NUD_PROBE: "probe", netlink.NUD_FAILED: "failed",
	netlink.NUD_NOARP: "noarp", netlink.NUD_PERMANENT: "permanent",
}

func kernelNeighbors() ([]report.Neighbor, error) {
	return dump(func(h *netlink.Handle) ([]report.Neighbor, error) {
		name, err := linkNames(h)
		if err != nil {
			return nil, err
		}
		var out []report.Neighbor
		for _, family := range []int{netlink.FAMILY_V4, netlink.FAMILY_V6} {
			entries, err := h.NeighList(0, family)
			if errno(err) == unix.EAFNOSUPPORT || errno(err) == unix.EOPNOTSUPP {
				continue // a kernel without this family
			}
			if err != nil {
				return out, err
			}
			for _, n := range entries {
				ip, ok := netip.AddrFromSlice(n.IP)
				if !ok {
					continue
				}
				out = append(out, report.Neighbor{
					Address: ip.Unmap().String(), Link: name(n.LinkIndex), State: neighborStates[n.State],
				})
			}
		}
		return out, nil
	})
}
