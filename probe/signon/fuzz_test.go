package signon

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"
	"unicode/utf8"

	"posprobe/probe/signon/signontest"
)

// FuzzFrame reads arbitrary bytes as a reply.
func FuzzFrame(f *testing.F) {
	for _, frame := range []string{frameSignOn, frameSignOnReply, frameSignOnShort, frameSignOnCSDN, frameEcho, frameEchoReply} {
		f.Add(unhex(f, frame))
	}
	f.Add([]byte("HTTP/1.1 302 Found\r\n\r\n"))
	f.Add(with(goodEcho(), map[int]string{2: signontest.PlantedPAN, 44: "\x1b[m", 56: "\xd6\xd5", 62: "keys"}).Frame())
	echo, signOn := mustNew(f, echoConfig()), mustNew(f, signOnConfig())
	text := mustNew(f, Config{Protocol: ProtocolTCP, Expect: "a+b"})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, d := range []Dialect{echo, signOn, text} {
			r := &tap{r: bytes.NewReader(b)}
			reply, err := d.ReadReply(r)
			taken := len(b) - r.r.Len()
			if reply.Bytes != taken || taken > 2+2048 {
				t.Fatalf("%d bytes taken, %d reported", taken, reply.Bytes)
			}
			if err == nil && d.Protocol() == ProtocolUnionPay && (len(reply.ResponseCode) != 2 || taken < 2+2+8+2) {
				t.Fatalf("good without a response code: %+v", reply)
			}
			checkReply(t, reply, err)
			r.checkBuffers(t, maxFrame)
			// The same byte by byte.
			if again, _ := d.ReadReply(hear(iotest.OneByteReader(bytes.NewReader(b)))); d.Protocol() == ProtocolUnionPay && again != reply {
				t.Fatalf("in pieces: %+v, at once: %+v", again, reply)
			}
		}
	})
}

// checkReply holds whatever is said of a reply to be clean.
func checkReply(t *testing.T, reply Reply, err error) {
	t.Helper()
	for _, s := range []string{reply.MessageType, reply.ResponseCode, reply.Requirement, reply.HostTime, reply.HostText} {
		checkText(t, s)
	}
	if err != nil {
		checkText(t, err.Error())
	}
}

func checkText(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > 200 || strings.ContainsFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
	}) {
		t.Fatalf("not clean: %q", s)
	}
}

// FuzzRoundTrip reads back what the practice acquirer's own packer made.
func FuzzRoundTrip(f *testing.F) {
	f.Add("00", "000519", "08000855", "HSM failure", []byte("keys"), []byte("header"), true)
	f.Add("A0", "", "", "", []byte{}, []byte{}, false)
	f.Add("97", "1", "123456789", "终端", []byte("\x08\x30\x00"), []byte("\x08\x20longer"), true)
	d := mustNew(f, echoConfig())
	f.Fuzz(func(t *testing.T, code, field60, field32, text string, keys, header []byte, terminal bool) {
		if !isAlphanumeric([]byte(code)) || len(code) != 2 || !isDigits(field60, min(len(field60), 17)) ||
			!isDigits(field32, min(len(field32), 11)) || len(text) > 60 || len(keys) > 900 || len(header) > 100 {
			t.Skip()
		}
		if bytes.Contains(header, []byte("\x08\x30")) {
			t.Skip() // a header that imitates the message itself can be read as one
		}
		m := goodEcho()
		m.Header = header
		m.Fields[39] = code
		for n, value := range map[int]string{32: field32, 44: text, 60: field60, 62: string(keys)} {
			if value != "" {
				m.Fields[n] = value
			}
		}
		if !terminal {
			delete(m.Fields, 41)
		}
		got, err := d.ReadReply(hear(io.LimitReader(bytes.NewReader(m.Frame()), 4096)))
		if err != nil || got.ResponseCode != code || got.MessageType != "0830" || got.HostTime != "1123101112" {
			t.Fatalf("%x\nread as %+v, %v", m.Frame(), got, err)
		}
	})
}
