package main

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

const systemRunDir = `C:\ProgramData\posprobe`

const openFlags = 0

// trusted leaves the question to the directory's access list.
func trusted(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && info.IsDir()
}

// tryLock takes the lock that ends with the file; errBusy when somebody has it.
func tryLock(f *os.File) error {
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY,
		0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return errBusy
	}
	return err
}
