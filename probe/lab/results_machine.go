//go:build linux

package lab

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Provenance says in one line when, where and by which command figures were made.
func Provenance(at time.Time, took time.Duration, command string) string {
	return fmt.Sprintf("%s, Linux %s %s, %d processors, %s: `%s`\n", at.UTC().Format("2006-01-02"), kernelRelease(),
		runtime.GOARCH, runtime.NumCPU(), took.Round(time.Second), command)
}

// kernelRelease is what uname(2) calls the release, up to the vendor's own suffix.
func kernelRelease() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return "of unknown release"
	}
	version, _, _ := strings.Cut(unix.ByteSliceToString(u.Release[:]), "-")
	return version
}
