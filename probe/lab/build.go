//go:build linux

package lab

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// buildTimeout bounds one build, on a slow machine with an empty cache.
const buildTimeout = 5 * time.Minute

// built holds one function per package that builds it at the first call.
var built sync.Map

// Build compiles a main package of this module, once per test process, and returns the
// path of the binary. Without Main the binaries stay until the next process that builds
// a world.
func Build(t testing.TB, pkg string) string {
	t.Helper()
	build, _ := built.LoadOrStore(pkg, sync.OnceValues(func() (string, error) { return build(pkg) }))
	binary, err := build.(func() (string, error))()
	if err != nil {
		t.Fatalf("lab: %v", err)
	}
	return binary
}

// Main runs the tests of a package and removes what Build has built: call it from
// TestMain.
func Main(m *testing.M) {
	code := m.Run()
	if dir, err := buildDir(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

func build(pkg string) (string, error) {
	sweepOnce()
	dir, err := buildDir()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	binary := filepath.Join(dir, path.Base(pkg))
	ctx, cancel := context.WithTimeout(context.Background(), buildTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "build", "-o", binary, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0") // as it is shipped
	cmd.WaitDelay = time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", pkg, err, out)
	}
	return binary, nil
}

// buildDir is where this process's binaries are; sweep knows the name.
func buildDir() (string, error) {
	me, err := self()
	return filepath.Join(os.TempDir(), me.name("build")), err
}
