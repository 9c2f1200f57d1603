package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
)

var (
	errTooLarge   = errors.New("is too large")
	errNotRegular = errors.New("is no regular file")
)

// readFile returns the content of a regular file of at most limit bytes. Pipes and
// devices are refused before they are opened: reading them could last for ever.
func readFile(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, reason(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, reason(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, reason(err)
	}
	if int64(len(data)) > limit {
		return nil, errTooLarge
	}
	return data, nil
}

// reason takes the operation and path off an error: the message names the file anyway.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// readSecret is readFile for a file that nobody but its owner may read.
func readSecret(path string, limit int64) ([]byte, *fault) {
	if f := checkPrivate(path, "what is in it"); f != nil {
		return nil, f
	}
	data, err := readFile(path, limit)
	if err != nil {
		return nil, &fault{"cannot be used: " + err.Error(), readableFile}
	}
	return data, nil
}

const readableFile = "write the name of a file that posprobe can read"

// checkPrivate refuses a file that others can read, where the system has such rights.
func checkPrivate(path, what string) *fault {
	if runtime.GOOS == "windows" { // its Mode().Perm() says nothing about readers
		return nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return &fault{"cannot be used: " + reason(err).Error(), readableFile}
	}
	if perm := info.Mode().Perm(); info.Mode().IsRegular() && perm&0o077 != 0 {
		return &fault{fmt.Sprintf("has the rights %#o: others than its owner can get at %s", perm, what), "run chmod 600 on it"}
	}
	return nil
}
