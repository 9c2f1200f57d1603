package signon

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"

	"posprobe/probe/signon/signontest"
	"posprobe/report"
)

// goodEcho is the reply to echoConfig's request, built by the practice acquirer's
// packer, which shares no code with this package.
func goodEcho() signontest.Message {
	return signontest.Message{
		TPDU: []byte{0x60, 0, 0, 0, 3}, Header: []byte{0x60, 0x31, 0, 0x31, 0x10, 0}, MTI: "0830",
		Fields: map[int]string{
			12: "101112", 13: "1123", 39: "00", 41: "99999906", 42: "001430170119999", 60: "00000000301",
		},
	}
}

// with returns a copy of m with further fields; an empty value takes a field away.
func with(m signontest.Message, fields map[int]string) signontest.Message {
	m.Fields = maps.Clone(m.Fields)
	for n, value := range fields {
		if m.Fields[n] = value; value == "" {
			delete(m.Fields, n)
		}
	}
	return m
}

func TestReplyIsReadTolerantly(t *testing.T) {
	good := Reply{MessageType: "0830", ResponseCode: "00", Requirement: "0", HostTime: "1123101112"}
	but := func(change func(*Reply)) Reply { r := good; change(&r); return r }
	header := func(h string) signontest.Message { m := goodEcho(); m.Header = []byte(h); return m }

	sameTPDU := goodEcho()
	sameTPDU.TPDU = []byte{0x60, 0, 3, 0, 0}
	noTPDU := goodEcho()
	noTPDU.TPDU, noTPDU.Header = nil, nil

	for _, c := range []struct {
		name string
		in   signontest.Message
		want Reply
	}{
		{"as it should be", goodEcho(), good},
		{"TPDU not swapped", sameTPDU, good},
		{"another batch", with(goodEcho(), map[int]string{60: "00000777301"}), good},
		{"another merchant", with(goodEcho(), map[int]string{42: "000000000000000"}), good},
		{"longer header", header("\x60\x31\x00\x31\x10\x00EXTRA-BYTES-01"), but(func(r *Reply) { r.Requirement = "" })},
		{"shorter header", header("\x60\x31"), but(func(r *Reply) { r.Requirement = "" })},
		{"no header", header(""), but(func(r *Reply) { r.Requirement = "" })},
		{"no TPDU either", noTPDU, but(func(r *Reply) { r.Requirement = "" })},
		{"requirement", header("\x60\x31\x03\x31\x10\x00"), but(func(r *Reply) { r.Requirement = "3" })},
		{"requirement b", header("\x60\x31\x0b\x31\x10\x00"), but(func(r *Reply) { r.Requirement = "b" })},
		{"response code with a letter", with(goodEcho(), map[int]string{39: "A0"}), but(func(r *Reply) { r.ResponseCode = "A0" })},
		{"no field 41", with(goodEcho(), map[int]string{41: ""}), good},
		{"field 39 alone", with(goodEcho(), map[int]string{12: "", 13: "", 41: "", 42: "", 60: ""}),
			but(func(r *Reply) { r.HostTime = "" })},
		{"no date", with(goodEcho(), map[int]string{13: ""}), but(func(r *Reply) { r.HostTime = "" })},
		{"no such date", with(goodEcho(), map[int]string{13: "0231"}), but(func(r *Reply) { r.HostTime = "" })},
		{"no such time", with(goodEcho(), map[int]string{12: "246060"}), but(func(r *Reply) { r.HostTime = "" })},
		{"time not BCD", with(goodEcho(), map[int]string{12: "1a0000"}), but(func(r *Reply) { r.HostTime = "" })},
		{"a transmission time alone", with(goodEcho(), map[int]string{7: "1123021112", 12: "", 13: ""}), but(func(r *Reply) { r.HostTime = "" })},
		{"leap day", with(goodEcho(), map[int]string{13: "0229"}), but(func(r *Reply) { r.HostTime = "0229101112" })},
		{"many fields before 39", with(goodEcho(), map[int]string{
			2: "6222021234567890128", 3: "310000", 4: "000000000100", 11: "000001", 14: "3012", 15: "1123",
			22: "021", 23: "001", 25: "00", 26: "12", 32: "48020000", 35: "6222021234567890128491212000",
			36: "99622202123", 37: "101112000001", 38: "123456",
		}), good},
		{"many fields after it", with(goodEcho(), map[int]string{
			44: "48020000   48020000   ", 48: "123", 49: "156", 52: "\x01\x02\x03\x04\x05\x06\x07\x08", 53: "2600000000000000",
			54: "1001156C000000000000", 55: "\x9f\x26\x08", 59: "\xff", 61: "123456789", 62: "keys", 63: "CUP", 64: "\xff\xff\xff\xff\xff\xff\xff\xff",
		}), but(func(r *Reply) { r.HostText = "…" })},
		{"text", with(goodEcho(), map[int]string{44: "HSM \x1b[31mdown\u202e"}), but(func(r *Reply) { r.HostText = "HSM [31mdown" })},
		{"text in GBK", with(goodEcho(), map[int]string{56: "\xd6\xd5\xb6\xcb\xce\xb4\xb5\xc7\xbc\xc7"}),
			but(func(r *Reply) { r.HostText = "终端未登记" })},
		{"an empty field 44 leaves the word to 56", with(goodEcho(), map[int]string{44: "  ", 56: "HSM"}),
			but(func(r *Reply) { r.HostText = "HSM" })},
		{"ids and numbers in the text", with(goodEcho(), map[int]string{44: "99999906 of 001430170119999: key 0123456789ABCDEF, 6222 0212 3456 7890"}),
			but(func(r *Reply) { r.HostText = "… of …: key …, …" })},
	} {
		t.Run(c.name, func(t *testing.T) {
			frame := c.in.Frame()
			c.want.Bytes = len(frame)
			// Two frames in a row, byte by byte: exactly one is taken.
			r := bytes.NewReader(append(bytes.Clone(frame), 0xff))
			got, err := mustNew(t, echoConfig()).ReadReply(hear(iotest.OneByteReader(r)))
			if err != nil || got != c.want {
				t.Errorf("read\n%+v, %v, want\n%+v\nfrom %x", got, err, c.want, frame)
			}
			if r.Len() != 1 {
				t.Errorf("%d bytes left behind the frame, want 1", r.Len())
			}
		})
	}
}

