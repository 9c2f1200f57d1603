package signontest

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// answer returns the reply that a host in good order gives, as public host code does:
// TPDU swapped, time and date, the next batch number after a sign-on, working keys
// (random ones) where they were asked for, and 40 for what it does not know.
func (q request) answer(now time.Time) Message {
	m := Message{
		TPDU:   swapped(q.tpdu),
		Header: slices.Clone(q.header),
		MTI:    q.mti[:2] + map[byte]string{'0': "1", '2': "3"}[q.mti[2]] + q.mti[3:],
		Fields: map[int]string{12: now.Format("150405"), 13: now.Format("0102"), 39: "00"},
	}
	for n, value := range map[int]string{11: q.stan, 41: q.terminal, 42: q.merchant, 60: q.field60} {
		if value != "" {
			m.Fields[n] = value
		}
	}
	switch {
	case !q.supported():
		m.Fields[39] = "40"
	case q.code() == "301":
	default:
		m.Fields[32] = "00085500"
		m.Fields[37] = now.Format("150405") + fmt.Sprintf("%06d", now.Nanosecond()/1000)
	}
	if q.signsOn() {
		batch, _ := strconv.Atoi(q.field60[2:8])
		m.Fields[60] = fmt.Sprintf("%s%06d%s", q.field60[:2], (batch+1)%1000000, q.code())
		m.Fields[62] = workingKeys(q.code())
	}
	return m
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
	return []byte{tpdu[0], tpdu[3], tpdu[4], tpdu[1], tpdu[2]}
}

// refuse gives the reply another response code. Keys come with 00 only.
func (m Message) refuse(code string) Message {
	m.Fields[39] = code
	if code != "00" {
		delete(m.Fields, 62)
	}
	return m
}
