package store

import (
	"bytes"
	"errors"
	"io"
)

// lines reads a segment line by line, in memory bounded by MaxLine.
type lines struct {
	src io.ReaderAt
	at  int64  // the offset of buf[0]
	buf []byte // what was read and not yet skipped, within mem
	mem []byte
}

// readAhead is how much is read at once, maxRead how much of a segment at all: twice as
// much as the largest that is written here. A damaged file system may call a file a
// terabyte long.
const (
	readAhead = 64 << 10
	maxRead   = maxStates
)

// errLong is returned for a line longer than MaxLine.
var errLong = errors.New("line too long")

// next returns the line that begins at offset, without its newline, and how many bytes it
// takes with it. No line holds a zero byte: those are blocks that a power cut or a failed
// write left empty, and what stands before them in the line is half of another. The text
// is valid until the next call. With io.EOF no newline follows, or none within maxRead:
// size is that of what is there. With errLong the text is nil. Other errors are those of
// reading.
func (l *lines) next(offset int64) (text []byte, size int64, err error) {
	if skip := offset - l.at; skip < 0 || skip > int64(len(l.buf)) {
		l.forget(offset)
	} else {
		l.at, l.buf = offset, l.buf[skip:]
	}
	for searched := 0; ; {
		if i := bytes.IndexByte(l.buf[searched:], '\n'); i >= 0 {
			if searched+i > MaxLine {
				return nil, int64(searched + i + 1), errLong
			}
			text = l.buf[:searched+i]
			return text[bytes.LastIndexByte(text, 0)+1:], int64(searched + i + 1), nil
		}
		searched = len(l.buf)
		if searched > MaxLine {
			return l.skipLong(offset)
		}
		if err := l.fill(); err != nil {
			return nil, int64(searched), err
		}
	}
}

// skipLong looks for the end of a line without keeping it.
func (l *lines) skipLong(offset int64) ([]byte, int64, error) {
	for {
		l.forget(l.at + int64(len(l.buf)))
		if err := l.fill(); err != nil {
			return nil, l.at - offset, err
		}
		if i := bytes.IndexByte(l.buf, '\n'); i >= 0 {
			return nil, l.at + int64(i) + 1 - offset, errLong
		}
	}
}

// fill reads on; io.EOF when there is nothing.
func (l *lines) fill() error {
	used := len(l.buf)
	if l.at+int64(used) >= maxRead {
		return io.EOF
	}
	if cap(l.buf)-used < readAhead {
		if used+readAhead > len(l.mem) {
			l.mem = make([]byte, 2*used+readAhead)
		}
		l.buf = l.mem[:copy(l.mem, l.buf)]
	}
	n, err := l.src.ReadAt(l.buf[used:used+readAhead], l.at+int64(used))
	l.buf = l.buf[:used+n]
	if n > 0 {
		return nil
	}
	return err
}

// forget drops what was read, so that it is read anew: the end of a segment may be cut
// and written again.
func (l *lines) forget(offset int64) { l.at, l.buf = offset, l.buf[:0] }
