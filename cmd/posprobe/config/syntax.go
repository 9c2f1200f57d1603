package config

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// syntaxError takes the words of a yaml error apart: "yaml: line 3: did not find …".
var syntaxError = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// syntaxMistake records that the file is no YAML from some line on.
func (c *Config) syntaxMistake(err error, data []byte) {
	line, words := 0, err.Error()
	if m := syntaxError.FindStringSubmatch(firstLine(words)); m != nil {
		line, _ = strconv.Atoi(m[1])
		words = m[2]
	}
	if tab := tabLine(data); tab > 0 {
		c.mistake("", tab, "", fault{"begins with a tab, which YAML does not allow", "indent with spaces alone"})
		return
	}
	if found := brokenLine(data); found > 0 {
		line = found
	}
	if strings.Contains(words, "unknown anchor") {
		c.mistake("", line, "", fault{"refers to another part of the file (*)", "write the value out"})
		return
	}
	c.mistake("", max(line, 1), "", fault{"is not YAML: " + shown(words), "look at the quotes, brackets, colons and indentation of this line and the one above"})
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// tabLine returns the first line whose indentation holds a tab, 0 when there is none.
func tabLine(data []byte) int {
	line := 0
	for l := range bytes.Lines(data) {
		line++
		rest := bytes.TrimLeft(l, " ")
		if len(rest) > 0 && rest[0] == '\t' && len(bytes.TrimSpace(rest)) > 0 {
			return line
		}
	}
	return 0
}

// searchBudget bounds, in bytes read by the parser, how long brokenLine searches. It is
// enough for a mistake anywhere in a file of 10 KiB and some tenths of a second at most.
const searchBudget = 1 << 20

// brokenLine returns the line that breaks the file, 0 when that would take too long.
// The parser itself names the line where the surrounding block began, which may be far
// above. The line sought follows the longest beginning that is YAML.
func brokenLine(data []byte) int {
	lines := bytes.SplitAfter(data, []byte("\n"))
	end, spent := len(data), 0
	for n := len(lines); n > 0; n-- {
		end -= len(lines[n-1])
		if spent += end; spent > searchBudget {
			return 0
		}
		if isYAML(data[:end]) {
			return n
		}
	}
	return 1
}

func isYAML(data []byte) bool {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var n yaml.Node
		switch err := dec.Decode(&n); {
		case errors.Is(err, io.EOF):
			return true
		case err != nil:
			return false
		}
	}
}
