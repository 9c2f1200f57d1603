//go:build linux

package lab

// Packets that vanish. A target is "" for everything, an address, or address:port.
// Each function returns the one that repairs the fault; a world that is removed needs
// no repair.

// DropForward drops what passes a namespace towards a target: a filter that says
// nothing, a route that leads nowhere.
func (w *World) DropForward(ns NS, to string) (repair func()) {
	w.t.Helper()
	return packets{At: ns, To: target(to)}.apply(w, "drop", "drop")
}

// DropReplies drops what comes back from a target: the way there works, the way back
// does not. At an end of the network it drops what that end itself sends.
func (w *World) DropReplies(ns NS, from string) (repair func()) {
	w.t.Helper()
	return packets{At: ns, From: target(from)}.apply(w, "drop", "drop")
}

// DropReplyData drops the data that comes back from a TCP target and passes its bare
// acknowledgements: a middlebox that answers for the host, or a fault that depends on
// size. To the terminal it looks like a host that took the request and says nothing.
func (w *World) DropReplyData(ns NS, from string) (repair func()) {
	w.t.Helper()
	return packets{At: ns, From: target(from), What: "replies"}.apply(w, "drop", "drop")
}

// LoseReplies loses a share, in percent, of what the provider sends towards the shop.
func (w *World) LoseReplies(percent float64) (repair func()) {
	w.t.Helper()
	c := w.Cable(Shop, ISP)
	c.SetLoss(ISP, percent)
	return func() { c.SetLoss(ISP, 0) }
}

// Cut drops everything between the shop and the world from this moment on, in both
// directions, without a word: the provider's network has stopped carrying.
func (w *World) Cut() (repair func()) {
	w.t.Helper()
	return w.DropForward(ISP, "")
}

// CutAfter waits until a program has said text (a host that reports that it has read
// the request, say) and cuts the network then.
func (w *World) CutAfter(p *Process, text string) (repair func()) {
	w.t.Helper()
	p.WaitFor(text)
	return w.Cut()
}
