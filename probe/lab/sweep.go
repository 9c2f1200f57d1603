//go:build linux

package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// namePrefix begins every name that a world leaves outside its namespaces. After it
// come the process id, the number of the world, and the namespace.
const namePrefix = "posprobe-lab-"

func worldPrefix(pid int, world int64) string { return fmt.Sprintf("%s%d-%d-", namePrefix, pid, world) }

// ownerOf returns the process id in a name made by worldPrefix or buildDir, and whether
// it is one.
func ownerOf(name string) (pid int, ok bool) {
	rest, ok := strings.CutPrefix(name, namePrefix)
	if !ok {
		return 0, false
	}
	digits, _, ok := strings.Cut(rest, "-")
	pid, err := strconv.Atoi(digits)
	// Only what worldPrefix itself would write: this decides what is deleted.
	return pid, ok && err == nil && pid > 0 && strconv.Itoa(pid) == digits
}

// sweepOnce removes, once per process, what killed test runs have left behind.
var sweepOnce = sync.OnceFunc(func() { sweep(abandoned) })

// abandoned reports whether nobody can still need what the process left. This process
// sweeps before it makes anything, so what carries its own id is an earlier process's.
func abandoned(pid int) bool {
	return pid == os.Getpid() || syscall.Kill(pid, 0) == syscall.ESRCH
}

// sweep removes the leftovers of every process for which gone is true. What cannot be
// removed now is left for the next run: it is no fault of the test that is starting.
func sweep(gone func(pid int) bool) {
	var names []string
	for _, dir := range []string{netnsDir, netnsEtcDir} {
		names = append(names, leftIn(dir, gone)...)
	}
	if len(names) > 0 {
		_ = removeNamespaces(names)
	}
	for _, name := range leftIn(os.TempDir(), gone) {
		_ = os.RemoveAll(filepath.Join(os.TempDir(), name))
	}
}

// leftIn lists the names in dir whose process is gone.
func leftIn(dir string, gone func(pid int) bool) []string {
	entries, _ := os.ReadDir(dir) // absent: nothing was left
	var names []string
	for _, e := range entries {
		if pid, ok := ownerOf(e.Name()); ok && gone(pid) {
			names = append(names, e.Name())
		}
	}
	return names
}
