package main

import (
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"posprobe/probe/signon/signontest"
	"posprobe/report"
)

// TestOutcomes: every way in which the practice acquirer answers or does not, chosen by
// the terminal id over the wire, is told apart: by the exit status and a finding. Each
// has an acquirer of its own: at a common address one check would take another for a
// payment, and ask nothing again.
func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		terminal string
		exit     int
		finding  report.Code // "" is none but notes
		// known is the exit status where this message was answered before, 0 where it
		// makes no difference.
		known int
	}{
		{"GOOD0000", 0, "", 0}, {"BARE0000", 0, "", 0}, {"LONGHDR0", 0, "", 0}, {"SAMETPDU", 0, "", 0}, {"KEEP0000", 0, "", 0},
		{"SLOW0005", 0, "", 0}, {"REQ30000", 0, "note.requirement.sign_on", 0}, {"SECRETS0", 0, "", 0},
		{"RC300000", 0, "note.message_unsupported", 0}, {"RC770000", 0, "note.terminal_state", 0}, {"RCA00000", 0, "note.terminal_state", 0},
		{"RC510000", 0, "note.other_code", 0}, {"RC010000", 0, "note.other_code", 0}, {"RC130000", 0, "note.other_code", 0}, {"RC890000", 0, "note.unknown_code", 0},
		{"RC910000", 30, "host.system_error", 0}, {"RC960000", 30, "host.system_error", 0}, {"ESCAPE00", 30, "host.system_error", 0}, {"RC900000", 35, "host.cutover", 0},
		{"RC030000", 40, "account.merchant", 0}, {"RC580000", 40, "account.terminal", 0}, {"GBKTEXT0", 40, "account.terminal", 0},
		{"SILENT00", 30, "host.no_response", 0}, {"IGNORE00", 50, "host.no_response", 30}, {"CLOSE000", 50, "host.closed", 30}, {"RESET000", 50, "host.reset", 0},
		{"CUT00000", 30, "host.cut_short", 0}, {"STALL000", 50, "host.cut_short", 0}, {"TRICKLE0", 50, "host.cut_short", 0},
		{"LENLONG0", 30, "host.cut_short", 0}, {"LENSHORT", 50, "host.reply_length", 30}, {"LENZERO0", 50, "host.reply_length", 30},
		{"MTI08100", 50, "host.reply_message_type", 30}, {"MIRROR00", 50, "host.reply_message_type", 30}, {"OTHERTID", 30, "host.reply_other_terminal", 0},
		{"GARBAGE0", 50, "host.reply_not_iso8583", 0}, {"HTTP0000", 50, "host.reply_not_iso8583", 0}, {"FLOOD000", 50, "host.reply_length", 30},
	} {
		t.Run(c.terminal, func(t *testing.T) {
			t.Parallel()
			address := acquirer(t, signontest.Options{}).Addr()
			o := steady(t, echo(address, c.terminal, "--wait", "4s", "--format", "json")...)
			d := decode(t, o).Diagnosis
			if o.exit != c.exit || c.finding != "" && !has(d, c.finding) || c.finding == "" && slices.ContainsFunc(d.Findings, fault) {
				t.Errorf("exit %d, want %d and %q\n%s", o.exit, c.exit, c.finding, o.stdout)
			}
			if len(d.Unexplained) > 0 {
				t.Errorf("unexplained: %v", d.Unexplained)
			}
			if c.known == 0 {
				return
			}
			again := steadyWith(t, knowing(t, decode(t, o)), echo(address, c.terminal, "--wait", "4s", "--format", "json")...)
			if d := decode(t, again).Diagnosis; again.exit != c.known || d.Code != c.finding {
				t.Errorf("answered before: exit %d, want %d and %q\n%s", again.exit, c.known, c.finding, again.stdout)
			}
		})
	}
}

// knowing is the environment of a terminal on which the exchanges of a report once
// succeeded.
func knowing(t *testing.T, r report.Report) []string {
	t.Helper()
	var m report.Memory
	for _, e := range r.Evidence.Site.Endpoints {
		m.LastGood = append(m.LastGood, report.LastGood{Endpoint: e.Address, Fingerprint: e.Fingerprint, Step: e.Goal, At: r.ObservedAt})
	}
	text, err := json.Marshal(stored{bootID(), m})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, memoryFile), string(text))
	return []string{"POSPROBE_RUN_DIR=" + dir}
}

func has(d report.Diagnosis, code report.Code) bool {
	return slices.ContainsFunc(d.Findings, func(f report.Finding) bool { return f.Code == code && f.MaskedBy == "" })
}

func fault(f report.Finding) bool { return f.Kind == report.KindFault }

