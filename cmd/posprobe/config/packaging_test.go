package config_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"posprobe/cmd/posprobe/config"
	"posprobe/report"
	"posprobe/report/render"
)

// packaged are the files as they are installed, which Commented writes.
var packaged = map[report.Lang]string{
	report.EN: "../../../packaging/posprobe.yaml",
	report.ZH: "../../../packaging/posprobe.zh.yaml",
}

// TestPackagedFilesAreGenerated: go test ./cmd/posprobe/config -update writes them.
func TestPackagedFilesAreGenerated(t *testing.T) {
	for lang, path := range packaged {
		got := config.Default().Commented(lang)
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s is not what the types say; go test ./cmd/posprobe/config -update writes it", path)
		}
	}
}

// The files as they are installed say what the defaults are, and ask for nothing but the
// address that nobody can know.
func TestPackagedFilesAsInstalled(t *testing.T) {
	for _, path := range packaged {
		c, err := config.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		all := c.Check()
		if len(all) != 1 || all[0].Key != "acquirer.endpoints" || !strings.Contains(all[0].Remedy, "--endpoint") {
			t.Errorf("%s: told: %v", path, all)
		}
		same(t, path, c, config.Default())
	}
}

// same fails where two configurations say different things.
func same(t *testing.T, name string, got, want *config.Config) {
	t.Helper()
	g, w := reflect.ValueOf(*got), reflect.ValueOf(*want)
	for i := range g.NumField() {
		f := g.Type().Field(i)
		if f.IsExported() && !reflect.DeepEqual(g.Field(i).Interface(), w.Field(i).Interface()) {
			t.Errorf("%s: %s is %+v, want %+v", name, f.Name, g.Field(i), w.Field(i))
		}
	}
}

// TestCommentedReadsBack: every file that is accepted says the same again when it is
// written with its comments, in both languages.
func TestCommentedReadsBack(t *testing.T) {
	files, err := filepath.Glob("testdata/good/*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		was, err := config.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		for lang := range packaged {
			text := was.Commented(lang)
			is, err := config.Parse(path, text)
			if err != nil {
				t.Fatalf("%s: %v\n%s", path, err, text)
			}
			same(t, path, is, was)
		}
	}
}

var behindSign = regexp.MustCompile(`(?m)^( *)#([^ \n])`)

// uncommented is a packaged file with every example in force.
func uncommented(t *testing.T, lang report.Lang) string {
	t.Helper()
	data, err := os.ReadFile(packaged[lang])
	if err != nil {
		t.Fatal(err)
	}
	return behindSign.ReplaceAllString(string(data), "$1$2")
}

// TestPackagedExamplesAreValid: with all examples in force that a protocol uses there is
// nothing to complain of.
func TestPackagedExamplesAreValid(t *testing.T) {
	for lang := range packaged {
		for _, protocol := range config.Protocols() {
			var root map[string]any
			if err := yaml.Unmarshal([]byte(strings.Replace(uncommented(t, lang), "protocol: none", "protocol: "+protocol, 1)), &root); err != nil {
				t.Fatal(err)
			}
			delete(root, "ship") // its one example cannot fit every destination
			adapt(root["acquirer"].(map[string]any)["sign_on"].(map[string]any), "acquirer.sign_on", protocol)
			text, err := yaml.Marshal(root)
			if err != nil {
				t.Fatal(err)
			}
			path := writeConfig(t, string(text))
			dir := filepath.Dir(path)
			keyPair(t, filepath.Join(dir, "posprobe.pem"), filepath.Join(dir, "posprobe.key"))
			keyPair(t, filepath.Join(dir, "acquirer-ca.pem"), filepath.Join(dir, "unused.key"))
			write(t, filepath.Join(dir, "gateway-headers.txt"), []byte("X-Gateway: till\n"))
			if got := complaints(t, path); got != "" {
				t.Errorf("protocol %s:\n%s\n%s", protocol, got, text)
			}
		}
	}
}

