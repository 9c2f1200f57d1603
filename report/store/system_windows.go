package store

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/windows"

	"posprobe/report"
)

const openFlags = 0

// Who may write is left to the access lists of the directory, which files inherit.
func trusted(string, fs.FileInfo) error { return nil }
func ours(fs.FileInfo) bool             { return true }
func share(string, int) error           { return nil }
func adopt(*os.File, string) error      { return nil }

// syncDir does nothing: a directory cannot be synchronised.
func syncDir(string) error { return nil }

// tryLock takes the lock that ends with the file; ErrLocked when somebody has it.
func tryLock(f *os.File) error {
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY,
		0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return ErrLocked
	}
	return err
}

// full is whether there was no room on the disk.
func full(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}

var systemTypes = []struct {
	number syscall.Errno
	is     report.FailureType
}{}