// TestTLSOutcomes: every way in which the practice acquirer's TLS can be wrong.
func TestTLSOutcomes(t *testing.T) {
	// dated is the exit status of a certificate that is out of date: the host is named where
	// something keeps this machine's clock right, as its replies have no year.
	const dated = -1
	for _, c := range []struct {
		kind    string
		exit    int
		finding report.Code
	}{
		{"good", 0, ""}, {"tls10", 0, "note.weak_tls"}, {"rsa1024", 0, "note.weak_tls"},
		{"expired", dated, "host.certificate_expired"}, {"not-yet-valid", dated, "host.certificate_not_yet_valid"},
		{"wrong-name", 50, "host.certificate_name"}, {"unknown-ca", 50, "host.certificate_issuer"},
		{"client-cert", 50, "note.client_certificate"}, {"hang", 30, "host.tls_no_response"}, {"close", 50, "host.tls_closed"},
		{"plain-text", 50, "host.not_tls"},
	} {
		t.Run(c.kind, func(t *testing.T) {
			t.Parallel()
			s := acquirer(t, signontest.Options{TLS: c.kind})
			ca := filepath.Join(t.TempDir(), "ca.pem")
			writeFile(t, ca, string(s.Authority().PEM()))
			o := steady(t, echo(s.Addr(), testTerminal, "--ca", ca, "--format", "json")...)
			r := decode(t, o)
			d := r.Diagnosis
			if c.exit == dated {
				c.exit = exitInconclusive
				if slices.ContainsFunc(r.Evidence.Clocks, func(c report.Clock) bool { return c.Synchronized != nil && *c.Synchronized }) {
					c.exit = exitHost
				}
			}
			if o.exit != c.exit || c.finding != "" && !has(d, c.finding) || c.finding == "" && slices.ContainsFunc(d.Findings, fault) {
				t.Errorf("exit %d, want %d and %q\n%s", o.exit, c.exit, c.finding, o.stdout)
			}
		})
	}
}

// TestIPv6: an IPv6 endpoint is an endpoint like any other.
func TestIPv6(t *testing.T) {
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		if os.Getenv("POSPROBE_REQUIRE_LAB") == "1" {
			t.Fatal(err)
		}
		t.Skipf("NOT TESTED: %v", err)
	}
	l.Close()
	s := acquirer(t, signontest.Options{Listen: "[::1]:0"})
	o := steady(t, echo(s.Addr(), testTerminal, "--format", "json")...)
	if r := decode(t, o); o.exit != 0 || len(r.Evidence.Connects) != 1 || r.Evidence.Connects[0].TCP == nil {
		t.Errorf("exit %d: %s", o.exit, o.stdout)
	}
	if o := steady(t, "check", "--endpoint", l.Addr().String()); o.exit != 50 {
		t.Errorf("refused: exit %d: %s", o.exit, o.stdout)
	}
}

// TestOwnFailure: when posprobe itself fails, its exit status says that and nothing of
// the terminal.
func TestOwnFailure(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skipf("NOT TESTED: %v", err)
	}
	defer full.Close()
	for _, format := range []string{"text", "json"} {
		cmd := exec.Command(binary(t), "check", "--endpoint", closedPort(t), "--format", format)
		cmd.Env = append(os.Environ(), "POSPROBE_RUN_DIR="+t.TempDir())
		cmd.Stdout = full
		var stderr strings.Builder
		cmd.Stderr = &stderr
		cmd.Run()
		if got := cmd.ProcessState.ExitCode(); got != 1 || !strings.Contains(stderr.String(), "no space left") {
			t.Errorf("%s to a full device: exit %d, %q", format, got, stderr.String())
		}
	}
}

// TestRemembered: what a good check taught, the next one on this terminal knows; what
// cannot be read is not known, and no error.
func TestRemembered(t *testing.T) {
	dir := t.TempDir()
	env := []string{"POSPROBE_RUN_DIR=" + dir}
	host := acquirer(t, signontest.Options{})
	if o := steadyWith(t, env, echo(host.Addr(), testTerminal)...); o.exit != 0 {
		t.Fatalf("exit %d: %s", o.exit, o.stdout)
	}
	path := filepath.Join(dir, memoryFile)
	before, err := os.Stat(path)
	if err != nil || before.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", before, err)
	}
	if o := steadyWith(t, env, echo(host.Addr(), testTerminal)...); o.exit != 0 {
		t.Fatalf("exit %d: %s", o.exit, o.stdout)
	}
	if after, err := os.Stat(path); err != nil || !after.ModTime().Equal(before.ModTime()) {
		t.Errorf("written again although nothing was new: %v", err)
	}
	if err := host.SetBehaviour("close"); err != nil {
		t.Fatal(err)
	}
	if o := steadyWith(t, env, echo(host.Addr(), testTerminal)...); o.exit != 30 {
		t.Errorf("it worked before: exit %d: %s", o.exit, o.stdout)
	}
	if o := steadyWith(t, env, echo(host.Addr(), "99999907")...); o.exit != 50 {
		t.Errorf("another terminal id worked before: exit %d: %s", o.exit, o.stdout)
	}
	all, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(all), bootID()) {
		t.Fatalf("%v: %s", err, all)
	}
	learned := string(all)
	for name, text := range map[string]string{"empty": "", "torn": `{"last_good":[{"endp`, "huge": strings.Repeat(" ", maxMemory) + "{}", "another type": `{"memory":7}`, "another boot": strings.Replace(learned, bootID(), "00000000-0000-4000-8000-000000000000", 1)} {
		writeFile(t, path, text)
		if o := steadyWith(t, env, echo(host.Addr(), testTerminal)...); o.exit != 50 {
			t.Errorf("%s: exit %d: %s", name, o.exit, o.stdout)
		}
	}
}
