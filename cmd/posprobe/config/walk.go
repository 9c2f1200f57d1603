package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// walker goes through the file's nodes and the typed values side by side. It never
// stops at a mistake: a value that is wrong keeps its default and the next is read.
type walker struct{ c *Config }

// reflectConfig is the value a walk begins with.
func reflectConfig(c *Config) reflect.Value { return reflect.ValueOf(c).Elem() }

// value reads a node into v, whatever its type.
func (w walker) value(n *yaml.Node, path string, v reflect.Value, tag reflect.StructTag) {
	w.remember(n, path)
	switch t := v.Type(); {
	case n.Kind == yaml.AliasNode: // told by refuseReferences
	case n.Style&yaml.TaggedStyle != 0:
		w.mistake(n, path, fault{fmt.Sprintf("carries the tag %s", clean(n.Tag)), "remove the tag, with its exclamation mark"})
	case scalar(t):
		w.scalar(n, path, v, tag)
	case t.Kind() == reflect.Pointer:
		if empty(n) {
			w.mistake(n, path, fault{"says nothing", "write {} for the defaults, or remove the key"})
			return
		}
		v.Set(reflect.New(t.Elem()))
		setDefaults(v.Elem())
		w.structure(n, path, v.Elem())
	case t.Kind() == reflect.Struct:
		w.structure(n, path, v)
	case t.Kind() == reflect.Slice:
		w.list(n, path, v, tag)
	case t.Kind() == reflect.Map:
		w.table(n, path, v, tag)
	}
}

// structure reads a block of keys into the fields of a struct.
func (w walker) structure(n *yaml.Node, path string, v reflect.Value) {
	known := keysOf(v.Type())
	if n.Kind != yaml.MappingNode {
		if !empty(n) {
			w.mistake(n, path, fault{"is " + kindOf(n) + " where keys belong", "write keys below it, each with its value: " + listed(known, "and")})
		}
		return
	}
	w.pairs(n, path, func(key, value *yaml.Node, below string) {
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("yaml") == key.Value {
				w.value(value, below, v.Field(i), f.Tag)
				return
			}
		}
		// The value is not repeated: under an unknown key it may be a password.
		w.c.mistake(below, key.Line, "", fault{"is no key of this configuration", suggestion(key.Value, path, known)})
	})
}

// pairs calls do for each key of a mapping that is given once and is plain text.
func (w walker) pairs(n *yaml.Node, path string, do func(key, value *yaml.Node, below string)) {
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Kind == yaml.AliasNode || key.Tag == "!!merge": // told by refuseReferences
			continue
		case key.Kind != yaml.ScalarNode || key.Style&yaml.TaggedStyle != 0:
			w.mistake(key, path, fault{"has " + kindOf(key) + " as a key", "write a plain word as the key"})
			continue
		}
		below := strings.TrimPrefix(path+"."+key.Value, ".")
		if line, twice := first[key.Value]; twice {
			w.c.mistake(below, key.Line, "", fault{fmt.Sprintf("is given a second time, first on line %d", line), "keep one of the two"})
			continue
		}
		first[key.Value] = key.Line
		do(key, value, below)
	}
}

// list reads a sequence into a slice.
func (w walker) list(n *yaml.Node, path string, v reflect.Value, tag reflect.StructTag) {
	if empty(n) {
		return
	}
	if n.Kind != yaml.SequenceNode {
		w.mistake(n, path, fault{"is " + kindOf(n) + " where a list belongs", "write [VALUE, VALUE], or each value on a line of its own after a dash"})
		return
	}
	if f := tooMany(len(n.Content), tag); f != nil {
		w.mistake(n, path, *f)
		return
	}
	if isBlock(v.Type()) && len(n.Content) == 0 {
		return // as good as not there
	}
	items := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	for i, item := range n.Content {
		at := path + "[" + strconv.Itoa(i) + "]"
		if empty(item) || item.Kind == yaml.ScalarNode && item.Value == "" {
			w.mistake(item, at, fault{"is an empty item of a list", "write a value after the dash, or remove it"})
			continue
		}
		if isBlock(v.Type()) {
			setDefaults(items.Index(i))
		}
		w.value(item, at, items.Index(i), tag)
	}
	v.Set(items)
}

