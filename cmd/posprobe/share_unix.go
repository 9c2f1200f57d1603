//go:build unix

package main

import (
	"fmt"
	"os"
	"syscall"
)

// rootsAlone reports whether nobody but root may write in a directory: whatever belongs to
// somebody else in there was given to him by root.
func rootsAlone(dir string) bool {
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() || info.Mode().Perm()&0o022 != 0 {
		return false
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && s.Uid == 0
}

// share gives a file to the owner of its directory where root has made it there: the lock
// of root's check must be one that the service, which is not root, can take too. A file
// with a second name may be one that somebody wants to be given, and is refused.
func share(f *os.File, dir string) error {
	if os.Getuid() != 0 {
		return nil
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	file, err := f.Stat()
	if err != nil {
		return err
	}
	d, known := info.Sys().(*syscall.Stat_t)
	s, knows := file.Sys().(*syscall.Stat_t)
	if !known || !knows || d.Uid == 0 {
		return nil
	}
	if s.Nlink != 1 {
		return fmt.Errorf("%s has a second name; remove it", f.Name())
	}
	if s.Uid == 0 {
		return f.Chown(int(d.Uid), int(d.Gid))
	}
	return nil
}
