package config_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"posprobe/cmd/posprobe/config"
	"posprobe/probe/signon"
	"posprobe/report"
)

var update = flag.Bool("update", false, "rewrite the expected messages in testdata")

// complaints are all mistakes of a file, as `config check` tells them.
func complaints(t *testing.T, path string) string {
	t.Helper()
	c, err := config.Load(path)
	var mistakes config.Mistakes
	if err != nil && !errors.As(err, &mistakes) {
		t.Fatalf("Load: %v", err)
	}
	all := c.Check()
	if len(all) == 0 {
		return ""
	}
	return filepath.ToSlash(all.Error()) + "\n"
}

func TestWrongFilesAreRefusedWithTheirMessages(t *testing.T) {
	files, err := filepath.Glob("testdata/wrong/*.yaml")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d wrong files, %v", len(files), err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) {
			got := complaints(t, path)
			if got == "" {
				t.Fatal("the file was accepted")
			}
			golden := strings.TrimSuffix(path, ".yaml") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
			presentable(t, got)
		})
	}
}

// presentable fails for text that may not be printed.
func presentable(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("not UTF-8: %q", text)
	}
	for _, r := range text {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			t.Errorf("%q in %q", r, text)
			return
		}
	}
}

func TestGoodFilesAreAccepted(t *testing.T) {
	files, err := filepath.Glob("testdata/good/*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d good files, %v", len(files), err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) {
			if got := complaints(t, path); got != "" {
				t.Errorf("refused:\n%s", got)
			}
		})
	}
}

func TestTooLargeFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large.yaml")
	if err := os.WriteFile(path, bytes.Repeat([]byte("# more\n"), config.FileCap/7+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := complaints(t, path); !strings.Contains(got, "larger than 256 KiB") {
		t.Errorf("got %q", got)
	}
}

func TestUnreadableFileIsNoMistakeInIt(t *testing.T) {
	for _, path := range []string{filepath.Join(t.TempDir(), "none.yaml"), t.TempDir()} {
		c, err := config.Load(path)
		var mistakes config.Mistakes
		if c != nil || err == nil || errors.As(err, &mistakes) {
			t.Errorf("Load(%s) = %v, %v", path, c, err)
		}
	}
}

// TestWordsAreThoseOfTheDialects: what the file may say is what package signon knows.
func TestWordsAreThoseOfTheDialects(t *testing.T) {
	signOn := reflect.TypeFor[config.SignOn]()
	for name, want := range map[string][]string{"Protocol": signon.Protocols(), "Framing": signon.Framings(), "Encoding": signon.Encodings()} {
		f, _ := signOn.FieldByName(name)
		if got := strings.Split(f.Tag.Get("oneof"), "|"); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	for _, key := range config.Keys() {
		for _, p := range config.ProtocolsOf(key) {
			if !slices.Contains(signon.Protocols(), p) {
				t.Errorf("%s is for protocol %q, which is none", key, p)
			}
		}
	}
}

// TestDefaultLimits: what is waited for is what the rules were written for.
func TestDefaultLimits(t *testing.T) {
	if got := config.Default().Site(time.Now(), 0).Limits; got != report.DefaultLimits() {
		t.Errorf("%+v, want %+v", got, report.DefaultLimits())
	}
}

// What the code relies on when it reads the tags of a type, for every field there is.
func TestEveryFieldHasItsGrammar(t *testing.T) {
	var walk func(reflect.Type, string)
	walk = func(typ reflect.Type, path string) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			if !f.IsExported() {
				continue
			}
			key := f.Tag.Get("yaml")
			if key == "" {
				t.Errorf("%s.%s has no key", path, f.Name)
			}
			at, below := path+"."+key, f.Type
			if below.Kind() == reflect.Slice && below.Elem().Kind() != reflect.Uint8 {
				if f.Tag.Get("max") == "" {
					t.Errorf("%s has no longest length", at)
				}
				below = below.Elem()
			}
			if below.Kind() == reflect.Pointer {
				below = below.Elem()
			}
			switch {
			case below.Kind() == reflect.String && f.Tag.Get("form") == "" && f.Tag.Get("oneof") == "":
				t.Errorf("%s has no rule for its text", at)
			case (below.Kind() == reflect.Int || below.Kind() == reflect.Int64) && !strings.Contains(f.Tag.Get("range"), ","):
				t.Errorf("%s has no range", at)
			case below.Kind() == reflect.Struct && below.PkgPath() == reflect.TypeFor[config.Config]().PkgPath():
				walk(below, at)
			}
		}
	}
	walk(reflect.TypeFor[config.Config](), "")
}
