//go:build unix

package store

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"posprobe/report"
	"posprobe/report/store/disktest"
)

func modeOf(t *testing.T, path string) os.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func TestPermissions(t *testing.T) {
	for umask, want := range map[int]bool{0: true, 0o077: true, 0o022: true} {
		old := syscall.Umask(umask)
		dir := filepath.Join(t.TempDir(), "store")
		s := openStore(t, dir, Options{})
		mustAppend(t, s, line(t, failure("A")), line(t, healthy("B")), state(t, "s", 1))
		Save(dir, failure("C"), Options{})
		mustClose(t, s)
		syscall.Umask(old)
		if modeOf(t, dir) != 0o700 == want {
			t.Errorf("umask %o: directory %o", umask, modeOf(t, dir))
		}
		entries, _ := os.ReadDir(dir)
		if len(entries) != 5 {
			t.Errorf("%d files", len(entries))
		}
		for _, e := range entries {
			if mode := modeOf(t, filepath.Join(dir, e.Name())); mode != 0o600 {
				t.Errorf("umask %o: %s %o", umask, e.Name(), mode)
			}
		}
	}
}

// TestGroup: a log shipper's group reads all but states.
func TestGroup(t *testing.T) {
	if os.Geteuid() != 0 {
		disktest.Needs(t, "not root")
	}
	const group = 4321
	dir := filepath.Join(t.TempDir(), "store")
	s := openStore(t, dir, Options{}) // a directory from before there was a group
	mustClose(t, s)
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	s = openStore(t, dir, Options{Group: group})
	mustAppend(t, s, line(t, failure("A")), state(t, "s", 1))
	mustClose(t, s)
	for name, want := range map[string]os.FileMode{".": 0o750, segmentName(Failures, 0): 0o640, segmentName(States, 0): 0o600, lockFile: 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		gid := info.Sys().(*syscall.Stat_t).Gid
		if mode := info.Mode().Perm(); mode != want || gid != group && name != lockFile {
			t.Errorf("%s: %o, group %d", name, mode, gid)
		}
	}
}

// TestUntrusted: a directory that others may write into is not used.
func TestUntrusted(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	s := openStore(t, dir, Options{})
	if h := s.Health(); h.Failure == nil || h.Failure.Type != report.FailAccess {
		t.Errorf("%+v", h.Failure)
	}
	if _, err := Save(dir, failure("A"), Options{}); err == nil {
		t.Error("saved where anybody may write")
	}
}

// TestOtherUser: what another user wrote is neither appended to nor in the way, and what
// root saves belongs to whoever owns the directory.
func TestOtherUser(t *testing.T) {
	if os.Geteuid() != 0 {
		disktest.Needs(t, "not root")
	}
	const user = 4322
	dir := filepath.Join(t.TempDir(), "store")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Dir(filepath.Dir(dir)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(dir, user, user); err != nil {
		t.Fatal(err)
	}
	if _, err := Save(dir, failure("A"), Options{}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, segmentName(Checks, 0)))
	if err != nil || info.Sys().(*syscall.Stat_t).Uid != user {
		t.Fatalf("the saved check is root's: %v", err)
	}
	s := openStore(t, dir, Options{}) // by hand, which must not lock the daemon out
	mustClose(t, s)
	// Segments of root's, as from a program that does not care.
	root := []string{segmentName(Failures, 0), segmentName(Healthy, 0), segmentName(States, 0)}
	for _, name := range root {
		if err := os.WriteFile(filepath.Join(dir, name), append(line(t, failure("ROOT")).text, "torn"...), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	asUser(t, user, "otheruser", dir)
	for _, name := range root {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(text[len(text)-4:]) != "torn" {
			t.Errorf("%s was touched: %v", name, err)
		}
	}
	if got := ids(readAll(t, dir)); got != "ROOT C A ROOT B" {
		t.Errorf("%s", got)
	}
}
