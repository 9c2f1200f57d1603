package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// stdoutName stands for standard output in the place of a file.
const stdoutName = "-"

// writable returns where a configuration of that name is to be written, links followed.
// Without force nothing may be there yet.
func writable(path string, force bool) (string, error) {
	if path == stdoutName {
		return path, nil
	}
	if full, err := filepath.EvalSymlinks(path); err == nil {
		path = full
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return path, nil
	case err != nil:
		return "", fmt.Errorf("%w; name another file with --config", err)
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s is no regular file; name another one with --config", path)
	case !force:
		return "", fmt.Errorf("%s is there already; add --force to replace it, or name another file with --config", path)
	}
	return path, nil
}

// write puts text into the file at once or not at all: whoever reads it, and a power cut,
// finds the old file or the new one. A new file is its owner's alone; one that is replaced
// keeps its group, which may have been allowed to read it.
func write(stdout io.Writer, path string, text []byte) error {
	if path == stdoutName {
		_, err := stdout.Write(text)
		return err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".posprobe-*.yaml") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it has its name
	if info, err := os.Stat(path); err == nil {
		keepReaders(f, info)
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	if d, err := os.Open(dir); err == nil { // so that the name survives a power cut too
		d.Sync()
		d.Close()
	}
	return nil
}
