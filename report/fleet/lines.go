package fleet

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"posprobe/report"
)

// MaxLine is the longest line that is read, in bytes; longer ones are counted and passed
// over.
const MaxLine = report.MaxBytes

// Reader reads lines from a stream, packed with gzip or not. It holds one line.
type Reader struct {
	in   *bufio.Reader
	line []byte
	// Long counts the lines that were longer than MaxLine.
	Long int64
}

// NewReader reads from in. A stream that begins as gzip does (RFC 1952 section 2.3.1) is
// unpacked as it is read. The error is that of in, or of a stream that is no gzip after all.
func NewReader(in io.Reader) (*Reader, error) {
	r := &Reader{in: bufio.NewReaderSize(in, 64<<10)}
	if head, err := r.in.Peek(2); err == nil && head[0] == 0x1f && head[1] == 0x8b {
		unpacked, err := gzip.NewReader(r.in)
		if err != nil {
			return nil, fmt.Errorf("gzip: %w", err)
		}
		r.in = bufio.NewReaderSize(unpacked, 64<<10)
	} else if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return r, nil
}

// Next returns the next line without its end, valid until the next call. io.EOF is the
// end; the last line needs no newline. Any other error is the stream's.
func (r *Reader) Next() ([]byte, error) {
	long := false
	for r.line = r.line[:0]; ; {
		part, err := r.in.ReadSlice('\n')
		if long = long || len(r.line)+len(part) > MaxLine; !long {
			r.line = append(r.line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || len(r.line) == 0 && !long):
			return nil, err
		case long:
			r.Long++
			r.line, long = r.line[:0], false
			if err != nil {
				return nil, err
			}
			continue
		}
		return trimEnd(r.line), nil
	}
}

// trimEnd cuts the newline off, and the carriage return before it.
func trimEnd(line []byte) []byte {
	for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
		line = line[:len(line)-1]
	}
	return line
}
