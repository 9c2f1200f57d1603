//go:build linux

package system

import (
	"strings"
	"testing"
	"time"
)

// place puts the folder of a release where a vendor would.
func (l *life) place(at string) {
	l.sh("mkdir -p " + at + " && cp -R /dist/folder/. " + at)
	l.program = at + "/posprobe"
}

// TestOpenRC: the folder, made a service by its own command.
func TestOpenRC(t *testing.T) {
	if !ready(t) {
		return
	}
	l := booted(t, root(t, "openrc", debianOpenRC), "rc-service posprobe restart", "rc-service posprobe reload")
	began := time.Now()
	eventually(t, "boots", func() (string, bool) {
		out, _ := l.run("sh", "-c", "runlevel; ls /run/openrc")
		return out, strings.Contains(out, " 2") && strings.Contains(out, "softlevel")
	})
	note(t, "boot", "runlevel 2 after %.1f s", time.Since(began).Seconds())
	l.place("/opt/pos")
	l.config, l.data = "/opt/pos/etc/posprobe.yaml", "/opt/pos/data"
	out := l.must(l.program, "service", "install", "--config", l.config)
	note(t, "posprobe service install", "%s", strings.TrimSpace(out[strings.LastIndex(strings.TrimSpace(out), "\n")+1:]))
	l.must(l.program, "service", "start")
	l.waitsForConfig()
	l.write(l.config, l.site())
	l.works("configured")
	l.sharesLock()
	l.comesBack("SIGKILL", "kill -KILL %d")
	l.bearsMistakes()
	l.must(l.program, "service", "install", "--config", l.config) // again: brings it up to date
	l.must(l.program, "service", "restart")
	l.works("installed again, restarted")
	l.must(l.program, "service", "uninstall")
	eventually(t, "stops", func() (string, bool) { return l.status(), l.pid() == 0 })
	if out := l.sh("ls /etc/init.d /etc/runlevels/*"); strings.Contains(out, "posprobe") {
		t.Errorf("still installed: %s", out)
	}
	note(t, "posprobe service uninstall", "stopped and gone; the folder is as it was")
}
