package probe

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"posprobe/report"
)

const (
	// maxProcesses bounds how many processes are looked at: 20 times what a terminal runs.
	maxProcesses = 4096
	// maxStat is more than a line of /proc/PID/stat, maxArgument than a path (PATH_MAX).
	maxStat, maxArgument = 4 << 10, 4 << 10
	// maxComm is how much the kernel keeps of a process's name (TASK_COMM_LEN, with its
	// zero byte, include/linux/sched.h).
	maxComm = 15
)

// expectedProcesses looks which of the programs that the site expects run. At the end of
// a round it looks again, if one was not seen: it may have been starting anew.
func (r *round) expectedProcesses(id string) {
	names := r.req.Site.Processes
	missing := slices.Clone([]string(names))
	r.rec.view(func(e *report.Evidence) {
		missing = slices.DeleteFunc(missing, func(name string) bool {
			return slices.ContainsFunc(e.Device.Processes, func(p report.Process) bool { return p.Name == name && p.Running != nil && *p.Running })
		})
	})
	if len(missing) == 0 {
		return
	}
	r.ask(report.TaskDevice, id, "/proc", func(*asking) error {
		seen, whole, err := running(r.sys.Files, missing)
		var list report.List[report.Process]
		for _, name := range names {
			p := report.Process{Name: name}
			if found := slices.Contains(seen, name) || !slices.Contains(missing, name); found || whole {
				p.Running = &found
			}
			list = append(list, p)
		}
		r.rec.device(func(d *report.Device) { d.Processes = list })
		return err
	})
}

// errHidden says that processes of others are hidden: by a mount option of /proc
// (hidepid), by the system's policy, or because posprobe runs in a namespace of its own.
var errHidden = fmt.Errorf("the processes of others are hidden: %w", fs.ErrPermission)

// errMany says that there are more processes than are looked at.
var errMany = errors.New("too many processes")

// running returns those of the names that processes bear, by what the kernel calls them
// or by the last part of their first argument. Unless the list is whole, what is not in it
// may run all the same; err says why it is not.
func running(files fs.FS, names []string) (seen []string, whole bool, err error) {
	dir, err := files.Open("proc")
	if err != nil {
		return nil, false, optional(err)
	}
	defer dir.Close()
	list, ok := dir.(fs.ReadDirFile)
	if !ok {
		return nil, false, errors.ErrUnsupported
	}
	// The kernel's own threads show that nothing is hidden: the second process is theirs
	// (kthreadd, init/main.c), and is root's, and in no namespace but the first.
	kernel, looked, hidden := false, 0, false
	for {
		entries, err := list.ReadDir(256)
		for _, e := range entries {
			pid := e.Name()
			if _, err := strconv.ParseUint(pid, 10, 31); err != nil {
				continue
			}
			if looked++; looked > maxProcesses {
				return seen, false, errMany
			}
			comm, err := processName(files, pid)
			switch {
			case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ESRCH), errors.Is(err, errZombie): // it ended
				continue
			case err != nil:
				hidden = true
				continue
			}
			kernel = kernel || pid == "2" && comm == "kthreadd"
			if len(seen) < len(names) {
				seen = appendMatches(seen, names, comm, func() string { return firstArgument(files, pid) })
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return seen, false, err
		}
	}
	if !kernel || hidden {
		return seen, false, errHidden
	}
	return seen, true, nil
}

// appendMatches adds the names that a process bears. A name that is longer than what the
// kernel keeps is that of a process whose name is its beginning.
func appendMatches(seen, names []string, comm string, argument func() string) []string {
	for _, name := range names {
		if !slices.Contains(seen, name) && (comm == name || len(comm) == maxComm && strings.HasPrefix(name, comm)) {
			seen = append(seen, name)
		}
	}
	if len(seen) == len(names) {
		return seen
	}
	first := argument()
	for _, name := range names {
		if !slices.Contains(seen, name) && (first == name || path.Base(first) == name) {
			seen = append(seen, name)
		}
	}
	return seen
}

// errZombie says that a process has ended, and that nobody has taken note of it.
var errZombie = errors.New("the process has ended")

// processName is what the kernel calls a process.
func processName(files fs.FS, pid string) (string, error) {
	stat, err := readFile(files, "proc/"+pid+"/stat", maxStat)
	if err != nil {
		return "", err
	}
	return parseStat(stat)
}

// parseStat reads the name out of /proc/PID/stat (proc_pid_stat(5)): it stands in
// parentheses and may itself have some, and is followed by the state.
func parseStat(stat []byte) (comm string, err error) {
	from, to := bytes.IndexByte(stat, '('), bytes.LastIndexByte(stat, ')')
	if from < 0 || to < from {
		return "", errMalformed
	}
	switch state := bytes.TrimSpace(stat[to+1:]); {
	case len(state) == 0:
		return "", errMalformed
	case bytes.IndexByte([]byte("ZXx"), state[0]) >= 0:
		return "", errZombie
	}
	return string(stat[from+1 : to]), nil
}

// firstArgument is the first argument of a process, "" for a thread of the kernel's and
// where it cannot be read.
func firstArgument(files fs.FS, pid string) string {
	line, err := readFile(files, "proc/"+pid+"/cmdline", maxArgument)
	if err != nil {
		return ""
	}
	first, _, _ := bytes.Cut(line, []byte{0})
	return string(first)
}
