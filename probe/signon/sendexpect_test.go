package signon

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"posprobe/report"
)

func TestSendExpect(t *testing.T) {
	long := strings.Repeat("x", 3000)
	for _, c := range []struct {
		name, expect, in string
		end              error
		want             report.FailureType // "" for a match
		bytes            int
		text             string
	}{
		{"any byte", "", "\x06", io.EOF, "", 1, ""},
		{"pattern", "^220 .*ready", "220 pos.example ready\r\nmore", os.ErrDeadlineExceeded, "", 21, "220 pos.example ready"},
		{"bytes", "hex:06 0a", "\x06\x0arest", io.EOF, "", 2, ""},
		{"another text", "^220", "550 not today\r\n", io.EOF, report.FailUnexpected, 15, "550 not today"},
		{"text that stops", "^220", "22", os.ErrDeadlineExceeded, report.FailCutShort, 2, "22"},
		{"another line", "^220", "SSH-2.0\r\n", os.ErrDeadlineExceeded, report.FailUnexpected, 9, "SSH-2.0"},
		{"bytes that are no text", "", "\xff\xff", io.EOF, "", 1, ""},
		{"other bytes", "hex:0602", "\x06\x03\x04", io.EOF, report.FailUnexpected, 2, ""},
		{"bytes cut short", "hex:060a0b", "\x06\x0a", io.EOF, report.FailCutShort, 2, ""},
		{"no match in 2 KiB", "y", long, io.EOF, report.FailUnexpected, 2048, "…"},
		{"escapes are no text", "", "\x1b[31mred", io.EOF, "", 1, ""},
		{"keys in text", "ready", "ready 0123456789ABCDEF0123456789ABCDEF\n", io.EOF, "", 5, "ready"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := iotest.OneByteReader(io.MultiReader(strings.NewReader(c.in), iotest.ErrReader(c.end)))
			got, err := mustNew(t, Config{Protocol: ProtocolTCP, Expect: c.expect}).ReadReply(hear(r))
			if c.want == "" && err != nil {
				t.Errorf("error %v", err)
			} else if c.want != "" {
				wantType(t, err, c.want)
			}
			if got.Bytes != c.bytes || got.HostText != c.text {
				t.Errorf("%d bytes, text %q; want %d, %q", got.Bytes, got.HostText, c.bytes, c.text)
			}
		})
	}
}

func TestSendExpectKeepsSecrets(t *testing.T) {
	d := mustNew(t, Config{Protocol: ProtocolTCP, Terminal: "99999906", Expect: "ready"})
	in := "99999906 ready 0123456789ABCDEF0123456789ABCDEF\n"
	r := &tap{r: bytes.NewReader([]byte(in))}
	got, err := d.ReadReply(r)
	if err != nil || got.HostText != "… ready …" {
		t.Errorf("read %+v, %v", got, err)
	}
	for _, b := range r.buffers {
		if len(bytes.Trim(b, "\x00")) > 0 {
			t.Errorf("a buffer was not wiped: %q", b)
		}
	}
}

func TestSendExpectReadErrors(t *testing.T) {
	d := mustNew(t, Config{Protocol: ProtocolTCP, Send: []byte("hello\n"), Expect: "y"})
	if got, err := d.ReadReply(hear(strings.NewReader(""))); err != io.EOF || got.Bytes != 0 {
		t.Errorf("an end before the first byte: %+v, %v", got, err)
	}
	broken := errors.New("broken")
	r := io.MultiReader(strings.NewReader("x"), iotest.ErrReader(broken))
	if got, err := d.ReadReply(hear(r)); err != broken || got.Bytes != 1 {
		t.Errorf("a broken connection: %+v, %v", got, err)
	}
	if string(d.Request()) != "hello\n" || d.MessageType() != "" || d.KeysComeBack() {
		t.Errorf("request %q, type %q", d.Request(), d.MessageType())
	}
}
