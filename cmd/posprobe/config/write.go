package config

import (
	"encoding/hex"
	"fmt"
	"maps"
	"net/netip"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// written is a value as it is written in the file; flow mappings and lists stand on one
// line. It is the inverse of assign and of the walker.
func written(value any) string {
	switch x := value.(type) {
	case string:
		return writtenText(x)
	case bool:
		return strconv.FormatBool(x)
	case int:
		return strconv.Itoa(x)
	case Percent:
		return strconv.Itoa(int(x)) + "%"
	case Bytes:
		return writtenBytes(x)
	case []byte:
		return `"` + strings.ToUpper(hex.EncodeToString(x)) + `"`
	case time.Duration:
		return writtenDuration(x)
	case time.Time:
		return x.Format(time.RFC3339Nano)
	case netip.Prefix:
		return writtenText(x.String())
	case netip.AddrPort:
		return writtenText(x.String())
	}
	return writtenMany(reflect.ValueOf(value))
}

func writtenMany(v reflect.Value) string {
	var parts []string
	switch v.Kind() {
	case reflect.String: // a class
		return writtenText(v.String())
	case reflect.Slice:
		for i := range v.Len() {
			parts = append(parts, written(v.Index(i).Interface()))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case reflect.Map:
		entries := map[string]string{}
		for _, k := range v.MapKeys() {
			entries[written(k.Interface())] = written(v.MapIndex(k).Interface())
		}
		for _, k := range slices.Sorted(maps.Keys(entries)) {
			parts = append(parts, k+": "+entries[k])
		}
	case reflect.Struct:
		t := v.Type()
		for i := range t.NumField() {
			if f := v.Field(i); !f.IsZero() {
				parts = append(parts, t.Field(i).Tag.Get("yaml")+": "+written(f.Interface()))
			}
		}
	default:
		panic("config: no way to write " + v.Type().String()) // a new field's type, seen by every test
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// plainText is text that means itself in YAML without quotes, in flow style too.
var plainText = regexp.MustCompile(`^(?:[0-9]-)?[A-Za-z/](?:[A-Za-z0-9_./+=-]|:[A-Za-z0-9/]| [A-Za-z])*$`)

// notPlain are words that are no text in YAML 1.1 or 1.2 (core schema).
var notPlain = []string{"null", "true", "false", "yes", "no", "on", "off", "y", "n"}

// writtenText quotes what needs it. Go's escapes for text in double quotes mean the same
// in YAML, as long as the text is UTF-8 (YAML 1.2.2 section 5.7).
func writtenText(s string) string {
	if plainText.MatchString(s) && !slices.Contains(notPlain, strings.ToLower(s)) {
		return s
	}
	return strconv.Quote(strings.ToValidUTF8(s, "?"))
}

// writtenDuration uses the largest unit of which it is a whole number.
func writtenDuration(d time.Duration) string {
	for _, u := range []struct {
		unit string
		size time.Duration
	}{{"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}, {"ms", time.Millisecond}} {
		if d != 0 && d%u.size == 0 {
			return fmt.Sprintf("%d%s", d/u.size, u.unit)
		}
	}
	return d.String()
}

func writtenBytes(b Bytes) string {
	for _, u := range amounts {
		if b%u.size == 0 {
			return fmt.Sprintf("%d%s", b/u.size, u.unit)
		}
	}
	return strconv.FormatFloat(float64(b)/1e3, 'f', -1, 64) + "kB"
}
