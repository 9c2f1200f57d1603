package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
)

// ownFiles are the names that posprobe gives to files in its directories.
var ownFiles = regexp.MustCompile(`^(lock|daemon|pause|refused|[a-z]+\.json|[a-z]+-[0-9]{10,}\.ndjson)$`)

// maxHandOver bounds how many files are handed over; the store keeps fewer.
const maxHandOver = 10_000

// handOver gives a directory of posprobe's, and root's files in it, to a user; it is made
// if need be. A directory with anything else in it is somebody else's, whatever the
// configuration says, and stays as it is.
func handOver(dir string, mode fs.FileMode, who account) error {
	_, err := os.Lstat(dir)
	if made := errors.Is(err, fs.ErrNotExist); made {
		if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
			return err
		}
		if err := os.Mkdir(dir, mode); err != nil {
			return err
		}
	}
	d, err := os.OpenFile(dir, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	defer d.Close()
	info, err := d.Stat()
	if err != nil {
		return err
	}
	if owner := uidOf(info); owner != 0 && owner != who.uid {
		return fmt.Errorf("%s belongs to user %d, and not to %d: chown it", dir, owner, who.uid)
	}
	names, err := d.Readdirnames(maxHandOver + 1)
	if err != nil && len(names) > 0 {
		return err
	}
	for _, name := range names {
		if !ownFiles.MatchString(name) || len(names) > maxHandOver {
			return fmt.Errorf("%s holds other files, such as %q: give posprobe a directory of its own", dir, name)
		}
	}
	if err := d.Chown(who.uid, who.gid); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, name := range names {
		if err := handOverFile(root, name, who); err != nil {
			return fmt.Errorf("%s: %w", filepath.Join(dir, name), err)
		}
	}
	return nil
}

// handOverFile gives a file to a user if it is root's, and has no second name elsewhere
// that would be given away with it.
func handOverFile(dir *os.Root, name string, who account) error {
	f, err := dir.OpenFile(name, os.O_RDONLY|openFlags, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); !ok || !info.Mode().IsRegular() || s.Uid != 0 || s.Nlink != 1 {
		return nil
	}
	return f.Chown(who.uid, who.gid)
}

// uidOf is the user who owns a file.
func uidOf(info fs.FileInfo) int {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(s.Uid)
	}
	return -1
}
