package signon

import (
	"bytes"
	"strings"
	"testing"
	"testing/iotest"
)

// fuzzNetwork reads arbitrary bytes as a message of one of the iso8583 protocols, in each
// encoding.
func fuzzNetwork(f *testing.F, config func(string) Config, notation, mti string, seed map[int]string, size int) {
	var dialects []Dialect
	for _, encoding := range Encodings() {
		dialects = append(dialects, mustNew(f, config(encoding)))
		f.Add(theirs(f, moovSpec("", notation, encoding), mti, seed))
	}
	f.Add([]byte(strings.Repeat("0810", 64)))
	f.Fuzz(func(t *testing.T, message []byte) {
		if len(message) == 0 || len(message) > maxFrame {
			t.Skip()
		}
		frame := framings[0].pack(message)
		for _, d := range dialects {
			r := &tap{r: bytes.NewReader(frame)}
			reply, err := d.ReadReply(r)
			checkReply(t, reply, err)
			r.checkBuffers(t, maxFrame)
			if reply.Bytes != len(frame) || err == nil && len(reply.ResponseCode) != size || err != nil && reply.HostTime+reply.HostText != "" {
				t.Fatalf("%+v, %v", reply, err)
			}
			if again, _ := d.ReadReply(hear(iotest.OneByteReader(bytes.NewReader(frame)))); again != reply {
				t.Fatalf("in pieces %+v, at once %+v", again, reply)
			}
		}
	})
}

func Fuzz1987(f *testing.F) {
	fuzzNetwork(f, network1987Config, notation1987, "0810", map[int]string{
		2: "6222021234567890128", 7: "1201013013", 12: "093013", 13: "1201", 32: "12345", 39: "00", 41: "99999906", 44: "down", 64: "MACMACMA", 70: "301"}, 2)
}

func Fuzz1993(f *testing.F) {
	fuzzNetwork(f, network1993Config, notation1993, "1814", map[int]string{
		7: "1201013013", 12: "261201093013", 24: "831", 32: "12345", 39: "800", 41: "99999906", 44: "down", 53: "KEY", 128: "MACMACMA"}, 3)
}
