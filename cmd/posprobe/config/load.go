package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// FileCap is the largest configuration file that is read, in bytes. The commented
// default file has about 8 KiB.
const FileCap = 256 << 10

// place is where a value came from.
type place struct {
	file string // the file's name, or the flag with its dashes
	line int    // 0 for a flag
	text string // what was written, as far as it may be shown
}

// Load reads the file at path over the defaults. The error is either the reason why
// the file could not be read, with a nil Config, or the Mistakes in it.
//
// With Mistakes there is a Config all the same: its Check tells them again together
// with what no single value shows, such as a missing endpoint.
func Load(path string) (*Config, error) {
	data, err := readFile(path, FileCap)
	if errors.Is(err, errTooLarge) {
		// Read no further than the cap, but tell it as every other mistake.
		data, err = make([]byte, FileCap+1), nil
	}
	if err != nil {
		return nil, fmt.Errorf("configuration %s: %w", shown(path), err)
	}
	return parseFile(path, data)
}

// Parse reads data over the defaults; name is the file's name for messages, and its
// folder is where relative file names start. It opens no file. The error is nil or
// Mistakes; there is a Config in both cases, as with Load.
func Parse(name string, data []byte) (*Config, error) { return parseFile(name, data) }

func parseFile(name string, data []byte) (*Config, error) {
	c := Default()
	c.file, c.dir = shown(name), filepath.Dir(name)
	node := c.document(data)
	c.unread = node == nil && len(c.mistakes) > 0
	if node != nil {
		w := walker{c}
		w.refuseReferences(node)
		w.structure(node, "", reflectConfig(c))
	}
	return c, c.mistakes.ordered().err()
}

// document returns the root of the file's only document, nil when it is empty or
// cannot be read; then the reason is among the mistakes.
func (c *Config) document(data []byte) *yaml.Node {
	switch {
	case len(data) > FileCap:
		c.mistake("", 0, "", fault{fmt.Sprintf("is larger than %d KiB", FileCap>>10), "this is no configuration of posprobe; start from the default file"})
		return nil
	case !utf8.Valid(data):
		c.mistake("", invalidLine(data), "", fault{"is not written in UTF-8", "save the file as UTF-8"})
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var first, second yaml.Node
	if err := dec.Decode(&first); err != nil {
		if !errors.Is(err, io.EOF) {
			c.syntaxMistake(err, data)
		}
		return nil
	}
	if err := dec.Decode(&second); err == nil {
		c.mistake("", second.Line, "", fault{"a second document begins", "keep one, and remove the line --- with all that follows"})
	} else if !errors.Is(err, io.EOF) {
		c.syntaxMistake(err, data)
	}
	if len(first.Content) == 0 {
		return nil
	}
	return first.Content[0]
}

// invalidLine returns the line of the first byte that is not UTF-8.
func invalidLine(data []byte) int {
	line := 1
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		data = data[size:]
	}
	return line
}

// mistake records one mistake in the file.
func (c *Config) mistake(key string, line int, value string, f fault) {
	c.record(Mistake{File: c.file, Line: line, Key: clean(key), Value: telling(key, value), Problem: f.problem, Remedy: f.remedy})
}

// record keeps what ordered will show and one more, so that a hostile file costs no memory.
func (c *Config) record(m Mistake) {
	if len(c.mistakes) <= mistakeCap {
		c.mistakes = append(c.mistakes, m)
	}
}
