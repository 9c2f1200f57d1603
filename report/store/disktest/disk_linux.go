package disktest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Format makes an ext4 of so many bytes in a file, in blocks of 4 KiB as on a terminal's
// flash. options are those of mkfs.ext4.
func Format(t testing.TB, image string, size int64, options ...string) {
	t.Helper()
	if err := errors.Join(os.WriteFile(image, nil, 0o600), os.Truncate(image, size)); err != nil {
		t.Fatal(err)
	}
	run(t, append(append([]string{"mkfs.ext4", "-q", "-F", "-b", "4096", "-E", "lazy_itable_init=0,lazy_journal_init=0"}, options...), image)...)
}

// Mount mounts an image until Unmount, or the end of the namespace.
func Mount(t testing.TB, image, at, options string) {
	t.Helper()
	if err := os.MkdirAll(at, 0o700); err != nil {
		t.Fatal(err)
	}
	run(t, "mount", "-o", strings.TrimSuffix("loop,noatime,"+options, ","), image, at)
}

// Unmount unmounts a disk as soon as nobody uses it any more.
func Unmount(t testing.TB, at string) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		err := unix.Unmount(at, 0)
		if err == nil {
			return
		}
		if !errors.Is(err, unix.EBUSY) || time.Now().After(end) {
			t.Fatalf("unmount %s: %v", at, err)
		}
	}
}

// Cut does to a mounted ext4 what a power cut does: from now on nothing reaches the disk,
// not even the journal's memory (EXT4_IOC_SHUTDOWN with NOLOGFLUSH, fs/ext4/ext4.h). What
// is left shows in a copy of the image that is taken after Unmount.
func Cut(t testing.TB, at string) {
	t.Helper()
	const (
		shutdown   = 0x8004587d // _IOR('X', 125, __u32)
		noLogFlush = 2
	)
	d, err := os.Open(at)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := unix.IoctlSetPointerInt(int(d.Fd()), shutdown, noLogFlush); err != nil {
		if errors.Is(err, unix.ENOTTY) || errors.Is(err, unix.EOPNOTSUPP) {
			Needs(t, fmt.Sprintf("this kernel's ext4 cannot be shut down: %v", err))
		}
		t.Fatal(err)
	}
}

// Renew replaces an image by a copy of itself: the kernel may still hold pages of the old
// one that are not what a disk would have kept. It must not be mounted.
func Renew(t testing.TB, image string) {
	t.Helper()
	in, err := os.Open(image)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(image + ".copy")
	if err != nil {
		t.Fatal(err)
	}
	info, err := in.Stat()
	if err == nil {
		_, err = io.Copy(out, in)
	}
	if err := errors.Join(err, out.Truncate(info.Size()), out.Close(), os.Rename(out.Name(), image)); err != nil {
		t.Fatal(err)
	}
}

// Fill takes all the room that is left on a disk, with a file that it returns the path of.
func Fill(t testing.TB, at string) (ballast string) {
	t.Helper()
	f, err := os.Create(at + "/ballast")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, piece := range []int{1 << 20, 1 << 10} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, piece))
		}
		if !errors.Is(err, unix.ENOSPC) {
			t.Fatal(err)
		}
	}
	if err := f.Sync(); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

// Settle has the kernel write down everything, as it does within half a minute.
func Settle(t testing.TB, at string) {
	t.Helper()
	d, err := os.Open(at)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := unix.Syncfs(int(d.Fd())); err != nil {
		t.Fatal(err)
	}
}

// Written is how many bytes the loop device below a mount point has written, the journal's
// among them (Documentation/block/stat.rst, field 7, in sectors of 512 bytes).
func Written(t testing.TB, at string) int64 {
	t.Helper()
	var st unix.Stat_t
	if err := unix.Stat(at, &st); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(fmt.Sprintf("/sys/dev/block/%d:%d/stat", unix.Major(st.Dev), unix.Minor(st.Dev)))
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.ParseInt(strings.Fields(string(text))[6], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n * 512
}

func run(t testing.TB, command ...string) {
	t.Helper()
	if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", strings.Join(command, " "), err, out)
	}
}
