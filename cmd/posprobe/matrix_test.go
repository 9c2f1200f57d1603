//go:build linux

package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"posprobe/report"
)

var update = flag.Bool("update", false, "write testdata anew")

const (
	// atOnce is how many checks run side by side; they mostly wait.
	atOnce = 40
	// pace is the time between the beginnings of two: what they do then is work.
	pace = 50 * time.Millisecond
)

// TestMatrix: every dialect with every behaviour that it can have, as the real program
// sees it on a new terminal; where the same exchange worked before ("known"); and what
// the evidence of the latter would say of a host that is not this machine
// ("elsewhere"), where anybody on the way may have answered in its name. A verdict that
// changed shows in testdata/matrix.txt (go test ./cmd/posprobe -run TestMatrix -update):
// read each, for nothing was broken but what the behaviour is called after.
func TestMatrix(t *testing.T) {
	var mu sync.Mutex
	var rows []string
	var running sync.WaitGroup
	places := make(chan struct{}, atOnce)
	begin := time.NewTicker(pace)
	defer begin.Stop()
	cells := 0
	golden, _ := os.ReadFile(filepath.Join("testdata", "matrix.txt")) // compareGolden tells when it is missing
	known := string(golden)
	for i, c := range columns() {
		for j, behaviour := range c.behaviours(t) {
			cells++
			running.Go(func() {
				places <- struct{}{}
				defer func() { <-places }()
				t.Run(c.name+"/"+behaviour, func(t *testing.T) {
					row := fmt.Sprintf("%03d%03d%-18s %-16s %s", i, j, c.name, behaviour, c.cell(t, behaviour, begin.C))
					if !*update && !strings.Contains(known, row[6:]+"\n") { // a busy machine can tear a reply where it was whole
						row = fmt.Sprintf("%03d%03d%-18s %-16s %s", i, j, c.name, behaviour, c.cell(t, behaviour, begin.C))
					}
					mu.Lock()
					defer mu.Unlock()
					rows = append(rows, row)
				})
			})
		}
	}
	running.Wait()
	slices.Sort(rows)
	for i := range rows {
		rows[i] = rows[i][6:] + "\n"
	}
	compareGolden(t, filepath.Join("testdata", "matrix.txt"), strings.Join(rows, ""), len(rows) == cells)
}

// cell checks one behaviour on a new terminal and, where all the dialect's behaviours are
// looked at and all is not well, on one where the exchange worked before.
func (c column) cell(t *testing.T, behaviour string, begin <-chan time.Time) string {
	t.Helper()
	o := c.options
	o.Behaviour = behaviour
	s := acquirer(t, o)
	args := []string{"check", "--config", c.configure(t, s), "--wait", "3s", "--format", "json"}
	first, exit := calm(t, begin, nil, args...)
	out := outcomeOf(first) + " -> " + verdictOf(first, exit)
	if exit == exitHealthy || c.only != nil {
		return out
	}
	again, exit := calm(t, begin, knowing(t, first), args...)
	known := verdictOf(again, exit)
	if !strings.HasSuffix(out, known) {
		out += " | known: " + known
	}
	again.Evidence = moved(t, again)
	again.Diagnosis = report.Diagnose(again.Evidence)
	if elsewhere := verdictOf(again, exitStatus(again.Diagnosis)); elsewhere != known {
		out += " | elsewhere: " + elsewhere
	}
	return out
}

