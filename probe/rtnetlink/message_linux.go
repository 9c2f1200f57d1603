package rtnetlink

import (
	"bytes"
	"encoding/binary"
	"net/netip"

	"golang.org/x/sys/unix"
)

// Message is one message of the kernel.
type Message struct {
	Type  uint16 // RTM_* or NLMSG_*
	Body  []byte // part of the datagram
	flags uint16
	seq   uint32
}

// Next cuts the first message off a datagram (struct nlmsghdr, netlink(7)). ok is false
// when none is left, and when the bytes are none.
func Next(b []byte) (m Message, rest []byte, ok bool) {
	if len(b) < unix.SizeofNlMsghdr {
		return Message{}, nil, false
	}
	length := binary.NativeEndian.Uint32(b)
	if length < unix.SizeofNlMsghdr || uint64(length) > uint64(len(b)) {
		return Message{}, nil, false
	}
	return Message{
		Type:  binary.NativeEndian.Uint16(b[4:]),
		flags: binary.NativeEndian.Uint16(b[6:]),
		seq:   binary.NativeEndian.Uint32(b[8:]),
		Body:  b[unix.SizeofNlMsghdr:length],
	}, after(b, int(length)), true
}

// after is what follows length bytes and their padding to four (NLMSG_ALIGN, RTA_ALIGN).
func after(b []byte, length int) []byte { return b[min(len(b), (length+3)&^3):] }

// attributeType is the part of an attribute's type without its flags (NLA_TYPE_MASK,
// include/uapi/linux/netlink.h).
const attributeType = ^uint16(unix.NLA_F_NESTED | unix.NLA_F_NET_BYTEORDER)

// attributes visits the attributes of b (struct rtattr, rtnetlink(3)) up to the first
// whose length is impossible or that visit returns false for; false then. One to three
// bytes at the end are padding.
func attributes(b []byte, visit func(kind uint16, value []byte) bool) bool {
	for len(b) >= unix.SizeofRtAttr {
		length := int(binary.NativeEndian.Uint16(b))
		if length < unix.SizeofRtAttr || length > len(b) {
			return false
		}
		if !visit(binary.NativeEndian.Uint16(b[2:])&attributeType, b[unix.SizeofRtAttr:length]) {
			return false
		}
		b = after(b, length)
	}
	return true
}

// attribute appends one to a request.
func attribute(b []byte, kind uint16, value []byte) []byte {
	b = binary.NativeEndian.AppendUint16(b, uint16(unix.SizeofRtAttr+len(value)))
	b = binary.NativeEndian.AppendUint16(b, kind)
	return append(b, value...) // addresses only: four bytes or sixteen need no padding
}

// word is the number in the first four bytes.
func word(b []byte) (uint32, bool) {
	if len(b) < 4 {
		return 0, false
	}
	return binary.NativeEndian.Uint32(b), true
}

// text is a string up to its NUL.
func text(b []byte) string {
	b, _, _ = bytes.Cut(b, []byte{0})
	return string(b)
}

// address is the zero one for what is neither of IPv4 nor of IPv6.
func address(b []byte) netip.Addr {
	a, _ := netip.AddrFromSlice(b)
	return a
}

// prefix is a whole prefix of a; one whose length is impossible has none of its bits,
// like a mask that cannot be made.
func prefix(a netip.Addr, bits uint8) netip.Prefix {
	if int(bits) > a.BitLen() {
		bits = 0
	}
	return netip.PrefixFrom(a, int(bits))
}
