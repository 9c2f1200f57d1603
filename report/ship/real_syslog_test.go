package ship

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"posprobe/report"
)

// realSyslog is a syslog server as others run it. It writes structured data and text of
// each message to a file, one a line.
type realSyslog struct {
	program string
	args    []string // $DIR stands for its directory
	config  func(port string, tls bool) string
}

var realServers = []realSyslog{
	{"rsyslogd", []string{"-n", "-f", "$DIR/conf", "-i", "$DIR/pid"}, func(port string, tls bool) string {
		module, driver := `module(load="imtcp")`, ""
		if tls {
			driver = `defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="$DIR/ca" defaultNetstreamDriverCertFile="$DIR/cert" defaultNetstreamDriverKeyFile="$DIR/key"`
			module = `module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="x509/certvalid")`
		}
		return `global(workDirectory="$DIR" maxMessageSize="64k" ` + driver + `)
` + module + `
template(name="line" type="string" string="%STRUCTURED-DATA% %msg%\n")
ruleset(name="all") { action(type="omfile" file="$DIR/out" template="line") }
input(type="imtcp" address="127.0.0.1" port="` + port + `" ruleset="all")
`
	}},
	{"syslog-ng", []string{"-F", "--no-caps", "-f", "$DIR/conf", "--persist-file", "$DIR/persist", "--pidfile", "$DIR/pid", "--control", "$DIR/control"}, func(port string, tls bool) string {
		transport := `transport("tcp")`
		if tls {
			transport = `transport("tls") tls(key-file("$DIR/key") cert-file("$DIR/cert") ca-file("$DIR/ca") peer-verify(required-trusted))`
		}
		return `@version: 3.38
options { log-msg-size(131072); keep-hostname(yes); };
source in { syslog(ip("127.0.0.1") port(` + port + `) ` + transport + `); };
destination out { file("$DIR/out" template("[$SDATA] $MSG\n")); };
log { source(in); destination(out); };
`
	}},
}

// start runs the server until the test ends and returns its directory.
func (r realSyslog) start(t *testing.T, port string, ca *authority) string {
	t.Helper()
	dir := t.TempDir()
	if ca != nil {
		certificate, key := ca.issue("localhost", nil, nil)
		write(t, filepath.Join(dir, "ca"), ca.pem())
		write(t, filepath.Join(dir, "cert"), certificate)
		write(t, filepath.Join(dir, "key"), key)
	}
	write(t, filepath.Join(dir, "conf"), strings.ReplaceAll(r.config(port, ca != nil), "$DIR", dir))
	var args []string
	for _, a := range r.args {
		args = append(args, strings.ReplaceAll(a, "$DIR", dir))
	}
	var said bytes.Buffer
	c := exec.Command(r.program, args...)
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
		if t.Failed() {
			t.Logf("%s said: %s", r.program, said.Bytes())
		}
	})
	eventually(t, r.program+" to listen", func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return dir
}

// TestRealServers ships reports of the laboratory, and hostile ones, to the syslog servers
// that are installed, over TCP and over TLS with certificates on both sides.
func TestRealServers(t *testing.T) {
	tried := 0
	for _, r := range realServers {
		if _, err := exec.LookPath(r.program); err != nil {
			continue
		}
		tried++
		for _, scheme := range []string{"syslog+tcp", "syslog+tls"} {
			t.Run(r.program+" "+scheme, func(t *testing.T) {
				l, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					t.Fatal(err)
				}
				_, port, _ := net.SplitHostPort(l.Addr().String())
				l.Close()
				d := Destination{To: scheme + "://127.0.0.1:" + port}
				var ca *authority
				if scheme == "syslog+tls" {
					ca = newAuthority(t)
					certificate, key := ca.issue("terminal", nil, nil)
					d.CA, d.Certificate, d.Key = ca.file(), write(t, "c", certificate), write(t, "k", key)
				}
				m := newMemory()
				want := realReports(t, m)
				dir := r.start(t, port, ca)
				s := ship(t, m, Config{}, d)
				eventually(t, "all reports", func() bool {
					data, _ := os.ReadFile(filepath.Join(dir, "out"))
					return bytes.Count(data, []byte("\n")) >= len(want)
				})
				ids := readReal(t, filepath.Join(dir, "out"))
				if !slices.Equal(unique(ids), want) {
					t.Errorf("%d reports arrived in another order or with others among them", len(ids))
				}
				eventually(t, "the end", func() bool { return s.Status()[0].Sent == int64(len(want)) })
				if st := s.Status()[0]; st.Trouble != nil || len(ids) != len(want) {
					t.Errorf("%+v, %d messages for %d reports", st, len(ids), len(want))
				}
			})
		}
	}
	if tried == 0 {
		t.Skip("NOT TESTED: neither rsyslogd nor syslog-ng is installed")
	}
}

// realReports stores reports and returns their ids.
func realReports(t *testing.T, m *memory) (ids []string) {
	t.Helper()
	files, _ := filepath.Glob("../testdata/lab/*.json")
	for _, f := range files[:min(150, len(files))] {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		v, err := report.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		m.add("failures", strings.TrimSpace(string(data)))
		ids = append(ids, v.ID)
	}
	for n, text := range []string{"\n<13>1 - - - - - - forged", "\r\n\x00\x1b[2J", `"] [x y="z"] \`, "16 <13>1 - - - - -", "签到超时 🍜\u2028"} {
		quoted, _ := json.Marshal(text)
		m.add("failures", strings.Replace(bad(n), `"site":""`, `"site":`+string(quoted), 1))
		ids = append(ids, idOf(n))
	}
	return ids
}

// readReal reads what a server has written: every line is one whole message.
func readReal(t *testing.T, file string) (ids []string) {
	t.Helper()
	data, _ := os.ReadFile(file)
	for l := range bytes.Lines(data[:bytes.LastIndexByte(data, '\n')+1]) {
		i := bytes.Index(l, []byte(` {"`))
		if i < 0 {
			t.Fatalf("a line without a report: %.200q", l)
		}
		v, err := report.Decode(l[i+1:])
		if err != nil || !bytes.Contains(l[:i], fmt.Appendf(nil, `id="%s"`, v.ID)) {
			t.Fatalf("%.300q: %v", l, err)
		}
		ids = append(ids, v.ID)
	}
	return ids
}
