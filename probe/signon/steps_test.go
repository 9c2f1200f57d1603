package signon

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"posprobe/report"
)

// turns is a server that speaks when it is spoken to: it says the first part at once and
// each further one after something was written.
type turns struct {
	parts []string
	end   error
	said  []string
}

func (s *turns) Read(b []byte) (int, error) {
	if len(s.parts) == 0 || s.parts[0] == "" {
		return 0, s.end
	}
	n := copy(b[:1], s.parts[0]) // a byte at a time
	s.parts[0] = s.parts[0][n:]
	return n, nil
}

func (s *turns) Write(b []byte) (int, error) {
	s.said = append(s.said, string(b))
	if len(s.parts) > 0 {
		s.parts[0] += strings.Join(s.parts[1:min(2, len(s.parts))], "")
		s.parts = append(s.parts[:1], s.parts[min(2, len(s.parts)):]...)
	}
	return len(b), nil
}

func stepsConfig() Config {
	return Config{Protocol: ProtocolTCP, Terminal: "99999906", Expect: "^220 .*\n", Steps: []Step{
		{Send: []byte("HELLO\n"), Expect: "^250"},
		{Send: []byte("PING\n"), Expect: "PONG"},
	}}
}

func TestSteps(t *testing.T) {
	hello := stepsConfig()
	bytesFirst := Config{Protocol: ProtocolTCP, Send: []byte{5}, Expect: "hex:06", Steps: []Step{{Send: []byte{1}, Expect: "hex: 06 15"}, {Send: []byte{4}}}}
	for _, c := range []struct {
		name   string
		config Config
		parts  []string
		end    error
		fails  report.FailureType
		err    error
		said   string
		text   string
		bytes  int
	}{
		{"all of it", hello, []string{"220 pos ready\n", "250 hello\n", "PONG 99999906\n"}, io.EOF, "", nil, "HELLO\n PING\n", "hello", 28},
		{"known bytes", bytesFirst, []string{"\x06", "\x06\x15", "x"}, io.EOF, "", nil, "\x01 \x04", "x", 4},
		{"the first differs", hello, []string{"550 no\n"}, io.EOF, report.FailUnexpected, nil, "", "550 no", 7},
		{"the second differs", hello, []string{"220 pos ready\n", "550 no\n"}, io.EOF, report.FailUnexpected, nil, "HELLO\n", "550 no", 21},
		{"known bytes differ", bytesFirst, []string{"\x06", "\x06\x16"}, io.EOF, report.FailUnexpected, nil, "\x01", "", 3},
		{"nothing at all", hello, nil, io.EOF, "", io.EOF, "", "", 0},
		{"silence at first", hello, nil, os.ErrDeadlineExceeded, "", os.ErrDeadlineExceeded, "", "", 0},
		{"an end after the first", hello, []string{"220 pos ready\n"}, io.EOF, report.FailCutShort, io.EOF, "HELLO\n", "", 14},
		{"silence after the second", hello, []string{"220 pos ready\n", "250"}, os.ErrDeadlineExceeded, report.FailCutShort, os.ErrDeadlineExceeded, "HELLO\n PING\n", "", 17},
		{"broken after the first", hello, []string{"220 pos ready\n"}, errBroken, "", errBroken, "HELLO\n", "", 14},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &turns{parts: c.parts, end: c.end}
			got, err := mustNew(t, c.config).ReadReply(s)
			switch {
			case c.fails != "":
				wantType(t, err, c.fails)
			case c.err == nil && err != nil:
				t.Error(err)
			}
			if c.err != nil && !errors.Is(err, c.err) {
				t.Errorf("error %v, want %v", err, c.err)
			}
			if said := strings.Join(s.said, " "); said != c.said {
				t.Errorf("said %q, want %q", said, c.said)
			}
			if got.HostText != c.text || got.Bytes != c.bytes {
				t.Errorf("%d bytes, text %q; want %d, %q", got.Bytes, got.HostText, c.bytes, c.text)
			}
		})
	}
	d := mustNew(t, hello)
	if len(d.Request()) != 0 || d.EndsWithRequest() || d.Repeatable() {
		t.Error("more is to be said")
	}
	one := mustNew(t, Config{Protocol: ProtocolTCP, Expect: "^220"})
	if !one.EndsWithRequest() || !one.Repeatable() || mustNew(t, Config{Protocol: ProtocolTCP, Send: []byte("x")}).Repeatable() {
		t.Error("one exchange")
	}
	if _, err := mustNew(t, hello).ReadReply(broken{strings.NewReader("220 x\n")}); !errors.Is(err, errBroken) {
		t.Errorf("a step that cannot be sent: %v", err)
	}
}

// What comes behind a match is the next step's, however it is cut into packets.
func TestStepsKeepWhatFollows(t *testing.T) {
	config := Config{Protocol: ProtocolTCP, Expect: "ready", Steps: []Step{{Expect: "hex:2021"}, {Expect: "more"}}}
	in := "220 ready !and more\n"
	for name, r := range map[string]io.Reader{"at once": strings.NewReader(in), "in bytes": iotest.OneByteReader(strings.NewReader(in))} {
		if got, err := mustNew(t, config).ReadReply(hear(r)); err != nil || got.Bytes > len(in) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	// Where any byte will do, it is not one that was there before.
	config.Steps = []Step{{}}
	_, err := mustNew(t, config).ReadReply(hear(strings.NewReader("220 ready and more")))
	wantType(t, err, report.FailCutShort)
}

// Over a real connection, with a server that waits for each step.
func TestStepsOverTCP(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		buf := make([]byte, 64)
		for _, say := range []string{"220 pos ready\n", "250 hello\n", "PONG\n"} {
			io.WriteString(c, say)
			if _, err := c.Read(buf); err != nil {
				return
			}
		}
	}()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	if got, err := mustNew(t, stepsConfig()).ReadReply(conn); err != nil || got.HostText != "hello" && got.HostText != "PONG" {
		t.Errorf("%+v, %v", got, err)
	}
}

func FuzzSteps(f *testing.F) {
	f.Add([]byte("220 pos ready\n250 hello\nPONG"), "^220 .*\n", "^250")
	f.Add([]byte("\x06\x06\x15x"), "hex:06", "hex:0615")
	f.Add([]byte("xx"), "", "")
	f.Fuzz(func(t *testing.T, in []byte, first, second string) {
		d, err := New(Config{Protocol: ProtocolTCP, Expect: first, Steps: []Step{{Send: []byte("x"), Expect: second}, {}}})
		if err != nil {
			t.Skip()
		}
		r := &tap{r: bytes.NewReader(in)}
		reply, err := d.ReadReply(r)
		checkReply(t, reply, err)
		if taken := len(in) - r.r.Len(); reply.Bytes != taken || taken > 3*maxText {
			t.Fatalf("%d bytes taken, %d reported", taken, reply.Bytes)
		}
		r.checkBuffers(t, maxText)
	})
}
