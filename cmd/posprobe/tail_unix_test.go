//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"posprobe/probe/signon/signontest"
	"posprobe/report/store"
)

// busyAgent starts a daemon whose host fails, so that it stores failures; dump makes it
// store more.
func busyAgent(t *testing.T) (a *agent, dir string) {
	t.Helper()
	host := acquirer(t, signontest.Options{Behaviour: "code=96"})
	file, dir := daemonSite(t, host.Addr(), "")
	a = startAgent(t, "", nil, hasty(t), "run", "--config", file)
	a.rounds(2)
	return a, dir
}

// dump has a daemon write a dump, and waits for it.
func (a *agent) dump(dir string) {
	a.t.Helper()
	before := len(segmentLines(a.t, dir, store.Healthy))
	a.signal(syscall.SIGUSR1)
	a.until("a dump", func() bool { return len(segmentLines(a.t, dir, store.Healthy)) > before })
}

// segmentLines is what cat(1) shows of a stream's segments, by lines that are whole.
func segmentLines(t *testing.T, dir string, s store.Stream) [][]byte {
	t.Helper()
	segments, err := filepath.Glob(filepath.Join(dir, string(s)+"-*.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(segments) // their numbers have leading zeros
	var all []byte
	for _, path := range segments {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text...)
	}
	lines := bytes.SplitAfter(all, []byte("\n"))
	return lines[:len(lines)-1]
}

// TestSaveWhileRunning: a check is saved beside a daemon that has the store, in a segment
// of its own, and the daemon goes on.
func TestSaveWhileRunning(t *testing.T) {
	a, dir := busyAgent(t)
	other := acquirer(t, signontest.Options{})
	file, _ := daemonSite(t, other.Addr(), "")
	replace(t, file, daemonYAML(other.Addr(), dir, ""))
	before := len(segmentLines(t, dir, store.Failures))
	o := a.ask("check", "--config", file, "--save", "--format", "json")
	if o.exit != 0 || o.stderr != "" {
		t.Fatalf("%+v", o)
	}
	if saved := segmentLines(t, dir, store.Checks); len(saved) != 1 || string(saved[0]) != o.stdout {
		t.Errorf("saved: %s", saved)
	}
	if now := segmentLines(t, dir, store.Failures); len(now) < before {
		t.Errorf("%d lines of the daemon's, %d before", len(now), before)
	}
	a.dump(dir)
	a.stop()
	if out := a.said.String(); out != "" {
		t.Errorf("the daemon says %s", out)
	}
}

// TestReadWhileWriting: the commands about reports, cat and jq read what a daemon writes
// at that very time: whole lines, and whatever was there before still is.
func TestReadWhileWriting(t *testing.T) {
	need(t, false, "jq")
	a, dir := busyAgent(t)
	var known []string
	for i := range 40 {
		a.signal(syscall.SIGUSR1) // not waited for
		o := a.ask("report", "list", "--dir", dir, "--format", "json", "--number", "1000")
		if o.exit != 0 || o.stderr != "" {
			t.Fatalf("%+v", o)
		}
		var ids []string
		for line := range strings.Lines(o.stdout) {
			var r struct {
				ID string `json:"id"`
			}
			if err := json.Unmarshal([]byte(line), &r); err != nil || r.ID == "" {
				t.Fatalf("%v: %s", err, line)
			}
			ids = append(ids, r.ID)
		}
		for _, id := range known {
			if !slices.Contains(ids, id) {
				t.Fatalf("%s was listed before", id)
			}
		}
		known = ids
		if o := a.ask("report", "show", "last", "--dir", dir); i%8 == 0 && o.exit != 0 && o.exit != 30 {
			t.Fatalf("%+v", o)
		}
	}
	a.stop()
	lines := 0
	for _, s := range []store.Stream{store.Failures, store.Healthy} {
		want := segmentLines(t, dir, s)
		lines += len(want)
		segments, _ := filepath.Glob(filepath.Join(dir, string(s)+"-*.ndjson"))
		out, err := exec.Command("jq", append([]string{"-c", "-s", "length"}, segments...)...).CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != fmt.Sprint(len(want)) {
			t.Errorf("jq: %v: %s, not %d", err, out, len(want))
		}
	}
	if got := keptLines(t, dir); len(got) != lines || lines < len(known) {
		t.Errorf("a reader finds %d lines, cat %d, the last list %d", len(got), lines, len(known))
	}
}

// TestTailed: rsyslog's imfile tails the store while it is written, through rotations, and
// hands on every byte in its place.
func TestTailed(t *testing.T) {
	need(t, false, "rsyslogd")
	a, dir := busyAgent(t)
	work := t.TempDir()
	conf := filepath.Join(work, "rsyslog.conf")
	text := fmt.Sprintf("global(workDirectory=%q maxMessageSize=\"2m\" parser.escapeControlCharactersOnReceive=\"off\")\nmodule(load=\"imfile\" mode=\"inotify\")\ntemplate(name=\"line\" type=\"string\" string=\"%%msg%%\\n\")\n", work)
	streams := []store.Stream{store.Failures, store.Healthy}
	for _, s := range streams {
		text += fmt.Sprintf("ruleset(name=%q) { action(type=\"omfile\" file=%q template=\"line\") }\ninput(type=\"imfile\" file=%q tag=%q ruleset=%q)\n",
			s, filepath.Join(work, string(s)+".out"), filepath.Join(dir, string(s)+"-*.ndjson"), s, s)
	}
	writeFile(t, conf, text)
	tail := exec.Command("rsyslogd", "-n", "-f", conf, "-i", filepath.Join(work, "pid"))
	var complaints said
	tail.Stdout, tail.Stderr = &complaints, &complaints
	if err := tail.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tail.Process.Kill(); tail.Wait() })
	segments := func() int {
		n, _ := filepath.Glob(filepath.Join(dir, string(store.Healthy)+"-*.ndjson"))
		return len(n)
	}
	first := segments()
	for range 200 {
		if a.dump(dir); segments() >= first+3 {
			break
		}
	}
	if segments() < first+3 {
		t.Fatalf("%d segments after 200 dumps: no rotation was tested", segments())
	}
	a.stop()
	for _, s := range streams {
		want := bytes.Join(segmentLines(t, dir, s), nil)
		var got []byte
		for deadline := time.Now().Add(30 * time.Second); !bytes.Equal(got, want) && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
			got, _ = os.ReadFile(filepath.Join(work, string(s)+".out"))
		}
		if len(want) == 0 || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes were handed on, not the %d that are stored\n%s", s, len(got), len(want), complaints.String())
		}
		t.Logf("%s: %d bytes in %d lines", s, len(want), bytes.Count(want, []byte("\n")))
	}
}
