package ship

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// refuse answers with a status when one of these reports is in the batch.
func refuse(status int, poison ...int) func(int, []string, http.ResponseWriter, *http.Request) bool {
	return func(_ int, ids []string, w http.ResponseWriter, _ *http.Request) bool {
		for _, n := range poison {
			if slices.Contains(ids, idOf(n)) {
				w.WriteHeader(status)
				return false
			}
		}
		return true
	}
}

// TestPoisoned: the reports that a receiver will not take are found, set aside and
// counted, and all others arrive.
func TestPoisoned(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		poison []int
	}{
		{"one", 400, []int{37}},
		{"the first", 422, []int{0}},
		{"the last", 400, []int{99}},
		{"more in a row than are trusted", 400, []int{10, 11, 12, 13, 14}},
		{"many", 422, []int{1, 5, 20, 21, 22, 60, 98, 99}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, server := receive(t, refuse(c.status, c.poison...))
			m := newMemory()
			m.add("failures", lines(0, 100, bad)...)
			d := server.URL
			s := ship(t, m, Config{}, Destination{To: d})
			eventually(t, "the end", func() bool { return m.Cursor(d, "failures") == "100" })
			var ids []string
			for _, n := range c.poison {
				ids = append(ids, idOf(n))
			}
			if got := m.setAside(d); !slices.Equal(got, ids) {
				t.Errorf("set aside %v, want %v", got, ids)
			}
			if got := len(unique(b.taken())); got != 100-len(c.poison) {
				t.Errorf("%d reports arrived", got)
			}
			if got := s.Status()[0].SetAside; got != int64(len(c.poison)) {
				t.Errorf("%d counted", got)
			}
			for _, why := range m.why {
				if why.Kind != Refused || why.Status != c.status {
					t.Errorf("%+v", why)
				}
			}
		})
	}
}

// TestRefusesEverything: a receiver that was never meant to take reports costs none.
func TestRefusesEverything(t *testing.T) {
	b, server := receive(t, func(n int, _ []string, w http.ResponseWriter, _ *http.Request) bool {
		if n <= 30 {
			w.WriteHeader(400)
		}
		return n > 30
	})
	m := newMemory()
	m.add("failures", lines(0, 64, bad)...)
	d := server.URL
	ship(t, m, Config{}, Destination{To: d})
	eventually(t, "all reports", func() bool { return m.Cursor(d, "failures") == "64" })
	if got := m.setAside(d); len(got) != 0 {
		t.Errorf("set aside: %v", got)
	}
	if got := len(unique(b.taken())); got != 64 {
		t.Errorf("%d arrived", got)
	}
}

// TestBeginsToRefuse: one that took reports and begins to refuse everything costs no more
// than are set aside on trust.
func TestBeginsToRefuse(t *testing.T) {
	b, server := receive(t, func(n int, _ []string, w http.ResponseWriter, _ *http.Request) bool {
		if n > 1 && n < 60 {
			w.WriteHeader(400)
			return false
		}
		return true
	})
	m := newMemory()
	m.add("failures", lines(0, 64, bad)...)
	d := server.URL
	ship(t, m, Config{}, Destination{To: d, Batch: int64(8 * len(bad(0)))})
	eventually(t, "the end", func() bool { return m.Cursor(d, "failures") == "64" })
	aside := len(m.setAside(d))
	if aside > trusted || len(unique(b.taken())) != 64-aside {
		t.Errorf("%d were set aside, %d arrived", aside, len(unique(b.taken())))
	}
}

// TestRefusedAlone: a report that is alone is set aside in the end, so that it does not
// keep others from going for ever.
func TestRefusedAlone(t *testing.T) {
	b, server := receive(t, refuse(400, 0))
	m := newMemory()
	m.add("failures", bad(0))
	d := server.URL
	s := ship(t, m, Config{}, Destination{To: d})
	eventually(t, "the report set aside", func() bool { return slices.Equal(m.setAside(d), []string{idOf(0)}) })
	if b.count() != patience {
		t.Errorf("it was tried %d times", b.count())
	}
	m.add("failures", bad(1))
	s.Stored("failures", 1)
	eventually(t, "the next one", func() bool { return b.has(1) })
}

// TestTooLarge: batches are halved until they fit, and what does not fit alone is set
// aside.
func TestTooLarge(t *testing.T) {
	const most = 2000
	b, server := receive(t, func(_ int, ids []string, w http.ResponseWriter, _ *http.Request) bool {
		if len(ids) > 3 || slices.Contains(ids, idOf(5)) {
			w.WriteHeader(413)
			return false
		}
		return true
	})
	m := newMemory()
	m.add("failures", lines(0, 5, bad)...)
	m.add("failures", strings.Replace(bad(5), `"tasks":[]`, `"tasks":["`+strings.Repeat("x", most)+`"]`, 1))
	m.add("failures", lines(6, 20, bad)...)
	d := server.URL
	ship(t, m, Config{}, Destination{To: d})
	eventually(t, "the end", func() bool { return m.Cursor(d, "failures") == "20" })
	if got := m.setAside(d); !slices.Equal(got, []string{idOf(5)}) {
		t.Errorf("set aside: %v", got)
	}
	if !b.has(slices.Concat(count(0, 5), count(6, 20))...) {
		t.Errorf("%v", b.taken())
	}
	if m.why[0].Kind != TooLarge {
		t.Errorf("%+v", m.why)
	}
}