func TestLengthCountedInBinary(t *testing.T) {
	for length, want := range map[string]string{"0b": "00", "11": "00", "0c": ""} {
		body := unhex(t, "6000000003 603100311000 0830 0000000102000000"+length+"480200001230 3030")
		got, _ := mustNew(t, echoConfig()).ReadReply(hear(bytes.NewReader(append([]byte{0, byte(len(body))}, body...))))
		if got.ResponseCode != want {
			t.Errorf("length %s of field 32: response code %q, want %q", length, got.ResponseCode, want)
		}
	}
}

func TestUnknownFieldEndsTheWalk(t *testing.T) {
	frame := goodEcho().Frame()
	bitmap := frame[2+5+6+2:]
	// Bit 65 and up: a second bitmap, and a field behind field 60 whose form is unknown.
	second := bytes.Clone(frame[:2+5+6+2+8])
	second[2+5+6+2] |= 0x80
	second = append(second, 0x80, 0, 0, 0, 0, 0, 0, 0)
	second = append(second, frame[2+5+6+2+8:]...)
	second = append(second, "whatever this is"...)
	second[1] = byte(len(second) - 2)
	if got, err := mustNew(t, echoConfig()).ReadReply(hear(bytes.NewReader(second))); err != nil || got.ResponseCode != "00" || got.HostTime == "" {
		t.Errorf("with a second bitmap: %+v, %v", got, err)
	}
	bitmap[3] |= 0x04 // field 30
	_, err := mustNew(t, echoConfig()).ReadReply(hear(bytes.NewReader(frame)))
	wantType(t, err, report.FailNotISO8583)
}

func TestWrongReplies(t *testing.T) {
	good := goodEcho().Frame()
	resized := func(n int) []byte { b := bytes.Clone(good); b[0], b[1] = byte(n>>8), byte(n); return b }
	other := goodEcho()
	other.MTI = "0210"
	longOther := with(goodEcho(), map[int]string{41: "11111111"})
	longOther.Header = append(longOther.Header, "EXTRA"...)
	tpduOnly := append([]byte{0, 5}, good[2:7]...)

	for _, c := range []struct {
		name string
		in   []byte
		want report.FailureType
	}{
		{"length 0", resized(0), report.FailLength},
		{"length beyond 2 KiB", resized(2049), report.FailLength},
		{"length far beyond", append([]byte{0xff, 0xff}, make([]byte, 1<<20)...), report.FailLength},
		{"ends inside the type's bitmap", resized(5 + 6 + 2 + 4), report.FailLength},
		{"ends before field 39", resized(5 + 6 + 2 + 8 + 4), report.FailLength},
		{"ends inside field 41", resized(5 + 6 + 2 + 8 + 5 + 2 + 3), report.FailLength},
		{"ends inside field 42", resized(5 + 6 + 2 + 8 + 5 + 2 + 8 + 3), report.FailLength},
		{"TPDU alone", tpduOnly, report.FailLength},
		{"longer than what comes", resized(len(good) + 40), report.FailCutShort},
		{"length alone", good[:2], report.FailCutShort},
		{"half of the length", good[:1], report.FailCutShort},
		{"half", good[:len(good)/2], report.FailCutShort},
		{"another type", other.Frame(), report.FailMessageType},
		{"the request itself", unhex(t, frameEcho), report.FailMessageType},
		{"the answer to a sign-on", unhex(t, frameSignOnReply), report.FailMessageType},
		{"another terminal", with(goodEcho(), map[int]string{41: "11111111"}).Frame(), report.FailOtherTerminal},
		{"another terminal behind a longer header", longOther.Frame(), report.FailOtherTerminal},
		{"no field 39", with(goodEcho(), map[int]string{39: ""}).Frame(), report.FailNotISO8583},
		{"field 39 is no code", with(goodEcho(), map[int]string{39: "\x00\xff"}).Frame(), report.FailNotISO8583},
		{"no fields", with(signontest.Message{TPDU: goodEcho().TPDU, Header: goodEcho().Header, MTI: "0830"}, nil).Frame(), report.FailNotISO8583},
		{"SSH", []byte("SSH-2.0-OpenSSH_9.2\r\n"), report.FailNotISO8583},
		{"HTTP", []byte("HTTP/1.1 302 Found\r\n\r\n"), report.FailNotISO8583},
		{"text of two characters", []byte("\r\n"), report.FailNotISO8583},
		{"TLS alert", []byte{21, 3, 3, 0, 2, 2, 40}, report.FailNotISO8583},
		{"framed noise", append([]byte{0, 64}, bytes.Repeat([]byte{0xa5, 0x5a, 0xff, 0xee}, 16)...), report.FailNotISO8583},
		{"framed text", append([]byte{0, 30}, bytes.Repeat([]byte("no ISO"), 5)...), report.FailNotISO8583},
		{"framed zeros", append([]byte{8, 0}, make([]byte, 2048)...), report.FailNotISO8583},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := bytes.NewReader(c.in)
			got, err := mustNew(t, echoConfig()).ReadReply(hear(r))
			wantType(t, err, c.want)
			if read := len(c.in) - r.Len(); got.Bytes != read || read > 2+2048 {
				t.Errorf("%d bytes reported, %d taken", got.Bytes, read)
			}
			if got.ResponseCode+got.HostText+got.HostTime+got.Requirement != "" {
				t.Errorf("a wrong reply says %+v", got)
			}
		})
	}
}

