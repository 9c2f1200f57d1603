package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"posprobe/probe/signon/signontest"
)

// stranger is a user without an entry in /etc/passwd.
const stranger = 54321

// openDir is a directory that any user may reach.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "posprobe-user-")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// owner is whose a file is.
func owner(t *testing.T, path string) int {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return uidOf(info)
}

// TestRunAsUser: run --user leaves no thread with root's identity, another group, or a
// capability that was not asked for; what it must write is that user's, and it works.
func TestRunAsUser(t *testing.T) {
	need(t, true)
	for flags, capabilities := range map[string]string{"": "0000000000000000", "--raw": "0000000000002000"} {
		t.Run("flags "+flags, func(t *testing.T) {
			t.Parallel()
			host := acquirer(t, signontest.Options{})
			dir := openDir(t)
			store, runDir, file := filepath.Join(dir, "below", "store"), filepath.Join(dir, "run"), filepath.Join(dir, "posprobe.yaml")
			writeFile(t, file, daemonYAML(host.Addr(), store, ""))
			if err := os.Chmod(file, 0o644); err != nil {
				t.Fatal(err)
			}
			program := filepath.Join(dir, "posprobe")
			text, err := os.ReadFile(hasty(t))
			if err == nil {
				err = os.WriteFile(program, text, 0o755)
			}
			if err != nil {
				t.Fatal(err)
			}
			a := startAgent(t, runDir, nil, append([]string{program, "run", "--config", file, "--user", fmt.Sprint(stranger)}, strings.Fields(flags)...)...)
			a.until("a round", func() bool { s := a.dir.status(); return s != nil && s.Rounds > 0 })

			threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", a.cmd.Process.Pid))
			if err != nil || len(threads) < 3 {
				t.Fatalf("%d threads, %v", len(threads), err)
			}
			for _, path := range threads {
				status, err := os.ReadFile(path)
				if err != nil {
					continue // a thread may end
				}
				for _, want := range []string{
					`Uid:\t54321\t54321\t54321\t54321`, `Gid:\t54321\t54321\t54321\t54321`, `Groups:\t54321 ?`, `NoNewPrivs:\t1`,
					`CapPrm:\t` + capabilities, `CapEff:\t` + capabilities, `CapBnd:\t` + capabilities, `CapInh:\t0+`, `CapAmb:\t0+`,
				} {
					if !regexp.MustCompile(`(?m)^` + want + `$`).Match(status) {
						t.Errorf("%s has no %q:\n%s", path, want, status)
					}
				}
			}
			limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", a.cmd.Process.Pid))
			if err != nil || !regexp.MustCompile(`(?m)^Max core file size +0 +0 `).Match(limits) {
				t.Errorf("core files: %v\n%s", err, limits)
			}
			// The files of a process that may not be dumped are root's (proc_pid(5)).
			if got := owner(t, fmt.Sprintf("/proc/%d/maps", a.cmd.Process.Pid)); got != 0 {
				t.Errorf("the process may be dumped: its files belong to %d", got)
			}
			for _, path := range []string{store, runDir, filepath.Join(runDir, "daemon"), filepath.Join(store, "lock")} {
				if got := owner(t, path); got != stranger {
					t.Errorf("%s belongs to %d", path, got)
				}
			}
			a.stop()
			if got := a.cmd.ProcessState.ExitCode(); got != exitHealthy {
				t.Errorf("status %d\n%s", got, a.said.String())
			}
		})
	}
}

// TestRunAsNobodyKnown: users that cannot be, and what says so.
func TestRunAsNobodyKnown(t *testing.T) {
	need(t, true)
	for args, want := range map[string]string{
		"--user root":                "is root",
		"--user 0":                   "is root",
		"--user no-such-user-at-all": "add it to /etc/passwd",
		"--user -5":                  "add it to /etc/passwd",
		"--raw":                      "--raw needs --user",
	} {
		o := run(t, []string{"POSPROBE_RUN_DIR=" + t.TempDir()}, append([]string{"run"}, strings.Fields(args)...)...)
		if o.exit == exitHealthy || !strings.Contains(o.stderr, want) {
			t.Errorf("run %s: status %d, %s", args, o.exit, o.stderr)
		}
	}
}

