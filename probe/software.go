package probe

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"posprobe/probe/clean"
	"posprobe/report"
)

// software reads the version of the payment application from the file that the site names.
func (r *round) software() {
	file := r.req.SoftwareFile
	if file == "" {
		return
	}
	r.ask(report.TaskDevice, "device software", file, func(*asking) error {
		text, err := readRegular(r.sys.Files, rooted(file))
		if err != nil {
			return err
		}
		version := parseVersion(string(text))
		if version == "" {
			return errMalformed
		}
		r.rec.device(func(d *report.Device) { d.Software = &report.Software{Version: version} })
		return nil
	})
}

// selfTest looks for a sign of a self-test or an update: a process, or a file.
func (r *round) selfTest() {
	processes, files := r.req.SelfTestProcesses, r.req.SelfTestFiles
	if len(processes)+len(files) == 0 {
		return
	}
	r.ask(report.TaskDevice, "device self-test", strings.Join(slices.Concat(processes, files), " "), func(*asking) error {
		var sign string
		var failed error
		for _, file := range files {
			_, err := fs.Stat(r.sys.Files, rooted(file))
			switch {
			case err == nil && sign == "":
				sign = file
			case err != nil && !errors.Is(err, fs.ErrNotExist):
				failed = errors.Join(failed, err)
			}
		}
		if sign == "" && len(processes) > 0 {
			seen, _, err := running(r.sys.Files, processes)
			failed = errors.Join(failed, err)
			if len(seen) > 0 {
				sign = seen[0]
			}
		}
		if sign != "" {
			failed = nil // whatever else was not seen
		}
		if failed == nil {
			r.rec.device(func(d *report.Device) { d.SelfTest = &report.SelfTest{Running: sign != "", Sign: sign} })
		}
		return failed
	})
}

// rooted is the path of a file inside the system's files.
func rooted(file string) string { return strings.TrimPrefix(path.Clean("/"+file), "/") }

// readRegular reads a regular file: others may never end, or take something from
// whoever they are for.
func readRegular(files fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(files, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("is no regular file")}
	}
	return readFile(files, name, maxFile)
}

// parseVersion takes a version out of the first line that is no comment: the first numbers
// with dots between them, as in 3.2.10, or else the line. "" where there is nothing.
func parseVersion(text string) string {
	for line := range strings.Lines(text) {
		line = clean.Text(line)
		if line == "" || slices.ContainsFunc([]string{"#", "//", ";", "<?", "<!"}, func(begin string) bool { return strings.HasPrefix(line, begin) }) {
			continue
		}
		if v := dottedNumber(line); v != "" {
			return v
		}
		return line
	}
	return ""
}

// dottedNumber is the first run of numbers with single dots between them.
func dottedNumber(line string) string {
	isOther := func(r rune) bool { return r != '.' && (r < '0' || r > '9') }
	for field := range strings.FieldsFuncSeq(line, isOther) {
		field = strings.Trim(field, ".")
		if strings.Contains(field, ".") && !strings.Contains(field, "..") {
			return field
		}
	}
	return ""
}
