package signon

import (
	"encoding/binary"
	"fmt"
	"io"
	"strconv"

	"posprobe/report"
)

// ReadReply reads one frame. See Dialect.
func (u *unionPay) ReadReply(r io.Reader) (Reply, error) {
	var prefix [prefixSize]byte
	n, err := readFull(r, prefix[:])
	if err != nil {
		return Reply{Bytes: n}, interrupted(err, n, "at least 2")
	}
	length, err := readPrefix(prefix)
	if err != nil {
		return Reply{Bytes: n}, err
	}
	// From here on the bytes may hold keys.
	body := make([]byte, length)
	defer clear(body)
	m, err := readFull(r, body)
	n += m
	if err != nil {
		return Reply{Bytes: n}, interrupted(err, n, strconv.Itoa(prefixSize+length))
	}
	reply, err := u.understand(body)
	reply.Bytes = n
	return reply, err
}

// readPrefix returns the length that a frame declares, 1 to maxFrame. Two characters of
// text and the first bytes of a TLS record are lengths beyond that; they are named for
// what they are, because a text server or a TLS port in the acquirer's place is
// something else than a host that miscounts.
func readPrefix(prefix [prefixSize]byte) (int, error) {
	length := int(binary.BigEndian.Uint16(prefix[:]))
	text := func(c byte) bool { return ' ' <= c && c <= '~' || c == '\r' || c == '\n' || c == '\t' }
	switch {
	case text(prefix[0]) && text(prefix[1]):
		return 0, &ReplyError{Type: report.FailNotISO8583, Detail: "the reply begins like text, not like a frame"}
	// RFC 8446 5.1: content types 20 to 23, then a version 3.x.
	case 20 <= prefix[0] && prefix[0] <= 23 && prefix[1] == 3:
		return 0, &ReplyError{Type: report.FailNotISO8583, Detail: "the reply begins like a TLS record: this port may expect TLS"}
	case length == 0:
		return 0, &ReplyError{Type: report.FailLength, Detail: "the declared length is 0"}
	case length > maxFrame:
		return 0, &ReplyError{
			Type:   report.FailLength,
			Detail: fmt.Sprintf("the declared length of %d bytes is beyond %d", length, maxFrame),
		}
	}
	return length, nil
}

// understand reads a whole frame without its length prefix.
func (u *unionPay) understand(body []byte) (Reply, error) {
	found := u.locate(body)
	m := found.message
	reply := Reply{MessageType: m.mti}
	switch found.fit {
	case fitNothing:
		if len(body) < tpduSize+u.headerSize+mtiSize && body[0] == u.request[prefixSize] {
			// It begins like our TPDU: a frame, but of a length that holds no message.
			return reply, &ReplyError{
				Type:   report.FailLength,
				Detail: fmt.Sprintf("the declared length of %d bytes holds no message", len(body)),
			}
		}
		return Reply{}, &ReplyError{
			Type:   report.FailNotISO8583,
			Detail: fmt.Sprintf("no message of type %s in %d bytes", u.replyMTI, len(body)),
		}
	case fitUnreadable:
		return reply, &ReplyError{
			Type:   report.FailNotISO8583,
			Detail: fmt.Sprintf("a message of type %s whose field 39 cannot be read", m.mti),
		}
	case fitCut:
		return reply, &ReplyError{
			Type:   report.FailLength,
			Detail: fmt.Sprintf("the declared length of %d bytes ends inside %s", len(body), m.cutAt()),
		}
	case fitOtherType:
		return reply, &ReplyError{
			Type:   report.FailMessageType,
			Detail: fmt.Sprintf("type %s came where %s answers", m.mti, u.replyMTI),
		}
	case fitOtherTerminal:
		return reply, &ReplyError{
			Type:   report.FailOtherTerminal,
			Detail: "field 41 names another terminal than the request",
		}
	}
	reply.ResponseCode = m.code
	reply.Requirement = requirement(body[:found.offset])
	reply.HostTime = m.hostTime()
	reply.HostText = hostText(m.text(), u.terminal, u.merchant)
	return reply, nil
}

// requirement returns digit 6 of a header of six bytes, the digits of which are
// application class (2), software version (2), terminal state (1), requirement (1) and
// sub-version (6). Longer and shorter headers have another form.
func requirement(beforeMessage []byte) string {
	if len(beforeMessage) != tpduSize+6 {
		return ""
	}
	return strconv.FormatInt(int64(beforeMessage[tpduSize+2]&15), 16)
}
