package main

import (
	"encoding/json"
	"errors"
	"io"

	"posprobe/report/ship"
	"posprobe/report/store"
)

// storedLines reads one stream of a store for one destination. It implements ship.Source;
// a cursor is the JSON of a store.Position.
type storedLines struct {
	dir    string
	stream store.Stream
	reader *store.Reader
	at     string // the cursor that the reader stands at
}

// Next returns the first line behind a cursor. What is no cursor is the beginning: then
// what was shipped is shipped again, under the same ids.
func (s *storedLines) Next(cursor string) (ship.Record, error) {
	if s.reader == nil || cursor != s.at {
		_ = s.Close()
		s.reader, s.at = store.NewReader(s.dir, store.Cursor{s.stream: positionOf(cursor)}, s.stream), cursor
	}
	e, err := s.reader.Next()
	if err != nil {
		// The reader may have gone past lines that are none, or were dropped; it says so with
		// the next line, and is asked again from where it is.
		return ship.Record{}, err
	}
	at, err := json.Marshal(s.reader.Cursor()[s.stream])
	if err != nil {
		return ship.Record{}, errors.Join(io.ErrUnexpectedEOF, err)
	}
	s.at = string(at)
	return ship.Record{Line: e.Text, Cursor: s.at, Missed: e.Missing}, nil
}

// positionOf is a cursor's place, the beginning for what is no cursor.
func positionOf(cursor string) (p store.Position) {
	_ = json.Unmarshal([]byte(cursor), &p)
	return p
}

// Close lets go of the segment that is open.
func (s *storedLines) Close() error {
	if s.reader != nil {
		s.reader.Close()
	}
	return nil
}
