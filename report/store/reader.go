package store

import (
	"io"
	"time"
)

// Entry is a line that was read.
type Entry struct {
	Stream Stream
	// Segment and Offset are where it stands.
	Segment string
	Offset  int64
	// Kind is "" for a report. ID is the report's or the record's own, and At its time.
	Kind Kind
	ID   string
	Name string
	At   time.Time
	// Text is the line without its newline. It is valid until the next call of Next.
	Text []byte
	// Missing is how many lines before this one were dropped before they could be read.
	Missing int64
}

// Reader reads lines from the oldest to the newest while a store, here or in another
// process, writes. It is for one goroutine, takes at most MaxLine and some for each
// stream, needs no lock and changes nothing.
type Reader struct {
	streams []*streamReader
	last    *streamReader // whose head was returned last
}

// NewReader reads the streams, by default all but States, from a cursor on; nil is the
// beginning. Within a stream lines come as they were written, across streams by their own
// times, which are no better than the terminal's clock was.
func NewReader(dir string, from Cursor, streams ...Stream) *Reader {
	return newReader(directory{path: dir}, from, streams)
}

func newReader(f files, from Cursor, streams []Stream) *Reader {
	if len(streams) == 0 {
		streams = []Stream{Failures, Checks, Healthy}
	}
	r := &Reader{}
	for _, s := range streams {
		r.streams = append(r.streams, &streamReader{files: f, stream: s, pos: from[s]})
	}
	return r
}

// Next returns the next line. io.EOF means that there is none now: there may be one
// later. Any other error is the disk's; the reader may be asked again.
func (r *Reader) Next() (Entry, error) {
	if r.last != nil {
		r.last.advance()
		r.last = nil
	}
	var first *streamReader
	var failed error
	for _, s := range r.streams {
		if s.resting {
			continue
		}
		if err := s.prepare(); err != nil {
			s.resting = true
			if err != io.EOF {
				failed = err
			}
			continue
		}
		if first == nil || s.head.At.Before(first.head.At) {
			first = s
		}
	}
	if failed == nil && first != nil {
		r.last = first
		return *first.head, nil
	}
	if failed != nil {
		return Entry{}, failed // once; then the other streams go on
	}
	for _, s := range r.streams {
		s.resting = false
	}
	return Entry{}, io.EOF
}

// Cursor is the place after the line that was returned last.
func (r *Reader) Cursor() Cursor {
	c := Cursor{}
	for _, s := range r.streams {
		c[s.stream] = s.pos
		if s == r.last {
			c[s.stream] = s.after
		}
	}
	return c
}

// Skipped is how many lines were no lines of a store, by stream: garbage, too long, or
// left unfinished by a power cut.
func (r *Reader) Skipped() map[Stream]int64 {
	out := map[Stream]int64{}
	for _, s := range r.streams {
		if s.skipped > 0 {
			out[s.stream] = s.skipped
		}
	}
	return out
}

// Close lets go of the segments.
func (r *Reader) Close() {
	for _, s := range r.streams {
		s.leave()
	}
}
