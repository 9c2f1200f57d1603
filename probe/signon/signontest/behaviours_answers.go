package signontest

import (
	"encoding/hex"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// answers are the behaviours of hosts that answer, each well-formed.
func answers() []Behaviour {
	return []Behaviour{
		{Name: "good", TerminalID: "GOOD____", goesOn: true,
			Imitates: "a host in good order: one reply, then an orderly close, as terminals' short connections have it",
			make:     altered(func(*reply) {})},
		{Name: "keep", TerminalID: "KEEP____",
			Imitates: "a host in good order that leaves closing to the terminal and takes further requests",
			make:     plain(keep)},
		{Name: "only", Argument: "TPDU[/HEADER]", needs: hasMessage,
			Imitates: "a host that answers what is for it alone: requests with another TPDU or header are read and dropped",
			make:     only},
		{Name: "poll", needs: hasPolls,
			Imitates: "a host that asks whether the terminal is alive before it answers, as the framing has it, and waits for the answer where there is one",
			make:     plain(poll)},
		{Name: "code", Argument: "RC", TerminalID: "RCxx____", needs: hasTwo,
			Imitates: "any response code (field 39): 96 a host out of order, 97 a terminal that is not registered, 40 a message it does not know",
			make:     responseCode(`^[0-9A-Za-z]{2}$`, "a response code is two letters or digits")},
		{Name: "code", Argument: "CODE", TerminalID: "RCnnn___", needs: hasThree,
			Imitates: "any action code (field 39): 909 a host out of order, 109 a merchant that is not registered, 115 a message it does not know",
			make:     responseCode(`^[0-9]{3}$`, "an action code is three digits")},
		{Name: "bare", TerminalID: "BARE____", needs: hasMessage,
			Imitates: "a host that leaves out all it may: field 39 alone",
			make:     altered(func(r *reply) { r.message.Fields = map[int]string{39: r.message.Fields[39]} })},
		{Name: "requirement", Argument: "DIGIT", TerminalID: "REQx____", needs: hasOurHeader,
			Imitates: "a host that wants something of the terminal next (header digit 6): 3 sign on again, 5 download card parameters",
			make:     requirement},
		{Name: "long-header", TerminalID: "LONGHDR_", needs: hasOurHeader,
			Imitates: "an acquirer that adds its own bytes to the header",
			make:     altered(func(r *reply) { r.message.Header = append(r.message.Header, "EXTRA-BYTES!"...) })},
		{Name: "same-tpdu", TerminalID: "SAMETPDU", needs: hasOurHeader,
			Imitates: "a host that does not swap destination and source in the TPDU",
			make:     altered(func(r *reply) { r.message.TPDU = swapped(r.message.TPDU) })},
		{Name: "clock", Argument: "DURATION", TerminalID: "CLKsnnnn", needs: hasClock,
			Imitates: "a difference between the host's clock and the terminal's (fields 12 and 13, the Date header): -10m, +8h; by terminal id in minutes",
			fromID:   minutes, make: clockOff},
		{Name: "same-time", TerminalID: "SAMETIME", needs: hasISOTime,
			Imitates: "a host that returns the times of the request (fields 7, 12 and 13) and tells none of its own",
			make:     plain(sameTime)},
		{Name: "gbk", TerminalID: "GBKTEXT_", goesOn: true,
			Imitates: "a host that says in Chinese why it refuses (GBK; field 56 or 44 and response code 97 or 109, an HTTP status of 503, a line that begins with 421)",
			make:     altered(func(r *reply) { r.complain("97", "109", 56, gbkText) })},
		{Name: "escape", TerminalID: "ESCAPE__", goesOn: true,
			Imitates: "a host text that tries to steer whatever shows it: terminal escapes, a bell, right-to-left override, zero-width characters",
			make:     altered(func(r *reply) { r.complain("96", "909", 44, escapeText) })},
		{Name: "secrets", TerminalID: "SECRETS_", goesOn: true,
			Imitates: "a careless host that returns card data and keys: PlantedSecrets stand in fields 2, 35, 55 and 62, in an HTTP header and body, or in a line",
			make:     altered((*reply).plant)},
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

// escapeText is what the behaviour "escape" says.
const escapeText = "\x1b[2J\x1b]0;owned\x07 down\r\n\u202etxet\u200b\u2066!"

// plant puts card data and keys into a reply. Text has the keys as hexadecimal digits: a
// line that a server says may be shown, words and all.
func (r *reply) plant() {
	text := "pan=" + PlantedPAN + " track=" + PlantedTrack + " keys=" + hex.EncodeToString([]byte(PlantedKeys))
	if r.d.messages() {
		f := r.message.Fields
		f[2], f[35], f[55], f[62] = PlantedPAN, PlantedTrack, PlantedChip, PlantedKeys
	}
	if r.d.web {
		r.web.header = append(r.web.header, "X-Debug: "+text, "Set-Cookie: "+PlantedKeys)
	}
	if r.d.protocol == page {
		r.web.reason += " " + text
		r.web.body = append(r.web.body[:len(r.web.body)-1], `,"debug":"`+text+" "+PlantedChip+`"}`...)
	}
	r.text += " " + text
}

// keep answers one request after the other.
func keep(s *session) {
	for {
		r := s.answer()
		r.web.drop("Connection")
		if !s.send(r.wire()) || !s.next() {
			return
		}
	}
}

func only(_ dialect, text string) (action, error) {
	tpdu, header, given := strings.Cut(text, "/")
	for _, digits := range []string{tpdu, header} {
		if _, err := hex.DecodeString(digits); err != nil {
			return nil, errors.New("TPDU and header are hexadecimal digits")
		}
	}
	return func(s *session) {
		m := s.request.message
		if hex.EncodeToString(m.TPDU) != strings.ToLower(tpdu) || given && hex.EncodeToString(m.Header) != strings.ToLower(header) {
			s.hold()
			return
		}
		s.send(s.good())
	}, nil
}

// poll sends a poll and takes its answer before it replies.
func poll(s *session) {
	f := s.d.framing
	if !s.send([]byte(f.poll)) {
		return
	}
	if f.pong {
		answer := make([]byte, len(f.poll))
		if _, err := io.ReadFull(s.in, answer); err != nil || string(answer) != f.poll {
			return
		}
	}
	s.send(s.good())
}

// responseCode makes a behaviour's argument a response code of the form that the
// dialect has.
func responseCode(form, remedy string) func(dialect, string) (action, error) {
	pattern := regexp.MustCompile(form)
	return func(_ dialect, code string) (action, error) {
		if !pattern.MatchString(code) {
			return nil, errors.New(remedy)
		}
		return func(s *session) {
			r := s.answer()
			r.refuse(code)
			s.send(r.wire())
		}, nil
	}
}

func requirement(_ dialect, digit string) (action, error) {
	n, err := strconv.ParseUint(digit, 16, 4)
	if err != nil {
		return nil, errors.New("a requirement is one hexadecimal digit")
	}
	return func(s *session) {
		r := s.answer()
		if h := r.message.Header; len(h) > 2 {
			h[2] = h[2]&0xf0 | byte(n)
		}
		s.send(r.wire())
	}, nil
}

func clockOff(_ dialect, text string) (action, error) {
	d, err := time.ParseDuration(text)
	if err != nil {
		return nil, err
	}
	return func(s *session) { s.send(s.answerAt(d).wire()) }, nil
}

// minutes turns P0010 into +0010m.
func minutes(captured string) string {
	return strings.NewReplacer("P", "+", "M", "-").Replace(captured) + "m"
}

// sameTime returns what the request has in the fields that tell a time, and nothing
// where it has none.
func sameTime(s *session) {
	r := s.answer()
	for _, n := range []int{7, 12, 13} {
		delete(r.message.Fields, n)
		if value, ok := s.request.message.Fields[n]; ok {
			r.message.Fields[n] = value
		}
	}
	s.send(r.wire())
}
