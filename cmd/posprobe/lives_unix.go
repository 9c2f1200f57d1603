//go:build unix

package main

import (
	"errors"
	"syscall"
)

// processLives reports whether there is such a process, be it somebody else's (kill(2)).
func processLives(pid int) bool {
	err := syscall.Kill(pid, 0)
	return pid > 0 && (err == nil || errors.Is(err, syscall.EPERM))
}
