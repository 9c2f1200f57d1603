package signontest

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// answers are the behaviours of hosts that answer, each well-formed.
func answers() []Behaviour {
	return []Behaviour{
		{Name: "good", TerminalID: "GOOD____",
			Imitates: "a host in good order: one reply, then an orderly close, as terminals' short connections have it",
			make:     altered(func(*Message) {})},
		{Name: "keep", TerminalID: "KEEP____",
			Imitates: "a host in good order that leaves closing to the terminal and takes further requests",
			make:     plain(keep)},
		{Name: "code", Argument: "RC", TerminalID: "RCxx____",
			Imitates: "any response code (field 39): 96 a host out of order, 97 a terminal that is not registered, 40 a message it does not know",
			make:     responseCode},
		{Name: "bare", TerminalID: "BARE____",
			Imitates: "a host that leaves out all it may: field 39 alone",
			make:     altered(func(m *Message) { m.Fields = map[int]string{39: m.Fields[39]} })},
		{Name: "requirement", Argument: "DIGIT", TerminalID: "REQx____",
			Imitates: "a host that wants something of the terminal next (header digit 6): 3 sign on again, 5 download card parameters",
			make:     requirement},
		{Name: "long-header", TerminalID: "LONGHDR_",
			Imitates: "an acquirer that adds its own bytes to the header",
			make:     altered(func(m *Message) { m.Header = append(m.Header, "EXTRA-BYTES!"...) })},
		{Name: "same-tpdu", TerminalID: "SAMETPDU",
			Imitates: "a host that does not swap destination and source in the TPDU",
			make:     altered(func(m *Message) { m.TPDU = swapped(m.TPDU) })},
		{Name: "clock", Argument: "DURATION", TerminalID: "CLKsnnnn",
			Imitates: "a difference between the host's clock and the terminal's (fields 12 and 13): -10m, +8h; by terminal id in minutes",
			fromID:   minutes, make: clockOff},
		{Name: "gbk", TerminalID: "GBKTEXT_",
			Imitates: "a host that says in Chinese why it refuses (field 56 in GBK, response code 97)",
			make: altered(func(m *Message) {
				m.refuse("97").Fields[56] = gbkText
			})},
		{Name: "escape", TerminalID: "ESCAPE__",
			Imitates: "a host text that tries to steer whatever shows it: terminal escapes, a bell, right-to-left override, zero-width characters",
			make: altered(func(m *Message) {
				m.refuse("96").Fields[44] = "\x1b[2J\x1b]0;owned\x07 down\r\n\u202etxet\u200b\u2066!"
			})},
		{Name: "secrets", TerminalID: "SECRETS_",
			Imitates: "a careless host that returns card data and keys: PlantedSecrets stand in fields 2, 35, 55 and 62",
			make: altered(func(m *Message) {
				m.Fields[2], m.Fields[35] = PlantedPAN, PlantedTrack
				m.Fields[55], m.Fields[62] = PlantedChip, PlantedKeys
			})},
	}
}

// What the behaviour "secrets" sends, to be looked for where it must not appear.
const (
	PlantedPAN   = "6222021234567890128"
	PlantedTrack = "6222021234567890128491212000"
	PlantedChip  = "CHIP-DATA-PLANTED-BY-SIGNONTEST"
	PlantedKeys  = "WORKING-KEYS-PLANTED-BY-SIGNONTEST-00000"
)

// PlantedSecrets lists them all.
func PlantedSecrets() []string {
	return []string{PlantedPAN, PlantedTrack, PlantedChip, PlantedKeys}
}

// gbkText is 终端未登记 (terminal not registered) in GBK.
const gbkText = "\xd6\xd5\xb6\xcb\xce\xb4\xb5\xc7\xbc\xc7"

// GBKText is what the behaviour "gbk" says, decoded.
const GBKText = "终端未登记"

// keep answers one request after the other.
func keep(s *session) {
	for s.send(s.answer().Frame()) {
		var err error
		if s.request, err = readRequest(s.conn); err != nil {
			return
		}
	}
}

var twoCharacters = regexp.MustCompile(`^[0-9A-Za-z]{2}$`)

func responseCode(code string) (action, error) {
	if !twoCharacters.MatchString(code) {
		return nil, errors.New("a response code is two letters or digits")
	}
	return func(s *session) { s.send(s.answer().refuse(code).Frame()) }, nil
}

func requirement(digit string) (action, error) {
	n, err := strconv.ParseUint(digit, 16, 4)
	if err != nil {
		return nil, errors.New("a requirement is one hexadecimal digit")
	}
	return func(s *session) {
		m := s.answer()
		if len(m.Header) > 2 {
			m.Header[2] = m.Header[2]&0xf0 | byte(n)
		}
		s.send(m.Frame())
	}, nil
}

func clockOff(text string) (action, error) {
	d, err := time.ParseDuration(text)
	if err != nil {
		return nil, err
	}
	return func(s *session) {
		s.send(s.request.answer(time.Now().In(s.where).Add(d)).Frame())
	}, nil
}

// minutes turns P0010 into +0010m.
func minutes(captured string) string {
	return strings.NewReplacer("P", "+", "M", "-").Replace(captured) + "m"
}
