package signon

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"unicode/utf8"

	"posprobe/probe/clean"
	"posprobe/report"
)

// Limits of protocol tcp, in bytes but for maxSteps.
const (
	maxSend   = 2048
	maxExpect = 512
	maxText   = 2048 // the longest reply that is searched
	maxSteps  = 8    // after the first exchange
)

// hexMark begins an expectation that is bytes and no pattern.
const hexMark = "hex:"

// sendExpect is protocol tcp: it sends bytes and expects others, in one step or several.
type sendExpect struct {
	identity
	steps []turn
	ids   []string // kept out of texts
}

// turn is one step.
type turn struct {
	send    []byte
	begins  []byte         // from "hex:"
	pattern *regexp.Regexp // nil without one
}

func (s *sendExpect) MessageType() string   { return "" }
func (s *sendExpect) Request() []byte       { return bytes.Clone(s.steps[0].send) }
func (s *sendExpect) KeysComeBack() bool    { return false }
func (s *sendExpect) EndsWithRequest() bool { return len(s.steps) == 1 }

// Repeatable is false as soon as something is sent: what bytes of the operator's own do
// twice is not known.
func (s *sendExpect) Repeatable() bool {
	for _, step := range s.steps {
		if len(step.send) > 0 {
			return false
		}
	}
	return true
}

// newSendExpect is the constructor of protocol tcp.
func newSendExpect(c Config) (Dialect, error) {
	var errs ConfigErrors
	s := &sendExpect{ids: []string{c.Terminal, c.Merchant}}
	parts := [][]byte{c.Send, []byte(c.Expect)}
	s.steps = append(s.steps, newTurn(&errs, "acquirer.sign_on.", Step{c.Send, c.Expect}))
	if len(c.Steps) > maxSteps {
		errs.add(keySteps, fmt.Sprint(len(c.Steps)), "are more than 8", "ask less")
	} else {
		for i, step := range c.Steps {
			s.steps = append(s.steps, newTurn(&errs, fmt.Sprintf("%s[%d].", keySteps, i), step))
			parts = append(parts, step.Send, []byte(step.Expect))
		}
	}
	if err := errs.err(); err != nil {
		return nil, err
	}
	s.identity = identity{ProtocolTCP, fingerprint(ProtocolTCP, s.ids, parts...)}
	return s, nil
}

// newTurn checks a step whose settings have keys that begin with at.
func newTurn(errs *ConfigErrors, at string, step Step) turn {
	x := turn{send: bytes.Clone(step.Send)}
	checkSend(errs, at+"send", step.Send)
	digits, ok := strings.CutPrefix(step.Expect, hexMark)
	if !ok {
		x.pattern = checkPattern(errs, at+"expect", step.Expect)
		return x
	}
	var err error
	x.begins, err = hex.DecodeString(strings.ReplaceAll(digits, " ", ""))
	if err != nil || len(x.begins) == 0 {
		errs.add(at+"expect", step.Expect, "is not hexadecimal", "give pairs of hexadecimal digits after hex:")
	}
	checkLength(errs, at+"expect", step.Expect)
	return x
}

// checkPattern compiles an RE2 pattern; "" is none.
func checkPattern(errs *ConfigErrors, key, pattern string) *regexp.Regexp {
	if pattern == "" || !checkLength(errs, key, pattern) {
		return nil
	}
	p, err := regexp.Compile(pattern)
	if err != nil {
		errs.add(key, pattern, err.Error(), "give an RE2 pattern")
	}
	return p
}

// checkLength complains about an expectation that is too long.
func checkLength(errs *ConfigErrors, key, expect string) bool {
	if len(expect) > maxExpect {
		errs.add(key, expect[:32]+"…", "is longer than 512 characters", "expect less")
		return false
	}
	return true
}

