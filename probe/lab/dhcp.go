//go:build linux

package lab

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// leaseTime is how long the terminal may keep its address.
const leaseTime = "1h"

// serveLeases runs a real DHCP server in the shop's router, which gives the terminal its
// address and the named gateway ("" none).
func (w *World) serveLeases(gateway string) {
	w.t.Helper()
	require(w.t, "dnsmasq", "udhcpc")
	if w.leases != nil {
		w.leases.Stop()
	}
	dir := w.Dir()
	argv := []string{"dnsmasq", "--keep-in-foreground", "--log-facility=-", "--log-dhcp", "--conf-file=/dev/null", "--port=0", "--user=root",
		"--pid-file=", "--interface=lan", "--bind-interfaces", "--no-ping", "--dhcp-authoritative",
		"--dhcp-leasefile=" + filepath.Join(dir, "leases"),
		"--dhcp-range=" + TermAddr + "," + TermAddr + ",255.255.255.0," + leaseTime}
	if gateway == "" {
		argv = append(argv, "--dhcp-option=3") // no router (RFC 2132 section 3.5)
	} else {
		argv = append(argv, "--dhcp-option=3,"+gateway)
	}
	if len(w.options.Resolvers) > 0 {
		argv = append(argv, "--dhcp-option=6,"+strings.Join(w.options.Resolvers, ","))
	} else {
		argv = append(argv, "--dhcp-option=6")
	}
	w.leases = w.Start(Shop, argv...)
	w.leases.WaitFor("sockets bound exclusively to interface lan")
}

// askForLease runs the terminal's DHCP client until it has an address.
func (w *World) askForLease() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if r := w.Run(ctx, Term, w.leaseClient("-n", "-q")...); r.Exit != 0 {
		w.t.Fatalf("lab: no lease: %+v\n%s", r, w.leases.Output())
	}
}

// leaseClient is the command of a DHCP client on eth0, in the foreground.
func (w *World) leaseClient(flags ...string) []string {
	w.t.Helper()
	script := filepath.Join(w.Dir(), "lease")
	route := "default via $router proto dhcp dev $interface"
	if w.options.Uplinks > 1 {
		route += " metric 100"
	}
	// In place: /etc/resolv.conf is laid over from the namespace's own file.
	text := fmt.Sprintf(`#!/bin/sh
case $1 in
bound|renew)
	ip addr replace $ip/$mask dev $interface valid_lft $lease preferred_lft $lease
	[ -z "$router" ] || ip route replace %s
	: >/etc/resolv.conf
	for a in $dns; do echo "nameserver $a" >>/etc/resolv.conf; done
	;;
esac
`, route)
	if err := os.WriteFile(script, []byte(text), 0o755); err != nil {
		w.t.Fatalf("lab: %v", err)
	}
	return append([]string{"udhcpc", "-f", "-i", "eth0", "-s", script, "-t", "5", "-T", "1"}, flags...)
}
