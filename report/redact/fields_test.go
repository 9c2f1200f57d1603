package redact

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"posprobe/report"
)

// texts returns the paths of all texts in a type: those of words of closed lists, which
// are types of their own with a list of their words, are false.
func texts(t reflect.Type, path string, out map[string]bool) {
	switch {
	case t == reflect.TypeFor[time.Time]():
		out[path] = false
		return
	case t.Kind() == reflect.String:
		// A code is a name of the catalogue's; it is no closed list for reports of later versions.
		out[path] = t == reflect.TypeFor[string]() || t == reflect.TypeFor[report.Code]()
		return
	}
	switch t.Kind() {
	case reflect.Pointer:
		texts(t.Elem(), path, out)
	case reflect.Slice:
		texts(t.Elem(), path+"[]", out)
	case reflect.Map:
		panic(path + ": a map has names that nobody chose")
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if !f.Anonymous && name != "" {
				texts(f.Type, strings.TrimPrefix(path+"."+name, "."), out)
			}
		}
	}
}

// TestFields: whoever adds a text to a report has to say what becomes of it when the
// report leaves the terminal.
func TestFields(t *testing.T) {
	all := map[string]bool{}
	texts(reflect.TypeFor[report.Report](), "", all)
	if len(all) < 100 {
		t.Fatalf("%d texts", len(all))
	}
	for _, path := range slices.Sorted(maps.Keys(all)) {
		if _, ok := table()[path]; all[path] && !ok {
			t.Errorf("%s is not in the table of fields.go: what becomes of it when it leaves the terminal?", path)
		}
	}
	for path := range table() {
		if _, ok := all[path]; !ok && !slices.Contains([]string{"at", "kind"}, path) {
			t.Errorf("%s is in the table and in no report", path)
		}
	}
	seen := map[string]bool{}
	for line := range strings.Lines(fields) {
		for _, path := range strings.Fields(line)[min(1, len(strings.Fields(line))):] {
			if seen[path] {
				t.Errorf("%s is in the table twice", path)
			}
			seen[path] = true
		}
	}
}

// plant puts a different text into every text of a value.
func plant(v reflect.Value, path string, text func(path string) string) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2026, 12, 1, 9, 30, 0, 0, time.UTC)))
		return
	case v.Type() == reflect.TypeFor[string]():
		v.SetString(text(path))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		plant(v.Elem(), path, text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		plant(v.Index(0), path+"[]", text)
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(v.Type()) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if !f.Anonymous && name != "" {
				plant(v.FieldByIndex(f.Index), strings.TrimPrefix(path+"."+name, "."), text)
			}
		}
	}
}

// TestPlanted: what stands in a field from outside does not leave, whichever it is.
func TestPlanted(t *testing.T) {
	secrets := []string{"4111111111111111", "00:11:22:33:44:55", "460001234567890", "99999906", "Lotus Cafe", "hunter2"}
	var r report.Report
	plant(reflect.ValueOf(&r).Elem(), "", func(path string) string {
		switch table()[path] {
		case keep:
			return "word"
		case own:
			return "99999906 at Lotus Cafe"
		}
		return "card 4111111111111111, from 00:11:22:33:44:55, 460001234567890/99999906 ssid Lotus Cafe password=hunter2"
	})
	line, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Redactor{Secrets: []string{"99999906", "lotus cafe"}}.Line(line)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range secrets {
		if !strings.Contains(string(line), s) {
			t.Errorf("%s was not planted", s)
		}
		if strings.Contains(string(out), s) {
			t.Errorf("%s left: …%s", s, around(out, s))
		}
	}
}

// TestWords: words of closed lists and of the catalogue are not text from outside, and
// stay what they are even where the table does not know their place.
func TestWords(t *testing.T) {
	s := scrubber{}
	for _, r := range report.Catalogue() {
		if c := string(r.Code); s.free(c) != c {
			t.Errorf("%q became %q", c, s.free(c))
		}
	}
	for _, f := range report.FailureTypes() {
		if w := string(f); s.free(w) != w {
			t.Errorf("%q became %q", w, s.free(w))
		}
	}
}
