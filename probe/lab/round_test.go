//go:build linux

package lab

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"posprobe/report"
)

var acqEndpoint = AcqAddr + ":5500"

// unionpay are the arguments of an echo to the practice acquirer.
var unionpay = []string{"--protocol", "unionpay", "--terminal", "99999906", "--merchant", "001430170119999", "--tpdu", "6000030000"}

func echoTo(endpoint string, more ...string) []string {
	return slices.Concat([]string{"--endpoint", endpoint}, unionpay, more)
}

func silentHost() []string { return []string{"-behaviour", "silent"} }

// alive: acknowledged, and keepalives answered to the end.
func alive(t *testing.T, e report.Evidence) {
	t.Helper()
	if len(e.SignOns) == 0 || e.SignOns[0].TCP == nil {
		t.Fatalf("no sign-on recorded: %+v", e.SignOns)
	}
	s := e.SignOns[0]
	switch {
	case num(s.TCP.Unacked) != 0 || num(s.TCP.OutQueue) != 0 || num(s.TCP.BytesAcked) != s.RequestBytes+1:
		t.Errorf("the request was not acknowledged: %+v", s)
	case s.KeepaliveMs == nil || num(s.TCP.SegsIn) < 4 || s.TCP.LastAckRecvMs == nil || *s.TCP.LastAckRecvMs > 2000:
		t.Errorf("keepalives were not answered: %+v", s)
	}
}

func num(p *int64) int64 {
	if p == nil {
		return -1
	}
	return *p
}

// checkArgs is the real binary's check with a directory of its own to meet in.
func checkArgs(t *testing.T, args ...string) []string {
	t.Helper()
	return slices.Concat([]string{"env", "POSPROBE_RUN_DIR=" + t.TempDir(), Build(t, "posprobe/cmd/posprobe"), "check", "--format", "json"}, args)
}

// check runs it in the terminal and reads its report.
func check(t *testing.T, w *World, argv []string) (report.Report, Result) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	result := w.Run(ctx, Term, argv...)
	r, err := report.Decode([]byte(result.Stdout))
	if err != nil {
		t.Fatalf("%v: %+v", err, result)
	}
	return r, result
}

// TestStarved takes the processor from posprobe in the middle of a round with a silent
// host: it may blame neither network nor host.
func TestStarved(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	w.Acquirer(Acq, silentHost()...)
	p := w.Start(Term, checkArgs(t, echoTo(acqEndpoint, "--wait", "5s")...)...)
	w.acquirer.WaitFor(": silent")
	for range 4 { // 900 ms without the processor, 50 ms with it
		p.Pause()
		time.Sleep(900 * time.Millisecond)
		p.Resume()
		time.Sleep(50 * time.Millisecond)
	}
	p.WaitFor(`"incident":`) // the report's last field
	r, err := report.Decode([]byte(lastLine(p.Output())))
	if err != nil {
		t.Fatalf("%v: %s", err, p.Output())
	}
	d := r.Diagnosis
	if d.Domain == report.DomainNetwork || d.Domain == report.DomainHost {
		t.Errorf("a starved round blames %s: %s", d.Domain, findingsOf(d))
	}
	if s := r.Evidence.Device.Scheduling; s == nil || s.MaxMs < 500 {
		t.Errorf("the starvation was not noticed: %+v", s)
	}
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}

// TestUnprivileged runs as nobody without any capability, and without permission to
// ping: the evidence that decides is there all the same.
func TestUnprivileged(t *testing.T) {
	t.Parallel()
	require(t, "setpriv")
	w := New(t, Options{ClosedPing: true})
	w.Acquirer(Acq, silentHost()...)
	dir := t.TempDir() // nobody may not write here: no lock, no pause, no failure
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	binary := Build(t, "posprobe/cmd/posprobe")
	public := filepath.Join(os.TempDir(), fmt.Sprintf("posprobe-public-%d", os.Getpid()))
	data, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(public, data, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(public) })
	argv := slices.Concat([]string{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all",
		"env", "POSPROBE_RUN_DIR=" + dir, public, "check", "--format", "json", "--wait", "5s"}, echoTo(acqEndpoint))
	r, _ := check(t, w, argv)
	if !strings.Contains(findingsOf(r.Diagnosis), "host.no_response") {
		t.Errorf("%s: %s", r.Diagnosis.Code, findingsOf(r.Diagnosis))
	}
	alive(t, r.Evidence)
	pings := 0
	for _, task := range r.Evidence.Tasks {
		if task.Kind == report.TaskPing {
			pings++
			if task.Outcome != report.OutcomeNotAsked || task.Reason != report.ReasonNotPermitted {
				t.Errorf("ping without permission: %+v", task)
			}
		}
		if task.Kind == report.TaskLinks && task.Outcome != report.OutcomeAnswered {
			t.Errorf("%+v", task)
		}
	}
	if pings == 0 || len(r.Evidence.Pings) != 0 {
		t.Errorf("%d ping tasks, %d pings", pings, len(r.Evidence.Pings))
	}
	if r.Evidence.Device.Scheduling == nil || r.Evidence.Device.Scheduling.RunDelayMs == nil {
		t.Errorf("own scheduling delay not seen: %+v", r.Evidence.Device.Scheduling)
	}
}

