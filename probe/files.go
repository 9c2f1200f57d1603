package probe

import (
	"errors"
	"io"
	"io/fs"
)

// maxFile bounds what is read of any file: 64 KiB is far more than a sane
// resolv.conf, hosts file or /proc entry.
const maxFile = 64 << 10

// readFile reads at most limit bytes of a file; what lies beyond is left unread.
func readFile(files fs.FS, name string, limit int64) ([]byte, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("is a directory")}
	}
	return io.ReadAll(io.LimitReader(f, limit))
}
