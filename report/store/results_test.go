package store

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

var results = flag.String("results", "", "write figures into this `FILE`, each test its own section")

const resultsHead = `# What the store survives

Written by the tests that are named in each section, with make powercuts and make flash; not by hand.
`

// publish writes a section of the file of -results, if there is one: a paragraph and a
// table. A test that failed publishes nothing.
func publish(t *testing.T, section, title, text string, began time.Time) {
	t.Helper()
	if *results == "" || t.Failed() {
		return
	}
	file, err := os.ReadFile(*results)
	if err != nil {
		file = []byte(resultsHead)
	}
	begin, end := "<!-- "+section+": begin -->\n", "<!-- "+section+": end -->\n"
	before, rest, found := strings.Cut(string(file), begin)
	_, after, ended := strings.Cut(rest, end)
	if found && !ended {
		t.Fatalf("%s: section %s has no end", *results, section)
	}
	if !found {
		before += "\n"
	}
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	release, _, _ := strings.Cut(strings.TrimSpace(string(kernel)), "-") // the rest is the vendor's
	body := fmt.Sprintf("## %s\n\n%s, %s %s %s, %d processors, %v: `go test ./report/store -run '^%s$'`\n\n%s\n", title, began.UTC().Format("2006-01-02"),
		runtime.GOOS, release, runtime.GOARCH, runtime.NumCPU(), time.Since(began).Round(time.Second), t.Name(), text)
	if err := os.WriteFile(*results, []byte(before+begin+body+end+after), 0o644); err != nil {
		t.Error(err)
	}
}
