//go:build linux

package lab

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) { Main(m) }

func TestWorldIsHealthy(t *testing.T) {
	t.Parallel()
	w, addr := shop(t, Options{})
	for _, ns := range []NS{DNS, Ref} {
		ln := w.Listen(ns, 80)
		serve(ln)
		wantOK(t, w, ln.Addr().String())
	}
	// Delays are never shorter than set: two links of 1 ms, there and back.
	if o := exchange(t, w, addr, generous); o.info.Min_rtt < 4000 {
		t.Errorf("smallest round trip %d µs, want at least 4000", o.info.Min_rtt)
	}
	run := func(argv ...string) string {
		t.Helper()
		r := w.Run(t.Context(), Term, argv...)
		if r.Exit != 0 {
			t.Fatalf("%v: %+v", argv, r)
		}
		return strings.TrimSpace(r.Stdout)
	}
	for what, got := range map[string][2]string{
		"links":       {run("ls", "-m", "/sys/class/net"), "eth0, lo"},
		"state":       {run("cat", "/sys/class/net/eth0/operstate"), "up"},
		"resolv.conf": {run("cat", "/etc/resolv.conf"), "nameserver " + DNSAddr},
		"hosts":       {run("cat", "/etc/hosts"), "127.0.0.1 localhost"},
		"congestion":  {run("cat", "/proc/sys/net/ipv4/tcp_congestion_control"), "reno"},
		"ping range":  {run("cat", "/proc/sys/net/ipv4/ping_group_range"), "0\t2147483647"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %q, want %q", what, got[0], got[1])
		}
	}
}

func TestWorldOptions(t *testing.T) {
	t.Parallel()
	w := New(t, Options{NAT: 1, Access: Quality{Delay: 20 * time.Millisecond}, LANDelay: -1, ClosedPing: true,
		Resolvers: []string{ShopAddr, RefAddr}, Hosts: []string{AcqAddr + " pos.acquirer.example"}})
	ln := w.Listen(Acq, 0)
	from := make(chan string, 1)
	go func() {
		if conn, err := ln.Accept(); err == nil {
			from <- conn.RemoteAddr().(*net.TCPAddr).IP.String()
			conn.Close()
		}
	}()
	began := time.Now()
	if _, err := dial(t, w, ln.Addr().String(), generous); err != nil {
		t.Fatal(err)
	}
	if d := time.Since(began); d < 40*time.Millisecond {
		t.Errorf("connected within %v, want at least 40ms", d)
	}
	if got := <-from; got != WANAddr {
		t.Errorf("the acquirer saw %s, want the shop's %s", got, WANAddr)
	}
	r := w.Run(t.Context(), Term, "cat", "/etc/resolv.conf", "/etc/hosts", "/proc/sys/net/ipv4/ping_group_range")
	want := "nameserver " + ShopAddr + "\nnameserver " + RefAddr + "\n127.0.0.1 localhost\n" + AcqAddr + " pos.acquirer.example\n1\t0\n"
	if r.Stdout != want {
		t.Errorf("got %q, want %q", r.Stdout, want)
	}
}

func TestWorldsStandSideBySide(t *testing.T) {
	t.Parallel()
	one, addr := shop(t, Options{})
	other := New(t, Options{})
	// The same address, and nobody listens there.
	if _, err := dial(t, other, addr, generous); err == nil {
		t.Error("one world's acquirer answered in the other")
	}
	other.Cut()
	wantOK(t, one, addr)
}

func TestWorldLeavesNothing(t *testing.T) {
	require(t)
	sweepOnce()
	if ln, err := net.Listen("tcp4", "127.0.0.1:0"); err == nil {
		ln.Close() // the runtime's poller opens files of its own, once
	}
	before := openFiles(t)
	var prefix string
	var asleep *Process
	t.Run("world", func(t *testing.T) {
		w, _ := shop(t, Options{})
		prefix = w.prefix
		asleep = w.Start(Term, "sh", "-c", "setsid sleep 1000 & echo ready; wait")
		asleep.WaitFor("ready")
	})
	left, _ := filepath.Glob(netnsDir + "/" + prefix + "*")
	files, _ := filepath.Glob(netnsEtcDir + "/" + prefix + "*")
	if left = append(left, files...); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if asleep.cmd.ProcessState == nil {
		t.Error("a program survived its world")
	}
	// A file in use is closed when its user notices, a moment later.
	after := openFiles(t)
	for end := time.Now().Add(generous); len(after) > len(before) && time.Now().Before(end); after = openFiles(t) {
		time.Sleep(10 * time.Millisecond)
	}
	if len(after) > len(before) {
		t.Errorf("files open after: %v, before: %v", after, before)
	}
}

// A connection whose peer's namespace is gone would wait for ever.
func TestListenClosesWhatItAccepted(t *testing.T) {
	t.Parallel()
	var accepted net.Conn
	t.Run("world", func(t *testing.T) {
		w := New(t, Options{})
		ln := w.Listen(Acq, 0)
		if _, err := dial(t, w, ln.Addr().String(), generous); err != nil {
			t.Fatal(err)
		}
		var err error
		if accepted, err = ln.Accept(); err != nil {
			t.Fatal(err)
		}
	})
	if accepted == nil {
		return // said already
	}
	if err := accepted.SetDeadline(time.Time{}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("still open: %v", err)
	}
}

// openFiles lists what this process holds open.
func openFiles(t *testing.T) []string {
	t.Helper()
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, l := range links {
		if file, err := os.Readlink(l); err == nil {
			files = append(files, file)
		}
	}
	return files
}
