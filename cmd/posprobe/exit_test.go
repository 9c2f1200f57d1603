package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"posprobe/probe/signon/signontest"
	"posprobe/report"
)

// known ends the name of a case on a terminal where this exchange once succeeded.
const known = ", reached before"

// TestExitStatus runs every verdict and every exit status that needs no broken network
// (those are in probe/lab) from the real binary.
func TestExitStatus(t *testing.T) {
	good := acquirer(t, signontest.Options{}).Addr()
	closed := closedPort(t)
	window := filepath.Join(t.TempDir(), "maintenance.yaml")
	writeFile(t, window, "acquirer:\n  maintenance:\n    - {from: "+time.Now().Add(-time.Hour).Format(time.RFC3339)+
		", until: "+time.Now().Add(time.Hour).Format(time.RFC3339)+", note: release}\n")
	for _, c := range []struct {
		name    string
		args    []string
		exit    int
		verdict report.Verdict
		code    report.Code
		planned report.Planned
	}{
		{"healthy", echo(good, testTerminal), 0, report.VerdictHealthy, "", ""},
		{"healthy without sign-on", []string{"check", "--endpoint", good}, 0, report.VerdictHealthy, "", ""},
		{"message unsupported is healthy", echo(good, "RC400000"), 0, report.VerdictHealthy, "", ""},
		{"device", []string{"check", "--endpoint", "pos.acquirer.example:5500", "--resolver", "127.0.0.1:9"}, 10, report.VerdictFault, "device.resolver_given", ""},
		{"host", echo(good, "RC960000"), 30, report.VerdictFault, "host.system_error", ""},
		{"refused, never reached before", echo(closed, testTerminal), 50, report.VerdictInconclusive, "", ""},
		{"host refused" + known, echo(closed, testTerminal), 30, report.VerdictFault, "host.refused", ""},
		{"host degraded" + known, echo(closed, testTerminal, "--endpoint", good), 30, report.VerdictDegraded, "host.refused", ""},
		{"host, cut-over", echo(good, "RC900000"), 35, report.VerdictFault, "host.cutover", report.PlannedCutover},
		{"host, maintenance", echo(good, "RC960000", "--config", window), 35, report.VerdictFault, "host.system_error", report.PlannedMaintenance},
		{"account, terminal", echo(good, "RC970000"), 40, report.VerdictFault, "account.terminal", ""},
		{"account, merchant", echo(good, "RC030000"), 40, report.VerdictFault, "account.merchant", ""},
		{"inconclusive", echo(good, "GARBAGE0"), 50, report.VerdictInconclusive, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var env []string
			if strings.HasSuffix(c.name, known) {
				env = knowing(t, decode(t, steady(t, append(c.args, "--format", "json")...)))
			}
			o := steadyWith(t, env, append(c.args, "--format", "json")...)
			d := decode(t, o).Diagnosis
			if o.exit != c.exit || d.Verdict != c.verdict || d.Code != c.code || d.Planned != c.planned {
				t.Errorf("exit %d, %s %q %q; want %d, %s %q %q\n%s", o.exit, d.Verdict, d.Code, d.Planned, c.exit, c.verdict, c.code, c.planned, o.stdout)
			}
			if o.stderr != "" {
				t.Errorf("standard error: %s", o.stderr)
			}
			if text := steadyWith(t, env, c.args...); text.exit != c.exit || !strings.Contains(text.stdout, strings.ToUpper(string(c.verdict))) {
				t.Errorf("as text: exit %d\n%s", text.exit, text.stdout)
			}
		})
	}
}

