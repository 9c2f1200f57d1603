//go:build linux

package system

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"posprobe/probe/lab"
)

// life is what happens to an installed service.
type life struct {
	*machine
	t        *testing.T
	acquirer string // HOST:PORT
	program  string
	config   string
	data     string
	// start and stop are the manager's own commands, as an administrator types them.
	restart, reload string
}

// site is a configuration that is whole, with the fastest schedule there is.
func (l *life) site() string {
	return fmt.Sprintf(`acquirer: {endpoints: [{address: "%s"}], sign_on: {protocol: unionpay, tpdu: "6000030000"}}
terminal: {id: "99999906", merchant: "001430170119999"}
schedule: {light: 1m, full: 1m, splay: 0s, jitter: 0%%}
reports: {dir: %s}
`, l.acquirer, l.data)
}

func (l *life) posprobe(args ...string) (string, int) {
	return l.run(append([]string{l.program}, args...)...)
}

func (l *life) status() string {
	out, _ := l.posprobe("service", "status")
	return out
}

// pid is the daemon's process, as the machine counts; 0 for none.
func (l *life) pid() int {
	out, _ := l.run("cat", "/run/posprobe/daemon")
	pid, _ := strconv.Atoi(strings.TrimSpace(out))
	if _, status := l.run("kill", "-0", strconv.Itoa(pid)); pid == 0 || status != 0 {
		return 0
	}
	return pid
}

// waitsForConfig: an installed service that nobody has configured waits, and says for what.
func (l *life) waitsForConfig() {
	eventually(l.t, "waits for a configuration", func() (string, bool) {
		s := l.status()
		return s, strings.Contains(s, "acquirer.endpoints: is empty")
	})
	note(l.t, "installed, not configured", "runs and waits; service status names the missing key")
}

var rounds = regexp.MustCompile(`process (\d+), (\d+) rounds`)

// roundsMade is how many rounds a daemon says it has made.
func (l *life) roundsMade() int {
	m := rounds.FindStringSubmatch(l.status())
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[2])
	return n
}

// works: with a configuration it begins by itself, and finds the acquirer healthy.
func (l *life) works(what string) {
	began := time.Now()
	eventually(l.t, what, func() (string, bool) {
		s := l.status()
		return s, l.roundsMade() > 0 && strings.Contains(s, "HEALTHY")
	})
	note(l.t, what, "first round healthy %.0f s later", time.Since(began).Seconds())
}

// isUnprivileged: the daemon is not root and holds no capability but those named.
func (l *life) isUnprivileged(capabilities string) {
	l.t.Helper()
	text := l.must("cat", fmt.Sprintf("/proc/%d/status", l.pid()))
	if regexp.MustCompile(`(?m)^Uid:\s+0\s`).MatchString(text) {
		l.t.Errorf("runs as root")
	}
	for _, set := range []string{"CapPrm", "CapEff", "CapBnd", "CapAmb"} {
		if set == "CapAmb" && capabilities != "0000000000000000" {
			continue // systemd gives ambient ones, run --user keeps its own
		}
		if !regexp.MustCompile(`(?m)^` + set + `:\s+` + capabilities + `$`).MatchString(text) {
			l.t.Errorf("%s is not %s:\n%s", set, capabilities, text)
		}
	}
	if !regexp.MustCompile(`(?m)^NoNewPrivs:\s+1$`).MatchString(text) {
		l.t.Error("could gain privileges")
	}
	note(l.t, "the process", "not root, capabilities %s, no new privileges", capabilities)
}

// sharesLock: a technician's check, as root, and the daemon know of each other.
func (l *life) sharesLock() {
	l.t.Helper()
	if out, status := l.posprobe("check", "--config", l.config); status != 0 {
		l.t.Errorf("check beside the daemon: status %d\n%s", status, tail(out))
	}
	if out := l.sh("ls -ln /run/posprobe"); regexp.MustCompile(`(?m)^\S+ +\d+ 0 .* (lock|memory.json)$`).MatchString(out) {
		l.t.Errorf("root's check left files that the daemon cannot open:\n%s", out)
	}
	l.must(l.program, "pause", "30m")
	before := l.roundsMade()
	if out, status := l.posprobe("check", "--config", l.config); status != 50 {
		l.t.Errorf("check while paused: status %d\n%s", status, tail(out))
	}
	l.must(l.program, "resume")
	note(l.t, "check beside it, as root", "healthy; the lock and a pause are shared (%d rounds of the daemon's so far)", before)
}

// comesBack: something is done to the daemon, and another one runs soon after, by itself.
func (l *life) comesBack(what, done string) {
	l.t.Helper()
	old := l.pid()
	if old == 0 {
		l.t.Fatalf("%s: no daemon runs:\n%s", what, l.status())
	}
	began := time.Now()
	l.sh(fmt.Sprintf(done, old))
	eventually(l.t, what, func() (string, bool) {
		now := l.pid()
		return l.status(), now != 0 && now != old && strings.Contains(l.status(), "running since")
	})
	note(l.t, what, "runs again %.0f s later", time.Since(began).Seconds())
}

// bearsMistakes: a broken file is refused while the old one stays in force; a start with it
// waits; mended, it begins by itself.
func (l *life) bearsMistakes() {
	l.t.Helper()
	l.write(l.config, strings.Replace(l.site(), "endpoints", "endpoint", 1))
	old := l.pid()
	l.sh(l.reload)
	eventually(l.t, "refused", func() (string, bool) {
		s := l.status()
		return s, strings.Contains(s, "endpoint") && strings.Contains(s, "not in force")
	})
	if l.pid() != old {
		l.t.Error("the daemon did not live through a broken configuration")
	}
	note(l.t, "reload of a broken configuration", "refused, the old one stays; service status says which line")
	l.sh(l.restart)
	eventually(l.t, "waits with a broken file", func() (string, bool) {
		s := l.status()
		return s, strings.Contains(s, "running since") && strings.Contains(s, "endpoint") && l.roundsMade() == 0
	})
	note(l.t, "restart with it", "waits, and says what is wrong")
	l.write(l.config, l.site())
	l.works("mended")
}

// shop is a world with a practice acquirer in it; reaching it is all there is to do.
func shop(t *testing.T) (w *lab.World, acquirer string) {
	t.Helper()
	w = lab.New(t, lab.Options{})
	return w, w.Acquirer(lab.Acq).Addr
}