// adapt takes out what a protocol does not use, and gives it its own numbers.
func adapt(block map[string]any, path, protocol string) {
	for key, v := range block {
		at := path + "." + key
		if users := config.ProtocolsOf(at); len(users) > 0 && !slices.Contains(users, protocol) {
			delete(block, key)
		} else if below, is := v.(map[string]any); is {
			adapt(below, at, protocol)
		}
	}
	if path == "acquirer.sign_on" && strings.HasPrefix(protocol, "iso8583") {
		for _, numbers := range []string{"mti", "fields", "network_code"} {
			delete(block, numbers)
		}
	}
}

// TestShipExample: the example of a destination is one.
func TestShipExample(t *testing.T) {
	for lang := range packaged {
		var root map[string]any
		if err := yaml.Unmarshal([]byte(uncommented(t, lang)), &root); err != nil {
			t.Fatal(err)
		}
		ship := root["ship"].([]any)[0].(map[string]any)
		ship["terminal"] = "reference" // what its key is for
		text, err := yaml.Marshal(map[string]any{"ship": root["ship"], "acquirer": map[string]any{"endpoints": []any{map[string]any{"address": "203.0.113.20:5500"}}}})
		if err != nil {
			t.Fatal(err)
		}
		path := writeConfig(t, string(text))
		dir := filepath.Dir(path)
		keyPair(t, filepath.Join(dir, "posprobe.pem"), filepath.Join(dir, "posprobe.key"))
		keyPair(t, filepath.Join(dir, "support-ca.pem"), filepath.Join(dir, "unused.key"))
		write(t, filepath.Join(dir, "ship.token"), []byte("c2VjcmV0\n"))
		write(t, filepath.Join(dir, "proxy.credentials"), []byte("till:c2VjcmV0\n"))
		write(t, filepath.Join(dir, "reference.key"), []byte("0123456789abcdef"))
		if got := complaints(t, path); got != "" {
			t.Errorf("%s\n%s", got, text)
		}
	}
}

func TestPackagedFilesShowEveryKey(t *testing.T) {
	for lang := range packaged {
		var root map[string]any
		if err := yaml.Unmarshal([]byte(uncommented(t, lang)), &root); err != nil {
			t.Fatal(err)
		}
		shown := map[string]bool{}
		collect(root, "", shown)
		for _, key := range config.Keys() {
			if !shown[key] {
				t.Errorf("%s is not shown", key)
			}
		}
	}
	if len(config.Keys()) < 120 {
		t.Errorf("only %d keys", len(config.Keys()))
	}
}

func collect(v any, path string, shown map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for key, below := range v {
			at := strings.TrimPrefix(path+"."+key, ".")
			shown[at] = true
			collect(below, at, shown)
		}
	case []any:
		for _, below := range v {
			collect(below, path+"[]", shown)
		}
	}
}

// TestDocs: each key is explained in both languages, in the order of the types, and no
// line of a comment is too wide.
func TestDocs(t *testing.T) {
	if got, want := config.DocKeys(), config.Keys(); !slices.Equal(got, want) {
		for i := range max(len(got), len(want)) {
			if i >= len(got) || i >= len(want) || got[i] != want[i] {
				t.Fatalf("doc %d: %q, key %q", i, got[min(i, len(got)-1)], want[min(i, len(want)-1)])
			}
		}
	}
	for _, missing := range config.DocGaps() {
		t.Error(missing)
	}
	for lang := range packaged {
		for line := range strings.Lines(string(config.Default().Commented(lang))) {
			line = strings.TrimSuffix(line, "\n")
			if strings.HasPrefix(strings.TrimLeft(line, " "), "# ") && render.Columns(line) > 80 || strings.Contains(line, "  ") && !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "#  ") || strings.HasSuffix(line, " ") || !utf8.ValidString(line) {
				t.Errorf("%q", line)
			}
		}
	}
}
