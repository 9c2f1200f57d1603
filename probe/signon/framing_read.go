package signon

import (
	"fmt"
	"io"

	"posprobe/report"
)

// maxPolls is how many polls and idle messages are gone along with before a reply.
const maxPolls = 16

// read reads one message from rw and answers the polls before it. n is how many bytes
// came in all. The message may hold keys: whoever gets it wipes it.
func (f framing) read(rw io.ReadWriter) (message []byte, n int, err error) {
	for range maxPolls + 1 {
		prefix := make([]byte, f.prefix)
		m, err := readFull(rw, prefix)
		n += m
		if err != nil {
			return nil, n, interrupted(err, m, fmt.Sprintf("at least %d", f.prefix))
		}
		head := f.get(prefix)
		if err := f.refuse(head, prefix); err != nil {
			return nil, n, err
		}
		size := head.length
		switch head.is {
		case frameMessage:
			size += len(f.trailer)
		case framePoll:
			size = 0
			if _, err := rw.Write(prefix); err != nil {
				return nil, n, err
			}
		}
		content := make([]byte, size)
		m, err = readFull(rw, content)
		n += m
		switch {
		case err != nil:
			clear(content)
			return nil, n, interrupted(err, f.prefix+m, fmt.Sprint(f.prefix+size))
		case head.is == frameMessage:
			return content[:head.length], n, nil
		}
		clear(content)
	}
	return nil, n, &ReplyError{Type: report.FailLength, Detail: fmt.Sprintf("%d polls, and no reply", maxPolls+1)}
}

// refuse says what is wrong with a prefix. Characters of text and the first bytes of a
// TLS record mostly read as lengths beyond the limit; they are named for what they are,
// because a text server or a TLS port in the acquirer's place is something else than a
// host that miscounts.
func (f framing) refuse(head frameHead, prefix []byte) error {
	empty := head.is == frameMessage && head.length <= 0
	if head.is != frameNone && head.length <= maxFrame && !empty {
		return nil
	}
	text := func(c byte) bool { return ' ' <= c && c <= '~' || c == '\r' || c == '\n' || c == '\t' }
	wrong := &ReplyError{Type: report.FailNotISO8583}
	switch {
	// RFC 8446 5.1: content types 20 to 23, then a version 3.x.
	case 20 <= prefix[0] && prefix[0] <= 23 && prefix[1] == 3:
		wrong.Detail = "the reply begins like a TLS record: this port may expect TLS"
	case text(prefix[0]) && text(prefix[1]) && (head.is == frameNone || !f.text):
		wrong.Detail = "the reply begins like text, not like a frame"
	case head.is == frameNone:
		wrong.Detail = "the reply does not begin with a length as framing " + f.word + " writes it"
	case empty:
		wrong.Type, wrong.Detail = report.FailLength, "the declared length is 0"
	default:
		wrong.Type, wrong.Detail = report.FailLength, fmt.Sprintf("the declared length of %d bytes is beyond %d", head.length, maxFrame)
	}
	return wrong
}
