//go:build linux

package lab

import (
	"fmt"
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
	return w.faultIn("inet", ns, chains...)
}

// faultIn is fault in a table of another family, as in "bridge" for the switch.
func (w *World) faultIn(family string, ns NS, chains ...string) (repair func()) {
	w.t.Helper()
	table := fmt.Sprintf("fault%d", w.faults.Add(1))
	// nft 1.0 wants each statement and each closing brace on a line of its own.
	w.Nft(ns, "table "+family+" "+table+" {\n"+strings.Join(chains, "")+"}\n")
	return func() {
		w.t.Helper()
		w.Nft(ns, "delete table "+family+" "+table+"\n")
	}
}

// chain is one chain of a fault's table: a hook and its priority, then rules.
func chain(hook string, priority int, rules ...string) string {
	return fmt.Sprintf("chain %s {\n type filter hook %s priority %d\n %s\n}\n",
		hook, hook, priority, strings.Join(rules, "\n "))
}
