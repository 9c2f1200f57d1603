package probe

import "testing"

func TestFindMount(t *testing.T) {
	const boot = "21 1 179:1 / /boot rw,relatime - vfat /dev/mmcblk0p1 rw\n"
	for _, tt := range []struct {
		name, mounts string
		want         mounted
	}{
		{"sound", "20 1 179:2 / / rw,relatime - ext4 /dev/mmcblk0p2 rw\n", mounted{}},
		{"stopped after an error", boot + "20 1 179:2 / / rw,relatime shared:1 - ext4 /dev/mmcblk0p2 ro,errors=remount-ro\n", mounted{true, true}},
		{"stopped, as newer kernels say it", "20 1 179:2 / / rw,relatime - ext4 /dev/mmcblk0p2 rw,emergency_ro\n", mounted{true, true}},
		{"mounted read-only", "20 1 179:2 / / ro,relatime - ext4 /dev/mmcblk0p2 ro\n", mounted{readOnly: true}},
		{"remounted read-only, with a bind mount left", "20 1 179:2 / / ro,relatime - ext4 /dev/x ro\n30 20 179:2 /a /b rw,relatime - ext4 /dev/x ro\n", mounted{readOnly: true}},
		{"read-only for a service alone", "20 1 179:2 / / ro,relatime - ext4 /dev/mmcblk0p2 rw\n30 20 179:2 / /var rw - ext4 /dev/mmcblk0p2 rw\n", mounted{}},
		{"a kind that cannot be written", "20 1 179:2 / / rw,relatime - squashfs /dev/root ro\n", mounted{readOnly: true}},
		{"another file system", "20 1 179:3 / / rw - ext4 /dev/x ro\n", mounted{}},
		{"a path that looks like it", "20 1 179:3 / /179:2 rw - ext4 /dev/x ro\n", mounted{}},
		{"cut off", "20 1 179:2 / / rw,relatime - ext4", mounted{}},
		{"nothing", "", mounted{}},
	} {
		if got, _ := findMount(tt.mounts, "179:2"); got != tt.want {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

func FuzzMounts(f *testing.F) {
	f.Add("20 1 179:2 / / rw,relatime - ext4 /dev/mmcblk0p2 ro,errors=remount-ro\n")
	f.Fuzz(func(t *testing.T, text string) { findMount(text, "179:2") })
}
