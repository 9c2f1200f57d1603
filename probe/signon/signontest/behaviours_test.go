package signontest

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The raw client: requests and expectations are written down in hexadecimal, so that
// nothing of the package under test takes part in them.
const (
	tpduAndHeader = "6000030000" + "603100311000"
	merchant      = "303031343330313730313139393939"
)

// echo returns the hexadecimal request of an echo with a terminal id.
func echo(id string) string {
	return "0034" + tpduAndHeader + "0820" + "0000000000c00010" + hex.EncodeToString([]byte(id)) + merchant + "0011000000003010"
}

// signOn returns one of a sign-on, batch 000519, double-length keys.
func signOn(id string) string {
	return "003c" + tpduAndHeader + "0800" + "0020000000c00012" + "000001" + hex.EncodeToString([]byte(id)) + merchant +
		"0011000005190030" + "0003303031"
}

func start(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func dial(t *testing.T, s *Server) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(20 * time.Second))
	return c.(*net.TCPConn)
}

func write(t *testing.T, c net.Conn, request string) {
	t.Helper()
	b, err := hex.DecodeString(request)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write(b); err != nil {
		t.Fatal(err)
	}
}

// ask sends a request and returns what comes until the end, in hexadecimal.
func ask(t *testing.T, s *Server, request string) (string, error) {
	t.Helper()
	c := dial(t, s)
	write(t, c, request)
	b, err := io.ReadAll(c)
	return hex.EncodeToString(b), err
}

// match compares a reply with a pattern in which . is any digit.
func match(t *testing.T, reply, pattern string) {
	t.Helper()
	pattern = strings.ReplaceAll(pattern, " ", "")
	ok := len(reply) == len(pattern)
	for i := 0; ok && i < len(reply); i++ {
		ok = pattern[i] == '.' || pattern[i] == reply[i]
	}
	if !ok {
		t.Errorf("reply\n%s, want\n%s", reply, pattern)
	}
}

// What a good host replies: swapped TPDU, then 12, 13, 39, 41, 42, 60.
const (
	goodHead = "003b 6000000003 603100311000 0830 0018000002c00010"
	goodTime = ".......... "
	goodTail = "0011000000003010"
)

func goodEcho(id, code string) string {
	return goodHead + goodTime + code + hex.EncodeToString([]byte(id)) + merchant + goodTail
}

func TestAnswers(t *testing.T) {
	s := start(t, Options{})
	id := func(s string) string { return hex.EncodeToString([]byte(s)) }
	keys := strings.Repeat("..", 40)
	for _, c := range []struct{ name, request, want string }{
		{"echo", echo("99999906"), goodEcho("99999906", "3030")},
		{"sign-on: next batch, 32, 37, keys", signOn("99999906"),
			"0079 6000000003 603100311000 0810 003800010ac00014 000001" + goodTime + "0800085500" + strings.Repeat("..", 12) + "3030" +
				id("99999906") + merchant + "0011 0000052000 30" + "0040" + keys},
		{"refused sign-on: no keys", signOn("RC970000"),
			"004f 6000000003 603100311000 0810 003800010ac00010 000001" + goodTime + "0800085500" + strings.Repeat("..", 12) + "3937" +
				id("RC970000") + merchant + "0011 0000052000 30"},
		{"unknown code", strings.Replace(echo("99999906"), "3010", "9990", 1), strings.Replace(goodEcho("99999906", "3430"), "3010", "9990", 1)},
		{"response code", echo("RCA00000"), goodEcho("RCA00000", "4130")},
		{"bare", echo("BARE0000"), "0017 6000000003 603100311000 0830 0000000002000000 3030"},
		{"requirement", echo("REQB0000"), strings.Replace(goodEcho("REQB0000", "3030"), "603100311000", "60310b311000", 1)},
		{"long header", echo("LONGHDR0"), strings.Replace(strings.Replace(goodEcho("LONGHDR0", "3030"),
			"603100311000", "603100311000"+id("EXTRA-BYTES!"), 1), "003b", "0047", 1)},
		{"same TPDU", echo("SAMETPDU"), strings.Replace(goodEcho("SAMETPDU", "3030"), "6000000003", "6000030000", 1)},
		{"GBK", echo("GBKTEXT0"), "0047 6000000003 603100311000 0830 0018000002c00110" + goodTime + "3937" + id("GBKTEXT0") + merchant +
			"0010 d6d5b6cbceb4b5c7bcc7" + goodTail},
		{"another terminal", echo("OTHERTID"), strings.Replace(goodEcho("OTHERTID", "3030"), id("OTHERTID"), id("00000000"), 1)},
		{"another type", echo("MTI02100"), strings.Replace(goodEcho("MTI02100", "3030"), "0830", "0210", 1)},
		{"mirror", echo("MIRROR00"), echo("MIRROR00")},
		{"slow", echo("SLOW0001"), goodEcho("SLOW0001", "3030")},
		{"cut", echo("CUT00000"), strings.ReplaceAll(goodEcho("CUT00000", "3030"), " ", "")[:2*30]},
		{"length too long", echo("LENLONG0"), strings.Replace(goodEcho("LENLONG0", "3030"), "003b", "0063", 1)},
		{"length too short", echo("LENSHORT"), strings.Replace(goodEcho("LENSHORT", "3030"), "003b", "001d", 1)},
		{"length zero", echo("LENZERO0"), strings.Replace(goodEcho("LENZERO0", "3030"), "003b", "0000", 1)},
		{"garbage", echo("GARBAGE0"), "0040" + strings.Repeat("a55affee", 16)},
		{"close", echo("CLOSE000"), ""},
		{"HTTP", echo("HTTP0000"), id("HTTP/1.1 302 Found\r\nLocation: http://portal.example/login\r\nContent-Length: 0\r\n\r\n")},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ask(t, s, c.request)
			if err != nil {
				t.Fatal(err)
			}
			match(t, got, c.want)
		})
	}
	if s.Requests() < 20 || s.Connections() < s.Requests() {
		t.Errorf("counted %d requests on %d connections", s.Requests(), s.Connections())
	}
}

