package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"posprobe/report/ship"
	"posprobe/report/store"
)

// absent is a receiver that comes and goes. While it is away there is only the port:
// connections to it are refused, and nobody else can get it.
type absent struct {
	support
	address string
	wire    atomic.Int64 // bytes that came and went
	calls   chan bool    // true: come
	done    chan error
	mark    int // what had arrived when it came last
}

func newAbsent(t *testing.T) *absent {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	if err := errors.Join(unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1),
		syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})); err != nil {
		t.Fatal(err)
	}
	at, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	a := &absent{
		support: support{lines: map[string]string{}, refs: map[string]bool{}},
		address: fmt.Sprint("127.0.0.1:", at.(*syscall.SockaddrInet4).Port), calls: make(chan bool), done: make(chan error),
	}
	go a.serve(t.Context())
	return a
}

// serve comes and goes as it is called. Whatever waits for the network stays outside of
// the bubble, or time would stand still in there.
func (a *absent) serve(ctx context.Context) {
	var server *http.Server
	for {
		var come bool
		select {
		case come = <-a.calls:
		case <-ctx.Done():
		}
		if server != nil {
			server.Close()
		}
		if ctx.Err() != nil {
			return
		}
		if !come {
			a.done <- nil
			continue
		}
		share := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) (err error) {
			return errors.Join(c.Control(func(fd uintptr) {
				err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
			}), err)
		}}
		l, err := share.Listen(ctx, "tcp", a.address)
		if err == nil {
			server = &http.Server{Handler: http.HandlerFunc(a.answer)}
			go server.Serve(countingListener{l, &a.wire})
		}
		a.done <- err
	}
}

func (a *absent) answer(w http.ResponseWriter, r *http.Request) {
	if err := a.take(r); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}

// there makes the receiver come, or go.
func (a *absent) there(t *testing.T, yes bool) {
	t.Helper()
	a.calls <- yes
	if err := <-a.done; err != nil {
		t.Fatal(err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.mark = a.all.Len()
}

// failuresFirst checks in which order what was stored arrived since the return, and counts what arrived
// more than once.
func (a *absent) failuresFirst(t *testing.T, stored []store.Entry) (twice int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	streams := map[string]store.Stream{}
	for _, e := range stored {
		streams[e.ID] = e.Stream
	}
	seen, healthy, late := map[string]bool{}, 0, 0
	for line := range strings.Lines(a.all.String()[a.mark:]) {
		var v struct{ ID string }
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		switch s := streams[v.ID]; {
		case seen[v.ID]:
			twice++
		case s == store.Healthy:
			healthy++
		case s == store.Failures && healthy > 0:
			late++
		}
		seen[v.ID] = true
	}
	if late > 0 || healthy == 0 {
		t.Errorf("%d failures arrived after healthy lines, of which there are %d", late, healthy)
	}
	return twice
}

type countingListener struct {
	net.Listener
	bytes *atomic.Int64
}

func (l countingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return countingConn{c, l.bytes}, err
}

type countingConn struct {
	net.Conn
	bytes *atomic.Int64
}

func (c countingConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.bytes.Add(int64(n))
	return n, err
}

// Write counts first: who has the answer may look at the count.
func (c countingConn) Write(b []byte) (int, error) {
	c.bytes.Add(int64(len(b)))
	return c.Conn.Write(b)
}

// ledger writes down when shipping and rounds spent how much, by simulated time.
type ledger struct {
	*shipBudget
	mu      sync.Mutex
	entries []spending
}

type spending struct {
	at      time.Time
	bytes   int64
	shipped bool
}

func (l *ledger) Settle(allowed, used int64) {
	l.shipBudget.Settle(allowed, used)
	l.note(used, true)
}

// round notes what a round spent.
func (l *ledger) round(bytes int64) int64 {
	l.note(bytes, false)
	return bytes
}

func (l *ledger) note(bytes int64, shipped bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if bytes > 0 {
		l.entries = append(l.entries, spending{time.Now(), bytes, shipped})
	}
}

// shipped is what all shipping spent.
func (l *ledger) shipped() (sum int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.entries {
		if e.shipped {
			sum += e.bytes
		}
	}
	return sum
}

// check holds what was spent against pace and budget. wire is what the receiver saw, which
// sees no heads of packets.
func (l *ledger) check(t *testing.T, wire, perDay int64) {
	t.Helper()
	if sum := l.shipped(); sum < wire || sum > wire*5/4+100_000 {
		t.Errorf("shipping counts %d bytes, the receiver %d", sum, wire)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	const rate = 16_000 // ship.Destination.Rate, by default
	var last spending   // that was shipped
	for i, e := range l.entries {
		if !e.shipped {
			continue
		}
		if soonest := last.at.Add(time.Duration(last.bytes) * time.Second / rate); e.at.Before(soonest) {
			t.Errorf("batch of %d bytes goes %v too soon", e.bytes, soonest.Sub(e.at))
		}
		last = e
		minute, _ := within(l.entries[i:], time.Minute)
		if minute > 60*rate+e.bytes {
			t.Errorf("%d bytes are shipped within a minute", minute)
		}
	}
	worst := int64(0)
	for i := range l.entries {
		ships, all := within(l.entries[i:], 24*time.Hour)
		worst = max(worst, all)
		if ships > perDay/2 || all > perDay {
			t.Fatalf("of %d bytes a day %d are moved, %d of them for shipping", perDay, all, ships)
		}
	}
	t.Logf("at most %d of %d bytes within 24 hours", worst, perDay)
}

// within sums what was spent from the first entry on.
func within(entries []spending, span time.Duration) (shipped, all int64) {
	for _, e := range entries {
		if e.at.Sub(entries[0].at) >= span {
			break
		}
		all += e.bytes
		if e.shipped {
			shipped += e.bytes
		}
	}
	return shipped, all
}

var _ ship.Budget = (*ledger)(nil)
