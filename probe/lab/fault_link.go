//go:build linux

package lab

// Faults of the shop's own network.

// Carrier pulls the terminal's network cable, or puts it back.
func (w *World) Carrier(up bool) {
	w.t.Helper()
	if err := w.Cable(Term, LAN).SetCarrier(Term, up); err != nil {
		w.t.Fatalf("lab: %v", err)
	}
}

// GatewayDead makes the shop's router deaf towards the terminal: it answers no ARP and
// passes nothing on, while the terminal's carrier stays up, as behind a switch.
func (w *World) GatewayDead() (repair func()) {
	w.t.Helper()
	const table = "gatewaydead"
	w.Nft(Shop, "table arp "+table+" {\n"+chain("input", 0, "drop")+"}\n")
	deaf := w.fault(Shop, chain("prerouting", -300, "iifname lan drop"))
	w.ip(Term, "neigh flush dev eth0")
	return func() {
		w.t.Helper()
		deaf()
		w.Nft(Shop, "delete table arp "+table+"\n")
		w.ip(Term, "neigh flush dev eth0")
	}
}
