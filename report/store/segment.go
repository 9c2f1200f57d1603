package store

import (
	"errors"
	"io"
	"io/fs"
	"slices"
	"time"
)

// segment is a file of a stream.
type segment struct {
	stream   Stream
	first    int64 // the number of its first line
	size     int64 // in bytes; of the one being written, what is acknowledged
	modified time.Time
	regular  bool // a link or a directory is none of ours
	ours     bool // may be appended to
	// tally is what is in it, nil until somebody looked, and if it is unreadable.
	tally      *tally
	unreadable bool
}

func newSegment(s Stream) *segment {
	return &segment{stream: s, regular: true, ours: true, tally: &tally{}}
}

func (s *segment) name() string { return segmentName(s.stream, s.first) }

// tally counts what a segment holds.
type tally struct {
	lines, reports, garbage int64 // lines are all that end in a newline, garbage among them
	whole                   int64 // bytes up to the last newline
	torn                    int64 // bytes after it
	from, until             time.Time
}

func (t *tally) add(text []byte) {
	t.lines++
	h, ok := parseHead(text)
	switch {
	case !ok:
		t.garbage++
		return
	case h.Kind == "":
		t.reports++
	}
	t.span(h.at())
}

func (t *tally) span(at time.Time) {
	if at.IsZero() {
		return
	}
	if t.from.IsZero() {
		t.from = at
	}
	t.until = at
}

// count reads a segment to its end.
func count(src source) (*tally, error) {
	t, l := &tally{}, &lines{src: src}
	for {
		text, size, err := l.next(t.whole)
		switch {
		case errors.Is(err, io.EOF):
			t.torn = size
			return t, nil
		case err != nil && !errors.Is(err, errLong):
			return t, err
		}
		t.add(text)
		t.whole += size
	}
}

// segmentsOf sorts a listing by stream and number. What only looks like a segment is left
// alone, but its number counts: no other segment is to have it.
func segmentsOf(infos []fs.FileInfo) map[Stream][]*segment {
	out := map[Stream][]*segment{}
	for _, info := range infos {
		stream, first, ok := parseName(info.Name())
		if !ok {
			continue
		}
		out[stream] = append(out[stream], &segment{stream: stream, first: first, size: info.Size(), modified: info.ModTime(),
			regular: info.Mode().IsRegular(), ours: info.Mode().IsRegular() && ours(info)})
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b *segment) int { return int(min(max(a.first-b.first, -1), 1)) })
	}
	return out
}
