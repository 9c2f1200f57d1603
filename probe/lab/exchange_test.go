//go:build linux

package lab

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// patience is how long a client waits for what a fault holds back.
const patience = 1500 * time.Millisecond

// generous is how long it waits for what must come.
const generous = 15 * time.Second

// request and reply have lengths of their own, so that counters tell them apart.
var (
	request = bytes.Repeat([]byte("q"), 300)
	reply   = bytes.Repeat([]byte("a"), 200)
)

// serve answers each request on a connection until the listener is closed. What it
// has read is announced on the returned channel.
func serve(ln net.Listener) (taken <-chan struct{}) { return serveWith(ln, reply) }

func serveWith(ln net.Listener, reply []byte) <-chan struct{} {
	taken := make(chan struct{}, 64)
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				buf := make([]byte, len(request))
				for {
					if _, err := io.ReadFull(conn, buf); err != nil {
						return
					}
					taken <- struct{}{}
					if _, err := conn.Write(reply); err != nil {
						return
					}
				}
			}()
		}
	}()
	return taken
}

// outcome is what one exchange showed to the terminal.
type outcome struct {
	dialErr, ioErr error
	reply          int // bytes
	info           *unix.TCPInfo
	softErr        error // SO_ERROR at the end
	queued         int   // bytes that the kernel still holds
}

func (o outcome) ok() bool { return o.dialErr == nil && o.ioErr == nil && o.reply == len(reply) }

// dial connects from the terminal and cleans up after the test.
func dial(t *testing.T, w *World, addr string, wait time.Duration) (*net.TCPConn, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), wait)
	defer cancel()
	conn, err := w.Dial(ctx, Term, addr, nil)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { conn.Close() })
	return conn.(*net.TCPConn), nil
}

// exchange connects, sends the request, waits for the reply and looks at the socket.
func exchange(t *testing.T, w *World, addr string, wait time.Duration) outcome {
	t.Helper()
	conn, err := dial(t, w, addr, wait)
	if err != nil {
		return outcome{dialErr: err}
	}
	return ask(t, conn, request, wait)
}

// ask does the same on a connection that stands.
func ask(t *testing.T, conn *net.TCPConn, request []byte, wait time.Duration) outcome {
	t.Helper()
	var o outcome
	conn.SetDeadline(time.Now().Add(wait))
	if _, o.ioErr = conn.Write(request); o.ioErr == nil {
		o.reply, o.ioErr = io.ReadFull(conn, make([]byte, len(reply)))
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	raw.Control(func(fd uintptr) {
		if o.info, err = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO); err != nil {
			return
		}
		if o.queued, err = unix.IoctlGetInt(int(fd), unix.SIOCOUTQ); err != nil {
			return
		}
		var soft int
		if soft, err = unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_ERROR); err == nil && soft != 0 {
			o.softErr = syscall.Errno(soft)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// wantTaken waits until the host has read a request.
func wantTaken(t *testing.T, taken <-chan struct{}) {
	t.Helper()
	select {
	case <-taken:
	case <-time.After(generous):
		t.Fatal("the request did not arrive")
	}
}

// wantOK fails the test unless an exchange works: before a fault, and after its repair.
func wantOK(t *testing.T, w *World, addr string) {
	t.Helper()
	if o := exchange(t, w, addr, generous); !o.ok() {
		t.Fatalf("healthy exchange failed: %+v", o)
	}
}

func wantErr(t *testing.T, what string, got error, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func isTimeout(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded)
}

func wantTimeout(t *testing.T, what string, err error) {
	t.Helper()
	var n net.Error
	if !isTimeout(err) && !(errors.As(err, &n) && n.Timeout()) {
		t.Errorf("%s: got %v, want a timeout", what, err)
	}
}

// shop builds a world with an acquirer that answers, and says where.
func shop(t *testing.T, o Options) (w *World, addr string) {
	t.Helper()
	w = New(t, o)
	ln := w.Listen(Acq, AcquirerPort)
	serve(ln)
	addr = ln.Addr().String()
	wantOK(t, w, addr)
	return w, addr
}

// wantRepair repairs a fault and fails the test unless the world is healthy again.
func wantRepair(t *testing.T, w *World, addr string, repair func()) {
	t.Helper()
	repair()
	wantOK(t, w, addr)
}
