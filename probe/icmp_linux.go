package probe

import (
	"encoding/binary"
	"net/netip"

	"posprobe/report"

	"golang.org/x/sys/unix"
)

// Offsets in struct sock_extended_err (include/uapi/linux/errqueue.h) and the socket
// address of the sender that follows it.
const (
	seeOrigin  = 4
	seeType    = 5
	seeCode    = 6
	seeInfo    = 8
	seeLength  = 16
	inAddr     = seeLength + 4 // sockaddr_in: family, port, address
	in6Addr    = seeLength + 8 // sockaddr_in6: family, port, flow, address
	originICMP = 2             // SO_EE_ORIGIN_ICMP
	originSix  = 3             // SO_EE_ORIGIN_ICMP6
)

// parseErrorQueue reads the control messages of one entry of a socket's error queue.
// Entries that stem from no ICMP message are passed over.
func parseErrorQueue(control []byte) []report.ICMPError {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return nil
	}
	var out []report.ICMPError
	for _, m := range messages {
		four := m.Header.Level == unix.IPPROTO_IP && m.Header.Type == unix.IP_RECVERR
		six := m.Header.Level == unix.IPPROTO_IPV6 && m.Header.Type == unix.IPV6_RECVERR
		if !four && !six {
			continue
		}
		if e, ok := parseExtendedError(m.Data); ok {
			out = append(out, e)
		}
	}
	return out
}

func parseExtendedError(b []byte) (report.ICMPError, bool) {
	if len(b) < seeLength {
		return report.ICMPError{}, false
	}
	e := report.ICMPError{Type: int64(b[seeType]), Code: int64(b[seeCode])}
	tooBig := false
	switch b[seeOrigin] {
	case originICMP:
		tooBig = e.Type == 3 && e.Code == 4 // RFC 1191
	case originSix:
		tooBig = e.Type == 2 // RFC 4443 section 3.2
	default:
		return report.ICMPError{}, false
	}
	if tooBig {
		e.MTU = int64(binary.NativeEndian.Uint32(b[seeInfo:]))
	}
	e.From = offender(b)
	return e, true
}

// offender is the sender's address, "" when the kernel does not know it.
func offender(b []byte) string {
	if len(b) < seeLength+2 {
		return ""
	}
	var raw []byte
	switch binary.NativeEndian.Uint16(b[seeLength:]) {
	case unix.AF_INET:
		if len(b) >= inAddr+4 {
			raw = b[inAddr : inAddr+4]
		}
	case unix.AF_INET6:
		if len(b) >= in6Addr+16 {
			raw = b[in6Addr : in6Addr+16]
		}
	}
	ip, ok := netip.AddrFromSlice(raw)
	if !ok {
		return ""
	}
	return ip.Unmap().String()
}
