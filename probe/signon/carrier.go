package signon

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"posprobe/report"
)

// carrier is how a message travels: in a frame, and that by itself or as the body of a
// POST.
type carrier struct {
	framing framing
	post    *web // nil without
}

// newCarrier returns how c's messages travel.
func newCarrier(c *Config, errs *ConfigErrors) carrier {
	f, ok := find(framings, func(f framing) string { return f.word }, c.Framing)
	if !ok {
		errs.add(keyFraming, c.Framing, "is no known framing", choose(Framings()))
	}
	if c.HTTP == nil {
		return carrier{framing: f}
	}
	return carrier{framing: f, post: newGateway(c, errs)}
}

// pack returns the whole request for a message.
func (c carrier) pack(message []byte) []byte {
	framed := c.framing.pack(message)
	if c.post != nil {
		return c.post.request(framed)
	}
	return framed
}

// shape is what shapes a request besides the framed message.
func (c carrier) shape() [][]byte {
	if c.post != nil {
		return c.post.shape()
	}
	return nil
}

// polled reports whether something may have to be written before the reply comes.
func (c carrier) polled() bool { return c.post == nil && c.framing.polled() }

// read reads a message, and what is known of a reply besides: Reply.Bytes, Status, Body
// and HostTime. The message may hold keys: whoever gets it wipes it.
func (c carrier) read(rw io.ReadWriter) ([]byte, Reply, error) {
	if c.post == nil {
		message, n, err := c.framing.read(rw)
		return message, Reply{Bytes: n}, err
	}
	body, reply, err := c.post.read(rw)
	defer clear(body)
	if err != nil {
		return nil, reply, err
	}
	message, _, err := c.framing.read(deaf{bytes.NewReader(body)})
	if err == nil {
		return message, reply, nil
	}
	reply.HostTime = ""
	wrong, ok := errors.AsType[*ReplyError](err)
	switch {
	case !ok: // an end before the first byte
		err = &ReplyError{Type: report.FailNotISO8583, Detail: "the HTTP answer holds no message"}
	case wrong.Type == report.FailCutShort:
		// The answer is whole: it is the prefix that is wrong.
		err = &ReplyError{Type: report.FailLength, Detail: fmt.Sprintf("of the frame in an HTTP answer, %s", wrong.Detail)}
	}
	return nil, reply, err
}

// deaf is a message that is there already: what is said while it is read goes nowhere.
type deaf struct{ io.Reader }

func (deaf) Write(p []byte) (int, error) { return len(p), nil }
