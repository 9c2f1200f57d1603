package probe

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// The Simple Network Time Protocol (RFC 5905 section 14) as far as a client needs it that
// asks one server once: one datagram each way. Offsets in the header are those of RFC
// 5905 figure 8.
const (
	sntpSize = 48
	// sntpClient is no leap warning, version 4, mode client.
	sntpClient = 0<<6 | 4<<3 | 3
	sntpServer = 4 // mode

	leapUnsynchronized    = 3
	stratumUnsynchronized = 16
	// maxDispersion is beyond what a synchronised server says of itself (RFC 5905 section
	// 7.2, MAXDISP).
	maxDispersion = 16 * time.Second
	// coarse is how far apart the ticks of a server's clock may be.
	coarse = 10 * time.Millisecond
)

// errUnsure says that a time server answered, and that it knows no better.
var errUnsure = errors.New("the server has no time to give")

// timeQuestion is a question to a time server.
type timeQuestion struct {
	// cookie stands where the client's time of sending may stand: the server sends it back
	// unread, and whoever does not see the question cannot guess it.
	cookie [8]byte
	sent   time.Time // device's wall clock
	at     time.Time // monotonic
}

func askTime(wall time.Time) timeQuestion {
	q := timeQuestion{sent: wall, at: now()}
	rand.Read(q.cookie[:])
	return q
}

// packet says nothing of the device but that it asks.
func (q timeQuestion) packet() []byte {
	p := make([]byte, sntpSize)
	p[0] = sntpClient
	copy(p[40:], q.cookie[:])
	return p
}

// answers reports whether a datagram answers the question, in whatever way.
func (q timeQuestion) answers(p []byte) bool {
	return len(p) >= sntpSize && p[0]&7 == sntpServer && [8]byte(p[24:32]) == q.cookie
}

// offset is the server's clock minus the device's, from an answer that came elapsed after
// the question was sent. It is wrong by half of that at the most.
func (q timeQuestion) offset(p []byte, elapsed time.Duration) (time.Duration, error) {
	switch stratum := p[1]; {
	case stratum == 0: // RFC 5905 section 7.4
		return 0, fmt.Errorf("%w: kiss-o'-death %q", errUnsure, p[12:16])
	case p[0]>>6 == leapUnsynchronized || stratum >= stratumUnsynchronized:
		return 0, fmt.Errorf("%w: it is not synchronised", errUnsure)
	case ntpShort(p[4:])/2+ntpShort(p[8:]) >= maxDispersion:
		return 0, fmt.Errorf("%w: it is not sure of its own", errUnsure)
	case [16]byte(p[32:48]) == [16]byte{}: // a timestamp of zero is none (RFC 5905 section 6)
		return 0, errMalformed
	}
	received, sent := ntpTime(p[32:]), ntpTime(p[40:])
	held := sent.Sub(received)
	if held < 0 || held > elapsed+coarse { // longer than the answer took altogether
		return 0, errMalformed
	}
	return received.Add(held / 2).Sub(q.sent.Add(elapsed / 2)), nil
}

// ntpShort reads a duration in seconds and 65536ths of one.
func ntpShort(b []byte) time.Duration {
	return time.Duration(binary.BigEndian.Uint32(b)) * time.Second >> 16
}

// ntpEra0 and ntpEra1 are the zeros of the timestamps: the first with the highest bit
// set lies in 1968, the last without it in 2104 (RFC 4330 section 3).
var (
	ntpEra0 = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	ntpEra1 = time.Date(2036, 2, 7, 6, 28, 16, 0, time.UTC)
)

// ntpTime reads a timestamp in seconds and their binary fractions.
func ntpTime(b []byte) time.Time {
	seconds, fraction := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	era := ntpEra1
	if seconds>>31 == 1 {
		era = ntpEra0
	}
	return time.Unix(era.Unix()+int64(seconds), int64(fraction)*int64(time.Second)>>32).UTC()
}
