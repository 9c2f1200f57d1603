package signontest

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// delays are the behaviours of hosts that take their time.
func delays() []Behaviour {
	return []Behaviour{
		{Name: "slow", Argument: "DURATION", TerminalID: "SLOWnnnn",
			Imitates: "a host under load: a good reply, late; by terminal id in tenths of a second",
			fromID:   func(tenths string) string { return tenths + "00ms" },
			make: timed(func(s *session, d time.Duration) {
				if s.pause(d) {
					s.send(s.answer().Frame())
				}
			})},
		{Name: "trickle", Argument: "DURATION", Default: "1s", TerminalID: "TRICKLE_",
			Imitates: "a reply of which one byte comes every DURATION: a choked line, or somebody who ties up clients",
			make: timed(func(s *session, d time.Duration) {
				for _, b := range s.answer().Frame() {
					if !s.send([]byte{b}) || !s.pause(d) {
						return
					}
				}
			})},
		{Name: "silent", TerminalID: "SILENT__",
			Imitates: "a front end that takes the request while the application behind it hangs: acknowledged, never answered",
			make:     plain((*session).stick)},
		{Name: "ignore", TerminalID: "IGNORE__",
			Imitates: "a host that reads and drops what is not for it (another TPDU, an unknown message), and waits for the next",
			make:     plain((*session).hold)},
	}
}

// endings are the behaviours of hosts that end the connection at the wrong moment.
func endings() []Behaviour {
	return []Behaviour{
		{Name: "close", TerminalID: "CLOSE___",
			Imitates: "a host that closes in order and says nothing, as some do when their own upstream times out or the TPDU is unknown",
			make:     plain(func(*session) {})},
		{Name: "reset", TerminalID: "RESET___",
			Imitates: "a host process that dies, or a firewall that cuts the session, after the request was read",
			make:     plain((*session).reset)},
		{Name: "reset-early", stage: onAccept,
			Imitates: "a balancer without a living host behind it: the handshake succeeds, then a reset before anything is read",
			make: plain(func(s *session) {
				s.pause(20 * time.Millisecond) // at once, it may come before connect(2) returns
				s.reset()
			})},
		{Name: "cut", TerminalID: "CUT_____",
			Imitates: "a host or proxy that closes in the middle of its reply",
			make: plain(func(s *session) {
				frame := s.answer().Frame()
				s.send(frame[:len(frame)/2])
			})},
		{Name: "cut-reset", TerminalID: "HALFRST_",
			Imitates: "a host process that dies in the middle of its reply",
			make: plain(func(s *session) {
				frame := s.answer().Frame()
				s.send(frame[:len(frame)/2])
				s.pause(200 * time.Millisecond) // a reset at once may overtake the bytes
				s.reset()
			})},
		{Name: "stall", TerminalID: "STALL___",
			Imitates: "a reply that stops in the middle while the connection stays open: lost segments behind a proxy, a hanging host",
			make: plain(func(s *session) {
				frame := s.answer().Frame()
				s.send(frame[:len(frame)/2])
				s.stick()
			})},
	}
}

// malformed are the behaviours of hosts that answer with something else.
func malformed() []Behaviour {
	return []Behaviour{
		{Name: "length-long", TerminalID: "LENLONG_",
			Imitates: "a length prefix that promises 40 bytes more than come before the close",
			make:     wrongLength(func(n int) int { return n + 40 })},
		{Name: "length-short", TerminalID: "LENSHORT",
			Imitates: "a length prefix that counts half of the reply",
			make:     wrongLength(func(n int) int { return n / 2 })},
		{Name: "length-zero", TerminalID: "LENZERO_",
			Imitates: "a length prefix of zero, such as other protocols use to keep a line alive",
			make:     wrongLength(func(int) int { return 0 })},
		{Name: "garbage", TerminalID: "GARBAGE_",
			Imitates: "another protocol on the acquirer's port: framed bytes that are no ISO 8583",
			make: plain(func(s *session) {
				s.send(append([]byte{0, 64}, strings.Repeat("\xa5\x5a\xff\xee", 16)...))
			})},
		{Name: "http", TerminalID: "HTTP____",
			Imitates: "a captive portal that answers whatever is sent with a redirect",
			make: plain(func(s *session) {
				s.send([]byte("HTTP/1.1 302 Found\r\nLocation: http://portal.example/login\r\nContent-Length: 0\r\n\r\n"))
			})},
		{Name: "banner", stage: onAccept,
			Imitates: "the wrong port: a server of another kind that speaks first",
			make: plain(func(s *session) {
				s.send([]byte("SSH-2.0-OpenSSH_9.2\r\n"))
				s.hold()
			})},
		{Name: "mirror", TerminalID: "MIRROR__",
			Imitates: "a loop: the request itself comes back",
			make:     plain(func(s *session) { s.send(s.request.raw) })},
		{Name: "mti", Argument: "TYPE", Default: "0210", TerminalID: "MTInnnn_",
			Imitates: "a reply to somebody else's question: another message type, as when sessions are mixed up",
			make:     messageType},
		{Name: "other-terminal", TerminalID: "OTHERTID",
			Imitates: "a reply for another terminal, as when a multiplexer mixes up its lines",
			make:     altered(func(m *Message) { m.Fields[41] = "00000000" })},
		{Name: "flood", Argument: "BYTES", Default: "10000000", TerminalID: "FLOOD___",
			Imitates: "a peer that never stops sending: it must cost posprobe neither memory nor data volume",
			make:     flood},
	}
}

// timed makes actions that take a duration of 0 to one hour.
func timed(act func(*session, time.Duration)) func(string) (action, error) {
	return func(text string) (action, error) {
		d, err := time.ParseDuration(text)
		if err != nil {
			return nil, err
		}
		if d < 0 || d > time.Hour {
			return nil, errors.New("a duration is 0 to 1h")
		}
		return func(s *session) { act(s, d) }, nil
	}
}

// wrongLength sends a good reply under a length that is not its own, and closes.
func wrongLength(lie func(int) int) func(string) (action, error) {
	return plain(func(s *session) {
		body := s.answer().body()
		n := lie(len(body))
		s.send(append([]byte{byte(n >> 8), byte(n)}, body...))
	})
}

func messageType(mti string) (action, error) {
	if n, err := strconv.Atoi(mti); err != nil || len(mti) != 4 || n < 0 {
		return nil, errors.New("a message type is four digits")
	}
	return func(s *session) {
		m := s.answer()
		m.MTI = mti
		s.send(m.Frame())
	}, nil
}

// flood sends a length of 65535 and then BYTES bytes, as long as the client takes them.
func flood(text string) (action, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return nil, errors.New("give a number of bytes")
	}
	return func(s *session) {
		block := []byte(strings.Repeat("\xff", 32<<10))
		for left := n; left > 0; left -= len(block) {
			if !s.send(block[:min(left, len(block))]) {
				return
			}
		}
	}, nil
}
