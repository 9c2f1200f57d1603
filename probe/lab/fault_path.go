//go:build linux

package lab

import "fmt"

// Faults of the path between the shop and the acquirer.

// MTUHole narrows the link between shop and provider to mtu bytes and silences the
// routers' ICMP about it, so that senders never learn that their packets are too large
// (RFC 2923 section 2.1). Handshakes pass, anything larger than mtu vanishes.
func (w *World) MTUHole(mtu int) (repair func()) {
	w.t.Helper()
	w.setMiddleMTU(mtu)
	silent := chain("output", 0, "icmp type destination-unreachable drop")
	shop, isp := w.fault(Shop, silent), w.fault(ISP, silent)
	return func() {
		w.t.Helper()
		shop()
		isp()
		w.setMiddleMTU(1500)
		// What an end has learned about a path's MTU lives for ten minutes.
		w.ip(Term, "route flush cache")
		w.ip(Acq, "route flush cache")
	}
}

func (w *World) setMiddleMTU(mtu int) {
	w.t.Helper()
	w.ip(Shop, fmt.Sprintf("link set wan mtu %d", mtu))
	w.ip(ISP, fmt.Sprintf("link set shop mtu %d", mtu))
}

// SmallMTU narrows the same link and lets the routers say so: no fault, every PPPoE line
// is like that.
func (w *World) SmallMTU(mtu int) (repair func()) {
	w.t.Helper()
	w.setMiddleMTU(mtu)
	return func() { w.t.Helper(); w.setMiddleMTU(1500) }
}

// NoPing drops every echo request that reaches a namespace: no fault either, many
// networks do.
func (w *World) NoPing(ns NS) (repair func()) {
	w.t.Helper()
	return w.fault(ns, chain("prerouting", -300, "icmp type echo-request drop"))
}
