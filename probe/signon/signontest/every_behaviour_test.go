package signontest

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// argument is one for each behaviour that needs one.
var argument = map[string]string{
	"code": "91", "clock": "8h", "slow": "10ms", "requirement": "3", "only": "6000030000", "status": "404",
	"then": "close", "trickle": "1ms", "drip": "1ms", "poll-drip": "1ms",
}

// asked is a request in each of the dialects of speaking.
func asked(dialect string) []byte {
	name := map[string]string{
		"visa": "unionpay after a poll", "iso8583-1987": "1987 characters",
		"iso8583-1987 bcd": "1987 packed, a header in front, a trailer behind", "iso8583-1993": "1993 with a binary bitmap",
		"http": "page", "tcp": "lines",
	}[dialect]
	if name == "" {
		name = dialect
	}
	for _, q := range questions() {
		if q.name == name {
			return q.wire
		}
	}
	frame := chars("0017 1804 0000010000000000 831")
	b, _ := hex.DecodeString(inHex("POST /iso HTTP/1.1\r\nHost: a.example\r\nContent-Length: 25\r\n\r\n") + "0017" + frame[8:])
	return b
}

// named is how a behaviour is asked for in tests.
func named(d Options, b Behaviour) string {
	switch {
	case b.Argument == "" || b.Default != "" && argument[b.Name] == "":
		return b.Name
	case b.Name == "code" && d.Protocol == iso1993:
		return "code=909"
	}
	return b.Name + "=" + argument[b.Name]
}

// what holds of all behaviours in all dialects: they take the request and do something
// that ends, or fills the line, or is silent; and the server ends at once after it.
func TestEveryBehaviour(t *testing.T) {
	var running sync.WaitGroup
	defer running.Wait()
	places := make(chan struct{}, 32)
	for dialect, o := range speaking() {
		list, err := BehavioursFor(o)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range list {
			if b.stage == onListen {
				continue // they have tests of their own
			}
			// Not by t.Parallel: they mostly wait.
			running.Go(func() {
				places <- struct{}{}
				defer func() { <-places }()
				o := o
				o.Behaviour = named(o, b)
				if err := tryBehaviour(o, b, dialect); err != nil {
					t.Errorf("%s, %s: %v", dialect, o.Behaviour, err)
				}
			})
		}
	}
}

// tryBehaviour asks once and returns what is wrong with what comes.
func tryBehaviour(o Options, b Behaviour, dialect string) error {
	s, err := Start(o)
	if err != nil {
		return err
	}
	defer s.Close()
	c, err := net.Dial("tcp", s.Addr())
	if b.Name == "reset-early" && errors.Is(err, syscall.ECONNRESET) {
		return nil // it may come before Dial returns
	}
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.Write(asked(dialect)); err != nil && b.stage == onRequest {
		return err
	}
	const most = 5_000_000
	wait := 60 * time.Second
	if contains("silent ignore only stall stall-body length-most drip banner greet keep poll-drip poll poll-storm", b.Name) {
		wait = 200 * time.Millisecond
	}
	c.SetReadDeadline(time.Now().Add(wait))
	if o.Protocol == lines && b.goesOn {
		c.(*net.TCPConn).CloseWrite()
	}
	n, err := io.Copy(io.Discard, io.LimitReader(c, most))
	late := errors.Is(err, os.ErrDeadlineExceeded)
	right := true
	switch b.Name {
	case "good", "code", "clock", "chunked", "continue", "gzip", "slow", "trickle", "secrets", "stuffed", "escapes":
		right = n >= 6 && err == nil && s.Requests() == 1+strings.Count(dialect, "tcp")
	case "silent", "ignore":
		right = n == 0 && late
	case "close", "reset":
		right = n == 0 && !late
	}
	if strings.HasPrefix(b.Name, "endless") {
		right = late || n == most
	}
	if !right {
		return fmt.Errorf("%d bytes, %v, %d requests", n, err, s.Requests())
	}
	return nil
}

