package signon

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strings"

	"posprobe/probe/clean"
	"posprobe/report"
)

// Limits of protocol tcp, in bytes.
const (
	maxSend   = 2048
	maxExpect = 512
	maxText   = 2048 // the longest reply that is searched
)

// hexMark begins an expectation that is bytes and no pattern.
const hexMark = "hex:"

// sendExpect is protocol tcp: it sends bytes and expects others.
type sendExpect struct {
	send        []byte
	begins      []byte         // from "hex:"
	pattern     *regexp.Regexp // nil without one
	ids         []string       // kept out of texts
	fingerprint string
}

func (s *sendExpect) Protocol() string    { return ProtocolTCP }
func (s *sendExpect) MessageType() string { return "" }
func (s *sendExpect) Fingerprint() string { return s.fingerprint }
func (s *sendExpect) Request() []byte     { return bytes.Clone(s.send) }
func (s *sendExpect) KeysComeBack() bool  { return false }

func newSendExpect(c Config) (Dialect, error) {
	var errs ConfigErrors
	s := &sendExpect{
		send: bytes.Clone(c.Send),
		ids:  []string{c.Terminal, c.Merchant},
	}
	s.fingerprint = fingerprint(ProtocolTCP, s.ids, c.Send, []byte(c.Expect))
	value := hex.EncodeToString(c.Send)
	switch n := len(c.Send); {
	case n > maxSend:
		errs.add(keySend, value[:32]+"…", "is longer than 2048 bytes", "send less")
	case n > mtiSize+bitmapSize && int(binary.BigEndian.Uint16(c.Send)) == n-prefixSize:
		// An ISO 8583 frame would slip past the rules that keep financial messages and
		// scheduled sign-ons off the line.
		errs.add(keySend, value, "is a framed message", "use protocol: unionpay, which knows what may be sent")
	}
	if digits, ok := strings.CutPrefix(c.Expect, hexMark); ok {
		b, err := hex.DecodeString(strings.ReplaceAll(digits, " ", ""))
		if err != nil || len(b) == 0 {
			errs.add(keyExpect, c.Expect, "is not hexadecimal", "give pairs of hexadecimal digits after hex:")
		}
		s.begins = b
	} else if c.Expect != "" {
		var err error
		if s.pattern, err = regexp.Compile(c.Expect); err != nil {
			errs.add(keyExpect, c.Expect, err.Error(), "give an RE2 pattern, or bytes after hex:")
		}
	}
	if len(c.Expect) > maxExpect {
		errs.add(keyExpect, c.Expect[:32]+"…", "is longer than 512 characters", "expect less")
	}
	if err := errs.err(); err != nil {
		return nil, err
	}
	return s, nil
}

// ReadReply reads until the reply matches, cannot match any more, ends or is 2 KiB
// long. See Dialect.
func (s *sendExpect) ReadReply(r io.Reader) (Reply, error) {
	buf := make([]byte, maxText)
	defer clear(buf)
	limit := maxText
	if s.begins != nil {
		limit = len(s.begins)
	}
	n, idle := 0, 0
	for {
		m, err := r.Read(buf[n:limit])
		n += m
		got := buf[:n]
		reply := Reply{Bytes: n}
		switch s.judge(got) {
		case matches:
			reply.HostText = s.firstLine(got)
			return reply, nil
		case differs:
			reply.HostText = s.firstLine(got)
			return reply, &ReplyError{Type: report.FailUnexpected, Detail: fmt.Sprintf("%d bytes differ from what is expected", n)}
		}
		if err != nil {
			return s.ended(reply, got, err)
		}
		if m > 0 {
			idle = 0
		} else if idle++; idle == 100 {
			return reply, io.ErrNoProgress
		}
	}
}

// judgement is what the bytes so far say.
type judgement int

const (
	undecided judgement = iota
	matches
	differs
)

func (s *sendExpect) judge(got []byte) judgement {
	switch {
	case len(got) == 0:
		return undecided
	case s.begins != nil:
		if !bytes.HasPrefix(s.begins, got) {
			return differs
		}
		if len(got) == len(s.begins) {
			return matches
		}
		return undecided
	case s.pattern == nil || s.pattern.Match(got):
		return matches
	case len(got) == maxText:
		return differs
	}
	return undecided
}

// ended says what the end of the stream means when the reply is still undecided: the
// beginning of known bytes is a reply cut short; text without the pattern is whole, and
// another one than expected.
func (s *sendExpect) ended(reply Reply, got []byte, err error) (Reply, error) {
	if s.begins != nil {
		return reply, interrupted(err, len(got), fmt.Sprint(len(s.begins)))
	}
	err = interrupted(err, len(got), "more")
	if e, ok := err.(*ReplyError); ok {
		reply.HostText = s.firstLine(got)
		e.Type = report.FailUnexpected
		e.Detail = fmt.Sprintf("%d bytes without what is expected", len(got))
	}
	return reply, err
}

// firstLine returns the first line of a reply that is text, "" for any other: binary
// replies may hold anything.
func (s *sendExpect) firstLine(b []byte) string {
	line, _, _ := bytes.Cut(bytes.TrimLeft(b, "\r\n"), []byte("\n"))
	line = bytes.TrimRight(line, "\r")
	for _, c := range line {
		if c < ' ' && c != '\t' || c == 0x7f {
			return ""
		}
	}
	return hostText(clean.GBK(line), s.ids...)
}
