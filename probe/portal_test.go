package probe

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"posprobe/probe/clean"
	"posprobe/report"

	"github.com/miekg/dns"
)

// answerHTTP reads a request, checks it with the library, and sends an answer.
func answerHTTP(t *testing.T, answer func(net.Conn)) func(net.Conn) {
	return func(c net.Conn) {
		q, err := http.ReadRequest(bufio.NewReader(c))
		if err != nil || q.Method != "GET" || q.URL.Path != "/generate_204" || !q.Close || q.Host == "" || len(q.Cookies()) != 0 {
			t.Errorf("request %+v, %v", q, err)
			return
		}
		answer(c)
	}
}

func text(s string) func(net.Conn) { return func(c net.Conn) { io.WriteString(c, s) } }

func TestPortal(t *testing.T) {
	kept := func(c net.Conn) { io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n"); hang(c) }
	endless := func(c net.Conn) {
		for {
			if _, err := io.WriteString(c, "HTTP/1.1 200 OK and so on\r\n"); err != nil {
				return
			}
		}
	}
	long := func(c net.Conn) {
		io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
		for {
			if _, err := io.WriteString(c, strings.Repeat("x", 512)); err != nil {
				return
			}
		}
	}
	for _, tt := range []struct {
		name   string
		answer func(net.Conn)
		want   report.Portal
		fail   report.FailureType
	}{
		{"nobody in between", text("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"), report.Portal{Status: 204}, ""},
		{"without a reason phrase", text("HTTP/1.0 204\r\n\r\n"), report.Portal{Status: 204}, ""},
		{"the connection is kept", kept, report.Portal{Status: 204}, ""},
		{"a redirection", text("HTTP/1.1 302 Found\r\nlocation: http://portal\x1b[31m.example:8080/login?from=x\r\n\r\n"), report.Portal{Status: 302, Location: clean.Text("portal\x1b[31m.example")}, ""},
		{"a page", text("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nlogin"), report.Portal{Status: 200, BodyBytes: 5}, ""},
		{"authentication required", text("HTTP/1.1 511 Network Authentication Required\r\n\r\nlogin"), report.Portal{Status: 511, BodyBytes: 5}, ""},
		{"a body without end", long, report.Portal{Status: 200, BodyBytes: maxPortalBody}, ""},
		{"a head without end", endless, report.Portal{}, report.FailMalformed},
		{"no HTTP", text("220 mail.acquirer.example ESMTP\r\n\r\n"), report.Portal{}, report.FailMalformed},
		{"no HTTP, and closed", text("220 mail"), report.Portal{}, report.FailMalformed},
		{"cut short", text("HTTP/1.1 20"), report.Portal{}, report.FailCutShort},
		{"closed", text(""), report.Portal{}, report.FailClosed},
		{"silent", hang, report.Portal{}, report.FailDeadline},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			url := "http://" + serve(t, answerHTTP(t, tt.answer)) + "/generate_204"
			req := asks(requestFor(Endpoint{Address: serve(t, answerTo(4, "PONG"))}), report.AskPortal)
			req.Portal = url
			e := Round(t.Context(), loopbackSystem(t), req)
			checkCounts(t, e)
			if len(e.Portals) != 1 {
				t.Fatalf("portals %+v", e.Portals)
			}
			p := e.Portals[0]
			if p.URL != url || p.ElapsedMs <= 0 || p.Status != tt.want.Status || p.Location != tt.want.Location || p.BodyBytes != tt.want.BodyBytes {
				t.Errorf("portal %+v", p)
			}
			if task := taskOf(t, e, report.TaskPortal); tt.fail == "" && (p.Failure != nil || task.Outcome != report.OutcomeAnswered) {
				t.Errorf("failure %+v, task %+v", p.Failure, task)
			}
			if tt.fail != "" {
				wantFailure(t, p.Failure, report.OpRead, tt.fail)
			}
		})
	}
}

// The portal's host is looked up where the terminal looks names up, and what its address
// may not be is not asked.
func TestPortalByName(t *testing.T) {
	page := serve(t, answerHTTP(t, text("HTTP/1.1 204 No Content\r\n\r\n")))
	for _, tt := range []struct {
		answer string
		status int64
	}{{"198.51.100.80", 204}, {"127.0.0.1", 0}} {
		system := resolver(t, func(w dns.ResponseWriter, q *dns.Msg) {
			m := new(dns.Msg).SetReply(q)
			m.Answer = append(m.Answer, rr(t, "portal.example. 30 IN A "+tt.answer))
			w.WriteMsg(m)
		})
		sys, _ := elsewhere(loopbackSystem(t), map[string]string{"198.51.100.80": page})
		req := asks(requestFor(Endpoint{Address: "127.0.0.1:1"}), report.AskPortal)
		req.Resolvers, req.Portal = []netip.AddrPort{system}, "http://portal.example/generate_204"
		e := Round(t.Context(), sys, req)
		checkCounts(t, e)
		if len(e.Portals) != 1 || e.Portals[0].Status != tt.status || (e.Portals[0].Failure == nil) != (tt.status != 0) ||
			len(e.Lookups) != 1 || e.Lookups[0].Name != "portal.example" || e.Lookups[0].Task != e.Portals[0].Task {
			t.Errorf("portals %+v, lookups %+v", e.Portals, e.Lookups)
		}
	}
}

func TestHostOf(t *testing.T) {
	for url, want := range map[string]string{
		"http://portal.example/x": "portal.example", "//portal.example:8080": "portal.example", "/login?to=http://x/": "",
		"https://user:word@[2001:db8::1]:8080/": "2001:db8::1", "http://[2001:db8::1]": "2001:db8::1", "": "", "login": "",
		`http://portal.example\@other.example/`: "portal.example",
	} {
		if got := hostOf(url); got != want {
			t.Errorf("%q: %q, want %q", url, got, want)
		}
	}
}

func FuzzPortal(f *testing.F) {
	f.Add("HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\nContent-Length: 3\r\n\r\nabc")
	f.Add("HTTP/1.0 200\n\n")
	f.Fuzz(func(t *testing.T, answer string) {
		var p report.Portal
		began := time.Now()
		err := readPortal(strings.NewReader(answer), &p)
		if (err == nil) != (p.Status != 0) || p.Status != 0 && (p.Status < 100 || p.Status > 599) || p.BodyBytes < 0 || p.BodyBytes > maxPortalBody ||
			clean.Text(p.Location) != p.Location || time.Since(began) > time.Minute {
			t.Fatalf("%+v %v", p, err)
		}
	})
}
