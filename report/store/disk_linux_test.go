package store

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"posprobe/report"
	"posprobe/report/store/disktest"
)

// TestFullDisk fills a real disk under a running store: failures make room at the cost of
// older successes, then wait in memory, and are written once there is room again.
func TestFullDisk(t *testing.T) {
	dir := disktest.Own(t)
	if dir == "" {
		return
	}
	image, at := filepath.Join(dir, "image"), filepath.Join(dir, "disk")
	disktest.Format(t, image, 1<<20, "-b", "1024", "-O", "^has_journal")
	disktest.Mount(t, image, at, "")
	store := filepath.Join(at, "store")
	s := openStore(t, store, Options{Keep: minKeep, retry: 10 * time.Millisecond, Memory: 200_000, LaterEvery: atOnce})
	for n := range 60 {
		s.AppendLater(record(t, Healthy, KindSelf, id(n), strings.Repeat("x", 3000)))
		mustAppend(t, s, line(t, sized(id(n), 3000)))
	}
	segments := len(segmentFiles(t, store, Healthy))
	if segments < 3 {
		t.Fatalf("%d healthy segments", segments)
	}
	// Somebody else takes the rest.
	ballast := disktest.Fill(t, at)
	written, waiting := 0, 0
	for n := 60; n < 160; n++ {
		switch err := s.Append(t.Context(), line(t, sized(id(n), 3000))); {
		case err == nil:
			written++
		case errors.Is(err, unix.ENOSPC) && errors.Is(err, ErrDelayed):
			waiting++
		default:
			t.Fatal(err)
		}
	}
	h := s.Health()
	if written == 0 || waiting == 0 || len(segmentFiles(t, store, Healthy)) >= segments || h.Failure == nil || h.Failure.Type != report.FailIO || h.Dropped.Lines == 0 {
		t.Errorf("%d written, %d waiting, %d healthy segments of %d, %+v", written, waiting, len(segmentFiles(t, store, Healthy)), segments, h)
	}
	if got := readAll(t, store, Failures); len(got) != 60+written {
		t.Errorf("%d failures on the disk", len(got))
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the disk is tried again", func() bool { return s.Health().Failure == nil })
	waitFor(t, "what waited is written", func() bool { return len(readAll(t, store, Failures)) == 160-int(memoryDrops(s)) })
	var why []string
	s.Flush(t.Context())
	for _, e := range readAll(t, store, Healthy) {
		if e.Kind == KindDropped {
			var r struct{ Body Dropped }
			if err := json.Unmarshal(e.Text, &r); err != nil {
				t.Fatal(err)
			}
			why = append(why, string(r.Body.Reason))
		}
	}
	if !strings.Contains(strings.Join(why, " "), string(ReasonFull)) {
		t.Errorf("noted: %v", why)
	}
	mustClose(t, s)
	disktest.Unmount(t, at)
}

// memoryDrops is how many reports memory could not hold: of the disk none were dropped but
// healthy ones, which here are records.
func memoryDrops(s *Store) int64 { return s.Health().Dropped.Reports }

// TestReadOnly makes a real disk read-only and writable again under a running store, and
// opens a store on a read-only one.
func TestReadOnly(t *testing.T) {
	dir := disktest.Own(t)
	if dir == "" {
		return
	}
	image, at := filepath.Join(dir, "image"), filepath.Join(dir, "disk")
	disktest.Format(t, image, 16<<20)
	disktest.Mount(t, image, at, "")
	store := filepath.Join(at, "store")
	o := Options{retry: 10 * time.Millisecond}
	s := openStore(t, store, o)
	mustAppend(t, s, line(t, failure("A")), state(t, "s", "before"))
	remount := func(how string) {
		t.Helper()
		waitFor(t, "remount "+how, func() bool {
			return unix.Mount("", at, "", unix.MS_REMOUNT|map[string]uintptr{"ro": unix.MS_RDONLY}[how], "") == nil
		})
	}
	remount("ro") // a store does not keep a disk from being made read-only
	err := s.Append(t.Context(), line(t, failure("B")))
	if h := s.Health(); !errors.Is(err, ErrDelayed) || !errors.Is(err, unix.EROFS) || h.Failure == nil || h.Failure.Type != report.FailIO {
		t.Errorf("%v, %+v", err, h.Failure)
	}
	remount("rw")
	waitFor(t, "it comes back", func() bool { return s.Health().Failure == nil })
	mustClose(t, s)
	if got := ids(readAll(t, store)); got != "A B" {
		t.Errorf("%s", got)
	}
	remount("ro")
	s = openStore(t, store, o)
	if get(t, s, "s") != "before" {
		t.Error("states cannot be read on a read-only disk")
	}
	if err := s.Append(t.Context(), line(t, failure("C"))); !errors.Is(err, ErrDelayed) {
		t.Error(err)
	}
	if err := s.Close(t.Context()); !errors.Is(err, ErrDelayed) {
		t.Error(err)
	}
	other := openStore(t, filepath.Join(at, "none"), o)
	if err := other.Append(t.Context(), line(t, failure("D"))); !errors.Is(err, unix.EROFS) {
		t.Error(err)
	}
	other.Close(t.Context())
	// A power cut left a torn line, and the disk came up read-only.
	remount("rw")
	f, err := os.OpenFile(filepath.Join(store, segmentName(Failures, 0)), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(`{"schema"`)
	f.Close()
	remount("ro")
	s = openStore(t, store, o)
	if err := s.Append(t.Context(), line(t, failure("E"))); !errors.Is(err, ErrDelayed) {
		t.Error(err)
	}
	remount("rw")
	waitFor(t, "it comes back", func() bool { h := s.Health(); return h.Failure == nil })
	mustClose(t, s)
	if got := ids(readAll(t, store, Failures)); got != "A B E" {
		t.Errorf("%s", got)
	}
}
