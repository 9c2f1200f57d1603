//go:build !windows

package probe

import (
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// readNow reads what is in the socket already. Without anything it returns
// os.ErrDeadlineExceeded: it is called when a deadline has passed.
func readNow(c net.Conn, p []byte) (n int, err error) {
	s, ok := c.(syscall.Conn)
	if !ok || len(p) == 0 {
		return 0, os.ErrDeadlineExceeded
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return 0, err
	}
	// The runtime lets nobody at the descriptor while a deadline has passed. The read
	// below does not block: Go's sockets never do.
	if err := c.SetReadDeadline(time.Time{}); err != nil {
		return 0, err
	}
	var readErr error
	err = raw.Read(func(fd uintptr) bool {
		for {
			n, readErr = syscall.Read(int(fd), p)
			if readErr != syscall.EINTR {
				return true // done, whatever came
			}
		}
	})
	switch {
	case err != nil:
		return 0, err
	case readErr == syscall.EAGAIN:
		return 0, os.ErrDeadlineExceeded
	case readErr != nil:
		return 0, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", readErr)}
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}
