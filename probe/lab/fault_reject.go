//go:build linux

package lab

// Packets that are answered by somebody who is not the host.

// Reject is how a packet is refused.
type Reject string

// The ways of refusing: ICMP destination unreachable with its codes (RFC 792, RFC 1122
// section 3.2.2.1, RFC 1812 section 5.2.7.1; RFC 4443 section 3.1 has fewer), and a TCP
// reset in the host's name.
const (
	RejectNet        Reject = "net"             // code 0
	RejectHost       Reject = "host"            // code 1
	RejectPort       Reject = "port"            // code 3
	RejectHostProhib Reject = "host_prohibited" // code 10
	RejectAdmin      Reject = "admin"           // code 13
	RejectReset      Reject = "reset"
)

// refusals are the ways of refusing in nft(8)'s words, for IPv4 and IPv6.
var refusals = map[Reject][2]string{
	RejectNet:        {"icmp type net-unreachable", "icmpv6 type no-route"},
	RejectHost:       {"icmp type host-unreachable", "icmpv6 type addr-unreachable"},
	RejectPort:       {"icmp type port-unreachable", "icmpv6 type port-unreachable"},
	RejectHostProhib: {"icmp type host-prohibited", "icmpv6 type admin-prohibited"},
	RejectAdmin:      {"icmp type admin-prohibited", "icmpv6 type admin-prohibited"},
	RejectReset:      {"tcp reset", "tcp reset"},
}

// refuse refuses the packets.
func (p packets) refuse(w *World, how Reject) (repair func()) {
	w.t.Helper()
	if how == RejectReset {
		p.Proto = "tcp"
	}
	words := refusals[how]
	return p.apply(w, "reject with "+words[0], "reject with "+words[1])
}

// RejectICMP refuses what passes a namespace towards a target: a router without a
// route, a firewall with manners. At an end of the network that end refuses for itself.
func (w *World) RejectICMP(ns NS, to string, how Reject) (repair func()) {
	w.t.Helper()
	return packets{At: ns, To: target(to)}.refuse(w, how)
}

// RSTOnData lets a connection to a target come about and resets it when the provider
// sees its first data: an inspecting middlebox that dislikes the request. The reset
// bears the host's address; the host never sees the data.
func (w *World) RSTOnData(to string) (repair func()) {
	w.t.Helper()
	return packets{At: ISP, To: target(to), What: "data"}.refuse(w, RejectReset)
}
