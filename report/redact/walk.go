package redact

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// errNoObject is all that is said of a line that cannot be read.
var errNoObject = errors.New("not one JSON object")

// maxDepth is how deeply a line may be nested: a report has eight levels.
const maxDepth = 64

// visitor is told a line in the order in which it is written. The path of the whole is "",
// others are as in .evidence.links[].name.
type visitor interface {
	open(path string, delim byte)
	close(path string, delim byte)
	key(path, name string) bool // false: the member is left out
	text(path, s string)
	other(path, literal string) // a number, true, false or null
}

// rewrite walks a line.
func rewrite(line []byte, v visitor) error {
	w := walker{rest: bytes.TrimLeft(line, space)}
	if len(w.rest) == 0 || w.rest[0] != '{' || !json.Valid(line) {
		return errNoObject
	}
	return w.value(v, "", 0)
}

const space = " \t\r\n"

// walker walks what is known to be JSON: it takes for granted that everything ends and
// stands in its place.
type walker struct{ rest []byte }

// next returns the byte that stands at the beginning once white space is gone.
func (w *walker) next() byte {
	w.rest = bytes.TrimLeft(w.rest, space)
	return w.rest[0]
}

// take takes n bytes.
func (w *walker) take(n int) []byte {
	taken := w.rest[:n]
	w.rest = w.rest[n:]
	return taken
}

func (w *walker) value(v visitor, path string, depth int) error {
	if depth > maxDepth {
		return errNoObject
	}
	switch c := w.next(); c {
	case '{', '[':
		w.take(1)
		v.open(path, c)
		for w.next() != c+2 { // which ends it, in ASCII
			if w.rest[0] == ',' {
				w.take(1)
				continue
			}
			if err := w.member(v, c == '{', path, depth+1); err != nil {
				return err
			}
		}
		w.take(1)
		v.close(path, c+2)
	case '"':
		v.text(path, w.text())
	default:
		v.other(path, string(w.take(bytes.IndexAny(w.rest, ",]}"+space))))
	}
	return nil
}

// member walks a member of an object, or an element of an array.
func (w *walker) member(v visitor, object bool, path string, depth int) error {
	if !object {
		return w.value(v, path+"[]", depth)
	}
	w.next()
	name := w.text()
	w.next()
	w.take(len(":"))
	if !v.key(path, name) {
		v = nothing{}
	}
	return w.value(v, path+"."+plainName(name), depth)
}

// text takes a string.
func (w *walker) text() string {
	end, plain := 1, true
	for ; w.rest[end] != '"'; end++ {
		if w.rest[end] == '\\' {
			plain = false
			end++
		}
	}
	raw := w.take(end + 1)
	if plain && utf8.Valid(raw) {
		return string(raw[1:end])
	}
	var s string
	_ = json.Unmarshal(raw, &s) // what is valid JSON is a string here
	return s
}

// plainName is a member's name as a part of a path: with a dot or a bracket in it, it
// could pass for a path.
func plainName(name string) string {
	if !strings.ContainsAny(name, ".[") {
		return name
	}
	return strings.ReplaceAll(strings.ReplaceAll(name, ".", "/"), "[", "/")
}

// nothing lets a member pass unseen.
type nothing struct{}

func (nothing) open(string, byte)       {}
func (nothing) close(string, byte)      {}
func (nothing) key(string, string) bool { return true }
func (nothing) text(string, string)     {}
func (nothing) other(string, string)    {}

// collector notes the texts that stand in fields for secrets.
type collector struct {
	nothing
	found *[]string
}

func (c *collector) text(path, s string) {
	if actionOf(path) == mask {
		*c.found = append(*c.found, lowered([]string{s})...)
	}
}
