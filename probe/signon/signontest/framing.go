package signontest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Framing is one way of saying where a message ends.
type Framing struct {
	Name string
	// About says what stands around a message, and who has it so.
	About string

	before string             // what stands before the length
	size   int                // bytes of the length
	digits func(n int) []byte // the length of a message of n bytes
	number func(b []byte) int // the other way round; negative where it says no length
	most   int                // the longest message that can be said
	after  string             // what stands behind the message
	poll   string             // what asks whether the peer is alive, "" where nothing does
	pong   bool               // a poll is answered with itself
}

// Framings lists them all. The channel classes are those of jPOS, whose source shows
// the bytes; vmlh is VMLH of github.com/moov-io/iso8583/network.
func Framings() []Framing {
	big := func(add int) func(int) []byte {
		return func(n int) []byte { return []byte{byte((n + add) >> 8), byte(n + add)} }
	}
	small := func(add int) func([]byte) int {
		return func(b []byte) int { return int(b[0])<<8 + int(b[1]) - add }
	}
	padded := func(before, after string) func(int) []byte {
		return func(n int) []byte { return []byte(before + string([]byte{byte(n >> 8), byte(n)}) + after) }
	}
	return []Framing{
		{Name: "2-byte", About: "two bytes of length, the higher first: UnionPay, NACChannel",
			size: 2, digits: big(0), number: small(0), most: 0xffff},
		{Name: "2-byte-inclusive", About: "two bytes that count themselves: AmexChannel",
			size: 2, digits: big(2), number: small(2), most: 0xffff - 2},
		{Name: "2-byte-bcd", About: "four digits in two bytes: BCDChannel, NCCChannel",
			size: 2, most: 9999,
			digits: func(n int) []byte { return []byte(characters(fmt.Sprintf("%04d", n%10000))) },
			number: func(b []byte) int { return decimal(fmt.Sprintf("%x", b), 10) }},
		{Name: "4-ascii", About: "four digits as characters, 0000 to keep the line alive: ASCIIChannel",
			size: 4, most: 9999, poll: "0000",
			digits: func(n int) []byte { return fmt.Appendf(nil, "%04d", n%10000) },
			number: func(b []byte) int { return decimal(string(b), 10) }},
		{Name: "4-hex", About: "four hexadecimal digits as characters: HEXChannel",
			size: 4, most: 0xffff,
			digits: func(n int) []byte { return fmt.Appendf(nil, "%04x", n&0xffff) },
			number: func(b []byte) int { return decimal(string(b), 16) }},
		{Name: "visa", About: "two bytes of length, two of zero; a length of zero is a poll and is sent back: VAPChannel, CSChannel",
			size: 4, digits: padded("", "\x00\x00"), number: small(0), most: 0xffff, poll: "\x00\x00\x00\x00", pong: true},
		{Name: "gicc", About: "two bytes of zero, two of length; a length of zero is a poll and is sent back: GICCChannel",
			size: 4, digits: padded("\x00\x00", ""), most: 0xffff, poll: "\x00\x00\x00\x00", pong: true,
			number: func(b []byte) int { return small(0)(b[2:]) }},
		{Name: "base24", About: "two bytes that count a trailer of 03 as well; a length of zero is a poll and is sent back: BASE24TCPChannel",
			size: 2, digits: big(1), number: small(1), most: 0xffff - 1, after: "\x03", poll: "\x00\x00", pong: true},
		{Name: "vmlh", About: "two bytes of length, one reserved, one of two digits, the first of which is 2 in session control messages: VMLH",
			size: 4, digits: padded("", "\x00\x00"), number: small(0), most: 0xffff, poll: "\x00\x00\x00\x20"},
		{Name: "stx", About: "02 before two bytes of length: UnionPay over a serial line",
			before: "\x02", size: 2, digits: big(0), number: small(0), most: 0xffff},
	}
}

// decimal returns the number that digits of a base say, -1 where they say none.
func decimal(digits string, base int) int {
	n, err := strconv.ParseUint(digits, base, 16)
	if err != nil {
		return -1
	}
	return int(n)
}

// findFraming returns the framing with a name; "" is 2-byte.
func findFraming(name string) (Framing, error) {
	var known []string
	for _, f := range Framings() {
		if f.Name == cmp.Or(name, "2-byte") {
			return f, nil
		}
		known = append(known, f.Name)
	}
	return Framing{}, fmt.Errorf("no framing %q: there are %s", name, strings.Join(known, ", "))
}

// around returns a message in its frame.
func (f Framing) around(body []byte) []byte { return f.lying(body, len(body)) }

// lying returns a message in a frame that says another length, as far as it can.
func (f Framing) lying(body []byte, n int) []byte {
	return bytes.Join([][]byte{[]byte(f.before), f.digits(min(n, f.most)), body, []byte(f.after)}, nil)
}

var errNoRequest = errors.New("the bytes are no request")

// maxRequest is the longest request that is read, in bytes.
const maxRequest = 2048

// read reads one frame: all of it, and the message in it. Polls before it are passed
// over.
func (f Framing) read(r io.Reader) (raw, body []byte, err error) {
	for range 16 {
		head := make([]byte, len(f.before)+f.size)
		if _, err := io.ReadFull(r, head); err != nil {
			return nil, nil, err
		}
		length := head[len(f.before):]
		if f.poll != "" && string(length) == f.poll {
			continue
		}
		n := f.number(length)
		if string(head[:len(f.before)]) != f.before || n < 0 || n > maxRequest {
			return nil, nil, errNoRequest
		}
		rest := make([]byte, n+len(f.after))
		if _, err := io.ReadFull(r, rest); err != nil {
			return nil, nil, err
		}
		if string(rest[n:]) != f.after {
			return nil, nil, errNoRequest
		}
		return append(head, rest...), rest[:n], nil
	}
	return nil, nil, errNoRequest
}
