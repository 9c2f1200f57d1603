//go:build linux

package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The directories of ip-netns(8): the namespaces, and the files that `ip netns exec`
// lays over those of /etc.
const (
	netnsDir    = "/run/netns"
	netnsEtcDir = "/etc/netns"
)

// setupTimeout bounds one run of ip or nft.
const setupTimeout = 20 * time.Second

// ipBatch gives lines to `ip -batch`; args stand before it.
func ipBatch(lines string, args ...string) error {
	return tool(lines, "ip", append(args, "-batch", "-")...)
}

// tool runs a program with the given input and gives its complaint as the error.
func tool(input, name string, args ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), setupTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdin = strings.NewReader(input)
	cmd.WaitDelay = 10 * time.Second // a busy machine
	var out limitedBuffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w: %s\n%s", name, strings.Join(args, " "), err, out.String(), input)
	}
	return nil
}

// removeNamespaces kills what still runs in the named namespaces and removes them with
// their files. Names that do not exist are no error.
func removeNamespaces(names []string) error {
	errs := []error{killInside(names)}
	for _, name := range names {
		if _, err := os.Stat(filepath.Join(netnsDir, name)); err == nil {
			errs = append(errs, tool("", "ip", "netns", "del", name))
		}
		errs = append(errs, os.RemoveAll(filepath.Join(netnsEtcDir, name)))
	}
	os.Remove(netnsEtcDir) // only when nobody else has files there
	return errors.Join(errs...)
}

// killInside kills every process whose network namespace is one of those named.
func killInside(names []string) error {
	inside := map[string]bool{}
	for _, name := range names {
		if info, err := os.Stat(filepath.Join(netnsDir, name)); err == nil {
			inside[fmt.Sprintf("net:[%d]", info.Sys().(*syscall.Stat_t).Ino)] = true
		}
	}
	if len(inside) == 0 {
		return nil
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return err
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		if ns, err := os.Readlink("/proc/" + e.Name() + "/ns/net"); err == nil && inside[ns] {
			// It may have ended by itself since.
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && err != syscall.ESRCH {
				return fmt.Errorf("kill %d: %w", pid, err)
			}
		}
	}
	return nil
}
