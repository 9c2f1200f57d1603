package ship

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"posprobe/report"
	"posprobe/report/redact"
)

var testAgent = report.Agent{Name: "posprobe", Version: "1.2.3", OS: "linux", Arch: "arm"}

// wire is everything that a listener is sent, and its answer to each request.
type wire struct {
	mu  sync.Mutex
	all []byte
}

func (w *wire) serve(t *testing.T, http bool) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				if http {
					w.requests(c)
					return
				}
				b, _ := io.ReadAll(c)
				w.add(b)
			}()
		}
	}()
	return l.Addr().String()
}

// requests takes requests as they come, with what they say when it is unpacked.
func (w *wire) requests(c net.Conn) {
	var raw bytes.Buffer
	for in := bufio.NewReader(io.TeeReader(c, &raw)); ; {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			return
		}
		unpacked, _ := io.ReadAll(z)
		w.add(append(raw.Bytes(), unpacked...))
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	}
}

func (w *wire) add(b []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, b...)
}

// TestPlantedSecrets: of what stands in reports and files and is nobody's business,
// nothing reaches a receiver, in whatever format.
func TestPlantedSecrets(t *testing.T) {
	secrets := []string{
		"99999906", "001430170119999", // terminal and merchant id
		"4111111111111111", "4111 1111 1111 1111", // card numbers
		"LotusCafeGuest", "a0:b1:c2:d3:e4:f5", "a0b1.c2d3.e4f5", "a2b1:c2ff:fed3:e4f5", // Wi-Fi
		"490154203237518", "460001234567890", "89860012345678901234", // IMEI, IMSI, ICCID
		"apn-user-7", "apn-pass-7", "proxy-pass-7", "ship-token-7", // passwords
	}
	free := "ids 99999906/001430170119999, card 4111111111111111 or 4111 1111 1111 1111, ssid=LotusCafeGuest bssid a0:b1:c2:d3:e4:f5 (a0b1.c2d3.e4f5) fe80::a2b1:c2ff:fed3:e4f5%wlan0 " +
		"imei 490154203237518 imsi 460001234567890 iccid 89860012345678901234 user=apn-user-7 password: apn-pass-7 http://shop:proxy-pass-7@proxy.example:3128/ Authorization: Bearer ship-token-7"
	quoted, _ := json.Marshal(free)
	m := newMemory()
	saved, err := os.ReadFile("../testdata/lab/access-portal.json")
	if err != nil {
		t.Fatal(err)
	}
	m.add("failures", strings.TrimSpace(string(saved)),
		strings.NewReplacer(`"site":""`, `"site":"shop of 99999906 and 001430170119999"`, `"tasks":[]`, `"sign_ons":[{"host_text":`+string(quoted)+`}],`+
			`"wifi":{"ssid":"LotusCafeGuest","bssid":"a0:b1:c2:d3:e4:f5","note":"seen lotuscafeguest"},`+
			`"modem":{"imei":"490154203237518","imsi":460001234567890,"iccid":"89860012345678901234","apn":{"user":"apn-user-7","password":"apn-pass-7"}},"tasks":[]`).Replace(bad(1)),
		`{"kind":"self","id":"s1","body":{"log":[`+string(quoted)+`],"password":"apn-pass-7","99999906":"x"}}`)
	for _, l := range m.lines["failures"] {
		if !json.Valid(l) {
			t.Fatalf("%s", l)
		}
	}
	token := write(t, "token", "real-token-which-the-receiver-knows")
	r := redact.Redactor{Ref: redact.Reference([]byte("0123456789abcdef"), "99999906", "001430170119999"), Secrets: []string{"99999906", "001430170119999"}}
	lines, logs, messages := &wire{}, &wire{}, &wire{}
	said := make(chan Status, 100)
	s := ship(t, m, Config{Say: func(s Status) { said <- s }},
		Destination{Name: "lines", To: "http://" + lines.serve(t, true), Token: token, Redact: r},
		Destination{Name: "logs", To: "http://" + logs.serve(t, true), Format: OTLP, Redact: r},
		Destination{Name: "messages", To: "syslog+tcp://" + messages.serve(t, false), Redact: r},
	)
	eventually(t, "all", func() bool {
		for _, st := range s.Status() {
			if st.Sent != 3 {
				return false
			}
		}
		return true
	})
	s.Stop()
	for name, w := range map[string]*wire{"lines": lines, "logs": logs, "messages": messages} {
		if !bytes.Contains(w.all, []byte(r.Ref)) || !bytes.Contains(w.all, []byte("network.access.portal")) || !bytes.Contains(w.all, []byte(redact.Mask)) {
			t.Errorf("%s: there is not what has to be there", name)
		}
		for _, secret := range secrets {
			for _, form := range []string{secret, hex.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte(secret))[:len(secret)/3*4]} {
				if i := bytes.Index(bytes.ToLower(w.all), bytes.ToLower([]byte(form))); i >= 0 {
					t.Errorf("%s: %s arrived: …%q…", name, secret, w.all[max(0, i-60):min(len(w.all), i+60)])
				}
			}
		}
	}
	if !bytes.Contains(lines.all, []byte("Authorization: Bearer real-token-which-the-receiver-knows\r\n")) {
		t.Error("the receiver's own token was not sent")
	}
}

// TestLabReports: every report that the laboratory saw arrives as it was, but for what
// is added and taken out.
func TestLabReports(t *testing.T) {
	files, _ := filepath.Glob("../testdata/lab/*.json")
	if len(files) < 100 {
		t.Fatalf("%d reports", len(files))
	}
	b, server := receive(t, nil)
	r, address := receiveSyslog(t, nil)
	m := newMemory()
	want := map[string]string{}
	for _, f := range files[:100] {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		m.add("failures", strings.TrimSpace(string(data)))
		v, err := report.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		plain, _ := json.Marshal(v)
		want[v.ID] = string(plain)
	}
	s := ship(t, m, Config{}, Destination{To: server.URL}, Destination{To: address})
	eventually(t, "all", func() bool { return len(b.taken()) == 100 && len(r.taken()) == 100 })
	s.Stop()
	check := func(line []byte) {
		v, err := report.Decode(line)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := json.Marshal(v); string(got) != want[v.ID] {
			t.Errorf("%s was altered:\n%s\n%s", v.ID, want[v.ID], got)
		}
	}
	for _, raw := range b.raw {
		for l := range bytes.Lines(raw) {
			check(l)
		}
	}
	for _, got := range r.messages {
		_, body, _ := strings.Cut(got.text, " {")
		check([]byte("{" + body))
	}
}
