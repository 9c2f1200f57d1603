package signon

import (
	"cmp"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"posprobe/probe/signon/signontest"
	"posprobe/report"
)

// exchange sends one request to the practice acquirer and reads the reply.
func exchange(conn net.Conn, d Dialect, wait time.Duration) (Reply, error) {
	conn.SetDeadline(time.Now().Add(wait))
	if _, err := conn.Write(d.Request()); err != nil {
		return Reply{}, err
	}
	return d.ReadReply(conn)
}

// TestAgainstPracticeAcquirer plays every behaviour that a terminal id can choose over
// real connections to one server.
func TestAgainstPracticeAcquirer(t *testing.T) {
	s, err := signontest.Start(signontest.Options{Location: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	const long, short = 20 * time.Second, 1500 * time.Millisecond

	for _, c := range []struct {
		terminal string
		wait     time.Duration
		failure  report.FailureType // of a *ReplyError
		err      error              // of any other error
		code     string
		check    func(Reply) bool
	}{
		{terminal: "99999906", code: "00", check: func(r Reply) bool { return len(r.HostTime) == 10 && r.Requirement == "0" }},
		{terminal: "GOOD0000", code: "00"},
		{terminal: "KEEP0000", code: "00"},
		{terminal: "RC960000", code: "96"},
		{terminal: "RCA00000", code: "A0"},
		{terminal: "BARE0000", code: "00", check: func(r Reply) bool { return r.HostTime == "" }},
		{terminal: "REQ50000", code: "00", check: func(r Reply) bool { return r.Requirement == "5" }},
		{terminal: "LONGHDR0", code: "00", check: func(r Reply) bool { return r.Requirement == "" && len(r.HostTime) == 10 }},
		{terminal: "SAMETPDU", code: "00"},
		{terminal: "GBKTEXT0", code: "97", check: func(r Reply) bool { return r.HostText == signontest.GBKText }},
		{terminal: "ESCAPE00", code: "96", check: func(r Reply) bool { return r.HostText == "[2J]0;owned down txet!" }},
		{terminal: "SECRETS0", code: "00", check: func(r Reply) bool { return r.HostText == "" }},
		{terminal: "CLKM1440", code: "00", check: func(r Reply) bool { return r.HostTime[:4] != time.Now().UTC().Format("0102") }},
		{terminal: "SLOW0003", code: "00"},
		{terminal: "SILENT00", wait: short, err: os.ErrDeadlineExceeded},
		{terminal: "TRICKLE0", wait: short, failure: report.FailCutShort, err: os.ErrDeadlineExceeded},
		{terminal: "CLOSE000", err: io.EOF},
		{terminal: "RESET000", err: syscall.ECONNRESET},
		{terminal: "CUT00000", failure: report.FailCutShort, err: io.EOF},
		{terminal: "HALFRST0", err: syscall.ECONNRESET, check: func(r Reply) bool { return r.Bytes > 10 }},
		{terminal: "STALL000", wait: short, failure: report.FailCutShort, err: os.ErrDeadlineExceeded},
		{terminal: "LENLONG0", failure: report.FailCutShort, err: io.EOF},
		{terminal: "LENSHORT", failure: report.FailLength},
		{terminal: "LENZERO0", failure: report.FailLength},
		{terminal: "GARBAGE0", failure: report.FailNotISO8583},
		{terminal: "HTTP0000", failure: report.FailNotISO8583},
		{terminal: "MIRROR00", failure: report.FailMessageType},
		{terminal: "MTI02100", failure: report.FailMessageType, check: func(r Reply) bool { return r.MessageType == "0210" }},
		{terminal: "OTHERTID", failure: report.FailOtherTerminal},
		{terminal: "FLOOD000", failure: report.FailLength},
	} {
		for _, message := range []string{MessageEcho, MessageSignOn} {
			t.Run(c.terminal+" "+message, func(t *testing.T) {
				t.Parallel()
				config := signOnConfig()
				config.Message, config.Terminal = message, c.terminal
				conn, err := net.Dial("tcp", s.Addr())
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				reply, err := exchange(conn, mustNew(t, config), cmp.Or(c.wait, long))
				switch {
				case c.failure != "":
					wantType(t, err, c.failure)
				case c.err == nil && err != nil:
					t.Error(err)
				}
				if c.err != nil && !errors.Is(err, c.err) {
					t.Errorf("error %v, want %v", err, c.err)
				}
				if reply.ResponseCode != c.code {
					t.Errorf("response code %q, want %q", reply.ResponseCode, c.code)
				}
				if c.check != nil && !c.check(reply) {
					t.Errorf("read %+v", reply)
				}
			})
		}
	}
}

func TestOverTLS(t *testing.T) {
	s, err := signontest.Start(signontest.Options{TLS: "good"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	conn, err := tls.Dial("tcp", s.Addr(), &tls.Config{RootCAs: s.Authority().Pool()})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	reply, err := exchange(conn, mustNew(t, echoConfig()), 20*time.Second)
	if err != nil || reply.ResponseCode != "00" {
		t.Errorf("read %+v, %v", reply, err)
	}
}

// A server that speaks first is heard even though it never read the request.
func TestBanner(t *testing.T) {
	s, err := signontest.Start(signontest.Options{Behaviour: "banner"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, c := range []struct {
		config Config
		want   report.FailureType
		text   string
	}{
		{echoConfig(), report.FailNotISO8583, ""},
		{Config{Protocol: ProtocolTCP, Expect: "^SSH-2"}, "", "SSH-2.0-OpenSSH_9.2"},
		{Config{Protocol: ProtocolTCP, Expect: "^220"}, report.FailUnexpected, "SSH-2.0-OpenSSH_9.2"},
	} {
		conn, err := net.Dial("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		reply, err := exchange(conn, mustNew(t, c.config), time.Second)
		if c.want != "" {
			wantType(t, err, c.want)
		} else if err != nil {
			t.Error(err)
		}
		if reply.HostText != c.text {
			t.Errorf("text %q, want %q", reply.HostText, c.text)
		}
	}
}
