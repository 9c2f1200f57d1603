package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var builtHasty struct {
	sync.Once
	path string
	err  error
}

// hasty builds posprobe as it is released, but for a schedule sixty times as fast: a light
// interval of one minute, which is the least, becomes a second.
func hasty(t *testing.T) string {
	t.Helper()
	binary(t) // makes the directory, and removes it in the end
	builtHasty.Do(func() {
		var flags []byte
		if flags, builtHasty.err = os.ReadFile(filepath.Join("..", "..", ".ci", "flags")); builtHasty.err != nil {
			return
		}
		builtHasty.path = filepath.Join(built.dir, "posprobe-hasty")
		builtHasty.err = buildWith(builtHasty.path, slices.Concat(strings.Fields(string(flags)), raceFlags, []string{"-ldflags", "-s -w -X main.haste=60"}), raceEnv...)
	})
	if builtHasty.err != nil {
		t.Fatal(builtHasty.err)
	}
	return builtHasty.path
}

// until waits until a condition holds. The time is far more than it takes.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("a minute has passed without: %s", what)
		}
	}
}

// daemonSite writes a configuration for a daemon at the fastest schedule, and returns its
// path and that of the store. more is laid over it, as lines of YAML.
func daemonSite(t *testing.T, address, more string) (file, store string) {
	t.Helper()
	dir := t.TempDir()
	file, store = filepath.Join(dir, "posprobe.yaml"), filepath.Join(dir, "store")
	writeFile(t, file, daemonYAML(address, store, more))
	return file, store
}

func daemonYAML(address, store, more string) string {
	return `
terminal: {id: "` + testTerminal + `", merchant: "` + testMerchant + `"}
acquirer:
  zone: Asia/Shanghai
  endpoints: [{address: "` + address + `"}]
  sign_on: {protocol: unionpay, tpdu: "6000030000"}
limits: {reply: 2s, reply_warn: 1s, connect: 2s}
reports: {dir: "` + store + `", keep: 1MB}
` + more + `
schedule: {light: 1m, full: 1m, splay: 0s, data_per_day: 10GB}
`
}
