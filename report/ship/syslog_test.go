package ship

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"posprobe/report"
	"posprobe/report/redact"
)

// syslogMessage is a message as a strict receiver reads it (RFC 5424 section 6).
type syslogMessage struct {
	priority                                  int
	timestamp, hostname, app, procid, message string
	id                                        string // of the structured data
	parameters                                map[string]string
	text                                      string
}

var syslogForm = regexp.MustCompile(`^<(\d{1,3})>1 (\S+) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) \[([!#-<>-\\^-~]{1,32})((?: [!#-<>-\\^-~]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\] (.*)$`)
var parameterForm = regexp.MustCompile(` ([^ =]+)="((?:[^"\\\]]|\\["\\\]])*)"`)

func parseSyslog(b []byte) (m syslogMessage, err error) {
	part := syslogForm.FindSubmatch(b)
	if part == nil {
		return m, fmt.Errorf("no message of RFC 5424: %.300q", b)
	}
	m.priority, _ = strconv.Atoi(string(part[1]))
	m.timestamp, m.hostname, m.app, m.procid, m.message, m.id = string(part[2]), string(part[3]), string(part[4]), string(part[5]), string(part[6]), string(part[7])
	if m.timestamp != "-" {
		if _, err := time.Parse(time.RFC3339Nano, m.timestamp); err != nil {
			return m, err
		}
	}
	m.parameters = map[string]string{}
	for _, p := range parameterForm.FindAllSubmatch(part[8], -1) {
		m.parameters[string(p[1])] = regexp.MustCompile(`\\(["\\\]])`).ReplaceAllString(string(p[2]), "$1")
	}
	m.text = string(part[9])
	return m, nil
}

// frame reads one message with its length in front (RFC 6587 section 3.4.1).
func frame(r *bufio.Reader) ([]byte, error) {
	digits, err := r.ReadString(' ')
	if err != nil {
		if digits != "" {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	n, err := strconv.Atoi(strings.TrimSuffix(digits, " "))
	if err != nil || n <= 0 || digits[0] == '0' {
		return nil, fmt.Errorf("length %q", digits)
	}
	b := make([]byte, n)
	_, err = io.ReadFull(r, b)
	return b, err
}

// syslogReceiver takes messages; strange, if it is set, has connections first.
type syslogReceiver struct {
	inbox
	messages []syslogMessage
	strange  atomic.Pointer[func(net.Conn) bool]
}

func receiveSyslog(t *testing.T, c *tls.Config) (*syslogReceiver, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	scheme := "syslog+tcp://"
	if c != nil {
		l, scheme = tls.NewListener(l, c), "syslog+tls://"
	}
	t.Cleanup(func() { l.Close() })
	r := &syslogReceiver{}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if f := r.strange.Load(); f != nil && (*f)(conn) {
					return
				}
				for in := bufio.NewReader(conn); ; {
					b, err := frame(in)
					if err == io.EOF {
						return
					}
					if err != nil {
						if c == nil { // TLS may be refused
							t.Errorf("frame: %v", err)
						}
						return
					}
					m, err := parseSyslog(b)
					if err != nil {
						t.Error(err)
						return
					}
					r.mu.Lock()
					r.messages = append(r.messages, m)
					r.mu.Unlock()
					r.take([]string{m.parameters["id"]}, b)
				}
			}()
		}
	}()
	return r, scheme + l.Addr().String()
}

func TestSyslog(t *testing.T) {
	leaks(t)
	r, address := receiveSyslog(t, nil)
	m := newMemory()
	m.add("failures", strings.NewReplacer(`"code":""`, `"code":"network.local.no_carrier"`, `"confidence":""`, `"confidence":"proven"`, `"site":""`, `"site":"三楼 🍜"`).Replace(bad(1)))
	m.add("failures", strings.Replace(bad(2), `"observed_at":"2026-12-01T09:30:12.345+08:00"`, `"observed_at":"yesterday"`, 1))
	m.add("healthy", lines(10, 200, good)...)
	s := ship(t, m, Config{}, Destination{To: address})
	eventually(t, "all", func() bool { return r.has(slices.Concat([]int{1, 2}, count(10, 200))...) })
	first := r.messages[0]
	if first.priority != 3*8+3 || first.hostname != "0123456789abcdef" || first.app != "posprobe" || first.procid != "-" || first.message != "report" ||
		first.timestamp != "2026-12-01T09:30:12.345+08:00" || first.id != "posprobe@32473" {
		t.Errorf("%+v", first)
	}
	for k, v := range map[string]string{"id": idOf(1), "terminal.ref": "0123456789abcdef", "verdict": "fault", "code": "network.local.no_carrier", "confidence": "proven"} {
		if first.parameters[k] != v {
			t.Errorf("%s is %q, want %q", k, first.parameters[k], v)
		}
	}
	sentence, body, _ := strings.Cut(first.text, " {")
	row, _ := report.LookupRow("network.local.no_carrier")
	if want := "posprobe: fault, network.local.no_carrier (proven): " + row.Title.EN; sentence != want {
		t.Errorf("%q, want %q", sentence, want)
	}
	if got, err := report.Decode([]byte("{" + body)); err != nil || got.Terminal.Site != "三楼 🍜" {
		t.Errorf("%s: %v", body, err)
	}
	if r.messages[1].timestamp != "-" || r.messages[2].priority != 3*8+6 {
		t.Errorf("%+v", r.messages[1:3])
	}
	s.Stop()
}

