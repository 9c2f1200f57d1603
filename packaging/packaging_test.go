package packaging

import (
	"os/exec"
	"strings"
	"testing"
)

// texts are all that are installed.
var texts = map[string]string{"systemd": Systemd, "openrc": OpenRC, "procd": Procd, "init": Init, "user": User}

// TestIn: nothing of the packaged place is left in a text for another one, and no
// place-holder that github.com/kardianos/service would fill in.
func TestIn(t *testing.T) {
	at := Place{Program: "/opt/pos/posprobe-1.2", Config: "/data/pos/p.yaml", Data: "/data/pos/store"}
	if err := at.Check(); err != nil {
		t.Fatal(err)
	}
	for name, text := range texts {
		got := at.In(text)
		for _, old := range []string{Packaged.Program, Packaged.Config, "{{"} {
			if strings.Contains(got, old) {
				t.Errorf("%s: %q is left", name, old)
			}
		}
		if name != "user" && (!strings.Contains(got, at.Program) || !strings.Contains(got, at.Config) || !strings.Contains(got, "run --wait-for-config")) {
			t.Errorf("%s does not start %+v:\n%s", name, at, got)
		}
		if Packaged.In(text) != text {
			t.Errorf("%s is not the same for the packaged place", name)
		}
	}
	unit := at.In(Systemd)
	if !strings.Contains(unit, "\nReadWritePaths=-/data/pos/store\n") || !strings.Contains(unit, "\nProtectHome=yes\n") {
		t.Errorf("%s", unit)
	}
	at.Program = "/home/pos/posprobe"
	if unit = at.In(Systemd); !strings.Contains(unit, "\nProtectHome=read-only\n") {
		t.Errorf("a program below /home could not be started:\n%s", unit)
	}
}

// TestCheck: what a shell or systemd would read as something else is refused.
func TestCheck(t *testing.T) {
	for _, path := range []string{"", "posprobe", "/opt/my pos", "/opt/$(reboot)", "/opt/%n", "/opt/a;b", "/opt/a\nb", "/opt/支付"} {
		at := Packaged
		at.Program = path
		if at.Check() == nil {
			t.Errorf("%q is accepted", path)
		}
	}
}

// TestShell: every script is one for the shells of terminals.
func TestShell(t *testing.T) {
	for _, shell := range []string{"dash", "busybox"} {
		if _, err := exec.LookPath(shell); err != nil {
			t.Skipf("NOT TESTED: no %s", shell)
		}
		for name, text := range texts {
			if name == "systemd" {
				continue
			}
			argv := map[string][]string{"dash": {"dash", "-n"}, "busybox": {"busybox", "sh", "-n"}}[shell]
			cmd := exec.Command(argv[0], argv[1:]...)
			cmd.Stdin = strings.NewReader(text)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %s: %v\n%s", shell, name, err, out)
			}
		}
	}
}

// TestNoEnd: no service manager gives up for good.
func TestNoEnd(t *testing.T) {
	for name, want := range map[string]string{
		"systemd": "\nStartLimitIntervalSec=0\n", "openrc": "\nrespawn_max=0\n", "procd": "procd_set_param respawn 60 5 0\n",
	} {
		if !strings.Contains(texts[name], want) {
			t.Errorf("%s has no %q", name, want)
		}
	}
}
