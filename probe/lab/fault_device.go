//go:build linux

package lab

// Faults of the terminal itself.

// NoDefaultRoute takes the terminal's default route away.
func (w *World) NoDefaultRoute() (repair func()) {
	w.t.Helper()
	w.ip(Term, "route flush default")
	return func() { w.t.Helper(); w.addRoutes(Term) }
}

// NoAddress takes the terminal's address away, and with it every route.
func (w *World) NoAddress() (repair func()) {
	w.t.Helper()
	w.ip(Term, "addr flush dev eth0")
	return func() {
		w.t.Helper()
		w.ip(Term, "addr add "+TermAddr+"/24 dev eth0")
		w.addRoutes(Term)
	}
}

// LinkDown switches the terminal's interface off; its routes go with it.
func (w *World) LinkDown() (repair func()) {
	w.t.Helper()
	w.link(Term, "eth0", "down")
	return func() {
		w.t.Helper()
		w.link(Term, "eth0", "up")
		w.addRoutes(Term)
	}
}

// Firewall drops what the terminal itself sends to a target: a local rule. A datagram
// fails with EPERM; a TCP connection attempt looks like a silent network.
func (w *World) Firewall(to string) (repair func()) {
	w.t.Helper()
	return packets{At: Term, To: target(to)}.apply(w, "drop", "drop")
}

// addRoutes puts the routes of the plan back.
func (w *World) addRoutes(ns NS) {
	w.t.Helper()
	for _, r := range routes(ns, w.options) {
		w.ip(ns, "route replace "+r)
	}
}

// ip runs one line of ip(8) in a namespace.
func (w *World) ip(ns NS, line string) {
	w.t.Helper()
	if err := ipBatch(line+"\n", "-n", w.Name(ns)); err != nil {
		w.t.Fatalf("lab: %v", err)
	}
}

// link switches an interface "up" or "down".
func (w *World) link(ns NS, device, state string) {
	w.t.Helper()
	w.ip(ns, "link set "+device+" "+state)
}
