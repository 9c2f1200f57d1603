package signontest

import (
	"bytes"
	"strings"
)

// maxLine is the longest line that is read, in bytes.
const maxLine = 512

// readLine reads one request of protocol tcp.
func (s *session) readLine() (request, error) {
	var line []byte
	for len(line) < maxLine {
		c, err := s.in.ReadByte()
		if err != nil {
			return request{}, err
		}
		if line = append(line, c); c == '\n' {
			break
		}
	}
	q := request{raw: line, line: string(bytes.TrimRight(line, "\r\n"))}
	word, id, _ := strings.Cut(q.line, " ")
	q.what = "a line"
	if word == "HELLO" {
		q.what, q.terminal = word, id
	} else if word == "PING" {
		q.what = word
	}
	return q, nil
}

// lineAnswer is what a server in good order answers to a line.
func (q request) lineAnswer() string {
	switch q.what {
	case "HELLO":
		return "220 ready"
	case "PING":
		return "PONG"
	}
	return "500 unknown"
}
