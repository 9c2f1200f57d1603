package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"posprobe/probe/signon/signontest"
	"posprobe/report"
)

// TestExpected: what the site expects of the terminal, from the file to the exit status.
func TestExpected(t *testing.T) {
	dir := t.TempDir()
	version, marker := filepath.Join(dir, "version"), filepath.Join(dir, "update.lock")
	writeFile(t, version, "# built by hand\nPAY_VERSION=V3.9.4\n")
	writeFile(t, marker, "")
	s := acquirer(t, signontest.Options{})
	self := filepath.Base(os.Args[0])
	for _, tt := range []struct {
		name, device string
		exit         int
		code         report.Code
	}{
		{"nothing is expected", "", exitHealthy, ""},
		{"the program runs", "processes: [" + self + "]", exitHealthy, ""},
		{"the program does not run", "processes: [no-such-payapp]", exitDevice, "device.app_down"},
		{"the version is too old", fmt.Sprintf(`software: {file: %q, minimum: "3.10"}`, version), exitDevice, "device.software_outdated"},
		{"the version is new enough", fmt.Sprintf(`software: {file: %q, minimum: "3.9"}`, version), exitHealthy, ""},
		{"an update runs", fmt.Sprintf("self_test: {processes: [no-such-updater], files: [%q]}", marker), exitDevice, "device.self_test"},
		{"no update runs", fmt.Sprintf("self_test: {files: [%q]}", marker+".not"), exitHealthy, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := steady(t, "check", "--config", site(t, s.Addr(), "", "on_demand: false}\ndevice: {"+tt.device), "--format", "json")
			r := decode(t, o)
			for _, p := range r.Evidence.Device.Processes {
				if p.Running == nil { // a container of its own
					t.Skip("NOT TESTED: the processes of others are hidden here")
				}
			}
			if o.exit != tt.exit || r.Diagnosis.Code != tt.code {
				t.Errorf("exit %d, want %d and %q\n%s", o.exit, tt.exit, tt.code, o.stdout)
			}
		})
	}
}
