package http1

import (
	"io"
	"strconv"
	"strings"
)

// readBody reads a body to its end or to its limit, whichever comes first.
func readBody(s *source, h head, l Limits) ([]byte, error) {
	b := &body{most: l.Body}
	var err error
	switch {
	case h.chunked: // which overrides a stated length (RFC 9112 section 6.3)
		err = b.chunks(s, l.Head)
	case h.length >= 0:
		err = b.add(s, h.length)
	default: // to the end of the connection
		err = b.add(s, int64(l.Body))
		if err == io.EOF {
			err = nil
		}
	}
	return b.content, err
}

// body collects content up to a limit.
type body struct {
	content []byte
	most    int
}

func (b *body) full() bool { return len(b.content) >= b.most }

// add takes n bytes of content, fewer when the limit is reached. Memory grows with what
// came, not with what was promised.
func (b *body) add(s *source, n int64) error {
	for n > 0 && !b.full() {
		some, err := s.some(int(min(n, int64(b.most-len(b.content)))))
		if err != nil {
			return err
		}
		b.grow(len(some))
		b.content = append(b.content, some...)
		n -= int64(len(some))
	}
	return nil
}

// grow makes room for n bytes more and wipes the room that was too small.
func (b *body) grow(n int) {
	if need := len(b.content) + n; need > cap(b.content) {
		bigger := make([]byte, len(b.content), min(b.most, max(2*cap(b.content), need)))
		copy(bigger, b.content)
		clear(b.content)
		b.content = bigger
	}
}

// maxChunkLine is the longest line that begins a chunk: a size and extensions.
const maxChunkLine = 256

// chunks takes the content of chunks (RFC 9112 section 7.1) and, behind the last one,
// the trailers, which have room for as many bytes as are left of the head.
func (b *body) chunks(s *source, room int) error {
	for {
		line := maxChunkLine
		first, err := s.line(&line)
		if err != nil {
			return err
		}
		digits, _, _ := strings.Cut(first, ";")
		size, err := strconv.ParseUint(strings.Trim(digits, " \t"), 16, 62)
		if err != nil {
			return malformed("a chunk of its body has no size")
		}
		if size == 0 {
			break
		}
		if err := b.add(s, int64(size)); err != nil || b.full() {
			return err
		}
		end := len("\r\n")
		if rest, err := s.line(&end); err != nil || rest != "" {
			return orMalformed(err)
		}
	}
	for {
		if line, err := s.line(&room); err != nil || line == "" {
			return err
		}
	}
}

// orMalformed is err, or what is wrong with a chunk that does not end where it says.
func orMalformed(err error) error {
	if err != nil {
		return err
	}
	return malformed("a chunk of its body is longer than its size")
}
