package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// states are the present values by name.
type states struct {
	lines map[string]*content
	bytes int64
	limit int64
}

// put makes a line the state of its name, unless there are too many.
func (s *states) put(l *content) error {
	grown := s.bytes
	if old := s.lines[l.state]; old != nil {
		grown -= int64(len(old.text))
	}
	if !l.removes() {
		grown += int64(len(l.text))
	}
	if grown > s.limit && grown > s.bytes {
		return fmt.Errorf("%w: states of %d bytes", ErrTooLong, grown)
	}
	s.bytes = grown
	if l.removes() {
		delete(s.lines, l.state)
	} else {
		s.lines[l.state] = l
	}
	return nil
}

// adopt takes over what was found on the disk, unless something newer is known.
func (s *states) adopt(found []*content) {
	for _, l := range found {
		if _, known := s.lines[l.state]; !known {
			s.put(l)
		}
	}
}

// all returns the states, sorted by name.
func (s *states) all() []*content {
	out := make([]*content, 0, len(s.lines))
	for _, name := range slices.Sorted(maps.Keys(s.lines)) {
		out = append(out, s.lines[name])
	}
	return out
}

// removes is whether a line says that there is no such state any more.
func (l *content) removes() bool { return len(l.value) == 0 || string(l.value) == "null" }

// readStates reads the segments of states, of which the newest valid line counts for each
// name.
func (d *disk) readStates() []*content {
	found := &states{lines: map[string]*content{}, limit: d.options.share(States)}
	for _, seg := range d.segments[States] {
		if !seg.regular {
			continue
		}
		src, err := d.files.Open(seg.name())
		if err != nil {
			continue // repair counts it
		}
		in, at := &lines{src: src}, int64(0)
		for {
			text, size, err := in.next(at)
			if errors.Is(err, errLong) {
				at += size
				continue
			}
			if err != nil {
				if errors.Is(err, io.EOF) {
					d.look(seg)
				}
				break
			}
			at += size
			if h, ok := parseHead(text); ok && h.Kind == KindState && h.Name != "" {
				found.put(&content{stream: States, state: h.Name, value: h.Body, text: append(slices.Clone(text), '\n')})
			}
		}
		src.Close()
	}
	return found.all()
}

// State reads a state into a value, and returns whether there is one. The error is that
// of reading its JSON.
func (s *Store) State(name string, into any) (found bool, err error) {
	s.mu.Lock()
	l, found := s.states.lines[name]
	s.mu.Unlock()
	if !found {
		return false, nil
	}
	if err := json.Unmarshal(l.value, into); err != nil {
		return true, fmt.Errorf("state %s: %w", name, err)
	}
	return true, nil
}
