//go:build linux

package system

import (
	"strings"
	"testing"
	"time"

	"posprobe/probe/lab"
)

const overlay = "--volatile=overlay"

// leftovers lists what is left of posprobe in a machine.
const leftovers = `{ find / -xdev -name '*posprobe*' ! -path '/proc/*' ! -path '/dist/*' ! -path '/sys/*' 2>/dev/null; find /run -name '*posprobe*'; grep -l posprobe /etc/passwd /etc/group; dpkg -l posprobe 2>/dev/null | grep -E '^[ir]'; } | grep -v -e /var/log -e /run/systemd/inaccessible -e /usr/lib/debug || true`

func debOf(version string) string { return "/dist/posprobe_" + version + "_linux_amd64.deb" }

// packaged is the life of a Debian package on a booted machine, from its installation to
// its end.
func (l *life) packaged(capabilities string) {
	l.must("dpkg", "-i", debOf(older))
	l.waitsForConfig()
	l.write(l.config, l.site())
	l.works("configured")
	l.isUnprivileged(capabilities)
	l.sharesLock()
	l.comesBack("SIGKILL", "kill -KILL %d")
}

// replaced is what an upgrade, a removal and a purge leave.
func (l *life) replaced() {
	before := l.must("cat", l.config)
	kept := l.sh("ls " + l.data)
	l.must("dpkg", "-i", debOf(newer))
	if after := l.must("cat", l.config); after != before {
		l.t.Errorf("the upgrade changed the configuration:\n%s", after)
	}
	if out, _ := l.posprobe("version"); !strings.Contains(out, newer) {
		l.t.Errorf("after the upgrade: %s", out)
	}
	eventually(l.t, "runs after the upgrade", func() (string, bool) {
		s := l.status()
		return s, l.pid() != 0 && strings.Contains(s, "running since")
	})
	note(l.t, "upgrade", "new version runs, configuration and data (%d files) kept", len(strings.Fields(kept)))
	l.must("dpkg", "-r", "posprobe")
	if l.pid() != 0 {
		l.t.Error("runs although it was removed")
	}
	if out := l.sh("ls -A " + l.data + " /etc/posprobe"); !strings.Contains(out, "ndjson") || !strings.Contains(out, "posprobe.yaml") {
		l.t.Errorf("the removal did not leave data and configuration: %s", out)
	}
	note(l.t, "remove", "stopped and gone; data and configuration are there")
	l.must("dpkg", "-P", "posprobe")
	if out := strings.TrimSpace(l.sh(leftovers)); out != "" {
		l.t.Errorf("the purge left:\n%s", out)
	}
	note(l.t, "purge", "nothing is left")
}

// booted is the usual place of a package in a machine that stands in a shop.
func booted(t *testing.T, rootfs string, restart, reload string) *life {
	w, acquirer := shop(t)
	m := boot(t, rootfs, w.Name(lab.Term), packages(t), overlay)
	return &life{
		machine: m, t: t, acquirer: acquirer, program: "/usr/bin/posprobe",
		config: "/etc/posprobe/posprobe.yaml", data: "/var/lib/posprobe", restart: restart, reload: reload,
	}
}

// upAndRunning waits until systemd has nothing left to start.
func (l *life) upAndRunning() {
	began := time.Now()
	eventually(l.t, "boots", func() (string, bool) {
		out, _ := l.run("systemctl", "is-system-running")
		return out, strings.TrimSpace(out) == "running"
	})
	note(l.t, "boot", "running after %.1f s", time.Since(began).Seconds())
}

func TestSystemd(t *testing.T) {
	if !ready(t) {
		return
	}
	l := booted(t, root(t, "systemd", debianSystemd), "systemctl restart posprobe", "systemctl reload posprobe")
	l.upAndRunning()
	l.packaged("0000000000000000")
	// What hangs is seen by the watchdog; a minute is long for a test.
	l.sh("mkdir -p /etc/systemd/system/posprobe.service.d; printf '[Service]\nWatchdogSec=3\n' >/etc/systemd/system/posprobe.service.d/watchdog.conf; systemctl daemon-reload; systemctl restart posprobe")
	eventually(t, "runs", func() (string, bool) { return l.status(), l.pid() != 0 && l.roundsMade() > 0 })
	l.comesBack("SIGSTOP (watchdog of 3 s)", "kill -STOP %d")
	if out := l.sh("systemctl show -p Result -p NRestarts posprobe"); !strings.Contains(out, "NRestarts=1") {
		t.Errorf("not the watchdog: %s", out)
	}
	l.bearsMistakes()
	l.rawPing()
	l.replaced()
	l.fromFolder()
}

// fromFolder: where there was a package, the folder installs its own unit, with data in a
// place that systemd would not make.
func (l *life) fromFolder() {
	l.place("/opt/pos")
	l.config, l.data = "/opt/pos/etc/posprobe.yaml", "/opt/pos/data"
	l.sh("mkdir /opt/pos/etc")
	l.write(l.config, l.site())
	l.must(l.program, "service", "install", "--config", l.config)
	l.must(l.program, "service", "start")
	l.works("posprobe service install and start, from a folder")
	l.isUnprivileged("0000000000000000")
	eventually(l.t, "keeps data where it is told", func() (string, bool) {
		out := l.sh("ls " + l.data)
		return out, strings.Contains(out, "ndjson")
	})
	l.must(l.program, "service", "uninstall")
	if out := l.sh("systemctl list-unit-files posprobe.service || true"); strings.Contains(out, "posprobe.service") || l.pid() != 0 {
		l.t.Errorf("still there: %s", out)
	}
	note(l.t, "posprobe service uninstall", "stopped and gone")
}

// rawPing: the drop-in for raw ping and ARP is enough for those, and gives nothing else.
func (l *life) rawPing() {
	l.sh("cp /usr/share/doc/posprobe/raw.conf /etc/systemd/system/posprobe.service.d/raw.conf; systemctl daemon-reload; systemctl restart posprobe")
	eventually(l.t, "runs with the drop-in", func() (string, bool) { return l.status(), l.pid() != 0 && l.roundsMade() > 0 })
	l.isUnprivileged("0000000000002000")
	if s := l.status(); strings.Contains(s, "ping") {
		l.t.Errorf("cannot ping with the drop-in:\n%s", s)
	}
	note(l.t, "drop-in raw.conf", "CAP_NET_RAW alone; ping is permitted")
}

func TestSysV(t *testing.T) {
	if !ready(t) {
		return
	}
	l := booted(t, root(t, "sysv", debianSysV), "service posprobe restart", "service posprobe reload")
	began := time.Now()
	eventually(t, "boots", func() (string, bool) {
		out, _ := l.run("runlevel")
		return out, strings.HasSuffix(strings.TrimSpace(out), " 2")
	})
	note(t, "boot", "runlevel 2 after %.1f s", time.Since(began).Seconds())
	l.packaged("0000000000000000")
	l.bearsMistakes()
	l.must("/usr/bin/posprobe", "service", "stop")
	if l.pid() != 0 {
		t.Error("posprobe service stop did not")
	}
	l.must("/usr/bin/posprobe", "service", "start")
	l.works("posprobe service stop, start")
	l.replaced()
}