// closedPort is an address on which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	return l.Addr().String()
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestUsage: wrong usage is exit 2, nothing on standard output, and a message that
// names the thing, the value and the remedy.
func TestUsage(t *testing.T) {
	for _, c := range []struct {
		args string
		want string
	}{
		{"", "posprobe check"},
		{"chekc", `"chekc" is no command; posprobe help lists them`},
		{"check", "--endpoint"},
		{"check --endpoint nowhere", `--endpoint "nowhere": `},
		{"check --endpoint 127.0.0.1:99999", `--endpoint "127.0.0.1:99999": `},
		{"check --endpoint 127.0.0.1:1 --wait 90s", `--wait "90s": `},
		{"check --endpoint 127.0.0.1:1 --wait 5", `--wait "5": `},
		{"check --endpoint 127.0.0.1:1 --protocol visa", `--protocol "visa": `},
		{"check --endpoint 127.0.0.1:1 --protocol unionpay", "--terminal"},
		{"check --endpoint 127.0.0.1:1 --protocol unionpay --terminal 123 --merchant 001430170119999 --tpdu 6000030000", `--terminal (3 characters): `},
		{"check --endpoint 127.0.0.1:1 --protocol unionpay --terminal 99999906 --merchant 001430170119999 --tpdu 60", `--tpdu "60": `},
		{"check --endpoint 127.0.0.1:1 --pin sha1/abc", `--pin "sha1/abc": `},
		{"check --endpoint 127.0.0.1:1 --ca /nonexistent.pem", `--ca "/nonexistent.pem": `},
		{"check --endpoint 127.0.0.1:1 --resolver dns.example", `--resolver "dns.example": `},
		{"check --endpoint 127.0.0.1:1 --format yaml", `--format "yaml": no such format; write text or json`},
		{"check --endpoint 127.0.0.1:1 --lang fr", `--lang "fr": no such language; write zh or en`},
		{"check --endpoint 127.0.0.1:1 --width 5", "--width 5: out of range; write 20 to 500 columns"},
		{"check --endpoint 127.0.0.1:1 --terminal 99999906", "--terminal: has no use with protocol none; add --protocol unionpay"},
		{"check --endpoint 127.0.0.1:1 --bogus", "-bogus; posprobe help check lists the flags"},
		{"check --endpoint 127.0.0.1:1 extra", `one argument too many`},
		{"check --config /nonexistent.yaml", "/nonexistent.yaml"},
		{"check --endpoint 127.0.0.1:1 --protocol unionpay --terminal 99999906 --merchant 001430170119999 --tpdu 6000030000 --message sign-on", consentFlag},
		{"diagnose", "argument is missing"},
		{"diagnose /nonexistent.json", "/nonexistent.json"},
		{"pause", "argument is missing"},
		{"pause 5", `pause "5": not a duration up to 7 days; write for example 30m or 2h`},
		{"pause 800h", `pause "800h": not a duration`},
		{"config", "posprobe config check"},
		{"config check --config /nonexistent.yaml", "/nonexistent.yaml"},
	} {
		o := run(t, nil, strings.Fields(c.args)...)
		if o.exit != 2 || o.stdout != "" || !strings.Contains(o.stderr, c.want) {
			t.Errorf("posprobe %s: exit %d, want 2 and %q\nstdout %s\nstderr %s", c.args, o.exit, c.want, o.stdout, o.stderr)
		}
	}
	for _, args := range []string{"help", "--help", "check --help", "version"} {
		if o := run(t, nil, strings.Fields(args)...); o.exit != 0 || !strings.Contains(o.stdout, "posprobe") {
			t.Errorf("posprobe %s: exit %d %s", args, o.exit, o.stdout)
		}
	}
}

// TestSignOn: the message that replaces working keys needs the flag, repeats its
// warning, and its keys appear nowhere.
func TestSignOn(t *testing.T) {
	s := acquirer(t, signontest.Options{})
	o := run(t, nil, echo(s.Addr(), "SECRETS0", "--message", "sign-on", consentFlag, "--format", "json")...)
	r := decode(t, o)
	if o.exit != 0 || len(r.Evidence.SignOns) != 1 || r.Evidence.SignOns[0].MessageType != "0800" || r.Evidence.SignOns[0].ReplyType != "0810" {
		t.Errorf("exit %d: %s", o.exit, o.stdout)
	}
	if !strings.Contains(o.stderr, "must sign on again") {
		t.Errorf("no warning: %q", o.stderr)
	}
}

