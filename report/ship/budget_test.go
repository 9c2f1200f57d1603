package ship

import (
	"io"
	"net"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"
)

// purse is a budget that notes what is taken from it.
type purse struct {
	mu    sync.Mutex
	left  int64
	used  int64
	asked int
}

func (p *purse) Allow(bytes int64) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.left < bytes {
		return 10 * time.Millisecond
	}
	p.left -= bytes
	return 0
}

func (p *purse) Settle(allowed, used int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left += allowed - used
	p.used += used
}

// TestBudget: no more is sent than may be, and the rest follows when there is more.
func TestBudget(t *testing.T) {
	b, server := receive(t, nil)
	m := newMemory()
	m.add("healthy", lines(0, 200, good)...)
	p := &purse{left: 6000}
	s := ship(t, m, Config{Budget: p}, Destination{To: server.URL, Batch: 2000})
	eventually(t, "the end of the budget", func() bool { w := s.Status()[0].Trouble; return w != nil && w.Kind == Held })
	some := len(b.taken())
	if some == 0 || some == 200 {
		t.Fatalf("%d reports within the budget", some)
	}
	before := p.asked
	eventually(t, "another question", func() bool { p.mu.Lock(); defer p.mu.Unlock(); return p.asked > before+2 })
	if got := len(b.taken()); got != some {
		t.Errorf("%d reports although nothing was left", got-some)
	}
	p.mu.Lock()
	if p.left < 0 {
		t.Errorf("overdrawn by %d", -p.left)
	}
	p.left += 1 << 20
	p.mu.Unlock()
	eventually(t, "the rest", func() bool { return b.has(count(0, 200)...) && s.Status()[0].Sent == 200 })
	p.mu.Lock()
	defer p.mu.Unlock()
	if st := s.Status()[0]; st.Bytes != p.used {
		t.Errorf("%+v, but %d bytes were settled", st, p.used)
	}
}

// TestBytes: what is said to have been used is what went over the wire, and a share for
// the heads of packets.
func TestBytes(t *testing.T) {
	_, server := receive(t, nil)
	var through int64
	var mu sync.Mutex
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	note := func(dst, src net.Conn) {
		n, _ := io.Copy(dst, src)
		mu.Lock()
		through += n
		mu.Unlock()
		dst.Close()
	}
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				return
			}
			go note(far, near)
			go note(near, far)
		}
	}()
	m := newMemory()
	m.add("healthy", lines(0, 500, good)...)
	s := ship(t, m, Config{}, Destination{To: "http://" + l.Addr().String(), Batch: 5000})
	eventually(t, "all", func() bool { return s.Status()[0].Sent == 500 })
	s.Stop()
	said := s.Status()[0].Bytes
	eventually(t, "the copies", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return through > 0 && said > through && said < through+through/10+2*connectionBytes
	})
}

// TestPace: a backlog drains no faster than it may.
func TestPace(t *testing.T) {
	b, server := receive(t, nil)
	m := newMemory()
	m.add("healthy", lines(0, 100, good)...)
	began := time.Now()
	s := ship(t, m, Config{}, Destination{To: server.URL, Batch: 5000, Rate: 20_000})
	eventually(t, "all", func() bool { return b.has(count(0, 100)...) })
	bytes := s.Status()[0].Bytes
	if took, least := time.Since(began), time.Duration(bytes*7/10)*time.Second/20_000; took < least {
		t.Errorf("%d bytes in %v, which is more than 20 kB/s", bytes, took)
	}
}

// TestStop: whatever a destination is doing, it ends at once and leaves nothing behind.
func TestStop(t *testing.T) {
	hang := make(chan struct{})
	defer close(hang)
	_, hung := receive(t, func(_ int, _ []string, _ http.ResponseWriter, r *http.Request) bool {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
		return false
	})
	_, failing := receive(t, func(_ int, _ []string, w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(500); return false })
	_, fine := receive(t, nil)
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for name, c := range map[string]struct {
		d     Destination
		c     Config
		until func(Status) bool
	}{
		"waits for an answer":          {d: Destination{To: hung.URL}},
		"waits for TLS":                {d: Destination{To: "https://" + silent.Addr().String()}},
		"waits for a proxy":            {d: Destination{To: "https://127.0.0.1:1", Proxy: "http://" + silent.Addr().String()}},
		"waits for syslog":             {d: Destination{To: "syslog+tcp://" + silent.Addr().String()}},
		"waits for another attempt":    {d: Destination{To: failing.URL}, until: func(s Status) bool { return s.Trouble != nil }},
		"waits for its turn":           {d: Destination{To: fine.URL}, c: Config{Splay: time.Hour}},
		"waits for more":               {d: Destination{To: fine.URL}, until: func(s Status) bool { return s.Sent > 0 }},
		"waits for the pace":           {d: Destination{To: fine.URL, Batch: 500, Rate: 1}, until: func(s Status) bool { return s.Sent > 0 }},
		"waits for the budget":         {d: Destination{To: fine.URL}, c: Config{Budget: never{}}, until: func(s Status) bool { return s.Trouble != nil }},
		"connects to nobody (blocked)": {d: Destination{To: "http://192.0.2.1:9", Insecure: true}},
	} {
		t.Run(name, func(t *testing.T) {
			leaks(t)
			m := newMemory()
			m.add("failures", lines(0, 50, bad)...)
			s, err := func() (*Shipper, error) {
				c.c.Streams, c.c.Keeper = m.streams(), m
				return start(c.c, []Destination{c.d}, usual)
			}()
			if err != nil {
				t.Fatal(err)
			}
			if c.until != nil {
				eventually(t, name, func() bool { return c.until(s.Status()[0]) })
			} else {
				time.Sleep(100 * time.Millisecond)
			}
			began := time.Now()
			s.Stop()
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("it took %v", took)
			}
			if m.open != 0 {
				t.Errorf("%d sources are open", m.open)
			}
			s.Stored("failures", 1) // and this does no harm
			s.Stop()
		})
	}
}

type never struct{}

func (never) Allow(int64) time.Duration { return time.Hour }
func (never) Settle(int64, int64)       {}

// TestNeverBlocks: who stores reports is not kept waiting by a destination that hangs.
func TestNeverBlocks(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	m := newMemory()
	s := ship(t, m, Config{}, Destination{To: "syslog+tcp://" + silent.Addr().String()})
	done := make(chan struct{})
	go func() {
		for n := range 10_000 {
			m.add("failures", bad(n))
			s.Stored("failures", 500)
		}
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(patienceOfTests):
		t.Error("it blocked")
	}
}

// TestIdle: a Shipper with nothing to do does nothing.
func TestIdle(t *testing.T) {
	_, server := receive(t, nil)
	m := newMemory()
	m.add("failures", bad(0))
	s := ship(t, m, Config{}, Destination{To: server.URL})
	eventually(t, "the report", func() bool { return s.Status()[0].Sent == 1 })
	server.CloseClientConnections()
	fds := descriptors()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	time.Sleep(300 * time.Millisecond)
	runtime.ReadMemStats(&after)
	if n := after.Mallocs - before.Mallocs; n > 2000 {
		t.Errorf("%d allocations while nothing was to be done", n)
	}
	if now := descriptors(); now > fds {
		t.Errorf("%d descriptors, before %d", now, fds)
	}
}
