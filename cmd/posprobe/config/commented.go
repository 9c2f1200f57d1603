package config

import (
	"reflect"
	"strings"

	"posprobe/report"
	"posprobe/report/render"
)

// Commented returns c as a configuration file in which every key is explained in a
// language: what it is for, how it is written, its range and its default. Keys that c
// gives a value of its own, and those with a default, are in force; the others are
// examples behind a "#". Parse reads c from it again.
func (c *Config) Commented(lang report.Lang) []byte {
	w := &fileWriter{lang: lang}
	w.comment(0, preamble.In(lang))
	if len(c.Acquirer.Endpoints) == 0 {
		w.line(0, "#")
		w.comment(0, noHostYet.In(lang))
	}
	w.line(0, "#")
	w.comment(0, afterChange.In(lang))
	w.line(0, "#\n#     posprobe config check\n#")
	w.comment(0, rules.In(lang))
	w.structure(reflectConfig(c), reflectConfig(Default()), "", 0, explained)
	return []byte(w.b.String())
}

var (
	preamble = report.Text{
		ZH: `posprobe：一台支付终端的配置。每一项都在这里，附单位、范围和缺省值。"#" 加空格开头的行是说明；"#" 后直接跟着键的行是示例：去掉 "#"，写上自己的值。没写的项用缺省值。`,
		EN: `posprobe: configuration of one payment terminal. Every key is here, with its unit, its range and its default. A line that begins with "#" and a space explains; one that begins with "#" and a key is an example: take the "#" away and write your own value. What is left out has its default.`,
	}
	noHostYet = report.Text{
		ZH: "现在这个文件里没有主机地址，posprobe 会指出这一点并停止。最少要在 endpoints 下面写一个地址。",
		EN: "As it stands this file names no host, and posprobe says so and stops. The least that it needs is one address below endpoints.",
	}
	afterChange = report.Text{
		ZH: "每次修改之后运行下面的命令，它指出每一处错误在哪一行、应该怎么写：",
		EN: "After every change this command tells each mistake with its line and what to write instead:",
	}
	rules = report.Text{
		ZH: "只用空格缩进，不用制表符。文件为 UTF-8 编码，最大 256 KiB。密码和密钥不写在这里：这里只写存放它们的文件名；不以 / 开头的文件名从本文件所在目录算起。",
		EN: "Indent with spaces, never with tabs. The file is UTF-8, at most 256 KiB. Passwords and keys do not belong in it: it names the files that hold them; a name that does not begin with / starts from this file's folder.",
	}
)

// A mode is how much of a key is written.
type mode int

const (
	explained mode = iota // comment, and value or example
	example               // the same, behind a "#" because what it stands in is
	bare                  // values alone, as in the second item of a list
)

// fileWidth is the longest line of a comment, in columns.
const fileWidth = 80

type fileWriter struct {
	b    strings.Builder
	lang report.Lang
	// dash is true while the next key is the first of a list's item; depth is the indent
	// of the last key.
	dash  bool
	depth int
}

// structure writes the keys of a struct; usual is the same struct with its defaults.
func (w *fileWriter) structure(v, usual reflect.Value, path string, indent int, m mode) {
	t := v.Type()
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); key != "" {
			w.key(key, strings.TrimPrefix(path+"."+key, "."), t.Field(i), v.Field(i), usual.Field(i), indent, m)
		}
	}
}

func (w *fileWriter) key(key, path string, f reflect.StructField, v, usual reflect.Value, indent int, m mode) {
	d := docOf(path)
	t := f.Type
	isOwn := !reflect.DeepEqual(v.Interface(), usual.Interface())
	w.explain(path, d, f, indent, m)
	switch {
	case scalar(t), t.Kind() == reflect.Map, t.Kind() == reflect.Slice && scalar(t.Elem()), d.example != "":
		w.value(key, d, f, v, isOwn, indent, m)
	case t.Kind() == reflect.Struct:
		if m != bare || isOwn {
			w.put(indent, m == example, key+":")
			w.structure(v, usual, path, indent+1, m)
		}
	case t.Kind() == reflect.Pointer:
		fresh := reflect.New(t.Elem())
		setDefaults(fresh.Elem())
		if isOwn {
			w.put(indent, false, key+":")
			w.structure(v.Elem(), fresh.Elem(), path, indent+1, m)
		} else if m != bare {
			w.put(indent, true, key+":")
			w.structure(fresh.Elem(), fresh.Elem(), path, indent+1, example)
		}
	default:
		w.items(key, path, v, indent, m)
	}
}