// TestOneSignOn: with several endpoints a sign-on is sent once, to the main one.
func TestOneSignOn(t *testing.T) {
	main, backup := acquirer(t, signontest.Options{}), acquirer(t, signontest.Options{})
	o := run(t, nil, echo(main.Addr(), testTerminal, "--endpoint", backup.Addr(), "--message", "sign-on", consentFlag, "--format", "json")...)
	if main.Requests() != 1 || backup.Requests() != 0 || backup.Connections() != 1 {
		t.Errorf("main took %d messages, backup %d", main.Requests(), backup.Requests())
	}
	if o.exit != 0 {
		t.Errorf("exit %d: %s", o.exit, o.stdout)
	}
}

// TestPause: while a pause holds nothing is sent, and the check says why.
func TestPause(t *testing.T) {
	s := acquirer(t, signontest.Options{})
	dir := []string{"POSPROBE_RUN_DIR=" + t.TempDir()}
	if o := run(t, dir, "pause", "1h"); o.exit != 0 || !strings.Contains(o.stderr, "no packets until") {
		t.Fatalf("pause: %+v", o)
	}
	o := run(t, dir, echo(s.Addr(), testTerminal, "--format", "json")...)
	r := decode(t, o)
	if o.exit != 50 || s.Connections() != 0 || len(r.Evidence.Lookups)+len(r.Evidence.Pings)+len(r.Evidence.Connects) != 0 {
		t.Errorf("paused: exit %d, %d connections: %s", o.exit, s.Connections(), o.stdout)
	}
	if text := run(t, dir, echo(s.Addr(), testTerminal)...); !strings.Contains(text.stdout, "paused") {
		t.Errorf("the text does not say so: %s", text.stdout)
	}
	if o := run(t, dir, "resume"); o.exit != 0 {
		t.Fatalf("resume: %+v", o)
	}
	if o := run(t, dir, echo(s.Addr(), testTerminal)...); o.exit != 0 {
		t.Errorf("after resume: %+v", o)
	}
}

// TestDiagnose: a saved report gives the same verdict and exit status again, in either
// language, from a file or standard input, one or many.
func TestDiagnose(t *testing.T) {
	s := acquirer(t, signontest.Options{})
	saved := run(t, nil, echo(s.Addr(), "RC970000", "--format", "json")...)
	other := run(t, nil, echo(s.Addr(), testTerminal, "--format", "json")...)
	path := filepath.Join(t.TempDir(), "reports.json")
	writeFile(t, path, other.stdout+saved.stdout)
	o := run(t, nil, "diagnose", path, "--format", "json")
	if o.exit != 40 || o.stdout != other.stdout+saved.stdout {
		t.Errorf("again: exit %d\n%s\nwas\n%s", o.exit, o.stdout, other.stdout+saved.stdout)
	}
	if o := runWith(t, saved.stdout, nil, "diagnose", "--lang", "zh", "-"); o.exit != 40 || !strings.Contains(o.stdout, "account.terminal") || !strings.Contains(o.stdout, "终端号") {
		t.Errorf("from standard input: %+v", o)
	}
	for name, text := range map[string]string{"empty": "", "not JSON": "hello", "no report": "{}", "cut short": saved.stdout[:200],
		"newer": strings.Replace(saved.stdout, `{"schema":1`, `{"schema":9`, 1), "endless": strings.Repeat(" ", 9_000_000)} {
		if o := runWith(t, text, nil, "diagnose", "-"); o.exit != 2 || o.stdout != "" || !strings.HasPrefix(o.stderr, "posprobe: -: report 1: ") {
			t.Errorf("%s: %+v", name, o)
		}
	}
}
