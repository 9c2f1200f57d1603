//go:build linux

package lab

// Packets that are answered by somebody who is not the host.

// Reject is how a packet is refused, in nft(8)'s words.
type Reject string

// The ways of refusing: ICMP destination unreachable with its codes (RFC 792, RFC 1122
// section 3.2.2.1, RFC 1812 section 5.2.7.1), and a TCP reset in the host's name.
const (
	RejectNet        Reject = "icmp type net-unreachable"  // code 0
	RejectHost       Reject = "icmp type host-unreachable" // code 1
	RejectPort       Reject = "icmp type port-unreachable" // code 3
	RejectHostProhib Reject = "icmp type host-prohibited"  // code 10
	RejectAdmin      Reject = "icmp type admin-prohibited" // code 13
	RejectReset      Reject = "tcp reset"
)

// RejectICMP refuses what passes a namespace towards a target: a router without a
// route, a firewall with manners. At an end of the network that end refuses for itself.
func (w *World) RejectICMP(ns NS, to string, how Reject) (repair func()) {
	w.t.Helper()
	match := w.towards(to)
	if how == RejectReset {
		match += "meta l4proto tcp "
	}
	return w.fault(ns, chain(passing(ns), 0, match+"reject with "+string(how)))
}

// RSTOnData lets a connection to a target come about and resets it when the provider
// sees its first data: an inspecting middlebox that dislikes the request. The reset
// bears the host's address; the host never sees the data.
func (w *World) RSTOnData(to string) (repair func()) {
	w.t.Helper()
	return w.fault(ISP, chain("forward", 0, w.towards(to)+"tcp flags & (syn|psh) == psh reject with tcp reset"))
}
