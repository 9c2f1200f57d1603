package signontest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"net/http"
	"strconv"
	"time"
)

// web makes an action that changes the HTTP part of the good answer and sends it.
func web(change func(*session, *response)) func(dialect, string) (action, error) {
	return plain(func(s *session) {
		r := s.answer().page()
		change(s, &r)
		s.send(r.wire())
	})
}

// httpAnswers are the good answers that are particular to HTTP.
func httpAnswers() []Behaviour {
	return []Behaviour{
		{Name: "chunked", needs: hasHTTP,
			Imitates: "a server that does not know how long its answer will be: chunks, with an extension and a trailer (RFC 9112 section 7.1)",
			make:     web(func(_ *session, r *response) { r.ends = byChunks })},
		{Name: "until-close", needs: hasHTTP,
			Imitates: "a server of HTTP/1.0 style: the body ends with the connection",
			make:     web(func(_ *session, r *response) { r.ends = byClose })},
		{Name: "continue", needs: hasHTTP,
			Imitates: "a gateway that says 100 Continue although nobody asked for it (RFC 9110 section 15.2)",
			make:     plain(func(s *session) { s.send(append([]byte("HTTP/1.1 100 Continue\r\n\r\n"), s.good()...)) })},
		{Name: "no-reason", needs: hasHTTP,
			Imitates: "a server that leaves out the reason phrase (RFC 9112 section 4)",
			make:     web(func(_ *session, r *response) { r.reason = "" })},
		{Name: "no-date", needs: hasHTTP,
			Imitates: "a server without a clock: no Date header (RFC 9110 section 6.6.1)",
			make:     web(func(_ *session, r *response) { r.drop("Date") })},
	}
}

// httpFaults are the faults that are particular to HTTP.
func httpFaults() []Behaviour {
	return []Behaviour{
		{Name: "status", Argument: "N", needs: hasHTTP,
			Imitates: "an answer with another status: 404 the path is wrong, 401 a token is missing, 502 and 503 the server behind a proxy is down",
			make:     status},
		{Name: "empty-500", needs: hasHTTP,
			Imitates: "an access gateway whose acquirer host is down: status 500 and nothing in it",
			make: plain(func(s *session) {
				s.send([]byte("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"))
			})},
		{Name: "empty-200", needs: hasHTTP,
			Imitates: "a gateway that answers well with nothing in it",
			make:     plain(func(s *session) { s.send([]byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) })},
		{Name: "redirect", needs: hasHTTP,
			Imitates: "a captive portal, or a page that moved: 302 to another address",
			make: web(func(_ *session, r *response) {
				r.status, r.reason = 302, "Found"
				r.set("Location", "http://portal.example/login")
			})},
		{Name: "html", needs: hasHTTP,
			Imitates: "a captive portal that answers every page with its own: 200, and a form to log in",
			make: web(func(_ *session, r *response) {
				r.set("Content-Type", "text/html")
				r.body = []byte("<!DOCTYPE html><html><body><form action=\"/login\">Please log in</form></body></html>\n")
			})},
		{Name: "wrong-json", needs: hasPage,
			Imitates: "a server that is reached and says that it is down",
			make:     web(func(s *session, r *response) { r.body = health("DOWN", time.Now().In(s.where)) })},
		{Name: "broken-json", needs: hasPage,
			Imitates: "a server whose JSON ends in the middle of a word",
			make:     web(func(_ *session, r *response) { r.body = r.body[:15] })},
		{Name: "http-0.9", needs: hasHTTP,
			Imitates: "a server from before 1996, or none of HTTP: a body without a status line",
			make:     plain(func(s *session) { s.send(s.answer().page().body); s.send([]byte("<html>It works</html>\n")) })},
		{Name: "bad-status", needs: hasHTTP,
			Imitates: "a status line with letters in place of digits",
			make:     plain(func(s *session) { s.send([]byte("HTTP/1.1 2OO OK\r\nContent-Length: 0\r\n\r\n")) })},
		{Name: "bad-header", needs: hasHTTP,
			Imitates: "a header field without a colon",
			make:     web(func(_ *session, r *response) { r.header = append(r.header, "no colon in here") })},
		{Name: "bad-chunk", needs: hasHTTP,
			Imitates: "a chunk whose size is no number",
			make: plain(func(s *session) {
				r := s.answer().page()
				r.ends = byChunks
				s.send(append(r.top(), "twelve\r\nHello, world\r\n0\r\n\r\n"...))
			})},
		{Name: "cut-body", needs: hasHTTP,
			Imitates: "a proxy that closes in the middle of the body",
			make:     plain(func(s *session) { b := s.good(); s.send(b[:len(b)-9]) })},
		{Name: "stall-body", needs: hasHTTP,
			Imitates: "a body that stops in the middle while the connection stays open",
			make:     plain(func(s *session) { b := s.good(); s.send(b[:len(b)-9]); s.stick() })},
		{Name: "gzip", needs: hasHTTP,
			Imitates: "a server that compresses its answer although nobody asked for it",
			make: web(func(_ *session, r *response) {
				r.set("Content-Encoding", "gzip")
				r.body = compressed(r.body)
			})},
		{Name: "huge-headers", needs: hasHTTP,
			Imitates: "a proxy that adds a megabyte of cookies to a good answer",
			make: web(func(_ *session, r *response) {
				for range 1000 {
					r.header = append(r.header, "Set-Cookie: "+string(bytes.Repeat([]byte("x"), 1000)))
				}
			})},
	}
}

func status(_ dialect, text string) (action, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 200 || n > 999 {
		return nil, errors.New("a status is 200 to 999")
	}
	return func(s *session) {
		r := s.answer().page()
		r.status, r.reason = n, http.StatusText(n)
		r.body = []byte(strconv.Itoa(n) + " " + r.reason + "\n")
		s.send(r.wire())
	}, nil
}

// compressed returns bytes as gzip has them.
func compressed(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(b) // a buffer takes everything
	w.Close()
	return out.Bytes()
}
