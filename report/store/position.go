package store

// Position is a place in a stream: before the line that is read next. It stays valid while
// the store writes, rotates and drops. The zero value is the stream's oldest line.
type Position struct {
	Segment string `json:"segment"`
	Offset  int64  `json:"offset"` // in bytes, of the beginning of a line
	// Line is the number of that line in the life of the stream; of Checks, the segment's.
	Line int64 `json:"line"`
}

// Cursor is a place in several streams. It is small and meant to be kept, as the state of
// whom the lines were brought to.
type Cursor map[Stream]Position
