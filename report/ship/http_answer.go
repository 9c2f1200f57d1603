package ship

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
)

// Bounds of an answer, in bytes.
const (
	maxLine = 4 << 10
	maxHead = 16 << 10
	maxBody = 64 << 10
)

// errGarbled is what is wrong with bytes that are no HTTP/1 answer.
var errGarbled = errors.New("the answer is no HTTP")

// answer is an HTTP/1 answer (RFC 9112), as far as it matters here.
type answer struct {
	status      int
	body        []byte // at most maxBody
	contentType string
	location    string
	retryAfter  string
	date        string
	length      int64 // of the body, -1 where it is not stated
	chunked     bool
	last        bool // the connection cannot be used again
}

// readAnswer reads one final answer. r must hold lines of maxLine.
func readAnswer(r *bufio.Reader, method string) (answer, error) {
	room := maxHead
	for {
		a, err := readHead(r, &room)
		switch {
		case err != nil:
			return a, err
		case a.status == 101: // nobody asked for another protocol
			return a, errGarbled
		case a.status < 200:
			continue
		case a.status == 204 || a.status == 304 || method == "CONNECT" && a.status < 300:
			return a, nil
		}
		err = a.readBody(r, &room)
		return a, err
	}
}

func readHead(r *bufio.Reader, room *int) (answer, error) {
	a := answer{length: -1}
	line, err := readLine(r, room)
	if err != nil {
		return a, err
	}
	version, rest, _ := strings.Cut(line, " ")
	code, _, _ := strings.Cut(rest, " ")
	status, err := strconv.Atoi(code)
	if version != "HTTP/1.1" && version != "HTTP/1.0" || len(code) != 3 || err != nil || status < 100 || status > 599 {
		return a, errGarbled
	}
	a.status, a.last = status, version == "HTTP/1.0"
	for {
		line, err := readLine(r, room)
		if err != nil || line == "" {
			return a, midway(err)
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || strings.ContainsAny(name, " \t") {
			return a, errGarbled // a folded line among others (RFC 9112 section 5.2)
		}
		if err := a.field(strings.ToLower(name), strings.Trim(value, " \t")); err != nil {
			return a, err
		}
	}
}

func (a *answer) field(name, value string) error {
	switch name {
	case "content-length":
		n, err := strconv.ParseInt(value, 10, 63)
		if err != nil || n < 0 || a.length >= 0 && a.length != n {
			return errGarbled
		}
		a.length = n
	case "transfer-encoding":
		if !strings.EqualFold(value, "chunked") || a.chunked {
			return errGarbled
		}
		a.chunked = true
	case "connection":
		a.last = a.last || strings.Contains(strings.ToLower(value), "close")
	case "content-type":
		a.contentType = strings.ToLower(value)
	case "location":
		a.location = value
	case "retry-after":
		a.retryAfter = value
	case "date":
		a.date = value
	}
	return nil
}

// readBody reads a body (RFC 9112 section 6.3). Beyond maxBody it is left where it is.
func (a *answer) readBody(r *bufio.Reader, room *int) error {
	switch {
	case a.chunked:
		return a.readChunks(r, room)
	case a.length >= 0:
		return a.take(r, a.length)
	}
	a.last = true
	var err error
	a.body, err = io.ReadAll(io.LimitReader(r, maxBody))
	return err
}

// take adds n bytes to the body.
func (a *answer) take(r *bufio.Reader, n int64) error {
	fits := min(n, int64(maxBody-len(a.body)))
	a.last = a.last || fits < n
	some, err := io.ReadAll(io.LimitReader(r, fits))
	a.body = append(a.body, some...)
	if err == nil && int64(len(some)) < fits {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// readChunks reads chunks (RFC 9112 section 7.1); every chunk's head takes room.
func (a *answer) readChunks(r *bufio.Reader, room *int) error {
	*room += maxBody // a chunk of one byte has a head of three
	for {
		line, err := readLine(r, room)
		if err != nil {
			return midway(err)
		}
		digits, _, _ := strings.Cut(line, ";")
		size, err := strconv.ParseInt(strings.TrimSpace(digits), 16, 63)
		if err != nil || size < 0 {
			return errGarbled
		}
		if size == 0 {
			break
		}
		if err := a.take(r, size); err != nil || a.last && len(a.body) == maxBody {
			return err
		}
		if end, err := readLine(r, room); err != nil || end != "" {
			return midway(errors.Join(err, errGarbled))
		}
	}
	for {
		if line, err := readLine(r, room); err != nil || line == "" {
			return midway(err)
		}
	}
}

// readLine reads a line without its end.
func readLine(r *bufio.Reader, room *int) (string, error) {
	line, err := r.ReadSlice('\n')
	if *room -= len(line); errors.Is(err, bufio.ErrBufferFull) || *room < 0 {
		return "", errGarbled
	}
	if err != nil {
		if len(line) > 0 {
			err = midway(err)
		}
		return "", err
	}
	return strings.TrimSuffix(string(line[:len(line)-1]), "\r"), nil
}

// midway is what an error means inside an answer.
func midway(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// html reports whether the answer is a page for people, as those of captive portals are.
func (a answer) html() bool {
	return strings.HasPrefix(a.contentType, "text/html") || strings.HasPrefix(a.contentType, "application/xhtml")
}

// wait is what Retry-After asks for (RFC 9110 section 10.2.3), 0 without it. A date is
// compared with the answer's own, as the terminal's clock may be wrong.
func (a answer) wait(now time.Time) time.Duration {
	if s, err := strconv.ParseUint(a.retryAfter, 10, 32); err == nil {
		return min(time.Duration(s)*time.Second, longestRetry)
	}
	until, ok := parseDate(a.retryAfter)
	if !ok {
		return 0
	}
	if date, ok := parseDate(a.date); ok {
		now = date
	}
	return max(0, min(until.Sub(now), longestRetry))
}

// parseDate reads a date in the three forms of RFC 9110 section 5.6.7.
func parseDate(s string) (time.Time, bool) {
	for _, form := range []string{"Mon, 02 Jan 2006 15:04:05 GMT", "Monday, 02-Jan-06 15:04:05 GMT", time.ANSIC} {
		if t, err := time.Parse(form, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
