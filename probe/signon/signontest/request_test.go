package signontest

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"maps"
	"net"
	"slices"
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

// FuzzRequest answers arbitrary bytes, in each dialect.
func FuzzRequest(f *testing.F) {
	names := slices.Sorted(maps.Keys(speaking()))
	var dialects []dialect
	for i, name := range names {
		d, err := speaking()[name].dialect()
		if err != nil {
			f.Fatal(err)
		}
		dialects = append(dialects, d)
		for _, s := range []string{echo("99999906"), signOn("99999906"), signOn("REQ30000"), echo("LONGHDR0"), "000c60000000000800800000"} {
			b, _ := hex.DecodeString(s)
			f.Add(uint(i), b)
		}
		for _, q := range questions() {
			f.Add(uint(i), q.wire)
		}
	}
	f.Fuzz(func(t *testing.T, which uint, b []byte) {
		d := dialects[which%uint(len(dialects))]
		s := &session{d: d, conn: nowhere{}, in: bufio.NewReader(bytes.NewReader(b))}
		q, err := s.read()
		if err != nil {
			return
		}
		s.request, s.where = q, time.UTC
		if reply := s.good(); len(reply) < 6 || len(q.raw) > maxHTTPRequest {
			t.Errorf("reply %x to %x", reply, q.raw)
		}
		if d.messages() && !d.web {
			m := s.answer().message
			_, body, err := d.framing.read(bytes.NewReader(m.Frame()))
			if err != nil {
				t.Fatalf("the reply to %x is no frame: %v", q.raw, err)
			}
			if again, whole := d.blank.parse(hex.EncodeToString(body[len(m.TPDU)+len(m.Header):])); !whole || again.MTI != m.MTI {
				t.Errorf("the reply to %x cannot be read: %v", q.raw, again)
			}
		}
		d.chooseByID(q.terminal)
	})
}

// nowhere is a connection that takes everything and has nothing to say.
type nowhere struct{ net.Conn }

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }
