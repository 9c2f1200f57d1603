package receivers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"posprobe/report"
	"posprobe/report/redact"
	"posprobe/report/ship"
)

// saved are the reports that the laboratory saw, as a stream to be shipped.
type saved struct{ lines [][]byte }

func readSaved(t *testing.T) (s saved, ids []string) {
	t.Helper()
	files, _ := filepath.Glob("../../testdata/lab/*.json")
	if len(files) < 100 {
		t.Fatalf("%d reports", len(files))
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		v, err := report.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		s.lines, ids = append(s.lines, bytes.TrimSpace(data)), append(ids, v.ID)
	}
	return s, ids
}

func (s saved) Next(cursor string) (ship.Record, error) {
	at, _ := strconv.Atoi(cursor)
	if at >= len(s.lines) {
		return ship.Record{}, io.EOF
	}
	return ship.Record{Line: s.lines[at], Cursor: strconv.Itoa(at + 1)}, nil
}

func (saved) Close() error { return nil }

// forgetful keeps no cursors.
type forgetful struct{ t *testing.T }

func (forgetful) Cursor(string, string) string   { return "" }
func (forgetful) Advance(string, string, string) {}
func (f forgetful) SetAside(destination, id string, why ship.Trouble) {
	f.t.Errorf("%s would not take %s: %v", destination, id, &why)
}

// deliver ships all saved reports to a destination and returns their ids.
func deliver(t *testing.T, d ship.Destination) []string {
	t.Helper()
	stored, ids := readSaved(t)
	d.Redact, d.Rate = redact.Redactor{Ref: "0123456789abcdef"}, 1<<40
	s, err := ship.Start(ship.Config{
		Agent:   report.Agent{Name: "posprobe", Version: "1.2.3", OS: "linux", Arch: "arm"},
		Streams: []ship.Stream{{Name: "failures", Urgent: true, Open: func() ship.Source { return stored }}},
		Keeper:  forgetful{t},
		Say:     func(s ship.Status) { t.Logf("%v", s.Trouble) },
	}, []ship.Destination{d})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	eventually(t, "all to be sent", func() bool { return s.Status()[0].Sent == int64(len(ids)) })
	if st := s.Status()[0]; st.Rejected != 0 || st.SetAside != 0 {
		t.Errorf("%+v", st)
	}
	t.Logf("%d reports in %d bytes", len(ids), s.Status()[0].Bytes)
	return ids
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !ok(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("in vain waited for %s", what)
		}
	}
}

// run starts a program until the test ends.
func run(t *testing.T, program string, args ...string) {
	t.Helper()
	var said bytes.Buffer
	c := exec.Command(program, args...)
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
		if t.Failed() {
			t.Logf("%s said: %.4000s", filepath.Base(program), said.Bytes())
		}
	})
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func listens(t *testing.T, address string) {
	t.Helper()
	eventually(t, address, func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// TestVictoriaLogs ships to VictoriaLogs in each format that it takes, and asks it for
// what it has.
func TestVictoriaLogs(t *testing.T) {
	program := filepath.Join(t.TempDir(), "victoria-logs")
	if out, err := exec.Command("go", "build", "-o", program, "github.com/VictoriaMetrics/VictoriaLogs/app/victoria-logs").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for name, c := range map[string]struct {
		to     func(http, syslog string) string
		format ship.Format
		id     string // the field in which the report's id is found
	}{
		"lines": {func(http, _ string) string {
			return "http://" + http + "/insert/jsonline?_stream_fields=terminal.ref&_time_field=observed_at&_msg_field=diagnosis.verdict"
		}, ship.NDJSON, "id"},
		"logs":     {func(http, _ string) string { return "http://" + http + "/insert/opentelemetry/v1/logs" }, ship.OTLP, "log.record.uid"},
		"messages": {func(_, syslog string) string { return "syslog+tcp://" + syslog }, ship.Syslog, "posprobe@32473.id"},
	} {
		t.Run(name, func(t *testing.T) {
			http, syslog := freePort(t), freePort(t)
			run(t, program, "-httpListenAddr="+http, "-syslog.listenAddr.tcp="+syslog, "-storageDataPath="+t.TempDir(),
				"-retentionPeriod=100y", "-futureRetention=100y", "-insert.maxLineSizeBytes=1MB")
			listens(t, http)
			listens(t, syslog)
			want := deliver(t, ship.Destination{To: c.to(http, syslog), Format: c.format})
			var got []map[string]string
			eventually(t, "everything to be found", func() bool {
				got = ask(t, http)
				return len(got) >= len(want)
			})
			byID := map[string]int{}
			for _, l := range got {
				byID[l[c.id]]++
			}
			for _, id := range want {
				if byID[id] != 1 {
					t.Errorf("report %s is there %d times", id, byID[id])
				}
			}
			if len(got) != len(want) {
				t.Errorf("%d entries for %d reports", len(got), len(want))
			}
			t.Logf("an entry: %.600v", got[0])
		})
	}
}

// ask returns all entries.
func ask(t *testing.T, address string) (all []map[string]string) {
	t.Helper()
	r, err := http.PostForm("http://"+address+"/select/logsql/query", url.Values{"query": {"*"}, "limit": {"100000"}, "start": {"0"}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	s := bufio.NewScanner(r.Body)
	s.Buffer(nil, 4<<20)
	for s.Scan() {
		var l map[string]string
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			t.Fatalf("%s: %v", strings.TrimSpace(s.Text()), err)
		}
		all = append(all, l)
	}
	return all
}
