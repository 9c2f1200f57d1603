//go:build linux

package lab

import (
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"
)

// In runs f on a thread inside a namespace: sockets that f itself opens belong to that
// namespace for good. Goroutines that f starts do not run inside it.
func (w *World) In(ns NS, f func() error) (err error) {
	done := make(chan struct{})
	go func() {
		defer close(done) // after the way back, which needs the world's files
		err = fmt.Errorf("left %s without returning", ns)
		err = w.inside(ns, f)
	}()
	<-done
	return err
}

// inside moves the calling thread, on which nothing else runs meanwhile. If the way back
// fails the thread stays locked, and the runtime ends it with its goroutine.
func (w *World) inside(ns NS, f func() error) error {
	runtime.LockOSThread()
	if err := unix.Setns(int(w.ns[ns].Fd()), unix.CLONE_NEWNET); err != nil {
		runtime.UnlockOSThread()
		return fmt.Errorf("enter %s: %w", ns, err)
	}
	defer func() {
		if unix.Setns(int(w.home.Fd()), unix.CLONE_NEWNET) == nil {
			runtime.UnlockOSThread()
		}
	}()
	return f()
}
