package main

import (
	"os"
	"syscall"
)

// reloadSignal is never sent on this system.
const reloadSignal = syscall.SIGHUP

// notifyDaemon hears nothing on this system.
func notifyDaemon(chan<- os.Signal) {}
