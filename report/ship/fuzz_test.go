package ship

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"posprobe/report/redact"
)

// FuzzAnswer: whatever comes, it is read to an end, and no more of it is kept than may be.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 503 x\r\nRetry-After: 5\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "HTTP/1.1 301 \r\nLocation: /\r\nDate: Tue, 01 Dec 2026 09:30:00 GMT\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
		"SSH-2.0-x\r\n", "", "HTTP/1.1 200 OK\r\n folded\r\n\r\n",
	} {
		f.Add([]byte(s), "POST")
	}
	f.Fuzz(func(t *testing.T, b []byte, method string) {
		a, err := readAnswer(bufio.NewReaderSize(bytes.NewReader(b), maxLine), method)
		if len(a.body) > maxBody {
			t.Fatalf("%d bytes of body", len(a.body))
		}
		if err != nil {
			_ = answerTrouble(err)
			return
		}
		if a.status < 200 || a.status > 599 {
			t.Fatalf("status %d", a.status)
		}
		now := time.Unix(0, 0)
		if d := a.wait(now); d < 0 || d > longestRetry {
			t.Fatalf("wait %v", d)
		}
		if why := verdict(a, now); why != nil && (!printableOnly(why.Detail) || len(why.Detail) > maxDetail) {
			t.Fatalf("%q", why.Detail)
		}
		otlpSuccess(a, 3)
	})
}

// FuzzPartialSuccess: bytes that are no message are told from one, without a panic.
func FuzzPartialSuccess(f *testing.F) {
	f.Add(partial(3, "no"))
	f.Add([]byte{0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Add([]byte{0x09, 1, 2, 3, 4, 5, 6, 7, 8, 0x0d, 1, 2, 3, 4, 0x0b})
	f.Fuzz(func(t *testing.T, b []byte) {
		rejected, message, err := partialSuccess(b)
		if rejected < 0 || len(message) > len(b) {
			t.Fatalf("%d, %q, %v", rejected, message, err)
		}
	})
}

// FuzzMessage: whatever a stored line holds, each format carries it whole and alone.
func FuzzMessage(f *testing.F) {
	for _, s := range []string{bad(1), good(2), `{"kind":"x\n","id":"]\"\\","body":{"incident":3}}`, `{"id":1,"observed_at":[]}`, `{}`,
		`{"terminal":{"ref":"a b"},"diagnosis":{"verdict":"\n<13>1","code":"\"] x"}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, stored []byte) {
		m, err := newMessage(stored, redact.Redactor{Ref: "三楼]\""})
		if err != nil {
			return
		}
		now := time.Date(2026, 12, 1, 9, 30, 0, 0, time.UTC)
		batch := []message{m, m}
		in := bufio.NewReader(bytes.NewReader(frames(1<<20)(batch, now)))
		for range batch {
			b, err := frame(in)
			if err != nil {
				t.Fatal(err)
			}
			parsed, err := parseSyslog(b)
			if err != nil {
				t.Fatal(err)
			}
			if parsed.parameters["terminal.ref"] != "三楼]\"" && !strings.Contains(string(stored), "terminal") {
				t.Fatalf("%v", parsed.parameters)
			}
			i := strings.Index(parsed.text, " {\"")
			for i >= 0 && !json.Valid([]byte(parsed.text[i+1:])) { // the sentence may hold one too
				next := strings.Index(parsed.text[i+1:], " {\"")
				if next < 0 {
					t.Fatalf("no JSON in %q", parsed.text)
				}
				i += 1 + next
			}
		}
		if _, err := frame(in); err != io.EOF {
			t.Fatalf("after the messages: %v", err)
		}
		for l := range bytes.Lines(ndjson(batch, now)) {
			if !json.Valid(l) {
				t.Fatalf("%q", l)
			}
		}
		if n := bytes.Count(ndjson(batch, now), []byte("\n")); n != 2 {
			t.Fatalf("%d lines", n)
		}
		if _, all := records(t, otlp(testAgent)(batch, now)); len(all) != 2 {
			t.Fatalf("%d records", len(all))
		}
	})
}
