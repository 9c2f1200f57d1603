package probe

import "testing"

func TestTurnedReadOnly(t *testing.T) {
	const boot = "21 1 179:1 / /boot rw,relatime - vfat /dev/mmcblk0p1 rw\n"
	for _, tt := range []struct {
		name, mounts string
		want         bool
	}{
		{"sound", "20 1 179:2 / / rw,relatime - ext4 /dev/mmcblk0p2 rw\n", false},
		{"stopped after an error", boot + "20 1 179:2 / / rw,relatime shared:1 - ext4 /dev/mmcblk0p2 ro,errors=remount-ro\n", true},
		{"stopped, as newer kernels say it", "20 1 179:2 / / rw,relatime - ext4 /dev/mmcblk0p2 rw,emergency_ro\n", true},
		{"mounted read-only", "20 1 179:2 / / ro,relatime - ext4 /dev/mmcblk0p2 ro\n", false},
		{"remounted read-only, with a bind mount left", "20 1 179:2 / / ro,relatime - ext4 /dev/x ro\n30 20 179:2 /a /b rw,relatime - ext4 /dev/x ro\n", false},
		{"a kind that cannot be written", "20 1 179:2 / / rw,relatime - squashfs /dev/root ro\n", false},
		{"another file system", "20 1 179:3 / / rw - ext4 /dev/x ro\n", false},
		{"a path that looks like it", "20 1 179:3 / /179:2 rw - ext4 /dev/x ro\n", false},
		{"cut off", "20 1 179:2 / / rw,relatime - ext4", false},
		{"nothing", "", false},
	} {
		if got := turnedReadOnly(tt.mounts, "179:2"); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

func FuzzMounts(f *testing.F) {
	f.Add("20 1 179:2 / / rw,relatime - ext4 /dev/mmcblk0p2 ro,errors=remount-ro\n")
	f.Fuzz(func(t *testing.T, text string) { turnedReadOnly(text, "179:2") })
}
