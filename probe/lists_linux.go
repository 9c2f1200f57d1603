package probe

import (
	"io/fs"
	"os"
	"strconv"
	"time"

	"posprobe/probe/rtnetlink"
	"posprobe/report"

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
func dump[T any](read func(*rtnetlink.Conn) ([]T, error)) ([]T, error) {
	c, err := rtnetlink.Dial(netlinkWait)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	for try := 1; ; try++ {
		list, err := read(c)
		if err != rtnetlink.ErrInterrupted {
			return list, err
		}
		if try == dumpTries {
			return list, errIncomplete
		}
	}
}

func kernelLinks() ([]Link, error) {
	links, err := dump((*rtnetlink.Conn).Links)
	out := make([]Link, 0, len(links))
	for _, l := range links {
		out = append(out, kernelLink(l))
	}
	return out, err
}

// operStates are the RFC 2863 states in the words of the kernel's sysfs
// (net/core/net-sysfs.c), in the order of IF_OPER_* in include/uapi/linux/if.h.
var operStates = []string{"unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"}

// hardwareNames are the ARPHRD types by which kindOf tells links apart.
var hardwareNames = map[uint16]string{
	arphrdEther: "ether", arphrdPPP: "ppp", arphrdLoopback: "loopback", arphrdNone: "none",
}

func kernelLink(l rtnetlink.Link) Link {
	state := "unknown"
	if int(l.State) < len(operStates) {
		state = operStates[l.State]
	}
	out := Link{
		Link: report.Link{
			Name:             linkName(l.Name, l.Index),
			AdminUp:          l.Flags&unix.IFF_UP != 0,
			OperationalState: state,
			MTU:              int64(l.MTU),
		},
		Raw:      l.Name,
		Driver:   l.Kind,
		Hardware: hardwareNames[l.Hardware],
	}
	if out.AdminUp {
		// IFF_LOWER_UP is the carrier; the kernel reports it of running links only.
		out.Carrier = new(l.Flags&unix.IFF_LOWER_UP != 0)
	}
	if c := l.Counters; c != nil {
		out.RxPackets, out.TxPackets = new(int64(c.RxPackets)), new(int64(c.TxPackets))
		out.RxErrors, out.TxErrors = new(int64(c.RxErrors)), new(int64(c.TxErrors))
		out.RxDropped, out.TxDropped = new(int64(c.RxDropped)), new(int64(c.TxDropped))
	}
	return out
}

// linkNames maps interface indexes to names. A route may name a link that went away
// meanwhile: it gets its number.
func linkNames(c *rtnetlink.Conn) (func(index int) string, error) {
	links, err := c.Links()
	if err != nil && err != rtnetlink.ErrInterrupted {
		return nil, err
	}
	names := make(map[int]string, len(links))
	for _, l := range links {
		names[l.Index] = l.Name
	}
	return func(index int) string { return linkName(names[index], index) }, err
}

// scopes are the address scopes (rt_scope_t, include/uapi/linux/rtnetlink.h).
var scopes = map[uint8]string{
	unix.RT_SCOPE_UNIVERSE: "global", unix.RT_SCOPE_SITE: "site", unix.RT_SCOPE_LINK: "link", unix.RT_SCOPE_HOST: "host",
}

func kernelAddresses() ([]report.Address, error) {
	return dump(func(c *rtnetlink.Conn) ([]report.Address, error) {
		name, err := linkNames(c)
		if err != nil {
			return nil, err
		}
		addresses, err := c.Addresses()
		out := make([]report.Address, 0, len(addresses))
		for _, a := range addresses {
			if !a.Prefix.IsValid() {
				continue
			}
			scope, ok := scopes[a.Scope]
			if !ok {
				scope = strconv.Itoa(int(a.Scope))
			}
			out = append(out, report.Address{
				Link:      name(a.Link),
				Prefix:    a.Prefix.String(),
				Scope:     scope,
				Dynamic:   a.Valid != rtnetlink.Forever && a.Valid != 0,
				Tentative: a.Flags&unix.IFA_F_TENTATIVE != 0,
				Duplicate: a.Flags&unix.IFA_F_DADFAILED != 0,
			})
		}
		return out, err
	})
}

// neighborStates are the NUD_* bits of include/uapi/linux/neighbour.h.
var neighborStates = map[uint16]string{
	unix.NUD_NONE: "none", unix.NUD_INCOMPLETE: "incomplete", unix.NUD_REACHABLE: "reachable",
	unix.NUD_STALE: "stale", unix.NUD_DELAY: "delay", unix.NUD_PROBE: "probe", unix.NUD_FAILED: "failed",
	unix.NUD_NOARP: "noarp", unix.NUD_PERMANENT: "permanent",
}

func kernelNeighbors() ([]report.Neighbor, error) {
	return dump(func(c *rtnetlink.Conn) ([]report.Neighbor, error) {
		name, err := linkNames(c)
		if err != nil {
			return nil, err
		}
		var out []report.Neighbor
		for _, family := range []uint8{unix.AF_INET, unix.AF_INET6} {
			entries, err := c.Neighbors(family)
			if errno(err) == unix.EAFNOSUPPORT || errno(err) == unix.EOPNOTSUPP {
				continue // a kernel without this family
			}
			if err != nil {
				return out, err
			}
			for _, n := range entries {
				if !n.Address.IsValid() {
					continue
				}
				out = append(out, report.Neighbor{
					Address: n.Address.Unmap().String(), Link: name(n.Link), State: neighborStates[n.State],
				})
			}
		}
		return out, nil
	})
}
