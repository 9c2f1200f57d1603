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

func framingOf(t testing.TB, word string) framing {
	t.Helper()
	f, ok := find(framings, func(f framing) string { return f.word }, word)
	if !ok {
		t.Fatalf("no framing %s", word)
	}
	return f
}

// duplex is a connection: bytes come from in, and what is said is kept.
type duplex struct {
	io.Reader
	said bytes.Buffer
}

func (d *duplex) Write(b []byte) (int, error) { return d.said.Write(b) }

// A message of 300 bytes in each framing, written out by hand.
func TestFramings(t *testing.T) {
	message := strings.Repeat("0123456789", 30)
	frames := map[string]string{
		"2-byte":           "\x01\x2c" + message,
		"2-byte-inclusive": "\x01\x2e" + message,
		"2-byte-bcd":       "\x03\x00" + message,
		"4-ascii":          "0300" + message,
		"4-hex":            "012c" + message,
		"visa":             "\x01\x2c\x00\x00" + message,
		"gicc":             "\x00\x00\x01\x2c" + message,
		"base24":           "\x01\x2d" + message + "\x03",
		"vmlh":             "\x01\x2c\x00\x00" + message,
		"stx":              "\x02\x01\x2c" + message,
	}
	if len(frames) != len(Framings()) || Framings()[0] != "2-byte" {
		t.Errorf("framings %v", Framings())
	}
	for word, frame := range frames {
		f := framingOf(t, word)
		if got := f.pack([]byte(message)); string(got) != frame {
			t.Errorf("%s: packed %q", word, got)
		}
		in := strings.NewReader(frame + "x")
		got, n, err := f.read(&duplex{Reader: iotest.OneByteReader(in)})
		if err != nil || string(got) != message || n != len(frame) || in.Len() != 1 {
			t.Errorf("%s: read %d bytes of %d, %v", word, len(got), n, err)
		}
	}
}

// Every length comes back as it was written, and none is taken that is beyond the limit.
func TestFramingLengths(t *testing.T) {
	for _, f := range framings {
		for n := 1; n <= maxFrame; n += 1 + n/7 {
			message := bytes.Repeat([]byte{'x'}, n)
			got, _, err := f.read(&duplex{Reader: bytes.NewReader(f.pack(message))})
			if err != nil || !bytes.Equal(got, message) {
				t.Errorf("%s, %d bytes: %d, %v", f.word, n, len(got), err)
			}
		}
		_, n, err := f.read(&duplex{Reader: bytes.NewReader(f.pack(make([]byte, 2100)))})
		wantType(t, err, report.FailLength)
		if n != f.prefix {
			t.Errorf("%s: %d bytes taken", f.word, n)
		}
	}
}

// Polls are answered by themselves, idle messages are not, and then the message comes.
func TestPolls(t *testing.T) {
	for word, c := range map[string]struct{ poll, answer string }{
		"visa":    {"\x00\x00\x00\x00", "\x00\x00\x00\x00"},
		"gicc":    {"\x00\x00\x00\x00", "\x00\x00\x00\x00"},
		"base24":  {"\x00\x00", "\x00\x00"},
		"4-ascii": {"0000", ""},
		"vmlh":    {"\x00\x00\x00\x00", ""},
	} {
		f := framingOf(t, word)
		for _, polls := range []int{1, maxPolls} {
			d := &duplex{Reader: strings.NewReader(strings.Repeat(c.poll, polls) + string(f.pack([]byte("hello"))))}
			got, n, err := f.read(d)
			if err != nil || string(got) != "hello" || d.said.String() != strings.Repeat(c.answer, polls) || n != polls*len(c.poll)+f.prefix+5+len(f.trailer) {
				t.Errorf("%s, %d polls: %q of %d, %v; said %q", word, polls, got, n, err, d.said.String())
			}
		}
		storm := &duplex{Reader: &endless{again: c.poll}}
		_, n, err := f.read(storm)
		wantType(t, err, report.FailLength)
		if n != (maxPolls+1)*len(c.poll) || storm.said.Len() > n {
			t.Errorf("%s: a storm was borne for %d bytes, and answered with %d", word, n, storm.said.Len())
		}
		// A host that asks, and then says nothing, has not begun to reply.
		for _, end := range []error{io.EOF, os.ErrDeadlineExceeded} {
			_, n, err = f.read(&duplex{Reader: io.MultiReader(strings.NewReader(c.poll), iotest.ErrReader(end))})
			if err != end || n != len(c.poll) {
				t.Errorf("%s: %d bytes, %v, want %v", word, n, err, end)
			}
		}
		if f.polled() != (c.answer != "") {
			t.Errorf("%s: polled %t", word, f.polled())
		}
	}
	// The session messages of Visa's gateway have content of their own.
	session := "\x00\x03\x00\x20abc"
	got, n, err := framingOf(t, "vmlh").read(&duplex{Reader: strings.NewReader(session + "\x00\x02\x00\x00ok")})
	if err != nil || string(got) != "ok" || n != 13 {
		t.Errorf("%q of %d, %v", got, n, err)
	}
	if _, _, err := framingOf(t, "visa").read(broken{strings.NewReader("\x00\x00\x00\x00")}); !errors.Is(err, errBroken) {
		t.Errorf("a poll that cannot be answered: %v", err)
	}
}

