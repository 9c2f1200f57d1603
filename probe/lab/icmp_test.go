//go:build linux

package lab

import (
	"context"
	"encoding/binary"
	"net/netip"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// witness is what the error queue says about a connection attempt: who complained, how.
type witness struct {
	offender   string
	icmp, code byte
}

// connectWitness tries to connect from the terminal and reads the socket's error queue
// (IP_RECVERR, ip(7)). No message leaves the witness empty.
func connectWitness(t *testing.T, w *World, addr string) (witness, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), generous)
	defer cancel()
	kept := -1
	conn, err := w.Dial(ctx, Term, addr, func(c syscall.RawConn) {
		c.Control(func(fd uintptr) {
			unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_RECVERR, 1)
			// The copy outlives the dialer's own descriptor, and with it the queue.
			kept, _ = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0)
		})
	})
	if err == nil {
		conn.Close()
	}
	if kept < 0 {
		t.Fatal("no copy of the socket")
	}
	defer unix.Close(kept)
	oob := make([]byte, 512)
	_, n, _, _, recvErr := unix.Recvmsg(kept, make([]byte, 512), oob, unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
	if recvErr != nil {
		return witness{}, err
	}
	messages, parseErr := unix.ParseSocketControlMessage(oob[:n])
	if parseErr != nil {
		t.Fatal(parseErr)
	}
	for _, m := range messages {
		// struct sock_extended_err (16 bytes), then the offender's sockaddr_in.
		if d := m.Data; m.Header.Type == unix.IP_RECVERR && len(d) >= 24 {
			if binary.NativeEndian.Uint16(d[16:]) != unix.AF_INET {
				return witness{icmp: d[5], code: d[6]}, err
			}
			a, _ := netip.AddrFromSlice(d[20:24])
			return witness{a.String(), d[5], d[6]}, err
		}
	}
	return witness{}, err
}
