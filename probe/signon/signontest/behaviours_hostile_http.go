package signontest

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// hostileHTTP are the behaviours of HTTP servers that mean harm.
func hostileHTTP() []Behaviour {
	return mark([]Behaviour{
		{Name: "endless-status", needs: hasHTTP,
			Imitates: "a status line without end",
			make:     plain(func(s *session) { s.send([]byte("HTTP/1.1 200 O")); s.pour("K") })},
		{Name: "endless-field", needs: hasHTTP,
			Imitates: "a header field without end",
			make:     plain(func(s *session) { s.send([]byte("HTTP/1.1 200 OK\r\nX-Long: ")); s.pour("x") })},
		{Name: "endless-header", needs: hasHTTP,
			Imitates: "header fields without end",
			make:     plain(func(s *session) { s.send([]byte("HTTP/1.1 200 OK\r\n")); s.pour("X: y\r\n") })},
		{Name: "endless-chunks", needs: hasHTTP,
			Imitates: "chunks of one byte without end",
			make:     plain(func(s *session) { s.send(s.chunks("")); s.pour("1\r\n0\r\n") })},
		{Name: "endless-extension", needs: hasHTTP,
			Imitates: "a chunk with an extension without end",
			make:     plain(func(s *session) { s.send(s.chunks("1;x=")); s.pour("y") })},
		{Name: "endless-trailer", needs: hasHTTP,
			Imitates: "a good answer in chunks, with a trailer without end",
			make: plain(func(s *session) {
				body := s.answer().page().body
				s.send(s.chunks(fmt.Sprintf("%x\r\n%s\r\n0\r\n", len(body), body)))
				s.pour("X: y\r\n")
			})},
		{Name: "chunk-size", Argument: "HEX", Default: "8000000000000000", needs: hasHTTP,
			Imitates: "a chunk that says it is 2^63 bytes long, or another number that wraps around: ffffffffffffffff, 1000000000000000a",
			make: func(_ dialect, size string) (action, error) {
				return func(s *session) { s.send(s.chunks(size + "\r\n")); s.pour("0") }, nil
			}},
		{Name: "content-length", Argument: "N", Default: "9223372036854775808", needs: hasHTTP,
			Imitates: "a body that says it is 2^63 bytes long, or another length that no body has: -1, 99999999999999999999, 0x10",
			make: func(_ dialect, n string) (action, error) {
				return func(s *session) {
					r := s.answer().page()
					r.ends = byClose
					r.set("Content-Length", n)
					s.send(r.top())
					s.pour("0")
				}, nil
			}},
		{Name: "two-lengths", needs: hasHTTP,
			Imitates: "two lengths that differ, to be read as one answer by one reader and as two by another (RFC 9112 section 6.3)",
			make:     web(func(_ *session, r *response) { r.header = append(r.header, "Content-Length: 1") })},
		{Name: "length-and-chunks", needs: hasHTTP,
			Imitates: "a length and chunks at once (RFC 9112 section 6.1)",
			make: web(func(_ *session, r *response) {
				r.ends = byChunks
				r.header = append(r.header, "Content-Length: 3")
			})},
		{Name: "nul", needs: hasHTTP,
			Imitates: "zero bytes in status line, header and body",
			make: web(func(_ *session, r *response) {
				r.reason += "\x00"
				r.header = append(r.header, "X-\x00: \x00")
			})},
		{Name: "deep-json", Argument: "DEPTH", Default: "1000000", needs: hasPage,
			Imitates: "JSON nested DEPTH levels deep, for readers that call themselves at each; 30000 still fit into 64 KiB",
			make:     deepJSON},
		{Name: "gzip-bomb", needs: hasHTTP,
			Imitates: "60 kB that unfold to 60 MB, in an encoding that nobody asked for",
			make: web(func(_ *session, r *response) {
				r.set("Content-Encoding", "gzip")
				r.body = bomb()
			})},
		{Name: "continue-storm", needs: hasHTTP,
			Imitates: "100 Continue without end",
			make:     plain(func(s *session) { s.pour("HTTP/1.1 100 Continue\r\n\r\n") })},
		{Name: "redirect-loop", needs: hasHTTP,
			Imitates: "a page that has moved to itself",
			make: web(func(s *session, r *response) {
				r.status, r.reason = 307, "Temporary Redirect"
				r.set("Location", "http://"+s.tcp.LocalAddr().String()+"/")
			})},
	})
}

// chunks returns the top of an answer in chunks, and what the body begins with.
func (s *session) chunks(begin string) []byte {
	r := s.answer().page()
	r.ends = byChunks
	return append(r.top(), begin...)
}

func deepJSON(_ dialect, text string) (action, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 10_000_000 {
		return nil, errors.New("a depth is 1 to 10000000")
	}
	return func(s *session) {
		r := s.answer().page()
		r.body = []byte(`{"status":` + strings.Repeat("[", n) + strings.Repeat("]", n) + "}")
		s.send(r.wire())
	}, nil
}

// bomb is what gzip-bomb sends.
var bomb = sync.OnceValue(func() []byte { return compressed(bytes.Repeat([]byte{0}, 60_000_000)) })
