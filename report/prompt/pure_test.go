package prompt

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pure fails when a file of this package or of explain, which is made of the same stuff,
// imports more than values.
func pure(t *testing.T) {
	allowed := []string{"posprobe/report", "posprobe/report/prompt", "slices", "strings", "unicode", "unicode/utf8"}
	files, _ := filepath.Glob("*.go")
	more, _ := filepath.Glob("../explain/*.go")
	for _, name := range append(files, more...) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range file.Imports {
			if path := strings.Trim(i.Path.Value, `"`); !slices.Contains(allowed, path) {
				t.Errorf("%s imports %s", name, path)
			}
		}
	}
	if len(files) < 5 || len(more) < 3 {
		t.Fatalf("%d and %d files", len(files), len(more))
	}
}
