//go:build linux

package lab

import (
	"encoding/binary"
	"net"

	"golang.org/x/sys/unix"
)

// proxyARP has the shop's router answer ARP for every address with its own, as a firewall
// does that translates every address to itself (RFC 1027). The kernel's own proxy_arp
// leaves out probes, whose sender has no address yet (RFC 5227 section 2.1.1); they are
// what is answered here.
func proxyARP(sc *scene, _ nothingElse) func() {
	sc.t.Helper()
	var link *net.Interface
	fd := -1
	err := sc.w.In(Shop, func() (err error) {
		if link, err = net.InterfaceByName("lan"); err == nil {
			fd, err = unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, int(networkOrder(unix.ETH_P_ARP)))
		}
		return err
	})
	if err == nil { // so that it notices when it is over
		err = unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 200_000})
	}
	if err != nil {
		sc.t.Fatalf("lab: proxy ARP: %v", err)
	}
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		defer unix.Close(fd)
		answerProbes(fd, link, over)
	}()
	stop := func() {
		select {
		case <-over:
		default:
			close(over)
		}
		<-ended
	}
	sc.t.Cleanup(stop)
	return stop
}

// answerProbes answers the ARP probes on a link until it is over.
func answerProbes(fd int, link *net.Interface, over <-chan struct{}) {
	packet := make([]byte, 64)
	for {
		select {
		case <-over:
			return
		default:
		}
		n, from, err := unix.Recvfrom(fd, packet, 0)
		sender, ok := from.(*unix.SockaddrLinklayer)
		if err != nil || !ok || sender.Ifindex != link.Index || sender.Pkttype == unix.PACKET_OUTGOING {
			continue
		}
		if reply := probeReply(packet[:n], link.HardwareAddr); reply != nil {
			to := &unix.SockaddrLinklayer{Protocol: networkOrder(unix.ETH_P_ARP), Ifindex: link.Index, Halen: 6}
			copy(to.Addr[:], packet[8:14])
			_ = unix.Sendto(fd, reply, 0, to) // the next probe comes in a moment
		}
	}
}

// probeReply is the answer to an ARP request whose sender has no address (RFC 826, for
// Ethernet and IPv4); nil where it is none.
func probeReply(probe []byte, own net.HardwareAddr) []byte {
	const size, request, reply = 28, 1, 2
	if len(probe) < size || binary.BigEndian.Uint16(probe[6:]) != request || binary.BigEndian.Uint32(probe[14:]) != 0 {
		return nil
	}
	out := make([]byte, size)
	copy(out, probe[:6])
	binary.BigEndian.PutUint16(out[6:], reply)
	copy(out[8:], own)
	copy(out[14:], probe[24:28]) // the address that was asked for
	copy(out[18:], probe[8:14])
	return out
}

// networkOrder gives a 16-bit number the bytes of network order in memory.
func networkOrder(v uint16) uint16 {
	var b [2]byte
	binary.BigEndian.PutUint16(b[:], v)
	return binary.NativeEndian.Uint16(b[:])
}
