//go:build linux

package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"posprobe/report"
)

// AskBlackbox has prometheus-blackbox-exporter asked for the acquirer's endpoint too, from
// the terminal, once a scenario's check has ended and while everything is still broken.
var AskBlackbox bool

// checkTimeout ends a check that hangs; it is judged too long before.
const checkTimeout = 90 * time.Second

// strikeDelay passes between the request's arrival and what happens at it, so that its
// acknowledgement is home.
const strikeDelay = 300 * time.Millisecond

// rounds is how often a check is made at most when this machine starves it.
const rounds = 3

// RunScenario builds the scenario's world, breaks it, runs the real posprobe in it and
// says what came of it. It ends the test where the laboratory itself fails, and where a
// check before a break "now" was not healthy.
func RunScenario(t testing.TB, s *Scenario) Outcome {
	t.Helper()
	require(t)
	starved := slices.ContainsFunc(s.Break, func(b Step) bool { return b.Verb == "starve" })
	for busy := 0; ; busy++ {
		o := newScene(t, s).run()
		o.Busy = busy
		if starved || busy == rounds-1 || !isBusy(o.Report) {
			return o
		}
		t.Logf("this machine was too busy to judge (round %d)", busy+1)
	}
}

// isBusy reports whether a round was starved: it rightly blames nobody.
func isBusy(r report.Report) bool {
	return slices.ContainsFunc(r.Diagnosis.Findings, func(f report.Finding) bool { return f.Code == "note.device_busy" })
}

// run is one round.
func (sc *scene) run() Outcome {
	sc.t.Helper()
	command := sc.command()
	since, err := sc.s.since()
	if err != nil {
		sc.t.Fatalf("lab: %v", err)
	}
	sc.do(sc.s.Before)
	sc.repairs = nil // it stays as it is
	if since.now || sc.s.Known {
		sc.goodRound(command)
	}
	sc.learnUsual(command)
	if since.now || since.always {
		sc.strike()
	}
	meter := sc.w.traffic()
	check := command()
	switch {
	case since.request:
		sc.acquirer.WaitFor("code 301: ") // the practice acquirer has read the request
		time.Sleep(strikeDelay)
		sc.strike()
	case !since.now && !since.always:
		time.Sleep(since.after)
		sc.strike()
	}
	o := sc.await(check, meter)
	if AskBlackbox {
		o.Blackbox = sc.blackbox()
	}
	return o
}

// goodRound makes a check, which must be healthy: nothing is broken yet.
func (sc *scene) goodRound(command func() *Process) report.Report {
	sc.t.Helper()
	o := sc.await(command(), sc.w.traffic())
	for busy := 1; busy < rounds && o.Headline() != "healthy" && isBusy(o.Report); busy++ {
		o = sc.await(command(), sc.w.traffic())
	}
	if h := o.Headline(); h != "healthy" {
		sc.t.Fatalf("before anything was broken the check said %s:\n%s", h, findingsOf(o.Report.Diagnosis))
	}
	return o.Report
}

// blackbox returns nil where the exporter did not answer.
func (sc *scene) blackbox() *bool {
	sc.t.Helper()
	up, err := sc.w.Blackbox(sc.t.Context(), BlackboxTarget{Endpoint: sc.endpoint(), TLS: sc.s.Setup.TLS, CA: sc.trust})
	if err != nil {
		sc.t.Logf("blackbox: %v", err)
		return nil
	}
	return &up
}

// strike breaks everything, in order.
func (sc *scene) strike() {
	sc.t.Helper()
	sc.do(sc.s.Break)
}

// do takes steps, in order, and remembers what undoes them.
func (sc *scene) do(steps []Step) {
	sc.t.Helper()
	for _, step := range steps {
		a, err := step.action()
		if err != nil {
			sc.t.Fatalf("lab: %v", err)
		}
		if repair := a.do(sc); repair != nil {
			sc.repairs = append(sc.repairs, repair)
		}
	}
}

// command returns the function that starts a check. The checks of a scene share a
// directory to remember in, as on a terminal within one boot.
func (sc *scene) command() (start func() *Process) {
	sc.t.Helper()
	wait := sc.s.Check.Wait
	if wait == 0 {
		wait = 8 * time.Second
	}
	sc.remembers = sc.w.Dir()
	argv := []string{"env", "POSPROBE_RUN_DIR=" + sc.remembers}
	if sc.s.Setup.Trust == "system" {
		argv = append(argv, "SSL_CERT_FILE="+sc.trust)
	}
	argv = append(argv, Build(sc.t, "posprobe/cmd/posprobe"), "check", "--config", sc.writeConfig(), "--format", "json", "--wait", wait.String())
	argv = append(argv, sc.s.Check.Args...)
	if sc.s.Setup.Unprivileged {
		require(sc.t, "setpriv")
		if err := os.Chown(sc.remembers, nobody, nobody); err != nil {
			sc.t.Fatalf("lab: %v", err)
		}
		argv = append([]string{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"}, argv...)
	}
	return func() *Process {
		sc.checking = sc.w.start(Term, slices.Concat(sc.wrap, argv), true)
		return sc.checking
	}
}

// nobody is the user and the group without rights.
const nobody = 65534

// meter is what had crossed the terminal's cables, and when.
type meter struct {
	packets, bytes int64
	at             time.Time
}

func (w *World) traffic() meter {
	packets, bytes := w.Traffic()
	return meter{packets, bytes, time.Now()}
}

// await waits for the end of a check and reads its report.
func (sc *scene) await(check *Process, before meter) Outcome {
	sc.t.Helper()
	select {
	case <-check.ended:
	case <-time.After(checkTimeout):
		sc.t.Fatalf("lab: the check has not ended for %v: %s", checkTimeout, check.Output())
	}
	after := sc.w.traffic()
	r, err := report.Decode([]byte(check.stdout.String()))
	if err != nil {
		sc.t.Fatalf("%v: exit status %d, %s%s", err, check.cmd.ProcessState.ExitCode(), check.stdout.String(), check.Output())
	}
	return Outcome{
		Scenario: sc.s, Report: r, Exit: check.cmd.ProcessState.ExitCode(), Took: after.at.Sub(before.at),
		Packets: after.packets - before.packets, Bytes: after.bytes - before.bytes,
	}
}

// Save keeps the report of an outcome in a directory, without what names this machine.
func (o Outcome) Save(dir string) error {
	r := o.Report
	version, _, _ := strings.Cut(r.Evidence.Device.Kernel, "-")
	r.Evidence.Device.Kernel, r.Evidence.Device.BootID = version, ""
	r.Evidence.Memory.Baselines = slices.Clone(r.Evidence.Memory.Baselines)
	for i := range r.Evidence.Memory.Baselines {
		r.Evidence.Memory.Baselines[i].BootID = ""
	}
	line, err := report.Encode(r)
	if err != nil {
		return err
	}
	name := strings.ReplaceAll(o.Scenario.Name, "/", "-") + ".json"
	return os.WriteFile(filepath.Join(dir, name), append(line, '\n'), 0o644)
}

func findingsOf(d report.Diagnosis) string {
	var b strings.Builder
	for _, f := range d.Findings {
		fmt.Fprintf(&b, "  %s %q masked by %q\n", f.Code, f.Confidence, f.MaskedBy)
	}
	fmt.Fprintf(&b, "  remaining %v", d.Remaining)
	return b.String()
}
