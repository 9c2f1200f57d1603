package signontest

import (
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// Nothing may be left running, and no descriptor open, whatever clients were doing.
func TestCloseLeavesNothing(t *testing.T) {
	before, files := runtime.NumGoroutine(), descriptors()
	for range 3 {
		for _, o := range []Options{{}, {Behaviour: "silent"}, {Behaviour: "banner"}, {TLS: "good"}, {TLS: "hang"}} {
			s, err := Start(o)
			if err != nil {
				t.Fatal(err)
			}
			var conns []net.Conn
			for _, send := range []string{"", "00", echo("SILENT00"), echo("TRICKLE0"), echo("SLOW9999"), echo("FLOOD000")} {
				c, err := net.Dial("tcp", s.Addr())
				if err != nil {
					t.Fatal(err)
				}
				write(t, c, send)
				conns = append(conns, c)
			}
			for s.Connections() < len(conns) {
				time.Sleep(time.Millisecond)
			}
			s.Close()
			if len(s.sessions) > 0 {
				t.Errorf("%d sessions run on", len(s.sessions))
			}
			for _, c := range conns {
				c.Close()
			}
			if _, err := net.Dial("tcp", s.Addr()); !errors.Is(err, syscall.ECONNREFUSED) {
				t.Errorf("still listening: %v", err)
			}
		}
	}
	// The runtime ends what it runs for itself a little later.
	for range 200 {
		if runtime.NumGoroutine() <= before && descriptors() <= files {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("goroutines %d, before %d; descriptors %d, before %d", runtime.NumGoroutine(), before, descriptors(), files)
}

// descriptors counts open files, 0 where the system does not say.
func descriptors() int {
	entries, _ := os.ReadDir("/proc/self/fd")
	return len(entries)
}

func TestTooManyConnectionsAreClosed(t *testing.T) {
	s := start(t, Options{Behaviour: "silent"})
	var first *net.TCPConn
	for range maxSessions {
		c := dial(t, s)
		if first == nil {
			first = c
		}
	}
	if _, err := io.ReadAll(dial(t, s)); err != nil && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("one too many: %v", err)
	}
	first.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	if _, err := first.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the first one: %v", err)
	}
}
