//go:build unix

package main

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// systemRunDir is volatile: a pause does not survive a restart.
const systemRunDir = "/run/posprobe"

// openFlags keep a link or a pipe that somebody left from leading us on or holding us up.
const openFlags = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// trusted reports whether a directory is root's, our own, or its owner's by root's will
// (the service's user), and nobody else may write in it.
func trusted(dir string) bool {
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() || info.Mode().Perm()&0o022 != 0 {
		return false
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && (s.Uid == 0 || int(s.Uid) == os.Getuid() || rootsAlone(filepath.Dir(dir)))
}

// tryLock takes the lock that ends with the file; errBusy when somebody has it.
func tryLock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errBusy
	}
	return err
}
