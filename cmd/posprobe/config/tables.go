package config

import (
	"reflect"
	"strconv"
	"strings"

	"posprobe/report"
)

// A table is the grammar of a mapping whose keys the file's writer chooses.
type table struct {
	entries string                               // what stands in it
	remedy  string                               // for what is no mapping
	key     func(string) (reflect.Value, *fault) // reads a key
	tag     reflect.StructTag                    // the grammar of a value
}

// tables are the mappings of the configuration, by their types.
var tables = map[reflect.Type]table{
	reflect.TypeFor[map[string]report.Class](): {
		"response codes", `write "CODE": CLASS below it, as in "97": registration`,
		parseCode, reflect.StructTag(`oneof:"` + strings.Join(classWords(), "|") + `"`),
	},
	reflect.TypeFor[map[int]string](): {
		"fields", `write FIELD: "VALUE" below it, as in 3: "990000"`,
		parseField, `form:"text"`,
	},
}

func classWords() []string {
	var words []string
	for _, c := range report.Classes() {
		words = append(words, string(c))
	}
	return words
}

// parseCode holds a response code to ISO 8583 field 39: an2 since 1987, n3 in 1993.
func parseCode(s string) (reflect.Value, *fault) {
	if len(s) < 2 || len(s) > 3 || strings.ContainsFunc(s, func(r rune) bool { return !alphanumeric(r) }) {
		return reflect.Value{}, &fault{"is no response code", `write two letters or digits in quotes, as in "97", or the three digits of ISO 8583:1993`}
	}
	return reflect.ValueOf(s), nil
}

// parseField accepts the numbers of ISO 8583 fields; 1 is the bitmap. Package signon
// knows which of them may be sent.
func parseField(s string) (reflect.Value, *fault) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 2 || n > 128 || s != strconv.Itoa(n) {
		return reflect.Value{}, &fault{"is no field of ISO 8583", "write its number, from 2 to 128"}
	}
	return reflect.ValueOf(n), nil
}
