package http1

import (
	"strconv"
	"strings"
	"time"
)

// head is what is read of status line and fields.
type head struct {
	status   int
	date     time.Time
	location string
	length   int64 // of the body, -1 where it is not stated
	chunked  bool
}

// readHead reads heads until that of a final answer. Interim answers are passed over, but
// for 101, which nobody asked for and after which no HTTP comes. room is how many bytes
// all of them may have.
func readHead(s *source, room *int) (head, error) {
	for {
		h, err := readOneHead(s, room)
		if err != nil || h.status >= 200 || h.status == 101 {
			return h, err
		}
	}
}

// maxFolded is the length up to which the value of a folded field is put together again:
// nothing that is looked at is as long.
const maxFolded = 256

func readOneHead(s *source, room *int) (head, error) {
	h := head{length: -1}
	var err error
	if h.status, err = readStatus(s, room); err != nil {
		return h, err
	}
	name, value := "", ""
	for {
		line, err := s.line(room)
		if err != nil {
			return h, err
		}
		if line != "" && (line[0] == ' ' || line[0] == '\t') {
			if len(value) < maxFolded { // RFC 9112 section 5.2
				value = strings.Trim(value+" "+strings.Trim(line, " \t"), " ")
			}
			continue
		}
		if err := h.keep(name, value); err != nil {
			return h, err
		}
		if line == "" {
			return h, nil
		}
		// What is no field, or has a space before its colon, says nothing that is looked at.
		name, value, _ = strings.Cut(line, ":")
		value = strings.Trim(value, " \t")
	}
}

// readStatus reads a status line (RFC 9112 section 4), of which the reason phrase may be
// missing with its space. A stream that begins in another way is told from an answer at
// its first wrong byte, before anything more is waited for.
func readStatus(s *source, room *int) (int, error) {
	const version = "HTTP/1."
	for i := range len(version) {
		c, err := s.next()
		if err != nil {
			return 0, err
		}
		if *room--; c != version[i] {
			return 0, malformed("it does not begin with %s", version)
		}
	}
	rest, err := s.line(room)
	if err != nil {
		return 0, err
	}
	minor, rest, _ := strings.Cut(rest, " ")
	code, _, _ := strings.Cut(rest, " ")
	status, err := strconv.ParseUint(code, 10, 16)
	if minor != "0" && minor != "1" || len(code) != 3 || err != nil || status < 100 || status > 599 {
		return 0, malformed("its first line is no status line")
	}
	return int(status), nil
}

// keep notes a field that matters here. Fields that disagree about where the body ends
// are no HTTP (RFC 9112 section 6.3).
func (h *head) keep(name, value string) error {
	switch {
	case strings.EqualFold(name, "content-length"):
		n, err := strconv.ParseUint(value, 10, 62)
		if err != nil || h.length >= 0 && h.length != int64(n) {
			return malformed("the length of its body is no number, or two")
		}
		h.length = int64(n)
	case strings.EqualFold(name, "transfer-encoding"):
		if !strings.EqualFold(value, "chunked") || h.chunked {
			return malformed("its body is in a transfer coding that was not asked for")
		}
		h.chunked = true
	case strings.EqualFold(name, "date"):
		h.date = parseDate(value)
	case strings.EqualFold(name, "location"):
		h.location = value
	}
	return nil
}

// parseDate reads a date in the three forms of RFC 9110 section 5.6.7; it is zero for
// any other. The years of the second form have two digits: those that would lie more
// than 50 years ahead are of the century before, which time.Parse decides once for all
// at 69.
func parseDate(s string) time.Time {
	for _, form := range []string{"Mon, 02 Jan 2006 15:04:05 GMT", "Monday, 02-Jan-06 15:04:05 GMT", time.ANSIC} {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// hasBody reports whether a body follows (RFC 9112 section 6.3).
func (h *head) hasBody(method string) bool {
	return method != "HEAD" && h.status >= 200 && h.status != 204 && h.status != 304
}
