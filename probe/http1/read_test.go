package http1

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

var limits = Limits{Head: 8 << 10, Body: 64 << 10}

const day = "Date: Tue, 01 Dec 2026 01:30:12 GMT\r\n"

func TestRead(t *testing.T) {
	at := time.Date(2026, 12, 1, 1, 30, 12, 0, time.UTC)
	for _, c := range []struct {
		name, method, in string
		want             Response // Bytes 0: all of in
		body             string
		malformed        bool
		err              error
	}{
		{"with a length", "GET", "HTTP/1.1 200 OK\r\n" + day + "Content-Length: 4\r\n\r\nUP\r\n", Response{Status: 200, Date: at}, "UP\r\n", false, nil},
		{"the empty answer of a gateway", "POST", "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", Response{Status: 500}, "", false, nil},
		{"to the end", "GET", "HTTP/1.0 200 OK\r\n\r\nhello", Response{Status: 200}, "hello", false, nil},
		{"no reason phrase", "GET", "HTTP/1.1 204\r\n\r\n", Response{Status: 204}, "", false, nil},
		{"line feeds alone", "GET", "HTTP/1.1 200 OK\ncontent-length: 2\n\nUP", Response{Status: 200}, "UP", false, nil},
		{"a folded field", "GET", "HTTP/1.1 200 OK\r\nContent-Length:\r\n 2\r\n\r\nUP", Response{Status: 200}, "UP", false, nil},
		{"lines that are no fields", "GET", "HTTP/1.1 200 OK\r\nnonsense\r\n: x\r\nContent-Length : 9\r\nContent-Length: 2\r\n\r\nUP", Response{Status: 200}, "UP", false, nil},
		{"the same length twice", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nUP", Response{Status: 200}, "UP", false, nil},
		{"chunks", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nU\r\n1;x=\"y\"\r\nP\r\n0\r\n\r\n", Response{Status: 200}, "UP", false, nil},
		{"trailers", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n0a \r\n0123456789\r\n00\r\nX-Sum: 1\r\n\r\n", Response{Status: 200}, "0123456789", false, nil},
		{"chunks outweigh a length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nUP\r\n0\r\n\r\n", Response{Status: 200}, "UP", false, nil},
		{"interim answers", "POST", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nUP", Response{Status: 200}, "UP", false, nil},
		{"an upgrade that nobody asked for", "GET", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", Response{Status: 101}, "", false, nil},
		{"head only", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", Response{Status: 200}, "", false, nil},
		{"not modified", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n", Response{Status: 304}, "", false, nil},
		{"a redirection", "GET", "HTTP/1.1 302 Found\r\nLOCATION: http://portal.example/\r\nContent-Length: 0\r\n\r\n", Response{Status: 302, Location: "http://portal.example/"}, "", false, nil},
		{"older dates", "GET", "HTTP/1.1 204 No Content\r\nDate: Tuesday, 01-Dec-26 01:30:12 GMT\r\n\r\n", Response{Status: 204, Date: at}, "", false, nil},
		{"the oldest", "GET", "HTTP/1.1 204 No Content\r\nDate: Tue Dec  1 01:30:12 2026\r\n\r\n", Response{Status: 204, Date: at}, "", false, nil},
		{"no date", "GET", "HTTP/1.1 204 No Content\r\nDate: today\r\n\r\n", Response{Status: 204}, "", false, nil},
		{"not decoded", "GET", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00", Response{Status: 200}, "\x1f\x8b\x08\x00", false, nil},

		{"nothing", "GET", "", Response{}, "", false, io.EOF},
		{"the beginning", "GET", "HTTP/1.", Response{}, "", false, io.ErrUnexpectedEOF},
		{"half a head", "GET", "HTTP/1.1 200 OK\r\nDa", Response{}, "", false, io.ErrUnexpectedEOF},
		{"an interim answer alone", "GET", "HTTP/1.1 100 Continue\r\n\r\n", Response{}, "", false, io.ErrUnexpectedEOF},
		{"half a body", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nUP", Response{Status: 200}, "UP", false, io.ErrUnexpectedEOF},
		{"half of the chunks", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nUP\r\n", Response{Status: 200}, "UP", false, io.ErrUnexpectedEOF},

		{"a banner", "GET", "SSH-2.0-OpenSSH_9.2\r\n", Response{Bytes: -1}, "", true, nil},
		{"an alert", "GET", "\x15\x03\x03\x00\x02\x02\x28", Response{Bytes: -1}, "", true, nil},
		{"a frame", "GET", "\x00\x3b\x60\x00\x00\x00\x03", Response{Bytes: -1}, "", true, nil},
		{"HTTP/0.9", "GET", "<html>hello</html>", Response{Bytes: -1}, "", true, nil},
		{"HTTP/2", "GET", "HTTP/2.0 200 OK\r\n\r\n", Response{Bytes: -1}, "", true, nil},
		{"HTTP/1.2", "GET", "HTTP/1.2 200 OK\r\n\r\n", Response{Bytes: -1}, "", true, nil},
		{"a request", "GET", "GET / HTTP/1.1\r\n\r\n", Response{Bytes: -1}, "", true, nil},
		{"no status", "GET", "HTTP/1.1 OK\r\n\r\n", Response{Bytes: -1}, "", true, nil},
		{"two digits", "GET", "HTTP/1.1 20\r\n\r\n", Response{Bytes: -1}, "", true, nil},
		{"a status beyond", "GET", "HTTP/1.1 600 X\r\n\r\n", Response{Bytes: -1}, "", true, nil},
		{"two lengths", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nUP", Response{Bytes: -1}, "", true, nil},
		{"a negative length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nUP", Response{Bytes: -1}, "", true, nil},
		{"a length beyond all", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nUP", Response{Bytes: -1}, "", true, nil},
		{"another transfer coding", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", Response{Bytes: -1}, "", true, nil},
		{"a chunk of no size", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", Response{Status: 200, Bytes: -1}, "", true, nil},
		{"a chunk beyond all", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8000000000000000\r\nx", Response{Status: 200, Bytes: -1}, "", true, nil},
		{"a negative chunk", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx", Response{Status: 200, Bytes: -1}, "", true, nil},
		{"a chunk longer than it says", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nUP\r\n0\r\n\r\n", Response{Status: 200, Bytes: -1}, "U", true, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.want.Bytes == 0 {
				c.want.Bytes = len(c.in)
			}
			for how, r := range map[string]io.Reader{
				"at once":    strings.NewReader(c.in),
				"in bytes":   iotest.OneByteReader(strings.NewReader(c.in)),
				"with error": iotest.DataErrReader(strings.NewReader(c.in)),
			} {
				a, err := Read(r, c.method, limits)
				if errors.Is(err, ErrMalformed) != c.malformed || !c.malformed && err != c.err {
					t.Errorf("%s: error %v", how, err)
				}
				if a.Status != c.want.Status || !a.Date.Equal(c.want.Date) || a.Location != c.want.Location || string(a.Body) != c.body {
					t.Errorf("%s: read %+v", how, a)
				}
				if c.want.Bytes > 0 && a.Bytes != c.want.Bytes || a.Bytes > len(c.in) {
					t.Errorf("%s: %d bytes taken", how, a.Bytes)
				}
			}
		})
	}
}

// The library agrees about every good answer.
func TestReadAsTheLibraryDoes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		body := make([]byte, random.IntN(3000))
		for i := range body {
			body[i] = byte(random.Uint32())
		}
		var in strings.Builder
		status := []int{200, 204, 302, 404, 500}[random.IntN(5)]
		in.WriteString("HTTP/1.1 " + strconv.Itoa(status) + " X\r\n" + day + "X-Filler: " + strings.Repeat("y", random.IntN(200)) + "\r\n")
		switch kind := random.IntN(3); {
		case status == 204:
			in.WriteString("\r\n")
		case kind == 0:
			in.WriteString("Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + string(body))
		case kind == 1:
			in.WriteString("\r\n" + string(body))
		default:
			in.WriteString("Transfer-Encoding: chunked\r\n\r\n")
			for rest := body; ; {
				n := min(len(rest), 1+random.IntN(700))
				in.WriteString(strconv.FormatInt(int64(n), 16) + "\r\n")
				if n == 0 {
					in.WriteString("\r\n")
					break
				}
				in.WriteString(string(rest[:n]) + "\r\n")
				rest = rest[n:]
			}
		}
		a, err := Read(strings.NewReader(in.String()), "GET", limits)
		theirs, theirErr := http.ReadResponse(bufio.NewReader(strings.NewReader(in.String())), nil)
		if err != nil || theirErr != nil {
			t.Fatalf("ours %v, theirs %v: %q", err, theirErr, in.String())
		}
		content, _ := io.ReadAll(theirs.Body)
		date, _ := http.ParseTime(theirs.Header.Get("Date"))
		if a.Status != theirs.StatusCode || !bytes.Equal(a.Body, content) || !a.Date.Equal(date) {
			t.Fatalf("ours %d and %d bytes, theirs %d and %d: %q", a.Status, len(a.Body), theirs.StatusCode, len(content), in.String())
		}
	}
}

// endless repeats itself for ever.
type endless struct {
	first, again string
	at           int
}

func (e *endless) Read(b []byte) (int, error) {
	if e.at < len(e.first) {
		n := copy(b, e.first[e.at:])
		e.at += n
		return n, nil
	}
	n := 0
	for n < len(b) {
		m := copy(b[n:], e.again[(e.at-len(e.first))%len(e.again):])
		e.at += m
		n += m
	}
	return n, nil
}

// Whatever a server sends, it is given up on after a bounded number of bytes and without
// more memory than was taken from it.
func TestReadIsBounded(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\n"
	const chunked = head + "Transfer-Encoding: chunked\r\n\r\n"
	for _, c := range []struct {
		name, first, again string
		status, body, most int
		malformed          bool
	}{
		{"head of one line", head, "x", 0, 0, 9 << 10, true},
		{"head of fields", head, "X: y\r\n", 0, 0, 9 << 10, true},
		{"folded field", head + "X: y\r\n", " y\r\n", 0, 0, 9 << 10, true},
		{"status line", "HTTP/1.1 200 ", "O", 0, 0, 9 << 10, true},
		{"interim answers", "", "HTTP/1.1 100 Continue\r\n\r\n", 0, 0, 9 << 10, true},
		{"body without a length", head + "\r\n", "x", 200, 64 << 10, 66 << 10, false},
		{"body of a great length", head + "Content-Length: 4611686018427387903\r\n\r\n", "x", 200, 64 << 10, 66 << 10, false},
		{"one chunk", chunked + "3fffffffffffffff\r\n", "x", 200, 64 << 10, 66 << 10, false},
		{"chunks of a byte", chunked, "1\r\nx\r\n", 200, 64 << 10, 400 << 10, false},
		{"long chunk lines", chunked, "1;" + strings.Repeat("x", 250) + "\r\nx\r\n", 200, -1, 400 << 10, true},
		{"endless chunk line", chunked, "1", 200, 0, 2 << 10, true},
		{"endless chunk extension", chunked + "1;", "x", 200, 0, 2 << 10, true},
		{"endless trailers", chunked + "0\r\n", "X: y\r\n", 200, 0, 18 << 10, true},
		{"chunks that do not end", chunked, "4\r\nxxxxx", 200, 4, 2 << 10, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			a, err := Read(&endless{first: c.first, again: c.again}, "GET", limits)
			runtime.ReadMemStats(&after)
			if a.Status != c.status || c.body >= 0 && len(a.Body) != c.body || a.Bytes > c.most || errors.Is(err, ErrMalformed) != c.malformed {
				t.Errorf("status %d, body of %d, %d bytes taken, %v", a.Status, len(a.Body), a.Bytes, err)
			}
			// Doubling costs twice the body, lines come on top; none of it stays.
			if got := after.TotalAlloc - before.TotalAlloc; got > 2<<20 {
				t.Errorf("%d bytes allocated", got)
			}
			if cap(a.Body) > limits.Body {
				t.Errorf("room for %d bytes", cap(a.Body))
			}
		})
	}
}

// A promise costs nothing.
func TestLengthsAreNotBelieved(t *testing.T) {
	for _, in := range []string{"Content-Length: 4611686018427387903\r\n\r\nx", "Transfer-Encoding: chunked\r\n\r\n3fffffffffffffff\r\nx"} {
		a, err := Read(strings.NewReader("HTTP/1.1 200 OK\r\n"+in), "GET", limits)
		if err != io.ErrUnexpectedEOF || len(a.Body) != 1 || cap(a.Body) > 64 {
			t.Errorf("body of %d in %d bytes, %v", len(a.Body), cap(a.Body), err)
		}
	}
}

func TestReadErrors(t *testing.T) {
	broken := errors.New("broken")
	for _, err := range []error{broken, os.ErrDeadlineExceeded} {
		for _, in := range []string{"", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nUP", "HTTP/1.1 200 OK\r\n\r\nUP"} {
			a, got := Read(io.MultiReader(strings.NewReader(in), iotest.ErrReader(err)), "GET", limits)
			if got != err || a.Bytes != len(in) {
				t.Errorf("%q: %d bytes, %v", in, a.Bytes, got)
			}
		}
	}
	if _, err := Read(idle{}, "GET", limits); err != io.ErrNoProgress {
		t.Errorf("a reader that brings nothing: %v", err)
	}
}

// An answer without a body is whole although the connection stays open.
func TestNothingIsWaitedFor(t *testing.T) {
	for in, method := range map[string]string{
		"HTTP/1.1 204 No Content\r\n\r\n":                                           "GET",
		"HTTP/1.1 304 Not Modified\r\n\r\n":                                         "GET",
		"HTTP/1.1 101 Switching Protocols\r\n\r\n":                                  "GET",
		"HTTP/1.1 200 OK\r\n\r\n":                                                   "HEAD",
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n":                              "GET",
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nUP":                            "GET",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nUP\r\n0\r\n\r\n": "GET",
	} {
		r := io.MultiReader(strings.NewReader(in), iotest.ErrReader(os.ErrDeadlineExceeded))
		if a, err := Read(r, method, limits); err != nil || a.Bytes != len(in) {
			t.Errorf("%q: %d bytes, %v", in, a.Bytes, err)
		}
	}
}

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

// kept remembers the buffers that it was asked to fill.
type kept struct {
	r       io.Reader
	buffers [][]byte
}

func (k *kept) Read(b []byte) (int, error) {
	n, err := k.r.Read(b)
	k.buffers = append(k.buffers, b[:n])
	return n, err
}

func TestBuffersAreWiped(t *testing.T) {
	k := &kept{r: strings.NewReader("HTTP/1.1 200 OK\r\n\r\n" + strings.Repeat("KEYS", 5000))}
	if a, err := Read(k, "GET", limits); err != nil || len(a.Body) != 20000 {
		t.Fatalf("body of %d, %v", len(a.Body), err)
	}
	for _, b := range k.buffers {
		if len(bytes.Trim(b, "\x00")) > 0 {
			t.Fatalf("left over: %q", b)
		}
	}
}

// Room that became too small is wiped as well.
func TestGrowWipes(t *testing.T) {
	b := &body{most: 100, content: []byte("KEYS")}
	old := b.content
	b.grow(1)
	if string(old) != "\x00\x00\x00\x00" || string(b.content) != "KEYS" {
		t.Errorf("old %q, new %q", old, b.content)
	}
}

func FuzzHTTP(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\n"+day+"Content-Length: 2\r\n\r\nUPmore"), false)
	f.Add([]byte("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 302\r\nLocation: x\r\n y\r\n\r\nabc"), false)
	f.Add([]byte("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3;x\nabc\n0\nX: y\n\n"), true)
	f.Fuzz(func(t *testing.T, in []byte, head bool) {
		method := "GET"
		if head {
			method = "HEAD"
		}
		l := Limits{Head: 1 << 10, Body: 2 << 10}
		k := &kept{r: bytes.NewReader(in)}
		a, err := Read(k, method, l)
		taken := 0
		for _, b := range k.buffers {
			taken += len(b)
			if cap(b) > bufferSize || len(bytes.Trim(b, "\x00")) > 0 {
				t.Fatalf("a buffer of %d: %q", cap(b), b)
			}
		}
		if a.Bytes != taken || taken > l.Head+framingFactor*l.Body || len(a.Body) > l.Body || cap(a.Body) > l.Body || head && len(a.Body) > 0 {
			t.Fatalf("%d bytes, %d taken, body of %d in %d", a.Bytes, taken, len(a.Body), cap(a.Body))
		}
		if err == nil && (a.Status < 101 || a.Status > 599) || a.Status == 0 && (len(a.Body) > 0 || a.Location != "") {
			t.Fatalf("%+v, %v", a, err)
		}
		if again, _ := Read(iotest.OneByteReader(bytes.NewReader(in)), method, l); again.Status != a.Status || !bytes.Equal(again.Body, a.Body) || again.Bytes > a.Bytes {
			t.Fatalf("at once %+v, in bytes %+v", a, again)
		}
	})
}
