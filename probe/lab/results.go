//go:build linux

package lab

import (
	"fmt"
	"os"
	"strings"
)

// ResultsFile is the file in this directory that the laboratory's figures are kept in.
const ResultsFile = "RESULTS.md"

// Section is a part of the results file, rewritten on its own.
type Section string

// The sections, in the order of the file.
const (
	SectionScenarios Section = "scenarios"
	SectionRandom    Section = "random"
	SectionSoak      Section = "soak"
)

// resultsHead begins a new results file, which then has every section, empty.
const resultsHead = `# What the laboratory found

Written by ` + "`make lab`, `make lab-random` and `make lab-soak`" + `, each its own section; not by hand.
`

// begin and end are the lines around a section.
func (s Section) begin() string { return "<!-- " + string(s) + ": begin -->\n" }
func (s Section) end() string   { return "<!-- " + string(s) + ": end -->\n" }

// ReplaceSection returns a results file in which one section has a new body; "" stands
// for a file that does not exist yet. Everything else stays as it is. A file whose
// markers are not whole is an error: what a person has changed there is not thrown away.
func ReplaceSection(file string, section Section, body string) (string, error) {
	if file == "" {
		file = resultsHead
		for _, s := range []Section{SectionScenarios, SectionRandom, SectionSoak} {
			file += "\n" + s.begin() + s.end()
		}
	}
	before, rest, begins := strings.Cut(file, section.begin())
	_, after, ends := strings.Cut(rest, section.end())
	if !begins || !ends || strings.Contains(after, section.begin()) {
		return "", fmt.Errorf("results: the markers of section %q are not whole", section)
	}
	return before + section.begin() + strings.TrimSuffix(body, "\n") + "\n" + section.end() + after, nil
}

// WriteSection rewrites one section of the results file at path.
func WriteSection(path string, section Section, body string) error {
	file, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	text, err := ReplaceSection(string(file), section, body)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}