// A stuffed reply is large and within what a client may take, and has every secret.
func TestStuffed(t *testing.T) {
	for dialect, o := range speaking() {
		o.Behaviour = "stuffed"
		c := dial(t, start(t, o))
		if _, err := c.Write(asked(dialect)); err != nil {
			t.Fatal(err)
		}
		c.CloseWrite()
		b, err := io.ReadAll(c)
		most := map[bool]int{true: 72 << 10, false: 2048 + 20}[o.HTTP != nil || o.Protocol == page]
		if err != nil || len(b) < 1200 || len(b) > most {
			t.Errorf("%s: %d bytes, %v", dialect, len(b), err)
		}
		for _, secret := range secretTexts() {
			if !bytes.Contains(b, []byte(secret)) {
				t.Errorf("%s: no %s", dialect, secret)
			}
		}
	}
}

// The faults that are particular to HTTP, byte for byte.
func TestHTTPFaults(t *testing.T) {
	for behaviour, want := range map[string]string{
		"status=404":        "HTTP/1.1 404 Not Found\r\n",
		"empty-500":         "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
		"redirect":          "Location: http://portal.example/login\r\n",
		"html":              "Content-Type: text/html\r\nContent-Length: 84\r\n\r\n<!DOCTYPE html>",
		"http-0.9":          `{"status":"UP","time":"`,
		"chunked":           "Transfer-Encoding: chunked\r\n\r\n2f;part=1\r\n{\"status\"",
		"continue":          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
		"no-reason":         "HTTP/1.1 200 \r\n",
		"wrong-json":        `{"status":"DOWN","time":"`,
		"broken-json":       "\r\n\r\n{\"status\":\"UP\",",
		"gbk":               "HTTP/1.1 503 " + gbkText + "\r\n",
		"secrets":           "X-Debug: pan=" + PlantedPAN,
		"two-lengths":       "Content-Length: 1\r\nContent-Length: 94\r\n",
		"chunk-size":        "\r\n\r\n8000000000000000\r\n0",
		"content-length=-1": "Content-Length: -1\r\n",
		"deep-json=3":       `{"status":[[[]]]}`,
		"gzip":              "Content-Encoding: gzip\r\n",
		"bad-status":        "HTTP/1.1 2OO OK\r\n",
	} {
		c := dial(t, start(t, Options{Protocol: page, Behaviour: behaviour}))
		if _, err := c.Write(asked("http")); err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(io.LimitReader(c, 4096))
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("%s: no %q in %q", behaviour, want, b)
		}
	}
}

// What an HTTP server refuses by itself.
func TestHTTPRefusals(t *testing.T) {
	gateway := start(t, Options{HTTP: &HTTP{}})
	web := start(t, Options{Protocol: page, HTTP: &HTTP{Path: "/health"}})
	frame, _ := hex.DecodeString(echo("99999906"))
	post := "POST " + DefaultPath + " HTTP/1.1\r\nHost: a\r\nContent-Length: 54\r\n\r\n" + string(frame)
	for _, c := range []struct {
		server        *Server
		request, want string
	}{
		{gateway, post, "HTTP/1.1 200"},
		{gateway, strings.Replace(post, "webtrans", "Webtrans", 1), "HTTP/1.1 404"},
		{gateway, strings.Replace(post, "POST", "PUT", 1), "HTTP/1.1 405"},
		{gateway, strings.Replace(post, "Host: a\r\n", "", 1), "HTTP/1.1 400"},
		{gateway, strings.Replace(post, "Content-Length: 54", "Content-Length: 50", 1), "HTTP/1.1 400"},
		{gateway, strings.Replace(post, "Content-Length: 54", "Transfer-Encoding: chunked", 1), "HTTP/1.1 411"},
		{gateway, strings.Replace(post, "\x08\x20", "\x02\x00", 1), "HTTP/1.1 400"},
		{gateway, "SSH-2.0-x\r\n\r\n", ""},
		{web, "GET /health?terminal=99999906 HTTP/1.0\r\n\r\n", "HTTP/1.1 200"},
		{web, "HEAD /health HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200"},
		{web, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 404"},
		{web, "GET /health?terminal=CUT00000 HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200"},
		{web, "DELETE /health HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 405"},
	} {
		conn := dial(t, c.server)
		if _, err := conn.Write([]byte(c.request)); err != nil {
			t.Fatal(err)
		}
		conn.CloseWrite()
		b, _ := io.ReadAll(conn)
		if !strings.HasPrefix(string(b), c.want) || c.want == "" && len(b) > 0 {
			t.Errorf("%q: %q, want %s", c.request, b, c.want)
		}
		if strings.HasPrefix(c.request, "HEAD") && !strings.HasSuffix(string(b), "\r\n\r\n") {
			t.Errorf("a body after HEAD: %q", b)
		}
	}
}

// A poll is answered before the reply comes, where the framing has it so.
func TestPoll(t *testing.T) {
	c := dial(t, start(t, Options{Framing: "base24", Behaviour: "poll"}))
	write(t, c, "0035"+echo("99999906")[4:]+"03")
	b := make([]byte, 2)
	if _, err := io.ReadFull(c, b); err != nil || string(b) != "\x00\x00" {
		t.Fatalf("%x, %v", b, err)
	}
	c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	if n, err := c.Read(b); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%d bytes before the answer, %v", n, err)
	}
	c.SetReadDeadline(time.Now().Add(20 * time.Second))
	write(t, c, "0000")
	reply, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	match(t, hex.EncodeToString(reply), "003c"+goodEcho("99999906", "3030")[5:]+"03")
}

