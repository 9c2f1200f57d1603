//go:build linux

package lab

// Faults of the terminal itself.

// NoDefaultRoute takes the terminal's default route away.
func (w *World) NoDefaultRoute() (repair func()) {
	w.t.Helper()
	w.ip(Term, "route del default")
	return func() { w.t.Helper(); w.ip(Term, "route add "+routes(Term, w.nat)[0]) }
}

// NoAddress takes the terminal's address away, and with it every route.
func (w *World) NoAddress() (repair func()) {
	w.t.Helper()
	w.ip(Term, "addr flush dev eth0")
	return func() {
		w.t.Helper()
		w.ip(Term, "addr add "+TermAddr+"/24 dev eth0")
		w.ip(Term, "route add "+routes(Term, w.nat)[0])
	}
}

// LinkDown switches the terminal's interface off; its routes go with it.
func (w *World) LinkDown() (repair func()) {
	w.t.Helper()
	w.link(Term, "eth0", "down")
	return func() {
		w.t.Helper()
		w.link(Term, "eth0", "up")
		w.ip(Term, "route replace "+routes(Term, w.nat)[0])
	}
}

// Firewall drops what the terminal itself sends to a target: a local rule. A datagram
// fails with EPERM; a TCP connection attempt looks like a silent network.
func (w *World) Firewall(to string) (repair func()) {
	w.t.Helper()
	return w.fault(Term, chain("output", 0, w.towards(to)+"drop"))
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
