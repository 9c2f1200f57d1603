//go:build linux

package lab

import (
	"encoding/binary"
	"net"
	"time"
)

// timeServer answers a client's question for the time (RFC 5905 section 14) by a clock
// that is ahead of this machine's, which is the terminal's.
func (sc *scene) timeServer(ns NS, addr string, ahead time.Duration) {
	sc.t.Helper()
	var packets net.PacketConn
	err := sc.w.In(ns, func() (err error) {
		packets, err = net.ListenPacket("udp", addr)
		return err
	})
	if err != nil {
		sc.t.Fatalf("lab: time server: %v", err)
	}
	sc.t.Cleanup(func() { packets.Close() })
	go func() {
		question := make([]byte, 512)
		for {
			n, from, err := packets.ReadFrom(question)
			if err != nil {
				return
			}
			if n >= timeSize {
				_, _ = packets.WriteTo(timeAnswer(question, time.Now().Add(ahead)), from) // who asked may have gone
			}
		}
	}()
}

// timeSize is a header without extensions (RFC 5905 figure 8).
const timeSize = 48

// timeAnswer is a server's answer: no leap warning, version 4, mode 4, stratum 2; the
// client's time of sending comes back as that of the question.
func timeAnswer(question []byte, at time.Time) []byte {
	p := make([]byte, timeSize)
	p[0], p[1] = 4<<3|4, 2
	copy(p[24:32], question[40:48])
	for _, stamp := range []int{16, 32, 40} { // last set, question came, answer went
		binary.BigEndian.PutUint32(p[stamp:], uint32(at.Unix()+ntpEpoch))
		binary.BigEndian.PutUint32(p[stamp+4:], uint32((int64(at.Nanosecond())<<32)/1e9))
	}
	return p
}

// ntpEpoch is how many seconds lie between 1900, where NTP begins to count, and 1970.
const ntpEpoch = 2208988800
