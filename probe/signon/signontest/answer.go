package signontest

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// reply is what a host is about to send: a message, an HTTP answer, a message inside
// one, or lines of text.
type reply struct {
	d       dialect
	message Message
	web     response
	text    string
}

// wire returns the reply as it is sent.
func (r reply) wire() []byte {
	switch {
	case r.d.protocol == lines:
		return []byte(r.text + "\r\n")
	case r.d.web:
		return r.page().wire()
	}
	return r.message.Frame()
}

// page returns the HTTP answer, with the message in it where there is one.
func (r reply) page() response {
	if r.d.messages() {
		r.web.body = r.message.Frame()
	}
	return r.web
}

// reply returns the answer of a host in good order.
func (d dialect) reply(q request, now time.Time) reply {
	r := reply{d: d}
	if d.messages() {
		r.message = q.answer(now)
	}
	if d.web {
		r.web = d.response(q, now)
	}
	if d.protocol == lines {
		r.text = q.lineAnswer()
	}
	return r
}

// answer returns the message that a host in good order sends, as public host code does:
// TPDU swapped, time and date, what came back as it came, the next batch number after a
// sign-on, working keys (random ones) where they were asked for, and another code than
// that of success for what it does not know.
func (q request) answer(now time.Time) Message {
	m := q.message
	m.TPDU, m.Header = swapped(m.TPDU), slices.Clone(m.Header)
	m.MTI = m.MTI[:2] + map[byte]string{'0': "1", '2': "3"}[m.MTI[2]] + m.MTI[3:]
	m.Fields = map[int]string{}
	returns := func(numbers ...int) {
		for _, n := range numbers {
			if value, ok := q.message.Fields[n]; ok {
				m.Fields[n] = value
			}
		}
	}
	returns(7, 11, 32, 33, 41, 42)
	switch m.Protocol {
	case iso1987:
		m.Fields[12], m.Fields[13], m.Fields[39] = now.Format("150405"), now.Format("0102"), "00"
		returns(3, 70)
	case iso1993:
		m.Fields[12], m.Fields[39] = now.Format("060102150405"), "800"
		returns(24)
	default:
		q.answerUnionPay(&m, now)
	}
	if !q.supported() {
		m.Fields[39] = "40"
		if m.Protocol == iso1993 {
			m.Fields[39] = "115"
		}
	}
	return m
}

// answerUnionPay fills in what a UnionPay host says.
func (q request) answerUnionPay(m *Message, now time.Time) {
	m.Fields[12], m.Fields[13], m.Fields[39] = now.Format("150405"), now.Format("0102"), "00"
	if value, ok := q.message.Fields[60]; ok {
		m.Fields[60] = value
	}
	if !q.supported() || q.code() == "301" {
		return
	}
	m.Fields[32] = "00085500"
	m.Fields[37] = now.Format("150405") + fmt.Sprintf("%06d", now.Nanosecond()/1000)
	if q.signsOn() {
		field60 := m.Fields[60]
		batch, _ := strconv.Atoi(field60[2:8])
		m.Fields[60] = fmt.Sprintf("%s%06d%s", field60[:2], (batch+1)%1000000, q.code())
		m.Fields[62] = workingKeys(q.code())
	}
}

// workingKeys are as many random bytes as the sign-on code calls for: single-length
// keys with 4 bytes of check value each, double-length ones, those and a track key.
func workingKeys(code string) string {
	n := map[string]int{"001": 24, "003": 40}[code]
	if n == 0 {
		n = 60
	}
	b := make([]byte, n)
	rand.Read(b)
	return string(b)
}

// swapped exchanges destination and source of a TPDU: 60 0525 0000 becomes 60 0000 0525.
func swapped(tpdu []byte) []byte {
	if len(tpdu) != 5 {
		return nil
	}
	return []byte{tpdu[0], tpdu[3], tpdu[4], tpdu[1], tpdu[2]}
}

// refuse turns the reply into a refusal with a response code. Keys come with 00 only.
func (r *reply) refuse(code string) {
	switch {
	case r.d.messages():
		r.message.Fields[39] = code
		if code != "00" {
			delete(r.message.Fields, 62)
		}
	case r.d.web:
		r.web.status, r.web.reason = 503, "Service Unavailable"
	default:
		r.text = "421"
	}
}

// complain refuses, with a code for those that have two characters and one for those
// that have three digits, and says why: in a field of a UnionPay message, in field 44 of
// another, in an HTTP status line and body, in a line.
func (r *reply) complain(two, three string, field int, text string) {
	switch r.d.protocol {
	case iso1993:
		two = three
		fallthrough
	case iso1987:
		field = 44
	}
	r.refuse(two)
	if r.d.messages() {
		r.message.Fields[field] = text
	}
	if r.d.web {
		r.web.reason = strings.NewReplacer("\r", "", "\n", "").Replace(text)
		r.web.body = []byte(text)
	}
	r.text += " " + text
}