// TestYield: a payment goes first. The check sends nothing to the acquirer while
// somebody else is connected, and goes on when they are gone.
func TestYield(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	a := w.Acquirer(Acq, "-behaviour", "keep")
	payment, err := w.Dial(t.Context(), Term, acqEndpoint, nil)
	if err != nil {
		t.Fatal(err)
	}
	released := make(chan time.Time, 1)
	time.AfterFunc(3*time.Second, func() {
		released <- time.Now()
		payment.Close()
	})
	r, _ := check(t, w, checkArgs(t, echoTo(acqEndpoint)...))
	if r.Diagnosis.Verdict != report.VerdictHealthy {
		t.Errorf("%s: %s", r.Diagnosis.Verdict, findingsOf(r.Diagnosis))
	}
	if len(r.Evidence.Connects) != 1 || r.Evidence.Connects[0].AtMs < 1500 {
		t.Errorf("connected at once although a payment was on: %+v", r.Evidence.Connects)
	}
	<-released
	if n := strings.Count(a.Output(), "0820"); n != 1 {
		t.Errorf("%d echoes", n)
	}
}

// TestBlackHole: nothing answers anywhere, the longest round. It ends in time, and says
// so.
func TestBlackHole(t *testing.T) {
	t.Parallel()
	w := New(t, Options{Resolvers: []string{DNSAddr, RefAddr}})
	w.Cut()
	began := time.Now()
	r, result := check(t, w, checkArgs(t, slices.Concat([]string{"--endpoint", acqEndpoint, "--endpoint", "pos.acquirer.example:5500", "--tls"}, unionpay)...))
	if took := time.Since(began); took > 25*time.Second {
		t.Errorf("took %v", took)
	}
	// Nobody that is silent here was ever heard on this terminal: none of them is a witness.
	if !slices.Contains(r.Diagnosis.Remaining, report.DomainNetwork) || result.Exit != 50 {
		t.Errorf("exit %d: %s", result.Exit, findingsOf(r.Diagnosis))
	}
}

// TestLongestRound: every step of an exchange succeeds at the last moment but the last,
// which never comes.
func TestLongestRound(t *testing.T) {
	t.Parallel()
	w := New(t, Options{Access: Quality{Delay: 50 * time.Millisecond}})
	w.Acquirer(Acq, "-tls", "-behaviour", "silent")
	began := time.Now()
	r, _ := check(t, w, checkArgs(t, slices.Concat([]string{"--endpoint", acqEndpoint, "--tls"}, unionpay)...))
	if took := time.Since(began); took > 25*time.Second {
		t.Errorf("took %v", took)
	}
	if !strings.Contains(findingsOf(r.Diagnosis), "host.no_response") {
		t.Errorf("%s", findingsOf(r.Diagnosis))
	}
}

// TestInterrupt: SIGINT ends a check at once with what it has seen.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	w.Acquirer(Acq, silentHost()...)
	argv := checkArgs(t, echoTo(acqEndpoint, "--wait", "30s")...)
	ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
	defer cancel()
	began := time.Now()
	result := w.Run(ctx, Term, append([]string{"timeout", "--preserve-status", "-s", "INT", "2"}, argv...)...)
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("took %v after SIGINT", took)
	}
	r, err := report.Decode([]byte(result.Stdout))
	if err != nil {
		t.Fatalf("%v: %+v", err, result)
	}
	if result.Exit != 50 || r.Diagnosis.Verdict != report.VerdictInconclusive {
		t.Errorf("exit %d, %s", result.Exit, findingsOf(r.Diagnosis))
	}
	if !slices.ContainsFunc(r.Evidence.Tasks, func(x report.Task) bool { return x.Outcome == report.OutcomeCancelled }) {
		t.Errorf("no task is cancelled: %+v", r.Evidence.Tasks)
	}
}
