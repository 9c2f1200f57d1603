//go:build linux

package lab

// Faults of name resolution. A name server that answers wrongly is an Unbound with other
// zone lines; one that refuses connections is a namespace in which none runs; a slow one
// is Cable(Core, DNS).SetDelay.

// StaleResolver leaves the terminal with the name server of another network, which this
// one does not know and drops packets to.
func (w *World) StaleResolver() (repair func()) {
	w.t.Helper()
	dropped := w.DropForward(Shop, ElsewhereIP)
	w.SetResolvers(ElsewhereIP)
	return func() {
		w.t.Helper()
		w.SetResolvers(DNSAddr)
		dropped()
	}
}

// NoResolver empties the terminal's resolv.conf.
func (w *World) NoResolver() (repair func()) {
	w.t.Helper()
	w.SetResolvers()
	return func() { w.t.Helper(); w.SetResolvers(DNSAddr) }
}

// StaleHosts leaves an entry for name in the terminal's hosts file that points to where
// it used to be: an address of the acquirer's network that nobody has any more.
func (w *World) StaleHosts(name string) (repair func()) {
	w.t.Helper()
	w.SetHosts("10.77.3.99 " + name)
	return func() { w.t.Helper(); w.SetHosts() }
}

// SilentResolver drops what goes to the provider's name server on port 53, over UDP and
// TCP.
func (w *World) SilentResolver() (repair func()) {
	w.t.Helper()
	return w.fault(DNS, chain("input", 0, "meta l4proto { tcp, udp } th dport 53 drop"))
}

// NoTCPResolver drops only its TCP side, so that truncated answers cannot be fetched
// whole (RFC 7766).
func (w *World) NoTCPResolver() (repair func()) {
	w.t.Helper()
	return w.fault(DNS, chain("input", 0, "tcp dport 53 drop"))
}
