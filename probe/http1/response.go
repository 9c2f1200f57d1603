package http1

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// ErrMalformed is what is wrong with bytes that are no HTTP/1.0 or HTTP/1.1 answer. The
// text of an error that wraps it holds nothing of those bytes.
var ErrMalformed = errors.New("no HTTP answer")

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}

// Limits bound what Read takes, in bytes.
type Limits struct {
	// Head is the most that status line and fields may have, those of interim answers
	// (RFC 9110 section 15.2) and of trailers included: a longer head is no answer.
	Head int
	// Body is how much of a body is read; the rest is left.
	Body int
}

// Response is an answer as far as it was read.
type Response struct {
	// Status is 100 to 599, 0 until the whole head of a final answer has come.
	Status int
	// Date is when the answer was made (RFC 9110 section 6.6.1), zero where it does not
	// say so.
	Date time.Time
	// Location is where a redirection leads, as received.
	Location string
	// Body is the content, at most Limits.Body bytes, without what frames it. It may be
	// wiped.
	Body []byte
	// Bytes is how many bytes were read, which are a few more than the answer has where
	// others came with its end.
	Bytes int
}

// Read reads one answer to a request with a method. What comes is kept in buffers that
// are wiped, but for Response.
//
// An error is r's own, io.EOF for an end before the first byte and io.ErrUnexpectedEOF
// for one inside the answer, or wraps ErrMalformed. Where Status is set nevertheless the
// head was whole and the body is not.
func Read(r io.Reader, method string, l Limits) (Response, error) {
	s := &source{r: r, buf: make([]byte, bufferSize), most: l.Head + framingFactor*l.Body}
	defer clear(s.buf)
	var a Response
	h, err := readHead(s, &l.Head)
	if err == nil {
		a.Status, a.Date, a.Location = h.status, h.date, h.location
		if h.hasBody(method) {
			a.Body, err = readBody(s, h, l)
		}
	}
	a.Bytes = s.taken
	if err == io.EOF && s.taken > 0 {
		err = io.ErrUnexpectedEOF
	}
	return a, err
}

// framingFactor bounds what frames a body: a server that sends a byte a chunk sends six
// for each (RFC 9112 section 7.1).
const framingFactor = 6
