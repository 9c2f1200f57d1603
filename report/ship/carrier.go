package ship

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// carrier brings batches to a destination.
type carrier interface {
	// send brings a batch that an encoder wrote. Without a trouble the receiver has it;
	// with one it has, all the same, the batch but for the reports that it rejected, if
	// there are any.
	send(ctx context.Context, batch []byte, reports int) (rejected int64, why *Trouble)
	// open reports whether a connection is there already.
	open() bool
	close()
}

// overHTTP posts batches, on one connection while there are more.
type overHTTP struct {
	*dialer
	contentType string
	agent       string
	accepted    func(a answer, reports int) (rejected int64, why *Trouble)

	link   *link
	reader *bufio.Reader
}

func (h *overHTTP) open() bool { return h.link != nil }

func (h *overHTTP) close() {
	if h.link != nil {
		h.link.Close()
		h.link, h.reader = nil, nil
	}
}

func (h *overHTTP) send(ctx context.Context, batch []byte, reports int) (int64, *Trouble) {
	for {
		again := h.open()
		if !again {
			link, t := h.dial(ctx)
			if t != nil {
				return 0, t
			}
			h.link, h.reader = link, bufio.NewReaderSize(link, maxLine)
		}
		a, err := h.post(batch)
		if err != nil || a.last {
			h.close()
		}
		switch {
		case err != nil && again && a.status == 0 && !isTimeout(err) && ctx.Err() == nil:
			continue // the server had closed the connection meanwhile (RFC 9112 section 9.3.1)
		case err != nil:
			return 0, answerTrouble(err)
		}
		if t := verdict(a, time.Now()); t != nil {
			return 0, t
		}
		return h.accepted(a, reports)
	}
}

// post sends a request and reads the answer.
func (h *overHTTP) post(batch []byte) (answer, error) {
	var head strings.Builder
	fmt.Fprintf(&head, "POST %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nContent-Type: %s\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n",
		h.t.path, h.t.authority, h.agent, h.contentType, len(batch))
	if token := h.link.loaded.token; token != "" {
		head.WriteString("Authorization: Bearer " + token + "\r\n")
	}
	head.WriteString("\r\n")
	h.link.deadline(h.d.writing(batch))
	_, err := h.link.Write(append([]byte(head.String()), batch...))
	if err != nil {
		// Who refuses a batch may have closed before it had come, and have said why.
		h.link.deadline(time.Second)
		a, told := readAnswer(h.reader, "POST")
		if a.last = true; told == nil {
			return a, nil
		}
		return a, reason(err, told)
	}
	h.link.deadline(h.d.Timeout)
	return readAnswer(h.reader, "POST")
}

// reason is why a connection broke when it was written to: what reading from it said, if
// that was the alert by which a server refuses our certificate, when its handshake is
// over for us (RFC 8446 appendix E.1).
func reason(err, told error) error {
	if told != nil && broken(told).Kind == Untrusted {
		return told
	}
	return err
}

// answerTrouble is the trouble that an error of readAnswer means.
func answerTrouble(err error) *Trouble {
	switch {
	case errors.Is(err, errGarbled):
		return trouble(Garbled, "%v", err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return trouble(Unreachable, "the connection was closed without a whole answer")
	}
	return broken(err)
}

// anySuccess is all that a receiver of lines says.
func anySuccess(answer, int) (int64, *Trouble) { return 0, nil }

// otlpSuccess reads what a receiver of OpenTelemetry logs says of a batch that it
// accepted. Reports that it rejects are not sent again (OTLP specification, "Partial
// Success"); a batch that it rejects as a whole is refused as others are by a status.
func otlpSuccess(a answer, reports int) (int64, *Trouble) {
	rejected, message, err := partialSuccess(a.body)
	if err != nil || rejected == 0 { // an answer in JSON says nothing that matters
		return 0, nil
	}
	why := trouble(Refused, "rejected: %q", message)
	if rejected >= int64(reports) {
		return 0, why
	}
	return rejected, why
}

// overSyslog writes batches to a connection each.
type overSyslog struct{ *dialer }

func (overSyslog) open() bool { return false }
func (overSyslog) close()     {}

// send waits until the receiver, told that nothing more comes, closes its side. A
// receiver that ended with something unread has the kernel send a reset instead (RFC 9293
// section 3.6.1), so that an orderly end says that it has read everything.
func (s overSyslog) send(ctx context.Context, batch []byte, _ int) (int64, *Trouble) {
	k, t := s.dial(ctx)
	if t != nil {
		return 0, t
	}
	defer k.Close()
	k.deadline(s.d.writing(batch))
	if _, err := k.Write(batch); err != nil {
		k.deadline(time.Second)
		_, told := io.CopyN(io.Discard, k, maxBody)
		return 0, broken(reason(err, told))
	}
	if err := k.closeWrite(); err != nil {
		return 0, broken(err)
	}
	k.deadline(s.d.Timeout)
	_, err := io.CopyN(io.Discard, k, maxBody)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF): // with a goodbye of TLS, and without
		return 0, nil
	case err == nil:
		return 0, trouble(Garbled, "it talks, which no receiver of syslog does")
	case isTimeout(err):
		return 0, trouble(Unreachable, "it did not close the connection, so that nobody knows whether it has read everything")
	}
	return 0, broken(err)
}
