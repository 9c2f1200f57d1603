//go:build linux

package system

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// machine is a booted system. Its root is an overlay in memory: nothing of it is left.
type machine struct {
	t    *testing.T
	name string
	init int // its process 1, as this system sees it
	log  *bytes.Buffer
}

// patience is how long anything in a machine may take: tests run beside other work.
const patience = 150 * time.Second

// boot boots a root file system in a network namespace, with a directory of this machine
// at /dist. It is ended with the test, and by the next run where the test cannot.
func boot(t *testing.T, root, netns, dist string, flags ...string) *machine {
	t.Helper()
	sweep()
	m := &machine{t: t, name: fmt.Sprintf("posprobe-test-%d-%s", os.Getpid(), filepath.Base(root)), log: new(bytes.Buffer)}
	hold(t, m.name)
	argv := append([]string{"systemd-nspawn", "-q", "-D", root, "--boot", "--register=no", "--keep-unit", "--console=pipe",
		"--machine=" + m.name, "--hostname=terminal", "--network-namespace-path=/run/netns/" + netns, "--bind-ro=" + dist + ":/dist",
		"--system-call-filter=adjtimex clock_adjtime"}, flags...)
	groups := cgroups(m.name)
	for _, g := range groups {
		if err := os.MkdirAll(g, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	// It must be in cgroups of its own before it begins: systemd in it takes over those.
	script := `for g in ` + strings.Join(groups, " ") + `; do echo $$ >$g/cgroup.procs; done; exec "$@"`
	cmd := exec.Command("sh", append([]string{"-c", script, "sh"}, argv...)...)
	cmd.Stdout, cmd.Stderr = m.log, m.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM} // on which it powers off
	started, ended := make(chan error, 1), make(chan struct{})
	go func() {
		runtime.LockOSThread() // Pdeathsig is the death of the thread
		started <- cmd.Start()
		_ = cmd.Wait()
		close(ended)
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		destroy(m.name)
		<-ended
		removeGroups(m.name)
		if t.Failed() {
			t.Logf("console of %s:\n%s", m.name, tail(m.log.String()))
		}
	})
	eventually(t, "process 1", func() (string, bool) {
		select {
		case <-ended:
			t.Fatalf("%s did not boot:\n%s", m.name, tail(m.log.String()))
		default:
		}
		out, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", cmd.Process.Pid, cmd.Process.Pid))
		m.init, _ = strconv.Atoi(strings.TrimSpace(string(out)))
		if m.init == 0 {
			return fmt.Sprint(err), false
		}
		// Until it has its own namespaces it is nspawn still.
		mine, _ := os.Readlink("/proc/self/ns/pid")
		its, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/pid_for_children", m.init))
		return fmt.Sprint(err), err == nil && its != mine
	})
	return m
}

// run runs a program in the machine.
func (m *machine) run(argv ...string) (out string, status int) {
	m.t.Helper()
	return m.input("", argv...)
}

// input is run with something on standard input.
func (m *machine) input(in string, argv ...string) (out string, status int) {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "nsenter", append([]string{"-t", strconv.Itoa(m.init), "-a", "env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"}, argv...)...)
	cmd.Stdin = strings.NewReader(in)
	cmd.WaitDelay = time.Second
	text, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || ctx.Err() != nil) {
		m.t.Fatalf("%s: %s: %v\n%s", m.name, strings.Join(argv, " "), err, tail(string(text)))
	}
	return string(text), cmd.ProcessState.ExitCode()
}

// must is run of what has to succeed.
func (m *machine) must(argv ...string) string {
	m.t.Helper()
	out, status := m.run(argv...)
	if status != 0 {
		m.t.Fatalf("%s: %s: status %d\n%s", m.name, strings.Join(argv, " "), status, tail(out))
	}
	return out
}

// sh is must of a line for the shell.
func (m *machine) sh(line string) string {
	m.t.Helper()
	return m.must("sh", "-c", line)
}

// write writes a file; one that is there keeps its rights.
func (m *machine) write(path, text string) {
	m.t.Helper()
	if out, status := m.input(text, "sh", "-c", "cat >"+path); status != 0 {
		m.t.Fatal(out)
	}
}

// eventually waits for what must come; got is what there is instead.
func eventually(t *testing.T, what string, is func() (got string, ok bool)) {
	t.Helper()
	var got string
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(200 * time.Millisecond) {
		var ok bool
		if got, ok = is(); ok {
			return
		}
	}
	t.Fatalf("%s: not within %v, but: %s", what, patience, tail(got))
}

// controllers are the cgroup hierarchies that systemd uses, in whichever layout is here.
func cgroups(name string) []string {
	var out []string
	for _, g := range []string{"/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified"} {
		if _, err := os.Stat(g); err == nil {
			out = append(out, filepath.Join(g, name))
		}
	}
	if len(out) == 0 {
		out = append(out, filepath.Join("/sys/fs/cgroup", name))
	}
	return out
}

// destroy kills whatever is in a machine's cgroups.
func destroy(name string) {
	for range 50 {
		alive := false
		for _, g := range cgroups(name) {
			_ = filepath.WalkDir(g, func(path string, _ fs.DirEntry, err error) error {
				if err != nil || filepath.Base(path) != "cgroup.procs" {
					return nil
				}
				text, _ := os.ReadFile(path)
				for field := range strings.FieldsSeq(string(text)) {
					if pid, err := strconv.Atoi(field); err == nil && pid > 1 && pid != os.Getpid() {
						alive = true
						_ = syscall.Kill(pid, syscall.SIGKILL)
					}
				}
				return nil
			})
		}
		if !alive {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// removeGroups removes a machine's cgroups, which are empty.
func removeGroups(name string) {
	for _, g := range cgroups(name) {
		var dirs []string
		_ = filepath.WalkDir(g, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				dirs = append(dirs, path)
			}
			return nil
		})
		for i := len(dirs) - 1; i >= 0; i-- {
			_ = os.Remove(dirs[i])
		}
	}
}

// locks are files that say of each machine that somebody is there to end it.
const locks = cacheDir + "/machines"

// hold keeps sweep away from a machine while this process lives.
func hold(t *testing.T, name string) {
	t.Helper()
	if err := os.MkdirAll(locks, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(locks, name)
	f, err := os.Create(path)
	if err == nil {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(path); f.Close() })
}

// sweep ends machines whose tests have died.
func sweep() {
	left, _ := filepath.Glob(locks + "/*")
	for _, path := range left {
		f, err := os.Open(path)
		if err != nil {
			continue
		}
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			name := filepath.Base(path)
			destroy(name)
			removeGroups(name)
			os.Remove(path)
		}
		f.Close()
	}
}
