//go:build linux

package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Options says how a world differs from the usual one: its zero value is a healthy
// shop with a delay of 1 ms on each of the two links that a real shop has.
type Options struct {
	// Delay is the one-way delay between shop and provider, LANDelay the one between
	// terminal and shop. 0 means 1 ms, negative means none. An ICMP error or a reset
	// that arrives within microseconds finds the socket still locked by the system
	// call that provoked it and is lost, which no real network does.
	Delay, LANDelay time.Duration
	// NAT hides the terminal behind the shop's address.
	NAT bool
	// ClosedPing leaves net.ipv4.ping_group_range of the terminal as a new namespace
	// has it, so that unprivileged users may not ping.
	ClosedPing bool
	// Resolvers are the name servers in the terminal's resolv.conf; nil means DNSAddr.
	Resolvers []string
	// Hosts are lines for the terminal's hosts file besides the one for localhost.
	Hosts []string
}

// World is one laboratory. Its methods belong to the goroutine of the test that made
// it, as they end the test when the laboratory itself fails.
type World struct {
	t      testing.TB
	prefix string
	home   *os.File
	ns     map[NS]*os.File
	cables []*Cable
	nat    bool
	// acquirer is the practice acquirer that was started last.
	acquirer *Process

	faults atomic.Int64
}

// worlds counts the worlds of this process.
var worlds atomic.Int64

// New builds a world, which is removed when the test ends. Without the rights or the
// tools the test is skipped, or fails when POSPROBE_REQUIRE_LAB is 1.
func New(t testing.TB, o Options) *World {
	t.Helper()
	require(t)
	sweepOnce()
	me, err := self()
	if err != nil {
		t.Fatalf("lab: %v", err)
	}
	w := &World{t: t, prefix: me.name(fmt.Sprintf("%d-", worlds.Add(1))), ns: map[NS]*os.File{}, nat: o.NAT}
	t.Cleanup(w.remove)
	for _, step := range []func(Options) error{w.addNamespaces, w.addCables, w.setSysctls, w.setAddresses, w.setNAT, w.setFiles} {
		if err := step(withDefaults(o)); err != nil {
			t.Fatalf("lab: %v", err)
		}
	}
	return w
}

func withDefaults(o Options) Options {
	for _, d := range []*time.Duration{&o.Delay, &o.LANDelay} {
		if *d == 0 {
			*d = time.Millisecond
		}
		*d = max(*d, 0)
	}
	if o.Resolvers == nil {
		o.Resolvers = []string{DNSAddr}
	}
	return o
}

// Name returns the name of a namespace as ip(8) knows it.
func (w *World) Name(ns NS) string { return w.prefix + string(ns) }

func (w *World) addNamespaces(Options) error {
	home, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		return err
	}
	w.home = home
	var batch strings.Builder
	for _, ns := range namespaces {
		fmt.Fprintf(&batch, "netns add %s\n", w.Name(ns))
	}
	if err := ipBatch(batch.String()); err != nil {
		return err
	}
	for _, ns := range namespaces {
		f, err := os.Open(filepath.Join(netnsDir, w.Name(ns)))
		if err != nil {
			return err
		}
		w.ns[ns] = f
	}
	return nil
}

func (w *World) addCables(o Options) error {
	for _, l := range links {
		c, err := newCable(w, l)
		if err != nil {
			return fmt.Errorf("cable %s-%s: %w", l.outer.ns, l.inner.ns, err)
		}
		c.SetDelay(l.delay(o))
		w.cables = append(w.cables, c)
	}
	return nil
}

// setSysctls makes six fresh namespaces behave alike on every machine: one congestion
// control (a child namespace may not choose any), no IPv6 yet, and routers that answer
// every packet with an ICMP error instead of one a second (icmp(7)).
func (w *World) setSysctls(o Options) error {
	for _, ns := range namespaces {
		set := map[string]string{
			"ipv4/tcp_congestion_control": "reno",
			"ipv4/icmp_ratelimit":         "0",
		}
		if _, err := os.Stat("/proc/sys/net/ipv6"); err == nil {
			set["ipv6/conf/all/disable_ipv6"] = "1"
			set["ipv6/conf/default/disable_ipv6"] = "1"
		}
		if ns.isRouter() {
			set["ipv4/ip_forward"] = "1"
		}
		if ns == Term && !o.ClosedPing {
			set["ipv4/ping_group_range"] = "0 2147483647"
		}
		for key, value := range set {
			if err := w.sysctl(ns, key, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// sysctl writes one value below /proc/sys/net, which shows the namespace of the thread
// that opens it.
func (w *World) sysctl(ns NS, key, value string) error {
	return w.In(ns, func() error { return os.WriteFile("/proc/sys/net/"+key, []byte(value), 0) })
}

func (w *World) setAddresses(o Options) error {
	for _, ns := range namespaces {
		var batch strings.Builder
		batch.WriteString("link set lo up\n")
		for _, l := range links {
			for _, s := range []socket{l.outer, l.inner} {
				if s.ns == ns {
					fmt.Fprintf(&batch, "addr add %s dev %s\nlink set %s up\n", s.prefix, s.device, s.device)
				}
			}
		}
		for _, r := range routes(ns, o.NAT) {
			fmt.Fprintf(&batch, "route add %s\n", r)
		}
		if err := ipBatch(batch.String(), "-n", w.Name(ns)); err != nil {
			return err
		}
	}
	return nil
}

func (w *World) setNAT(o Options) error {
	if !o.NAT {
		return nil
	}
	return w.nft(Shop, "table ip nat {\n chain postrouting {\n  type nat hook postrouting priority 100\n  oifname wan masquerade\n }\n}\n")
}

// remove takes the world down. Programs and listeners have cleanups of their own, which
// ran before: a namespace lives as long as they do.
func (w *World) remove() {
	for _, c := range w.cables {
		c.close()
	}
	for _, f := range w.ns {
		f.Close()
	}
	if w.home != nil {
		w.home.Close()
	}
	var names []string
	for _, ns := range namespaces {
		names = append(names, w.Name(ns))
	}
	if err := removeNamespaces(names); err != nil {
		w.t.Errorf("lab: %v", err)
	}
}
