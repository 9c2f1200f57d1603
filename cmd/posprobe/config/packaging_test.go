package config_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"posprobe/cmd/posprobe/config"
)

const packaged = "../../../packaging/posprobe.yaml"

// The file as it is installed says what the defaults are, and asks for nothing but the
// address that nobody can know.
func TestPackagedFileAsInstalled(t *testing.T) {
	c, err := config.Load(packaged)
	if err != nil {
		t.Fatal(err)
	}
	all := c.Check()
	if len(all) != 1 || all[0].Key != "acquirer.endpoints" || !strings.Contains(all[0].Remedy, "--endpoint") {
		t.Errorf("told: %v", all)
	}
	got, want := reflect.ValueOf(*c), reflect.ValueOf(*config.Default())
	for i := range got.NumField() {
		f := got.Type().Field(i)
		if f.IsExported() && !reflect.DeepEqual(got.Field(i).Interface(), want.Field(i).Interface()) {
			t.Errorf("%s: the file says %+v, the default is %+v", f.Name, got.Field(i), want.Field(i))
		}
	}
}

var example = regexp.MustCompile(`(?m)^( *)#([^ \n])`)

// uncommented is the packaged file with every example in force.
func uncommented(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(packaged)
	if err != nil {
		t.Fatal(err)
	}
	return example.ReplaceAllString(string(data), "$1$2")
}

func TestPackagedExamplesAreValid(t *testing.T) {
	text := uncommented(t)
	for _, protocol := range []string{"none", "unionpay", "tcp"} {
		path := writeConfig(t, strings.Replace(text, "protocol: none", "protocol: "+protocol, 1))
		dir := filepath.Dir(path)
		keyPair(t, filepath.Join(dir, "posprobe.pem"), filepath.Join(dir, "posprobe.key"))
		keyPair(t, filepath.Join(dir, "acquirer-ca.pem"), filepath.Join(dir, "unused.key"))
		if got := complaints(t, path); got != "" {
			t.Errorf("protocol %s:\n%s", protocol, got)
		}
	}
}

func TestPackagedFileShowsEveryKey(t *testing.T) {
	var root map[string]any
	if err := yaml.Unmarshal([]byte(uncommented(t)), &root); err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	collect(root, "", shown)
	for _, key := range config.Keys() {
		if !shown[key] {
			t.Errorf("%s is not shown", key)
		}
	}
	if len(config.Keys()) < 45 {
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
