package signon

import (
	"fmt"
	"io"
	"strconv"

	"posprobe/report"
)

// ReadReply reads one message. See Dialect.
func (d *iso) ReadReply(rw io.ReadWriter) (Reply, error) {
	// The bytes may hold keys.
	body, carried, err := d.carrier.read(rw)
	defer clear(body)
	if err != nil {
		return carried, err
	}
	reply, err := d.understand(body)
	reply.Bytes, reply.Status, reply.Body = carried.Bytes, carried.Status, carried.Body
	if err == nil && reply.HostTime == "" {
		reply.HostTime = carried.HostTime
	}
	return reply, err
}

// understand reads a whole message without its framing.
func (d *iso) understand(body []byte) (Reply, error) {
	found := d.locate(body)
	m := found.message
	reply := Reply{MessageType: m.mti}
	switch found.fit {
	case fitNothing:
		if lead := len(d.lead); lead > 0 && len(body) < lead+d.mtiSize() && body[0] == d.lead[0] {
			// It begins like our TPDU: a frame, but of a length that holds no message.
			return reply, &ReplyError{
				Type:   report.FailLength,
				Detail: fmt.Sprintf("the declared length of %d bytes holds no message", len(body)),
			}
		}
		return Reply{}, &ReplyError{
			Type:   report.FailNotISO8583,
			Detail: fmt.Sprintf("no message of type %s in %d bytes", d.replyMTI, len(body)),
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
			Detail: fmt.Sprintf("type %s came where %s answers", m.mti, d.replyMTI),
		}
	case fitOtherTerminal:
		return reply, &ReplyError{
			Type:   report.FailOtherTerminal,
			Detail: "field 41 names another terminal than the request",
		}
	}
	reply.ResponseCode = m.code
	if d.requirement {
		reply.Requirement = requirement(body[:found.offset])
	}
	reply.HostTime = d.hostTime(&m)
	reply.HostText = hostText(m.text(), d.terminal, d.merchant)
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
