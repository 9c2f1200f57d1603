package ship

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestDelivers(t *testing.T) {
	leaks(t)
	b, server := receive(t, nil)
	m := newMemory()
	m.add("healthy", lines(0, 50, good)...)
	m.add("failures", lines(50, 60, bad)...)
	s := ship(t, m, Config{}, Destination{To: server.URL + "/in?x=1"})
	want := slices.Concat(count(50, 60), count(0, 50)) // failures first
	eventually(t, "all reports", func() bool { return b.has(want...) })

	m.add("failures", bad(60))
	s.Stored("failures", 500)
	m.add("healthy", good(61))
	s.Stored("healthy", 500)
	eventually(t, "what was stored meanwhile", func() bool { return len(b.taken()) == 62 })
	eventually(t, "the count", func() bool { return s.Status()[0].Sent == 62 })
	if st := s.Status()[0]; st.Trouble != nil || st.SetAside+st.Unreadable+st.Missed+st.Rejected != 0 || st.LastSent.IsZero() {
		t.Errorf("%+v", st)
	}
	eventually(t, "closed files", func() bool { m.mu.Lock(); defer m.mu.Unlock(); return m.open == 0 })
}

// TestGoesOn: a second start goes on where the first one was.
func TestGoesOn(t *testing.T) {
	b, server := receive(t, nil)
	m := newMemory()
	m.add("healthy", lines(0, 5, good)...)
	d := Destination{To: server.URL}
	s := ship(t, m, Config{}, d)
	eventually(t, "five reports", func() bool { return m.Cursor(server.URL, "healthy") == "5" })
	s.Stop()
	m.add("healthy", lines(5, 7, good)...)
	ship(t, m, Config{}, d)
	eventually(t, "all", func() bool { return len(b.taken()) >= 7 })
	if got := b.taken(); len(got) != 7 || !b.has(count(0, 7)...) {
		t.Errorf("%v", got)
	}
}

// TestRude: whatever a receiver does, in the end it gets every report, and meanwhile the
// trouble has its name.
func TestRude(t *testing.T) {
	type rude struct {
		name string
		// first answers the first three requests; nil connections are served by raw instead.
		first func(w http.ResponseWriter, r *http.Request)
		want  Kind
		says  string
	}
	status := func(code int, header ...string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
			io.WriteString(w, "\x1b[2Jno")
		}
	}
	hijack := func(f func(net.Conn)) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				f(c)
				c.Close()
			}
		}
	}
	raw := func(text string) func(http.ResponseWriter, *http.Request) {
		return hijack(func(c net.Conn) { io.WriteString(c, text) })
	}
	for _, c := range []rude{
		{"429", status(429, "Retry-After", "0"), Busy, "429"},
		{"503", status(503), Busy, "503"},
		{"503 until a date", status(503, "Retry-After", "Mon, 01 Jan 2001 00:00:00 GMT"), Busy, "503"},
		{"500", status(500), Failing, "500"},
		{"502", status(502), Failing, "502"},
		{"408", status(408), Busy, "408"},
		{"401", status(401), Unauthorized, "401"},
		{"403", status(403), Unauthorized, "403"},
		{"404", status(404), NotFound, "404"},
		{"410", status(410), NotFound, "410"},
		{"405", status(405), NotFound, "405"},
		{"301", status(301, "Location", "https://elsewhere.example/\x1b"), Redirected, "elsewhere.example"},
		{"307", status(307, "Location", "/other"), Redirected, "/other"},
		{"400", status(400), Refused, "400"},
		{"418", status(418), Refused, "418"},
		{"a portal's page", status(200, "Content-Type", "text/html; charset=utf-8"), Garbled, "page"},
		{"garbage", raw("SSH-2.0-OpenSSH_9.2\r\n"), Garbled, "no HTTP"},
		{"two lengths", raw("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"), Garbled, "no HTTP"},
		{"another protocol", raw("HTTP/1.1 101 Switching Protocols\r\n\r\n"), Garbled, "no HTTP"},
		{"an endless head", hijack(func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			for i := 0; i < 10_000; i++ {
				if _, err := fmt.Fprintf(c, "X-%d: y\r\n", i); err != nil {
					return
				}
			}
		}), Garbled, "no HTTP"},
		{"closed without a word", raw(""), Unreachable, "closed"},
		{"closed in the head", raw("HTTP/1.1 200 OK\r\nContent-"), Unreachable, "closed"},
		{"closed in the body", raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), Unreachable, "closed"},
		{"closed in a chunk", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc"), Unreachable, "closed"},
		{"reset", hijack(func(c net.Conn) { c.(*net.TCPConn).SetLinger(0) }), Unreachable, ""},
		{"hung after reading", hijack(func(c net.Conn) { io.Copy(io.Discard, c) }), Unreachable, "in time"},
		{"a byte at a time", hijack(func(c net.Conn) {
			for _, b := range []byte(strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 1000)) {
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
		}), Unreachable, "in time"},
	} {
		t.Run(c.name, func(t *testing.T) {
			leaks(t)
			b, server := receive(t, func(n int, _ []string, w http.ResponseWriter, r *http.Request) bool {
				if n <= 3 {
					c.first(w, r)
					return false
				}
				return true
			})
			m := newMemory()
			m.add("failures", lines(0, 4, bad)...)
			said := make(chan Status, 100)
			s := ship(t, m, Config{Say: func(s Status) { said <- s }}, Destination{To: server.URL, Timeout: 300 * time.Millisecond})
			eventually(t, "all reports", func() bool {
				if c.want == Refused { // one was sent ahead, to see whether any is taken
					return len(unique(b.taken())) == 4
				}
				return b.has(count(0, 4)...)
			})
			first := <-said
			if first.Trouble == nil || first.Trouble.Kind != c.want || !strings.Contains(first.Trouble.Detail, c.says) || !printableOnly(first.Trouble.Detail) {
				t.Errorf("%v, want %s with %q", first.Trouble, c.want, c.says)
			}
			eventually(t, "the end of the trouble", func() bool { return s.Status()[0].Trouble == nil })
			if aside := m.setAside(server.URL); len(aside) != 0 {
				t.Errorf("set aside: %v", aside)
			}
			s.Stop()
		})
	}
}