var errBroken = errors.New("broken")

type broken struct{ io.Reader }

func (broken) Write([]byte) (int, error) { return 0, errBroken }

// endless repeats itself for ever.
type endless struct {
	first, again string
	at           int
}

func (e *endless) Read(b []byte) (int, error) {
	n := 0
	for ; n < len(b); n++ {
		if e.at < len(e.first) {
			b[n] = e.first[e.at]
		} else {
			b[n] = e.again[(e.at-len(e.first))%len(e.again)]
		}
		e.at++
	}
	return n, nil
}

func TestWrongFrames(t *testing.T) {
	for _, c := range []struct {
		word, in string
		want     report.FailureType
	}{
		{"2-byte", "\x00\x00", report.FailLength},
		{"2-byte-inclusive", "\x00\x01", report.FailLength},
		{"2-byte-inclusive", "\x00\x02", report.FailLength},
		{"2-byte-bcd", "\x0a\x00", report.FailNotISO8583},
		{"2-byte-bcd", "\x99\x99", report.FailLength},
		{"4-ascii", "9999", report.FailLength},
		{"4-ascii", "HTTP/1.1 200 OK\r\n\r\n", report.FailNotISO8583},
		{"4-ascii", "\x00\x3b\x60\x00", report.FailNotISO8583},
		{"4-ascii", "+123", report.FailNotISO8583},
		{"4-hex", "ffff", report.FailLength},
		{"4-hex", "0000", report.FailLength},
		{"4-hex", "SSH-2.0", report.FailNotISO8583},
		{"4-hex", "0x1f", report.FailNotISO8583},
		{"visa", "HTTP/1.1", report.FailNotISO8583},
		{"gicc", "\x00\x3b\x60\x00", report.FailLength},
		{"gicc", "\xff\xff\xff\xff", report.FailLength},
		{"gicc", "220 ready", report.FailNotISO8583},
		{"base24", "\x00\x01\x03", report.FailLength},
		{"base24", "\xff\xff", report.FailLength},
		{"vmlh", "\xff\xff\x00\x20", report.FailLength},
		{"stx", "\x00\x3b\x60", report.FailNotISO8583},
		{"stx", "\x02\x00\x00", report.FailLength},
		{"stx", "\x15\x03\x03\x00\x02", report.FailNotISO8583},
		{"stx", "\x02\x00\x09abc", report.FailCutShort},
		{"visa", "\x00\x09", report.FailCutShort},
		{"base24", "\x00\x04abc", report.FailCutShort},
		{"vmlh", "\x00\x09\x00\x20abc", report.FailCutShort},
	} {
		_, n, err := framingOf(t, c.word).read(&duplex{Reader: strings.NewReader(c.in)})
		if wantType(t, err, c.want); t.Failed() || n > len(c.in) {
			t.Fatalf("%s %q: %d, %v", c.word, c.in, n, err)
		}
	}
}

// FuzzFraming reads arbitrary bytes in each framing, at once and byte by byte.
func FuzzFraming(f *testing.F) {
	for i, framing := range framings {
		f.Add(byte(i), framing.pack([]byte("hello")))
		f.Add(byte(i), append(make([]byte, framing.prefix), framing.pack([]byte("x"))...))
	}
	f.Fuzz(func(t *testing.T, i byte, in []byte) {
		framing := framings[int(i)%len(framings)]
		r := &tap{r: bytes.NewReader(in)}
		message, n, err := framing.read(r)
		if taken := len(in) - r.r.Len(); n != taken || n > (maxPolls+1)*(framing.prefix+maxFrame+1) {
			t.Fatalf("%s: %d bytes taken, %d reported", framing.word, taken, n)
		}
		if (err == nil) != (len(message) > 0) || len(message) > maxFrame {
			t.Fatalf("%s: %d bytes, %v", framing.word, len(message), err)
		}
		for _, b := range r.buffers {
			if cap(b) > maxFrame+1 {
				t.Fatalf("%s: room for %d bytes", framing.word, cap(b))
			}
		}
		again, m, againErr := framing.read(&duplex{Reader: iotest.OneByteReader(bytes.NewReader(in))})
		if !bytes.Equal(again, message) || m != n || (againErr == nil) != (err == nil) {
			t.Fatalf("%s: at once %q %d %v, in pieces %q %d %v", framing.word, message, n, err, again, m, againErr)
		}
		if err == nil && !bytes.Contains(in, message) {
			t.Fatalf("%s: %q is not in it", framing.word, message)
		}
	})
}
