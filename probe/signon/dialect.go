package signon

import (
	"io"

	"posprobe/report"
)

// Dialect is one message, ready to be sent, and the way to read its reply. It never
// changes and may be used by several goroutines.
type Dialect interface {
	// Protocol is Config.Protocol.
	Protocol() string
	// MessageType is the ISO 8583 message type (MTI) of the request in four digits, ""
	// for protocols without one.
	MessageType() string
	// Fingerprint is ten hexadecimal digits that stay the same from round to round. The
	// first eight change with everything that shapes the message but the terminal's and
	// the merchant's id and the STAN (which changes each time): the first 32 bits of a
	// SHA-256. The last two are 8 bits of another one over the ids in the message: they
	// change in 255 of 256 cases when an id does, and one in 256 of all terminals shares
	// them, so that whoever guesses at ids learns next to nothing.
	Fingerprint() string
	// Request returns a copy of the complete request, framing included. It is empty
	// where the server speaks first.
	Request() []byte
	// ReadReply reads one reply from r, to its last byte and not beyond, and never more
	// than 2 KiB and a length prefix. The caller sets the deadline.
	//
	// An error before the first byte is r's own, io.EOF for an orderly end; so is a
	// reset or a timeout of the kernel's inside a reply. An end or our own deadline
	// inside a reply, and every reply that is not the answer asked for, is a *ReplyError.
	// Reply.Bytes is right in each case.
	ReadReply(r io.Reader) (Reply, error)
	// KeysComeBack reports that the request is, or may be, more than an echo: a reply
	// may carry working keys, and the host's record of the terminal may change. Such a
	// message is sent to a verified peer only.
	KeysComeBack() bool
}

// Reply is what a reply says, without anything secret in it.
type Reply struct {
	// Bytes is how much was read, length prefix included.
	Bytes int
	// MessageType is the reply's MTI in four digits.
	MessageType string
	// ResponseCode is field 39 as received: two letters or digits.
	ResponseCode string
	// Requirement is digit 6 of a UnionPay header of six bytes, what the host wants the
	// terminal to do next (处理要求): "0" for nothing to "9", "a" to "f"; "" when the
	// header has another length.
	Requirement string
	// HostTime is fields 13 and 12 as MMDDhhmmss, without year or zone; "" when one is
	// missing or is no date and time.
	HostTime string
	// HostText is field 44, else field 56 (in GBK), or the first line of a textual reply
	// of protocol tcp. It is cleaned (see package clean), and the terminal's own ids and
	// long runs of hexadecimal digits are taken out.
	HostText string
}

// ReplyError says what is wrong with a reply.
type ReplyError struct {
	// Type is FailCutShort, FailLength, FailNotISO8583, FailMessageType,
	// FailOtherTerminal or FailUnexpected.
	Type report.FailureType
	// Detail is for people. It holds lengths, offsets, field numbers and message types,
	// never the content of another field.
	Detail string

	cause error
}

// Error returns type, detail and cause.
func (e *ReplyError) Error() string {
	s := string(e.Type) + ": " + e.Detail
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap returns the error of the reader that cut the reply short, nil without one.
func (e *ReplyError) Unwrap() error { return e.cause }
