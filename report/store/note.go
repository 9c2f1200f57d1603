package store

import (
	"fmt"
	"time"
)

// Reason is why lines were dropped.
type Reason string

// The reasons.
const (
	ReasonSpace  Reason = "space"     // the stream's share of the space was used up
	ReasonAge    Reason = "age"       // the segment was too old
	ReasonFull   Reason = "disk_full" // the disk was full, and the oldest successes made room
	ReasonMemory Reason = "memory"    // the disk did not take them, and memory is bounded
)

// Dropped is the body of a record of kind "dropped": what is gone, and why.
type Dropped struct {
	Stream Stream `json:"stream"`
	// Segment is the one that was dropped, "" for lines that never reached the disk.
	Segment string `json:"segment"`
	Reason  Reason `json:"reason"`
	Lines   int64  `json:"lines"`
	Reports int64  `json:"reports"` // how many of the lines were reports
	Bytes   int64  `json:"bytes"`
	// Since and Until are the times of the first and the last line; of lines that never
	// reached the disk, when the first and the last were dropped. Zero where unknown.
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
}

// Torn is the body of a record of kind "torn": the unfinished line at the end of a segment
// that a power cut or a crash left, and that was cut off. It was never acknowledged.
type Torn struct {
	Segment string `json:"segment"`
	AtByte  int64  `json:"at_byte"`
	Bytes   int64  `json:"bytes"`
	// Zeros is how many of them were zero, as some file systems leave them.
	Zeros int64 `json:"zeros"`
	// Head are the first bytes, what cannot be printed as dots: enough to tell which report
	// it was, and too few for anything that is redacted elsewhere.
	Head string `json:"head"`
}

// maxHead is enough for a report's schema and id.
const maxHead = 48

// note is a record about the store itself. Its id follows from what it says, so that one
// written twice is known as such.
type note struct {
	kind    Kind
	id      string
	body    any
	dropped *Dropped // what it adds to the count, nil for nothing
}

func (n note) line(now time.Time) (Line, error) {
	return RecordLine(Healthy, n.kind, n.id, now, n.body)
}

// tornNote describes what stands after the last newline of a segment.
func (d *disk) tornNote(seg *segment) note {
	t := &Torn{Segment: seg.name(), AtByte: seg.tally.whole, Bytes: seg.tally.torn}
	if src, err := d.files.Open(seg.name()); err == nil {
		defer src.Close()
		buf := make([]byte, 4<<10)
		for at := t.AtByte; at < t.AtByte+t.Bytes; {
			n, err := src.ReadAt(buf, at)
			if at == t.AtByte {
				t.Head = printable(buf[:min(n, maxHead)])
			}
			for _, b := range buf[:n] {
				if b == 0 {
					t.Zeros++
				}
			}
			if at += int64(n); err != nil {
				break
			}
		}
	}
	return note{kind: KindTorn, id: fmt.Sprintf("torn-%s-%d-%d", t.Segment, t.AtByte, t.Bytes), body: t}
}

func printable(b []byte) string {
	out := make([]byte, len(b))
	for i, c := range b {
		if out[i] = c; c < ' ' || c > '~' {
			out[i] = '.'
		}
	}
	return string(out)
}
