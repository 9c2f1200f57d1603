//go:build linux

package lab

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"syscall"
)

// Dial opens a TCP connection from a namespace to address:port; names are not resolved.
// control, if not nil, sees the socket before it connects.
func (w *World) Dial(ctx context.Context, ns NS, addr string, control func(syscall.RawConn)) (net.Conn, error) {
	// A name would be resolved on other threads, outside the namespace.
	if _, err := netip.ParseAddrPort(addr); err != nil {
		return nil, err
	}
	d := net.Dialer{KeepAlive: -1}
	if control != nil {
		d.Control = func(_, _ string, c syscall.RawConn) error { control(c); return nil }
	}
	var conn net.Conn
	err := w.In(ns, func() (err error) {
		conn, err = d.DialContext(ctx, "tcp", addr)
		return err
	})
	return conn, err
}

// Listen opens a TCP listener in a namespace, under its own address; port 0 is any. It
// is closed when the test ends, and so are the connections that it has accepted: the end
// of their peers would no longer reach them.
func (w *World) Listen(ns NS, port uint16) net.Listener {
	w.t.Helper()
	return w.ListenAt(ns, netip.AddrPortFrom(ns.Addr(), port).String())
}

// ListenAt is Listen on another address:port of the namespace.
func (w *World) ListenAt(ns NS, addr string) net.Listener {
	w.t.Helper()
	var lc net.ListenConfig
	lc.SetMultipathTCP(false) // plain TCP, as hosts of acquirers speak
	l := &listener{}
	err := w.In(ns, func() (err error) {
		l.Listener, err = lc.Listen(context.Background(), "tcp", addr)
		return err
	})
	if err != nil {
		w.t.Fatalf("lab: listen in %s: %v", ns, err)
	}
	w.t.Cleanup(l.closeAll)
	return l
}

// listener remembers the connections it has accepted.
type listener struct {
	net.Listener
	mu       sync.Mutex
	accepted []net.Conn
	over     bool
}

// Accept returns the next connection; after the end of the test none.
func (l *listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		conn.Close()
		return nil, net.ErrClosed
	}
	l.accepted = append(l.accepted, conn)
	return conn, nil
}

func (l *listener) closeAll() {
	l.Listener.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	for _, conn := range l.accepted {
		conn.Close()
	}
}
