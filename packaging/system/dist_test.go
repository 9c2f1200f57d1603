//go:build linux

package system

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// dist runs packaging/dist of a tree.
func dist(tree, out, version, archs, formats string) error {
	cmd := exec.Command(filepath.Join(tree, "packaging/dist"), out)
	cmd.Env = append(os.Environ(), "VERSION="+version, "ARCHS="+archs, "FORMATS="+formats)
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("packaging/dist: %w\n%s", err, tail(string(text)))
	}
	return nil
}

// TestReproducible: two builds of the same tree, in folders of different names and at
// different times, are the same byte for byte.
func TestReproducible(t *testing.T) {
	if !ready(t) {
		return
	}
	var outs [2]string
	for i, name := range []string{"a", "another-place"} {
		tree := filepath.Join(t.TempDir(), name)
		sh(t, "cp", "-a", moduleRoot, tree)
		outs[i] = t.TempDir()
		if err := dist(tree, outs[i], older, "armv7 amd64", "deb rpm apk ipk tar"); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(outs[0])
	if err != nil || len(files) < 13 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		a, errA := os.ReadFile(filepath.Join(outs[0], f.Name()))
		b, errB := os.ReadFile(filepath.Join(outs[1], f.Name()))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs: %v, %v", f.Name(), errA, errB)
		}
		if !strings.HasSuffix(f.Name(), "SUMS") {
			note(t, f.Name(), "%d bytes, the same twice", len(a))
		}
	}
}
