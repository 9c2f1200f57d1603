package main

import "golang.org/x/sys/unix"

// harden keeps what posprobe reads out of core dumps and away from other processes of
// the same user (PR_SET_DUMPABLE, prctl(2)).
func harden() {
	unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}
