package store

import (
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// mountVariable is set within a test's own mount namespace; it names its directory.
const mountVariable = "POSPROBE_STORE_TEST_MOUNTS"

// ownMounts runs the calling test again in a mount namespace of its own, where it may mount
// what it likes: when its process ends, however it does, the mounts are gone, and with
// them the loop devices. It returns a directory there, and "" to the caller outside, who
// has nothing left to do.
func ownMounts(t *testing.T, tools ...string) string {
	t.Helper()
	if dir := os.Getenv(mountVariable); dir != "" {
		if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	if os.Geteuid() != 0 {
		needs(t, "not root")
	}
	for _, tool := range append(tools, "mount", "umount") {
		if _, err := exec.LookPath(tool); err != nil {
			needs(t, err.Error())
		}
	}
	if _, err := os.Stat("/dev/loop-control"); err != nil {
		needs(t, err.Error())
	}
	runtime.LockOSThread() // the thread's end would be taken for the parent's
	defer runtime.UnlockOSThread()
	args := []string{"-test.run=^" + t.Name() + "$", "-test.count=1", "-test.v", "-test.timeout=0"}
	flag.Visit(func(f *flag.Flag) {
		if !strings.HasPrefix(f.Name, "test.") || f.Name == "test.short" {
			args = append(args, "-"+f.Name+"="+f.Value.String())
		}
	})
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), mountVariable+"="+t.TempDir())
	dieWithParent(cmd)
	cmd.SysProcAttr.Unshareflags = syscall.CLONE_NEWNS
	out, err := cmd.CombinedOutput()
	text := strings.TrimSpace(string(out))
	switch {
	case err != nil && strings.Contains(text, "operation not permitted"):
		needs(t, text)
	case err != nil:
		t.Fatalf("%v\n%s", err, text)
	case strings.Contains(text, "--- SKIP"):
		needs(t, text)
	case !strings.Contains(text, "--- PASS"):
		t.Fatalf("the test did not run:\n%s", text)
	}
	for l := range strings.Lines(text) {
		if _, table, ok := strings.Cut(l, ": |"); ok {
			t.Log("|" + strings.TrimRight(table, "\n"))
		}
	}
	return ""
}

func run(t testing.TB, command ...string) string {
	t.Helper()
	out, err := exec.Command(command[0], command[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", strings.Join(command, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// ext4 makes a file system in a file, in blocks of 4 KiB as on a terminal's flash.
func ext4(t testing.TB, image string, size int64, options ...string) {
	t.Helper()
	if err := errors.Join(os.WriteFile(image, nil, 0o600), os.Truncate(image, size)); err != nil {
		t.Fatal(err)
	}
	run(t, append(append([]string{"mkfs.ext4", "-q", "-F", "-b", "4096", "-E", "lazy_itable_init=0,lazy_journal_init=0"}, options...), image)...)
}

// mount mounts an image until unmount, or the end of the namespace.
func mount(t testing.TB, image, at, options string) {
	t.Helper()
	if err := os.MkdirAll(at, 0o700); err != nil {
		t.Fatal(err)
	}
	run(t, "mount", "-o", strings.TrimSuffix("loop,noatime,"+options, ","), image, at)
}

func unmount(t testing.TB, at string) {
	t.Helper()
	waitFor(t, at+" is let go of", func() bool { return !errors.Is(unix.Unmount(at, 0), unix.EBUSY) })
}

// cutPower does to a mounted ext4 what a power cut does: from now on nothing reaches the
// disk, not even the journal's memory (EXT4_IOC_SHUTDOWN with NOLOGFLUSH, fs/ext4/ext4.h).
func cutPower(t testing.TB, at string) {
	t.Helper()
	d, err := os.Open(at)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := unix.IoctlSetPointerInt(int(d.Fd()), ioctlShutdown, shutdownNoLogFlush); err != nil {
		if errors.Is(err, unix.ENOTTY) || errors.Is(err, unix.EOPNOTSUPP) {
			t.Skipf("this kernel's ext4 cannot be shut down: %v", err)
		}
		t.Fatal(err)
	}
}

const (
	ioctlShutdown      = 0x8004587d // _IOR('X', 125, __u32)
	shutdownNoLogFlush = 2
)

// copySparse copies an image.
func copySparse(t testing.TB, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	info, err := in.Stat()
	if err == nil {
		_, err = io.Copy(out, in)
	}
	if err := errors.Join(err, out.Truncate(info.Size()), out.Close()); err != nil {
		t.Fatal(err)
	}
}