// The second step of protocol tcp can have a behaviour of its own, and a server can
// greet.
func TestSteps(t *testing.T) {
	for behaviour, want := range map[string]string{
		"good": "220 ready\r\nPONG\r\n", "then=close": "220 ready\r\n", "then=cut": "220 ready\r\nPON", "then=gbk": "220 ready\r\n421 " + gbkText + "\r\n",
		"greet": "220 ready\r\n220 ready\r\nPONG\r\n", "slow=10ms": "220 ready\r\nPONG\r\n", "cut": "220 r", "gbk": "421 " + gbkText + "\r\nPONG\r\n",
	} {
		c := dial(t, start(t, Options{Protocol: lines, Behaviour: behaviour}))
		for _, line := range []string{"HELLO 99999906\r\n", "PING\r\n"} {
			if _, err := c.Write([]byte(line)); err != nil {
				t.Fatal(err)
			}
		}
		c.CloseWrite()
		if b, _ := io.ReadAll(c); string(b) != want {
			t.Errorf("%s: %q, want %q", behaviour, b, want)
		}
	}
}

// Only what is for the host is answered.
func TestOnly(t *testing.T) {
	s := start(t, Options{Behaviour: "only=6000030000/603100311000"})
	for request, answered := range map[string]bool{
		echo("99999906"): true,
		strings.Replace(echo("99999906"), "6000030000", "6000040000", 1):     false,
		strings.Replace(echo("99999906"), "603100311000", "603100311001", 1): false,
	} {
		c := dial(t, s)
		write(t, c, request)
		c.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		if b, err := io.ReadAll(c); (len(b) == 61) != answered || errors.Is(err, os.ErrDeadlineExceeded) == answered {
			t.Errorf("%s: %x, %v", request, b, err)
		}
	}
}

// A host that returns the request's times tells none of its own.
func TestSameTime(t *testing.T) {
	for _, q := range questions() {
		if q.name != "1987 characters" && q.name != "1993 with a binary bitmap" {
			continue
		}
		q.options.Behaviour = "same-time"
		c := dial(t, start(t, q.options))
		if _, err := c.Write(q.wire); err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(c)
		if err != nil {
			t.Fatal(err)
		}
		d, _ := q.options.dialect()
		_, body, err := d.framing.read(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		m, whole := d.blank.parse(hex.EncodeToString(body))
		if _, told := m.Fields[12]; !whole || told || d.protocol == iso1987 && m.Fields[7] != "1123101112" {
			t.Errorf("%s: %v", q.name, m.Fields)
		}
	}
}
