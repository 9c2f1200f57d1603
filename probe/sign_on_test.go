package probe

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"posprobe/probe/signon"
	"posprobe/report"
)

// dialectOf is the dialect of a configuration.
func dialectOf(t *testing.T, c signon.Config) signon.Dialect {
	t.Helper()
	d, err := signon.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// webDialect asks for a page that says that all is well.
func webDialect(t *testing.T) signon.Dialect {
	return dialectOf(t, signon.Config{Protocol: signon.ProtocolHTTP, Host: "api.acquirer.example",
		HTTP: &signon.HTTP{Path: "/health", JSONPath: "status", JSONValue: "UP"}})
}

// answerWeb reads a request and sends an answer.
func answerWeb(answer string) func(net.Conn) {
	return func(c net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
			io.WriteString(c, answer)
		}
	}
}

// What an HTTP answer was is in the report, be it good or not.
func TestHTTPAnswers(t *testing.T) {
	ago := time.Now().Add(-time.Hour).UTC()
	for _, tt := range []struct {
		name, answer string
		fails        report.FailureType
		status, body int64
	}{
		{"good", "HTTP/1.1 200 OK\r\nDate: " + ago.Format(http.TimeFormat) + "\r\nContent-Length: 15\r\n\r\n" + `{"status":"UP"}`, "", 200, 15},
		{"the empty answer of a gateway", "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", report.FailHTTPStatus, 500, 0},
		{"down", "HTTP/1.1 200 OK\r\n\r\n" + `{"status":"DOWN"}`, report.FailUnexpected, 200, 17},
		{"not HTTP", "220 mail ready\r\n", report.FailNotHTTP, 0, 0},
		{"cut short", "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{", report.FailCutShort, 200, 1},
		{"closed", "", report.FailClosed, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := webDialect(t)
			e := Round(t.Context(), loopbackSystem(t), requestFor(Endpoint{Address: serve(t, answerWeb(tt.answer)), Dialect: d}))
			checkCounts(t, e)
			s := e.SignOns[0]
			if tt.fails != "" {
				wantFailure(t, s.Failure, report.OpRead, tt.fails)
			} else if s.Failure != nil {
				t.Fatalf("failure %+v", s.Failure)
			}
			if (s.HTTPStatus == nil) != (tt.status == 0) || (s.HTTPBodyBytes == nil) != (tt.status == 0) ||
				tt.status != 0 && (*s.HTTPStatus != tt.status || *s.HTTPBodyBytes != tt.body) {
				t.Errorf("status %v, body %v", s.HTTPStatus, s.HTTPBodyBytes)
			}
			if s.Protocol != signon.ProtocolHTTP || s.RequestBytes != int64(len(d.Request())) || s.ReplyBytes == 0 && tt.answer != "" {
				t.Errorf("%+v", s)
			}
			var seen []report.Clock
			for _, c := range e.Clocks {
				if c.Source == report.ClockReply {
					seen = append(seen, c)
				}
			}
			if (len(seen) == 1) != (tt.name == "good") {
				t.Fatalf("clocks %+v", seen)
			}
			if len(seen) == 1 && (*seen[0].OffsetMs > -3590e3 || *seen[0].OffsetMs < -3660e3) {
				t.Errorf("an hour ago is %v ms", *seen[0].OffsetMs)
			}
		})
	}
}

// All that is sent is counted: the request, further steps, and answers to polls.
func TestAllThatIsSentCounts(t *testing.T) {
	steps := dialectOf(t, signon.Config{Protocol: signon.ProtocolTCP, Send: []byte("HELLO\n"), Expect: "^220",
		Steps: []signon.Step{{Send: []byte("PING\n"), Expect: "PONG"}}})
	echo := dialectOf(t, signon.Config{Protocol: signon.ProtocolISO1987, Framing: "visa", Stan: 1, Time: time.Now()})
	talk := func(c net.Conn) {
		in := bufio.NewReader(c)
		for _, answer := range []string{"220 ready\n", "PONG\n"} {
			if _, err := in.ReadString('\n'); err != nil {
				return
			}
			io.WriteString(c, answer)
		}
	}
	polls := func(c net.Conn) {
		io.ReadFull(c, make([]byte, len(echo.Request())))
		io.WriteString(c, "\x00\x00\x00\x00")
		if _, err := io.ReadFull(c, make([]byte, 4)); err == nil {
			io.WriteString(c, "\x00\x16\x00\x000810000000000200000000")
		}
	}
	for name, tt := range map[string]struct {
		dialect    signon.Dialect
		handle     func(net.Conn)
		sent, came int64
	}{
		"steps": {steps, talk, 11, 15},
		"polls": {echo, polls, int64(len(echo.Request())) + 4, 4 + 4 + 22},
	} {
		e := Round(t.Context(), loopbackSystem(t), requestFor(Endpoint{Address: serve(t, tt.handle), Dialect: tt.dialect}))
		s := e.SignOns[0]
		if s.Failure != nil || s.RequestBytes != tt.sent || s.ReplyBytes != tt.came {
			t.Errorf("%s: %d bytes sent, %d came, %+v", name, s.RequestBytes, s.ReplyBytes, s.Failure)
		}
	}
}

