//go:build unix

package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"posprobe/probe/signon/signontest"
)

// managerSocket is a service manager's socket (sd_notify(3)) and what it heard.
func managerSocket(t *testing.T, name string) (address string, heard *said) {
	t.Helper()
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	heard = &said{}
	go func() {
		buf := make([]byte, 4096)
		for {
			n, err := conn.Read(buf)
			if err != nil {
				return
			}
			fmt.Fprintf(heard, "%s\n", buf[:n])
		}
	}()
	return strings.Replace(name, "\x00", "@", 1), heard
}

// TestNotify: the daemon tells its service manager when it is ready, how it does, that it
// lives, and that it stops; in the file system's namespace and in the abstract one. A
// watchdog that is meant for another process is not its.
func TestNotify(t *testing.T) {
	abstract := fmt.Sprintf("\x00posprobe-test-%d", os.Getpid())
	for _, c := range []struct {
		name, socket, env string
		watched           bool
	}{
		{"path", filepath.Join(t.TempDir(), "notify"), "", true},
		{"abstract", abstract, "WATCHDOG_PID=$$", true},
		{"another's watchdog", abstract + "-2", "WATCHDOG_PID=1", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if runtime.GOOS != "linux" && c.socket[0] == 0 {
				t.Skip("NOT TESTED: abstract sockets are Linux's")
			}
			host := acquirer(t, signontest.Options{})
			file, _ := daemonSite(t, host.Addr(), "")
			address, heard := managerSocket(t, c.socket)
			a := startAgent(t, "", []string{"NOTIFY_SOCKET=" + address, "WATCHDOG_USEC=300000"},
				"sh", "-c", c.env+` exec "$@"`, "sh", hasty(t), "run", "--config", file)
			a.until("READY", func() bool { return strings.Contains(heard.String(), "READY=1\n") })
			a.until("STATUS", func() bool { return strings.Contains(heard.String(), "STATUS=healthy") })
			if c.watched {
				a.until("WATCHDOG", func() bool { return strings.Count(heard.String(), "WATCHDOG=1\n") > 1 })
			} else {
				a.rounds(3)
			}
			a.stop()
			if got := heard.String(); !strings.Contains(got, "STOPPING=1\n") || !c.watched && strings.Contains(got, "WATCHDOG") {
				t.Errorf("%s", got)
			}
		})
	}
}
