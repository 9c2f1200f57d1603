package probe

import (
	"slices"
	"strings"
)

// writableKinds are the file systems that the kernel itself makes read-only after an
// error, when they were mounted so (ext4(5), errors=remount-ro; Documentation/filesystems
// for the others). Those that cannot be written at all are not among them.
var writableKinds = []string{"ext2", "ext3", "ext4", "f2fs", "ubifs", "jffs2", "vfat", "msdos", "exfat", "btrfs", "reiserfs", "jfs", "nilfs2"}

// turnedReadOnly reports whether a file system, by its device as MAJOR:MINOR, was mounted
// to be written and is not writable any more. Whoever mounts it read-only, or remounts it
// so, changes the mount's own option; the kernel that stops after an error changes the
// file system's alone (proc_pid_mountinfo(5), fields 6 and 11), or marks it
// (fs/ext4/super.c, emergency_ro).
func turnedReadOnly(mountinfo, device string) bool {
	stopped := false
	for line := range strings.Lines(mountinfo) {
		mount, filesystem, found := strings.Cut(line, " - ")
		fields, own := strings.Fields(mount), strings.Fields(filesystem)
		if !found || len(fields) < 6 || len(own) < 3 || fields[2] != device {
			continue
		}
		options := strings.Split(own[2], ",")
		switch {
		case !slices.Contains(strings.Split(fields[5], ","), "rw"), !slices.Contains(writableKinds, own[0]):
			return false
		case slices.Contains(options, "ro"), slices.Contains(options, "emergency_ro"):
			stopped = true
		}
	}
	return stopped
}
