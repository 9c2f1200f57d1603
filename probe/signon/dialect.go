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
	// ReadReply reads one reply. It reads to its last byte and not beyond, at most 2 KiB and
	// what frames them, after at most 16 polls or idle messages as long; in each step of
	// protocol tcp 2 KiB; of an HTTP answer a head of 8 KiB and 64 KiB of body, and of what
	// comes together with its end up to 1 KiB more. It writes what the reply must be asked
	// for on the way: the answer to a poll, the further steps of protocol tcp. The caller
	// sets the deadline.
	//
	// An error before the first byte is rw's own, io.EOF for an orderly end; so is a
	// reset or a timeout of the kernel's inside a reply. An end or our own deadline
	// inside a reply, and every reply that is not the answer asked for, is a *ReplyError.
	// Reply.Bytes is right in each case.
	ReadReply(rw io.ReadWriter) (Reply, error)
	// KeysComeBack reports that the request is, or may be, more than an echo: a reply
	// may carry working keys, and the host's record of the terminal may change. Such a
	// message is sent to a verified peer only.
	KeysComeBack() bool
	// Repeatable reports whether the message may be sent again in the same round: it does
	// no more at the host then than it did the first time. It never is where keys come
	// back.
	Repeatable() bool
	// EndsWithRequest reports whether Request is all that the terminal ever says, so that
	// its end of the connection may follow at once: ReadReply writes nothing.
	EndsWithRequest() bool
}

// Reply is what a reply says, without anything secret in it.
type Reply struct {
	// Bytes is how much was read, whatever frames the reply included.
	Bytes int
	// MessageType is the reply's MTI in four digits.
	MessageType string
	// ResponseCode is field 39 as received: two letters or digits, three digits in protocol
	// iso8583-1993.
	ResponseCode string
	// Requirement is digit 6 of a UnionPay header of six bytes, what the host wants the
	// terminal to do next (处理要求): "0" for nothing to "9", "a" to "f"; "" when the
	// header has another length.
	Requirement string
	// HostTime is the host's time in one of three forms: MMDDhhmmss without year and zone
	// (fields 13 and 12, or 7 told in Config.Zone), YYMMDDhhmmss without zone (field 12 of
	// ISO 8583:1993), or RFC 3339 (an HTTP Date, which is UTC). "" when there is none, no
	// date and time, or only what the request said itself.
	HostTime string
	// Status is the status code of an HTTP answer, 0 without one; Body is how many bytes of
	// its body were read.
	Status int
	Body   int
	// HostText is field 44, else field 56 (in GBK) in protocol unionpay; the first line of
	// the last textual reply of protocol tcp; or the JSON value that was another than
	// expected in protocol http. It is cleaned (see package clean), and the terminal's own ids and
	// long runs of hexadecimal digits are taken out.
	HostText string
}

// ReplyError says what is wrong with a reply.
type ReplyError struct {
	// Type is FailCutShort, FailLength, FailNotISO8583, FailMessageType,
	// FailOtherTerminal, FailUnexpected, FailNotHTTP or FailHTTPStatus.
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
