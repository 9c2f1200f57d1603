package probe

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestRealReadOnly lets this kernel stop a file system after an error, and mounts one
// read-only. It happens in a mount namespace that ends with the shell.
func TestRealReadOnly(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("NOT TESTED: not root, and mounting needs it")
	}
	for _, program := range []string{"unshare", "mount", "mkfs.ext4"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("NOT TESTED: no " + program)
		}
	}
	dir := t.TempDir()
	image, mounted := filepath.Join(dir, "image"), filepath.Join(dir, "mounted")
	if err := os.Mkdir(mounted, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(image, make([]byte, 8<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mkfs.ext4", "-q", "-F", "-O", "^has_journal", image).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, tt := range []struct {
		options, then string
		want          bool
	}{
		{"errors=remount-ro", "true", false},
		{"errors=remount-ro", `echo test >/sys/fs/ext4/$(basename $(findmnt -n -o SOURCE "$2"))/trigger_fs_error`, true},
		{"ro", "true", false},
		{"rw", `mount -o remount,ro "$2"`, false},
	} {
		// The mount is gone with the namespace, and the loop device with the mount.
		script := `mount -o loop,` + tt.options + ` "$1" "$2" && ` + tt.then + ` && stat -c %d "$2" && cat /proc/self/mountinfo`
		out, err := exec.Command("unshare", "-m", "sh", "-c", script, "sh", image, mounted).Output()
		if err != nil {
			t.Skipf("NOT TESTED: no loop device or ext4 here: %v", err)
		}
		number, mounts, _ := strings.Cut(string(out), "\n")
		device, err := strconv.ParseUint(number, 10, 64)
		if got, found := findMount(mounts, deviceName(device)); !found || got.turned != tt.want || err != nil {
			t.Errorf("%s, then %s: %+v, %v\n%s", tt.options, tt.then, got, err, out)
		}
	}
	if m, _ := mountOf(dir); m.turned || m.readOnly {
		t.Error("the file system of the tests has stopped")
	}
}
