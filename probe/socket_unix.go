//go:build !windows

package probe

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// smallSegments says that the system lets a program choose the size of segments.
const smallSegments = true

// limitSegments makes both sides send segments of at most so many bytes: set before
// the connection it goes into the SYN (tcp(7), TCP_MAXSEG).
func limitSegments(c syscall.RawConn, bytes int) error {
	return onSocket(c, func(fd int) error {
		return unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_MAXSEG, bytes)
	})
}

// onSocket calls set with the descriptor.
func onSocket(c syscall.RawConn, set func(fd int) error) error {
	var failed error
	if err := c.Control(func(fd uintptr) { failed = set(int(fd)) }); err != nil {
		return err
	}
	return failed
}
