package store

import (
	"fmt"
	"strconv"
	"strings"
)

// Stream is one sequence of lines, in segments of its own and with its own share of the
// space.
type Stream string

// The streams.
const (
	Failures Stream = "failures" // reports of bad rounds, and what became of incidents
	Healthy  Stream = "healthy"  // summaries, healthy samples, and what the store says of itself
	Checks   Stream = "check"    // checks that somebody saved
	States   Stream = "state"    // small states by name: see StateLine
)

// Streams lists every Stream, those first whose lines matter most.
func Streams() []Stream { return []Stream{Failures, Checks, Healthy, States} }

const suffix = ".ndjson"

// maxFirst is the largest number that a segment is taken for one of ours with: far from
// where counting on would overflow, and further from what a terminal writes in its life.
const maxFirst = 1 << 52

// segmentName names the segment of a stream whose first line has this number, counted
// from 0 over the life of the stream.
func segmentName(s Stream, first int64) string {
	return fmt.Sprintf("%s-%010d%s", s, first, suffix)
}

// parseName is the inverse of segmentName. Any other spelling is somebody else's file.
func parseName(name string) (s Stream, first int64, ok bool) {
	stem, found := strings.CutSuffix(name, suffix)
	before, digits, _ := strings.Cut(stem, "-")
	first, err := strconv.ParseInt(digits, 10, 64)
	if !found || err != nil || first < 0 || first > maxFirst {
		return "", 0, false
	}
	for _, s := range Streams() {
		if string(s) == before && segmentName(s, first) == name {
			return s, first, true
		}
	}
	return "", 0, false
}
