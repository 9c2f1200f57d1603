package probe

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"posprobe/report"

	"github.com/miekg/dns"
)

// ntpStamp writes a time as a time server does (RFC 5905 section 6).
func ntpStamp(p []byte, t time.Time) {
	since1900 := t.Unix() + 25567*86400 // days from 1900 to 1970
	binary.BigEndian.PutUint32(p, uint32(since1900))
	binary.BigEndian.PutUint32(p[4:], uint32(uint64(t.Nanosecond())<<32/1e9))
}

// ntpReply is a sound answer of a server whose clock says t.
func ntpReply(question []byte, t time.Time) []byte {
	p := make([]byte, 48)
	p[0], p[1], p[2], p[3] = 0x24, 2, 6, 0xec
	binary.BigEndian.PutUint32(p[4:], 0x0000_0800)
	binary.BigEndian.PutUint32(p[8:], 0x0000_1000)
	copy(p[12:], "GPS\x00")
	ntpStamp(p[16:], t.Add(-20*time.Second))
	copy(p[24:32], question[40:48])
	ntpStamp(p[32:], t)
	ntpStamp(p[40:], t.Add(50*time.Microsecond))
	return p
}

// ntpServer hands each datagram to handle, which returns what to answer with.
func ntpServer(t *testing.T, handle func(n int, question []byte) [][]byte) netip.AddrPort {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	go func() {
		buf := make([]byte, 2048)
		for n := 1; ; n++ {
			m, from, err := c.ReadFrom(buf)
			if err != nil {
				return
			}
			for _, p := range handle(n, buf[:m]) {
				c.WriteTo(p, from)
			}
		}
	}()
	return c.LocalAddr().(*net.UDPAddr).AddrPort()
}

// askedTime is a round in which the time server is asked, while the device's clock says
// wall.
func askedTime(t *testing.T, server string, wall func() time.Time, change func(*Request, *System)) report.Evidence {
	t.Helper()
	sys := loopbackSystem(t)
	sys.Now = wall
	req := asks(requestFor(Endpoint{Address: serve(t, answerTo(4, "PONG"))}), report.AskClock)
	req.Site.TimeServer = server
	if change != nil {
		change(&req, &sys)
	}
	e := Round(t.Context(), sys, req)
	checkCounts(t, e)
	return e
}

func serverClocks(e report.Evidence) []report.Clock {
	var out []report.Clock
	for _, c := range e.Clocks {
		if c.Source == report.ClockServer {
			out = append(out, c)
		}
	}
	return out
}

