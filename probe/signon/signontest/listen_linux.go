package signontest

import (
	"errors"
	"net"
	"os"
	"syscall"
	"time"
)

// shrinkWindow gives every connection that is accepted the smallest receive buffer that
// the kernel has (SOCK_MIN_RCVBUF, about 2 kB, half of which becomes window).
func shrinkWindow(l *net.TCPListener) error {
	return control(l, func(fd int) error {
		return os.NewSyscallError("setsockopt", syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_RCVBUF, 1))
	})
}

// fillBacklog shortens the accept queue to one place (listen(2) on a listening socket
// changes its backlog) and connects to it until nobody gets in any more.
func fillBacklog(l *net.TCPListener) ([]net.Conn, error) {
	if err := control(l, func(fd int) error { return os.NewSyscallError("listen", syscall.Listen(fd, 0)) }); err != nil {
		return nil, err
	}
	const enough = 16 // a queue of one place holds one or two connections
	var fillers []net.Conn
	for range enough {
		// A SYN that is not answered at once was dropped: its first retransmission comes
		// after one second (RFC 6298 2.1).
		c, err := net.DialTimeout("tcp", reachable(l), 500*time.Millisecond)
		if err != nil {
			return fillers, nil
		}
		fillers = append(fillers, c)
	}
	for _, c := range fillers {
		c.Close()
	}
	return nil, errors.New("the accept queue does not fill up")
}

// reachable returns an address at which this machine reaches the listener.
func reachable(l *net.TCPListener) string {
	a := *l.Addr().(*net.TCPAddr)
	if a.IP.IsUnspecified() {
		a.IP = nil // Dial takes the local host for it
	}
	return a.String()
}

func control(l *net.TCPListener, f func(fd int) error) error {
	raw, err := l.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = f(int(fd)) }); err != nil {
		return err
	}
	return failed
}
