package config

import (
	"reflect"
	"strings"
)

func alphanumeric(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

// keysOf returns the keys of a struct in their order.
func keysOf(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// Keys returns the path of every key of the configuration in the order of the types,
// as in acquirer.endpoints[].address.
func Keys() []string { return keysBelow(reflect.TypeFor[Config](), "") }

func keysBelow(t reflect.Type, path string) []string {
	var keys []string
	for i := range t.NumField() {
		f := t.Field(i)
		key := f.Tag.Get("yaml")
		if key == "" {
			continue
		}
		key = path + key
		keys = append(keys, key)
		below := f.Type
		if below.Kind() == reflect.Slice && !scalar(below) {
			below, key = below.Elem(), key+"[]"
		}
		if below.Kind() == reflect.Pointer {
			below = below.Elem()
		}
		if below.Kind() == reflect.Struct && !scalar(below) {
			keys = append(keys, keysBelow(below, key+".")...)
		}
	}
	return keys
}

// suggestion is the remedy for an unknown key below path, where known are the keys
// that can stand there: a key written almost like it, else a key of that name that
// belongs elsewhere, else the list.
func suggestion(key, path string, known []string) string {
	if len(key) <= 32 { // no key is longer than half of that
		best, least := "", 1+len(key)/3
		for _, k := range known {
			if d := distance(plain(key), plain(k)); d < least {
				best, least = k, d
			}
		}
		if best != "" {
			return "did you mean " + best + "?"
		}
		for _, k := range Keys() {
			if _, last, _ := cutLast(k, "."); last == plainKey(key) {
				return "it belongs below " + strings.TrimSuffix(k, "."+last)
			}
		}
	}
	if path == "" {
		path = "the top level"
	}
	return "remove it; the keys of " + clean(path) + " are " + listed(known, "and")
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return "", s, false
}

func plainKey(s string) string { return strings.ReplaceAll(strings.ToLower(s), "-", "_") }

// plain takes off what people write differently without meaning another key.
func plain(s string) string { return strings.ReplaceAll(plainKey(s), "_", "") }

// distance is the number of insertions, deletions and substitutions of characters
// between two words (Levenshtein).
func distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range to {
			cost := 1
			if r == s {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(to)]
}