func TestTimeServer(t *testing.T) {
	one := func(change func([]byte)) func(int, []byte) [][]byte {
		return func(_ int, q []byte) [][]byte {
			p := ntpReply(q, time.Now())
			change(p)
			return [][]byte{p}
		}
	}
	for _, tt := range []struct {
		name   string
		handle func(n int, q []byte) [][]byte
		wall   func() time.Time
		want   time.Duration
		fail   report.FailureType
	}{
		{name: "it agrees", handle: one(func([]byte) {})},
		{name: "the device is eight hours behind", handle: one(func([]byte) {}), wall: func() time.Time { return time.Now().Add(-8 * time.Hour) }, want: 8 * time.Hour},
		{name: "the device never was set", handle: one(func([]byte) {}), wall: func() time.Time { return time.Unix(60, 0) }, want: time.Since(time.Unix(60, 0))},
		{name: "after 2036", handle: func(_ int, q []byte) [][]byte {
			return [][]byte{ntpReply(q, time.Now().AddDate(20, 0, 0))}
		}, wall: func() time.Time { return time.Now().AddDate(20, 0, 0).Add(time.Hour) }, want: -time.Hour},
		{name: "with what comes after the header", handle: func(_ int, q []byte) [][]byte {
			return [][]byte{append(ntpReply(q, time.Now()), make([]byte, 900)...)}
		}},
		{name: "version 3", handle: one(func(p []byte) { p[0] = 0x1c })},
		{name: "the first question is lost", handle: func(n int, q []byte) [][]byte {
			if n == 1 {
				return nil
			}
			return [][]byte{ntpReply(q, time.Now())}
		}},
		{name: "after strangers' answers", handle: func(_ int, q []byte) [][]byte {
			guess := ntpReply(q, time.Unix(0, 0))
			guess[24] ^= 1
			return [][]byte{{}, q, guess, ntpReply(q, time.Unix(0, 0))[:47], ntpReply(q, time.Now())}
		}},
		{name: "rate limited", handle: one(func(p []byte) { p[0], p[1] = 0xe4, 0; copy(p[12:], "RATE") }), fail: report.FailUnexpected},
		{name: "a kiss of bytes", handle: one(func(p []byte) { p[1] = 0; copy(p[12:], "\x1b[1m") }), fail: report.FailUnexpected},
		{name: "not synchronised", handle: one(func(p []byte) { p[0] = 0xe4 }), fail: report.FailUnexpected},
		{name: "not synchronised, by its stratum", handle: one(func(p []byte) { p[1] = 16 }), fail: report.FailUnexpected},
		{name: "not sure of itself", handle: one(func(p []byte) { p[9] = 17 }), fail: report.FailUnexpected},
		{name: "it sent before it received", handle: one(func(p []byte) { ntpStamp(p[32:], time.Now().Add(time.Minute)) }), fail: report.FailMalformed},
		{name: "it kept it longer than it took", handle: one(func(p []byte) { ntpStamp(p[40:], time.Now().Add(time.Minute)) }), fail: report.FailMalformed},
		{name: "no time at all", handle: one(func(p []byte) { clear(p[32:]) }), fail: report.FailMalformed},
		{name: "a flood of nothing", handle: func(_ int, q []byte) [][]byte {
			out := make([][]byte, 40)
			for i := range out {
				out[i] = make([]byte, 48)
			}
			return out
		}, fail: report.FailMalformed},
		{name: "silent", handle: func(int, []byte) [][]byte { return nil }, fail: report.FailDeadline},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.wall == nil {
				tt.wall = time.Now
			}
			e := askedTime(t, ntpServer(t, tt.handle).String(), tt.wall, nil)
			task, clocks := taskOf(t, e, report.TaskTime), serverClocks(e)
			if tt.fail != "" {
				wantFailure(t, task.Failure, report.OpRead, tt.fail)
				if len(clocks) != 0 {
					t.Fatalf("clocks %+v", clocks)
				}
				return
			}
			if task.Outcome != report.OutcomeAnswered || len(clocks) != 1 || clocks[0].OffsetMs == nil {
				t.Fatalf("task %+v, clocks %+v", task, clocks)
			}
			if off := time.Duration(*clocks[0].OffsetMs * 1e6); (off - tt.want).Abs() > 3*time.Second {
				t.Errorf("offset %v, want %v", off, tt.want)
			}
		})
	}
}

// The question says nothing of the terminal, and two questions are not alike.
func TestTimeQuestion(t *testing.T) {
	a, b := askTime(time.Now()).packet(), askTime(time.Now()).packet()
	if len(a) != 48 || a[0] != 0x23 || [8]byte(a[40:]) == [8]byte(b[40:]) {
		t.Errorf("%x\n%x", a, b)
	}
	for i, v := range a[1:40] {
		if v != 0 {
			t.Errorf("byte %d is %x", i+1, v)
		}
	}
}

func TestTimeServerClosedPort(t *testing.T) {
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	e := askedTime(t, c.LocalAddr().String(), time.Now, nil)
	wantFailure(t, taskOf(t, e, report.TaskTime).Failure, report.OpRead, report.FailRefused)
}

// The server's host is looked up where the terminal looks names up, and not asked at an
// address that it may not have.
func TestTimeServerByName(t *testing.T) {
	server := ntpServer(t, func(_ int, q []byte) [][]byte { return [][]byte{ntpReply(q, time.Now())} })
	for _, tt := range []struct {
		answer string
		asked  bool
	}{{"198.51.100.123", true}, {"127.0.0.1", false}} {
		names := resolver(t, func(w dns.ResponseWriter, q *dns.Msg) {
			m := new(dns.Msg).SetReply(q)
			m.Answer = append(m.Answer, rr(t, "time.example. 30 IN A "+tt.answer))
			w.WriteMsg(m)
		})
		e := askedTime(t, "time.example:123", time.Now, func(req *Request, sys *System) {
			req.Resolvers = []netip.AddrPort{names}
			sys.Datagram = func(ctx context.Context, a netip.AddrPort) (net.Conn, error) {
				if a != netip.MustParseAddrPort("198.51.100.123:123") {
					t.Errorf("asked %v", a)
				}
				return datagram(ctx, server)
			}
		})
		if clocks := serverClocks(e); (len(clocks) == 1) != tt.asked {
			t.Errorf("%s: clocks %+v", tt.answer, clocks)
		}
	}
}

