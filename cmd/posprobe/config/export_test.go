package config

import "reflect"

// ProtocolsOf shows the tests which protocols use a key.
func ProtocolsOf(key string) []string { return protocolsOf(key) }

// DocKeys are the keys that are explained, in their order.
func DocKeys() []string {
	var keys []string
	for d := range docs {
		keys = append(keys, d.key)
	}
	return keys
}

// DocGaps are docs that lack a language, or an example where nothing else shows one.
func DocGaps() []string {
	var gaps []string
	for d := range docs {
		if d.text.ZH == "" || d.text.EN == "" || (d.otherwise.ZH == "") != (d.otherwise.EN == "") {
			gaps = append(gaps, d.key+" is not explained in both languages")
		}
	}
	for _, f := range forms {
		if (f.says.ZH == "") != (f.says.EN == "") {
			gaps = append(gaps, "form "+f.name+" is not explained in both languages")
		}
	}
	var walk func(reflect.Type, string, bool)
	walk = func(t reflect.Type, path string, shown bool) {
		for i := range t.NumField() {
			f := t.Field(i)
			key := f.Tag.Get("yaml")
			if key == "" {
				continue
			}
			at := path + key
			d := docOf(at)
			_, has := f.Tag.Lookup("default")
			if !isBlock(f.Type) {
				if !shown && !has && d.example == "" {
					gaps = append(gaps, at+" has neither a default nor an example")
				}
				continue
			}
			below, sep := f.Type, "."
			if k := below.Kind(); k == reflect.Slice || k == reflect.Pointer {
				below = below.Elem()
				if k == reflect.Slice {
					sep = "[]."
				}
			}
			walk(below, at+sep, shown || d.example != "")
		}
	}
	walk(reflect.TypeFor[Config](), "", false)
	return gaps
}
