//go:build linux

package lab

import (
	"strings"
	"sync"
)

// maxOutput is how much of a program's output is kept, in bytes; the rest is read and
// thrown away, so that the program does not block on it.
const maxOutput = 1 << 20

// limitedBuffer keeps the first maxOutput bytes written to it. It may be written and
// read at the same time. Its zero value is ready to use.
type limitedBuffer struct {
	mu      sync.Mutex
	text    strings.Builder
	changed chan struct{} // closed and replaced when text grows
}

// Write never fails and never blocks.
func (b *limitedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.text.Write(p[:min(len(p), maxOutput-b.text.Len())])
	if b.changed != nil {
		close(b.changed)
		b.changed = nil
	}
	return len(p), nil
}

// String returns what has been written so far.
func (b *limitedBuffer) String() string {
	text, _ := b.watch()
	return text
}

// watch returns what has been written so far, and a channel that is closed when there
// is more.
func (b *limitedBuffer) watch() (string, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.changed == nil {
		b.changed = make(chan struct{})
	}
	return b.text.String(), b.changed
}
