//go:build linux

package lab

import (
	"context"
	"io"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestFaultMTUHole(t *testing.T) {
	t.Parallel()
	w, addr := shop(t, Options{})
	big := w.Listen(Acq, 0)
	serveWith(big, make([]byte, 5000))
	bigAddr := big.Addr().String()

	repair := w.MTUHole(1400)
	wantOK(t, w, addr) // small messages pass
	o := exchange(t, w, bigAddr, 2*patience)
	wantTimeout(t, "large reply", o.ioErr)
	if o.info == nil || o.info.Unacked != 0 || o.info.Bytes_acked != uint64(len(request))+1 {
		t.Errorf("the request must be acknowledged: %+v", o.info)
	}
	// Small segments get through: that is what proves the hole.
	ctx, cancel := context.WithTimeout(t.Context(), generous)
	defer cancel()
	conn, err := w.Dial(ctx, Term, bigAddr, func(c syscall.RawConn) {
		c.Control(func(fd uintptr) { unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_MAXSEG, 536) })
	})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(generous))
	conn.Write(request)
	if n, err := io.ReadFull(conn, make([]byte, 5000)); err != nil {
		t.Errorf("small segments: %d bytes, %v", n, err)
	}
	wantRepair(t, w, addr, repair)
	if o := exchange(t, w, bigAddr, generous); !o.ok() {
		t.Errorf("after the repair: %+v", o)
	}
}

func TestSmallMTUIsNoFault(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	big := w.Listen(Acq, 0)
	serveWith(big, make([]byte, 5000))
	repair := w.SmallMTU(1400)
	wantOK(t, w, big.Addr().String())
	repair()
	wantOK(t, w, big.Addr().String())
}

func TestNoPingIsNoFault(t *testing.T) {
	t.Parallel()
	w, addr := shop(t, Options{})
	wantPing := func(want bool) {
		t.Helper()
		if got := ping(t, w, ShopAddr); got != want {
			t.Fatalf("ping answered: %v, want %v", got, want)
		}
	}
	wantPing(true)
	repair := w.NoPing(Shop)
	wantPing(false)
	wantOK(t, w, addr)
	repair()
	wantPing(true)
}

// ping sends one echo request from the terminal, without privilege (icmp(7)), and
// reports whether there was a reply.
func ping(t *testing.T, w *World, addr string) (answered bool) {
	t.Helper()
	err := w.In(Term, func() error {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, unix.IPPROTO_ICMP)
		if err != nil {
			return err
		}
		defer unix.Close(fd)
		wait := unix.NsecToTimeval(patience.Nanoseconds())
		if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &wait); err != nil {
			return err
		}
		echo := []byte{8, 0, 0, 0, 0, 0, 0, 1} // the kernel fills in checksum and identifier
		to := &unix.SockaddrInet4{Addr: netip.MustParseAddr(addr).As4()}
		if err := unix.Sendto(fd, echo, 0, to); err != nil {
			return err
		}
		n, _, err := unix.Recvfrom(fd, echo, 0)
		answered = err == nil && n == len(echo) && echo[0] == 0
		if err == unix.EAGAIN {
			return nil
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return answered
}
