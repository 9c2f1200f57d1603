//go:build linux

package lab

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Faults of the acquirer's host. One that hangs is a Process that is paused; one that
// refuses is an address without a listener.

// LoseState makes the acquirer's host forget its connections on a local port: it was
// restarted, or the balancer in front of it was. The terminal learns of it from the
// reset that answers its next packet.
//
// The kernel announces a connection destroyed from outside with a reset (sock_diag(7),
// SOCK_DESTROY); that one is dropped, as a host that lost power sends none.
func (w *World) LoseState(port uint16) {
	w.t.Helper()
	mute := w.fault(Acq, chain("output", 0, fmt.Sprintf("tcp sport %d tcp flags & rst == rst drop", port)))
	defer mute()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	r := w.Run(ctx, Acq, "ss", "-K", "-H", "-t", "-n", "state", "established", fmt.Sprintf("sport = :%d", port))
	if r.Exit != 0 || strings.TrimSpace(r.Stdout) == "" {
		w.t.Fatalf("lab: no connection on port %d to forget (or no CONFIG_INET_DIAG_DESTROY): %+v", port, r)
	}
}

// PowerOff takes the acquirer's host off its own network without a word. Its own
// edge router reports "host unreachable" once it has asked for the host's hardware
// address three times in vain, after about 3 s (RFC 1812 section 5.3.6 has the message).
func (w *World) PowerOff() (repair func()) {
	w.t.Helper()
	w.link(Acq, "eth0", "down")
	w.ip(Gate, "neigh flush dev acq")
	return func() {
		w.t.Helper()
		w.link(Acq, "eth0", "up")
		w.addRoutes(Acq)
	}
}

// SYNProxy puts a front end before a dead server: the acquirer's edge completes every
// handshake on that port itself (nft synproxy) and the server's own handshake never
// comes about. The client is connected, sees a window of zero, and its request stays
// unsent.
func (w *World) SYNProxy(port uint16) (repair func()) {
	w.t.Helper()
	// Connection tracking must not take up connections in the middle, or the client's
	// final ACK would pass for one that needs no proxy (nft(8), synproxy statement).
	if err := w.sysctl(Gate, "netfilter/nf_conntrack_tcp_loose", "0"); err != nil {
		w.t.Fatalf("lab: %v", err)
	}
	dead := w.fault(Acq, chain("input", 0, fmt.Sprintf("tcp dport %d drop", port)))
	proxy := w.fault(Gate,
		chain("prerouting", -300, fmt.Sprintf("iifname core tcp dport %d tcp flags & (syn|ack) == syn notrack", port)),
		chain("forward", 0,
			fmt.Sprintf("tcp dport %d ct state invalid,untracked synproxy mss 1460 wscale 7 timestamp sack-perm", port),
			"ct state invalid drop"))
	return func() {
		w.t.Helper()
		proxy()
		dead()
	}
}

// FullBacklog makes the acquirer's host listen on a port and never take a connection
// from its queue, which is full: further SYN segments are dropped without a word, as a
// host does whose program is stuck (listen(2); net.ipv4.tcp_abort_on_overflow is 0).
func (w *World) FullBacklog(port uint16) (repair func()) {
	w.t.Helper()
	return w.NarrowBacklog(port, 0, 1)
}

// NarrowBacklog makes the acquirer's host listen on a port with the given backlog
// (listen(2): one connection more than that fits) and never take one, after filled
// connections from the reference have come to lie in its queue. With one place left, of
// two connections that come at the same moment the second's last ACK finds the queue
// full, and its SYN-ACK is repeated.
func (w *World) NarrowBacklog(port uint16, backlog, filled int) (repair func()) {
	w.t.Helper()
	fd := -1
	err := w.In(Acq, func() (err error) {
		if fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err != nil {
			return err
		}
		// Connections that the program before it has closed are still remembered.
		if err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
			return err
		}
		if err = unix.Bind(fd, &unix.SockaddrInet4{Port: int(port), Addr: Acq.Addr().As4()}); err != nil {
			return err
		}
		return unix.Listen(fd, backlog)
	})
	repair = sync.OnceFunc(func() { unix.Close(fd) })
	w.t.Cleanup(repair)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for range filled {
		if err != nil {
			break
		}
		var fill net.Conn
		if fill, err = w.Dial(ctx, Ref, netip.AddrPortFrom(Acq.Addr(), port).String(), nil); err == nil {
			w.t.Cleanup(func() { fill.Close() })
		}
	}
	if err != nil {
		w.t.Fatalf("lab: backlog: %v", err)
	}
	return repair
}
