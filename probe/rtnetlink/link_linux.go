package rtnetlink

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// Link is a network interface.
type Link struct {
	Index    int
	Name     string // as the kernel spells it: anything but spaces and slashes
	Kind     string // IFLA_INFO_KIND, as in veth; "" for hardware
	Hardware uint16 // ARPHRD_* of include/uapi/linux/if_arp.h
	Flags    uint32 // IFF_* of netdevice(7)
	State    uint8  // IF_OPER_* of include/uapi/linux/if.h
	MTU      uint32 // bytes
	Counters *Counters
}

// Counters are the first fields of struct rtnl_link_stats64 (include/uapi/linux/if_link.h)
// in its order.
type Counters struct {
	RxPackets, TxPackets, RxBytes, TxBytes, RxErrors, TxErrors, RxDropped, TxDropped uint64
}

// Links lists the interfaces. Errors are the kernel's numbers, and ErrInterrupted beside
// a list that may lack some.
func (c *Conn) Links() ([]Link, error) {
	return list(c, unix.RTM_GETLINK, unix.RTM_NEWLINK, make([]byte, unix.SizeofIfInfomsg), ParseLink)
}

// ParseLink reads the body of a message about a link (struct ifinfomsg, rtnetlink(7)).
func ParseLink(b []byte) (Link, bool) {
	if len(b) < unix.SizeofIfInfomsg {
		return Link{}, false
	}
	l := Link{
		Hardware: binary.NativeEndian.Uint16(b[2:]),
		Index:    int(int32(binary.NativeEndian.Uint32(b[4:]))),
		Flags:    binary.NativeEndian.Uint32(b[8:]),
	}
	var narrow, wide *Counters
	ok := attributes(b[unix.SizeofIfInfomsg:], func(kind uint16, value []byte) (ok bool) {
		ok = true
		switch kind {
		case unix.IFLA_IFNAME:
			l.Name = text(value)
		case unix.IFLA_MTU:
			l.MTU, ok = word(value)
		case unix.IFLA_OPERSTATE:
			if ok = len(value) > 0; ok {
				l.State = value[0]
			}
		case unix.IFLA_LINKINFO:
			ok = attributes(value, func(kind uint16, value []byte) bool {
				if kind == unix.IFLA_INFO_KIND {
					l.Kind = text(value)
				}
				return true
			})
		case unix.IFLA_STATS:
			narrow, ok = counters(value, 4)
		case unix.IFLA_STATS64:
			wide, ok = counters(value, 8)
		}
		return ok
	})
	if l.Counters = wide; wide == nil {
		l.Counters = narrow // kernels before 2.6.35
	}
	return l, ok
}

// counters reads fields that have a size of 4 or 8 bytes.
func counters(b []byte, size int) (*Counters, bool) {
	var c Counters
	fields := []*uint64{
		&c.RxPackets, &c.TxPackets, &c.RxBytes, &c.TxBytes, &c.RxErrors, &c.TxErrors, &c.RxDropped, &c.TxDropped,
	}
	if len(b) < len(fields)*size {
		return nil, false
	}
	for i, f := range fields {
		if size == 8 {
			*f = binary.NativeEndian.Uint64(b[i*size:])
		} else {
			*f = uint64(binary.NativeEndian.Uint32(b[i*size:]))
		}
	}
	return &c, true
}
