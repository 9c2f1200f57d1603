package probe

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"posprobe/report"
)

// stalls are the "total" counters of /proc/pressure, in microseconds since boot
// (Documentation/accounting/psi.rst), and when they were read.
type stalls struct {
	at                                              time.Time
	cpuSome, memorySome, memoryFull, ioSome, ioFull uint64
}

// readPressure reads the three files; Linux has them since 4.20 when built with PSI.
func readPressure(files fs.FS) (stalls, error) {
	s := stalls{at: now()}
	for _, f := range []struct {
		name       string
		some, full *uint64
	}{
		{"cpu", &s.cpuSome, nil}, {"memory", &s.memorySome, &s.memoryFull}, {"io", &s.ioSome, &s.ioFull},
	} {
		text, err := readFile(files, "proc/pressure/"+f.name, maxFile)
		if err != nil {
			return s, optional(err)
		}
		some, full, err := parsePressure(string(text))
		if err != nil {
			return s, err
		}
		*f.some = some
		if f.full != nil {
			*f.full = full
		}
	}
	return s, nil
}

// parsePressure returns the totals of the lines "some" and "full"; the latter is 0
// where the kernel writes none.
func parsePressure(text string) (some, full uint64, err error) {
	seen := false
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		for _, field := range fields[1:] {
			number, ok := strings.CutPrefix(field, "total=")
			if !ok {
				continue
			}
			n, err := strconv.ParseUint(number, 10, 64)
			if err != nil {
				return 0, 0, errors.Join(errMalformed, err)
			}
			switch fields[0] {
			case "some":
				some, seen = n, true
			case "full":
				full = n
			}
		}
	}
	if !seen {
		return 0, 0, errMalformed
	}
	return some, full, nil
}

// pressure closes the reading that was begun at the start of the round.
func (r *round) pressure(start stalls, startErr error) {
	r.ask(report.TaskDevice, "device pressure", "/proc/pressure", func(*asking) error {
		if startErr != nil {
			return startErr
		}
		end, err := readPressure(r.sys.Files)
		if err != nil {
			return err
		}
		elapsed := float64(end.at.Sub(start.at).Microseconds())
		share := func(from, to uint64) float64 {
			if to <= from || elapsed <= 0 {
				return 0
			}
			return min(100, 100*float64(to-from)/elapsed)
		}
		r.rec.device(func(d *report.Device) {
			d.Pressure = &report.Pressure{
				CPUSome:    share(start.cpuSome, end.cpuSome),
				MemorySome: share(start.memorySome, end.memorySome),
				MemoryFull: share(start.memoryFull, end.memoryFull),
				IOSome:     share(start.ioSome, end.ioSome),
				IOFull:     share(start.ioFull, end.ioFull),
			}
		})
		return nil
	})
}
