package http1

import "io"

// source is a stream that is read through a small buffer and counted.
type source struct {
	r        io.Reader
	buf      []byte
	from, to int // what of buf is still to be taken
	taken    int // bytes read from r
	most     int // the most that may be read from r
}

// bufferSize is how much is read ahead at most, in bytes.
const bufferSize = 1 << 10

// maxIdle is how often in a row a reader may bring nothing.
const maxIdle = 100

// fill reads some more bytes into the buffer, which is empty.
func (s *source) fill() error {
	for range maxIdle {
		if s.taken >= s.most {
			return malformed("it is longer than %d bytes", s.most)
		}
		n, err := s.r.Read(s.buf[:min(len(s.buf), s.most-s.taken)])
		s.taken += n
		s.from, s.to = 0, n
		switch {
		case n > 0:
			return nil // an error that came with the bytes comes again
		case err != nil:
			return err
		}
	}
	return io.ErrNoProgress
}

// next returns the next byte.
func (s *source) next() (byte, error) {
	if s.from == s.to {
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
	s.from++
	return s.buf[s.from-1], nil
}

// some returns at least one byte and at most n; the slice is good until the next call.
func (s *source) some(n int) ([]byte, error) {
	if s.from == s.to {
		if err := s.fill(); err != nil {
			return nil, err
		}
	}
	b := s.buf[s.from:min(s.to, s.from+n)]
	s.from += len(b)
	return b, nil
}

// line reads to the end of a line and returns it without its end: CR LF, or LF alone
// (RFC 9112 section 2.2). room is how many bytes the line may still have; what it had is
// taken off.
func (s *source) line(room *int) (string, error) {
	var b []byte
	for {
		c, err := s.next()
		if err != nil {
			return "", err
		}
		if *room--; *room < 0 {
			return "", malformed("a line or a head is too long")
		}
		if c == '\n' {
			break
		}
		b = append(b, c)
	}
	if n := len(b); n > 0 && b[n-1] == '\r' {
		b = b[:n-1]
	}
	return string(b), nil
}
