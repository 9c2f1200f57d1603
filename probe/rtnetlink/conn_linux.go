// Package rtnetlink reads the kernel's links, addresses, routes and neighbours
// (rtnetlink(7), netlink(7)). It asks and never changes anything. What cannot be read
// as the message that it claims to be is EINVAL, never half a message.
package rtnetlink

import (
	"encoding/binary"
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// ErrInterrupted says that a list changed while the kernel wrote it (NLM_F_DUMP_INTR,
// include/uapi/linux/netlink.h): entries may be missing or old.
var ErrInterrupted = errors.New("the list changed while it was read")

// maxDatagram bounds what is read at once, in bytes. The kernel fills up to 32 KiB with
// messages (net/netlink/af_netlink.c, netlink_recvmsg); an attribute ends at 64 KiB.
const maxDatagram = 64 << 10

// Conn is a socket for questions. It serves one goroutine at a time.
type Conn struct {
	socket *os.File
	wait   time.Duration
	seq    uint32
	buf    [maxDatagram]byte
}

// Dial opens a socket on which each write and each read may take as long as wait, after
// which they fail with EAGAIN.
func Dial(wait time.Duration) (*Conn, error) {
	socket, err := Listen(0)
	if err != nil {
		return nil, err
	}
	return &Conn{socket: socket, wait: wait}, nil
}

// Close gives the socket back.
func (c *Conn) Close() { c.socket.Close() }

// Listen opens a socket that hears the multicast groups of a mask (RTMGRP_* of
// include/uapi/linux/rtnetlink.h). A read yields one datagram and waits in the runtime's
// poller, not in a thread.
func Listen(groups uint32) (*os.File, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_ROUTE)
	if err != nil {
		return nil, err
	}
	err = unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: groups})
	if err == nil {
		// The kernel has port 0; from then on no process can send to this socket.
		err = unix.Connect(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK})
	}
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	return os.NewFile(uintptr(fd), "netlink"), nil
}

// list asks for a dump of a family and parses each entry of the type answer. It returns
// entries only when the dump ended, with ErrInterrupted as well.
func list[T any](c *Conn, question, answer uint16, header []byte, parse func([]byte) (T, bool)) ([]T, error) {
	var out []T
	err := c.ask(question, unix.NLM_F_DUMP, answer, header, func(b []byte) bool {
		entry, ok := parse(b)
		if ok {
			out = append(out, entry)
		}
		return ok
	})
	if err != nil && err != ErrInterrupted {
		return nil, err
	}
	return out, err
}

// ask sends a question and hands the body of each message of the type answer to visit,
// which returns false for one that is malformed: the rest is drained then. All bodies
// begin with a family: other families than the one that was asked for are left out, as a
// kernel without it answers for all of them (net/core/rtnetlink.c, rtnetlink_rcv_msg).
func (c *Conn) ask(question, flags, answer uint16, body []byte, visit func([]byte) bool) error {
	c.seq++
	request := make([]byte, unix.SizeofNlMsghdr, unix.SizeofNlMsghdr+len(body))
	binary.NativeEndian.PutUint32(request, uint32(unix.SizeofNlMsghdr+len(body)))
	binary.NativeEndian.PutUint16(request[4:], question)
	binary.NativeEndian.PutUint16(request[6:], unix.NLM_F_REQUEST|flags)
	binary.NativeEndian.PutUint32(request[8:], c.seq)
	if _, err := c.within(c.socket.Write, append(request, body...)); err != nil {
		return err
	}
	a := answers{seq: c.seq, kind: answer, family: body[0], visit: visit}
	for {
		n, err := c.within(c.socket.Read, c.buf[:])
		if err != nil {
			return err
		}
		if done, err := a.read(c.buf[:n]); done {
			return err
		}
	}
}

// within runs a read or a write under the deadline. Its error is the system's number.
func (c *Conn) within(do func([]byte) (int, error), b []byte) (int, error) {
	if err := c.socket.SetDeadline(time.Now().Add(c.wait)); err != nil {
		return 0, err
	}
	n, err := do(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return n, unix.EAGAIN
	}
	if e, ok := errors.AsType[*os.PathError](err); ok {
		return n, e.Err
	}
	return n, err
}

// answers is what came so far of the answer to the question seq.
type answers struct {
	seq                    uint32
	kind                   uint16
	family                 uint8 // AF_UNSPEC: any
	visit                  func([]byte) bool
	interrupted, malformed bool
}

// read takes one datagram; done says that the answer has ended, with err.
func (a *answers) read(b []byte) (done bool, err error) {
	for len(b) > 0 {
		m, rest, ok := Next(b)
		if !ok {
			return true, unix.EINVAL
		}
		b = rest
		if m.seq != a.seq {
			continue // left over from a question before
		}
		a.interrupted = a.interrupted || m.flags&unix.NLM_F_DUMP_INTR != 0
		switch m.Type {
		case unix.NLMSG_DONE, unix.NLMSG_ERROR:
			return true, a.end(m)
		case a.kind:
			if !a.malformed && a.wanted(m.Body) && !a.visit(m.Body) {
				a.malformed = true
			}
			if m.flags&unix.NLM_F_MULTI == 0 {
				return true, a.outcome()
			}
		}
	}
	return false, nil
}

func (a *answers) wanted(body []byte) bool {
	return a.family == unix.AF_UNSPEC || len(body) == 0 || body[0] == a.family
}

// end reads the number that ends an answer: 0 or negative (struct nlmsgerr). Old kernels
// end a dump without one.
func (a *answers) end(m Message) error {
	if m.Type == unix.NLMSG_DONE && len(m.Body) == 0 {
		return a.outcome()
	}
	number, ok := word(m.Body)
	if !ok {
		return unix.EINVAL
	}
	if e := int32(number); e < 0 {
		return unix.Errno(-int64(e))
	}
	return a.outcome()
}

func (a *answers) outcome() error {
	switch {
	case a.malformed:
		return unix.EINVAL
	case a.interrupted:
		return ErrInterrupted
	}
	return nil
}
