package signontest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// maxHTTPRequest is how much is read of an HTTP request, in bytes.
const maxHTTPRequest = 64 << 10

// response is an HTTP answer as it is written, faults included.
type response struct {
	status int
	reason string
	header []string // header fields, "Name: value" each
	body   []byte
	ends   ending
	head   bool // the answer to HEAD: everything but the body
}

// ending is how the reader learns where a body ends.
type ending int

const (
	byLength ending = iota // Content-Length
	byChunks               // Transfer-Encoding: chunked
	byClose                // the connection ends
)

// wire returns the answer as it is sent.
func (r response) wire() []byte {
	return append(r.top(), r.content()...)
}

// top returns status line and header.
func (r response) top() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %03d %s\r\n", r.status, r.reason)
	for _, h := range r.header {
		b.WriteString(h + "\r\n")
	}
	switch r.ends {
	case byLength:
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(r.body))
	case byChunks:
		b.WriteString("Transfer-Encoding: chunked\r\n")
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// content returns the body as it is sent.
func (r response) content() []byte {
	switch {
	case r.head:
		return nil
	case r.ends == byChunks:
		half := (len(r.body) + 1) / 2 // a chunk of nothing would be the last one
		return fmt.Appendf(nil, "%x;part=1\r\n%s\r\n%X\r\n%s\r\n0\r\nX-Trailer: end\r\n\r\n", half, r.body[:half], len(r.body)-half, r.body[half:])
	}
	return r.body
}

// drop takes a header field away.
func (r *response) drop(name string) {
	var left []string
	for _, h := range r.header {
		if got, _, _ := strings.Cut(h, ":"); !strings.EqualFold(got, name) {
			left = append(left, h)
		}
	}
	r.header = left
}

// set replaces a header field.
func (r *response) set(name, value string) {
	r.drop(name)
	r.header = append(r.header, name+": "+value)
}

// response returns the HTTP part of the answer of a host in good order: what an access
// gateway puts around a message, or a page that says that all is well.
func (d dialect) response(q request, now time.Time) response {
	r := response{status: 200, reason: "OK", header: []string{"Date: " + now.UTC().Format(http.TimeFormat), "Connection: close"}}
	if d.messages() {
		r.header = append(r.header, "Server: Access-Guard-1000-Software/1.0", "Content-Type: x-ISO-TPDU/x-auth")
		return r
	}
	r.header = append(r.header, "Content-Type: application/json")
	r.body = health("UP", now)
	r.head = q.method == http.MethodHead
	return r
}

// health is the body of protocol http.
func health(status string, now time.Time) []byte {
	type check struct {
		Name  string `json:"name"`
		State string `json:"state"`
	}
	b, err := json.Marshal(struct {
		Status string  `json:"status"`
		Time   string  `json:"time"`
		Checks []check `json:"checks"`
	}{status, now.Format(time.RFC3339), []check{{"database", status}}})
	if err != nil {
		panic(err) // strings can always be encoded
	}
	return b
}

// errRefused says that a request was answered before anybody looked at what it asks.
var errRefused = errors.New("refused")

// readHTTP reads one request over HTTP, and the message in its body where the dialect
// has messages.
func (s *session) readHTTP() (request, error) {
	var raw bytes.Buffer
	in := bufio.NewReader(io.TeeReader(io.LimitReader(s.in, maxHTTPRequest), &raw))
	h, err := http.ReadRequest(in)
	if err != nil {
		return request{}, err
	}
	q := request{what: h.Method + " over HTTP", method: h.Method, terminal: h.URL.Query().Get("terminal")}
	refuse := func(status int) (request, error) {
		r := response{status: status, reason: http.StatusText(status), header: []string{"Connection: close"}}
		s.send(r.wire())
		return request{}, fmt.Errorf("%w: %s answered with %d", errRefused, q.what, status)
	}
	switch {
	case h.Host == "" && h.ProtoAtLeast(1, 1): // RFC 9112 section 3.2
		return refuse(http.StatusBadRequest)
	case s.d.path != "" && h.URL.Path != s.d.path:
		return refuse(http.StatusNotFound)
	case s.d.messages() && h.Method != http.MethodPost,
		h.Method != http.MethodGet && h.Method != http.MethodHead && h.Method != http.MethodPost:
		return refuse(http.StatusMethodNotAllowed)
	case s.d.messages() && h.ContentLength < 0: // RFC 9110 section 15.5.12
		return refuse(http.StatusLengthRequired)
	}
	body, err := io.ReadAll(h.Body)
	if err != nil {
		return request{}, err
	}
	q.raw = raw.Bytes()
	if !s.d.messages() {
		return q, nil
	}
	rest := bytes.NewReader(body)
	_, message, err := s.d.framing.read(rest)
	if err != nil || rest.Len() > 0 {
		return refuse(http.StatusBadRequest)
	}
	m, err := s.d.understand(q.raw, message)
	if err != nil {
		return refuse(http.StatusBadRequest)
	}
	m.method = q.method
	return m, nil
}
