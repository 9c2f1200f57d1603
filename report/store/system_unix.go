//go:build unix

package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"posprobe/report"
)

// openFlags keep a link or a pipe that somebody left from leading us on or holding us up.
const openFlags = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// trusted returns an error if others could put files into a directory. Its owner may be
// root, this user, and for root anybody: root obeys whoever told it the path.
func trusted(path string, info fs.FileInfo) error {
	owner, ok := ownerOf(info)
	if me := os.Geteuid(); info.Mode().Perm()&0o022 != 0 || ok && owner != 0 && owner != me && me != 0 {
		return fmt.Errorf("%s can be written by other users: %w", path, fs.ErrPermission)
	}
	return nil
}

// ownerOf is the user who owns a file.
func ownerOf(info fs.FileInfo) (uid int, ok bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(s.Uid), true
}

// ours is whether a file may be appended to: it belongs to this user.
func ours(info fs.FileInfo) bool {
	owner, ok := ownerOf(info)
	return !ok || owner == os.Geteuid() || os.Geteuid() == 0
}

// share lets a group read a directory, and makes new files in it belong to the group
// (inode(7), the set-group-ID bit), unless it is so already.
func share(path string, group int) error {
	const mode = 0o750 | fs.ModeSetgid
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok && int(s.Gid) == group && info.Mode()&(fs.ModePerm|fs.ModeSetgid) == mode {
		return nil
	}
	if err := os.Chown(path, -1, group); err != nil {
		return err
	}
	return os.Chmod(path, mode)
}

// adopt gives a file that root made to the owner of its directory.
func adopt(f *os.File, dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	file, err := f.Stat()
	if err != nil {
		return err
	}
	owner, _ := ownerOf(info)
	if now, ok := ownerOf(file); ok && now != owner {
		return f.Chown(owner, -1)
	}
	return nil
}

// syncDir synchronises a directory. Some file systems cannot (EINVAL, fsync(2)); there is
// nothing better to be had there.
func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, d.Close())
}

// tryLock takes the lock that ends with the file; ErrLocked when somebody has it, and
// errors.ErrUnsupported where there are no locks.
func tryLock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return ErrLocked
	case errors.Is(err, syscall.ENOLCK), errors.Is(err, syscall.EINVAL):
		return errors.ErrUnsupported
	}
	return err
}

// full is whether there was no room: on the disk, or in the user's quota.
func full(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// systemTypes are the error numbers with a word of their own.
var systemTypes = []struct {
	number syscall.Errno
	is     report.FailureType
}{
	{syscall.EPERM, report.FailNotPermitted},
	{syscall.EMFILE, report.FailNoDescriptor},
	{syscall.ENFILE, report.FailNoDescriptor},
	{syscall.ENOMEM, report.FailNoBuffers},
}
