//go:build linux

package lab

import (
	"strings"
	"testing"
)

func TestDHCP(t *testing.T) {
	t.Parallel()
	w, _ := shop(t, Options{DHCP: true, NAT: 1, Resolvers: []string{DNSAddr, DNSAddr2}})
	if got := terminal(t, w, "ip", "-4", "addr", "show", "eth0"); !strings.Contains(got, TermAddr+"/24") || !strings.Contains(got, "dynamic") {
		t.Errorf("address: %s", got)
	}
	if got := terminal(t, w, "ip", "route", "show", "default"); !strings.Contains(got, "via "+ShopAddr) || !strings.Contains(got, "proto dhcp") {
		t.Errorf("route: %s", got)
	}
	if got := terminal(t, w, "cat", "/etc/resolv.conf"); got != "nameserver "+DNSAddr+"\nnameserver "+DNSAddr2 {
		t.Errorf("resolvers: %q", got)
	}
}

// Everything that a world can have.
func TestWholeWorld(t *testing.T) {
	t.Parallel()
	require(t, "busybox")
	w, _ := shop(t, Options{NAT: 2, Uplinks: 2, Till: true, App: true, Away: true, IPv6: true})
	for _, ns := range []NS{ISP, Core, Gate, Acq, DNS, Ref, Away, Till} {
		if got := w.Run(t.Context(), Term, "busybox", "ping", "-c1", "-W2", ns.Addr().String()); got.Exit != 0 {
			t.Errorf("%s: %s", ns, got.Stdout)
		}
		if got := w.Run(t.Context(), Term, "busybox", "ping", "-c1", "-W2", to6(ns.Addr())); got.Exit != 0 {
			t.Errorf("%s over IPv6: %s", ns, got.Stdout)
		}
	}
	if got := w.Run(t.Context(), Acq, "busybox", "ping", "-c1", "-W2", AppAddr); got.Exit != 0 {
		t.Errorf("the application: %s", got.Stdout)
	}
	if got := w.Run(t.Context(), Term, "busybox", "ping", "-c1", "-W2", "-I", "eth1", AcqAddr); got.Exit != 0 {
		t.Errorf("by the second uplink: %s", got.Stdout)
	}
}
