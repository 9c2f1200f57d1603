package probe

import (
	"strings"
	"syscall"
	"unsafe"

	"posprobe/report"

	"golang.org/x/sys/unix"
)

// tap is a second descriptor of a socket. Go closes its own when a dial times out, and
// with it goes all that the kernel knows of the connection; the copy stays readable,
// and keeps the connection alive until close.
type tap struct {
	fd  int // -1 when there is none
	six bool
}

func newTap() *tap { return &tap{fd: -1} }

// control is net.Dialer.Control: it runs before connect. Without a copy (no descriptor
// left) the dial goes on and shows that itself.
func (t *tap) control(network, _ string, c syscall.RawConn) error {
	t.close() // the dialer may try again with another socket
	return c.Control(func(fd uintptr) {
		t.six = strings.HasSuffix(network, "6")
		hear(int(fd), t.six, 1)
		if dup, err := unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0); err == nil {
			t.fd = dup
		}
	})
}

// hearICMP is net.Dialer.Control for UDP: with the error queue on, the kernel reports
// every ICMP error about the socket, not the refused port alone.
func hearICMP(network, _ string, c syscall.RawConn) error {
	if !strings.HasPrefix(network, "udp") {
		return nil
	}
	return c.Control(func(fd uintptr) { hear(int(fd), strings.HasSuffix(network, "6"), 1) })
}

// hear switches the error queue (ip(7), IP_RECVERR) on or off, as far as the system
// lets us.
func hear(fd int, six bool, on int) {
	if six {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_RECVERR, on)
		return
	}
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_RECVERR, on)
}

// connected switches the error queue off: on a standing connection it would turn every
// ICMP error, which TCP bears with, into the end of the connection.
func (t *tap) connected() {
	if t.fd >= 0 {
		hear(t.fd, t.six, 0)
	}
}

// maxErrors bounds how many entries of an error queue are read.
const maxErrors = 16

// icmp reads the error queue until it is empty.
func (t *tap) icmp() []report.ICMPError {
	if t.fd < 0 {
		return nil
	}
	var out []report.ICMPError
	payload, control := make([]byte, 64), make([]byte, 512)
	for range maxErrors {
		_, n, _, _, err := unix.Recvmsg(t.fd, payload, control, unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
		if err != nil {
			break
		}
		out = append(out, parseErrorQueue(control[:n])...)
	}
	return out
}

// softError is the error the kernel noted without ending the connection; reading it
// clears it.
func (t *tap) softError() report.FailureType {
	if t.fd < 0 {
		return ""
	}
	n, err := unix.GetsockoptInt(t.fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil || n == 0 {
		return ""
	}
	return classify(syscall.Errno(n))
}

// info is TCP_INFO and the lengths of the queues, nil when they cannot be had. The
// length that the kernel returns is kept: older kernels know fewer fields.
func (t *tap) info() *report.TCP {
	if t.fd < 0 {
		return nil
	}
	var info unix.TCPInfo
	length := uint32(unsafe.Sizeof(info))
	_, _, failed := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(t.fd), unix.IPPROTO_TCP, unix.TCP_INFO,
		uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&length)), 0)
	if failed != 0 {
		return nil
	}
	out := describeTCP(&info, int64(length))
	out.OutQueue = t.queue(unix.TIOCOUTQ)
	out.UnsentQueue = t.queue(unix.SIOCOUTQNSD)
	out.InQueue = t.queue(unix.TIOCINQ)
	return out
}

// queue asks for a length (tcp(7)), nil where the kernel does not say.
func (t *tap) queue(request uint) *int64 {
	n, err := unix.IoctlGetInt(t.fd, request)
	if err != nil {
		return nil
	}
	return new(int64(n))
}

// localPort is the port that the connection comes from, 0 when it is not known.
func (t *tap) localPort() uint16 {
	if t.fd < 0 {
		return 0
	}
	name, _ := unix.Getsockname(t.fd)
	switch name := name.(type) {
	case *unix.SockaddrInet4:
		return uint16(name.Port)
	case *unix.SockaddrInet6:
		return uint16(name.Port)
	}
	return 0
}

func (t *tap) close() {
	if t.fd >= 0 {
		_ = unix.Close(t.fd)
		t.fd = -1
	}
}
