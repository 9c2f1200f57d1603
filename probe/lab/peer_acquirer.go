//go:build linux

package lab

import (
	"net/netip"
	"slices"
	"strings"
)

// AcquirerPort is the port of an Acquirer that is told no other.
const AcquirerPort = 5500

// Acquirer is the practice acquirer, running as a program of its own.
type Acquirer struct {
	*Process
	// Addr is the address:port on which it listens.
	Addr string
}

// Acquirer builds cmd/acquirersim and starts it in a namespace with the given flags. It
// listens on AcquirerPort of the namespace's address unless -listen says otherwise. It
// returns once the program says that it listens.
func (w *World) Acquirer(ns NS, args ...string) *Acquirer {
	w.t.Helper()
	if !slices.ContainsFunc(args, isListen) {
		args = append([]string{"-listen", netip.AddrPortFrom(ns.Addr(), AcquirerPort).String()}, args...)
	}
	p := w.Start(ns, append([]string{Build(w.t, "posprobe/cmd/acquirersim")}, args...)...)
	w.acquirer = p
	return &Acquirer{Process: p, Addr: p.WaitFor("listening on ")}
}

// isListen recognises the flag in each form that package flag accepts.
func isListen(arg string) bool {
	name, _, _ := strings.Cut(arg, "=")
	return name == "-listen" || name == "--listen"
}
