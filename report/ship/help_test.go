package ship

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"posprobe/report"
	"posprobe/report/redact"
)

// quick are waiting times for tests.
var quick = times{first: 5 * time.Millisecond, last: 40 * time.Millisecond, slow: 80 * time.Millisecond, look: 10 * time.Millisecond}

// patienceOfTests is far longer than anything takes: the machine may be busy.
const patienceOfTests = 60 * time.Second

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patienceOfTests); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("in vain waited for: %s", what)
		}
	}
}

// memory is a store in memory: streams of lines, of which the first ones may be dropped.
type memory struct {
	mu      sync.Mutex
	lines   map[string][][]byte
	dropped map[string]int
	open    int // sources that are not closed
	// what the keeper keeps
	cursors map[string]string
	aside   map[string][]string // destination → ids
	why     []Trouble
}

func newMemory() *memory {
	return &memory{lines: map[string][][]byte{}, dropped: map[string]int{}, cursors: map[string]string{}, aside: map[string][]string{}}
}

func (m *memory) add(stream string, lines ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range lines {
		m.lines[stream] = append(m.lines[stream], []byte(l))
	}
}

func (m *memory) streams() []Stream {
	return []Stream{
		{Name: "failures", Urgent: true, Open: func() Source { return &memorySource{m: m, stream: "failures"} }},
		{Name: "healthy", Open: func() Source { return &memorySource{m: m, stream: "healthy"} }},
	}
}

func (m *memory) Cursor(destination, stream string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.cursors[destination+" "+stream]
}

func (m *memory) Advance(destination, stream, cursor string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cursors[destination+" "+stream] = cursor
}

func (m *memory) SetAside(destination, id string, why Trouble) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.aside[destination] = append(m.aside[destination], id)
	m.why = append(m.why, why)
}

func (m *memory) setAside(destination string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.aside[destination])
}

type memorySource struct {
	m      *memory
	stream string
	opened bool
}

func (s *memorySource) Next(cursor string) (Record, error) {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	if !s.opened {
		s.opened = true
		s.m.open++
	}
	at, _ := strconv.Atoi(cursor)
	missed := max(0, s.m.dropped[s.stream]-at)
	at += missed
	if at >= len(s.m.lines[s.stream]) {
		return Record{}, io.EOF
	}
	return Record{Line: slices.Clone(s.m.lines[s.stream][at]), Cursor: strconv.Itoa(at + 1), Missed: int64(missed)}, nil
}

func (s *memorySource) Close() error {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	if s.opened {
		s.opened = false
		s.m.open--
	}
	return nil
}

// idOf is the id of the nth report.
func idOf(n int) string { return fmt.Sprintf("01J0000000%016d", n) }

// line is a small report.
func line(n int, verdict report.Verdict) string {
	return fmt.Sprintf(`{"schema":1,"id":%q,"agent":{"name":"posprobe","version":"1"},"trigger":"schedule","observed_at":"2026-12-01T09:30:12.345+08:00",`+
		`"terminal":{"model":"","serial":"","site":"","asset":""},"evidence":{"tasks":[]},"diagnosis":{"rules":1,"verdict":%q,"domain":"","code":"","confidence":"","planned":"","findings":[]},`+
		`"incident":{"id":"","opened_at":null,"escalated":false}}`, idOf(n), verdict)
}

func bad(n int) string  { return line(n, report.VerdictFault) }
func good(n int) string { return line(n, report.VerdictHealthy) }

func lines(from, to int, f func(int) string) (out []string) {
	for n := from; n < to; n++ {
		out = append(out, f(n))
	}
	return out
}

