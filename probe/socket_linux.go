package probe

import (
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// traceable says that the system tells who answered a SYN that did not arrive.
const traceable = true

// limitTTL sets the time to live of a socket's packets, before it is connected.
func limitTTL(network string, c syscall.RawConn, ttl int) error {
	return onSocket(c, func(fd int) error {
		if strings.HasSuffix(network, "6") {
			return unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_UNICAST_HOPS, ttl)
		}
		return unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_TTL, ttl)
	})
}

// bindTo makes a socket use one link alone (SO_BINDTODEVICE, socket(7)). Linux 5.7 lets
// everybody, before it takes CAP_NET_RAW.
func bindTo(c syscall.RawConn, link string) error {
	name, err := kernelName(link)
	if err != nil {
		return err
	}
	return onSocket(c, func(fd int) error { return unix.BindToDevice(fd, name) })
}

// canBindTo is System.MayBind: it tries that on a socket which is not used.
func canBindTo(link string) error {
	name, err := kernelName(link)
	if err != nil {
		return err
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return unix.BindToDevice(fd, name)
}
