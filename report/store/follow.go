package store

import (
	"errors"
	"io"
	"io/fs"
)

// streamReader reads one stream.
type streamReader struct {
	files  files
	stream Stream
	// pos is where the head begins, or where the next one will; after is behind the head.
	pos, after Position
	head       *Entry
	skipped    int64
	missing    int64 // not yet reported

	src     source // the position's segment, nil if it is not open
	in      lines
	resting bool // there was nothing, or an error, since all streams were asked last
}

// prepare finds the next line, and puts it into head. io.EOF: there is none now.
func (r *streamReader) prepare() error {
	if r.head != nil {
		return nil
	}
	for {
		if r.src == nil {
			if err := r.enter(); err != nil {
				return err
			}
		}
		text, size, err := r.in.next(r.pos.Offset)
		switch {
		case err == nil:
			r.after = Position{Segment: r.pos.Segment, Offset: r.pos.Offset + size, Line: r.pos.Line + r.step()}
			if h, ok := parseHead(text); ok {
				r.head = &Entry{Stream: r.stream, Segment: r.pos.Segment, Offset: r.pos.Offset, Kind: h.Kind, ID: h.ID, Name: h.Name,
					At: h.at(), Text: text, Missing: r.missing}
				return nil
			}
			r.skipped++
			r.pos = r.after
		case errors.Is(err, errLong):
			r.skipped++
			r.pos.Offset, r.pos.Line = r.pos.Offset+size, r.pos.Line+r.step()
		case errors.Is(err, io.EOF):
			if err := r.onward(); err != nil {
				return err
			}
		default:
			r.leave()
			return err
		}
	}
}

// step is by how much a line advances the number: saved checks count segments.
func (r *streamReader) step() int64 {
	if r.stream == Checks {
		return 0
	}
	return 1
}

// advance goes behind the head.
func (r *streamReader) advance() {
	if r.head != nil {
		r.pos, r.head, r.missing = r.after, nil, 0
	}
}

// onward is called at the end of a segment. It returns io.EOF if there is no later one: an
// unfinished line may still be written then. Else the segment is final.
func (r *streamReader) onward() error {
	list, err := r.list()
	if err != nil {
		r.leave()
		return err
	}
	next := after(list, r.pos.Segment)
	if next == nil {
		r.leave() // when asked again it may be another file: cut, removed, made anew
		return io.EOF
	}
	// Its last lines may have been written between the look at it and the list.
	r.in.forget(r.pos.Offset)
	switch _, size, err := r.in.next(r.pos.Offset); {
	case err == nil || errors.Is(err, errLong):
		return nil
	case !errors.Is(err, io.EOF):
		r.leave()
		return err
	case size > 0:
		r.skipped++ // torn, and never cut
	}
	r.pos.Line += 1 - r.step()
	return r.goTo(next, list)
}

// after is the first segment behind the one of this name, nil without one.
func after(list []*segment, name string) *segment {
	_, first, _ := parseName(name)
	for _, seg := range list {
		if seg.first > first {
			return seg
		}
	}
	return nil
}

// goTo goes to the beginning of a later segment, and counts what is missing between. One
// that may not be read, another user's, is passed over if it has a successor.
func (r *streamReader) goTo(seg *segment, list []*segment) error {
	for {
		r.missing += max(0, seg.first-r.pos.Line)
		r.pos = Position{Segment: seg.name(), Line: seg.first}
		err := r.reopen()
		if !errors.Is(err, fs.ErrPermission) {
			return err
		}
		if seg = after(list, seg.name()); seg == nil {
			return io.EOF
		}
	}
}

// reopen opens the segment of the present position.
func (r *streamReader) reopen() error {
	r.leave()
	src, err := r.files.Open(r.pos.Segment)
	if errors.Is(err, fs.ErrNotExist) {
		return io.EOF // dropped this moment; found out when asked again
	}
	if err != nil {
		return err
	}
	r.src, r.in = src, lines{src: src, at: r.pos.Offset, mem: r.in.mem}
	return nil
}

func (r *streamReader) leave() {
	if r.src != nil {
		r.src.Close()
	}
	r.src = nil
}

// list are the segments that may be read.
func (r *streamReader) list() ([]*segment, error) {
	infos, err := r.files.List()
	if err != nil {
		return nil, err
	}
	var out []*segment
	for _, seg := range segmentsOf(infos)[r.stream] {
		if seg.regular {
			out = append(out, seg)
		}
	}
	return out, nil
}
