package signon

import (
	"encoding/binary"
	"fmt"
	"strconv"
)

// maxFrame is the longest message read, and sent, without its framing, in bytes. A
// sign-on reply with three keys has less than 300.
const maxFrame = 2048

// framing is how the messages of a stream are told apart.
type framing struct {
	word string
	// prefix is how many bytes stand before a message.
	prefix int
	// put writes the prefix of a message of n bytes into p; get reads one.
	put func(p []byte, n int)
	get func(p []byte) frameHead
	// trailer stands behind a message. What stands there in a reply is not looked at.
	trailer string
	// text: the prefix is characters.
	text bool
}

// frameHead is what a prefix says.
type frameHead struct {
	// length is how many bytes follow before the trailer, negative where the prefix counts
	// itself and says less than that.
	length int
	is     frameKind
}

type frameKind int

const (
	frameMessage frameKind = iota
	// framePoll asks whether we are still there, and is answered by itself.
	framePoll
	// frameIdle is passed over without an answer.
	frameIdle
	// frameNone is no prefix of this framing.
	frameNone
)

// framings are those that acquirers use, in the order in which they are told; the first
// is the default. Most are the channels of jPOS (github.com/jpos/jPOS, package
// org.jpos.iso.channel), by which hosts and their documents name them.
var framings = []framing{
	// PostChannel, NACChannel.
	{word: "2-byte", prefix: 2, put: put16, get: get16},
	// AmexChannel: the two bytes are counted as well.
	{word: "2-byte-inclusive", prefix: 2,
		put: func(p []byte, n int) { put16(p, n+2) },
		get: func(p []byte) frameHead { return frameHead{length: int(binary.BigEndian.Uint16(p)) - 2} }},
	// BCDChannel, NCCChannel.
	{word: "2-byte-bcd", prefix: 2,
		put: func(p []byte, n int) { copy(p, appendBCD(nil, fmt.Sprintf("%04d", n))) },
		get: func(p []byte) frameHead { return decimal(bcd(p)) }},
	// ASCIIChannel. Length 0 keeps a connection alive; jPOS answers only where it is told to.
	{word: "4-ascii", prefix: 4, text: true,
		put: func(p []byte, n int) { copy(p, fmt.Sprintf("%04d", n)) },
		get: func(p []byte) frameHead { return decimal(string(p), isDigits(string(p), 4)).zeroIs(frameIdle) }},
	// HEXChannel.
	{word: "4-hex", prefix: 4, text: true,
		put: func(p []byte, n int) { copy(p, fmt.Sprintf("%04x", n)) },
		get: getHex},
	// VAPChannel and CSChannel: two zero bytes behind the length; length 0 is a poll.
	{word: "visa", prefix: 4, put: put16,
		get: func(p []byte) frameHead { return get16(p).zeroIs(framePoll) }},
	// GICCChannel: two zero bytes before the length, which make it one of four bytes;
	// length 0 is a poll.
	{word: "gicc", prefix: 4,
		put: func(p []byte, n int) { put16(p[2:], n) },
		get: func(p []byte) frameHead {
			return frameHead{length: int(min(binary.BigEndian.Uint32(p), 1<<30))}.zeroIs(framePoll)
		}},
	// BASE24TCPChannel: the length counts a trailer of one byte; length 0 is a poll.
	{word: "base24", prefix: 2, trailer: "\x03",
		put: func(p []byte, n int) { put16(p, n+1) },
		get: func(p []byte) frameHead {
			h := get16(p).zeroIs(framePoll)
			h.length--
			return h
		}},
	// Visa's message length header as github.com/moov-io/iso8583 reads it
	// (network/vml_header.go, issue 105): two reserved bytes behind the length, of which
	// the last one's left digit is 2 in the gateway's own session messages. Nothing says
	// that those are to be answered. A message may have no byte at all.
	{word: "vmlh", prefix: 4, put: put16,
		get: func(p []byte) frameHead {
			h := get16(p).zeroIs(frameIdle)
			if p[3]>>4 == 2 {
				h.is = frameIdle
			}
			return h
		}},
	// The serial variant of 2-byte, which some cashier links keep over TCP: STX first.
	{word: "stx", prefix: 3,
		put: func(p []byte, n int) { p[0] = stx; put16(p[1:], n) },
		get: func(p []byte) frameHead {
			if p[0] != stx {
				return frameHead{is: frameNone}
			}
			return get16(p[1:])
		}},
}

const stx = 2 // start of text (ISO/IEC 646)

// Framings are the words for Config.Framing; the first is the default.
func Framings() []string { return words(framings, func(f framing) string { return f.word }) }

func put16(p []byte, n int) { binary.BigEndian.PutUint16(p, uint16(n)) }

func get16(p []byte) frameHead { return frameHead{length: int(binary.BigEndian.Uint16(p))} }

// decimal is the length that four digits say.
func decimal(digits string, ok bool) frameHead {
	n, err := strconv.Atoi(digits)
	if !ok || err != nil {
		return frameHead{is: frameNone}
	}
	return frameHead{length: n}
}

func getHex(p []byte) frameHead {
	n, err := strconv.ParseUint(string(p), 16, 16)
	if err != nil {
		return frameHead{is: frameNone}
	}
	return frameHead{length: int(n)}
}

// zeroIs gives the length 0 a meaning.
func (h frameHead) zeroIs(kind frameKind) frameHead {
	if h.length == 0 && h.is == frameMessage {
		h.is = kind
	}
	return h
}

// polled reports whether the host may ask on the way whether we are still there.
func (f framing) polled() bool { return f.get(make([]byte, f.prefix)).is == framePoll }

// pack puts a message into a frame.
func (f framing) pack(message []byte) []byte {
	b := make([]byte, f.prefix, f.prefix+len(message)+len(f.trailer))
	f.put(b, len(message))
	return append(append(b, message...), f.trailer...)
}

// words are the names of a table's rows.
func words[T any](table []T, word func(T) string) []string {
	out := make([]string, len(table))
	for i, row := range table {
		out[i] = word(row)
	}
	return out
}

// find returns the row of a table with a word, the first row for "", and ok false for a
// word that no row has.
func find[T any](table []T, word func(T) string, wanted string) (row T, ok bool) {
	for _, row := range table {
		if wanted == "" || word(row) == wanted {
			return row, true
		}
	}
	return row, false
}
