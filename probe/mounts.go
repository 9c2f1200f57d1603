package probe

import (
	"slices"
	"strings"
)

// writableKinds are the file systems that the kernel itself makes read-only after an
// error, when they were mounted so (ext4(5), errors=remount-ro; Documentation/filesystems
// for the others). Those that cannot be written at all are not among them.
var writableKinds = []string{"ext2", "ext3", "ext4", "f2fs", "ubifs", "jffs2", "vfat", "msdos", "exfat", "btrfs", "reiserfs", "jfs", "nilfs2"}

// mounted is a file system as mountinfo shows it.
type mounted struct {
	readOnly bool // for everybody, whatever a mount of it says
	turned   bool // it was mounted to be written and is not writable any more
}

// findMount finds a file system by its device as MAJOR:MINOR. Whoever mounts it read-only,
// or remounts it so, changes the mount's own option as well; the kernel that stops after
// an error changes the file system's alone (proc_pid_mountinfo(5), fields 6 and 11), or
// marks it (fs/ext4/super.c, emergency_ro).
func findMount(mountinfo, device string) (m mounted, found bool) {
	writable := true // by all mounts that are seen
	for line := range strings.Lines(mountinfo) {
		mount, filesystem, whole := strings.Cut(line, " - ")
		fields, own := strings.Fields(mount), strings.Fields(filesystem)
		if !whole || len(fields) < 6 || len(own) < 3 || fields[2] != device {
			continue
		}
		options := strings.Split(own[2], ",")
		stopped := slices.Contains(options, "ro") || slices.Contains(options, "emergency_ro")
		writable = writable && slices.Contains(strings.Split(fields[5], ","), "rw") && slices.Contains(writableKinds, own[0])
		m.readOnly, found = m.readOnly || stopped, true
	}
	m.turned = m.readOnly && writable
	return m, found
}