// ReadReply goes through the steps. Each reads until its reply matches, cannot match any
// more, ends or is 2 KiB long; what came behind a match is the next one's where that sends
// nothing. See Dialect.
func (s *sendExpect) ReadReply(rw io.ReadWriter) (Reply, error) {
	buf := make([]byte, maxText)
	defer clear(buf)
	var reply Reply
	there := 0 // bytes in buf
	for i, step := range s.steps {
		if i > 0 && len(step.send) > 0 {
			there = 0 // what came behind the last match is no answer to this
			if _, err := rw.Write(step.send); err != nil {
				return reply, err
			}
		}
		if step.begins == nil && step.pattern == nil {
			there = 0 // any byte will do, but it must come now
		}
		n, end, err := step.read(rw, buf, there)
		reply.Bytes += n - there
		reply.HostText = s.firstLine(buf[:n])
		if err != nil {
			return reply, s.ended(err, i, buf[:n], reply.Bytes)
		}
		there = copy(buf, buf[end:n])
	}
	return reply, nil
}

// errDiffers ends a step whose reply cannot match any more.
var errDiffers = &ReplyError{Type: report.FailUnexpected}

// read reads on behind the bytes that are in buf already. It returns how many are there
// then, and where the match ends.
func (x *turn) read(r io.Reader, buf []byte, there int) (n, end int, err error) {
	limit := len(buf)
	if x.begins != nil {
		limit = max(len(x.begins), there)
	}
	n = there
	for idle := 0; ; {
		end, found := x.match(buf[:n])
		switch {
		case found:
			return n, end, nil
		case end < 0, n == limit:
			return n, 0, errDiffers
		case err != nil:
			return n, 0, err
		case idle == maxIdleReads:
			return n, 0, io.ErrNoProgress
		}
		var m int
		m, err = r.Read(buf[n:limit])
		n += m
		if idle++; m > 0 {
			idle = 0
		}
	}
}

// match returns where the reply that is expected ends in what has come, whether it is
// there, and -1 when it cannot come any more.
func (x *turn) match(got []byte) (end int, found bool) {
	switch {
	case x.begins != nil:
		if !bytes.HasPrefix(got, x.begins) && !bytes.HasPrefix(x.begins, got) {
			return -1, false
		}
		return len(x.begins), len(got) >= len(x.begins)
	case x.pattern == nil:
		return len(got), len(got) > 0
	}
	at := x.pattern.FindIndex(got)
	if at == nil || len(got) == 0 {
		return 0, false
	}
	return at[1], true
}

// ended says what it means that a step has no match: what is there of its reply came, and
// got bytes in all. The beginning of known bytes is a reply cut short, and so are a line that the deadline
// ended and steps that were not answered at all behind others that were; other text
// without the pattern is whole, and another one than expected.
func (s *sendExpect) ended(err error, i int, there []byte, got int) error {
	n := len(there)
	wrong, ok := interrupted(err, got, "more").(*ReplyError)
	if !ok {
		return err
	}
	at := ""
	if len(s.steps) > 1 {
		at = fmt.Sprintf("step %d of %d: ", i+1, len(s.steps))
	}
	begins := s.steps[i].begins
	switch {
	case err == errDiffers:
		wrong = &ReplyError{Type: report.FailUnexpected, Detail: fmt.Sprintf("%s%d bytes differ from what is expected", at, n)}
	case n > 0 && begins == nil && (there[n-1] == '\n' || !errors.Is(err, os.ErrDeadlineExceeded)): // else the rest may be on its way
		wrong.Type, wrong.Detail = report.FailUnexpected, fmt.Sprintf("%s%d bytes without what is expected", at, n)
	case begins != nil:
		wrong.Detail = fmt.Sprintf("%s%d of %d bytes came", at, n, len(begins))
	case n > 0:
		wrong.Detail = fmt.Sprintf("%s%d bytes came, and not yet what is expected", at, n)
	default:
		wrong.Detail = at + "nothing came"
	}
	return wrong
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
	text := clean.GBK(line)
	if strings.ContainsRune(text, utf8.RuneError) {
		return ""
	}
	return hostText(text, s.ids...)
}
