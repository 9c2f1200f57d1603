//go:build linux

package lab

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// tunDevice makes TUN and TAP interfaces (Documentation/networking/tuntap.rst).
const tunDevice = "/dev/net/tun"

// tap is an Ethernet interface whose cable is a file: what the kernel sends is read
// from it, what is written to it the kernel receives. The interface goes away with the
// file, also when the process is killed.
type tap struct{ *os.File }

// openTap makes an interface in a namespace. The file stays bound to that namespace.
func openTap(w *World, ns NS, device string) (*tap, error) {
	return openDevice(w, ns, device, unix.IFF_TAP)
}

// openTunnel makes a TUN interface, which carries IP packets without Ethernet.
func openTunnel(w *World, ns NS, device string) (*tap, error) {
	return openDevice(w, ns, device, unix.IFF_TUN)
}

func openDevice(w *World, ns NS, device string, kind uint16) (*tap, error) {
	var t *tap
	err := w.In(ns, func() error {
		fd, err := unix.Open(tunDevice, unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
		if err != nil {
			return fmt.Errorf("open %s: %w", tunDevice, err)
		}
		req, err := unix.NewIfreq(device)
		if err == nil {
			req.SetUint16(kind | unix.IFF_NO_PI)
			err = unix.IoctlIfreq(fd, unix.TUNSETIFF, req)
		}
		if err != nil {
			unix.Close(fd)
			return fmt.Errorf("make %s: %w", device, err)
		}
		t = &tap{os.NewFile(uintptr(fd), device)}
		// A new interface is in state "unknown" until its carrier has moved once.
		if err = t.setCarrier(false); err == nil {
			err = t.setCarrier(true)
		}
		if err != nil {
			t.close()
		}
		return err
	})
	return t, err
}

// setCarrier moves the carrier that the kernel sees (TUNSETCARRIER, linux/if_tun.h,
// since Linux 5.0).
func (t *tap) setCarrier(up bool) error {
	value := 0
	if up {
		value = 1
	}
	// Not Fd(): it would make the file blocking, and close could no longer end a read.
	conn, err := t.SyscallConn()
	if err != nil {
		return err
	}
	var ioctlErr error
	if err := conn.Control(func(fd uintptr) {
		ioctlErr = unix.IoctlSetPointerInt(int(fd), unix.TUNSETCARRIER, value)
	}); err != nil {
		return err
	}
	return ioctlErr
}

func (t *tap) close() { t.File.Close() }
