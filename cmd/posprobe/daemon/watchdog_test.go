package daemon

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"posprobe/report"
)

// TestWatchdog: the service manager hears that all is well while rounds end, even those
// that had to be interrupted, and no longer once one hangs for good.
func TestWatchdog(t *testing.T) {
	// A real socket: what it receives is counted outside of the bubble.
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	var told atomic.Int64
	over := make(chan struct{})
	go func() {
		defer close(over)
		buffer := make([]byte, 512)
		for {
			n, err := conn.Read(buffer)
			if err != nil {
				return
			}
			switch text := string(buffer[:n]); {
			case text == "WATCHDOG=1":
				told.Add(1)
			case strings.Contains(text, "STOPPING=1"):
				over <- struct{}{}
			}
		}
	}()
	defer func() { conn.Close(); <-over }()
	for _, c := range []struct {
		name  string
		hangs bool // the round does not even end when it is interrupted
	}{{"a slow round", false}, {"a round that hangs", true}} {
		t.Run(c.name, func(t *testing.T) {
			told.Store(0)
			synctest.Test(t, func(t *testing.T) {
				x := newTerminal(nil)
				x.config.Longest = time.Minute
				end := make(chan struct{})
				d := New(x.config, Doors{
					Round: func(ctx context.Context, l Look) report.Report {
						if l.Depth == Local {
							return x.round(ctx, l)
						}
						if c.hangs {
							<-end
						}
						<-ctx.Done()
						return report.Report{}
					},
					Spent: func(report.Evidence) int64 { return 0 }, Keep: x, Rest: func() {}, Random: func() float64 { return 0.5 },
					Manager: Manager{socket: path, Watchdog: 3 * time.Minute},
				}, State{})
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(30*time.Minute, cancel)
				d.Run(ctx)
				close(end)
			})
			// The first round begins after 2.5 min, half of the splay, and is given up 3 min later.
			want := int64(29)
			if c.hangs {
				want = 5
			}
			<-over // what was sent before is counted
			if got := told.Load(); got < want-1 || got > want+1 {
				t.Errorf("the manager heard %d times, expected %d", got, want)
			}
		})
	}
}
