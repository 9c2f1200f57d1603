package disktest

import (
	"flag"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// variable is set within a test's own mount namespace; it names its directory.
const variable = "POSPROBE_TEST_MOUNTS"

// Own runs the calling test again in a mount namespace of its own, where it may mount what
// it likes: when its process ends, however it does, the mounts are gone, and with them the
// loop devices. It returns a directory there, and "" to the caller outside, who has nothing
// left to do. Lines of tables that the test logs inside are logged outside as well. tools
// are programs that the test needs.
func Own(t *testing.T, tools ...string) (dir string) {
	t.Helper()
	if dir := os.Getenv(variable); dir != "" {
		if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	if os.Geteuid() != 0 {
		Needs(t, "not root")
	}
	for _, tool := range append(tools, "mkfs.ext4", "mount", "umount") {
		if _, err := exec.LookPath(tool); err != nil {
			Needs(t, err.Error())
		}
	}
	if _, err := os.Stat("/dev/loop-control"); err != nil {
		Needs(t, err.Error())
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
	cmd.Env = append(os.Environ(), variable+"="+t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Unshareflags: syscall.CLONE_NEWNS}
	out, err := cmd.CombinedOutput()
	text := strings.TrimSpace(string(out))
	switch {
	case err != nil && strings.Contains(text, "operation not permitted"):
		Needs(t, text)
	case err != nil:
		t.Fatalf("%v\n%s", err, text)
	case strings.Contains(text, "--- SKIP"):
		Needs(t, text)
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
