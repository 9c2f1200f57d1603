//go:build !linux

package probe

import (
	"errors"
	"syscall"
)

// traceable is false: these systems do not tell who answered a SYN that did not arrive.
const traceable = false

func limitTTL(string, syscall.RawConn, int) error { return errors.ErrUnsupported }
func bindTo(syscall.RawConn, string) error        { return errors.ErrUnsupported }
func canBindTo(string) error                      { return errors.ErrUnsupported }
