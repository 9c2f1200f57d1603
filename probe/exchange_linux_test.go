package probe

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"posprobe/report"

	"golang.org/x/sys/unix"
)

// fullQueue returns the address of a listener that takes no more connections: Linux
// drops further SYNs once the queue of connections to be accepted is full.
func fullQueue(t *testing.T) string {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	address := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(name.(*unix.SockaddrInet4).Port)).String()
	for range 8 {
		c, err := net.DialTimeout("tcp", address, 300*time.Millisecond)
		if err != nil {
			return address
		}
		t.Cleanup(func() { c.Close() })
	}
	t.Fatal("the queue never filled")
	return ""
}

// An accept queue that is full drops the SYN: the dial ends at our deadline, and the
// copied descriptor still tells what the kernel knew.
func TestConnectDeadlineKeepsEvidence(t *testing.T) {
	address := fullQueue(t)
	req := requestFor(Endpoint{Address: address})
	req.Connect = 1500 * time.Millisecond
	sys := loopbackSystem(t)
	sys.Files = without{sys.Files, []string{"proc/net/tcp"}} // it shows the connections that fill the queue
	e := Round(t.Context(), sys, req)
	checkCounts(t, e)
	c := e.Connects[0]
	wantFailure(t, c.Failure, report.OpConnect, report.FailDeadline)
	if c.TCP == nil || c.TCP.State != "syn_sent" || *c.TCP.Unacked != 1 || *c.TCP.SegsIn != 0 || c.TCP.RTTMs != nil {
		t.Fatalf("tcp %+v", c.TCP)
	}
}