// ship starts a Shipper that is stopped with the test.
func ship(t *testing.T, m *memory, c Config, destinations ...Destination) *Shipper {
	t.Helper()
	c.Streams, c.Keeper = m.streams(), m
	c.Agent = report.Agent{Name: "posprobe", Version: "1.2.3", OS: "linux", Arch: "arm"}
	for i := range destinations {
		d := &destinations[i]
		d.Every = or(d.Every, 10*time.Millisecond)
		d.Rate = or(d.Rate, 1<<40)
		d.Timeout = or(d.Timeout, 20*time.Second)
		if d.Redact.Ref == "" {
			d.Redact = redact.Redactor{Ref: "0123456789abcdef"}
		}
	}
	s, err := start(c, destinations, quick)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

// inbox is what a receiver has taken.
type inbox struct {
	mu       sync.Mutex
	ids      []string
	raw      [][]byte // as they came, without compression
	requests int
}

func (b *inbox) take(ids []string, raw []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ids, b.raw = append(b.ids, ids...), append(b.raw, raw)
}

func (b *inbox) taken() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.ids)
}

// asked counts a request and returns its number, from 1.
func (b *inbox) asked() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.requests++
	return b.requests
}

func (b *inbox) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.requests
}

// has reports whether exactly these reports came, in this order, repetitions aside.
func (b *inbox) has(want ...int) bool {
	var ids []string
	for _, n := range want {
		ids = append(ids, idOf(n))
	}
	return slices.Equal(unique(b.taken()), ids)
}

func unique(ids []string) (out []string) {
	seen := map[string]bool{}
	for _, id := range ids {
		if !seen[id] {
			seen[id], out = true, append(out, id)
		}
	}
	return out
}

func count(from, to int) (out []int) {
	for n := from; n < to; n++ {
		out = append(out, n)
	}
	return out
}

// posted reads a request's batch of lines.
func posted(r *http.Request) (ids []string, raw []byte, err error) {
	if r.Method != "POST" || r.Header.Get("Content-Encoding") != "gzip" || r.Header.Get("Content-Type") != "application/x-ndjson" {
		return nil, nil, fmt.Errorf("%s with %v", r.Method, r.Header)
	}
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		return nil, nil, err
	}
	if raw, err = io.ReadAll(z); err != nil {
		return nil, nil, err
	}
	for s := bufio.NewScanner(bytes.NewReader(raw)); s.Scan(); {
		var v struct {
			ID     string    `json:"id"`
			SentAt time.Time `json:"sent_at"`
		}
		if err := json.Unmarshal(s.Bytes(), &v); err != nil || time.Since(v.SentAt) > time.Hour {
			return nil, nil, fmt.Errorf("%q: %v", s.Text(), err)
		}
		ids = append(ids, v.ID)
	}
	return ids, raw, nil
}

// receive serves lines over HTTP: answer decides what becomes of the nth request, and
// whether the batch is taken.
func receive(t *testing.T, answer func(n int, ids []string, w http.ResponseWriter, r *http.Request) (take bool)) (*inbox, *httptest.Server) {
	t.Helper()
	b := &inbox{}
	s := httptest.NewServer(b.handler(t, answer))
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return b, s
}

func (b *inbox) handler(t *testing.T, answer func(n int, ids []string, w http.ResponseWriter, r *http.Request) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := b.asked()
		ids, raw, err := posted(r)
		if err != nil {
			t.Errorf("request %d: %v", n, err)
		}
		if answer == nil || answer(n, ids, w, r) {
			b.take(ids, raw)
		}
	})
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	if !filepath.IsAbs(name) {
		name = filepath.Join(t.TempDir(), name)
	}
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// descriptors counts what the process has open, -1 where that cannot be seen.
func descriptors() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return -1
	}
	return len(entries)
}

// leaks fails the test if goroutines or descriptors that were not there before are there
// after it.
func leaks(t *testing.T) {
	goroutines, fds := runtime.NumGoroutine(), descriptors()
	t.Cleanup(func() {
		for end := time.Now().Add(patienceOfTests); ; time.Sleep(5 * time.Millisecond) {
			g, f := runtime.NumGoroutine(), descriptors()
			if g <= goroutines && f <= fds {
				return
			}
			if time.Now().After(end) {
				stacks := make([]byte, 1<<16)
				t.Fatalf("%d goroutines and %d descriptors, before %d and %d\n%s", g, f, goroutines, fds, stacks[:runtime.Stack(stacks, true)])
			}
		}
	})
}
