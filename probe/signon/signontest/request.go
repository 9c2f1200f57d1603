package signontest

import (
	"encoding/hex"
	"strings"
)

// request is what the practice host wants to know of a request.
type request struct {
	raw []byte // all of it, with what it came in
	// what it asks, for people, without an id.
	what string
	// terminal chooses a behaviour: field 41, or what stands in its place.
	terminal string
	message  Message // in protocols that have messages
	method   string  // over HTTP
	line     string  // in protocol tcp
}

// read reads one request from the session's connection, and counts it.
func (s *session) read() (request, error) {
	q, err := s.receive()
	if err == nil && s.requests != nil {
		s.requests.Add(1)
	}
	return q, err
}

// receive reads one request. It answers those itself that an HTTP server refuses before
// it looks at what was asked.
func (s *session) receive() (request, error) {
	switch {
	case s.d.web:
		return s.readHTTP()
	case s.d.protocol == lines:
		return s.readLine()
	}
	raw, body, err := s.d.framing.read(s.in)
	if err != nil {
		return request{}, err
	}
	return s.d.understand(raw, body)
}

// understand reads the message of a request.
func (d dialect) understand(raw, body []byte) (request, error) {
	m, ok := d.blank.find(body)
	if !ok {
		return request{}, errNoRequest
	}
	q := request{raw: raw, message: m, terminal: m.Fields[41]}
	q.what = m.MTI + ", code " + q.code()
	return q, nil
}

// find reads a message that may have a TPDU and a header of any length in front of it:
// the message type is looked for, first where it usually stands.
func (m Message) find(body []byte) (Message, bool) {
	text := hex.EncodeToString(body)
	usual, least := 0, 0
	if m.Protocol == unionPay {
		usual, least = 11, 5
	}
	var first *Message // of which only the beginning can be read
	for i := -1; i < len(body); i++ {
		at := max(i, least)
		if i < 0 {
			at = usual
		}
		if at > len(body) {
			continue
		}
		found, whole := m.parse(text[2*at:])
		if !m.asks(found.MTI) {
			continue
		}
		found.Header = body[:at]
		if at >= 5 && (body[0] == 0x60 || m.Protocol == unionPay) {
			found.TPDU, found.Header = body[:5], body[5:at]
		}
		if whole {
			return found, true
		}
		if first == nil && found.Fields != nil {
			first = &found
		}
	}
	if first == nil {
		return Message{}, false
	}
	return *first, true
}

// asks reports whether a message of a type is a request of network management.
func (m Message) asks(mti string) bool {
	if m.Protocol == iso1993 {
		return mti == "1804"
	}
	return mti == "0800" || mti == "0820"
}

// code returns what the message asks: field 60.3, 70, 3 or 24; "" when it does not say.
func (q request) code() string {
	fields := q.message.Fields
	switch q.message.Protocol {
	case iso1987:
		if fields[70] == "" {
			return fields[3]
		}
		return fields[70]
	case iso1993:
		return fields[24]
	}
	if len(fields[60]) < 11 {
		return ""
	}
	return fields[60][8:11]
}

// signsOn reports whether the request asks for working keys, as UnionPay has them.
func (q request) signsOn() bool {
	return q.message.Protocol == unionPay && q.message.MTI == "0800" && contains("001 003 004 005 006", q.code())
}

// supported reports whether the practice host knows the request: sign-on, sign-off and
// echo. Field 3 of 99 begins an echo and of 92 a log-on where there is no field 70.
func (q request) supported() bool {
	switch code := q.code(); q.message.Protocol {
	case iso1987:
		return contains("001 002 301 990000 920000", code)
	case iso1993:
		return contains("801 802 831", code)
	default:
		return q.signsOn() || q.message.MTI == "0820" && contains("301 002", code)
	}
}

// contains reports whether a list of words has a word.
func contains(list, word string) bool {
	return word != "" && strings.Contains(" "+list+" ", " "+word+" ")
}
