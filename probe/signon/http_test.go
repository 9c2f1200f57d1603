package signon

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"posprobe/report"
)

// answer is an HTTP answer with a length.
func answer(status, body string) string {
	return "HTTP/1.1 " + status + "\r\nDate: Tue, 01 Dec 2026 01:30:12 GMT\r\nContent-Length: " + itoa(len(body)) + "\r\n\r\n" + body
}

func itoa(n int) string {
	return strings.TrimLeft(decimals(n, 6), "0") + map[bool]string{true: "0"}[n == 0]
}

// postConfig is echoConfig by way of an access gateway.
func postConfig() Config {
	c := echoConfig()
	c.HTTP, c.Host = &HTTP{Path: "/mjc/webtrans/VPB_lb"}, "gateway.example:443"
	return c
}

// The request is the one that terminals send to UnionPay's access gateway.
func TestPost(t *testing.T) {
	config := postConfig()
	config.HTTP.Headers = []string{"X-Token: t0ken", "user-agent: Donjin Http 0.1"}
	d := mustNew(t, config)
	q, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(d.Request())))
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(q.Body)
	if q.Method != "POST" || q.URL.Path != "/mjc/webtrans/VPB_lb" || q.Host != "gateway.example:443" || !q.Close || !bytes.Equal(body, unhex(t, frameEcho)) {
		t.Errorf("%+v with %x", q, body)
	}
	for name, want := range map[string]string{"Content-Type": "x-ISO-TPDU/x-auth", "Accept": "*/*", "Cache-Control": "no-cache",
		"X-Token": "t0ken", "User-Agent": "Donjin Http 0.1"} {
		if got := q.Header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if d.KeysComeBack() || !d.Repeatable() || !d.EndsWithRequest() || d.MessageType() != "0820" {
		t.Error("a POST changes what the message is")
	}
}

