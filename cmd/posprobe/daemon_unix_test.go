//go:build unix

package main

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"posprobe/cmd/posprobe/daemon"
	"posprobe/probe/signon/signontest"
	"posprobe/report/store"
)

// TestReload: a good configuration is taken over; a wrong one is refused, told of with
// file, line, value and remedy, shown, and changes nothing.
func TestReload(t *testing.T) {
	first, second := acquirer(t, signontest.Options{}), acquirer(t, signontest.Options{})
	file, dir := daemonSite(t, first.Addr(), "")
	a := startAgent(t, "", nil, hasty(t), "run", "--config", file)
	a.until("a sign-on", func() bool { return first.Requests() > 0 })

	replace(t, file, daemonYAML(second.Addr(), dir, ""))
	a.signal(syscall.SIGHUP)
	a.until("a sign-on at the second host", func() bool { return second.Requests() > 0 })
	asked := first.Requests()

	replace(t, file, strings.Replace(daemonYAML(first.Addr(), dir, ""), "light: 1m", "light: 1 fortnight", 1))
	a.signal(syscall.SIGHUP)
	a.until("a refusal", func() bool { return strings.Contains(a.said.String(), "the old one stays") })
	if m := lacking(a.said.String(), file+":", `schedule.light: "1 fortnight"`, "write"); m != nil {
		t.Errorf("the refusal lacks %q:\n%s", m, a.said.String())
	}
	for lang, words := range map[string]string{"en": "is wrong and not in force", "zh": "未被采用"} {
		a.until("a status in "+lang, func() bool {
			o := a.ask("service", "status", "--lang", lang)
			return o.exit == 0 && lacking(o.stdout, words, `"1 fortnight"`, file+":") == nil
		})
	}
	before := second.Requests()
	a.until("a further round at the second host", func() bool { return second.Requests() > before })
	if first.Requests() > asked {
		t.Error("a refused configuration was used")
	}

	replace(t, file, daemonYAML(second.Addr(), dir, ""))
	a.signal(syscall.SIGHUP)
	a.until("the refusal to be gone", func() bool { return !strings.Contains(a.ask("service", "status").stdout, "not in force") })
	a.stop()
	if a.cmd.ProcessState.ExitCode() != 0 {
		t.Errorf("%v\n%s", a.cmd.ProcessState, a.said.String())
	}
}

// TestStopWhileWaiting: a daemon that waits for a silent host stops soon, keeps its state,
// and leaves nothing that speaks of a daemon.
func TestStopWhileWaiting(t *testing.T) {
	silent := acquirer(t, signontest.Options{Behaviour: "silent"})
	file, dir := daemonSite(t, silent.Addr(), "")
	replace(t, file, strings.Replace(daemonYAML(silent.Addr(), dir, ""), "{reply: 2s, reply_warn: 1s,", "{reply: 50s,", 1))
	a := startAgent(t, "", nil, hasty(t), "run", "--config", file)
	a.until("a request", func() bool { return silent.Requests() > 0 })
	began := time.Now()
	a.stop()
	took := time.Since(began)
	t.Logf("stopped after %v", took.Round(time.Millisecond))
	// 2 s are promised; the rest is this machine's.
	if a.cmd.ProcessState.ExitCode() != 0 || took > 10*time.Second {
		t.Errorf("%v after %v\n%s", a.cmd.ProcessState, took, a.said.String())
	}
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore(s)
	var state daemon.State
	if found, err := s.State(stateName, &state); !found || err != nil || state.Boots.ID != bootID() || !state.Boots.Stopped {
		t.Errorf("%v %v: %+v", found, err, state.Boots)
	}
	if o := a.ask("service", "status"); o.exit != 1 || o.stdout != "" || !strings.Contains(o.stderr, "no daemon runs here (posprobe run)") {
		t.Errorf("%+v", o)
	}
}

// TestOneDaemon: a second one refuses and says who runs; once the first one is gone,
// however it went, the next one starts.
func TestOneDaemon(t *testing.T) {
	host := acquirer(t, signontest.Options{})
	file, _ := daemonSite(t, host.Addr(), "")
	a := startAgent(t, "", nil, hasty(t), "run", "--config", file)
	a.rounds(1)
	o := a.ask("run", "--config", file)
	if o.exit != 1 || lacking(o.stderr, "at work already", fmt.Sprintf("as process %d;", a.cmd.Process.Pid), "stop that one first") != nil {
		t.Errorf("%+v", o)
	}
	if o := a.ask("service", "status"); o.exit != 0 {
		t.Errorf("the first one does not run any more: %+v", o)
	}
	a.kill()
	for lang, words := range map[string]string{"en": "ended without being stopped in order", "zh": "未经正常停止就结束了"} {
		o := a.ask("service", "status", "--lang", lang)
		if o.exit != 1 || o.stdout != "" || lacking(o.stderr, words, fmt.Sprint(a.cmd.Process.Pid)) != nil {
			t.Errorf("%s, of a daemon that was killed: %+v", lang, o)
		}
	}
	b := startAgent(t, a.run, nil, hasty(t), "run", "--config", file)
	b.rounds(1)
	if o := b.ask("service", "status"); o.exit != 0 || !strings.Contains(o.stdout, fmt.Sprint(b.cmd.Process.Pid)) {
		t.Errorf("%+v", o)
	}
	b.stop()
}

// TestDump: SIGUSR1 writes the state into the store, without the terminal's ids, and the
// commands about reports take it as what it is.
func TestDump(t *testing.T) {
	host := acquirer(t, signontest.Options{})
	file, dir := daemonSite(t, host.Addr(), "")
	a := startAgent(t, "", nil, hasty(t), "run", "--config", file)
	a.rounds(3)
	a.signal(syscall.SIGUSR1)
	var text string
	a.until("a dump", func() bool {
		for _, e := range keptLines(t, dir) {
			if e.Kind == kindDump {
				text = string(e.Text)
			}
		}
		return text != ""
	})
	if strings.Contains(text, testTerminal) || strings.Contains(text, testMerchant) || lacking(text, `"last_good"`, `"goroutines"`, host.Addr()) != nil {
		t.Errorf("%s", text)
	}
	for lang, words := range map[string]string{"en": "state dump", "zh": "状态转储"} {
		if o := a.ask("report", "list", "--dir", dir, "--lang", lang); o.exit != 0 || !strings.Contains(o.stdout, words) {
			t.Errorf("%+v", o)
		}
	}
	if o := a.ask("report", "show", "last", "--dir", dir); o.exit != 0 {
		t.Errorf("%+v", o)
	}
	a.stop()
}
