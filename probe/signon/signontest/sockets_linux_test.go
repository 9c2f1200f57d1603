package signontest

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"
)

// A small request fits into the window and looks like silence; a large one does not.
func TestZeroWindow(t *testing.T) {
	s := start(t, Options{Behaviour: "zero-window"})
	c := dial(t, s)
	write(t, c, echo("99999906"))
	c.SetReadBuffer(4096)
	c.SetWriteBuffer(4096)
	c.SetDeadline(time.Now().Add(500 * time.Millisecond))
	n, err := c.Write(make([]byte, 1<<20))
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a megabyte went out: %d bytes, %v", n, err)
	}
	// What went beyond the window lies in our own send buffer.
	if n > 64<<10 {
		t.Errorf("%d bytes were taken by a closed window", n)
	}
}

// Nobody gets in any more, and nobody is refused.
func TestBacklog(t *testing.T) {
	s := start(t, Options{Behaviour: "backlog"})
	if len(s.fillers) == 0 {
		t.Fatal("no connection fills the queue")
	}
	for range 2 {
		c, err := net.DialTimeout("tcp", s.Addr(), 300*time.Millisecond)
		var timeout net.Error
		if !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("connected: %v, %v", c, err)
		}
	}
}

// On all addresses the server still finds itself.
func TestBacklogOnAllAddresses(t *testing.T) {
	s := start(t, Options{Behaviour: "backlog", Listen: ":0"})
	if len(s.fillers) == 0 {
		t.Error("no connection fills the queue")
	}
}
