//go:build linux

package lab

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
)

// namePrefix begins every name that this package leaves outside its namespaces. After it
// come the process that owns it, and what it is.
const namePrefix = "posprobe-lab-"

// owner is a process. Process ids come round again; with its start time, in ticks since
// boot (proc_pid_stat(5), field 22), a process is one of a kind.
type owner struct {
	pid   int
	start uint64
}

// self is this process.
var self = sync.OnceValues(func() (owner, error) {
	_, start, err := processStat(os.Getpid())
	return owner{os.Getpid(), start}, err
})

// name makes a name for something that belongs to o.
func (o owner) name(what string) string {
	return fmt.Sprintf("%s%d-%d-%s", namePrefix, o.pid, o.start, what)
}

// ownerOf returns the owner in a name that owner.name has made, and whether it is one.
func ownerOf(name string) (owner, bool) {
	rest, ok := strings.CutPrefix(name, namePrefix)
	parts := strings.SplitN(rest, "-", 3)
	if !ok || len(parts) != 3 {
		return owner{}, false
	}
	pid, pidErr := strconv.Atoi(parts[0])
	start, startErr := strconv.ParseUint(parts[1], 10, 64)
	o := owner{pid, start}
	// Only what name itself would write: this decides what is deleted.
	return o, pidErr == nil && startErr == nil && pid > 0 && o.name(parts[2]) == name
}

// gone reports whether the process has ended. A zombie has, even when nobody waits for
// it. When it cannot be told, the process is taken to live.
func (o owner) gone() bool {
	state, start, err := processStat(o.pid)
	if err != nil {
		return errors.Is(err, os.ErrNotExist)
	}
	return state == "Z" || state == "X" || start != o.start
}

// processStat reads the state and start time of a process.
func processStat(pid int) (state string, start uint64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", 0, err
	}
	// The program's name, in parentheses, may contain anything.
	_, rest, _ := strings.Cut(string(text[strings.LastIndexByte(string(text), ')')+1:]), " ")
	fields := strings.Fields(rest)
	if len(fields) < 20 {
		return "", 0, fmt.Errorf("process %d: cannot read %q", pid, text)
	}
	start, err = strconv.ParseUint(fields[19], 10, 64)
	return fields[0], start, err
}