// TestHandOver: a directory is given away with root's own files in it, and nothing that is
// or may be somebody else's.
func TestHandOver(t *testing.T) {
	need(t, true)
	who := account{uid: stranger, gid: stranger}
	put := func(t *testing.T, dir, name string) string {
		path := filepath.Join(dir, name)
		writeFile(t, path, "")
		return path
	}
	t.Run("posprobe's own", func(t *testing.T) {
		dir := t.TempDir()
		lock, segment := put(t, dir, "lock"), put(t, dir, "failures-0000000000.ndjson")
		if err := handOver(dir, 0o750, who); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{dir, lock, segment} {
			if owner(t, path) != stranger {
				t.Errorf("%s was not handed over", path)
			}
		}
		if err := handOver(dir, 0o750, who); err != nil {
			t.Errorf("once more: %v", err)
		}
	})
	t.Run("made", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "a", "b")
		if err := handOver(dir, 0o750, who); err != nil || owner(t, dir) != stranger || owner(t, filepath.Dir(dir)) != 0 {
			t.Errorf("%v", err)
		}
	})
	t.Run("with other files", func(t *testing.T) {
		dir := t.TempDir()
		put(t, dir, "lock")
		put(t, dir, "shadow")
		if err := handOver(dir, 0o750, who); err == nil || owner(t, dir) != 0 || owner(t, filepath.Join(dir, "lock")) != 0 {
			t.Errorf("%v", err)
		}
	})
	t.Run("a second name", func(t *testing.T) {
		elsewhere, dir := t.TempDir(), t.TempDir()
		secret := put(t, elsewhere, "shadow")
		if err := os.Link(secret, filepath.Join(dir, "lock")); err != nil {
			t.Fatal(err)
		}
		_ = handOver(dir, 0o750, who)
		if owner(t, secret) != 0 {
			t.Error("a file with a second name was given away")
		}
	})
	t.Run("links", func(t *testing.T) {
		elsewhere, dir := t.TempDir(), t.TempDir()
		secret := put(t, elsewhere, "shadow")
		if err := os.Symlink(secret, filepath.Join(dir, "lock")); err != nil {
			t.Fatal(err)
		}
		_ = handOver(dir, 0o750, who)
		to := filepath.Join(t.TempDir(), "link")
		if err := os.Symlink(elsewhere, to); err != nil {
			t.Fatal(err)
		}
		if err := handOver(to, 0o750, who); err == nil {
			t.Error("a link was followed")
		}
		if owner(t, secret) != 0 || owner(t, elsewhere) != 0 {
			t.Error("what a link names was given away")
		}
	})
	t.Run("another's", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.Chown(dir, stranger+1, stranger+1); err != nil {
			t.Fatal(err)
		}
		if err := handOver(dir, 0o750, who); err == nil || owner(t, dir) != stranger+1 {
			t.Errorf("%v", err)
		}
	})
}

// TestSharedDirectory: what root puts into the directory of the service's user is that
// user's, and a file with a second name is not touched. Such a directory is trusted where
// root alone can have given it away, and nowhere else.
func TestSharedDirectory(t *testing.T) {
	need(t, true)
	parent := openDir(t)
	dir := filepath.Join(parent, "posprobe")
	if err := handOver(dir, 0o755, account{uid: stranger, gid: stranger}); err != nil {
		t.Fatal(err)
	}
	d := directories{system: dir, own: dir}
	f, err := d.file("lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if owner(t, filepath.Join(dir, "lock")) != stranger {
		t.Error("the service cannot open root's lock")
	}
	secret := filepath.Join(parent, "secret")
	writeFile(t, secret, "")
	if err := os.Link(secret, filepath.Join(dir, "pause")); err != nil {
		t.Fatal(err)
	}
	if f, err := d.file("pause", os.O_RDWR, 0o600); err == nil {
		f.Close()
		t.Error("a file with a second name was opened")
	}
	if owner(t, secret) != 0 {
		t.Error("a file with a second name was given away")
	}
	if err := syscall.Chmod(parent, 0o777); err != nil {
		t.Fatal(err)
	}
	if trusted(dir) {
		t.Error("trusted although anybody can have put it there")
	}
}