func TestPostReplies(t *testing.T) {
	frame := string(unhex(t, frameEchoReply))
	good := Reply{MessageType: "0830", ResponseCode: "00", Requirement: "0", HostTime: "1123101112", Status: 200, Body: 61}
	bare := string(framed(unhex(t, "6000000003603100311000"), "0830", map[int]string{39: "00", 41: "99999906"}))
	for _, c := range []struct {
		name, in string
		want     Reply
		fails    report.FailureType
	}{
		{"good", answer("200 OK", frame), good, ""},
		{"in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n" + frame[:5] + "\r\n38\r\n" + frame[5:] + "\r\n0\r\n\r\n", good, ""},
		{"to the end", "HTTP/1.0 200 OK\r\n\r\n" + frame, good, ""},
		{"a line end behind it", answer("200 OK", frame+"\r\n"), Reply{MessageType: "0830", ResponseCode: "00", Requirement: "0", HostTime: "1123101112", Status: 200, Body: 63}, ""},
		{"the gateway's time where the host has none", answer("200 OK", bare),
			Reply{MessageType: "0830", ResponseCode: "00", Requirement: "0", HostTime: "2026-12-01T01:30:12Z", Status: 200, Body: len(bare)}, ""},
		{"the host behind the gateway is down", "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", Reply{Status: 500}, report.FailHTTPStatus},
		{"the same, and the connection stays", "HTTP/1.1 500 Internal Server Error\r\nConnection: keep-alive\r\n\r\n", Reply{Status: 500}, report.FailHTTPStatus},
		{"an error page", answer("404 Not Found", "<html>"), Reply{Status: 404, Body: 6}, report.FailHTTPStatus},
		{"a redirection", "HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\nContent-Length: 0\r\n\r\n", Reply{Status: 302}, report.FailHTTPStatus},
		{"a page", answer("200 OK", "<html>log in</html>"), Reply{Status: 200, Body: 19}, report.FailNotISO8583},
		{"nothing", answer("200 OK", ""), Reply{Status: 200}, report.FailNotISO8583},
		{"no content", "HTTP/1.1 204 No Content\r\n\r\n", Reply{Status: 204}, report.FailNotISO8583},
		{"half a frame", answer("200 OK", frame[:30]), Reply{Status: 200, Body: 30}, report.FailLength},
		{"half a prefix", answer("200 OK", frame[:1]), Reply{Status: 200, Body: 1}, report.FailLength},
		{"a prefix that lies", answer("200 OK", "\x00\x10"+frame[2:]), Reply{MessageType: "0830", Status: 200, Body: 61}, report.FailLength},
		{"another type", answer("200 OK", string(unhex(t, frameEcho))), Reply{MessageType: "0820", Status: 200, Body: 54}, report.FailMessageType},
		{"half a body", answer("200 OK", frame)[:120], Reply{Status: 200, Body: 120 - (len(answer("200 OK", frame)) - 61)}, report.FailCutShort},
		{"half a head", "HTTP/1.1 200 OK\r\nConte", Reply{}, report.FailCutShort},
		{"a frame alone", frame, Reply{}, report.FailNotHTTP},
		{"a banner", "SSH-2.0-OpenSSH_9.2\r\n", Reply{}, report.FailNotHTTP},
		{"an alert", "\x15\x03\x03\x00\x02\x02\x28", Reply{}, report.FailNotHTTP},
		{"a chunk that lies", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx", Reply{Status: 200}, report.FailNotHTTP},
	} {
		t.Run(c.name, func(t *testing.T) {
			// The deadline takes the place of an end where the connection stays.
			end := io.EOF
			if strings.Contains(c.name, "stays") {
				end = os.ErrDeadlineExceeded
			}
			d := &duplex{Reader: io.MultiReader(iotest.OneByteReader(strings.NewReader(c.in)), iotest.ErrReader(end))}
			got, err := mustNew(t, postConfig()).ReadReply(d)
			if c.fails != "" {
				wantType(t, err, c.fails)
			} else if err != nil {
				t.Error(err)
			}
			if got.Bytes > len(c.in) || got.Bytes == 0 || c.fails != report.FailNotHTTP && got.Bytes != len(c.in) {
				t.Errorf("%d of %d bytes", got.Bytes, len(c.in))
			}
			if got.Bytes = 0; got != c.want {
				t.Errorf("read\n%+v, want\n%+v", got, c.want)
			}
			if d.said.Len() > 0 {
				t.Errorf("said %q", d.said.String())
			}
		})
	}
	for _, err := range []error{io.EOF, os.ErrDeadlineExceeded} {
		if got, got2 := mustNew(t, postConfig()).ReadReply(hear(iotest.ErrReader(err))); got2 != err || got.Bytes != 0 {
			t.Errorf("before the first byte: %+v, %v", got, got2)
		}
	}
}

func httpConfig(change func(*HTTP)) Config {
	h := &HTTP{Path: "/health"}
	change(h)
	return Config{Protocol: ProtocolHTTP, HTTP: h, Host: "api.acquirer.example", Terminal: "99999906"}
}

func TestHTTPRequest(t *testing.T) {
	get := httpConfig(func(h *HTTP) { h.Headers = []string{"Authorization: Bearer t0ken"} })
	post := httpConfig(func(h *HTTP) { h.Headers = []string{"Content-Type: application/json"} })
	post.Send = []byte(`{"ping":1}`)
	head := httpConfig(func(h *HTTP) { h.Method, h.Path = "HEAD", "" })
	for want, config := range map[string]Config{
		"GET /health HTTP/1.1\r\nHost: api.acquirer.example\r\nUser-Agent: posprobe\r\nAccept: */*\r\nAuthorization: Bearer t0ken\r\nConnection: close\r\n\r\n":                                          get,
		"POST /health HTTP/1.1\r\nHost: api.acquirer.example\r\nUser-Agent: posprobe\r\nAccept: */*\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 10\r\n\r\n" + `{"ping":1}`: post,
		"HEAD / HTTP/1.1\r\nHost: api.acquirer.example\r\nUser-Agent: posprobe\r\nAccept: */*\r\nConnection: close\r\n\r\n":                                                                              head,
		"GET / HTTP/1.1\r\nHost: \r\nUser-Agent: posprobe\r\nAccept: */*\r\nConnection: close\r\n\r\n":                                                                                                   {Protocol: ProtocolHTTP},
	} {
		d := mustNew(t, config)
		if got := string(d.Request()); got != want {
			t.Errorf("packed\n%q, want\n%q", got, want)
		}
		if d.KeysComeBack() || d.Repeatable() != !strings.HasPrefix(want, "POST") || !d.EndsWithRequest() || d.MessageType() != "" {
			t.Errorf("%q: repeatable %t", want, d.Repeatable())
		}
	}
}

func TestHTTPReplies(t *testing.T) {
	up := `{"status":"UP","checks":[{"state":1.50,"name":"db"},{"state":true}],"at":null,"status":"twice"}`
	value := func(path, value string) func(*HTTP) {
		return func(h *HTTP) { h.JSONPath, h.JSONValue = path, value }
	}
	const date = "2026-12-01T01:30:12Z"
	for _, c := range []struct {
		name   string
		change func(*HTTP)
		in     string
		fails  report.FailureType
		text   string
	}{
		{"any good status", func(*HTTP) {}, answer("204 No Content", ""), "", ""},
		{"no content is fine", func(*HTTP) {}, answer("200 OK", ""), "", ""},
		{"a status that is expected", func(h *HTTP) { h.Status = []int{401, 403} }, answer("403 Forbidden", "no"), "", ""},
		{"one that is not", func(h *HTTP) { h.Status = []int{401, 403} }, answer("200 OK", "yes"), report.FailHTTPStatus, ""},
		{"server error", func(*HTTP) {}, answer("503 Service Unavailable", "down"), report.FailHTTPStatus, ""},
		{"pattern", func(h *HTTP) { h.Body = `"status": *"UP"` }, answer("200 OK", up), "", ""},
		{"no pattern", func(h *HTTP) { h.Body = `"DOWN"` }, answer("200 OK", up), report.FailUnexpected, ""},
		{"value", value("status", "UP"), answer("200 OK", up), "", ""},
		{"another value", value("status", "OK"), answer("200 OK", up), report.FailUnexpected, "UP"},
		{"a number as it is written", value("checks.0.state", "1.50"), answer("200 OK", up), "", ""},
		{"a truth", value("checks.1.state", "true"), answer("200 OK", up), "", ""},
		{"nothing", value("at", "null"), answer("200 OK", up), "", ""},
		{"no such member", value("state", "UP"), answer("200 OK", up), report.FailUnexpected, ""},
		{"no such element", value("checks.2.state", "UP"), answer("200 OK", up), report.FailUnexpected, ""},
		{"an object is no value", value("checks.0", "db"), answer("200 OK", up), report.FailUnexpected, ""},
		{"deeper than it is", value("status.x", "UP"), answer("200 OK", up), report.FailUnexpected, ""},
		{"no JSON", value("status", "UP"), answer("200 OK", "<html>UP</html>"), report.FailUnexpected, ""},
		{"JSON and more", value("status", "UP"), answer("200 OK", up+"}"), report.FailUnexpected, ""},
		{"ids in the value", value("status", "UP"), answer("200 OK", `{"status":"99999906\u001b[31m 6222021234567890"}`), report.FailUnexpected, "…[31m …"},
		{"compressed though not asked for", func(h *HTTP) { h.Body = "UP" }, answer("200 OK", "\x1f\x8b\x08\x00"), report.FailUnexpected, ""},
		{"not HTTP", func(*HTTP) {}, "220 mail ready\r\n", report.FailNotHTTP, ""},
		{"cut short", func(*HTTP) {}, answer("200 OK", up)[:110], report.FailCutShort, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := mustNew(t, httpConfig(c.change)).ReadReply(hear(strings.NewReader(c.in)))
			want := ""
			if c.fails != "" {
				wantType(t, err, c.fails)
			} else {
				want = date
				if err != nil {
					t.Error(err)
				}
			}
			if got.HostTime != want || got.HostText != c.text || got.Status == 0 && c.fails != report.FailNotHTTP && c.fails != report.FailCutShort {
				t.Errorf("read %+v", got)
			}
		})
	}
}