// A reply at whose end a few bytes are missing still proves that the host answers.
func TestReplyCutBehindField42IsRead(t *testing.T) {
	frame := goodEcho().Frame()
	frame = frame[:len(frame)-3]
	frame[1] -= 3
	if got, err := mustNew(t, echoConfig()).ReadReply(hear(bytes.NewReader(frame))); err != nil || got.ResponseCode != "00" {
		t.Errorf("read %+v, %v", got, err)
	}
}

func TestReadErrors(t *testing.T) {
	frame := goodEcho().Frame()
	for _, c := range []struct {
		name string
		got  int // bytes before the error
		err  error
		cut  bool
	}{
		{"end before the first byte", 0, io.EOF, false},
		{"deadline before the first byte", 0, os.ErrDeadlineExceeded, false},
		{"reset before the first byte", 0, syscall.ECONNRESET, false},
		{"end in the length", 1, io.EOF, true},
		{"end in the message", 20, io.EOF, true},
		{"end without close_notify", 20, io.ErrUnexpectedEOF, true},
		{"deadline in the message", 20, os.ErrDeadlineExceeded, true},
		{"reset in the message", 20, syscall.ECONNRESET, false},
		{"the kernel gives up", 20, syscall.ETIMEDOUT, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := io.MultiReader(bytes.NewReader(frame[:c.got]), iotest.ErrReader(c.err))
			got, err := mustNew(t, echoConfig()).ReadReply(hear(r))
			if got.Bytes != c.got || !errors.Is(err, c.err) {
				t.Errorf("%d bytes, %v; want %d, %v", got.Bytes, err, c.got, c.err)
			}
			var wrong *ReplyError
			if errors.As(err, &wrong) != c.cut {
				t.Errorf("error %v, want cut short: %t", err, c.cut)
			}
			if c.cut {
				wantType(t, err, report.FailCutShort)
			}
		})
	}
}

// A reader that returns nothing for ever must not hang the reading.
func TestIdleReader(t *testing.T) {
	for _, c := range []Config{echoConfig(), {Protocol: ProtocolTCP, Expect: "x"}} {
		if _, err := mustNew(t, c).ReadReply(idle{}); !errors.Is(err, io.ErrNoProgress) {
			t.Errorf("%s: %v", c.Protocol, err)
		}
	}
}

type idle struct{}

func (idle) Read([]byte) (int, error)    { return 0, nil }
func (idle) Write(b []byte) (int, error) { return len(b), nil }

func wantType(t *testing.T, err error, want report.FailureType) {
	t.Helper()
	var wrong *ReplyError
	if !errors.As(err, &wrong) || wrong.Type != want {
		t.Errorf("error %v, want %s", err, want)
	} else if !strings.HasPrefix(err.Error(), string(want)+": ") {
		t.Errorf("the error says %q", err)
	}
}

// TestHeaderLikeMessage: bytes in a header that look like the reply's type do not
// distract from the message that ends with the frame.
func TestHeaderLikeMessage(t *testing.T) {
	d := mustNew(t, echoConfig())
	for _, header := range []string{"\x08\x30longer", "header\x08\x30", "000000\x08\x30\x7f0", "\x08\x08\x30\x08\x41\x00\x80\x22\x30"} {
		m := goodEcho()
		m.Header = []byte(header)
		got, err := d.ReadReply(hear(bytes.NewReader(m.Frame())))
		if err != nil || got.ResponseCode != "00" || got.HostTime != "1123101112" {
			t.Errorf("%q: %+v, %v", header, got, err)
		}
	}
}
