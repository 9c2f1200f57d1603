//go:build unix

package main

import (
	"io/fs"
	"os"
	"syscall"
)

// keepReaders gives a file the owner and group of the one that it replaces, and lets that
// group read it where it could before. Where the system does not let us, nobody else
// reads it.
func keepReaders(f *os.File, was fs.FileInfo) {
	s, ok := was.Sys().(*syscall.Stat_t)
	if ok && f.Chown(int(s.Uid), int(s.Gid)) == nil {
		f.Chmod(was.Mode().Perm()&0o040 | 0o600)
	}
}