// A head request has no body to wait for, and of an endless body 64 KiB are enough.
func TestHTTPEnds(t *testing.T) {
	d := mustNew(t, httpConfig(func(h *HTTP) { h.Method = "HEAD" }))
	in := "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
	if got, err := d.ReadReply(hear(io.MultiReader(strings.NewReader(in), iotest.ErrReader(os.ErrDeadlineExceeded)))); err != nil || got.Status != 200 {
		t.Errorf("HEAD: %+v, %v", got, err)
	}
	d = mustNew(t, httpConfig(func(h *HTTP) { h.Body = "y" }))
	got, err := d.ReadReply(hear(&endless{first: "HTTP/1.1 200 OK\r\n\r\n", again: "x"}))
	if wantType(t, err, report.FailUnexpected); got.Body != 64<<10 || got.Bytes > 66<<10 {
		t.Errorf("endless: %+v", got)
	}
	_, err = d.ReadReply(hear(&endless{again: "HTTP/1.1 100 Continue\r\n\r\n"}))
	wantType(t, err, report.FailNotHTTP)
}

func TestJSONDepth(t *testing.T) {
	for _, c := range []struct {
		text, path string
		want       bool
	}{
		{strings.Repeat("[", 100000), "0", false},
		{strings.Repeat("[", 100000) + strings.Repeat("]", 100000), "0", false},
		{strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "0", false},
		{`{"deep":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `,"a":1}`, "a", true},
		{strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000), strings.Repeat("a.", 4999) + "a", true},
		{strings.Repeat(`{"a":`, 100000), strings.Repeat("a.", 99999) + "a", false},
		{`"` + strings.Repeat("x", 60000) + `"`, "a", false},
		{"", "a", false},
		{"1", "a", false},
	} {
		if _, ok := jsonValue([]byte(c.text), c.path); ok != c.want {
			t.Errorf("%.20s… %.10s…: %t", c.text, c.path, ok)
		}
	}
}

// A host that answers while the request is still being sent has its answer read.
func TestPostWriteFails(t *testing.T) {
	if _, err := mustNew(t, postConfig()).ReadReply(broken{strings.NewReader(answer("413 Too Large", ""))}); errors.Is(err, errBroken) {
		t.Error("something was written while the answer was read")
	}
}

func FuzzWeb(f *testing.F) {
	f.Add([]byte(answer("200 OK", `{"status":"UP"}`)))
	f.Add([]byte(answer("200 OK", string(unhex(f, frameEchoReply)))))
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[[[\r\n0\r\n\r\n"))
	post := mustNew(f, postConfig())
	get := mustNew(f, httpConfig(func(h *HTTP) { h.JSONPath, h.JSONValue = "status", "UP" }))
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, d := range []Dialect{post, get} {
			r := &tap{r: bytes.NewReader(in)}
			reply, err := d.ReadReply(r)
			checkReply(t, reply, err)
			if taken := len(in) - r.r.Len(); reply.Bytes != taken {
				t.Fatalf("%d bytes taken, %d reported", taken, reply.Bytes)
			}
			if err == nil && reply.Status == 0 || reply.Body > 64<<10 {
				t.Fatalf("%+v, %v", reply, err)
			}
			r.checkBuffers(t, 2048)
		}
	})
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":"x"}]}`), "a.1.b")
	f.Fuzz(func(t *testing.T, text []byte, path string) {
		if v, ok := jsonValue(text, path); ok && len(v) > 3*len(text) {
			t.Fatalf("%q", v)
		}
	})
}
