package probe

import (
	"errors"
	"io/fs"
	"runtime"
	"strconv"
	"strings"

	"posprobe/probe/clean"
	"posprobe/report"
)

// device reads the state of the terminal itself, one task for each source so that each
// says for itself why it was not seen. The parts carry no observation head: the tasks
// count none.
func (r *round) device() {
	r.rec.device(func(d *report.Device) { d.CPUs = new(int64(runtime.NumCPU())) })
	r.text("device kernel", "proc/sys/kernel/osrelease", func(d *report.Device, s string) { d.Kernel = s })
	r.text("device boot", "proc/sys/kernel/random/boot_id", func(d *report.Device, s string) { d.BootID = s })
	r.parsed("device uptime", "proc/uptime", func(d *report.Device, s string) error {
		first, _, _ := strings.Cut(s, " ")
		seconds, err := strconv.ParseFloat(strings.TrimSpace(first), 64)
		if err != nil || !(seconds >= 0 && seconds < 1e12) {
			return errMalformed
		}
		d.UptimeMs = new(seconds * 1000)
		return nil
	})
	r.parsed("device memory", "proc/meminfo", func(d *report.Device, s string) (err error) {
		d.Memory, err = parseMeminfo(s)
		return err
	})
	r.parsed("device load", "proc/loadavg", func(d *report.Device, s string) (err error) {
		d.Load, err = parseLoad(s)
		return err
	})
	r.disks()
	r.expectedProcesses("device processes")
	r.selfTest()
	r.software()
}

func (r *round) text(id, file string, put func(*report.Device, string)) {
	r.parsed(id, file, func(d *report.Device, s string) error {
		put(d, clean.Text(strings.TrimSpace(s)))
		return nil
	})
}

func (r *round) parsed(id, file string, put func(*report.Device, string) error) {
	r.ask(report.TaskDevice, id, "/"+file, func(*asking) error {
		text, err := readFile(r.sys.Files, file, maxFile)
		if err != nil {
			return optional(err)
		}
		r.rec.device(func(d *report.Device) { err = put(d, string(text)) })
		return err
	})
}

// parseMeminfo reads /proc/meminfo. MemAvailable came with Linux 3.14; before that it
// is what is free or can be dropped.
func parseMeminfo(text string) (*report.RAM, error) {
	kib := map[string]int64{}
	for line := range strings.Lines(text) {
		name, rest, ok := strings.Cut(line, ":")
		fields := strings.Fields(rest)
		if !ok || len(fields) == 0 {
			continue
		}
		if n, err := strconv.ParseInt(fields[0], 10, 64); err == nil && n >= 0 && n < 1<<50 {
			kib[name] = n
		}
	}
	total, ok := kib["MemTotal"]
	if !ok || total == 0 {
		return nil, errMalformed
	}
	available, ok := kib["MemAvailable"]
	if !ok {
		free, ok := kib["MemFree"]
		if !ok {
			return nil, errMalformed
		}
		available = free + kib["Buffers"] + kib["Cached"]
	}
	return &report.RAM{TotalBytes: total << 10, AvailableBytes: available << 10}, nil
}

func parseLoad(text string) (*report.Load, error) {
	fields := strings.Fields(text)
	if len(fields) < 3 {
		return nil, errMalformed
	}
	var v [3]float64
	for i := range v {
		n, err := strconv.ParseFloat(fields[i], 64)
		if err != nil || !(n >= 0 && n < 1e9) {
			return nil, errMalformed
		}
		v[i] = n
	}
	return &report.Load{One: v[0], Five: v[1], Fifteen: v[2]}, nil
}

// disks looks at the file systems that posprobe and payment applications write to. A
// path that does not exist is no file system to worry about.
func (r *round) disks() {
	paths := []string{"/", "/var", "/tmp"}
	if r.req.DataDir != "" {
		paths = append(paths, r.req.DataDir)
	}
	r.ask(report.TaskDevice, "device disks", strings.Join(paths, " "), func(*asking) error {
		stat := r.sys.Lists.Disk
		if stat == nil {
			return errors.ErrUnsupported
		}
		seen := map[string]bool{}
		var failed error
		for _, p := range paths {
			disk, id, err := stat(p)
			switch {
			case errors.Is(err, fs.ErrNotExist):
			case err != nil:
				failed = errors.Join(failed, err)
			case !seen[id]:
				seen[id] = true
				r.rec.device(func(d *report.Device) { d.Disks = append(d.Disks, disk) })
			}
		}
		return failed
	})
}
