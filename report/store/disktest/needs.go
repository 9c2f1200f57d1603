// Package disktest gives tests disks of their own whose power can be cut, as httptest gives
// them servers: ext4 in files, on loop devices, in a mount namespace that ends with the
// test. It needs root and Linux, and is never linked into posprobe.
package disktest

import (
	"os"
	"testing"
)

// Needs ends a test for want of something, or fails it on a machine that is meant to have
// everything.
func Needs(t testing.TB, what string) {
	t.Helper()
	const variable = "POSPROBE_REQUIRE_LAB"
	if os.Getenv(variable) == "1" {
		t.Fatalf("%s, and %s=1", what, variable)
	}
	t.Skipf("NOT TESTED: %s (%s=1 makes this a failure)", what, variable)
}
