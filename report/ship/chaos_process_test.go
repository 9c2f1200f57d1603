package ship

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"posprobe/report/redact"
)

// The processes that TestChaos starts are this test program with roleVariable set.
const roleVariable = "POSPROBE_SHIP_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleVariable) {
	case "sender":
		senderProcess(os.Args[1], os.Args[2])
	case "receiver":
		receiverProcess(os.Args[1], os.Args[2])
	default:
		os.Exit(m.Run())
	}
}

func fatal(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// receiverProcess takes batches into a file, one write each, before it answers.
func receiverProcess(address, file string) {
	data, err := os.ReadFile(file)
	if err == nil { // what a kill left of a write is not there
		fatal(os.Truncate(file, int64(bytes.LastIndexByte(data, '\n')+1)))
	}
	out, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	fatal(err)
	var mu sync.Mutex
	fatal(http.ListenAndServe(address, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, raw, err := posted(r)
		if err != nil {
			w.WriteHeader(400)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if _, err := out.Write(raw); err != nil {
			w.WriteHeader(500)
		}
		time.Sleep(rand.N(10 * time.Millisecond)) // the way back, on which an answer may be lost
	})))
}

// senderProcess ships the files of a directory; cursors stand in files beside them.
func senderProcess(url, dir string) {
	var streams []Stream
	for _, name := range []string{"failures", "healthy"} {
		streams = append(streams, Stream{Name: name, Urgent: name == "failures", Open: func() Source { return &fileSource{path: filepath.Join(dir, name)} }})
	}
	s, err := start(Config{Streams: streams, Keeper: fileKeeper(dir)},
		[]Destination{{Name: "x", To: url, Batch: 8000, Rate: 60_000, Every: 50 * time.Millisecond, Timeout: 2 * time.Second, Redact: redact.Redactor{Ref: "r"}}}, quick)
	fatal(err)
	for { // until it is killed
		time.Sleep(20 * time.Millisecond)
		s.Stored("failures", 1)
		s.Stored("healthy", 1)
	}
}

// fileSource reads the lines of a file; the cursor is the offset.
type fileSource struct {
	path string
	file *os.File
	in   *bufio.Reader
	at   string // where in stands
}

func (s *fileSource) Next(cursor string) (Record, error) {
	if s.file == nil || cursor != s.at {
		s.Close()
		f, err := os.Open(s.path)
		if err != nil {
			return Record{}, err
		}
		offset, _ := strconv.ParseInt(cursor, 10, 64)
		if _, err := f.Seek(offset, io.SeekStart); err != nil {
			return Record{}, err
		}
		s.file, s.in, s.at = f, bufio.NewReader(f), cursor
	}
	l, err := s.in.ReadBytes('\n')
	if err != nil {
		s.Close()
		return Record{}, io.EOF
	}
	offset, _ := strconv.ParseInt(s.at, 10, 64)
	s.at = strconv.FormatInt(offset+int64(len(l)), 10)
	return Record{Line: bytes.TrimSuffix(l, []byte("\n")), Cursor: s.at}, nil
}

func (s *fileSource) Close() error {
	if s.file == nil {
		return nil
	}
	f := s.file
	s.file = nil
	return f.Close()
}

// fileKeeper keeps each cursor in a file of a directory.
type fileKeeper string

func (k fileKeeper) path(stream string) string { return filepath.Join(string(k), stream+".cursor") }

func (k fileKeeper) Cursor(_, stream string) string {
	b, _ := os.ReadFile(k.path(stream))
	return string(b)
}

func (k fileKeeper) Advance(_, stream, cursor string) {
	fatal(os.WriteFile(k.path(stream)+".new", []byte(cursor), 0o600))
	fatal(os.Rename(k.path(stream)+".new", k.path(stream)))
}

func (k fileKeeper) SetAside(_, id string, why Trouble) {
	f, err := os.OpenFile(filepath.Join(string(k), "aside"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	fatal(err)
	fmt.Fprintln(f, id, why)
	f.Close()
}

// mortal runs a process and kills it at random until calm; then it lets the last one live
// until the test ends. It counts the kills.
func mortal(t *testing.T, calm <-chan struct{}, longest time.Duration, role string, args ...string) (kills *atomic.Int32) {
	kills = &atomic.Int32{}
	done := make(chan struct{})
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	t.Cleanup(func() { close(over); <-done })
	go func() {
		defer close(done)
		for {
			c := exec.Command(exe, args...)
			c.Env, c.Stderr = append(os.Environ(), roleVariable+"="+role), os.Stderr
			if err := c.Start(); err != nil {
				t.Error(err)
				return
			}
			quiet := false
			select {
			case <-time.After(longest/6 + rand.N(longest)):
			case <-calm:
				quiet = true
				<-over
			case <-over:
				quiet = true
			}
			c.Process.Kill()
			c.Wait()
			if quiet {
				return
			}
			kills.Add(1)
		}
	}()
	return kills
}
