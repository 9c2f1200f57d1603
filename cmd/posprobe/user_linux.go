package main

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// account is whom the daemon becomes.
type account struct {
	uid, gid int
	groups   []int
}

// findAccount looks a user up by name or number. A number needs no entry in /etc/passwd:
// many terminals have none but root's.
func findAccount(name string) (account, error) {
	u, err := user.Lookup(name)
	if err != nil {
		id, bad := strconv.Atoi(name)
		if bad != nil || id < 0 {
			return account{}, fmt.Errorf("--user %q: there is no such user; add it to /etc/passwd, or write a number", name)
		}
		if u, err = user.LookupId(name); err != nil {
			return account{uid: id, gid: id, groups: []int{id}}, nil
		}
	}
	var a account
	var problems [2]error
	a.uid, problems[0] = strconv.Atoi(u.Uid)
	a.gid, problems[1] = strconv.Atoi(u.Gid)
	if err := errors.Join(problems[:]...); err != nil {
		return account{}, fmt.Errorf("--user %q: %w", name, err)
	}
	a.groups = []int{a.gid}
	all, _ := u.GroupIds() // without /etc/group there is the one
	for _, g := range all {
		if id, err := strconv.Atoi(g); err == nil && id != a.gid {
			a.groups = append(a.groups, id)
		}
	}
	return a, nil
}

// dropTo makes this process that of another user, for good: no capability is left but
// CAP_NET_RAW with raw, and no way to get one back. What that user must write is given to
// him first, as only root can. Started by that user it has nothing to do but to close the
// ways back.
func (a app) dropTo(name string, raw bool, data string) error {
	who, err := findAccount(name)
	if err != nil {
		return err
	}
	if who.uid == 0 {
		return fmt.Errorf("--user %q is root; name another user", name)
	}
	if os.Getuid() != 0 {
		if os.Getuid() != who.uid {
			return fmt.Errorf("--user %q: only root can become another user", name)
		}
		return noNewPrivileges()
	}
	for dir, mode := range map[string]os.FileMode{runDir(a.env).system: 0o755, data: 0o750} {
		if err := handOver(dir, mode, who); err != nil {
			a.complain(fmt.Sprintf("%v; posprobe works without, from memory", err))
		}
	}
	if err := who.become(raw); err != nil {
		return fmt.Errorf("--user %s: %w", name, err)
	}
	return nil
}

// become changes user and groups of all threads (credentials(7): the kernel keeps them by
// thread, package syscall sets them in all).
func (who account) become(raw bool) error {
	if raw { // or the change of user clears it (capabilities(7))
		if err := prctl(unix.PR_SET_KEEPCAPS, 1); err != nil {
			return err
		}
	}
	for c := uintptr(0); c <= unix.CAP_LAST_CAP; c++ {
		if raw && c == unix.CAP_NET_RAW {
			continue
		}
		if err := prctl(unix.PR_CAPBSET_DROP, c); errors.Is(err, syscall.EINVAL) {
			break // the kernel knows no more
		} else if err != nil {
			return err
		}
	}
	if err := errors.Join(syscall.Setgroups(who.groups), syscall.Setresgid(who.gid, who.gid, who.gid), syscall.Setresuid(who.uid, who.uid, who.uid)); err != nil {
		return err
	}
	if err := setCapabilities(raw); err != nil {
		return err
	}
	if err := noNewPrivileges(); err != nil {
		return err
	}
	harden() // the change of user has put PR_SET_DUMPABLE back (prctl(2))
	if syscall.Setresuid(0, 0, 0) == nil || syscall.Setresgid(0, 0, 0) == nil {
		return errors.New("root could be regained")
	}
	return nil
}

// setCapabilities leaves CAP_NET_RAW, or nothing.
func setCapabilities(raw bool) error {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if raw {
		data[0].Permitted, data[0].Effective = 1<<unix.CAP_NET_RAW, 1<<unix.CAP_NET_RAW
	}
	return all(unix.SYS_CAPSET, uintptr(unsafe.Pointer(&header)), uintptr(unsafe.Pointer(&data)))
}

// noNewPrivileges keeps programs that would give some from doing so (prctl(2)).
func noNewPrivileges() error { return prctl(unix.PR_SET_NO_NEW_PRIVS, 1) }

// prctl does the same for every thread.
func prctl(what, value uintptr) error { return all(unix.SYS_PRCTL, what, value) }

// all makes a system call in every thread, as pure Go allows (syscall.AllThreadsSyscall).
//
//go:uintptrescapes
func all(call, a, b uintptr) error {
	if _, _, errno := syscall.AllThreadsSyscall(call, a, b, 0); errno != 0 {
		return errno
	}
	return nil
}
