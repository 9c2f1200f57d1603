//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// reloadSignal makes the daemon read its configuration again.
const reloadSignal = syscall.SIGHUP

// notifyDaemon hears what a daemon is told besides to stop.
func notifyDaemon(c chan<- os.Signal) { signal.Notify(c, syscall.SIGHUP, syscall.SIGUSR1) }
