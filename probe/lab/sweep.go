//go:build linux

package lab

import (
	"os"
	"path/filepath"
	"sync"
)

// sweepOnce removes, once per process, what killed test runs have left behind.
var sweepOnce = sync.OnceFunc(func() { sweep(owner.gone) })

// sweep removes the leftovers of every process for which gone is true. What cannot be
// removed now is left for the next run: it is no fault of the test that is starting.
func sweep(gone func(owner) bool) {
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

// leftIn lists the names in dir whose owner is gone.
func leftIn(dir string, gone func(owner) bool) []string {
	entries, _ := os.ReadDir(dir) // absent: nothing was left
	var names []string
	for _, e := range entries {
		if o, ok := ownerOf(e.Name()); ok && gone(o) {
			names = append(names, e.Name())
		}
	}
	return names
}
