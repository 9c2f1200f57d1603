package signontest

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

// The protocols and the encoding that is taken where none is named.
const (
	unionPay = "unionpay"
	iso1987  = "iso8583-1987"
	iso1993  = "iso8583-1993"
	page     = "http"
	lines    = "tcp"

	ascii = "ascii"
)

// Choice is a word that an option takes, and what it stands for.
type Choice struct{ Name, About string }

// Protocols lists what Options.Protocol takes.
func Protocols() []Choice {
	return []Choice{
		{unionPay, "echo (0820, 60.3 = 301), sign-off (002) and sign-on (0800) as UnionPay terminals send them"},
		{iso1987, "0800 or 0820 with field 70 (301 echo, 001 sign-on, 002 sign-off), or field 3 in its place; answered with 0810 or 0830, with 7, 11, 41 and 42 as they came, the host's own 12 and 13, and 39"},
		{iso1993, "1804 with field 24 (831 echo, 801 sign-on, 802 sign-off), answered with 1814, the host's own field 12, and 800 in field 39"},
		{page, `GET, HEAD or POST, answered with 200 and {"status": "UP", "time": ..., "checks": [{"name": "database", "state": "UP"}]}; TID in ?terminal=TID chooses a behaviour`},
		{lines, `lines of text, in two steps: "HELLO" is answered with "220 ready", then "PING" with "PONG"; TID in "HELLO TID" chooses a behaviour`},
	}
}

// Encodings lists what Options.Encoding takes in protocols iso8583-1987 and
// iso8583-1993.
func Encodings() []Choice {
	return []Choice{
		{ascii, "characters throughout, the bitmap too: ISO87APackager, ISO93APackager of jPOS"},
		{"bcd", "two digits in a byte, the bitmap binary: ISO87BPackager"},
		{"binary", "characters, with a binary bitmap: ISO87APackagerBBitmap"},
	}
}

// HTTP is what a practice acquirer wants of an HTTP request.
type HTTP struct {
	// Path is the one at which it answers; others get 404. "" is every path for protocol
	// http, and DefaultPath for messages.
	Path string
}

// DefaultPath is where an access gateway takes messages, as public terminal code has it.
const DefaultPath = "/mjc/webtrans/VPB_lb"

// dialect is what is spoken on a connection.
type dialect struct {
	protocol string
	// blank is a message without content, in protocols that have messages.
	blank   Message
	framing Framing
	// web is that requests come over HTTP; path is where, "" for everywhere.
	web  bool
	path string
}

// dialect returns what the options speak, or what is wrong with them.
func (o Options) dialect() (dialect, error) {
	d := dialect{protocol: cmp.Or(o.Protocol, unionPay), web: o.HTTP != nil}
	if err := oneOf("protocol", d.protocol, Protocols()); err != nil {
		return d, err
	}
	if err := oneOf("encoding", cmp.Or(o.Encoding, ascii), Encodings()); err != nil {
		return d, err
	}
	framing, err := findFraming(o.Framing)
	switch {
	case err != nil:
		return d, err
	case o.Framing != "" && !d.messages():
		return d, fmt.Errorf("protocol %s has no framing", d.protocol)
	case o.Encoding != "" && d.protocol != iso1987 && d.protocol != iso1993:
		return d, fmt.Errorf("protocol %s has no encoding to choose", d.protocol)
	case d.web && d.protocol == lines:
		return d, errors.New("protocol tcp does not go over HTTP")
	}
	if d.web {
		d.path = o.HTTP.Path
	}
	switch {
	case d.messages():
		d.framing = framing
		d.blank = Message{Protocol: d.protocol, Encoding: o.Encoding, Framing: framing.Name}
		if d.web {
			d.path = cmp.Or(d.path, DefaultPath)
		}
	case d.protocol == page:
		d.web = true
	}
	return d, nil
}

// oneOf returns an error unless a word is one of the choices.
func oneOf(what, word string, choices []Choice) error {
	var known []string
	for _, c := range choices {
		if c.Name == word {
			return nil
		}
		known = append(known, c.Name)
	}
	return fmt.Errorf("no %s %q: there are %s", what, word, strings.Join(known, ", "))
}

// messages reports whether the dialect has ISO 8583 messages.
func (d dialect) messages() bool { return d.protocol != page && d.protocol != lines }

// feature is something that not every dialect has and some behaviours need.
type feature int

const (
	hasMessage    feature = 1 << iota // ISO 8583 messages
	hasOurHeader                      // TPDU and header as UnionPay has them
	hasISOTime                        // fields 7, 12 and 13 of the standard
	hasTwo                            // response codes of two characters
	hasThree                          // action codes of three digits
	hasPolls                          // a framing that asks whether the peer is alive
	hasClock                          // replies that tell the time
	hasHTTP                           // HTTP
	hasNoHTTP                         // no HTTP
	hasPage                           // protocol http
	hasLines                          // protocol tcp
	hasTextLength                     // a length in characters
)

// words say what a feature is.
var words = map[feature]string{
	hasMessage: "ISO 8583 messages", hasOurHeader: "the header of protocol unionpay", hasISOTime: "protocol iso8583-1987 or iso8583-1993",
	hasTwo: "response codes of two characters", hasThree: "action codes of three digits",
	hasPolls: "a framing with polls", hasClock: "replies that tell the time", hasHTTP: "HTTP", hasNoHTTP: "a protocol that is not spoken over HTTP",
	hasPage: "protocol http", hasLines: "protocol tcp", hasTextLength: "a framing whose length is written in characters",
}

// has returns what a dialect has.
func (d dialect) has() feature {
	var f feature
	give := func(when bool, what feature) {
		if when {
			f |= what
		}
	}
	give(d.messages(), hasMessage)
	give(d.protocol == unionPay, hasOurHeader)
	give(d.protocol == iso1987 || d.protocol == iso1993, hasISOTime)
	give(d.messages() && d.protocol != iso1993, hasTwo)
	give(d.protocol == iso1993, hasThree)
	give(d.framing.poll != "" && !d.web, hasPolls)
	give(d.protocol != lines, hasClock)
	give(d.web, hasHTTP)
	give(!d.web, hasNoHTTP)
	give(d.protocol == page, hasPage)
	give(d.protocol == lines, hasLines)
	give(strings.HasPrefix(d.framing.Name, "4-"), hasTextLength)
	return f
}
