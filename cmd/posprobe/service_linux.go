package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/kardianos/service"

	"posprobe/packaging"
)

// busyBoxFile is what a BusyBox system in the manner of Buildroot runs at its start: rcS
// runs all of /etc/init.d/S??*, in order.
const busyBoxFile = "/etc/init.d/S90posprobe"

// unixPath refuses a place that a service file cannot name.
func unixPath(at packaging.Place) error { return at.Check() }

// makeUser makes the user that the service runs as, unless there is one.
func makeUser() error {
	sh := exec.Command("/bin/sh", "-s")
	sh.Stdin = strings.NewReader(packaging.User)
	if out, err := sh.CombinedOutput(); err != nil {
		return fmt.Errorf("the user %s cannot be made: %s: %w", serviceName, bytes.TrimSpace(out), err)
	}
	return nil
}

// letRead lets the service's user read a configuration that is root's alone, as init
// writes it: its group may.
func letRead(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 || uidOf(info) != 0 {
		return err
	}
	u, err := user.Lookup(serviceName)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return err
	}
	return errors.Join(os.Chown(path, -1, gid), os.Chmod(path, 0o640))
}

// register installs the service so that it starts with the system.
func register(s service.Service, at packaging.Place) error {
	switch s.Platform() {
	case platformSystemd:
		if err := provideData(at.Data); err != nil {
			return err
		}
	case platformBusyBox: // the library links into /etc/rc.d, which Buildroot has not
		return os.WriteFile(busyBoxFile, []byte(at.In(packaging.Init)), 0o755)
	case platformProcd, platformSysV:
		removeLinks() // which the library does not expect
	}
	return s.Install()
}

// provideData makes the directory for data where systemd does not (StateDirectory=). Under
// the other managers run --user does that.
func provideData(dir string) error {
	if dir == packaging.Packaged.Data {
		return nil
	}
	who, err := findAccount(serviceName)
	if err != nil {
		return err
	}
	return handOver(dir, 0o750, who)
}

func unregister(s service.Service) error {
	switch s.Platform() {
	case platformBusyBox:
		return os.Remove(busyBoxFile)
	case platformProcd, platformSysV:
		defer removeLinks() // which the library forgets
	}
	return s.Uninstall()
}

// removeLinks removes the links by which runlevels know posprobe.
func removeLinks() {
	links, _ := filepath.Glob("/etc/rc*.d/[SK][0-9][0-9]" + serviceName)
	for _, l := range links {
		if to, err := os.Readlink(l); err == nil && filepath.Base(to) == serviceName {
			_ = os.Remove(l)
		}
	}
}
