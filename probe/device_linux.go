package probe

import (
	"fmt"

	"posprobe/report"

	"golang.org/x/sys/unix"
)

// statDisk asks for the file system that holds path (statfs(2)).
func statDisk(path string) (report.Disk, string, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(path, &s); err != nil {
		return report.Disk{}, "", err
	}
	unit := int64(s.Frsize)
	if unit == 0 { // file systems that do not fill it in
		unit = int64(s.Bsize)
	}
	d := report.Disk{
		Path:           path,
		TotalBytes:     int64(s.Blocks) * unit,
		AvailableBytes: int64(s.Bavail) * unit,
		ReadOnly:       s.Flags&unix.ST_RDONLY != 0,
	}
	if m, ok := mountOf(path); ok {
		// The mount alone may be read-only for posprobe alone: service managers lock it in so.
		d.ReadOnly, d.TurnedReadOnly = m.readOnly, m.turned
	}
	return d, fmt.Sprint(s.Type, s.Fsid.Val, s.Blocks), nil
}

// mountOf is the file system that holds path, as far as the kernel's list shows it.
func mountOf(path string) (mounted, bool) {
	var s unix.Stat_t
	if unix.Stat(path, &s) != nil {
		return mounted{}, false
	}
	mounts, err := readFile(localFiles(), "proc/self/mountinfo", maxFile)
	if err != nil {
		return mounted{}, false
	}
	return findMount(string(mounts), deviceName(uint64(s.Dev)))
}

// deviceName is a device as the kernel's lists write it.
func deviceName(device uint64) string {
	return fmt.Sprintf("%d:%d", unix.Major(device), unix.Minor(device))
}

// kernelSynchronized is the kernel's opinion of its own clock: adjtimex(2) with no
// mode set only reads. The clock is unsynchronised when STA_UNSYNC is set or the call
// returns TIME_ERROR.
func kernelSynchronized() (bool, error) {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	if err != nil {
		return false, err
	}
	return t.Status&unix.STA_UNSYNC == 0 && state != unix.TIME_ERROR, nil
}
