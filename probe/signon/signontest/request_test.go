package signontest

import (
	"bytes"
	"encoding/hex"
	"testing"
	"time"
)

func TestUnusableBytesEndTheConnection(t *testing.T) {
	s := start(t, Options{})
	for _, b := range [][]byte{{0xff, 0xff, 1}, {0, 3, 1, 2, 3}, append([]byte{0, 60}, make([]byte, 60)...)} {
		got, _ := ask(t, s, hex.EncodeToString(b))
		if got != "" {
			t.Errorf("%x was answered with %s", b, got)
		}
	}
	if s.Requests() != 0 {
		t.Errorf("%d requests counted", s.Requests())
	}
}

// FuzzRequest answers arbitrary bytes.
func FuzzRequest(f *testing.F) {
	for _, s := range []string{echo("99999906"), signOn("99999906"), signOn("REQ30000"), echo("LONGHDR0")} {
		b, _ := hex.DecodeString(s)
		f.Add(b)
	}
	f.Add([]byte{0, 12, 0x60, 0, 0, 0, 0, 8, 0, 0x80, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		q, err := readRequest(bytes.NewReader(b))
		if err != nil {
			return
		}
		if reply := q.answer(time.Now()).Frame(); len(reply) < 2+5+2+8+2 || len(q.raw) > 2+maxRequest {
			t.Errorf("reply %x to %x", reply, q.raw)
		}
		chooseByID(q.terminal)
	})
}