// An interrupted round does not wait for the server.
func TestTimeServerInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := ntpServer(t, func(int, []byte) [][]byte { cancel(); return nil })
	req := asks(requestFor(Endpoint{Address: serve(t, answerTo(4, "PONG"))}), report.AskClock)
	req.Site.TimeServer, req.FollowUp = server.String(), 20*time.Second
	e := Round(ctx, loopbackSystem(t), req)
	if task := taskOf(t, e, report.TaskTime); task.Outcome != report.OutcomeCancelled || !task.Failure.Is(report.FailCancelled) {
		t.Errorf("task %+v", task)
	}
}

// A round whose clock is wrong, told by a time server, blames the clock.
func TestTimeServerJudged(t *testing.T) {
	server := ntpServer(t, func(_ int, q []byte) [][]byte { return [][]byte{ntpReply(q, time.Now())} })
	for _, behind := range []time.Duration{0, 8 * time.Hour} {
		sys := loopbackSystem(t)
		sys.Now = func() time.Time { return time.Now().Add(-behind) }
		sys.Lists.Synchronized = nil
		req := requestFor(Endpoint{Address: closedEndpoint(t)})
		req.Site.TimeServer, req.Site.Limits = server.String(), report.DefaultLimits()
		req.Wants = func(e report.Evidence) []report.Question { return report.Diagnose(e).Wants }
		e := Round(t.Context(), sys, req)
		checkCounts(t, e)
		var found report.Confidence
		seen := false
		for _, f := range report.Diagnose(e).Findings {
			if f.Code == "device.clock.zone" {
				found, seen = f.Confidence, true
			}
		}
		if seen != (behind != 0) || seen && found != report.Likely {
			t.Errorf("%v behind: %v %q", behind, seen, found)
		}
		if at, known := report.TrueTime(e); !known || time.Since(at).Abs() > time.Minute {
			t.Errorf("%v behind: %v, %v", behind, at, known)
		}
	}
}

// closedEndpoint is an address that refuses connections.
func closedEndpoint(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// TestChrony asks a time server that others wrote.
func TestChrony(t *testing.T) {
	chronyd, err := exec.LookPath("chronyd")
	if err != nil {
		t.Skip("NOT TESTED: no chronyd")
	}
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := c.LocalAddr().(*net.UDPAddr).Port
	c.Close()
	conf := filepath.Join(t.TempDir(), "chrony.conf")
	text := "local stratum 8\nallow 127.0.0.1\nbindaddress 127.0.0.1\ncmdport 0\nport " + strconv.Itoa(port) + "\npidfile " + conf + ".pid\n"
	if err := os.WriteFile(conf, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	self, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, chronyd, "-x", "-d", "-U", "-u", self.Username, "-f", conf) // -x: it sets no clock
	if err := cmd.Start(); err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); cmd.Wait() })
	var clocks []report.Clock
	eventually(t, "chronyd answers", func() bool {
		clocks = serverClocks(askedTime(t, "127.0.0.1:"+strconv.Itoa(port), time.Now, nil))
		return len(clocks) == 1
	})
	if off := *clocks[0].OffsetMs; off < -1000 || off > 1000 {
		t.Errorf("offset %v ms", off)
	}
}

func FuzzTime(f *testing.F) {
	q := timeQuestion{cookie: [8]byte{1, 2, 3, 4, 5, 6, 7, 8}, sent: mustTime("2026-12-01T00:00:00Z")}
	f.Add(ntpReply(q.packet(), q.sent), int64(1e6))
	f.Add(make([]byte, 48), int64(0))
	f.Fuzz(func(t *testing.T, p []byte, elapsed int64) {
		if !q.answers(p) {
			return
		}
		off, err := q.offset(p, time.Duration(elapsed))
		// What can be told lies between 1968 and 2104.
		if at := q.sent.Add(off); err == nil && elapsed >= 0 && elapsed < int64(time.Minute) && (at.Year() < 1967 || at.Year() > 2105) {
			t.Fatalf("offset %v", off)
		}
	})
}
