//go:build linux

package lab

import (
	"flag"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// resultsPath is the results file of a full run; "" writes none.
var resultsPath = flag.String("results", "", "rewrite a section of this `FILE` (probe/lab/RESULTS.md)")

func init() {
	flag.BoolVar(&AskBlackbox, "blackbox", false, "have prometheus-blackbox-exporter asked in every scenario too")
}

// collector gathers the outcomes of tests that run side by side.
type collector struct {
	began time.Time
	mu    sync.Mutex
	all   []Outcome
}

func collect() *collector { return &collector{began: time.Now()} }

func (c *collector) add(o Outcome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, o)
}

// publish prints a section and, where a results file is asked for, writes it there.
// planned is how many outcomes there should be: a world that could not be built or judged
// is not hidden.
func (c *collector) publish(t *testing.T, section Section, title, command string, planned int, body func([]Outcome) string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	var b strings.Builder
	b.WriteString("## " + title + "\n\n" + Provenance(c.began, time.Since(c.began), command) + "\n")
	if missing := planned - len(c.all); missing > 0 {
		b.WriteString("**" + fmt.Sprint(missing) + " worlds gave no outcome and are not counted.**\n\n")
	}
	b.WriteString(body(c.all))
	publish(t, section, b.String())
}

// publish prints a section and, where a results file is asked for, writes it there.
func publish(t *testing.T, section Section, text string) {
	t.Helper()
	t.Log("\n" + text)
	if *resultsPath == "" {
		return
	}
	if err := WriteSection(*resultsPath, section, text); err != nil {
		t.Error(err)
	}
}
