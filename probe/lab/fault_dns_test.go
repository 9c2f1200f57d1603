//go:build linux

package lab

import (
	"strings"
	"testing"
	"time"
)

// dig asks the provider's name server for an A record, once, from the terminal.
func dig(t *testing.T, w *World, name string, flags ...string) Result {
	t.Helper()
	return w.Run(t.Context(), Term, append([]string{"dig", "+tries=1", "+timeout=1", "+noedns", "@" + DNSAddr, name}, flags...)...)
}

func TestUnbound(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	require(t, "dig")
	w.Unbound(DNS,
		ZoneAnswer("pos.acquirer.example", AcqAddr, RefAddr),
		ZoneNXDomain("gone.acquirer.example"),
		ZoneNoData("bare.acquirer.example"),
		ZoneRefused("refused.acquirer.example"),
		ZoneServFail("broken.acquirer.example"),
		ZoneSilent("silent.acquirer.example"),
		ZoneLarge("large.acquirer.example", AcqAddr),
	)
	for name, want := range map[string]string{
		"pos":       "status: NOERROR",
		"gone":      "status: NXDOMAIN",
		"bare":      "ANSWER: 0",
		"refused":   "status: REFUSED",
		"broken":    "status: SERVFAIL",
		"silent":    "timed out",
		"forgotten": "status: NXDOMAIN",
	} {
		if r := dig(t, w, name+".acquirer.example"); !strings.Contains(r.Stdout, want) {
			t.Errorf("%s: want %q: %s", name, want, r.Stdout)
		}
	}
	if r := dig(t, w, "pos.acquirer.example", "+short"); !strings.Contains(r.Stdout, AcqAddr+"\n") || !strings.Contains(r.Stdout, RefAddr+"\n") {
		t.Errorf("answer %q", r.Stdout)
	}
	if r := dig(t, w, "large.acquirer.example", "+edns=0", "+bufsize=4096", "+ignore"); !strings.Contains(r.Stdout, " tc") {
		t.Errorf("large over UDP is not truncated: %s", r.Stdout)
	}
	if r := dig(t, w, "large.acquirer.example", "+tcp", "+short"); strings.Count(r.Stdout, "\n") != 61 {
		t.Errorf("large over TCP: %q", r.Stdout)
	}

	repair := w.NoTCPResolver()
	if r := dig(t, w, "large.acquirer.example", "+tcp"); r.Exit == 0 {
		t.Errorf("TCP answered: %s", r.Stdout)
	}
	if r := dig(t, w, "pos.acquirer.example"); r.Exit != 0 {
		t.Errorf("UDP must go on: %s", r.Stdout)
	}
	repair()
	repair = w.SilentResolver()
	if r := dig(t, w, "pos.acquirer.example"); !strings.Contains(r.Stdout, "timed out") {
		t.Errorf("silent: %s", r.Stdout)
	}
	repair()

	w.Cable(Core, DNS).SetDelay(300 * time.Millisecond)
	began := time.Now()
	if r := dig(t, w, "pos.acquirer.example", "+timeout=10"); r.Exit != 0 || time.Since(began) < 600*time.Millisecond {
		t.Errorf("slow: exit %d after %v", r.Exit, time.Since(began))
	}
}

// What the terminal's programs see of their own files, through the C library.
func TestFaultTerminalFiles(t *testing.T) {
	t.Parallel()
	w := New(t, Options{})
	require(t, "getent")
	const name = "pos.acquirer.example"
	w.Unbound(DNS, ZoneAnswer(name, AcqAddr))
	lookup := func() string {
		return strings.Join(strings.Fields(w.Run(t.Context(), Term, "timeout", "2", "getent", "ahostsv4", name).Stdout), " ")
	}
	healthy := func() {
		t.Helper()
		if got := lookup(); !strings.Contains(got, AcqAddr) {
			t.Fatalf("healthy lookup gives %q", got)
		}
	}
	healthy()
	for what, fault := range map[string]func() func(){"stale resolver": w.StaleResolver, "no resolver": w.NoResolver} {
		repair := fault()
		if got := lookup(); got != "" {
			t.Errorf("%s: %q", what, got)
		}
		repair()
		healthy()
	}
	repair := w.StaleHosts(name)
	if got := lookup(); !strings.Contains(got, "10.77.3.99") || strings.Contains(got, AcqAddr) {
		t.Errorf("stale hosts file: %q", got)
	}
	repair()
	healthy()
}