func TestPlantedAndHostileTexts(t *testing.T) {
	s := start(t, Options{})
	for id, wants := range map[string][]string{
		"SECRETS0": {PlantedChip, PlantedKeys},
		"ESCAPE00": {"\x1b[2J", "\u202e", "\u200b", "\x07"},
	} {
		got, err := ask(t, s, signOn(id))
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := hex.DecodeString(got)
		for _, want := range wants {
			if !bytes.Contains(raw, []byte(want)) {
				t.Errorf("%s: no %q in %q", id, want, raw)
			}
		}
		if strings.Contains(got, PlantedPAN) != (id == "SECRETS0") {
			t.Errorf("%s: card number in %s", id, got)
		}
	}
}

func TestClock(t *testing.T) {
	s := start(t, Options{Location: time.UTC})
	for id, want := range map[string]time.Duration{"99999906": 0, "CLKP0600": 10 * time.Hour, "CLKM0010": -10 * time.Minute} {
		got, err := ask(t, s, echo(id))
		if err != nil {
			t.Fatal(err)
		}
		at := 2 * (2 + 5 + 6 + 2 + 8)
		host, err := time.Parse("2006 1504050102", time.Now().UTC().Add(want).Format("2006 ")+got[at:at+10])
		if off := time.Until(host) - want; err != nil || off.Abs() > time.Minute {
			t.Errorf("%s: the host's clock is off by %v, %v", id, off, err)
		}
	}
}

func TestKeep(t *testing.T) {
	s := start(t, Options{Behaviour: "keep"})
	c := dial(t, s)
	for range 3 {
		write(t, c, echo("99999906"))
		b := make([]byte, 61)
		if _, err := io.ReadFull(c, b); err != nil {
			t.Fatal(err)
		}
		match(t, hex.EncodeToString(b), goodEcho("99999906", "3030"))
	}
}

func TestResets(t *testing.T) {
	s := start(t, Options{})
	for _, c := range []struct {
		id    string
		bytes int
	}{{"RESET000", 0}, {"HALFRST0", 30}} {
		got, err := ask(t, s, echo(c.id))
		if !errors.Is(err, syscall.ECONNRESET) || len(got) != 2*c.bytes {
			t.Errorf("%s: %d bytes, %v", c.id, len(got)/2, err)
		}
	}
	early := start(t, Options{Behaviour: "reset-early"})
	c, err := net.Dial("tcp", early.Addr())
	if err == nil { // the reset may come before Dial returns
		_, err = io.ReadAll(c)
		c.Close()
	}
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("reset-early: %v", err)
	}
}

// Behaviours after which nothing more comes while the connection stays open.
func TestSilences(t *testing.T) {
	s := start(t, Options{})
	for id, bytes := range map[string]int{"SILENT00": 0, "STALL000": 30} {
		c := dial(t, s)
		write(t, c, echo(id))
		if _, err := io.ReadFull(c, make([]byte, bytes)); err != nil {
			t.Fatal(err)
		}
		c.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
		if n, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: %d bytes more, %v", id, n, err)
		}
	}
}

func TestBanner(t *testing.T) {
	c := dial(t, start(t, Options{Behaviour: "banner"}))
	b := make([]byte, 8)
	if _, err := io.ReadFull(c, b); err != nil || string(b) != "SSH-2.0-" {
		t.Errorf("%q, %v", b, err)
	}
}

func TestTrickle(t *testing.T) {
	c := dial(t, start(t, Options{Behaviour: "trickle=20ms"}))
	write(t, c, echo("99999906"))
	begin, reads := time.Now(), 0
	b := make([]byte, 61)
	for n := 0; n < len(b); reads++ {
		m, err := c.Read(b[n:])
		if err != nil {
			t.Fatal(err)
		}
		n += m
	}
	match(t, hex.EncodeToString(b), goodEcho("99999906", "3030"))
	if took := time.Since(begin); took < time.Second || reads < 10 {
		t.Errorf("61 bytes in %d pieces and %v", reads, took)
	}
}

func TestFlood(t *testing.T) {
	s := start(t, Options{})
	got, err := ask(t, s, echo("FLOOD000"))
	if err != nil || len(got)/2 != 10_000_000 || got[:8] != "ffffffff" {
		t.Errorf("%d bytes, %v", len(got)/2, err)
	}
}

func TestSetBehaviour(t *testing.T) {
	s := start(t, Options{})
	if err := s.SetBehaviour("code=96"); err != nil {
		t.Fatal(err)
	}
	got, err := ask(t, s, echo("99999906"))
	if err != nil {
		t.Fatal(err)
	}
	match(t, got, goodEcho("99999906", "3936"))
	got, _ = ask(t, s, echo("GOOD0000"))
	match(t, got, goodEcho("GOOD0000", "3030"))
	for _, wrong := range []string{"backlog", "zero-window", "nonsense", "code", "code=960", "good=1", "slow=-1s", "slow=x",
		"mti=2", "requirement=g", "clock=", "flood=-1"} {
		if err := s.SetBehaviour(wrong); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
}