// table reads a mapping whose keys the file's writer chooses, as its type in tables
// demands.
func (w walker) table(n *yaml.Node, path string, v reflect.Value, tag reflect.StructTag) {
	if empty(n) {
		return
	}
	t := tables[v.Type()]
	if n.Kind != yaml.MappingNode {
		w.mistake(n, path, fault{"is " + kindOf(n) + " where " + t.entries + " belong", t.remedy})
		return
	}
	if f := tooMany(len(n.Content)/2, tag); f != nil {
		w.mistake(n, path, *f)
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	w.pairs(n, path, func(key, value *yaml.Node, below string) {
		k, f := t.key(key.Value)
		if f != nil {
			w.mistake(key, below, *f)
			return
		}
		if empty(value) || value.Kind == yaml.ScalarNode && value.Value == "" {
			w.c.mistake(below, key.Line, "", fault{"has no value", "write it, or remove the key"})
			return
		}
		var entry string
		w.value(value, below, reflect.ValueOf(&entry).Elem(), t.tag)
		if entry != "" {
			v.SetMapIndex(k, reflect.ValueOf(entry).Convert(v.Type().Elem()))
		}
	})
}

// scalar reads a single value.
func (w walker) scalar(n *yaml.Node, path string, v reflect.Value, tag reflect.StructTag) {
	switch {
	case n.Kind != yaml.ScalarNode:
		w.mistake(n, path, fault{"is " + kindOf(n) + " where a single value belongs", "write one value"})
		return
	case empty(n): // the key stands there without a value: the default holds
		return
	}
	f := assign(v, n.Value, tag)
	quoted := n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if k := v.Kind(); f == nil && quoted && (k == reflect.Bool || k == reflect.Int && v.Type() == reflect.TypeFor[int]()) {
		f = &fault{"is text", "remove the quotes"}
	}
	if f != nil {
		w.mistake(n, path, *f)
	}
}

// refuseReferences tells of every anchor, alias and merge key: a file that refers to
// itself reads otherwise than it looks.
func (w walker) refuseReferences(n *yaml.Node) {
	f := fault{"", "write the value out"}
	switch {
	case n.Kind == yaml.AliasNode:
		f.problem = "refers to another part of the file (*)"
	case n.Anchor != "":
		f.problem, f.remedy = "is named for reference (&)", "remove the & and the name"
	case n.Tag == "!!merge":
		f.problem = "merges another part of the file (<<)"
	}
	if f.problem != "" {
		w.c.mistake("", n.Line, "", f)
	}
	for _, below := range n.Content { // an alias has no Content: this ends
		w.refuseReferences(below)
	}
}

// remember notes where a value stands.
func (w walker) remember(n *yaml.Node, path string) {
	p := place{file: w.c.file, line: n.Line}
	if n.Kind == yaml.ScalarNode {
		p.text = telling(path, n.Value)
	}
	w.c.places[path] = p
}

func (w walker) mistake(n *yaml.Node, path string, f fault) {
	value := ""
	if n.Kind == yaml.ScalarNode {
		value = n.Value
	}
	w.c.mistake(path, n.Line, value, f)
}

// empty is true for a key without a value, for ~ and for null.
func empty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null" && n.Style&yaml.TaggedStyle == 0
}

func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a block of keys"
	case yaml.SequenceNode:
		return "a list"
	}
	return "a single value"
}

func tooMany(n int, tag reflect.StructTag) *fault {
	if most, _ := strconv.Atoi(tag.Get("max")); most > 0 && n > most {
		return &fault{fmt.Sprintf("has %d entries", n), fmt.Sprintf("keep %d at most", most)}
	}
	return nil
}