// TestHostileText: nothing that a report may hold ends a message or begins another one,
// and all of it arrives.
func TestHostileText(t *testing.T) {
	r, address := receiveSyslog(t, nil)
	m := newMemory()
	texts := []string{"\n<13>1 - - - - - - forged", "\r\n\x00\x1b[2J", `"] [x y="z"] `, `\`, "16 <13>1 - - - - -", "\u2028\u202e\ufeff", "签到超时", "🍜", strings.Repeat("]\"\\", 1000)}
	for n, text := range texts {
		quoted, _ := json.Marshal(text)
		m.add("failures", strings.NewReplacer(`"site":""`, `"site":`+string(quoted), idOf(n), idOf(n)).Replace(bad(n)))
	}
	hostile, _ := json.Marshal("id\n\"]\\ \x1b é")
	m.add("failures", strings.Replace(bad(99), `"`+idOf(99)+`"`, string(hostile), 1))
	ship(t, m, Config{}, Destination{To: address, Redact: redact.Redactor{Ref: "三楼 \"]\n\\ bar"}})
	eventually(t, "all", func() bool { return len(r.taken()) == len(texts)+1 })
	for n, got := range r.messages {
		if bytes.ContainsFunc(r.raw[n], func(c rune) bool { return c < ' ' || c == 0x7f }) {
			t.Errorf("control characters in %q", r.raw[n])
		}
		if !printableOnly(got.text) {
			t.Errorf("no mark says that this is UTF-8: %q", got.text)
		}
		_, body, _ := strings.Cut(got.text, " {")
		v, err := report.Decode([]byte("{" + body))
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		if n < len(texts) && v.Terminal.Site != texts[n] {
			t.Errorf("%q arrived as %q", texts[n], v.Terminal.Site)
		}
		if got.parameters["terminal.ref"] != "三楼 \"]?\\ bar" || strings.ContainsFunc(got.hostname, func(c rune) bool { return c > '~' }) {
			t.Errorf("%+v", got.parameters)
		}
	}
	if id := r.messages[len(texts)].parameters["id"]; id != "id?\"]\\ ? é" {
		t.Errorf("id %q", id)
	}
}

// TestLongMessage: what a receiver would cut goes without its evidence, whole.
func TestLongMessage(t *testing.T) {
	r, address := receiveSyslog(t, nil)
	m := newMemory()
	m.add("failures", strings.Replace(bad(0), `"tasks":[]`, `"tasks":["`+strings.Repeat("x", 9000)+`"]`, 1), bad(1))
	ship(t, m, Config{}, Destination{To: address, MessageBytes: 8192})
	eventually(t, "both", func() bool { return r.has(0, 1) })
	_, body, _ := strings.Cut(r.messages[0].text, " {")
	var v map[string]any
	if err := json.Unmarshal([]byte("{"+body), &v); err != nil || v["evidence"] != nil || v["evidence_omitted"] != true || v["id"] != idOf(0) || v["sent_at"] == nil {
		t.Errorf("%s: %v", body, err)
	}
	if strings.Contains(r.messages[1].text, "evidence_omitted") {
		t.Error("a short one lost its evidence")
	}
}

// TestSyslogTLS: with certificates on both sides, and with one that is refused.
func TestSyslogTLS(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			leaks(t)
			ca, other := newAuthority(t), newAuthority(t)
			r, address := receiveSyslog(t, &tls.Config{
				Certificates: []tls.Certificate{ca.pair(nil, nil)}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: ca.pool(), MinVersion: version, MaxVersion: version,
			})
			stranger, strangerKey := other.issue("stranger", nil, nil)
			d := Destination{To: address, CA: ca.file(), Certificate: write(t, "c", stranger), Key: write(t, "k", strangerKey)}
			m := newMemory()
			m.add("failures", lines(0, 50, bad)...)
			s := ship(t, m, Config{}, d)
			eventually(t, "the refusal", func() bool { w := s.Status()[0].Trouble; return w != nil && w.Kind == Untrusted })
			if len(r.taken()) != 0 || m.Cursor(address, "failures") != "" {
				t.Error("a receiver that refused the certificate has reports")
			}
			s.Stop()
			certificate, key := ca.issue("terminal", nil, nil)
			write(t, d.Certificate, certificate)
			write(t, d.Key, key)
			s = ship(t, m, Config{}, d)
			eventually(t, "all", func() bool { return r.has(count(0, 50)...) && m.Cursor(address, "failures") == "50" })
			s.Stop()
		})
	}
}

// TestSyslogReceiverDies: a receiver that ended before it had read everything gets it
// again.
func TestSyslogReceiverDies(t *testing.T) {
	for name, die := range map[string]func(net.Conn){
		"reset":                  func(c net.Conn) { c.(*net.TCPConn).SetLinger(0) },
		"closed unread":          func(c net.Conn) { time.Sleep(50 * time.Millisecond) }, // the kernel then sends a reset
		"closed half read":       func(c net.Conn) { io.ReadFull(c, make([]byte, 300)); time.Sleep(50 * time.Millisecond) },
		"neither reads nor ends": func(c net.Conn) { time.Sleep(time.Second) },
		"talks":                  func(c net.Conn) { c.Write(make([]byte, 2*maxBody)); io.Copy(io.Discard, c) },
	} {
		t.Run(name, func(t *testing.T) {
			leaks(t)
			r, address := receiveSyslog(t, nil)
			left := atomic.Int32{}
			left.Store(3)
			strange := func(c net.Conn) bool {
				if left.Add(-1) < 0 {
					return false
				}
				die(c)
				return true
			}
			r.strange.Store(&strange)
			m := newMemory()
			m.add("failures", lines(0, 20, bad)...)
			s := ship(t, m, Config{}, Destination{To: address, Timeout: 300 * time.Millisecond})
			eventually(t, "all", func() bool { return r.has(count(0, 20)...) && m.Cursor(address, "failures") == "20" })
			if left.Load() >= 0 {
				t.Error("it was delivered although nobody had read it")
			}
			s.Stop()
		})
	}
}
