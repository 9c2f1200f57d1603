//go:build linux

package lab

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// requireVariable, set to 1, turns a missing laboratory from a skip into a failure, for
// machines that are meant to have one.
const requireVariable = "POSPROBE_REQUIRE_LAB"

// require ends the test unless this process may build worlds; tools are the programs
// needed besides ip and nft.
func require(t testing.TB, tools ...string) {
	t.Helper()
	missing := lacks(append([]string{"ip", "nft"}, tools...))
	if missing == "" {
		return
	}
	if os.Getenv(requireVariable) == "1" {
		t.Fatalf("lab: %s, and %s=1", missing, requireVariable)
	}
	t.Skipf("NOT TESTED, NO LABORATORY: %s (%s=1 makes this a failure)", missing, requireVariable)
}

// lacks says what this process lacks, "" when nothing.
func lacks(tools []string) string {
	var missing []string
	if os.Geteuid() != 0 {
		missing = append(missing, "not root")
	}
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			missing = append(missing, "no "+tool)
		}
	}
	if f, err := os.OpenFile(tunDevice, os.O_RDWR, 0); err != nil {
		missing = append(missing, fmt.Sprint(err))
	} else {
		f.Close()
	}
	return strings.Join(missing, ", ")
}
