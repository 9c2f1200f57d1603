package probe

import (
	"encoding/binary"
	"net/netip"

	"golang.org/x/sys/unix"
)

// ear hears the SYN-ACKs and resets that an address and port send: their time to live,
// which no other socket tells, shows whether both come from the same machine. Opening
// it takes CAP_NET_RAW.
type ear struct {
	fd      int
	four    bool
	packets []tcpHead
}

// tcpHead is what is kept of a TCP segment.
type tcpHead struct {
	to    uint16 // our port
	flags byte
	ttl   uint8
}

// TCP flags (RFC 9293 section 3.1).
const (
	flagSYN = 0x02
	flagRST = 0x04
	flagACK = 0x10
)

// listen opens an ear on the link that leads to an address; nil where that is not
// permitted.
func (r *round) listen(from netip.AddrPort) *ear {
	way, ok := r.wayTo(from.Addr())
	if !ok {
		return nil
	}
	link, err := interfaceNamed(way.Link)
	if err != nil {
		return nil
	}
	e := &ear{four: from.Addr().Is4()}
	protocol, filter := uint16(unix.ETH_P_IP), filterFour(from)
	if !e.four {
		protocol, filter = unix.ETH_P_IPV6, filterSix(from)
	}
	// With protocol 0 nothing is received before the filter stands and it is bound.
	e.fd, err = unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	err = unix.SetsockoptSockFprog(e.fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &program)
	if err == nil {
		err = unix.Bind(e.fd, &unix.SockaddrLinklayer{Protocol: networkOrder(protocol), Ifindex: link.Index})
	}
	if err != nil {
		e.close()
		return nil
	}
	return e
}

// networkOrder gives a 16-bit number the bytes of network order in memory.
func networkOrder(v uint16) uint16 {
	var b [2]byte
	binary.BigEndian.PutUint16(b[:], v)
	return binary.NativeEndian.Uint16(b[:])
}

// maxHeard bounds the packets that are looked at.
const maxHeard = 64

// heard returns the times to live of the last SYN-ACK and the last reset that came for
// a local port; 0 stands for any.
func (e *ear) heard(port uint16) (synack, reset *int64) {
	if e == nil {
		return nil, nil
	}
	packet := make([]byte, 128)
	for len(e.packets) < maxHeard {
		n, _, err := unix.Recvfrom(e.fd, packet, unix.MSG_DONTWAIT)
		if err != nil {
			break
		}
		if h, ok := parseSegment(packet[:n], e.four); ok {
			e.packets = append(e.packets, h)
		}
	}
	for _, p := range e.packets {
		switch {
		case port != 0 && p.to != port:
		case p.flags&flagRST != 0:
			reset = new(int64(p.ttl))
		case p.flags&(flagSYN|flagACK) == flagSYN|flagACK:
			synack = new(int64(p.ttl))
		}
	}
	return synack, reset
}

func (e *ear) close() {
	if e != nil {
		_ = unix.Close(e.fd)
	}
}

// parseSegment reads the beginning of an IP packet with a TCP segment in it; the filter
// lets no IPv6 extension headers through.
func parseSegment(b []byte, four bool) (tcpHead, bool) {
	header, ttl := 40, 7
	if four {
		if len(b) == 0 {
			return tcpHead{}, false
		}
		header, ttl = int(b[0]&0xf)*4, 8
	}
	if header < 20 || len(b) < header+14 {
		return tcpHead{}, false
	}
	return tcpHead{to: binary.BigEndian.Uint16(b[header+2:]), flags: b[header+13], ttl: b[ttl]}, true
}

// The classic BPF programs take TCP segments from an address and port with RST, or with
// SYN and ACK. A packet socket of type SOCK_DGRAM runs them on the packet from its IP
// header on.

func filterFour(from netip.AddrPort) []unix.SockFilter {
	address := from.Addr().As4()
	return assemble([]test{
		{unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, 9, unix.IPPROTO_TCP},
		{unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, 12, binary.BigEndian.Uint32(address[:])},
	}, unix.BPF_IND, 0, from.Port())
}

func filterSix(from netip.AddrPort) []unix.SockFilter {
	address := from.Addr().As16()
	tests := []test{{unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, 6, unix.IPPROTO_TCP}}
	for i := 0; i < 16; i += 4 {
		tests = append(tests, test{unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, uint32(8 + i), binary.BigEndian.Uint32(address[i:])})
	}
	return assemble(tests, unix.BPF_ABS, 40, from.Port())
}

// test loads a value that must be equal to another.
type test struct {
	load  uint16
	at    uint32
	equal uint32
}

// assemble is a program that drops what fails a test, and then looks at the port and the
// flags of the TCP header: at an offset, or, with BPF_IND, behind the IPv4 header.
func assemble(tests []test, mode uint16, header uint32, port uint16) []unix.SockFilter {
	var out []unix.SockFilter
	load := func(code uint16, k uint32) { out = append(out, unix.SockFilter{Code: code, K: k}) }
	// need drops the packet unless the comparison holds.
	need := func(compare uint16, k uint32) {
		out = append(out, unix.SockFilter{Code: unix.BPF_JMP | compare | unix.BPF_K, Jt: 1, K: k})
		load(unix.BPF_RET|unix.BPF_K, 0)
	}
	for _, t := range tests {
		load(t.load, t.at)
		need(unix.BPF_JEQ, t.equal)
	}
	if mode == unix.BPF_IND {
		load(unix.BPF_LD|unix.BPF_H|unix.BPF_ABS, 6) // no fragment but the first has a TCP header
		load(unix.BPF_ALU|unix.BPF_AND|unix.BPF_K, 0x1fff)
		need(unix.BPF_JEQ, 0)
		load(unix.BPF_LDX|unix.BPF_B|unix.BPF_MSH, 0) // X = length of the IPv4 header
	}
	load(unix.BPF_LD|unix.BPF_H|mode, header)
	need(unix.BPF_JEQ, uint32(port))
	load(unix.BPF_LD|unix.BPF_B|mode, header+13)
	out = append(out, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, Jt: 3, K: flagRST})
	load(unix.BPF_ALU|unix.BPF_AND|unix.BPF_K, flagSYN|flagACK)
	need(unix.BPF_JEQ, flagSYN|flagACK) // two instructions: the jump above leads behind them
	load(unix.BPF_RET|unix.BPF_K, 128)
	return out
}
