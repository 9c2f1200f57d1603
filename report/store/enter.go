package store

import (
	"errors"
	"io"
	"io/fs"
)

// enter opens the segment of the present position, or the one to go on with if it is gone.
func (r *streamReader) enter() error {
	list, err := r.list()
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && len(list) == 0:
		return io.EOF
	case err != nil:
		return err
	case r.pos.Segment == "":
		r.pos.Line = list[0].first
		return r.goTo(list[0], list)
	}
	for _, seg := range list {
		if seg.name() == r.pos.Segment {
			return r.resume(seg, list)
		}
	}
	if next := after(list, r.pos.Segment); next != nil {
		return r.goTo(next, list)
	}
	// There is nothing later. Either the segment was never safe and power failed: then its
	// number comes next. Or somebody emptied the directory and the numbers begin anew.
	last := list[len(list)-1]
	_, gone, _ := parseName(r.pos.Segment)
	end, err := r.end(last)
	switch {
	case err != nil:
		return err
	case end.Line == gone:
		r.pos = end
		return r.reopen()
	}
	r.pos.Line = list[0].first
	return r.goTo(list[0], list)
}

// end is the position after the last line of a segment.
func (r *streamReader) end(seg *segment) (Position, error) {
	src, err := r.files.Open(seg.name())
	if err != nil {
		return Position{}, err
	}
	defer src.Close()
	t, err := count(src)
	if err != nil {
		return Position{}, err
	}
	p := Position{Segment: seg.name(), Offset: t.whole, Line: seg.first + t.lines}
	if r.stream == Checks {
		p.Line = seg.first + 1
	}
	return p, nil
}

// resume goes on within a segment. If the offset is not where a line begins, lines were
// lost there and others written, or it is another file: then the line's number decides,
// and where there are not that many it is read from its beginning. A line read twice is
// better than one not read.
func (r *streamReader) resume(seg *segment, list []*segment) error {
	err := r.reopen()
	if errors.Is(err, fs.ErrPermission) {
		if next := after(list, seg.name()); next != nil {
			return r.goTo(next, list)
		}
		return io.EOF
	}
	if err != nil || r.pos.Offset == 0 || r.beginsLine(r.pos.Offset) {
		return err
	}
	at, line := int64(0), seg.first
	for line < r.pos.Line {
		_, size, err := r.in.next(at)
		if err != nil && !errors.Is(err, errLong) {
			at, line = 0, seg.first
			break
		}
		at, line = at+size, line+r.step()
	}
	r.pos.Offset, r.pos.Line = at, line
	return nil
}

func (r *streamReader) beginsLine(offset int64) bool {
	var b [1]byte
	_, err := r.src.ReadAt(b[:], offset-1)
	return offset > 0 && (err == nil || errors.Is(err, io.EOF)) && b[0] == '\n'
}
