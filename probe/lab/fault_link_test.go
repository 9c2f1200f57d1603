//go:build linux

package lab

import (
	"strings"
	"syscall"
	"testing"
)

// terminal runs a program in the terminal and returns its output.
func terminal(t *testing.T, w *World, argv ...string) string {
	t.Helper()
	r := w.Run(t.Context(), Term, argv...)
	if r.Exit != 0 {
		t.Fatalf("%v: %+v", argv, r)
	}
	return strings.TrimSpace(r.Stdout)
}

func TestFaultCarrier(t *testing.T) {
	t.Parallel()
	w, addr := shop(t, Options{})
	changes := func() string { return terminal(t, w, "cat", "/sys/class/net/eth0/carrier_changes") }
	before := changes()
	w.Carrier(false)
	if got := terminal(t, w, "cat", "/sys/class/net/eth0/carrier", "/sys/class/net/eth0/operstate"); got != "0\ndown" {
		t.Errorf("carrier and state %q", got)
	}
	if changes() == before {
		t.Error("carrier_changes did not count")
	}
	if routes := terminal(t, w, "ip", "route"); !strings.Contains(routes, "default") || !strings.Contains(routes, "linkdown") {
		t.Errorf("the default route stays and is marked: %q", routes)
	}
	if state := w.Run(t.Context(), Shop, "cat", "/sys/class/net/lan/carrier").Stdout; state != "1\n" {
		t.Errorf("the shop's end sees carrier %q", state)
	}
	_, err := dial(t, w, addr, patience)
	if err == nil {
		t.Error("connected without a cable")
	}
	wantRepair(t, w, addr, func() { w.Carrier(true) })
}

func TestFaultGatewayDead(t *testing.T) {
	t.Parallel()
	w, addr := shop(t, Options{})
	repair := w.GatewayDead()
	seen, err := connectWitness(t, w, addr)
	wantErr(t, "connect", err, syscall.EHOSTUNREACH)
	if seen.offender != TermAddr {
		t.Errorf("the terminal itself must complain, got %+v", seen)
	}
	if got := terminal(t, w, "ip", "neigh", "show", ShopAddr); !strings.Contains(got, "FAILED") {
		t.Errorf("neighbour entry %q", got)
	}
	if got := terminal(t, w, "cat", "/sys/class/net/eth0/carrier"); got != "1" {
		t.Errorf("carrier %q", got)
	}
	wantRepair(t, w, addr, repair)
}
