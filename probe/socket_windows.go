package probe

import (
	"errors"
	"syscall"
)

// smallSegments is false: Windows lets no program choose the size of segments.
const smallSegments = false

func limitSegments(syscall.RawConn, int) error { return errors.ErrUnsupported }