// items writes a list of blocks: the first one explains its keys; an example stands for
// an empty list.
func (w *fileWriter) items(key, path string, v reflect.Value, indent int, m mode) {
	if m == bare && v.Len() == 0 {
		return
	}
	w.put(indent, m == example, key+":")
	fresh := reflect.New(v.Type().Elem()).Elem()
	setDefaults(fresh)
	if v.Len() == 0 {
		w.dash = true
		w.structure(fresh, fresh, path+"[]", indent+2, example)
	}
	for i := range v.Len() {
		w.dash = true
		w.structure(v.Index(i), fresh, path+"[]", indent+2, m)
		m = bare
	}
}

// value writes a key with its value on its line, or the list of its flow mappings.
func (w *fileWriter) value(key string, d *doc, f reflect.StructField, v reflect.Value, isOwn bool, indent int, m mode) {
	usual, has := f.Tag.Lookup("default")
	if f.Type.Kind() == reflect.String {
		usual = writtenText(usual)
	}
	switch {
	case isOwn && f.Type.Kind() == reflect.Slice && strings.HasPrefix(d.example, "- "):
		w.put(indent, false, key+":")
		for i := range v.Len() {
			w.put(indent+1, false, "- "+written(v.Index(i).Interface()))
		}
	case isOwn:
		w.put(indent, false, key+": "+written(v.Interface()))
	case m == bare:
	case has && (m != example || d.example == ""):
		w.put(indent, m == example, key+": "+usual)
	case strings.HasPrefix(d.example, "- "):
		w.put(indent, true, key+":")
		for line := range strings.SplitSeq(d.example, "\n") {
			w.put(indent+1, true, line)
		}
	default:
		w.put(indent, true, key+": "+d.example)
	}
}

// explain writes the comment of a key, and those of the keys that its example shows.
func (w *fileWriter) explain(path string, d *doc, f reflect.StructField, indent int, m mode) {
	if m == bare {
		return
	}
	if w.dash {
		indent--
	}
	lines := w.comments(indent, w.sentence(d, f))
	if d.example != "" {
		below := f.Type
		if below.Kind() == reflect.Slice {
			below, path = below.Elem(), path+"[]"
		}
		if isBlock(f.Type) {
			for i := range below.NumField() {
				part := below.Field(i)
				key := part.Tag.Get("yaml")
				for j, line := range w.comments(indent+1, key+": "+w.sentence(docOf(path+"."+key), part)) {
					if j > 0 {
						line = "  " + line
					}
					lines = append(lines, line)
				}
			}
		}
	}
	isFirst := w.dash || w.depth < indent
	if indent == 0 || !isFirst && (len(lines) > 2 || isBlock(f.Type) || w.depth > indent) {
		w.line(0, "")
	}
	for _, line := range lines {
		w.line(indent, "# "+line)
	}
}

func (w *fileWriter) sentence(d *doc, f reflect.StructField) string {
	return strings.TrimSpace(d.text.In(w.lang) + report.Text{ZH: "", EN: " "}.In(w.lang) + facts(f, d, w.lang))
}

func (w *fileWriter) comment(indent int, text string) {
	for _, line := range w.comments(indent, text) {
		w.line(indent, "# "+line)
	}
}

func (w *fileWriter) comments(indent int, text string) []string {
	return render.Wrap(text, fileWidth-2*indent-len("# "))
}

// put writes a line of YAML, behind a "#" when off, after the dash where an item begins.
func (w *fileWriter) put(indent int, off bool, text string) {
	if w.dash {
		w.dash = false
		indent--
		text = "- " + text
	}
	if off {
		text = "#" + text
	}
	w.depth = indent
	w.line(indent, text)
}

// isBlock is true for what stands on several lines.
func isBlock(t reflect.Type) bool {
	if t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct && !scalar(t)
}

func (w *fileWriter) line(indent int, text string) {
	if text != "" {
		w.b.WriteString(strings.Repeat("  ", indent))
	}
	w.b.WriteString(text + "\n")
}
