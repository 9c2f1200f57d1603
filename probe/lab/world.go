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

// Options says how a world differs from the usual one: its zero value is a healthy shop
// without NAT, with a delay of 1 ms on each of the two links that a real shop has.
type Options struct {
	// Access is the quality of the link between shop and provider, LANDelay the one-way
	// delay between terminal and shop. A delay of 0 means 1 ms, negative means none. An
	// ICMP error or a reset that arrives within microseconds finds the socket still locked
	// by the system call that provoked it and is lost, which no real network does.
	Access   Quality
	LANDelay time.Duration
	// NAT is how often the terminal's address is translated: by the shop's router, and by
	// the provider too.
	NAT int
	// IPv6 gives the world IPv6 too; NoIPv4 leaves the terminal without IPv4.
	IPv6, NoIPv4 bool
	// DHCP: the terminal has address, route and resolvers from the shop's router.
	DHCP bool
	// Uplinks is 2 for a terminal with a second link, eth1, to Mobile.
	Uplinks int
	// Till, App and Away add those namespaces.
	Till, App, Away bool
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
	t          testing.TB
	options    Options
	prefix     string
	home       *os.File
	namespaces []NS
	ns         map[NS]*os.File
	cables     []*Cable
	// six: the world has IPv6.
	six bool
	// acquirer is the practice acquirer that was started last.
	acquirer *Process
	// leases hands out the terminal's address.
	leases *Process

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
	o = withDefaults(o)
	w := &World{
		t: t, options: o, prefix: me.name(fmt.Sprintf("%d-", worlds.Add(1))),
		namespaces: present(o), ns: map[NS]*os.File{},
	}
	t.Cleanup(w.remove)
	for _, step := range []func() error{w.addNamespaces, w.addCables, w.setSysctls, w.setAddresses, w.setNAT, w.setFiles} {
		if err := step(); err != nil {
			t.Fatalf("lab: %v", err)
		}
	}
	if o.IPv6 {
		w.IPv6()
	}
	if o.DHCP {
		w.serveLeases(ShopAddr)
		w.askForLease()
	}
	return w
}

func withDefaults(o Options) Options {
	for _, d := range []*time.Duration{&o.Access.Delay, &o.LANDelay} {
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

func (w *World) addNamespaces() error {
	home, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		return err
	}
	w.home = home
	var batch strings.Builder
	for _, ns := range w.namespaces {
		fmt.Fprintf(&batch, "netns add %s\n", w.Name(ns))
	}
	if err := ipBatch(batch.String()); err != nil {
		return err
	}
	for _, ns := range w.namespaces {
		f, err := os.Open(filepath.Join(netnsDir, w.Name(ns)))
		if err != nil {
			return err
		}
		w.ns[ns] = f
	}
	return nil
}

func (w *World) addCables() error {
	for _, l := range links {
		if w.ns[l.outer.ns] == nil || w.ns[l.inner.ns] == nil {
			continue
		}
		c, err := newCable(w, l)
		if err != nil {
			return fmt.Errorf("cable %s-%s: %w", l.outer.ns, l.inner.ns, err)
		}
		w.cables = append(w.cables, c)
	}
	return nil
}

// setSysctls makes fresh namespaces behave alike on every machine: one congestion
// control (a child namespace may not choose any), no IPv6 yet, and routers that answer
// every packet with an ICMP error instead of one a second (icmp(7)).
func (w *World) setSysctls() error {
	for _, ns := range w.namespaces {
		set := map[string]string{
			"ipv4/tcp_congestion_control": "reno",
			"ipv4/icmp_ratelimit":         "0",
		}
		if _, err := os.Stat("/proc/sys/net/ipv6"); err == nil {
			set["ipv6/conf/all/disable_ipv6"] = "1"
			set["ipv6/conf/default/disable_ipv6"] = "1"
			set["ipv6/icmp/ratelimit"] = "0"
		}
		if ns.isRouter() {
			set["ipv4/ip_forward"] = "1"
		}
		if ns == Term && !w.options.ClosedPing {
			set["ipv4/ping_group_range"] = "0 2147483647"
		}
		err := w.In(ns, func() error {
			for key, value := range set {
				if err := setSysctl(key, value); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sysctl writes one value below /proc/sys/net, which shows the namespace of the thread
// that opens it.
func (w *World) sysctl(ns NS, key, value string) error {
	return w.In(ns, func() error { return setSysctl(key, value) })
}

func setSysctl(key, value string) error {
	return os.WriteFile("/proc/sys/net/"+key, []byte(value), 0)
}

// Dir makes a directory that belongs to this world: it goes with it, or, when the
// process is killed, with the next sweep. Everybody may read it.
func (w *World) Dir() string {
	w.t.Helper()
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("%sfiles%d", w.prefix, w.faults.Add(1)))
	if err := os.Mkdir(dir, 0o755); err != nil {
		w.t.Fatalf("lab: %v", err)
	}
	w.t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
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
	for _, ns := range w.namespaces {
		names = append(names, w.Name(ns))
	}
	if err := removeNamespaces(names); err != nil {
		w.t.Errorf("lab: %v", err)
	}
}
