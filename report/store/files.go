package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// files is what a store does to its directory; tests put one in its place that fails.
// Names are those of files in the directory.
type files interface {
	// Prepare makes the directory where it is missing, and fails where others could write
	// into it.
	Prepare() error
	// Share lets the group that is to read into the directory.
	Share() error
	// Lock keeps other writers out until it is closed; ErrLocked when there is one. It is
	// nil where the file system knows no locks.
	Lock() (io.Closer, error)
	List() ([]fs.FileInfo, error)
	Open(name string) (source, error)
	// Append opens a segment at its end; a new one must not exist yet.
	Append(name string, new bool) (sink, error)
	// Truncate cuts a segment, and synchronises.
	Truncate(name string, size int64) error
	Remove(name string) error
	// SyncDir makes names that were added or removed last.
	SyncDir() error
}

// source is a segment to read, sink one to write.
type (
	source interface {
		io.ReaderAt
		io.Closer
	}
	sink interface {
		io.WriteCloser
		Size() (int64, error)
		// Reserve allocates space behind the end, if the file system can.
		Reserve(from, size int64)
		Sync() error
	}
)

// ErrLocked is returned where another process writes this store.
var ErrLocked = errors.New("another posprobe writes this store")

// errIrregular: a link, a pipe, a directory under a segment's name.
var errIrregular = errors.New("no regular file")

const lockFile = "lock"

// directory is the real one. Nothing in it is followed to somewhere else.
type directory struct {
	path  string
	group int
}

func (d directory) Prepare() error {
	info, err := os.Stat(d.path) // the directory itself may be a link, to a disk elsewhere
	if errors.Is(err, fs.ErrNotExist) {
		if err := d.make(); err != nil {
			return err
		}
		info, err = os.Stat(d.path)
	}
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is no directory", d.path)
	}
	return trusted(d.path, info)
}

func (d directory) make() error {
	if err := os.MkdirAll(filepath.Dir(d.path), 0o755); err != nil {
		return err
	}
	if err := os.Mkdir(d.path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(filepath.Dir(d.path))
}

func (d directory) Share() error {
	if d.group <= 0 {
		return nil
	}
	return share(d.path, d.group)
}

// mode is that of new segments. States are nobody else's business.
func (d directory) mode(name string) fs.FileMode {
	if s, _, _ := parseName(name); d.group > 0 && s != States {
		return 0o640
	}
	return 0o600
}

func (d directory) Lock() (io.Closer, error) {
	// To others it would be a means to stop us; and open for writing it would keep the disk
	// from being made read-only.
	f, err := os.OpenFile(filepath.Join(d.path, lockFile), os.O_RDONLY|os.O_CREATE|openFlags, 0o600)
	if err != nil {
		return nil, err
	}
	adopt(f, d.path) // on a read-only disk it is locked all the same
	if err = tryLock(f); err == nil {
		return f, nil
	}
	f.Close()
	if errors.Is(err, errors.ErrUnsupported) {
		return nil, nil
	}
	return nil, err
}

func (d directory) List() ([]fs.FileInfo, error) {
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return nil, err
	}
	var out []fs.FileInfo
	for _, e := range entries {
		if _, _, ok := parseName(e.Name()); !ok {
			continue
		}
		if info, err := e.Info(); err == nil { // else removed meanwhile
			out = append(out, info)
		}
	}
	return out, nil
}

func (d directory) open(name string, flag int) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(d.path, name), flag|openFlags, d.mode(name))
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, errors.Join(err, &fs.PathError{Op: "open", Path: f.Name(), Err: errIrregular})
	}
	return f, nil
}

func (d directory) Open(name string) (source, error) { return d.open(name, os.O_RDONLY) }

func (d directory) Append(name string, new bool) (sink, error) {
	flag := os.O_WRONLY | os.O_APPEND
	if new {
		flag |= os.O_CREATE | os.O_EXCL
	}
	f, err := d.open(name, flag)
	if err != nil {
		return nil, err
	}
	if !new {
		return file{f}, nil
	}
	// Whoever runs the daemon must be able to read, and to drop, what root saved here.
	err = adopt(f, d.path)
	if err == nil && d.group > 0 {
		err = f.Chmod(d.mode(name)) // whatever the umask is
	}
	if err != nil {
		return nil, errors.Join(err, f.Close(), d.Remove(name))
	}
	return file{f}, nil
}

func (d directory) Truncate(name string, size int64) error {
	f, err := d.open(name, os.O_WRONLY)
	if err != nil {
		return err
	}
	err = f.Truncate(size)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func (d directory) Remove(name string) error { return os.Remove(filepath.Join(d.path, name)) }

func (d directory) SyncDir() error { return syncDir(d.path) }

// file is a sink.
type file struct{ *os.File }

func (f file) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (f file) Reserve(from, size int64) { reserve(f.File, from, size) }
