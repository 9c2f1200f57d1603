package receivers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
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
	d.Redact = redact.Redactor{Ref: "0123456789abcdef"}
	n := send(t, d, stored)
	t.Logf("%d reports in %d bytes, %d bytes each", len(ids), n, n/int64(len(ids)))
	return ids
}

// send ships what is stored to a destination, and returns how many bytes that took.
func send(t *testing.T, d ship.Destination, stored saved) int64 {
	t.Helper()
	d.Rate = 1 << 40
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
	eventually(t, "all to be sent", func() bool { return s.Status()[0].Sent == int64(len(stored.lines)) })
	if st := s.Status()[0]; st.Rejected != 0 || st.SetAside != 0 {
		t.Errorf("%+v", st)
	}
	return s.Status()[0].Bytes
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
func run(t *testing.T, program string, args ...string) { start(t, exec.Command(program, args...)) }

func start(t *testing.T, c *exec.Cmd) {
	t.Helper()
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
		if t.Failed() {
			t.Logf("%s said: %.4000s", filepath.Base(c.Path), said.Bytes())
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

// central is what is shipped for the central side.
const central = "../../../packaging/central/"

// inserts is how the shipped configuration has VictoriaLogs take lines of JSON.
const inserts = "/insert/jsonline?_time_field=observed_at,at&_stream_fields=terminal.ref&_msg_field=sent_at"

// programs is where programs are built.
var programs string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "posprobe-receivers")
	if err != nil {
		panic(err)
	}
	programs = dir
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// victoriaLogs builds it once for all tests.
var victoriaLogs = sync.OnceValues(func() (string, error) {
	program := filepath.Join(programs, "victoria-logs")
	out, err := exec.Command("go", "build", "-o", program, "github.com/VictoriaMetrics/VictoriaLogs/app/victoria-logs").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return program, err
})

// startVictoriaLogs runs it with the flags that are shipped, on addresses of its own, and
// returns that of HTTP.
func startVictoriaLogs(t *testing.T, more ...string) string {
	t.Helper()
	program, err := victoriaLogs()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(central + "victorialogs.flags")
	if err != nil {
		t.Fatal(err)
	}
	address := freePort(t)
	var args []string
	for line := range strings.Lines(string(text)) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch name {
		case "-httpListenAddr":
			line = name + "=" + address
		case "-storageDataPath":
			line = name + "=" + t.TempDir()
		}
		if strings.HasPrefix(line, "-") {
			args = append(args, strings.TrimSpace(line))
		}
	}
	if len(args) < 5 {
		t.Fatalf("few flags: %q", args)
	}
	run(t, program, append(args, more...)...)
	listens(t, address)
	return address
}

// TestVictoriaLogs ships to VictoriaLogs in each format that it takes, and asks it for
// what it has.
func TestVictoriaLogs(t *testing.T) {
	for name, c := range map[string]struct {
		to     func(http, syslog string) string
		format ship.Format
		id     string // the field in which the report's id is found
	}{
		"lines": {func(http, _ string) string {
			return "http://" + http + inserts
		}, ship.NDJSON, "id"},
		"logs":     {func(http, _ string) string { return "http://" + http + "/insert/opentelemetry/v1/logs" }, ship.OTLP, "log.record.uid"},
		"messages": {func(_, syslog string) string { return "syslog+tcp://" + syslog }, ship.Syslog, "posprobe@32473.id"},
	} {
		t.Run(name, func(t *testing.T) {
			syslog, disk := freePort(t), t.TempDir()
			// The laboratory's reports may be older than what is kept: the last flag counts.
			http := startVictoriaLogs(t, "-syslog.listenAddr.tcp="+syslog, "-retentionPeriod=100y", "-futureRetention=100y", "-storageDataPath="+disk, "-inmemoryDataFlushInterval=1s")
			listens(t, syslog)
			want := deliver(t, ship.Destination{To: c.to(http, syslog), Format: c.format})
			var got []map[string]string
			eventually(t, "everything to be found", func() bool {
				got = ask(t, http, "*")
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
			t.Logf("%d bytes on disk for each report", onDisk(t, disk, len(want))/int64(len(want)))
		})
	}
}

// onDisk is how much VictoriaLogs has written of so many reports.
func onDisk(t *testing.T, dir string, reports int) (bytes int64) {
	t.Helper()
	eventually(t, "everything to be on the disk", func() bool {
		bytes = 0
		filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				if info, err := d.Info(); err == nil {
					bytes += info.Size()
				}
			}
			return nil
		})
		return bytes > 200*int64(reports)
	})
	return bytes
}

// ask returns the answer to a query.
func ask(t *testing.T, address, query string) (all []map[string]string) {
	t.Helper()
	r, err := http.PostForm("http://"+address+"/select/logsql/query", url.Values{"query": {query}, "limit": {"100000"}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(r.Body, 2000))
		t.Fatalf("%s: %s", query, text)
	}
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