func printableOnly(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

// TestFriendly are answers of receivers that mean well.
func TestFriendly(t *testing.T) {
	for name, text := range map[string]string{
		"no content":            "HTTP/1.1 204 No Content\r\n\r\n",
		"accepted":              "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n",
		"old":                   "HTTP/1.0 200 OK\r\n\r\nto the end",
		"interim answers":       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
		"bare line feeds":       "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
		"chunks":                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n1;x=y\r\na\r\n02\r\nbc\r\n0\r\nTrailer: z\r\n\r\n",
		"no reason":             "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
		"a body without end":    "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + strings.Repeat("x", maxBody+1000),
		"garbage in the body":   "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\x00\xff\xfe\x1b",
		"one length, repeated":  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
		"closes after each one": "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
	} {
		t.Run(name, func(t *testing.T) {
			b, server := receive(t, func(_ int, _ []string, w http.ResponseWriter, _ *http.Request) bool {
				c, _, err := w.(http.Hijacker).Hijack()
				if err == nil {
					io.WriteString(c, text)
					c.Close()
				}
				return true
			})
			m := newMemory()
			m.add("failures", lines(0, 6, bad)...)
			// None of them is a trouble, even if it closes the connection without a word of that.
			ship(t, m, Config{Say: func(s Status) { t.Error(s.Trouble) }}, Destination{To: server.URL, Batch: 1000})
			eventually(t, "the last batch", func() bool { return m.Cursor(server.URL, "failures") == "6" })
			if got := b.taken(); len(got) != 6 {
				t.Errorf("%v", got)
			}
		})
	}
}

// deafConn breaks when it is written to, after its peer has said what it had to say.
type deafConn struct {
	net.Conn
	said io.Reader
}

func (c deafConn) Write([]byte) (int, error)     { return 0, syscall.EPIPE }
func (c deafConn) Read(b []byte) (int, error)    { return c.said.Read(b) }
func (c deafConn) SetDeadline(t time.Time) error { return nil }

// TestAnswersBeforeTheEnd: who refuses a long batch before it has come, and closes, is
// understood all the same.
func TestAnswersBeforeTheEnd(t *testing.T) {
	for said, want := range map[string]string{
		"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n": "too_large: HTTP status 413",
		"": "broken pipe",
	} {
		c := deafConn{said: strings.NewReader(said)}
		k := &link{Conn: c, tcp: c, loaded: &loaded{}}
		h := &overHTTP{dialer: &dialer{d: Destination{}.withDefaults()}, link: k, reader: bufio.NewReader(k)}
		a, err := h.post([]byte("x"))
		got := fmt.Sprint(err)
		if err == nil {
			got = verdict(a, time.Now()).Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("%q: %s, want %s", said, got, want)
		}
	}
}

// TestConnection: one connection serves a whole backlog, and none is left open after it.
func TestConnection(t *testing.T) {
	leaks(t)
	peers := map[string]bool{}
	b, server := receive(t, func(_ int, _ []string, _ http.ResponseWriter, r *http.Request) bool {
		peers[r.RemoteAddr] = true // requests come one after the other
		return true
	})
	m := newMemory()
	m.add("failures", lines(0, 100, bad)...)
	s := ship(t, m, Config{}, Destination{To: server.URL, Batch: 2000})
	eventually(t, "the backlog", func() bool { return m.Cursor(server.URL, "failures") == "100" })
	if b.count() < 10 || len(peers) != 1 {
		t.Errorf("%d requests on %d connections", b.count(), len(peers))
	}
	s.Stop()
}

// TestLetsGo: a connection that was closed is not held until the end.
func TestLetsGo(t *testing.T) {
	_, server := receive(t, nil)
	d := Destination{To: server.URL}.withDefaults()
	to, err := d.target()
	if err != nil {
		t.Fatal(err)
	}
	k, why := (&dialer{d: d, t: to, files: &files{d: d, t: to}}).dial(t.Context())
	if why != nil {
		t.Fatal(why)
	}
	k.Close()
	if k.stop() {
		t.Error("the context still knew it")
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC) // the terminal's clock is wrong
	for _, c := range []struct {
		after, date string
		want        time.Duration
	}{
		{"", "", 0},
		{"120", "", 2 * time.Minute},
		{"999999999", "", longestRetry},
		{"99999999999999999999", "", 0},
		{"-5", "", 0},
		{"1.5", "", 0},
		{"soon", "", 0},
		{"Tue, 01 Dec 2026 09:30:30 GMT", "Tue, 01 Dec 2026 09:30:00 GMT", 30 * time.Second},
		{"Tuesday, 01-Dec-26 09:30:30 GMT", "Tue, 01 Dec 2026 09:30:00 GMT", 30 * time.Second},
		{"Tue Dec  1 09:30:30 2026", "Tue, 01 Dec 2026 09:30:00 GMT", 30 * time.Second},
		{"Tue, 01 Dec 2026 09:29:00 GMT", "Tue, 01 Dec 2026 09:30:00 GMT", 0},
		{"Tue, 01 Dec 2026 09:30:30 GMT", "", longestRetry}, // all that can be said
	} {
		if got := (answer{retryAfter: c.after, date: c.date}).wait(now); got != c.want {
			t.Errorf("%q at %q: %v, want %v", c.after, c.date, got, c.want)
		}
	}
}

// TestWaits: what a receiver asks for is waited for, and no more than the longest.
func TestWaits(t *testing.T) {
	for n := 1; n < 100; n++ {
		if d := usual.next(n); d < firstRetry/10 || d > lastRetry {
			t.Errorf("attempt %d: %v", n, d)
		}
		if d := usual.wait(&Trouble{Kind: Busy, after: 48 * time.Hour}, n); d < longestRetry || d > longestRetry+longestRetry/5 {
			t.Errorf("asked for too much: %v", d)
		}
		if d := usual.wait(&Trouble{Kind: Busy, after: 7 * time.Minute}, n); d < 7*time.Minute || d > 8*time.Minute {
			t.Errorf("asked for 7 min: %v", d)
		}
		if d := usual.wait(&Trouble{Kind: Unauthorized}, n); d < slowRetry/2 || d > slowRetry*3/2 {
			t.Errorf("slowly: %v", d)
		}
	}
	seen := map[time.Duration]bool{}
	for range 20 {
		seen[usual.next(5)] = true
	}
	if len(seen) < 15 {
		t.Errorf("back-off is hardly random: %v", seen)
	}
}
