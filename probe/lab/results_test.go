//go:build linux

package lab

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReplaceSection(t *testing.T) {
	path := filepath.Join(t.TempDir(), ResultsFile)
	for _, s := range []struct {
		section Section
		body    string
	}{{SectionSoak, "soak one"}, {SectionScenarios, "scenarios\n"}, {SectionSoak, "soak two\n"}} {
		if err := WriteSection(path, s.section, s.body); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := resultsHead + `
<!-- scenarios: begin -->
scenarios
<!-- scenarios: end -->

<!-- random: begin -->
<!-- random: end -->

<!-- soak: begin -->
soak two
<!-- soak: end -->
`
	if got := string(data); got != want {
		t.Errorf("got\n%s", got)
	}
	// What people write around the sections stays.
	noted := strings.Replace(want, "\n<!-- random: begin", "\nA remark.\n<!-- random: begin", 1)
	if got, err := ReplaceSection(noted, SectionRandom, "new"); err != nil || !strings.Contains(got, "A remark.\n<!-- random: begin -->\nnew\n") {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestReplaceSectionBroken(t *testing.T) {
	begin, end := SectionSoak.begin(), SectionSoak.end()
	for _, file := range []string{"no markers\n", begin, end, end + begin, begin + "x" + end + begin} {
		if got, err := ReplaceSection(file, SectionSoak, "new"); err == nil {
			t.Errorf("%q became %q", file, got)
		}
	}
}

func TestTable(t *testing.T) {
	tab := table{head: []string{"a", "b"}}
	tab.add("1|2", "")
	if got, want := tab.String(), "| a | b |\n|---|---|\n| 1\\|2 |  |\n"; got != want {
		t.Errorf("%q", got)
	}
}
