package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// words are the closed lists by type, for the schema's enumerations.
var words = map[reflect.Type][]any{}

func list[T ~string](values []T) {
	var out []any
	for _, v := range values {
		out = append(out, string(v))
	}
	words[reflect.TypeFor[T]()] = out
}

func init() {
	list(Triggers())
	list(Verdicts())
	list(Domains())
	list(Confidences())
	list(Plans())
	list(Parties())
	list(Kinds())
	list(Questions())
	list(Profiles())
	list(Steps())
	list(TaskKinds())
	list(Outcomes())
	list(Reasons())
	list(Operations())
	list(append(FailureTypes(), "")) // soft_error is "" where there was none
	list(LinkKinds())
	list(PingTargets())
	list(CertificateProblems())
	list(ClockSources())
	list(HopAnswers())
	list(EndingHows())
	list(Classes())
}

// schemaOf writes a type as JSON Schema (draft 2020-12). Every field is required: what
// is empty is written.
func schemaOf(t reflect.Type) map[string]any {
	if enum, ok := words[t]; ok {
		return map[string]any{"type": "string", "enum": enum}
	}
	switch t {
	case reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		s := schemaOf(t.Elem())
		if kind, ok := s["type"].(string); ok {
			s["type"] = []any{kind, "null"}
		}
		return s
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem())}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Struct:
		properties, required := map[string]any{}, []any{}
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Anonymous || name == "" {
				continue
			}
			properties[name] = schemaOf(f.Type)
			required = append(required, name)
		}
		return map[string]any{"type": "object", "properties": properties, "required": required}
	}
	panic("no schema for " + t.String())
}

// TestSchema keeps schema.json equal to the types, and every saved report valid
// against it.
func TestSchema(t *testing.T) {
	s := schemaOf(reflect.TypeFor[Report]())
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "posprobe report, schema 1"
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", " ")
	if err := enc.Encode(s); err != nil {
		t.Fatal(err)
	}
	golden(t, "schema.json", b.String())

	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(savedDir, "*.json"))
	if len(files) < 2*len(rowCases) {
		t.Fatalf("%d saved reports for %d rows", len(files), len(rowCases))
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(instance); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		// The schema can say no: the same report with a word of no list, and without a list.
		for _, spoil := range [][2]string{{`"verdict":"`, `"verdict":"x`}, {`"pings":`, `"pongs":`}} {
			broken, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.Replace(string(data), spoil[0], spoil[1], 1)))
			if err != nil {
				t.Fatal(err)
			}
			if schema.Validate(broken) == nil {
				t.Errorf("%s: valid although spoilt by %s", path, spoil[1])
			}
		}
	}
}
