//go:build linux

package system

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"posprobe/probe/lab"
)

// TestBusyBox: a terminal with BusyBox and a vendor's folder, on a root that cannot be
// written, with no /var and no time zone table. The folder's init script and its line for
// inittab both bring posprobe back without end.
func TestBusyBox(t *testing.T) {
	if !ready(t, "dpkg-deb", "apt-get") {
		return
	}
	for _, by := range []string{"script", "inittab"} {
		w, acquirer := shop(t)
		rootfs := terminal(t, by)
		m := boot(t, rootfs, w.Name(lab.Term), packages(t), "--read-only", "--timezone=off", "--tmpfs=/tmp", "--tmpfs=/data", "--bind-ro="+packages(t)+"/folder:/opt/pos")
		l := &life{machine: m, t: t, acquirer: acquirer, program: "/opt/pos/posprobe", config: "/data/posprobe.yaml", data: "/data/posprobe"}
		began := time.Now()
		eventually(t, "runs", func() (string, bool) {
			s := l.status()
			return s, strings.Contains(s, "running since")
		})
		note(t, "boot, "+by, "posprobe runs and waits after %.1f s", time.Since(began).Seconds())
		l.write(l.config, l.site())
		l.works("configured, " + by)
		l.isUnprivileged("0000000000000000")
		l.comesBack("SIGKILL, "+by, "kill -KILL %d")
		for range 8 { // more often than procd's five, or any other number, allows
			l.comesBack("again, "+by, "kill -KILL %d")
			if by == "script" { // which waits longer each time, up to a minute
				break
			}
		}
		if by == "script" {
			l.reload, l.restart = "/etc/init.d/S90posprobe reload", "/etc/init.d/S90posprobe restart"
			l.bearsMistakes()
			l.must("/etc/init.d/S90posprobe", "stop")
			if l.pid() != 0 {
				t.Error("stop did not")
			}
		}
	}
}

// terminal is BusyBox's root with posprobe started by its script, or by inittab. A root
// that cannot be written is what it is: both are there before it is booted.
func terminal(t *testing.T, by string) string {
	t.Helper()
	dir := t.TempDir() + "/terminal-" + by
	sh(t, "cp", "-a", root(t, "busybox", busyBox), dir)
	sh(t, "mkdir", "-p", dir+"/dist", dir+"/opt/pos", dir+"/etc/default")
	const adapt = `sed -e 's|/usr/bin/posprobe|/opt/pos/posprobe|; s|/etc/posprobe/posprobe.yaml|/data/posprobe.yaml|'`
	script := map[string]string{
		"script":  `%[1]s %[2]s/packaging/init/posprobe >%[3]s/etc/init.d/S90posprobe; chmod +x %[3]s/etc/init.d/S90posprobe`,
		"inittab": `%[1]s %[2]s/packaging/init/inittab | grep '^::respawn' >>%[3]s/etc/inittab`,
	}[by]
	sh(t, "sh", "-c", fmt.Sprintf(script, adapt, moduleRoot, dir))
	return dir
}
