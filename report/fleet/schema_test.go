package fleet

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"posprobe/report"
)

var update = flag.Bool("update", false, "rewrite schema.json")

// schemaOf writes a type as JSON Schema (draft 2020-12). Every field is required: what is
// empty is written.
func schemaOf(t reflect.Type) map[string]any {
	switch t {
	case reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case reflect.TypeFor[Kind]():
		return map[string]any{"type": "string", "enum": anyOf(Kinds())}
	case reflect.TypeFor[report.Domain]():
		return map[string]any{"type": "string", "enum": anyOf(report.Domains())}
	}
	switch t.Kind() {
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem())}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	}
	properties, required := map[string]any{}, []any{}
	for _, f := range reflect.VisibleFields(t) {
		name := f.Tag.Get("json")
		properties[name] = schemaOf(f.Type)
		required = append(required, name)
	}
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

func anyOf[T ~string](words []T) (out []any) {
	for _, w := range words {
		out = append(out, string(w))
	}
	return out
}

// TestSchema keeps schema.json equal to the types, and a summary valid against it.
func TestSchema(t *testing.T) {
	s := schemaOf(reflect.TypeFor[Summary]())
	s["$schema"], s["title"] = "https://json-schema.org/draft/2020-12/schema", "posprobe fleet, schema 1"
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", " ")
	if err := enc.Encode(s); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("schema.json", b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if old, err := os.ReadFile("schema.json"); err != nil || !bytes.Equal(old, b.Bytes()) {
		t.Fatalf("schema.json is not that of the types: go test ./report/fleet -update (%v)", err)
	}
	doc, err := jsonschema.UnmarshalJSON(&b)
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
	f := New(Options{})
	bad, carrier := saved(t, "host-hung_application"), saved(t, "local-no_carrier")
	for _, w := range world(t, 20) {
		f.AddLine(w.line(t, bad, at0, 0), "")
	}
	f.AddLine(shop{name: "x"}.line(t, carrier, at0, 0), "")
	for _, v := range []Summary{New(Options{}).Summary(), f.Summary()} {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		valid := func(text string) error {
			instance, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			return schema.Validate(instance)
		}
		if err := valid(string(data)); err != nil {
			t.Error(err)
		}
		if valid(strings.Replace(string(data), `"groups":`, `"grops":`, 1)) == nil || strings.Contains(string(data), "null") {
			t.Errorf("the schema says no to nothing, or null: %s", data)
		}
	}
	if v := f.Summary(); len(v.Groups) == 0 || len(v.Shops) == 0 {
		t.Errorf("nothing to validate: %+v", v)
	}
}