// TestBatches: a batch is as large as it may be, and a longer report goes alone.
func TestBatches(t *testing.T) {
	size := len(good(0))
	var sizes []int
	b, server := receive(t, func(_ int, ids []string, _ http.ResponseWriter, _ *http.Request) bool {
		sizes = append(sizes, len(ids))
		return true
	})
	m := newMemory()
	long := strings.Replace(good(10), `"tasks":[]`, `"tasks":["`+strings.Repeat("x", 10*size)+`"]`, 1)
	m.add("healthy", slices.Concat(lines(0, 10, good), []string{long}, lines(11, 20, good))...)
	d := server.URL
	ship(t, m, Config{}, Destination{To: d, Batch: int64(4*size + 200)})
	eventually(t, "the end", func() bool { return m.Cursor(d, "healthy") == "20" })
	if !b.has(count(0, 20)...) || !slices.Contains(sizes, 1) || slices.Max(sizes) != 4 {
		t.Errorf("%v", sizes)
	}
}

// TestFailuresFirst: a failure that is stored while a backlog drains overtakes it.
func TestFailuresFirst(t *testing.T) {
	m := newMemory()
	var s *Shipper
	ready := make(chan struct{})
	b, server := receive(t, func(n int, ids []string, _ http.ResponseWriter, _ *http.Request) bool {
		if n == 3 {
			<-ready
			m.add("failures", bad(1000))
			s.Stored("failures", 1)
		}
		return true
	})
	m.add("healthy", lines(0, 100, good)...)
	m.add("failures", bad(500))
	s = ship(t, m, Config{}, Destination{To: server.URL, Batch: int64(10 * len(good(0)))})
	close(ready)
	eventually(t, "everything", func() bool { return len(b.taken()) == 102 })
	got := b.taken()
	if got[0] != idOf(500) || slices.Index(got, idOf(1000)) > 40 {
		t.Errorf("failures came as %d and %d", slices.Index(got, idOf(500)), slices.Index(got, idOf(1000)))
	}
	if healthy := slices.DeleteFunc(got, func(id string) bool { return id == idOf(500) || id == idOf(1000) }); !slices.IsSorted(healthy) {
		t.Errorf("out of order: %v", healthy)
	}
}

// TestWaitsForCompany: healthy lines wait, failures do not, and many do not wait either.
func TestWaitsForCompany(t *testing.T) {
	b, server := receive(t, nil)
	m := newMemory()
	s := ship(t, m, Config{}, Destination{To: server.URL, Every: time.Hour, Batch: 3000})
	m.add("failures", bad(100)) // what is there at the start goes at once: that is over then
	s.Stored("failures", 500)
	eventually(t, "the start", func() bool { return len(b.taken()) == 1 })
	eventually(t, "its end", func() bool { m.mu.Lock(); defer m.mu.Unlock(); return m.open == 0 })
	m.add("healthy", good(0))
	s.Stored("healthy", 500)
	m.add("failures", bad(1))
	s.Stored("failures", 500)
	eventually(t, "the failure", func() bool { return len(b.taken()) > 1 })
	time.Sleep(50 * time.Millisecond)
	if !b.has(100, 1) {
		t.Fatalf("%v", b.taken())
	}
	for n := 2; n < 8; n++ {
		m.add("healthy", good(n))
		s.Stored("healthy", 500)
	}
	eventually(t, "a batch", func() bool { return b.has(100, 1, 0, 2, 3, 4, 5, 6, 7) })
	s.Stored("nobody knows", 1)
}

// TestMissed: what the store dropped before it could be sent is counted, once, and what
// is no JSON does not leave.
func TestMissed(t *testing.T) {
	b, server := receive(t, func(n int, _ []string, w http.ResponseWriter, _ *http.Request) bool {
		if n <= 3 {
			w.WriteHeader(500)
		}
		return n > 3
	})
	m := newMemory()
	m.add("healthy", lines(0, 10, good)...)
	m.add("healthy", "4111111111111111", good(11), "{", "[]")
	m.dropped["healthy"] = 4
	s := ship(t, m, Config{}, Destination{To: server.URL})
	eventually(t, "the rest", func() bool { return b.has(4, 5, 6, 7, 8, 9, 11) })
	eventually(t, "the counts", func() bool { st := s.Status()[0]; return st.Missed == 4 && st.Unreadable == 3 && st.Sent == 7 })
}

// TestAlone: one destination's trouble is nobody else's.
func TestAlone(t *testing.T) {
	b, server := receive(t, nil)
	bad1, broken := receive(t, func(_ int, _ []string, w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(500); return false })
	_, poisoned := receive(t, refuse(400, 3))
	m := newMemory()
	m.add("failures", lines(0, 10, bad)...)
	s := ship(t, m, Config{}, Destination{To: broken.URL}, Destination{To: server.URL}, Destination{To: poisoned.URL}, Destination{Name: "nobody", To: "http://127.0.0.1:1"})
	eventually(t, "all", func() bool {
		return b.has(count(0, 10)...) && m.Cursor(poisoned.URL, "failures") == "10" && bad1.count() > 3 && s.Status()[3].Trouble != nil
	})
	st := s.Status()
	if st[0].Trouble == nil || st[0].Trouble.Kind != Failing || st[1].Trouble != nil || st[3].Trouble.Kind != Unreachable || len(m.setAside(server.URL)) != 0 {
		t.Errorf("%+v", st)
	}
}

// TestRecordWithoutID gets the same id every time.
func TestRecordWithoutID(t *testing.T) {
	b, server := receive(t, func(n int, _ []string, w http.ResponseWriter, _ *http.Request) bool {
		if n == 1 {
			w.WriteHeader(503)
		}
		return true // taken both times
	})
	m := newMemory()
	m.add("failures", `{"kind":"dropped","at":"2026-12-01T09:30:12+08:00","body":{"lines":3}}`)
	ship(t, m, Config{}, Destination{To: server.URL})
	eventually(t, "two copies", func() bool { return len(b.taken()) == 2 })
	if got := b.taken(); got[0] != got[1] || len(got[0]) != 26 {
		t.Errorf("%v", got)
	}
}
