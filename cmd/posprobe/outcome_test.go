package main

import (
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
// the terminal id over the wire, is told apart: by the exit status and a finding.
func TestOutcomes(t *testing.T) {
	address := acquirer(t, signontest.Options{}).Addr()
	for _, c := range []struct {
		terminal string
		exit     int
		finding  report.Code // "" is none but notes
	}{
		{"GOOD0000", 0, ""}, {"BARE0000", 0, ""}, {"LONGHDR0", 0, ""}, {"SAMETPDU", 0, ""}, {"KEEP0000", 0, ""},
		{"SLOW0005", 0, ""}, {"REQ30000", 0, "note.requirement"}, {"SECRETS0", 0, ""},
		{"RC300000", 0, "note.message_unsupported"}, {"RC770000", 0, "note.terminal_state"}, {"RCA00000", 0, "note.terminal_state"},
		{"RC510000", 0, "note.other_code"}, {"RC010000", 0, "note.other_code"}, {"RC130000", 0, "note.other_code"}, {"RC890000", 0, "note.unknown_code"},
		{"RC910000", 30, "host.system_error"}, {"RC960000", 30, "host.system_error"}, {"ESCAPE00", 30, "host.system_error"}, {"RC900000", 35, "host.cutover"},
		{"RC030000", 40, "account.merchant"}, {"RC580000", 40, "account.terminal"}, {"GBKTEXT0", 40, "account.terminal"},
		{"SILENT00", 30, "host.no_response"}, {"CLOSE000", 30, "host.closed"}, {"RESET000", 30, "host.reset"},
		{"CUT00000", 30, "host.cut_short"}, {"STALL000", 30, "host.cut_short"}, {"TRICKLE0", 30, "host.cut_short"},
		{"LENLONG0", 30, "host.cut_short"}, {"LENSHORT", 30, "host.reply_length"}, {"LENZERO0", 30, "host.reply_length"},
		{"MTI08100", 30, "host.reply_message_type"}, {"MIRROR00", 30, "host.reply_message_type"}, {"OTHERTID", 30, "host.reply_other_terminal"},
		{"GARBAGE0", 50, "host.reply_not_iso8583"}, {"HTTP0000", 50, "host.reply_not_iso8583"}, {"FLOOD000", 30, "host.reply_length"},
	} {
		t.Run(c.terminal, func(t *testing.T) {
			t.Parallel()
			o := steady(t, echo(address, c.terminal, "--wait", "4s", "--format", "json")...)
			d := decode(t, o).Diagnosis
			if o.exit != c.exit || c.finding != "" && !has(d, c.finding) || c.finding == "" && slices.ContainsFunc(d.Findings, fault) {
				t.Errorf("exit %d, want %d and %q\n%s", o.exit, c.exit, c.finding, o.stdout)
			}
			if len(d.Unexplained) > 0 {
				t.Errorf("unexplained: %v", d.Unexplained)
			}
		})
	}
}

func has(d report.Diagnosis, code report.Code) bool {
	return slices.ContainsFunc(d.Findings, func(f report.Finding) bool { return f.Code == code && f.MaskedBy == "" })
}

func fault(f report.Finding) bool { return f.Kind == report.KindFault }

// TestTLSOutcomes: every way in which the practice acquirer's TLS can be wrong.
func TestTLSOutcomes(t *testing.T) {
	for _, c := range []struct {
		kind    string
		exit    int
		finding report.Code
	}{
		{"good", 0, ""}, {"tls10", 0, "note.weak_tls"}, {"rsa1024", 0, "note.weak_tls"},
		{"expired", 30, "host.certificate_expired"}, {"not-yet-valid", 30, "host.certificate_not_yet_valid"},
		{"wrong-name", 50, "host.certificate_name"}, {"unknown-ca", 50, "host.certificate_issuer"},
		{"client-cert", 50, "note.client_certificate"}, {"hang", 30, "host.tls_no_response"}, {"close", 30, "host.tls_closed"},
		{"plain-text", 50, "host.not_tls"},
	} {
		t.Run(c.kind, func(t *testing.T) {
			t.Parallel()
			s := acquirer(t, signontest.Options{TLS: c.kind})
			ca := filepath.Join(t.TempDir(), "ca.pem")
			writeFile(t, ca, string(s.Authority().PEM()))
			o := steady(t, echo(s.Addr(), testTerminal, "--ca", ca, "--format", "json")...)
			d := decode(t, o).Diagnosis
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
	if o := steady(t, "check", "--endpoint", l.Addr().String()); o.exit != 30 {
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
