package report

import (
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestPure holds the list of packages that report may import: values only. Whatever
// reads a file, a socket or a clock would make a saved verdict one that cannot be
// drawn again.
func TestPure(t *testing.T) {
	allowed := []string{"bytes", "cmp", "embed", "encoding/json", "errors", "fmt", "iter", "maps", "math", "net/netip", "slices",
		"strconv", "strings", "time", "unicode/utf8"}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		read++
		file, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range file.Imports {
			if path := strings.Trim(i.Path.Value, `"`); !slices.Contains(allowed, path) {
				t.Errorf("%s imports %s: package report holds values only", e.Name(), path)
			}
		}
		src, err := os.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range []string{"time.Now", "time.Since", "time.Until", "time.After", "time.Sleep", "time.Local", "time.LoadLocation"} {
			if strings.Contains(string(src), call) {
				t.Errorf("%s uses %s: package report has no clock", e.Name(), call)
			}
		}
	}
	if read < 10 {
		t.Fatalf("only %d files read", read)
	}
}
