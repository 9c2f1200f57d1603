//go:build linux

package system

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"posprobe/probe/lab"
)

var resultsPath = flag.String("results", "", "write what was seen to this `FILE` (packaging/RESULTS.md)")

// seen is what was seen, for the results: a section for each test, lines in their order.
var seen struct {
	sync.Mutex
	sections []string
	lines    map[string][]string
}

// note writes a line of the results: what was done, and what came of it.
func note(t *testing.T, did, came string, args ...any) {
	t.Helper()
	came = fmt.Sprintf(came, args...)
	t.Logf("%s: %s", did, came)
	seen.Lock()
	defer seen.Unlock()
	section, _, _ := strings.Cut(t.Name(), "/")
	if seen.lines == nil {
		seen.lines = map[string][]string{}
	}
	if seen.lines[section] == nil {
		seen.sections = append(seen.sections, section)
	}
	seen.lines[section] = append(seen.lines[section], fmt.Sprintf("| %s | %s |", did, strings.ReplaceAll(came, "|", "\\|")))
}

// describe says in the results what a test's section is about.
var describe = map[string]string{
	"TestReproducible": "The same commit, built in two folders",
	"TestSandbox":      "The unit's sandbox, and what a check sees in it",
	"TestSystemd":      "Debian 12, systemd 252: the package's life",
	"TestSysV":         "Debian 12, SysV init: the package's life",
	"TestOpenRC":       "Debian 12, OpenRC: the folder, posprobe service install",
	"TestBusyBox":      "BusyBox, read-only root, no /var, no tzdata: the folder",
	"TestARM":          "Linux on ARMv7 (QEMU), in the laboratory",
}

func TestMain(m *testing.M) {
	flag.Parse()
	began := time.Now()
	made.dir = os.Getenv("POSPROBE_DIST") // packages that were made already
	made.kept = made.dir != ""
	status := m.Run()
	if made.dir != "" && !made.kept {
		os.RemoveAll(made.dir)
	}
	if *resultsPath != "" && len(seen.sections) > 0 {
		if err := publish(*resultsPath, began, status == 0); err != nil {
			fmt.Fprintln(os.Stderr, err)
			status = 1
		}
	}
	os.Exit(status)
}

// publish writes the results: sections of tests that did not run this time stay.
func publish(path string, began time.Time, passed bool) error {
	old, _ := os.ReadFile(path)
	sections := map[string]string{}
	for _, s := range strings.Split(string(old), "\n## ")[1:] {
		title, body, _ := strings.Cut(s, "\n")
		sections[title] = body
	}
	for _, name := range seen.sections {
		verdict := ""
		if !passed {
			verdict = "\nNot everything passed in this run.\n"
		}
		sections[describe[name]] = "\n" + lab.Provenance(began, time.Since(began), "make test-system") + verdict + "\n| | |\n|---|---|\n" + strings.Join(seen.lines[name], "\n") + "\n"
	}
	text := "# What was seen where posprobe was installed\n\nWritten by `make test-system`, not by hand.\n"
	for _, name := range []string{"TestReproducible", "TestSandbox", "TestSystemd", "TestSysV", "TestOpenRC", "TestBusyBox", "TestARM"} {
		if body, ok := sections[describe[name]]; ok {
			text += "\n## " + describe[name] + "\n" + strings.TrimRight(body, "\n") + "\n"
		}
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// made are the packages under test, made once.
var made struct {
	sync.Once
	dir  string
	kept bool
	err  error
}

// versions are the one that is installed, and the one that it is upgraded to.
const older, newer = "0.2.0", "0.3.0"

// packages are the deb and the folder of both versions, for this machine's architecture,
// made as they are given away.
func packages(t *testing.T) string {
	t.Helper()
	made.Do(func() {
		if made.kept {
			return
		}
		if made.dir, made.err = os.MkdirTemp("", "posprobe-dist-"); made.err != nil {
			return
		}
		for _, v := range []string{older, newer} {
			if made.err = dist(moduleRoot, made.dir, v, "amd64 armv7", "deb tar"); made.err != nil {
				return
			}
		}
		folder := filepath.Join(made.dir, "folder") // not every machine has xz
		sh(t, "mkdir", folder)
		sh(t, "tar", "-xJf", filepath.Join(made.dir, "posprobe_"+older+"_linux_amd64.tar.xz"), "-C", folder, "--strip-components=1")
		made.err = os.Chmod(made.dir, 0o755)
	})
	if made.err != nil {
		t.Fatal(made.err)
	}
	return made.dir
}

// moduleRoot is the repository, as this package sees it.
var moduleRoot, _ = filepath.Abs("../..")