// A peer that resets the connection between two steps did that, whichever operation hears of it.
func TestStepThatCannotBeSent(t *testing.T) {
	d := dialectOf(t, signon.Config{Protocol: signon.ProtocolTCP, Send: []byte("HELLO\n"), Expect: "^220", Steps: []signon.Step{
		{Send: []byte("PING\n"), Expect: "PONG"}, {Send: []byte("PING\n"), Expect: "PONG"}, {Send: []byte("PING\n"), Expect: "PONG"}}})
	closed := func(c net.Conn) {
		io.ReadFull(c, make([]byte, 6))
		io.WriteString(c, "220 ready\nPONG\nPONG\nPONG\n")
		reset(c)
	}
	e := Round(t.Context(), loopbackSystem(t), requestFor(Endpoint{Address: serve(t, closed), Dialect: d}))
	if f := e.SignOns[0].Failure; f == nil || !f.Is(report.FailReset) {
		t.Errorf("failure %+v", f)
	}
}

// Our end follows at once only where nothing more may have to be said, and no message is
// repeated that may do more the second time.
func TestEarlyEndOfDialects(t *testing.T) {
	tcp := func(steps ...signon.Step) signon.Config {
		return signon.Config{Protocol: signon.ProtocolTCP, Expect: "^220", Steps: steps}
	}
	echo := signon.Config{Protocol: signon.ProtocolISO1987, Stan: 1, Time: time.Now()}
	polled := echo
	polled.Framing = "base24"
	page := signon.Config{Protocol: signon.ProtocolHTTP}
	post := page
	post.Send = []byte("x")
	signsOn := echo
	signsOn.Message = signon.MessageSignOn
	for name, tt := range map[string]struct {
		config       signon.Config
		early, small bool
	}{
		"echo":                {echo, true, true},
		"with polls":          {polled, false, true},
		"a page":              {page, true, true},
		"a form":              {post, false, false},
		"a sign-on":           {signsOn, false, false},
		"a banner":            {tcp(), true, true},
		"a banner and a step": {tcp(signon.Step{Expect: "x"}), false, true},
		"bytes in a step":     {tcp(signon.Step{Send: []byte("x")}), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := asks(requestFor(Endpoint{Address: serve(t, hang), Dialect: dialectOf(t, tt.config)}), report.AskEarlyEnd)
			req.Wants = func(report.Evidence) []report.Question {
				return []report.Question{report.AskEarlyEnd, report.AskSmallSegments}
			}
			req.Reply, req.FollowUp = 200*time.Millisecond, 2*time.Second
			e := Round(t.Context(), loopbackSystem(t), req)
			if got := len(tasksOfKind(e, report.TaskEarly)) > 0; got != tt.early {
				t.Errorf("early end: %+v", tasksOfKind(e, report.TaskEarly))
			}
			if got := len(tasksOfKind(e, report.TaskSmall)) > 0; got != tt.small {
				t.Errorf("again: %+v", tasksOfKind(e, report.TaskSmall))
			}
		})
	}
}

// A complete HTTP request may be followed by our end at once: the answer still comes.
func TestEarlyEndOverHTTP(t *testing.T) {
	answer := "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n" + `{"status":"UP"}`
	endpoint := Endpoint{Address: serve(t, secondTime(func(c net.Conn) {
		q, err := http.ReadRequest(bufio.NewReader(c))
		if err != nil || !q.Close {
			t.Errorf("request %+v, %v", q, err)
		}
		if rest, err := io.ReadAll(c); err != nil || len(rest) > 0 {
			t.Errorf("behind the request: %q, %v", rest, err)
		}
		io.WriteString(c, answer)
	})), Dialect: webDialect(t)}
	req := asks(requestFor(endpoint), report.AskEarlyEnd)
	req.Reply, req.FollowUp = 400*time.Millisecond, 3*time.Second
	e := Round(t.Context(), loopbackSystem(t), req)
	if task := taskOf(t, e, report.TaskEarly); task.Outcome != report.OutcomeAnswered {
		t.Errorf("task %+v", task)
	}
}

// A late answer that is longer than what is listened for is a late answer nevertheless.
func TestLateHTTPAnswer(t *testing.T) {
	for name, tt := range map[string]struct {
		late string
		want bool
	}{
		"short":    {"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n" + `{"status":"UP"}`, true},
		"long":     {"HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n" + strings.Repeat(" ", 20000), true},
		"not HTTP": {strings.Repeat("x", 20000), false},
		"cut":      {"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			endpoint := Endpoint{Address: serve(t, func(c net.Conn) {
				hang(c) // to our end
				io.WriteString(c, tt.late)
			}), Dialect: webDialect(t)}
			req := requestFor(endpoint)
			req.Reply = 300 * time.Millisecond
			end := Round(t.Context(), loopbackSystem(t), req).SignOns[0].Ending
			if end == nil || end.Replied != tt.want {
				t.Errorf("ending %+v", end)
			}
		})
	}
}
