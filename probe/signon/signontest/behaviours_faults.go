package signontest

import (
	"errors"
	"time"
)

// delays are the behaviours of hosts that take their time.
func delays() []Behaviour {
	return []Behaviour{
		{Name: "slow", Argument: "DURATION", TerminalID: "SLOWnnnn", goesOn: true,
			Imitates: "a host under load: a good reply, late; by terminal id in tenths of a second",
			fromID:   func(tenths string) string { return tenths + "00ms" },
			make: timed(func(s *session, d time.Duration) {
				if s.pause(d) {
					s.send(s.good())
				}
			})},
		{Name: "trickle", Argument: "DURATION", Default: "1s", TerminalID: "TRICKLE_", goesOn: true,
			Imitates: "a reply of which one byte comes every DURATION: a choked line, or somebody who ties up clients",
			make: timed(func(s *session, d time.Duration) {
				for _, b := range s.good() {
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
			make:     plain((*session).half)},
		{Name: "cut-reset", TerminalID: "HALFRST_",
			Imitates: "a host process that dies in the middle of its reply",
			make: plain(func(s *session) {
				s.half()
				s.pause(200 * time.Millisecond) // a reset at once may overtake the bytes
				s.reset()
			})},
		{Name: "stall", TerminalID: "STALL___",
			Imitates: "a reply that stops in the middle while the connection stays open: lost segments behind a proxy, a hanging host",
			make: plain(func(s *session) {
				s.half()
				s.stick()
			})},
	}
}

// half sends the first half of the good reply.
func (s *session) half() {
	b := s.good()
	s.send(b[:len(b)/2])
}

// timed makes actions that take a duration of 0 to one hour.
func timed(act func(*session, time.Duration)) func(dialect, string) (action, error) {
	return func(_ dialect, text string) (action, error) {
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