// moved is a report's evidence as it would be if the acquirer were another machine. What
// was asked once more although the verdict was proven is left out: it is asked where the
// machine was busy for a moment, and not elsewhere.
func moved(t *testing.T, r report.Report) report.Evidence {
	t.Helper()
	e := r.Evidence
	if r.Diagnosis.Confidence == report.Proven {
		again := func(id string) bool { return strings.HasPrefix(id, string(report.TaskSecond)+" ") }
		e.Tasks = slices.DeleteFunc(slices.Clone(e.Tasks), func(x report.Task) bool { return again(x.ID) })
		e.Connects = slices.DeleteFunc(slices.Clone(e.Connects), func(x report.Connect) bool { return again(x.Task) })
		e.TLS = slices.DeleteFunc(slices.Clone(e.TLS), func(x report.Handshake) bool { return again(x.Task) })
		e.SignOns = slices.DeleteFunc(slices.Clone(e.SignOns), func(x report.SignOn) bool { return again(x.Task) })
	}
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var out report.Evidence
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(b), "127.0.0.1", "203.0.113.7")), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// calm is steady with more patience: so many checks make the machine busy themselves, and
// where an acknowledgement comes late for that the kernel sends again what was not lost.
func calm(t *testing.T, begin <-chan time.Time, env []string, args ...string) (report.Report, int) {
	t.Helper()
	for try := range 12 {
		time.Sleep(time.Duration(try) * time.Second)
		<-begin
		o := run(t, env, args...)
		r := decode(t, o)
		busy := slices.ContainsFunc(r.Diagnosis.Findings, func(f report.Finding) bool { return f.Code == "note.device_busy" })
		if !busy && !slices.ContainsFunc(r.Evidence.SignOns, sentAgain) {
			return r, o.exit
		}
	}
	t.Fatal("this machine is too busy to judge")
	return report.Report{}, 0
}

// sentAgain reports whether anything was retransmitted, on a line that loses nothing.
func sentAgain(s report.SignOn) bool {
	return s.TCP != nil && s.TCP.TotalRetrans != nil && *s.TCP.TotalRetrans > 0
}

// outcomeOf says how the exchange itself went: the failure, or the response code or
// status, and what the host's clock showed.
func outcomeOf(r report.Report) string {
	if len(r.Evidence.SignOns) == 0 {
		for _, c := range r.Evidence.Connects {
			if c.Failure != nil {
				return "connect " + string(c.Failure.Type)
			}
		}
		return "nothing sent"
	}
	s := r.Evidence.SignOns[0]
	out := "ok"
	if s.Failure != nil {
		out = string(s.Failure.Type)
	}
	for _, said := range []string{s.ResponseCode, s.Requirement} {
		if said != "" {
			out += " " + said
		}
	}
	if s.HTTPStatus != nil {
		out += fmt.Sprintf(" %d", *s.HTTPStatus)
	}
	for _, clock := range r.Evidence.Clocks {
		if clock.Source == report.ClockReply && clock.OffsetMs != nil && math.Abs(*clock.OffsetMs) > 30_000 {
			out += fmt.Sprintf(" clock%+.0fmin", *clock.OffsetMs/60_000)
			break
		}
	}
	return out
}

// verdictOf says what followed from it: exit status, verdict, code and confidence, what
// was found beside it, and the domains that are not excluded.
func verdictOf(r report.Report, exit int) string {
	d := r.Diagnosis
	out := fmt.Sprintf("%d %s", exit, d.Verdict)
	if d.Code != "" {
		out += fmt.Sprintf(" %s %s", d.Code, d.Confidence)
	}
	var others []string
	for _, f := range d.Findings {
		if f.MaskedBy == "" && f.Code != d.Code && (f.Kind == report.KindFault || slices.ContainsFunc(f.Because, aboutReply)) {
			others = append(others, string(f.Code))
		}
	}
	slices.Sort(others)
	if others = slices.Compact(others); len(others) > 0 {
		out += " (" + strings.Join(others, " ") + ")"
	}
	for _, domain := range d.Remaining {
		out += fmt.Sprintf(" ?%s", domain)
	}
	if len(d.Unexplained) > 0 {
		out += " UNEXPLAINED"
	}
	return out
}

// aboutReply reports whether a finding rests on the exchange, and not on the machine
// that the test runs on.
func aboutReply(pointer string) bool { return strings.HasPrefix(pointer, "/evidence/sign_ons/") }

// compareGolden compares lines with those in a file, or writes them there when they are
// all that there are.
func compareGolden(t *testing.T, path, got string, all bool) {
	t.Helper()
	if *update && all {
		writeFile(t, path, got)
		return
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(string(b), "\n")
	lines := strings.Split(got, "\n")
	for _, line := range lines {
		if !slices.Contains(want, line) {
			t.Errorf("new:     %s", line)
		}
	}
	for _, line := range want {
		if all && !slices.Contains(lines, line) {
			t.Errorf("no more: %s", line)
		}
	}
}
