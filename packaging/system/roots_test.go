//go:build linux

package system

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// full runs the tests that boot machines; without it this package tests next to nothing.
var full = flag.Bool("full", false, "boot systems and test the packages in them (as root; fetches Debian the first time)")

// cacheDir holds root file systems, which take half a minute each to make, between runs.
const cacheDir = "/var/cache/posprobe-test"

// suite is the Debian that is booted.
const suite, mirror = "bookworm", "http://deb.debian.org/debian"

// ready reports whether machines are to be booted; where that was asked for and cannot be,
// the test fails.
func ready(t *testing.T, tools ...string) bool {
	t.Helper()
	if !*full {
		return false
	}
	for _, tool := range append([]string{"debootstrap", "systemd-nspawn", "nsenter"}, tools...) {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%v: apt-get install debootstrap systemd-container", err)
		}
	}
	if os.Geteuid() != 0 {
		t.Fatal("not root")
	}
	return true
}

// root is a cached root file system, made by the function of its name if there is none.
func root(t *testing.T, name string, create func(t *testing.T, dir string)) string {
	t.Helper()
	dir := filepath.Join(cacheDir, name)
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	if err := os.MkdirAll(cacheDir, 0o755); err != nil {
		t.Fatal(err)
	}
	unfinished := dir + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		t.Fatal(err)
	}
	create(t, unfinished)
	if err := os.Rename(unfinished, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func debianSystemd(t *testing.T, dir string) {
	sh(t, "debootstrap", "--variant=minbase", "--include=systemd,systemd-sysv,dbus,iproute2,procps", suite, dir, mirror)
}

func debianSysV(t *testing.T, dir string) {
	sh(t, "debootstrap", "--variant=minbase", "--include=sysvinit-core,insserv,iproute2,procps", "--exclude=systemd,systemd-sysv", suite, dir, mirror)
}

// debianOpenRC is made from the other: debootstrap cannot choose OpenRC, which conflicts
// with what it chooses for it.
func debianOpenRC(t *testing.T, dir string) {
	sh(t, "cp", "-a", root(t, "sysv", debianSysV), dir)
	policy := filepath.Join(dir, "usr/sbin/policy-rc.d") // nothing is started while it installs
	if err := os.WriteFile(policy, []byte("#!/bin/sh\nexit 101\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	sh(t, "chroot", dir, "sh", "-c", "DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openrc")
	if err := os.Remove(policy); err != nil {
		t.Fatal(err)
	}
}

// busyBox is BusyBox, the files it needs to be an init, and a folder for a vendor's
// programs: no package manager, no tzdata, no /var.
func busyBox(t *testing.T, dir string) {
	for _, d := range []string{"bin", "sbin", "etc/init.d", "proc", "sys", "dev", "run", "tmp", "opt", "data", "root", "usr/bin"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	// The static one: this machine's may need libraries, and cannot be replaced.
	sh(t, "sh", "-c", "cd "+dir+"/tmp && apt-get download -qq busybox-static && dpkg-deb -x busybox-static_*.deb x && cp x/bin/busybox ../bin && rm -rf x *.deb")
	sh(t, "chroot", dir, "/bin/busybox", "--install", "-s", "/bin")
	files := map[string]string{
		"etc/passwd":      "root:x:0:0:root:/root:/bin/sh\nposprobe:x:990:990:posprobe:/:/bin/false\n",
		"etc/group":       "root:x:0:\nposprobe:x:990:\n",
		"etc/os-release":  "ID=terminal\n",
		"etc/inittab":     "::sysinit:/etc/init.d/rcS\n::respawn:/bin/sleep 3600\n::shutdown:/etc/init.d/rcK\n",
		"etc/init.d/rcS":  "#!/bin/sh\nmount -t tmpfs tmpfs /tmp 2>/dev/null\nfor i in /etc/init.d/S??*; do [ -x \"$i\" ] && \"$i\" start; done\n",
		"etc/init.d/rcK":  "#!/bin/sh\nfor i in /etc/init.d/S??*; do [ -x \"$i\" ] && \"$i\" stop; done\n",
		"etc/resolv.conf": "",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/bin/busybox", filepath.Join(dir, "sbin/init")); err != nil {
		t.Fatal(err)
	}
}

// sh runs a program of this machine and fails the test where it does.
func sh(t *testing.T, argv ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), argv[0], argv[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(argv, " "), err, tail(string(out)))
	}
	return string(out)
}

// tail is the end of a long output.
func tail(s string) string {
	if len(s) > 3000 {
		return fmt.Sprintf("[%d bytes]...%s", len(s)-3000, s[len(s)-3000:])
	}
	return s
}
