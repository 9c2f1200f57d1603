package signon

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"posprobe/probe/http1"
	"posprobe/report"
)

// httpLimits bound an HTTP answer.
var httpLimits = http1.Limits{Head: 8 << 10, Body: 64 << 10}

// web is an HTTP request without its body, and which answer to it is a good one.
type web struct {
	method, path, host string
	fields             []string // lines of the head
	status             []int    // nil is 200 to 299
}

// request returns the request with a body.
func (w *web) request(body []byte) []byte {
	return http1.Request(w.method, w.path, w.host, w.fields, body)
}

// shape is what shapes the request besides its body: not whom it is for, and of the head's
// lines the names alone, but for what the body is said to be.
func (w *web) shape() [][]byte {
	out := [][]byte{[]byte(w.method), []byte(w.path), fmt.Appendf(nil, "%v", w.status)}
	for _, line := range w.fields {
		if name := nameOf(line); !strings.EqualFold(name, "content-type") {
			line = name
		}
		out = append(out, []byte(strings.ToLower(line)))
	}
	return out
}

// read reads an answer. A good one has its body returned, which may hold keys, and the
// server's time in Reply.HostTime.
func (w *web) read(r io.Reader) (body []byte, reply Reply, err error) {
	a, err := http1.Read(r, w.method, httpLimits)
	reply = Reply{Bytes: a.Bytes, Status: a.Status, Body: len(a.Body)}
	switch {
	case a.Status != 0 && !w.good(a.Status): // however its body ends
		err = &ReplyError{Type: report.FailHTTPStatus, Detail: fmt.Sprintf("status %d with a body of %d bytes", a.Status, len(a.Body))}
	case errors.Is(err, http1.ErrMalformed):
		err = &ReplyError{Type: report.FailNotHTTP, Detail: err.Error()}
	case err != nil:
		err = interrupted(err, a.Bytes, "more")
	default:
		if !a.Date.IsZero() {
			reply.HostTime = a.Date.Format(time.RFC3339)
		}
		return a.Body, reply, nil
	}
	clear(a.Body)
	return nil, reply, err
}

// good reports whether an answer with a status is one that is expected.
func (w *web) good(status int) bool {
	if w.status == nil {
		return status/100 == 2
	}
	return slices.Contains(w.status, status)
}

// nameOf is the name of a header field.
func nameOf(line string) string {
	name, _, _ := strings.Cut(line, ":")
	return name
}

// newWeb takes an HTTP request over from a checked or unchecked configuration; what is
// wrong with it goes to errs. usual are lines of the head that the configuration may
// replace by others of the same name.
func newWeb(c *Config, errs *ConfigErrors, usual ...string) *web {
	h := c.HTTP
	w := &web{method: h.Method, path: cmp.Or(h.Path, "/"), host: c.Host, status: h.Status}
	c.checkWeb(errs)
	for _, line := range usual {
		if !slices.ContainsFunc(h.Headers, func(own string) bool { return strings.EqualFold(nameOf(own), nameOf(line)) }) {
			w.fields = append(w.fields, line)
		}
	}
	w.fields = append(append(w.fields, h.Headers...), "Connection: close")
	return w
}

// newGateway is the POST that carries a framed message, with the head that terminals send
// to UnionPay's access gateway.
func newGateway(c *Config, errs *ConfigErrors) *web {
	h := c.HTTP
	if h.Method != "" && h.Method != "POST" {
		errs.add(keyMethod, h.Method, "cannot carry a message", "leave it out, or write POST")
	}
	for _, part := range []struct{ key, value string }{{keyBody, h.Body}, {keyJSONPath, h.JSONPath}, {keyJSONValue, h.JSONValue}} {
		if part.value != "" {
			errs.add(part.key, part.value, "has no meaning where the body is a message", "leave it out, or use protocol: http")
		}
	}
	w := newWeb(c, errs, "User-Agent: posprobe", "Cache-Control: no-cache", "Content-Type: x-ISO-TPDU/x-auth", "Accept: */*")
	w.method = "POST"
	return w
}
