package rtnetlink

import (
	"encoding/binary"
	"net/netip"

	"golang.org/x/sys/unix"
)

// Address is an address of a link.
type Address struct {
	Link int // index
	// Prefix is the own address with the length of the network's prefix, of the whole
	// address where another end is named; invalid for families other than IPv4 and IPv6.
	Prefix netip.Prefix
	Scope  uint8  // RT_SCOPE_*
	Flags  uint32 // IFA_F_* of include/uapi/linux/if_addr.h
	Valid  uint32 // seconds left; Forever; 0 when the kernel does not say
}

// Forever is a lifetime without an end (INFINITY_LIFE_TIME, include/net/addrconf.h).
const Forever uint32 = 0xffffffff

// Addresses lists the addresses of all families. Errors are as for Links.
func (c *Conn) Addresses() ([]Address, error) {
	return list(c, unix.RTM_GETADDR, unix.RTM_NEWADDR, make([]byte, unix.SizeofIfAddrmsg), parseAddress)
}

// parseAddress reads struct ifaddrmsg (rtnetlink(7)) and its attributes. IPv6 sends its
// own address as IFA_ADDRESS alone; where there is IFA_LOCAL that is the own one, and
// IFA_ADDRESS the other end's, which for IPv4 may be the same (if_addr.h).
func parseAddress(b []byte) (Address, bool) {
	if len(b) < unix.SizeofIfAddrmsg {
		return Address{}, false
	}
	a := Address{
		Flags: uint32(b[2]), // eight bits of IFA_FLAGS, which kernels before 3.14 lack
		Scope: b[3],
		Link:  int(int32(binary.NativeEndian.Uint32(b[4:]))),
	}
	family, bits := b[0], b[1]
	var local, other netip.Addr
	ok := attributes(b[unix.SizeofIfAddrmsg:], func(kind uint16, value []byte) (ok bool) {
		ok = true
		switch kind {
		case unix.IFA_LOCAL:
			local = address(value)
		case unix.IFA_ADDRESS:
			other = address(value)
		case unix.IFA_FLAGS:
			a.Flags, ok = word(value)
		case unix.IFA_CACHEINFO: // struct ifa_cacheinfo: preferred, valid, …
			if ok = len(value) >= 8; ok {
				a.Valid = binary.NativeEndian.Uint32(value[4:])
			}
		}
		return ok
	})
	if local.IsValid() && (family != unix.AF_INET || local != other) {
		a.Prefix = prefix(local, uint8(local.BitLen()))
	} else if other.IsValid() {
		a.Prefix = prefix(other, bits)
	}
	return a, ok
}

// Neighbor is an entry of the neighbour table (ARP, NDP).
type Neighbor struct {
	Link    int        // index
	Address netip.Addr // the zero one where there is none, as in bridges
	State   uint16     // NUD_* of include/uapi/linux/neighbour.h
}

// Neighbors lists the entries of a family (AF_INET, AF_INET6). Errors are as for Links.
func (c *Conn) Neighbors(family uint8) ([]Neighbor, error) {
	header := make([]byte, unix.SizeofNdMsg)
	header[0] = family
	return list(c, unix.RTM_GETNEIGH, unix.RTM_NEWNEIGH, header, parseNeighbor)
}

// parseNeighbor reads struct ndmsg (include/uapi/linux/neighbour.h).
func parseNeighbor(b []byte) (Neighbor, bool) {
	if len(b) < unix.SizeofNdMsg {
		return Neighbor{}, false
	}
	n := Neighbor{
		Link:  int(int32(binary.NativeEndian.Uint32(b[4:]))),
		State: binary.NativeEndian.Uint16(b[8:]),
	}
	ok := attributes(b[unix.SizeofNdMsg:], func(kind uint16, value []byte) bool {
		if kind == unix.NDA_DST {
			n.Address = address(value)
		}
		return true
	})
	return n, ok
}
