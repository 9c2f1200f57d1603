package store

import (
	"errors"
	"io/fs"
	"strings"
	"time"

	"posprobe/report"
)

// Health is how a store is, for people and for the agent's report of itself.
type Health struct {
	// Failure is why nothing can be written now; nil when the last attempt succeeded.
	// Since is since when, zero without one.
	Failure *report.Failure `json:"failure"`
	Since   time.Time       `json:"since"`
	// WaitingLines and WaitingBytes are in memory only.
	WaitingLines int64 `json:"waiting_lines"`
	WaitingBytes int64 `json:"waiting_bytes"`
	// Streams are what is on the disk.
	Streams []StreamHealth `json:"streams"`
	// Dropped counts what was given up since the store was opened.
	Dropped DropCount `json:"dropped"`
	// TornLines were left unfinished by power cuts and cut off since the store was opened.
	// GarbageLines are no lines of a store; they stand in those segments that had to be
	// looked at, the newest of each stream among them. UnreadableSegments cannot be.
	TornLines          int64 `json:"torn_lines"`
	GarbageLines       int64 `json:"garbage_lines"`
	UnreadableSegments int64 `json:"unreadable_segments"`
}

// StreamHealth is what a stream has on the disk.
type StreamHealth struct {
	Stream   Stream `json:"stream"`
	Segments int64  `json:"segments"`
	Bytes    int64  `json:"bytes"`
	// FirstLine is the number of its oldest line: as many were dropped in its life. Of
	// Checks it counts segments.
	FirstLine int64 `json:"first_line"`
	// NextLine is the number of the line that comes next; a Position of a cursor that stands
	// there has read everything. It is FirstLine of the newest segment where that cannot be
	// read.
	NextLine int64 `json:"next_line"`
}

// DropCount is how much was dropped, since when and until when.
type DropCount struct {
	Lines   int64     `json:"lines"`
	Reports int64     `json:"reports"`
	Bytes   int64     `json:"bytes"`
	Since   time.Time `json:"since"`
	Until   time.Time `json:"until"`
}

func (c *DropCount) count(d *Dropped, at time.Time) {
	if d == nil || d.Lines == 0 && d.Bytes == 0 {
		return
	}
	if c.Since.IsZero() {
		c.Since = at
	}
	c.Lines, c.Reports, c.Bytes, c.Until = c.Lines+d.Lines, c.Reports+d.Reports, c.Bytes+d.Bytes, at
}

// Health says how the store is.
func (s *Store) Health() Health {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.health
	for _, list := range s.queue.lines {
		h.WaitingLines += int64(len(list))
	}
	h.WaitingBytes = s.queue.bytes
	h.Dropped.count(&s.queue.lost, s.queue.lost.Until)
	switch {
	case s.failed != nil:
		h.Failure, h.Since = failureOf(s.failed), s.failedAt
	case !s.busySince.IsZero() && time.Since(s.busySince) > s.options.Patience:
		h.Failure = &report.Failure{Operation: report.OpWrite, Type: report.FailDeadline, Detail: "the disk is slow"}
		h.Since = s.wall().Add(-time.Since(s.busySince))
	case s.unshared != nil:
		h.Failure = failureOf(s.unshared)
	}
	return h
}

// status is the disk's part of a store's health.
func (d *disk) status(h *Health) {
	h.TornLines, h.GarbageLines, h.UnreadableSegments, h.Streams = d.torn, 0, 0, nil
	for _, s := range Streams() {
		list := d.segments[s]
		if len(list) > 0 {
			last := list[len(list)-1]
			next := last.first
			if last.tally != nil {
				next += last.tally.lines
			}
			h.Streams = append(h.Streams, StreamHealth{s, int64(len(list)), d.size(s), list[0].first, next})
		}
		for _, seg := range list {
			if seg.unreadable {
				h.UnreadableSegments++
			}
			if seg.tally != nil {
				h.GarbageLines += seg.tally.garbage
			}
		}
	}
}

// failureOf puts an error of the disk into a report's words.
func failureOf(err error) *report.Failure {
	f := &report.Failure{Operation: report.OpWrite, Type: report.FailIO, Detail: oneLine(err.Error())}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.Type = report.FailNotFound
	case errors.Is(err, errors.ErrUnsupported):
		f.Type = report.FailNotSupported
	case errors.Is(err, fs.ErrPermission):
		f.Type = report.FailAccess
	}
	for _, t := range systemTypes { // EPERM is fs.ErrPermission as well
		if errors.Is(err, t.number) {
			f.Type = t.is
		}
	}
	return f
}

// maxDetail is the longest detail of a report's failure, in runes.
const maxDetail = 128

// oneLine keeps of a text what is fit for a report: the configured path may hold anything.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	if runes := []rune(s); len(runes) > maxDetail {
		s = string(runes[:maxDetail-1]) + "…"
	}
	return s
}
