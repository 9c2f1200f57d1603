package signon

import (
	"errors"
	"fmt"
	"io"
	"os"

	"posprobe/report"
)

// maxIdleReads is how often in a row a reader may bring nothing.
const maxIdleReads = 100

// readFull fills b from r and returns how much came. Unlike io.ReadFull it returns r's
// own error and gives up on a reader that returns nothing over and over.
func readFull(r io.Reader, b []byte) (int, error) {
	n, idle := 0, 0
	for n < len(b) {
		m, err := r.Read(b[n:])
		n += m
		switch {
		case n == len(b):
			return n, nil
		case err != nil:
			return n, err
		case m > 0:
			idle = 0
		default:
			if idle++; idle == maxIdleReads {
				return n, io.ErrNoProgress
			}
		}
	}
	return n, nil
}

// interrupted says what a read error after got bytes of a reply means. An orderly end
// and our own deadline cut the reply short. A reset, or a timeout of the kernel's
// (which tells of a dead path, not of a host that stopped in the middle), stays what
// it is, and so does everything before the first byte.
func interrupted(err error, got int, expected string) error {
	if got == 0 {
		return err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrDeadlineExceeded) {
		return &ReplyError{
			Type:   report.FailCutShort,
			Detail: fmt.Sprintf("%d of %s bytes came", got, expected),
			cause:  err,
		}
	}
	return err
}
