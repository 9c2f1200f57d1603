package http1

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"testing"
)

func TestRequest(t *testing.T) {
	for _, c := range []struct {
		method, body, length string
	}{{"GET", "", ""}, {"HEAD", "", ""}, {"POST", "hello", "5"}, {"POST", "", "0"}} {
		b := Request(c.method, "/a?b=c", "host.example:8443", []string{"X-Token: t", "Connection: close"}, []byte(c.body))
		q, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(b)))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(q.Body)
		if q.Method != c.method || q.URL.RequestURI() != "/a?b=c" || q.Host != "host.example:8443" || !q.Close ||
			q.Header.Get("X-Token") != "t" || string(body) != c.body || q.Header.Get("Content-Length") != c.length {
			t.Errorf("%q is read as %+v with %q", b, q, body)
		}
	}
}

func TestParts(t *testing.T) {
	for s, want := range map[string][3]bool{ // token, value, target
		"":             {false, true, false},
		"X-Token":      {true, true, false},
		"GET":          {true, true, false},
		"X Token":      {false, true, false},
		"a\tb":         {false, true, false},
		"/":            {false, true, true},
		"/a?b=c%20d":   {false, true, true},
		"/a b":         {false, true, false},
		"/a#b":         {false, true, false},
		"a/b":          {false, true, false},
		"x\r\nEvil: 1": {false, false, false},
		"/x\n":         {false, false, false},
		"/ü":           {false, false, false},
		"x\x00":        {false, false, false},
		"x\x7f":        {false, false, false},
	} {
		if got := [3]bool{IsToken(s), IsValue(s), IsTarget(s)}; got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}
