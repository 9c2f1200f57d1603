package store

import (
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"posprobe/report/store/disktest"
)

// halted is a directory on which power fails when new data has reached the disk and its
// file has not been synchronised yet.
type halted struct {
	directory
	written func()
}

func (h halted) Append(name string, isNew bool) (sink, error) {
	s, err := h.directory.Append(name, isNew)
	if err != nil || !isNew {
		return s, err
	}
	return haltedSink{s.(file), h.written}, nil
}

type haltedSink struct {
	file
	written func()
}

func (s haltedSink) Sync() error {
	const dataOnly = unix.SYNC_FILE_RANGE_WAIT_BEFORE | unix.SYNC_FILE_RANGE_WRITE | unix.SYNC_FILE_RANGE_WAIT_AFTER
	if err := unix.SyncFileRange(int(s.Fd()), 0, 0, dataOnly); err != nil {
		return err
	}
	s.written()
	return s.file.Sync()
}

// TestReuse: a segment that was dropped is gone for good before its blocks may be written
// anew. In data=writeback ext4 gives them away at once (ext4_free_blocks): without a
// synchronised directory power brings back the old name with somebody else's lines in it.
func TestReuse(t *testing.T) {
	dir := disktest.Own(t)
	if dir == "" {
		return
	}
	image, before, after := filepath.Join(dir, "image"), filepath.Join(dir, "before"), filepath.Join(dir, "after")
	disktest.Format(t, image, 8<<20)
	const options = "data=writeback"
	disktest.Mount(t, image, before, options)
	store := filepath.Join(before, "store")
	o := Options{Keep: minKeep}
	s := openStore(t, store, o)
	n := 0
	for ; len(segmentFiles(t, store, Failures)) < 8; n++ {
		mustAppend(t, s, line(t, sized(id(n), 6000)))
	}
	mustClose(t, s)
	disktest.Fill(t, before) // nothing else is free than what is dropped
	cut := false
	o.files = halted{directory{path: store}, func() {
		if !cut {
			cut = true
			disktest.Cut(t, before)
		}
	}}
	s = openStore(t, store, o)
	for ; !cut; n++ {
		s.Append(t.Context(), line(t, sized(id(n), 6000)))
	}
	s.Close(t.Context())
	disktest.Unmount(t, before)
	disktest.Renew(t, image)
	disktest.Mount(t, image, after, options)
	next := -1
	for _, e := range readAll(t, filepath.Join(after, "store"), Failures) {
		_, first, _ := parseName(e.Segment)
		if next < 0 {
			next = int(first)
		}
		if e.ID != id(next) {
			t.Fatalf("%s at %d of %s, not %s", e.ID, e.Offset, e.Segment, id(next))
		}
		next++
	}
	if next < n-1 {
		t.Errorf("%d lines of %d", next, n)
	}
}
