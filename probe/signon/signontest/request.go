package signontest

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"strconv"
	"strings"
)

// maxRequest is the longest request that is read, in bytes.
const maxRequest = 2048

// request is what the practice host wants to know of a request.
type request struct {
	raw      []byte // the whole frame
	tpdu     []byte
	header   []byte
	mti      string
	stan     string // field 11, "" when it is not there
	terminal string // field 41
	merchant string // field 42
	field60  string // its digits
}

var errNoRequest = errors.New("the bytes are no request")

// readRequest reads one framed request.
func readRequest(r io.Reader) (request, error) {
	var prefix [2]byte
	if _, err := io.ReadFull(r, prefix[:]); err != nil {
		return request{}, err
	}
	n := binary.BigEndian.Uint16(prefix[:])
	if n > maxRequest {
		return request{}, errNoRequest
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(r, body); err != nil {
		return request{}, err
	}
	q, ok := parseRequest(body)
	if !ok {
		return request{}, errNoRequest
	}
	q.raw = append(prefix[:], body...)
	return q, nil
}

// parseRequest reads a request without its length prefix. The header may have any
// length: the message type is looked for, first where it usually stands.
func parseRequest(body []byte) (request, bool) {
	text := hex.EncodeToString(body)
	for _, at := range append([]int{11}, upTo(len(body))...) {
		if at < 5 || at+10 > len(body) {
			continue
		}
		if mti := text[2*at : 2*at+4]; mti == "0800" || mti == "0820" {
			q := request{tpdu: body[:5], header: body[5:at], mti: mti}
			q.fields(text[2*at+4:])
			return q, true
		}
	}
	return request{}, false
}

func upTo(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

// fields reads the fields of a request from its bitmap on, in hexadecimal, as far as
// they are those of network management.
func (q *request) fields(text string) {
	bitmap, _ := strconv.ParseUint(text[:16], 16, 64)
	text = text[16:]
	take := func(digits int) string {
		digits = min(digits, len(text))
		var s string
		s, text = text[:digits], text[digits:]
		return s
	}
	for n := 1; n <= 60; n++ {
		if bitmap&(1<<(64-n)) == 0 {
			continue
		}
		switch n {
		case 11:
			q.stan = take(6)
		case 41:
			q.terminal = characters(take(16))
		case 42:
			q.merchant = characters(take(30))
		case 60:
			n, _ := strconv.Atoi(take(4))
			q.field60 = take(n)
		default:
			return
		}
	}
}

func characters(digits string) string {
	b, _ := hex.DecodeString(digits)
	return string(b)
}

// code returns field 60.3, "" when there is none.
func (q request) code() string {
	if len(q.field60) < 11 {
		return ""
	}
	return q.field60[8:11]
}

// signsOn reports whether the request asks for working keys.
func (q request) signsOn() bool {
	return q.mti == "0800" && strings.Contains(" 001 003 004 005 006 ", " "+q.code()+" ")
}

// supported reports whether the practice host knows the request: sign-on, sign-off and
// echo.
func (q request) supported() bool {
	return q.signsOn() || q.mti == "0820" && (q.code() == "301" || q.code() == "002")
}
