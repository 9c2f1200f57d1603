package signontest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// malformed are the behaviours of hosts that answer with something else.
func malformed() []Behaviour {
	return []Behaviour{
		{Name: "length-long", TerminalID: "LENLONG_", needs: hasMessage,
			Imitates: "a length prefix that promises 40 bytes more than come before the close",
			make:     wrongLength(func(n int) int { return n + 40 })},
		{Name: "length-short", TerminalID: "LENSHORT", needs: hasMessage,
			Imitates: "a length prefix that counts half of the reply",
			make:     wrongLength(func(n int) int { return n / 2 })},
		{Name: "length-zero", TerminalID: "LENZERO_", needs: hasMessage,
			Imitates: "a length prefix of zero, such as other protocols use to keep a line alive",
			make:     wrongLength(func(int) int { return 0 })},
		{Name: "garbage", TerminalID: "GARBAGE_", goesOn: true,
			Imitates: "another protocol on the acquirer's port: bytes that are no message, framed where there are frames",
			make: plain(func(s *session) {
				b := []byte(strings.Repeat("\xa5\x5a\xff\xee", 16))
				if s.d.messages() {
					b = s.inFrame(s.d.framing.around(b))
				}
				s.send(b)
			})},
		{Name: "http", TerminalID: "HTTP____", needs: hasNoHTTP,
			Imitates: "a captive portal that answers whatever is sent with a redirect",
			make: plain(func(s *session) {
				s.send([]byte("HTTP/1.1 302 Found\r\nLocation: http://portal.example/login\r\nContent-Length: 0\r\n\r\n"))
			})},
		{Name: "tls", TerminalID: "TLS_____",
			Imitates: "a port that expects TLS: an alert in answer to a plain request",
			make:     plain(func(s *session) { s.send([]byte("\x15\x03\x01\x00\x02\x02\x46")) })},
		{Name: "banner", stage: onAccept,
			Imitates: "the wrong port: a server of another kind that speaks first",
			make: plain(func(s *session) {
				s.send([]byte("SSH-2.0-OpenSSH_9.2\r\n"))
				s.hold()
			})},
		{Name: "greet", stage: onAccept, needs: hasLines,
			Imitates: "a server that speaks first, as mail servers do, and answers lines after that",
			make: plain(func(s *session) {
				if s.send([]byte("220 ready\r\n")) {
					s.goOn()
				}
			})},
		{Name: "then", Argument: "BEHAVIOUR", needs: hasLines,
			Imitates: "a server that answers the first step well and has BEHAVIOUR in the second",
			make:     then},
		{Name: "mirror", TerminalID: "MIRROR__", goesOn: true,
			Imitates: "a loop: the request itself comes back",
			make:     plain(func(s *session) { s.send(s.request.raw) })},
		{Name: "mti", Argument: "TYPE", Default: "0210", TerminalID: "MTInnnn_", needs: hasMessage,
			Imitates: "a reply to somebody else's question: another message type, as when sessions are mixed up",
			make:     messageType},
		{Name: "other-terminal", TerminalID: "OTHERTID", needs: hasMessage,
			Imitates: "a reply for another terminal, as when a multiplexer mixes up its lines",
			make:     altered(func(r *reply) { r.message.Fields[41] = "00000000" })},
		{Name: "no-code", TerminalID: "NOCODE__", needs: hasMessage,
			Imitates: "a reply without field 39, or a host whose message has another layout than the terminal's",
			make:     altered(func(r *reply) { delete(r.message.Fields, 39) })},
	}
}

// inFrame returns bytes in what stands around the frames of the dialect: an HTTP answer,
// or nothing.
func (s *session) inFrame(frame []byte) []byte {
	if !s.d.web {
		return frame
	}
	r := s.answer().page()
	r.body = frame
	return r.wire()
}

// wrongLength sends a good reply under a length that is not its own, and closes.
func wrongLength(lie func(int) int) func(dialect, string) (action, error) {
	return plain(func(s *session) {
		body := s.answer().message.body()
		s.send(s.inFrame(s.d.framing.lying(body, lie(len(body)))))
	})
}

func messageType(_ dialect, mti string) (action, error) {
	if n, err := strconv.Atoi(mti); err != nil || len(mti) != 4 || n < 0 {
		return nil, errors.New("a message type is four digits")
	}
	return func(s *session) {
		r := s.answer()
		r.message.MTI = mti
		s.send(r.wire())
	}, nil
}

// then answers the first step well and gives the second one to a behaviour.
func then(d dialect, text string) (action, error) {
	b, err := d.choose(text)
	switch {
	case err != nil:
		return nil, err
	case b.stage != onRequest || b.Name == "then":
		return nil, fmt.Errorf("%s cannot be had in a second step", b.Name)
	}
	return func(s *session) {
		if !s.send(s.good()) || !s.next() {
			return
		}
		if b.act(s); b.goesOn {
			s.goOn()
		}
	}, nil
}
