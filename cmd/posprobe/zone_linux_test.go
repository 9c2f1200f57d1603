package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestNoZoneTable: on a terminal without a time zone table the usual zones work, and a
// mistake about others says why, and what to write.
func TestNoZoneTable(t *testing.T) {
	need(t, true)
	root := t.TempDir()
	program, err := os.ReadFile(binary(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "posprobe"), program, 0o700); err != nil {
		t.Fatal(err)
	}
	for zone, want := range map[string]string{
		"Asia/Shanghai": "no mistakes",
		"+05:30":        "no mistakes",
		"Europe/Berlin": `acquirer.zone: "Europe/Berlin": is not built in, and this terminal carries no time zone table (tzdata); write one of Asia/Chongqing, `,
	} {
		writeFile(t, filepath.Join(root, "posprobe.yaml"), "acquirer: {endpoints: [{address: 203.0.113.20:5500}], zone: '"+zone+"'}\n")
		cmd := exec.Command("/posprobe", "config", "check", "--config", "/posprobe.yaml")
		cmd.Path, cmd.Dir, cmd.Env = "/posprobe", "/", []string{}
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root}
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		cmd.Run()
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: %s", zone, out.String())
		}
	}
}
