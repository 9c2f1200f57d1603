//go:build linux

package lab

import (
	"fmt"
	"net/netip"
	"strings"
)

// Nft applies an nft(8) script in a namespace, atomically.
func (w *World) Nft(ns NS, script string) {
	w.t.Helper()
	if err := w.nft(ns, script); err != nil {
		w.t.Fatalf("lab: %v", err)
	}
}

func (w *World) nft(ns NS, script string) error {
	return tool(script, "ip", "netns", "exec", w.Name(ns), "nft", "-f", "-")
}

// fault adds a table of its own with one chain per hook, and returns the function that
// removes it again.
func (w *World) fault(ns NS, chains ...string) (repair func()) {
	w.t.Helper()
	table := fmt.Sprintf("fault%d", w.faults.Add(1))
	// nft 1.0 wants each statement and each closing brace on a line of its own.
	w.Nft(ns, "table ip "+table+" {\n"+strings.Join(chains, "")+"}\n")
	return func() {
		w.t.Helper()
		w.Nft(ns, "delete table ip "+table+"\n")
	}
}

// chain is one chain of a fault's table: a hook and its priority, then rules.
func chain(hook string, priority int, rules ...string) string {
	return fmt.Sprintf("chain %s {\n type filter hook %s priority %d\n %s\n}\n",
		hook, hook, priority, strings.Join(rules, "\n "))
}

// passing is the hook at which a namespace sees packets that are not its own: a router
// forwards them, an end takes them in.
func passing(ns NS) string {
	if ns.isRouter() {
		return "forward"
	}
	return "input"
}

// towards matches packets to a target: "" everything, an address, or address:port (TCP).
func (w *World) towards(target string) string { w.t.Helper(); return w.match("d", target) }

// from matches packets that come from a target.
func (w *World) from(target string) string { w.t.Helper(); return w.match("s", target) }

func (w *World) match(side, target string) string {
	w.t.Helper()
	if target == "" {
		return ""
	}
	if a, err := netip.ParseAddr(target); err == nil {
		return fmt.Sprintf("ip %saddr %s ", side, a)
	}
	ap, err := netip.ParseAddrPort(target)
	if err != nil {
		w.t.Fatalf("lab: target %q: %v", target, err)
	}
	return fmt.Sprintf("ip %saddr %s tcp %sport %d ", side, ap.Addr(), side, ap.Port())
}
