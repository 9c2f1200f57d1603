//go:build unix

package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"

	"posprobe/probe/signon/signontest"
	"posprobe/report/store"
)

// support receives what agents ship, and takes nothing while it is closed.
type support struct {
	*httptest.Server
	mu     sync.Mutex
	closed bool
	asked  int
	all    bytes.Buffer
	lines  map[string]string // by id
	refs   map[string]bool
}

func newSupport(t *testing.T, closed bool) *support {
	s := &support{closed: closed, lines: map[string]string{}, refs: map[string]bool{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.take(r); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *support) take(r *http.Request) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	if s.closed {
		return fmt.Errorf("closed")
	}
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(z)
	if err != nil {
		return err
	}
	s.all.Write(body)
	for lines := bufio.NewReader(bytes.NewReader(body)); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			return nil
		}
		var v struct {
			ID       string
			Terminal struct{ Ref string }
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			return err
		}
		s.lines[v.ID] = line
		s.refs[v.Terminal.Ref] = true
	}
}

func (s *support) open() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = false
}

func (s *support) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// lacks counts the entries that did not arrive.
func (s *support) lacks(entries []store.Entry) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range entries {
		if _, ok := s.lines[e.ID]; !ok {
			n++
		}
	}
	return n
}

// TestShip: failures of a daemon arrive at a receiver that was away, through a kill, and
// at a second one that a reload adds; nothing secret does.
func TestShip(t *testing.T) {
	host := acquirer(t, signontest.Options{Behaviour: "code=96"})
	first, second := newSupport(t, true), newSupport(t, false)
	ship := func(to ...*support) string {
		text := "ship:\n"
		for _, s := range to {
			text += "  - {to: \"" + s.URL + "/posprobe\"}\n"
		}
		return text
	}
	file, dir := daemonSite(t, host.Addr(), ship(first))
	start := func() *agent { return startAgent(t, "", nil, hasty(t), "run", "--config", file) }
	failures := func() (out []store.Entry) {
		for _, e := range keptLines(t, dir) {
			if e.Stream == store.Failures {
				out = append(out, e)
			}
		}
		return out
	}
	a := start()
	a.until("reports and an attempt to ship them", func() bool { return len(failures()) > 3 && first.requests() > 0 })
	a.until("trouble in the status", func() bool {
		o := a.ask("service", "status", "--lang", "en")
		return strings.Contains(o.stdout, "nothing goes there since") && strings.Contains(o.stdout, "HTTP status 503")
	})
	a.kill()
	stored := failures()
	first.open()
	a = start()
	a.until("what was stored before the kill", func() bool { return first.lacks(stored) == 0 })

	replace(t, file, daemonYAML(host.Addr(), dir, ship(first, second)))
	a.signal(syscall.SIGHUP)
	a.until("the same at the second receiver", func() bool { return second.lacks(stored) == 0 })
	a.until("a status of both", func() bool {
		return strings.Count(a.ask("service", "status", "--lang", "zh").stdout, "上报到 ") == 2
	})
	a.stop()
	for n, s := range []*support{first, second} {
		if refs := maps.Clone(s.refs); len(refs) != 1 || refs[""] {
			t.Errorf("receiver %d knows this terminal as %v", n+1, refs)
		}
		for _, secret := range []string{testTerminal, testMerchant} {
			if strings.Contains(s.all.String(), secret) {
				t.Errorf("%s arrived at receiver %d", secret, n+1)
			}
		}
	}
}
