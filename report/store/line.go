package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"posprobe/report"
)

// Line is a report or a record, ready to be stored. It is made by ReportLine, RecordLine
// or StateLine.
type Line struct{ *content }

// Stream is where the line belongs.
func (l Line) Stream() Stream { return l.stream }

// Bytes is how long it is, with its newline.
func (l Line) Bytes() int { return len(l.text) }

type content struct {
	stream Stream
	text   []byte // with its newline
	report bool
	// state is the state's name and value its JSON, for lines of States.
	state string
	value json.RawMessage
}

// Kind is what a record is. A report has none.
type Kind string

// The kinds that are known here; others may be stored as well.
const (
	KindState    Kind = "state"
	KindIncident Kind = "incident" // what happened to an incident; the body is an incident.Event
	KindSummary  Kind = "summary"  // an hour of healthy rounds; the body is a Summary
	KindSelf     Kind = "self"     // what the agent reports of itself
	KindTorn     Kind = "torn"     // a line that a power cut left unfinished; the body is a Torn
	KindDropped  Kind = "dropped"  // lines that are gone; the body is a Dropped
)

// Record is a line that is no report.
type Record struct {
	Kind Kind `json:"kind"`
	// Name tells records of one kind apart: the name of a state; "" elsewhere.
	Name string `json:"name"`
	// ID is unique, so that a receiver can tell a repetition.
	ID   string          `json:"id"`
	At   time.Time       `json:"at"`
	Body json.RawMessage `json:"body"`
}

// ErrTooLong is returned for what does not fit into its stream; it will never be stored.
var ErrTooLong = errors.New("longer than the store takes")

// maxStateName is the longest name of a state, in bytes.
const maxStateName = 128

// ReportLine is a report as a line of Failures, or of Healthy if that is its verdict. The
// error is that of report.Encode, or ErrTooLong.
func ReportLine(r report.Report) (Line, error) {
	text, err := report.Encode(r)
	if err != nil {
		return Line{}, err
	}
	s := Failures
	if r.Diagnosis.Verdict == report.VerdictHealthy {
		s = Healthy
	}
	return lineOf(s, text, true)
}

// RecordLine is a record as a line of a stream. The body is any value that JSON can hold.
func RecordLine(s Stream, kind Kind, id string, at time.Time, body any) (Line, error) {
	if kind == "" || kind == KindState || s == States {
		return Line{}, fmt.Errorf("no record of kind %q in stream %q", kind, s)
	}
	return recordLine(s, &Record{Kind: kind, ID: id, At: at}, body)
}

// StateLine is a state: whatever it was before, from now on it has this value. A nil value
// removes it. Names are of 1 to 128 bytes; all names and values together have a bound
// (256 kB by default, see Options.Keep).
func StateLine(name string, at time.Time, value any) (Line, error) {
	if name == "" || len(name) > maxStateName || !utf8.ValidString(name) {
		return Line{}, fmt.Errorf("no name of a state: %.130q", name)
	}
	l, err := recordLine(States, &Record{Kind: KindState, Name: name, At: at}, value)
	if err == nil {
		l.state = name
	}
	return l, err
}

func recordLine(s Stream, r *Record, body any) (Line, error) {
	value, err := json.Marshal(body)
	if err != nil {
		return Line{}, fmt.Errorf("record %s: %w", r.Kind, err)
	}
	r.Body = value
	text, err := json.Marshal(r)
	if err != nil {
		return Line{}, fmt.Errorf("record %s: %w", r.Kind, err)
	}
	l, err := lineOf(s, text, false)
	if err == nil {
		l.value = value
	}
	return l, err
}

func lineOf(s Stream, text []byte, isReport bool) (Line, error) {
	if len(text) > MaxLine {
		return Line{}, fmt.Errorf("%w: %d bytes", ErrTooLong, len(text))
	}
	return Line{&content{stream: s, text: append(text, '\n'), report: isReport}}, nil
}

// head is what both reports and records say of themselves.
type head struct {
	Kind       Kind            `json:"kind"`
	Schema     int             `json:"schema"`
	ID         string          `json:"id"`
	Name       string          `json:"name"`
	At         string          `json:"at"`
	ObservedAt string          `json:"observed_at"`
	Body       json.RawMessage `json:"body"`
}

// parseHead reads a line; ok is false for what is neither a report nor a record.
func parseHead(text []byte) (h head, ok bool) {
	if len(text) == 0 || text[0] != '{' || json.Unmarshal(text, &h) != nil {
		return head{}, false
	}
	return h, h.Kind != "" || h.Schema >= 1
}

// at is the line's own time, zero where it has none.
func (h head) at() time.Time {
	text := h.At
	if h.Kind == "" {
		text = h.ObservedAt
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return at
}
