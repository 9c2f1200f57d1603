package signon

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"

	"posprobe/probe/clean"
	"posprobe/report"
)

// httpRequest is protocol http: one request, and what its answer must be.
type httpRequest struct {
	identity
	web     *web
	send    []byte // the whole request
	pattern *regexp.Regexp
	path    string // into a JSON body, "" for none
	value   string
	ids     []string // kept out of texts
}

func (h *httpRequest) MessageType() string { return "" }
func (h *httpRequest) Request() []byte     { return bytes.Clone(h.send) }
func (h *httpRequest) KeysComeBack() bool  { return false }

// Repeatable is true for safe methods (RFC 9110 section 9.2.1).
func (h *httpRequest) Repeatable() bool      { return h.web.method != "POST" }
func (h *httpRequest) EndsWithRequest() bool { return true }

// newHTTP is the constructor of protocol http.
func newHTTP(c Config) (Dialect, error) {
	var errs ConfigErrors
	if c.HTTP == nil {
		c.HTTP = &HTTP{}
	}
	web := newWeb(&c, &errs, "User-Agent: posprobe", "Accept: */*")
	d := &httpRequest{web: web, path: c.HTTP.JSONPath, value: c.HTTP.JSONValue, ids: []string{c.Terminal, c.Merchant}}
	switch web.method {
	case "":
		web.method = "GET"
		if len(c.Send) > 0 {
			web.method = "POST"
		}
	case "GET", "HEAD":
		if len(c.Send) > 0 {
			errs.add(keyMethod, web.method, "carries no body", "write POST, or leave send out")
		}
	case "POST":
	default:
		errs.add(keyMethod, web.method, "is no method that may be used", "choose GET, HEAD or POST")
	}
	checkSend(&errs, keySend, c.Send)
	d.pattern = checkPattern(&errs, keyBody, c.HTTP.Body)
	if (d.path == "") != (d.value == "") {
		errs.add(keyJSONPath, d.path, "stands without the other of path and value", "give both, as in path: status and value: UP")
	}
	if web.method == "HEAD" && (d.pattern != nil || d.path != "") {
		errs.add(keyMethod, web.method, "brings no body that could be looked at", "write GET, or leave body and json out")
	}
	if err := errs.err(); err != nil {
		return nil, err
	}
	d.send = web.request(c.Send)
	d.identity = identity{ProtocolHTTP, fingerprint(ProtocolHTTP, d.ids,
		append(web.shape(), c.Send, []byte(c.HTTP.Body), []byte(d.path), []byte(d.value))...)}
	return d, nil
}

// ReadReply reads one answer. See Dialect.
func (h *httpRequest) ReadReply(rw io.ReadWriter) (Reply, error) {
	body, reply, err := h.web.read(rw)
	defer clear(body)
	if err != nil {
		return reply, err
	}
	wrong := ""
	if h.pattern != nil && !h.pattern.Match(body) {
		wrong = fmt.Sprintf("a body of %d bytes without what is expected", len(body))
	} else if h.path != "" {
		said, ok := jsonValue(body, h.path)
		switch {
		case !ok:
			wrong = fmt.Sprintf("a body of %d bytes without the JSON value that is expected", len(body))
		case said != h.value:
			wrong = "the JSON value is another one than expected"
			reply.HostText = hostText(clean.Text(said), h.ids...)
		}
	}
	if wrong != "" {
		reply.HostTime = ""
		return reply, &ReplyError{Type: report.FailUnexpected, Detail: wrong}
	}
	return reply, nil
}

// checkSend refuses bytes that are too many, or a message of ISO 8583 in one of the
// framings: it would slip past the rules that keep financial messages and scheduled
// sign-ons off the line.
func checkSend(errs *ConfigErrors, key string, send []byte) {
	value := hex.EncodeToString(send)
	if len(send) > maxSend {
		errs.add(key, value[:32]+"…", "is longer than 2048 bytes", "send less")
		return
	}
	for _, f := range framings {
		if len(send) <= f.prefix+2+8 { // a message has a type and a bitmap at the least
			continue
		}
		h := f.get(send[:f.prefix])
		if h.is == frameMessage && f.prefix+h.length+len(f.trailer) == len(send) {
			errs.add(key, value, "is a framed message", "use protocol: unionpay or one of iso8583, which know what may be sent")
			return
		}
	}
}
